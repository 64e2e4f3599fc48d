"""What a request may ask, and the engine's values that it means."""

from __future__ import annotations

import base64
import binascii
import contextlib
import json
from collections.abc import Iterator, Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from search.api.problems import Refused
from search.engine import Cheaper, Filters, LoadedRevision, Options, Query
from search.engine.paths import cheaper_of, filters_of
from search.engine.query import MOST_COLOUR, Metric, Order
from search.engine.text import LONGEST_WORDS
from search.errors import CatalogueError, QueryError
from search.feedback.events import Action, Kind
from search.photos import Box

MOST = 100  # results in one answer
DEEPEST = 10_000  # results that can be paged to

_Name = Annotated[str, Field(max_length=200)]
_Amount = Annotated[
    str, Field(max_length=24, pattern=r"^\d{1,15}([.,]\d{1,4})?$", examples=["49.90"])
]


@contextlib.contextmanager
def _amounts() -> Iterator[None]:
    """Read amounts; one that is no price is the asker's mistake, not the catalogue's.

    :raises QueryError: an amount is none.
    """
    try:
        yield
    except CatalogueError as error:
        raise QueryError(str(error)) from error


class Named(BaseModel):
    """Which products may be answers, and how many and in which order they are given."""

    model_config = ConfigDict(extra="forbid")

    category: list[_Name] = Field([], description="may be repeated", max_length=50)
    brand: list[_Name] = Field([], description="may be repeated", max_length=50)
    colour: list[_Name] = Field([], description="may be repeated", max_length=50)
    words: str = Field("", max_length=LONGEST_WORDS, description="words that each must have")
    price_min: _Amount | None = None
    price_max: _Amount | None = None
    currency: str = Field(
        "",
        pattern="^([A-Za-z]{3})?$",
        description="of amounts; if empty, the catalogue's only one",
    )
    in_stock: bool = Field(True, description="false: what is sold out may be found too")
    k: int = Field(12, ge=1, le=MOST, description="how many products")
    order: Order = "similarity"
    cursor: str = Field("", max_length=200, description="`next` of the answer before, for more")
    session: str = Field(
        "",
        pattern=r"^([A-Za-z0-9_-]{8,64})?$",
        description="a random name of the visit, to tell what came of the search; see `events`",
    )

    def filters(self, loaded: LoadedRevision) -> Filters:
        """Read the filters.

        :raises QueryError: one of them cannot apply.
        """
        with _amounts():
            return filters_of(
                loaded.table,
                category=self.category or None,
                brand=self.brand or None,
                colour=self.colour or None,
                words=self.words or None,
                price_min=self.price_min,
                price_max=self.price_max,
                currency=self.currency,
                in_stock=self.in_stock,
            )

    def skipped(self) -> int:
        """Count the products that earlier pages had.

        :raises Refused: the cursor is none of ours.
        """
        if not self.cursor:
            return 0
        try:
            skipped = json.loads(base64.urlsafe_b64decode(self.cursor.encode()))["skip"]
        except (ValueError, KeyError, TypeError, binascii.Error):
            skipped = None
        if not isinstance(skipped, int) or isinstance(skipped, bool) or not 0 < skipped <= DEEPEST:
            raise Refused(422, "invalid-cursor", "This cursor is none of ours: leave it out.")
        return skipped

    def next(self, passed: int) -> str | None:
        """Give the cursor of the next page of `passed` products; None where this is the last."""
        seen = self.skipped() + self.k
        if seen >= passed or seen > DEEPEST:
            return None
        return base64.urlsafe_b64encode(json.dumps({"skip": seen}).encode()).decode()


class Narrowed(Named):
    """Which products may be answers to a query."""

    min_score: float | None = Field(None, ge=-1, le=1, description="the least cosine similarity")

    def options(self) -> Options:
        """Read how to answer: from the first product on, up to the last of this page."""
        return Options(k=self.skipped() + self.k, min_score=self.min_score, order=self.order)


class Similar(Narrowed):
    """What is like a query, whatever it costs."""

    metric: Metric = "cosine"
    colour_share: float = Field(0, ge=0, le=MOST_COLOUR, description="of colours in the score")
    liked: list[_Name] = Field([], description="products to be more like", max_length=50)
    disliked: list[_Name] = Field([], description="products to be less like", max_length=50)

    def options(self) -> Options:
        """Read how to answer."""
        plain = super().options()
        return Options(plain.k, self.metric, plain.min_score, plain.order, self.colour_share)


class LookAlikes(Narrowed):
    """What is like a query and costs less."""

    cheaper_than: _Amount | None = Field(None, description="the price to beat; else the product's")
    min_saving: float = Field(0, ge=0, le=1, description="the smallest saving, a share")

    def cheaper(self, loaded: LoadedRevision, filters: Filters) -> Cheaper | None:
        """Read what a look-alike may cost.

        :raises QueryError: an amount needs a currency to be named.
        """
        with _amounts():
            return cheaper_of(
                loaded.table,
                filters,
                cheaper=True,
                than=self.cheaper_than,
                min_saving=self.min_saving,
            )


class Happened(BaseModel):
    """What a customer did with a product that was shown."""

    model_config = ConfigDict(extra="forbid")

    kind: Kind
    product: str = Field(min_length=1, max_length=200)
    search: str | None = Field(
        None,
        pattern=r"^[A-Za-z0-9_-]{8,64}$",
        description="the header X-Search-Id of the answer that showed it",
    )


class Told(BaseModel):
    """What happened in a visit since it was told last."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "session": "gH3kq0aXw2",
                    "events": [{"kind": "click", "product": "P0059", "search": "Zk4n0Qw8rT1uB2cD"}],
                }
            ]
        },
    )

    session: str = Field(pattern=r"^[A-Za-z0-9_-]{8,64}$", description="random, of the visit")
    events: list[Happened] = Field(min_length=1, max_length=100)

    def actions(self) -> list[Action]:
        """Give them as the store takes them."""
        return [Action(e.kind, self.session, e.product, e.search) for e in self.events]


class Searched(Similar):
    """A search by photographs of one thing, or by a product."""

    product: _Name | None = Field(None, description="search by a product instead of photographs")
    crop: str | None = Field(
        None,
        pattern=r"^\s*[01]?\.?\d*\s*(,\s*[01]?\.?\d*\s*){3}$",
        max_length=60,
        description="part of the first photograph: left,top,right,bottom as shares",
        examples=["0.1,0,0.9,1"],
    )
    mode: Literal["similar", "cheaper"] = "similar"
    cheaper_than: _Amount | None = Field(None, description="with mode=cheaper: the price to beat")
    min_saving: float = Field(0, ge=0, le=1, description="with mode=cheaper: a share")

    def query(self, photographs: Sequence[bytes]) -> Query:
        """Read what is searched for.

        :raises QueryError: not either photographs or a product, or a crop without a photograph.
        """
        return Query(
            tuple(photographs),
            self.product,
            crop=self._box(),
            liked=tuple(self.liked),
            disliked=tuple(self.disliked),
        )

    def cheaper(self, loaded: LoadedRevision, filters: Filters) -> Cheaper | None:
        """Read what a look-alike may cost.

        :raises QueryError: a price or a saving without `mode=cheaper`, or a currency is needed.
        """
        with _amounts():
            return cheaper_of(
                loaded.table,
                filters,
                cheaper=self.mode == "cheaper",
                than=self.cheaper_than,
                min_saving=self.min_saving,
            )

    def _box(self) -> Box | None:
        if self.crop is None:
            return None
        try:
            left, top, right, bottom = (float(part) for part in self.crop.split(","))
        except ValueError:
            raise QueryError(
                f"“{self.crop}” is no crop: give left,top,right,bottom as shares of the photograph."
            ) from None
        return left, top, right, bottom
