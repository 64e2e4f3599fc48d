"""One query's answers by two networks: what both find, and what the one ranks higher."""

from __future__ import annotations

from dataclasses import dataclass

from search.engine import Hit, SearchResult


@dataclass(frozen=True, slots=True)
class ComparedHit:
    """A product found, and its rank in the other answer; None where it is not in there."""

    hit: Hit
    elsewhere: int | None

    @property
    def moved(self) -> int | None:
        """By how many places it is higher here than there; None where it is not there."""
        return None if self.elsewhere is None else self.elsewhere - self.hit.rank


@dataclass(frozen=True, slots=True)
class Comparison:
    """The best of two answers by rank; `common` is how many products are shown in both."""

    first: tuple[ComparedHit, ...]
    second: tuple[ComparedHit, ...]
    common: int


def compare(first: SearchResult, second: SearchResult, shown: int) -> Comparison:
    """Set the `shown` best of two answers side by side; ranks are looked for in all of each."""
    ones, others = _best(first, second, shown), _best(second, first, shown)
    common = {each.hit.product.id for each in ones} & {each.hit.product.id for each in others}
    return Comparison(ones, others, len(common))


def _best(result: SearchResult, other: SearchResult, shown: int) -> tuple[ComparedHit, ...]:
    rank = {hit.product.id: hit.rank for hit in other.hits}
    ranked = sorted(result.hits, key=lambda hit: hit.rank)
    return tuple(ComparedHit(hit, rank.get(hit.product.id)) for hit in ranked[:shown])
