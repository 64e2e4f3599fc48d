"""A comparison of two settings on live searches: off unless it was begun, one at a time."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from search.catalogue import Catalogue
from search.engine import Filters, Hit, LoadedRevision, Options, Query, Searcher, SearchResult
from search.errors import EventError
from search.feedback.interleaving import team_draft
from search.feedback.settings import Setting
from search.roles import OPERATOR, Actor

_KEY = "experiment"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _-]{0,59}")


@dataclass(frozen=True, slots=True)
class Experiment:
    """Two settings that are compared under a name."""

    name: str
    a: Setting
    b: Setting


@dataclass(frozen=True, slots=True)
class Drafted:
    """An answer drafted from two settings; `teams` tells for each hit whose choice it was."""

    result: SearchResult
    experiment: str = ""
    teams: tuple[str, ...] = ()


def begin(
    catalogue: Catalogue, name: str, a: Setting, b: Setting, actor: Actor = OPERATOR
) -> Experiment:
    """Begin to compare two settings on live searches, instead of any others.

    :raises AccessError: the one who acts may not change settings.
    :raises EventError: the name is not legal, or the settings cannot be compared live.
    """
    if not _NAME.fullmatch(name):
        raise EventError(
            "Name the comparison by letters, digits, spaces, - and _, at most 60 in all."
        )
    if a == b:
        raise EventError("Compare two settings that differ.")
    if a.network or b.network:
        raise EventError(
            "On live searches metrics and shares of colour are compared; compare networks on the "
            "page Judge."
        )
    catalogue.set_setting(_KEY, json.dumps({"name": name, "a": a.name, "b": b.name}), actor)
    return Experiment(name, a, b)


def end(catalogue: Catalogue, actor: Actor = OPERATOR) -> None:
    """End the comparison; what it told stays.

    :raises AccessError: the one who acts may not change settings.
    """
    catalogue.set_setting(_KEY, "", actor)


class HasSettings(Protocol):
    """A catalogue, or an engine of one."""

    def setting(self, key: str) -> str | None:
        """Give a setting, or None."""


def running(catalogue: HasSettings) -> Experiment | None:
    """Give the comparison that is on, None where there is none."""
    kept = catalogue.setting(_KEY)
    if not kept:
        return None
    try:
        read: Mapping[str, str] = json.loads(kept)
        return Experiment(read["name"], Setting.read(read["a"]), Setting.read(read["b"]))
    except (ValueError, KeyError, TypeError, EventError):
        return None  # of another version: it is over


def search(
    engine: Searcher,
    query: Query,
    filters: Filters,
    options: Options,
    *,
    session: str,
    loaded: LoadedRevision | None = None,
) -> Drafted:
    """Answer a query as a running comparison says, or as ever.

    A session sees one draft of a query however often it asks, and more of the same one on later
    pages. Whoever chooses a metric, a share of colour or an order is answered by those.

    :raises SearchError: see `Searcher.search`.
    """
    asked = options.metric == "cosine" and not options.colour and options.order == "similarity"
    experiment = running(engine) if asked and session else None
    loaded = loaded or engine.loaded()
    if experiment is None or (not loaded.knows_colours and _of_colour(experiment)):
        return Drafted(engine.search(query, filters, options, loaded=loaded))
    answers = [
        engine.search(query, filters, setting.of(options), loaded=loaded)
        for setting in (experiment.a, experiment.b)
    ]
    hits = [{hit.product.id: hit for hit in answer.hits} for answer in answers]
    seed = f"{experiment.name}|{session}|{_named(query)}"
    drafted = team_draft((list(hits[0]), list(hits[1])), options.k, seed)
    shown: list[Hit] = [
        replace((hits[0] if team == "a" else hits[1])[product], rank=place)
        for place, (product, team) in enumerate(drafted, 1)
    ]
    result = replace(answers[0], hits=tuple(shown))
    return Drafted(result, experiment.name, tuple(team for _, team in drafted))


def _of_colour(experiment: Experiment) -> bool:
    return bool(experiment.a.colour or experiment.b.colour)


def _named(query: Query) -> str:
    """Tell one query of a session from another, without keeping what it shows."""
    if query.product is not None:
        return query.product
    digest = hashlib.sha256()
    for photograph in query.photographs:
        digest.update(photograph if isinstance(photograph, bytes) else str(photograph).encode())
    digest.update(repr((query.crop, query.region)).encode())
    return digest.hexdigest()
