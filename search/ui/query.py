"""What is searched for: a product of the catalogue, or photographs somebody handed in."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from search.engine import query as engine
from search.photos import Box

MOST_VIEWS = 6  # photographs of one thing


@dataclass(frozen=True, slots=True)
class Picture:
    """A photograph somebody handed in; its bytes live in this session's memory only."""

    name: str
    data: bytes = field(repr=False)


WHOLE: Box = (0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class ProductQuery:
    """Search by a product of the catalogue."""

    product_id: str

    def to_engine(self) -> engine.Query:
        """Give the query in the engine's terms."""
        return engine.Query(product=self.product_id)


@dataclass(frozen=True, slots=True)
class PhotoQuery:
    """Search by photographs of one thing; `sample` names the bundled one, if it is one.

    `crop` is a part of the first. It is encoded afresh, or with `pooled` taken from what the
    network has seen of the whole. Its random `name` says in an address which query is meant.
    """

    pictures: tuple[Picture, ...]
    sample: str = ""
    crop: Box = WHOLE
    pooled: bool = False
    name: str = field(default_factory=lambda: secrets.token_urlsafe(12), compare=False, repr=False)

    def to_engine(self) -> engine.Query:
        """Give the query in the engine's terms."""
        photographs = tuple(picture.data for picture in self.pictures)
        part = None if self.crop == WHOLE else self.crop
        if self.pooled:
            return engine.Query(photographs, region=part)
        return engine.Query(photographs, crop=part)


Query = ProductQuery | PhotoQuery
