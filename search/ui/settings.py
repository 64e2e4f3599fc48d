"""How to search, as the sidebar and the mode switch say; also as parameters of an address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from search.catalogue.models import LARGEST_NUMBER
from search.engine.filters import Filters
from search.engine.query import (
    METRICS,
    MOST_COLOUR,
    MOST_MONEY,
    ORDERS,
    Cheaper,
    Metric,
    Options,
    Order,
    Price,
)
from search.engine.text import LONGEST_WORDS
from search.network.registry import NETWORKS

PAGE = 12
MOST_EXAMPLES = 20  # products liked, and as many disliked


@dataclass(frozen=True, slots=True)
class Range:
    """The whole numbers that a setting can have: what its widget offers and a link may name."""

    low: int
    high: int
    step: int = 1

    def within(self, value: float) -> int:
        """Give the number of the range that is nearest below, or the lowest for what is none."""
        if not value > self.low:  # a NaN is not either
            return self.low
        whole = value if isinstance(value, int) else round(min(value, float(self.high)))
        return self.low + (min(whole, self.high) - self.low) // self.step * self.step


RESULTS = Range(1, 48)
PER_CENT = Range(0, 100)
SAVINGS = Range(0, 90, 5)
COLOUR_SHARES = Range(0, round(100 * MOST_COLOUR))
MONEY = Range(0, LARGEST_NUMBER)
TO_BEAT = Range(0, MOST_MONEY)


class Mode(StrEnum):
    """What to look for."""

    SIMILAR = "similar"
    CHEAPER = "cheaper"


@dataclass(frozen=True, slots=True)
class Settings:
    """How to search. Prices are minor units; `min_saving` and the like are per cent.

    An empty `network` means the catalogue's own; `beside` is one to compare it with. `liked` and
    `disliked` are ids of products that the answer shall be more and less like. Numbers are brought
    into their range, whether a widget, a link or a stranger's client names them.
    """

    mode: Mode = Mode.SIMILAR
    k: int = PAGE
    categories: frozenset[str] = frozenset()
    brands: frozenset[str] = frozenset()
    colours: frozenset[str] = frozenset()
    price: tuple[int, int] | None = None
    currency: str = ""
    in_stock: bool = True
    active: bool = True
    metric: Metric = "cosine"
    network: str = ""
    beside: str = ""
    min_score: int = 0
    sort: Order = "similarity"
    to_beat: int | None = None
    min_saving: int = 0
    words: str = ""
    colour_share: int = 0
    liked: tuple[str, ...] = ()
    disliked: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name, allowed in _RANGES.items():
            if (value := getattr(self, name)) is not None:
                object.__setattr__(self, name, allowed.within(value))
        if self.price is not None:
            low, high = sorted(MONEY.within(end) for end in self.price)
            object.__setattr__(self, "price", (low, high))
        object.__setattr__(self, "words", self.words.strip()[:LONGEST_WORDS])
        liked = tuple(dict.fromkeys(self.liked))[:MOST_EXAMPLES]
        others = (id for id in dict.fromkeys(self.disliked) if id not in liked)
        object.__setattr__(self, "liked", liked)
        object.__setattr__(self, "disliked", tuple(others)[:MOST_EXAMPLES])

    def filters(self) -> Filters:
        """Give the filters in the engine's terms."""
        low, high = self.price or (None, None)
        return Filters(
            categories=self.categories,
            brands=self.brands,
            colours=self.colours,
            price_min=low,
            price_max=high,
            currency=self.currency,
            in_stock=self.in_stock,
            active=self.active,
            words=self.words,
        )

    def orders(self, *, priced: bool) -> tuple[Order, ...]:
        """Give the orders that apply; by saving only where there is a price to beat."""
        return ORDERS if priced else tuple(order for order in ORDERS if order != "saving")

    def order(self, *, priced: bool) -> Order:
        """Give the order chosen, as long as it applies."""
        return self.sort if self.sort in self.orders(priced=priced) else _DEFAULT.sort

    def options(self, *, priced: bool, more: int = 0) -> Options:
        """Give how to answer in the engine's terms, with so many more results.

        `priced` says whether there is a price to beat.
        """
        least = self.min_score / 100 if self.min_score else None
        colour = self.colour_share / 100 if self.metric == "cosine" else 0.0
        return Options(self.k + more, self.metric, least, self.order(priced=priced), colour)

    def cheaper(self, currency: str) -> Cheaper | None:
        """Give what counts as cheaper, a typed price in `currency`; None in the other mode."""
        if self.mode is not Mode.CHEAPER:
            return None
        price = None if self.to_beat is None else Price(self.to_beat, currency)
        return Cheaper(price, self.min_saving / 100)

    def unfiltered(self) -> Settings:
        """Take every filter off; what is asked, how it is ranked, and how many stay."""
        return Settings(**{name: getattr(self, name) for name in _NO_FILTERS})

    def to_params(self) -> dict[str, str | list[str]]:
        """Write what differs from the default as query parameters."""
        params: dict[str, str | list[str]] = {}
        for name in _NAMES:
            value = getattr(self, name)
            if value == getattr(_DEFAULT, name):
                continue
            if isinstance(value, frozenset):
                params[_PARAMS.get(name, name)] = sorted(value)
            elif name in _IDS:
                params[name] = list(value)
            elif isinstance(value, tuple):
                params[name] = "-".join(map(str, value))
            elif isinstance(value, bool):
                params[_PARAMS.get(name, name)] = "any"
            else:
                params[name] = str(value)
        return params

    @classmethod
    def from_params(cls, params: Mapping[str, Sequence[str]]) -> Settings:
        """Read query parameters; whatever is not understood is left at its default."""
        found: dict[str, Any] = {}
        for name in _NAMES:
            given = params.get(_PARAMS.get(name, name))
            if not given:
                continue
            try:
                found[name] = _READERS[name](given)
            except (ValueError, KeyError, StopIteration):
                continue
        return cls(**found)


_RANGES: Mapping[str, Range] = {
    "k": RESULTS,
    "min_score": PER_CENT,
    "to_beat": TO_BEAT,
    "min_saving": SAVINGS,
    "colour_share": COLOUR_SHARES,
}
_DEFAULT = Settings()
_NAMES = tuple(f.name for f in fields(Settings))
_IDS = ("liked", "disliked")
_NO_FILTERS = (
    *("mode", "k", "metric", "network", "beside", "sort", "currency", "to_beat"),
    *("colour_share", *_IDS),
)
_PARAMS = {
    "categories": "category",
    "brands": "brand",
    "colours": "colour",
    "in_stock": "stock",
    "active": "status",
}


def _whole(given: Sequence[str]) -> int:
    return int(given[-1])


def _price_range(given: Sequence[str]) -> tuple[int, int]:
    low, high = (int(part) for part in given[-1].split("-"))
    return low, high


def _chosen(given: Sequence[str]) -> frozenset[str]:
    return frozenset(filter(None, given))


def _ids(given: Sequence[str]) -> tuple[str, ...]:
    return tuple(filter(None, given))


def _any(given: Sequence[str]) -> bool:
    return given[-1] != "any"


def _metric(given: Sequence[str]) -> Metric:
    return next(metric for metric in METRICS if metric == given[-1])


def _order(given: Sequence[str]) -> Order:
    return next(order for order in ORDERS if order == given[-1])


_READERS: Mapping[str, Any] = {
    "mode": lambda given: Mode(given[-1]),
    "k": _whole,
    "categories": _chosen,
    "brands": _chosen,
    "colours": _chosen,
    "price": _price_range,
    "currency": lambda given: given[-1][:3].upper(),
    "in_stock": _any,
    "active": _any,
    "metric": _metric,
    "network": lambda given: NETWORKS[given[-1]].name,
    "beside": lambda given: NETWORKS[given[-1]].name,
    "min_score": _whole,
    "sort": _order,
    "to_beat": _whole,
    "min_saving": _whole,
    "words": lambda given: given[-1],
    "colour_share": _whole,
    "liked": _ids,
    "disliked": _ids,
}
