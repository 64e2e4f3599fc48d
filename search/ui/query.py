"""What is searched for: a product of the catalogue, or photographs somebody handed in."""

from __future__ import annotations

from dataclasses import dataclass, field

MOST_VIEWS = 6  # photographs of one thing


@dataclass(frozen=True, slots=True)
class Picture:
    """A photograph somebody handed in; its bytes live in this session's memory only."""

    name: str
    data: bytes = field(repr=False)


Box = tuple[float, float, float, float]
WHOLE: Box = (0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class ProductQuery:
    """Search by a product of the catalogue."""

    product_id: str


@dataclass(frozen=True, slots=True)
class PhotoQuery:
    """Search by photographs of one thing; `sample` names the bundled one, if it is one.

    `crop` is a part of the first. It is encoded afresh, or with `pooled` taken from what the
    network has seen of the whole.
    """

    pictures: tuple[Picture, ...]
    sample: str = ""
    crop: Box = WHOLE
    pooled: bool = False


Query = ProductQuery | PhotoQuery
