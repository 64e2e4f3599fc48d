"""What is told of a search and of what came of it: no photograph, no name, no address."""

from __future__ import annotations

import re
import secrets
import time
from dataclasses import dataclass, field
from typing import Literal, get_args

from search.engine import Cheaper, Listing, Query, SearchResult
from search.errors import EventError

Asked = Literal["photograph", "product", "words"]
Mode = Literal["similar", "cheaper"]
Kind = Literal["click", "similar", "cheaper", "like", "dislike", "basket"]
KINDS: tuple[Kind, ...] = get_args(Kind)
CHOSEN: tuple[Kind, ...] = ("click", "similar", "cheaper", "basket")
"""Actions by which a customer chooses a product."""

_TOKEN = re.compile(r"[A-Za-z0-9_-]{8,64}")
_LONGEST_ID = 200


@dataclass(frozen=True, slots=True)
class Shown:
    """A product that was shown: where, what it would have saved, and whose choice it was.

    `position` counts from 1 as it was shown. `saving` is in minor units of `currency`. `team` is
    the setting that put it there, "a" or "b" where two are compared, else empty.
    """

    position: int
    product: str
    saving: int | None = None
    currency: str = ""
    team: str = ""


@dataclass(frozen=True, slots=True)
class Search:
    """One search and what was shown. `id` is random, `at` is Unix seconds."""

    id: str
    session: str
    asked: Asked
    mode: Mode
    nothing_similar: bool
    network: str
    shown: tuple[Shown, ...]
    product: str | None = None
    best: float | None = None
    experiment: str = ""
    at: float = field(default_factory=time.time)

    @classmethod
    def of(
        cls,
        query: Query,
        result: SearchResult,
        *,
        session: str,
        cheaper: Cheaper | None = None,
        skipped: int = 0,
        experiment: str = "",
        teams: tuple[str, ...] = (),
    ) -> Search:
        """Tell of an answer as it is shown, but for the hits `skipped`: earlier pages had them.

        `teams` are the settings that chose each hit.
        """
        price = result.reference
        shown = tuple(
            Shown(
                place,
                hit.product.id,
                hit.saving if cheaper is not None else None,
                price.currency if price is not None and cheaper is not None else "",
                teams[place - 1] if teams else "",
            )
            for place, hit in enumerate(result.hits, 1)
            if place > skipped
        )
        return cls(
            id=token(),
            session=session,
            asked="photograph" if query.photographs or query.product is None else "product",
            mode="similar" if cheaper is None else "cheaper",
            nothing_similar=result.nothing_similar,
            network=result.fingerprint,
            shown=shown,
            product=query.product,
            best=max((hit.score for hit in result.hits), default=None),
            experiment=experiment,
        )

    @classmethod
    def of_listing(
        cls, listing: Listing, *, session: str, network: str, skipped: int = 0
    ) -> Search:
        """Tell of what words alone have found, as `of` does; which words is not told."""
        hits = enumerate(listing.hits, 1)
        return cls(
            id=token(),
            session=session,
            asked="words",
            mode="similar",
            nothing_similar=False,
            network=network,
            shown=tuple(Shown(place, hit.product.id) for place, hit in hits if place > skipped),
        )


@dataclass(frozen=True, slots=True)
class Action:
    """What was done with a product that a search had shown, or without one. `at` is Unix seconds.

    :raises EventError: a value is not legal.
    """

    kind: Kind
    session: str
    product: str
    search: str | None = None
    at: float = field(default_factory=time.time)

    def __post_init__(self) -> None:
        """Refuse what is no event."""
        if self.kind not in KINDS:
            raise EventError(f"There is no event “{self.kind}”: choose one of {', '.join(KINDS)}.")
        if not self.product or len(self.product) > _LONGEST_ID:
            raise EventError(f"An event names a product, in at most {_LONGEST_ID} letters.")
        for name, value in (("session", self.session), ("search", self.search)):
            if value is not None and not _TOKEN.fullmatch(value):
                raise EventError(
                    f"The {name} of an event is 8 to 64 letters, digits, - or _, and random."
                )


Event = Search | Action


def token() -> str:
    """Give a random name for a search or a session."""
    return secrets.token_urlsafe(12)
