"""What the events tell: what is chosen, where, for how much less, and what finds nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from search.feedback.intervals import Share, wilson
from search.feedback.store import EventStore

_DEEPEST = 24  # positions that are told apart
_SEEN = 20  # times a product is shown before one may say that nobody chooses it
_LISTED = 50  # rows of a list, worst first


@dataclass(frozen=True, slots=True)
class Day:
    """The searches of one day (ISO 8601, UTC)."""

    day: str
    searches: int
    nothing_similar: int
    no_result: int
    chosen: int


@dataclass(frozen=True, slots=True)
class Saving:
    """What cheaper look-alikes would have saved: shown at best a search, and chosen.

    Minor units of `currency`.
    """

    currency: str
    searches: int
    shown: int
    chosen: int
    choices: int


@dataclass(frozen=True, slots=True)
class Unchosen:
    """A product that was shown so often and how often it was chosen."""

    product: str
    shown: int
    chosen: Share


@dataclass(frozen=True, slots=True)
class Lonely:
    """A product that was searched by and has no good neighbour: its best score, on average."""

    product: str
    searches: int
    nothing_similar: int
    best: float


@dataclass(frozen=True, slots=True)
class Overview:
    """The sums of a time: searches, shares of those that found nothing or led to a choice."""

    searches: int
    sessions: int
    nothing_similar: Share
    no_result: Share
    chosen: Share


def overview(events: EventStore, since: float = 0.0) -> Overview:
    """Sum up the searches since a time in Unix seconds."""
    rows = events.rows(
        "SELECT count(*), count(DISTINCT session), total(unlike), total(results = 0), total(chosen)"
        " FROM search WHERE at >= ?",
        since,
    )
    searches, sessions, nothing, empty, chosen = (int(each) for each in (rows or [(0,) * 5])[0])
    return Overview(
        searches,
        sessions,
        wilson(nothing, searches),
        wilson(empty, searches),
        wilson(chosen, searches),
    )


def click_through(events: EventStore, since: float = 0.0) -> list[tuple[int, Share]]:
    """Give the share of shown products that were chosen, by position from 1."""
    rows = events.rows(
        "SELECT position, count(*), total(chosen) FROM shown"
        " WHERE at >= ? AND position <= ? GROUP BY position ORDER BY position",
        since,
        _DEEPEST,
    )
    return [(position, wilson(int(chosen), shown)) for position, shown, chosen in rows]


def by_day(events: EventStore, since: float = 0.0) -> list[Day]:
    """Count the searches of each day, those summed up long ago too."""
    fresh = events.rows(
        "SELECT date(at, 'unixepoch'), count(*), total(unlike), total(results = 0), total(chosen)"
        " FROM search WHERE at >= ? GROUP BY 1",
        since,
    )
    summed = events.rows(
        "SELECT day, total(value) FILTER (WHERE measure = 'searches'),"
        " total(value) FILTER (WHERE measure = 'nothing similar'),"
        " total(value) FILTER (WHERE measure = 'no result'),"
        " total(value) FILTER (WHERE measure = 'chosen')"
        " FROM day WHERE day >= date(?, 'unixepoch') GROUP BY day",
        since,
    )
    found: dict[str, list[int]] = {}
    for day, *counts in (*summed, *fresh):
        before = found.get(day, [0] * len(counts))
        found[day] = [one + int(other) for one, other in zip(before, counts, strict=True)]
    return [Day(day, *counts) for day, counts in sorted(found.items())]


def savings(events: EventStore, since: float = 0.0) -> list[Saving]:
    """Sum what cheaper look-alikes would have saved, by currency: the best shown, and the chosen.

    A search counts the largest saving that it showed, for a customer buys one.
    """
    rows = events.rows(
        "WITH best AS (SELECT currency, max(saving) AS shown,"
        " max(saving) FILTER (WHERE chosen) AS taken FROM shown"
        " WHERE saving > 0 AND at >= ? GROUP BY search, currency)"
        " SELECT currency, count(*), total(shown), total(taken), count(taken)"
        " FROM best GROUP BY currency ORDER BY currency",
        since,
    )
    return [Saving(code, count, int(s), int(c), chosen) for code, count, s, c, chosen in rows]


def never_chosen(events: EventStore, since: float = 0.0) -> list[Unchosen]:
    """List the products that are shown often and chosen least, by what their interval allows."""
    rows = events.rows(
        "SELECT product, count(*), total(chosen) FROM shown WHERE at >= ?"
        " GROUP BY product HAVING count(*) >= ?",
        since,
        _SEEN,
    )
    found = [Unchosen(product, shown, wilson(int(c), shown)) for product, shown, c in rows]
    return sorted(found, key=lambda each: (each.chosen.high, -each.shown, each.product))[:_LISTED]


def lonely(events: EventStore, since: float = 0.0) -> list[Lonely]:
    """List the products that were searched by and found nothing similar, most searched first."""
    rows = events.rows(
        "SELECT product, count(*), total(unlike OR results = 0), avg(coalesce(best, -1))"
        " FROM search WHERE product IS NOT NULL AND at >= ? GROUP BY product"
        " HAVING total(unlike OR results = 0) > 0"
        " ORDER BY total(unlike OR results = 0) DESC, avg(coalesce(best, -1)), product LIMIT ?",
        since,
        _LISTED,
    )
    return [Lonely(product, count, int(none), float(best)) for product, count, none, best in rows]


def table(rows: Sequence[Any], columns: Sequence[str]) -> bytes:
    """Write some of these rows for a spreadsheet; shares as hits, trials and interval."""
    from search.spreadsheet import write_table

    names = [
        title
        for column in columns
        for title in ([column] if not _is_share(rows, column) else _of_share(column))
    ]
    return write_table(names, (_cells(row, columns) for row in rows))


def _is_share(rows: Sequence[Any], column: str) -> bool:
    return bool(rows) and isinstance(getattr(rows[0], column), Share)


def _of_share(column: str) -> list[str]:
    return [column, f"{column} of", f"{column} low", f"{column} high"]


def _cells(row: Any, columns: Sequence[str]) -> list[object]:
    cells: list[object] = []
    for column in columns:
        value = getattr(row, column)
        if isinstance(value, Share):
            cells += [value.hits, value.trials, round(value.low, 4), round(value.high, 4)]
        else:
            cells.append(value)
    return cells
