"""What people say of results when asked: good or not, and which of two rankings is better."""

from __future__ import annotations

import hashlib
import json
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal, get_args

from search.errors import EventError
from search.feedback.intervals import Share, needed, sign_test, wilson
from search.feedback.store import EventStore

Better = Literal["a", "b", "equal"]

DEPTH = 8  # products of a ranking that are judged

EVERYBODY = "everybody"


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two settings compare for one judge, or for everybody.

    `precise_a` and `precise_b` are the shares of good ones among the judged products of their first
    eight (P@8). `preferred` is the share of the decided queries that "a" won.
    """

    judge: str
    queries: int
    won_a: int
    won_b: int
    preferred: Share
    p_value: float
    precise_a: Share
    precise_b: Share
    more: int | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often two judges said the same of the same, and beyond chance.

    `beyond_chance` is Scott's pi ("Reliability of content analysis", 1955): 1 for always, 0 for
    as often as by chance; None where chance alone explains everything or nothing was shared.
    """

    same: Share
    beyond_chance: float | None


def judge_product(events: EventStore, judge: str, query: str, product: str, *, good: bool) -> None:
    """Note what a judge says of a product found for a query; the last word counts.

    :raises EventError: nobody is named, or nothing can be written.
    """
    events.change(
        "INSERT OR REPLACE INTO judgement VALUES (?, ?, ?, ?, ?)",
        *(time.time(), _named(judge), query, product, good),
    )


def prefer(
    events: EventStore,
    judge: str,
    query: str,
    settings: tuple[str, str],
    shown: tuple[Sequence[str], Sequence[str]],
    better: Better,
) -> None:
    """Note which of two settings' rankings of a query a judge prefers; the last word counts.

    The settings are kept in the order of their names, wherever they were shown.

    :raises EventError: nobody is named, or nothing can be written.
    """
    if better not in get_args(Better):
        raise EventError(f"“{better}” is no preference: say a, b or equal.")
    exchanged = settings[0] > settings[1]
    if exchanged:
        settings, shown = (settings[1], settings[0]), (shown[1], shown[0])
        better = {"a": "b", "b": "a", "equal": "equal"}[better]  # type: ignore[assignment]
    events.change(
        "INSERT OR REPLACE INTO preference VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        *(time.time(), _named(judge), query, *settings),
        *(json.dumps(list(each)[:DEPTH]) for each in shown),
        better,
    )


def next_query(
    events: EventStore,
    judge: str,
    settings: tuple[str, str],
    products: Sequence[str],
    skipped: int = 0,
) -> str | None:
    """Choose a product that a judge has not seen two settings' rankings of; None after the last.

    Each judge meets the products in an order of chance that stays; `skipped` are passed over.

    :raises EventError: the events cannot be read.
    """
    rows = events.rows(
        "SELECT query FROM preference WHERE judge = ? AND a = ? AND b = ?",
        *(judge.strip(), *sorted(settings)),
    )
    done = {query for (query,) in rows}
    left = sorted(set(products) - done, key=lambda product: _by_chance(judge, product))
    return left[skipped % len(left)] if left else None


def exchanged(judge: str, query: str) -> bool:
    """Tell whether a judge sees the first setting on the right: by chance, the same each time."""
    return _by_chance(judge, query)[0] % 2 == 1


def _by_chance(judge: str, query: str) -> bytes:
    return hashlib.sha256(f"{judge.strip()}|{query}".encode()).digest()


def compared(events: EventStore) -> list[tuple[str, str]]:
    """List the pairs of settings that were compared."""
    rows = events.rows("SELECT DISTINCT a, b FROM preference ORDER BY a, b")
    return [(a, b) for a, b in rows]


def comparisons(events: EventStore, a: str, b: str) -> list[Comparison]:
    """Compare two settings for everybody, then for each judge."""
    rows = events.rows(
        "SELECT judge, query, shown_a, shown_b, better FROM preference WHERE a = ? AND b = ?", a, b
    )
    good = {
        (judge, query, product): bool(said)
        for judge, query, product, said in events.rows(
            "SELECT judge, query, product, good FROM judgement"
        )
    }
    said = [
        (judge, query, json.loads(shown_a), json.loads(shown_b), better)
        for judge, query, shown_a, shown_b, better in rows
    ]
    judges = sorted({judge for judge, *_ in said})
    return [
        _comparison(name, [row for row in said if name in (EVERYBODY, row[0])], good)
        for name in (EVERYBODY, *judges)
        if said
    ]


def agreement(events: EventStore) -> Agreement:
    """Tell how often judges agree on the same product for the same query."""
    verdicts: defaultdict[tuple[str, str], dict[str, bool]] = defaultdict(dict)
    for judge, query, product, good in events.rows(
        "SELECT judge, query, product, good FROM judgement ORDER BY judge"
    ):
        verdicts[query, product][judge] = bool(good)
    pairs = [pair for said in verdicts.values() for pair in combinations(list(said.values()), 2)]
    same = wilson(sum(one == other for one, other in pairs), len(pairs))
    return Agreement(same, _beyond_chance(pairs))


def _beyond_chance(pairs: Sequence[tuple[bool, bool]]) -> float | None:
    if not pairs:
        return None
    # Who of a pair comes first is arbitrary, so both count as either.
    share = sum(one + other for one, other in pairs) / (2 * len(pairs))
    by_chance = share**2 + (1 - share) ** 2
    observed = sum(one == other for one, other in pairs) / len(pairs)
    return None if by_chance >= 1 else (observed - by_chance) / (1 - by_chance)


_Said = tuple[str, str, list[str], list[str], str]


def _comparison(
    judge: str, said: Sequence[_Said], good: dict[tuple[str, str, str], bool]
) -> Comparison:
    won_a = sum(better == "a" for *_, better in said)
    won_b = sum(better == "b" for *_, better in said)
    enough = needed(won_a, won_b)
    return Comparison(
        judge,
        len(said),
        won_a,
        won_b,
        wilson(won_a, won_a + won_b),
        sign_test(won_a, won_b),
        _precision(((who, query, a) for who, query, a, _, _ in said), good),
        _precision(((who, query, b) for who, query, _, b, _ in said), good),
        None if enough is None else max(0, enough - won_a - won_b),
    )


def _precision(
    shown: Iterable[tuple[str, str, list[str]]], good: dict[tuple[str, str, str], bool]
) -> Share:
    verdicts = [
        good[judge, query, product]
        for judge, query, products in shown
        for product in products
        if (judge, query, product) in good
    ]
    return wilson(sum(verdicts), len(verdicts))


def _named(judge: str) -> str:
    if not judge.strip() or len(judge) > 100:
        raise EventError("Say who judges, in at most 100 letters.")
    return judge.strip()
