"""What is said of an answer in words: of each product found, and of the photograph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from search.engine.bands import Bands
from search.engine.results import Hit
from search.engine.votes import Voters


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """What can be said of a query's answer; without bands nothing is said of the products found.

    `asked` are the query's nearest products, `types` are what all products are, by their position.
    """

    bands: Bands | None
    asked: Voters
    types: Sequence[str]
    position: Mapping[str, int]
    nothing_similar: bool = False
    looks_like: str | None = None

    def on(self, hits: Sequence[Hit]) -> list[Hit]:
        """Give the hits with their bands."""
        if self.bands is None:
            return list(hits)
        said = [
            self.bands.said_of(
                hit.score, self.types[self.position[hit.product.id]], self.types, self.asked
            )
            for hit in hits
        ]
        return [replace(hit, band=band) for hit, band in zip(hits, said, strict=True)]
