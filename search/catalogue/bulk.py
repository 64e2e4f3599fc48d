"""One change to many products: planned, to be looked at, and then made if nothing moved since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from search.catalogue.catalogue import Catalogue
from search.catalogue.models import LARGEST_NUMBER, Product, Status
from search.errors import CatalogueError
from search.plural import counted
from search.roles import Actor

LEAST, MOST = -90, 900  # per cent by which prices may change at once


@dataclass(frozen=True, slots=True)
class BulkEdit:
    """What to change: prices by so many per cent, the stock, the status; None leaves it."""

    percent: Decimal | None = None
    stock: int | None = None
    status: Status | None = None

    def applied_to(self, product: Product) -> Product:
        """Give a product after the change; one without a price keeps having none.

        A price is rounded half up to the currency's smallest unit.

        :raises CatalogueError: the per cent are out of bounds, or a number would be.
        """
        price = product.price
        if self.percent is not None:
            if not LEAST <= self.percent <= MOST:
                raise CatalogueError(
                    f"Prices change by {LEAST} to {MOST} per cent, not by {self.percent}."
                )
            if price is not None:
                changed = price * (100 + self.percent) / 100
                price = int(changed.to_integral_value(ROUND_HALF_UP))
        stock = product.stock if self.stock is None else self.stock
        if not 0 <= (stock or 0) <= LARGEST_NUMBER:
            raise CatalogueError(f"A stock is between 0 and {LARGEST_NUMBER}, not {stock}.")
        return replace(product, price=price, stock=stock, status=self.status or product.status)

    @property
    def words(self) -> str:
        """What is changed, for the list of revisions: “price +10 %, stock 0, withdrawn”."""
        parts = []
        if self.percent is not None:
            parts.append(f"price {self.percent:+f} %")
        if self.stock is not None:
            parts.append(f"stock {self.stock}")
        if self.status is not None:
            parts.append(self.status)
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class BulkPlan:
    """The dry run: each product that would differ, before and after, and how many would not."""

    edit: BulkEdit
    changes: tuple[tuple[Product, Product], ...]
    unchanged: int


def plan(products: Sequence[Product], edit: BulkEdit) -> BulkPlan:
    """Work out what a change would do; nothing is written.

    :raises CatalogueError: the change is not possible.
    """
    pairs = [(product, edit.applied_to(product)) for product in products]
    differing = tuple((before, after) for before, after in pairs if before != after)
    return BulkPlan(edit, differing, len(pairs) - len(differing))


def apply(catalogue: Catalogue, plan: BulkPlan, actor: Actor) -> int:
    """Make a planned change as one revision; return how many products it changed.

    :raises CatalogueError: a product is gone, or its price, stock or status are not any more what
        the plan showed; nothing is changed.
    """
    count = len(plan.changes)
    detail = f"{counted(count, 'product')}: {plan.edit.words}"
    with catalogue.change(actor, "bulk edit", detail) as change:
        for before, after in plan.changes:
            now = catalogue.product(before.id)
            if _facts(now) != _facts(before):
                raise CatalogueError(
                    f"{before.id} was changed meanwhile, so nothing was: look at the preview again."
                )
            change.update(before.id, price=after.price, stock=after.stock, status=after.status)
    return count


def _facts(product: Product) -> tuple[object, ...]:
    return product.price, product.currency, product.stock, product.status
