"""Invented events, to show what the real ones will tell; drawn from a seed, always the same."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from pathlib import Path

from search.catalogue import Product
from search.feedback.events import Action, Event, Search, Shown
from search.feedback.store import EventStore

_DAYS, _SEARCHES, _SHOWN = 28, 600, 12
_DAY = 86_400
# How often a customer looks at a position, falling as in the position-based click model (Craswell,
# Zoeter, Taylor and Ramsey, "An experimental comparison of click position-bias models", 2008).
_LOOKED = tuple(0.32 * 0.82**place for place in range(_SHOWN))


def sample_events(folder: Path, products: Sequence[Product]) -> EventStore:
    """Write invented events of these products into a folder of their own.

    :raises EventError: when it cannot be written.
    """
    store = EventStore(folder)
    chance, today = random.Random(0), time.time()
    sold = [product for product in products if product.active and product.in_stock]
    store.write(
        event
        for number in range(_SEARCHES if len(sold) > 1 else 0)
        for event in _visit(number, sold, chance, today)
    )
    return store


def _visit(
    number: int, sold: Sequence[Product], chance: random.Random, today: float
) -> list[Event]:
    at = today - chance.random() * _DAYS * _DAY
    asked, *found = chance.sample(sold, min(len(sold), _SHOWN + 1))
    cheaper = asked.price is not None and chance.random() < 0.3
    if cheaper:
        found = [p for p in found if p.currency == asked.currency and _saving(asked, p) > 0]
    shown = tuple(
        Shown(place, product.id, _saving(asked, product) if cheaper else None, product.currency)
        for place, product in enumerate(found, 1)
    )
    unlike = chance.random() < 0.06
    search = Search(
        id=f"sample-{number:06d}",
        session=f"visit-{number // 3:06d}",
        asked="product",
        mode="cheaper" if cheaper else "similar",
        nothing_similar=unlike,
        network="sample",
        shown=shown,
        product=asked.id,
        best=0.2 if unlike else 0.7,
        at=at,
    )
    actions = [
        Action(
            "cheaper" if cheaper else chance.choice(("click", "similar", "basket")),
            search.session,
            each.product,
            search.id,
            at + 5,
        )
        for each, looked in zip(shown, _LOOKED, strict=False)
        if chance.random() < looked
    ]
    return [search, *actions]


def _saving(asked: Product, found: Product) -> int:
    if asked.price is None or found.price is None:
        return 0
    return asked.price - found.price
