"""Why how many products may be no answers, counted in Milvus as `ProductTable.candidates` does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from search.engine.filters import SAVES_TOO_LITTLE, Filters, Where
from search.engine.milvus.expressions import all_of, any_of, quoted
from search.engine.milvus.index import MilvusIndex
from search.engine.milvus.schema import NO_PRICE

_OPEN = Filters(in_stock=False, active=False)
_PRICED = f"price > {NO_PRICE}"


def counted(index: MilvusIndex, where: Where) -> Mapping[str, int]:
    """Count the groups that each condition takes away from those before it; see `Candidates`.

    :raises QueryError: see `MilvusIndex.condition`.
    :raises IndexUnavailable: Milvus does not answer.
    """
    hidden: dict[str, int] = {}
    before: str | None = None
    for reason, left in _steps(index, where):
        if reason and before is not None and left != before:
            count = index.groups(before) - index.groups(left)
            if count > 0:  # below 0 where something was published in between
                hidden[reason] = count
        before = left
    return hidden


def _steps(index: MilvusIndex, where: Where) -> Iterator[tuple[str, str]]:
    """Yield reasons, "" for what is no reason to name, and what each leaves, as an expression."""
    asked = where.filters
    chosen = replace(asked, price_min=None, price_max=None, in_stock=False, active=False)
    passing = Where(chosen)
    yield "", index.condition(passing)
    below = where.below
    if below is not None or (asked.price_min, asked.price_max) != (None, None):
        priced = replace(_OPEN, price_min=asked.price_min, price_max=asked.price_max)
        bounds = Where(replace(priced, currency=asked.currency), below)
        yield from _priced(index, index.condition(passing), bounds)
        passing = replace(
            passing,
            filters=replace(chosen, price_min=asked.price_min, price_max=asked.price_max),
            below=below,
        )
    if asked.active:
        passing = replace(passing, filters=replace(passing.filters, active=True))
        yield "withdrawn", index.condition(passing)
    if asked.in_stock:
        passing = replace(passing, filters=replace(passing.filters, in_stock=True))
        yield "out of stock", index.condition(passing)
    if where.types is None and not where.min_saving:
        return
    passing = replace(passing, without=where.without)
    yield "", index.condition(passing)
    if where.types is not None:
        passing = replace(passing, types=where.types)
        yield "of another or unsure type", index.condition(passing)
    if below is not None and where.min_saving:
        yield SAVES_TOO_LITTLE, index.condition(where)


def _priced(index: MilvusIndex, chosen: str, bounds: Where) -> Iterator[tuple[str, str]]:
    """Yield what the bounds leave where they can judge, then what has a price, then its currency.

    A bound cannot judge a product without a price or with one in another currency.
    """
    meant = bounds.below.currency if bounds.below else index.currency(bounds.filters.currency)
    within, elsewhere = index.condition(bounds), f"currency != {quoted(meant)}"
    yield "", all_of(chosen, any_of(elsewhere, f"price == {NO_PRICE}", within))
    yield "without a price", all_of(chosen, _PRICED, any_of(elsewhere, within))
    yield "in another currency", all_of(chosen, within)
