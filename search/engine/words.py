"""What is said of an answer in words: of each product found, and of the photograph."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from search.engine.bands import Bands
from search.engine.results import Hit
from search.engine.votes import Voters, type_of


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """What can be said of a query's answer; without bands nothing is said of the products found.

    `nearest` are the products nearest to the query, `types` what each of those is, by the positions
    that `nearest` has.
    """

    bands: Bands | None
    nearest: Voters
    types: Sequence[str]
    nothing_similar: bool = False
    looks_like: str | None = None

    def on(self, hits: Sequence[Hit]) -> list[Hit]:
        """Give the hits with their bands."""
        if self.bands is None:
            return list(hits)
        said = [
            self.bands.of_found(hit.score, type_of(hit.product), self.types, self.nearest)
            for hit in hits
        ]
        return [replace(hit, band=band) for hit, band in zip(hits, said, strict=True)]
