"""The file `events.db` beside a catalogue's own: what customers did, kept apart from the truth."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from search.errors import EventError
from search.feedback.events import CHOSEN, KINDS, Action, Event, Search
from search.roles import OPERATOR, Actor, Permission, require

FILE = "events.db"
KEPT = 400  # days that single events are kept; then only their sums are

_DAY = 86_400
_TABLES = """
CREATE TABLE IF NOT EXISTS search (
    id         TEXT PRIMARY KEY NOT NULL,
    at         REAL NOT NULL,
    session    TEXT NOT NULL,
    asked      TEXT NOT NULL,
    mode       TEXT NOT NULL,
    product    TEXT,
    results    INTEGER NOT NULL,
    unlike     INTEGER NOT NULL,
    best       REAL,
    network    TEXT NOT NULL,
    experiment TEXT NOT NULL,
    chosen     INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS search_at ON search (at);
CREATE TABLE IF NOT EXISTS shown (
    search   TEXT NOT NULL,
    position INTEGER NOT NULL,
    product  TEXT NOT NULL,
    saving   INTEGER,
    currency TEXT NOT NULL,
    team     TEXT NOT NULL,
    at       REAL NOT NULL,
    chosen   INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (search, position)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS action (
    at      REAL NOT NULL,
    session TEXT NOT NULL,
    kind    TEXT NOT NULL,
    product TEXT NOT NULL,
    search  TEXT
);
CREATE INDEX IF NOT EXISTS action_search ON action (search, product);
CREATE INDEX IF NOT EXISTS action_at ON action (at);
-- One judge, one query, two rankings whose names the judge did not see.
CREATE TABLE IF NOT EXISTS preference (
    at      REAL NOT NULL,
    judge   TEXT NOT NULL,
    query   TEXT NOT NULL,
    a       TEXT NOT NULL,
    b       TEXT NOT NULL,
    shown_a TEXT NOT NULL,
    shown_b TEXT NOT NULL,
    better  TEXT NOT NULL CHECK (better IN ('a', 'b', 'equal')),
    PRIMARY KEY (judge, query, a, b)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS judgement (
    at      REAL NOT NULL,
    judge   TEXT NOT NULL,
    query   TEXT NOT NULL,
    product TEXT NOT NULL,
    good    INTEGER NOT NULL,
    PRIMARY KEY (judge, query, product)
) WITHOUT ROWID;
-- What is left of days whose events are gone.
CREATE TABLE IF NOT EXISTS day (
    day     TEXT NOT NULL,
    measure TEXT NOT NULL,
    value   INTEGER NOT NULL,
    PRIMARY KEY (day, measure)
) WITHOUT ROWID;
"""


class EventStore:
    """The events of one catalogue; every call opens the file for itself."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE

    def write(self, events: Iterable[Event]) -> None:
        """Add events in one transaction; a search that is there already is left as it is.

        :raises EventError: when the file cannot be written.
        """
        with self._opened(write=True) as connection:
            for event in events:
                if isinstance(event, Search):
                    _write_search(connection, event)
                else:
                    _write_action(connection, event)

    def change(self, sql: str, *values: Any) -> None:
        """Write one row.

        :raises EventError: when the file cannot be written.
        """
        with self._opened(write=True) as connection:
            connection.execute(sql, values)

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Ask the events; there is nothing to be found where there is no file yet.

        :raises EventError: when the file cannot be read.
        """
        if not self.path.is_file():
            return []
        with self._opened() as connection:
            # The first writer may have made the file a moment ago, and not yet its tables.
            made = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'day'").fetchone()
            return connection.execute(sql, values).fetchall() if made else []

    def sum_up(self, *, now: float | None = None, days: int = KEPT) -> int:
        """Replace the events older than so many days by their sums a day; count the searches.

        :raises EventError: when the file cannot be written.
        """
        if not self.path.is_file():
            return 0
        before = (now or time.time()) // _DAY * _DAY - days * _DAY
        with self._opened(write=True) as connection:
            (old,) = connection.execute(
                "SELECT count(*) FROM search WHERE at < ?", (before,)
            ).fetchone()
            for measure, sql in _SUMS.items():
                connection.execute(
                    "INSERT INTO day (day, measure, value)"
                    f" SELECT date(at, 'unixepoch'), '{measure}', {sql} AND at < ? GROUP BY 1"
                    " ON CONFLICT DO UPDATE SET value = value + excluded.value",
                    (before,),
                )
            _delete(connection, before)
        return int(old)

    def delete(self, *, before: float | None = None, actor: Actor = OPERATOR) -> int:
        """Delete all events, or those before a time in Unix seconds, sums too; count the searches.

        :raises AccessError: the one who acts may not.
        :raises EventError: when the file cannot be written.
        """
        require(actor, Permission.EVENTS)
        if not self.path.is_file():
            return 0
        until = float("inf") if before is None else before
        with self._opened(write=True) as connection:
            (count,) = connection.execute(
                "SELECT count(*) FROM search WHERE at < ?", (until,)
            ).fetchone()
            _delete(connection, until)
            if before is None:
                connection.execute("DELETE FROM day")
            else:
                connection.execute("DELETE FROM day WHERE day < date(?, 'unixepoch')", (before,))
        return int(count)

    @contextlib.contextmanager
    def _opened(self, *, write: bool = False) -> Iterator[sqlite3.Connection]:
        try:
            with contextlib.closing(sqlite3.connect(self.path, timeout=10)) as connection:
                if write:
                    connection.execute("PRAGMA journal_mode = WAL")
                    connection.execute("PRAGMA synchronous = NORMAL")
                    connection.executescript(_TABLES)
                with connection:
                    yield connection
        except sqlite3.Error as error:
            raise EventError(
                f"The events in {self.path} cannot be {'written' if write else 'read'} ({error}): "
                "allow it, or move the file away."
            ) from error


_SUMS: dict[str, str] = {
    "searches": "count(*) FROM search WHERE 1",
    "nothing similar": "sum(unlike) FROM search WHERE unlike",
    "no result": "count(*) FROM search WHERE results = 0",
    "chosen": "sum(chosen) FROM search WHERE chosen",
    **{kind: f"count(*) FROM action WHERE kind = '{kind}'" for kind in KINDS},
}


def _delete(connection: sqlite3.Connection, before: float) -> None:
    old = "SELECT id FROM search WHERE at < ?"
    connection.execute(f"DELETE FROM shown WHERE search IN ({old})", (before,))
    connection.execute("DELETE FROM search WHERE at < ?", (before,))
    connection.execute("DELETE FROM action WHERE at < ?", (before,))


def _write_search(connection: sqlite3.Connection, search: Search) -> None:
    new = connection.execute(
        "INSERT OR IGNORE INTO search VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)",
        (
            search.id,
            search.at,
            search.session,
            search.asked,
            search.mode,
            search.product,
            len(search.shown),
            search.nothing_similar,
            search.best,
            search.network,
            search.experiment,
        ),
    ).rowcount
    if new:
        connection.executemany(
            "INSERT INTO shown VALUES (?, ?, ?, ?, ?, ?, ?, 0)",
            [
                (
                    *(search.id, each.position, each.product, each.saving, each.currency),
                    *(each.team, search.at),
                )
                for each in search.shown
            ],
        )
        # What was done may have been told before, by another process.
        done = connection.execute(
            f"SELECT DISTINCT product FROM action WHERE search = ? AND kind IN {CHOSEN}",
            (search.id,),
        ).fetchall()
        for (product,) in done:
            _choose(connection, search.id, product)


def _write_action(connection: sqlite3.Connection, action: Action) -> None:
    connection.execute(
        "INSERT INTO action VALUES (?, ?, ?, ?, ?)",
        (action.at, action.session, action.kind, action.product, action.search),
    )
    if action.search is not None and action.kind in CHOSEN:
        _choose(connection, action.search, action.product)


def _choose(connection: sqlite3.Connection, search: str, product: str) -> None:
    """Mark a product that a search showed as chosen, so that all are counted by looking once."""
    chosen = connection.execute(
        "UPDATE shown SET chosen = 1 WHERE search = ? AND product = ?", (search, product)
    ).rowcount
    if chosen:
        connection.execute("UPDATE search SET chosen = 1 WHERE id = ?", (search,))
