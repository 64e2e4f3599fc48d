"""What a product cost over time, as the revisions of its catalogue tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from search.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class PastPrice:
    """A price from a moment on: `at` is ISO 8601 UTC, `amount` minor units, None for no price.

    `actor` set it in revision `number`. Where what came before is not known in detail, the oldest
    has no moment, actor or revision.
    """

    amount: int | None
    currency: str
    at: str = ""
    actor: str = ""
    number: int = 0


def price_history(catalogue: Catalogue, product_id: str) -> tuple[PastPrice, ...]:
    """Give the prices a product had, oldest first, each only where it differs from the one before.

    Empty where no change of the product is known in detail.
    """
    prices: list[PastPrice] = []
    for revision, change in catalogue.product_history(product_id):
        if not prices and change.before is not None:
            prices.append(PastPrice(*_price(change.before)))
        if change.after is None:  # deleted; what it cost stays known
            continue
        amount, currency = _price(change.after)
        if not prices or (amount, currency) != (prices[-1].amount, prices[-1].currency):
            prices.append(PastPrice(amount, currency, revision.at, revision.actor, revision.number))
    return tuple(prices)


def _price(row: Mapping[str, object]) -> tuple[int | None, str]:
    amount = row.get("price")
    return (amount if isinstance(amount, int) else None), str(row.get("currency") or "")
