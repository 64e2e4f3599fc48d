"""A search as values: the query, how to answer it, and what counts as cheaper."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from numbers import Real
from typing import Literal, get_args

import numpy as np

from search.catalogue import Product
from search.errors import QueryError
from search.money import format_price
from search.network.vectors import Feature
from search.photos import Box

PhotoSource = bytes | str | os.PathLike[str]
Metric = Literal["cosine", "euclidean", "manhattan", "chebyshev", "correlation"]
Order = Literal["similarity", "price", "saving"]
METRICS: tuple[Metric, ...] = get_args(Metric)
MOST_COLOUR = 0.3
ORDERS: tuple[Order, ...] = get_args(Order)
MOST_MONEY = 10**12
"""The highest price to beat, minor units: ten thousand million euros."""


@dataclass(frozen=True, slots=True)
class Price:
    """An amount in minor units (cents) of one currency, and where the search took it from.

    `source` is the id of the product whose price it is, or "typed".
    """

    amount: int
    currency: str
    source: str = "typed"

    @classmethod
    def of(cls, product: Product) -> Price | None:
        """Give a product's price, None where it has none."""
        if product.price is None:
            return None
        return cls(product.price, product.currency, product.id)

    def saving(self, product: Product) -> int | None:
        """Give what is saved by buying `product` instead, minor units; None across currencies."""
        if product.price is None or product.currency != self.currency:
            return None
        return self.amount - product.price


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched for: photographs of one thing, a product's id, or a unit feature (d,).

    A part of the first photograph can be searched by in two ways, as shares (left, top, right,
    bottom) of it: `crop` encodes the part afresh, `region` pools what the network saw there of the
    whole photograph, at once. Further photographs are other views of the same thing. `liked` and
    `disliked` are ids of products that the answer shall be more and less like.

    :raises QueryError: not exactly one of the three is given, or an option cannot apply to it.
    """

    photographs: tuple[PhotoSource, ...] = ()
    product: str | None = None
    feature: Feature | None = field(default=None, repr=False, compare=False)
    crop: Box | None = None
    region: Box | None = None
    liked: tuple[str, ...] = ()
    disliked: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what cannot be answered."""
        given = (bool(self.photographs), self.product is not None, self.feature is not None)
        if sum(given) != 1:
            raise QueryError("Give either a photograph or a product to search by.")
        if self.crop is not None and self.region is not None:
            raise QueryError("Give a crop or a region of the photograph, not both.")
        if not self.photographs and (self.crop or self.region):
            raise QueryError(
                "A crop is a part of a photograph; search by a photograph, or leave the crop out."
            )
        if both := sorted({*self.liked} & {*self.disliked}):
            raise QueryError(f"“{both[0]}” cannot be liked and disliked: take one of the two back.")

    @property
    def left_out(self) -> frozenset[str]:
        """The products that are no answer: the one searched by, and those disliked."""
        return frozenset({*self.disliked, *([] if self.product is None else [self.product])})

    @classmethod
    def by(
        cls,
        photo: PhotoSource | Sequence[PhotoSource] | None = None,
        *,
        product: str | None = None,
        crop: Box | None = None,
    ) -> Query:
        """Make a query of a photograph, of several of one thing, or of a product's id.

        :raises QueryError: as the class.
        """
        if photo is None:
            several: tuple[PhotoSource, ...] = ()
        elif isinstance(photo, bytes | str | os.PathLike):
            several = (photo,)
        else:
            several = tuple(photo)
        return cls(several, product, crop=crop)


@dataclass(frozen=True, slots=True)
class Options:
    """How to answer: how many products, by which metric, from which score on, in which order.

    `min_score` is a cosine similarity from -1 to 1; None lets every score through. Which products
    are shown is always decided by similarity, `order` only sorts them. `colour` is the share of the
    similarity that colours have, from 0 to `MOST_COLOUR`; the rest is the network's.

    :raises QueryError: a value is out of its range.
    """

    k: int = 12
    metric: Metric = "cosine"
    min_score: float | None = None
    order: Order = "similarity"
    colour: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what has no meaning, NaN too."""
        if isinstance(self.k, bool) or not isinstance(self.k, int | np.integer) or self.k < 1:
            raise QueryError(f"The number of results is a whole number, 1 or more, not {self.k!r}.")
        if self.metric not in METRICS:
            raise QueryError(
                f"There is no metric “{self.metric}”: choose one of {', '.join(METRICS)}."
            )
        if self.order not in ORDERS:
            raise QueryError(
                f"There is no order “{self.order}”: choose one of {', '.join(ORDERS)}."
            )
        if self.min_score is not None:
            check_score(self.min_score)
        if not isinstance(self.colour, Real) or not 0 <= self.colour <= MOST_COLOUR:
            raise QueryError(
                f"The share of colour is a number from 0 to {MOST_COLOUR}, not {self.colour!r}."
            )
        if self.colour and self.metric != "cosine":
            raise QueryError(
                "Colour is weighed beside the cosine alone: choose the metric cosine, or a share "
                "of colour of 0."
            )


@dataclass(frozen=True, slots=True)
class Cheaper:
    """Ask for cheaper look-alikes only: what costs less than `price`, strictly.

    Without a price, that of the query's product is meant, or of the photograph's closest match.
    `min_saving` is the smallest saving worth showing, a share of the price from 0 to 1. A
    look-alike's score is at least `floor`. None means that it is called of the same style, or where
    those are few of the same type (see `search.engine.look_alikes`), unless the options ask for a
    minimum score of their own.

    :raises QueryError: a value is out of its range.
    """

    price: Price | None = None
    min_saving: float = 0.0
    floor: float | None = None

    def __post_init__(self) -> None:
        """Refuse what has no meaning, NaN too."""
        if not isinstance(self.min_saving, Real) or not 0 <= self.min_saving <= 1:
            raise QueryError(
                f"The smallest saving is a share from 0 to 1, such as 0.3, not {self.min_saving!r}."
            )
        if self.floor is not None:
            check_score(self.floor)
        if self.price is not None and not 0 <= self.price.amount <= MOST_MONEY:
            most = format_price(MOST_MONEY, self.price.currency)
            raise QueryError(f"A price to beat is not below 0 and at most {most}.")


def check_score(score: float) -> None:
    """Refuse what is not a cosine similarity.

    :raises QueryError: it is not a number from -1 to 1.
    """
    if not isinstance(score, Real) or not -1 <= score <= 1:  # NaN is not either
        raise QueryError(f"A similarity is a number from -1 to 1, not {score!r}.")
