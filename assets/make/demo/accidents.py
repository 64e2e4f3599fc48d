"""What goes wrong in a real shop's list: sold out, withdrawn, without price, wrongly labelled."""

from __future__ import annotations

import random
from dataclasses import replace

from .assortment import KINDS
from .tables import Mislabelled, Product

CONFUSED = {
    "footwear": "bags",
    "tops": "bottoms",
    "outerwear": "tops",
    "bottoms": "outerwear",
    "dresses": "tops",
    "bags": "footwear",
    "hats": "footwear",
}
"""The category that a product is listed in by mistake."""

FIRST_PAGES = 60
"""Products wrongly listed come later than so many of that category."""


def mishaps(
    products: list[Product], planted: set[str], rng: random.Random
) -> tuple[list[Product], list[Mislabelled]]:
    """Sold-out, withdrawn, unpriced and mislabelled products."""
    free = [p.id for p in products if p.id not in planted]
    unpriced = set(rng.sample(free, 7))
    late = [p.id for p in _listed_late(products) if p.id in free and p.id not in unpriced]
    wrong = rng.sample(late, 6)
    sold_out = set(rng.sample([p.id for p in products if p.id not in wrong], 32))
    withdrawn = set(rng.sample([i for i in free if i not in sold_out and i not in wrong], 15))
    changed, mislabelled = [], []
    for product in products:
        if product.id in unpriced:
            product = replace(product, price=None)
        if product.id in sold_out:
            product = replace(product, stock=0)
        if product.id in withdrawn:
            product = replace(product, status="withdrawn", stock=0)
        if product.id in wrong:
            category = CONFUSED[product.category]
            kind = rng.choice([k.label for k in KINDS.values() if k.category == category])
            mislabelled.append(Mislabelled(product.id, category, product.category))
            brand_and_model = product.name.removeprefix(f"{product.brand} ").split(" ", 1)[0]
            product = replace(
                product,
                category=category,
                kind=kind,
                name=f"{product.brand} {brand_and_model}, {product.colour}",
            )
        changed.append(product)
    return changed, mislabelled


def _listed_late(products: list[Product]) -> list[Product]:
    """Those that stand beyond the first pages of the category they'd wrongly be listed in."""
    late = []
    for place, product in enumerate(products):
        wrong = CONFUSED[product.category]
        if sum(before.category == wrong for before in products[:place]) >= FIRST_PAGES:
            late.append(product)
    return late
