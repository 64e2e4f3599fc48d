"""Damaged rows put right, from the journal, which has what each row was last, or from a backup.

Nothing is put back that isn't proven: either it has the checksum that the damaged row still
carries, or the row itself says the same and only its checksum is damaged.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from search.catalogue import backups, queries, revisions, sums
from search.catalogue.findings import Finding
from search.errors import DamagedError

_NAMED = {
    "product": "The row of product “{}”",
    "photo": "The row of photograph number {}",
    "revision": "Revision {}",
    "setting": "The setting “{}”",
    "journal": "Entry {} of the journal",
}
Row = tuple[Any, ...]


def check(connection: sqlite3.Connection, file: str) -> Iterator[Finding]:
    """Name the rows that are damaged or gone."""
    for table, rowids in sums.damaged(connection).items():
        for rowid in sorted(rowids):
            yield Finding(
                "row",
                file,
                f"{_named(connection, table, rowid)} is damaged: `python -m search doctor "
                "--repair` looks in the journal and the backups for what it was; where that is in "
                "vain, `restore-backup` puts the last backup back, and `doctor --accept` keeps the "
                "row as it is.",
            )


def check_gaps(connection: sqlite3.Connection, file: str) -> Iterator[Finding]:
    """Name the rows that are gone without anybody having deleted them."""
    try:
        gaps = revisions.gaps(connection)
    except DamagedError:  # where the journal begins, which is named itself
        return
    for gap in gaps:
        yield Finding(
            "row",
            file,
            f"{gap}: `python -m search restore-backup` puts the last backup back.",
        )


def heal(connection: sqlite3.Connection, database: Path) -> list[Finding]:
    """Put damaged rows right inside a change, as far as it is known what they were.

    No revision comes of it: for the journal they were so all along.
    """
    damaged = sums.damaged(connection)
    if not damaged:
        return []
    found = []
    (last,) = connection.execute("SELECT coalesce(max(id), 0) FROM journal").fetchone()
    with contextlib.ExitStack() as opened:
        copies = _copies(database, opened)
        for table, rowids in damaged.items():
            names = sums.columns(connection, table)
            for rowid in sorted(rowids):
                origin = _heal_row(connection, table, names, rowid, copies)
                if origin is not None:
                    named = _named(connection, table, rowid)
                    sentence = f"{named} was damaged: it is as it was again, from {origin}."
                    found.append(Finding("row", database.name, sentence, repaired=True))
    connection.execute("DELETE FROM journal WHERE id > ?", (last,))
    return found


def _copies(database: Path, opened: contextlib.ExitStack) -> list[tuple[sqlite3.Connection, str]]:
    sound = [b for b in backups.listed(database.parent) if backups.is_sound(b.path)]
    return [
        (opened.enter_context(closing(backups.reading(b.path))), f"the backup {b.name}")
        for b in sound
    ]


def _heal_row(
    connection: sqlite3.Connection,
    table: str,
    names: tuple[str, ...],
    rowid: int,
    copies: list[tuple[sqlite3.Connection, str]],
) -> str | None:
    """Put one row right, and say from where; None where nothing is known of it."""
    row = _row(connection, table, names, "rowid", rowid)
    if row is None:
        return None
    sum, *content = row
    for state, origin in _states(connection, table, names, tuple(content), copies):
        if sums.of(state) == sum or state == tuple(content):
            columns = ", ".join(f"{name} = ?" for name in names)
            connection.execute(
                f"UPDATE {table} SET {columns}, sum = ? WHERE rowid = ?",
                (*state, sums.of(state), rowid),
            )
            return origin
    return None


def _states(
    connection: sqlite3.Connection,
    table: str,
    names: tuple[str, ...],
    content: Row,
    copies: list[tuple[sqlite3.Connection, str]],
) -> Iterator[tuple[Row, str]]:
    """Give what a row may have been: by the journal, then by each backup, newest first."""
    key = content[names.index(sums.KEYS[table])]
    if table in ("product", "photo"):
        state = _journalled(connection, table, names, content, key)
        if state is not None:
            yield state, "the journal"
    for copy, origin in copies:
        if sums.columns(copy, table) == names:
            row = _row(copy, table, names, sums.KEYS[table], key)
            if row is not None and sums.of(row[1:]) == row[0]:
                yield row[1:], origin


def _journalled(
    connection: sqlite3.Connection, table: str, names: tuple[str, ...], content: Row, key: object
) -> Row | None:
    after = connection.execute(
        "SELECT after FROM journal WHERE entity = ? AND key = ? ORDER BY id DESC LIMIT 1",
        (table, str(key)),
    ).fetchone()
    try:
        state = {**dict(zip(names, content, strict=True)), **json.loads(after[0])}
        if "attributes" in state:
            state["attributes"] = queries.attributes_text(state["attributes"])
        return tuple(state[name] for name in names)
    except (TypeError, ValueError, KeyError, AttributeError):  # none, or damaged as well
        return None


def _row(
    connection: sqlite3.Connection, table: str, names: tuple[str, ...], column: str, value: object
) -> Row | None:
    row = connection.execute(
        f"SELECT sum, {', '.join(names)} FROM {table} WHERE {column} = ?", (value,)
    ).fetchone()
    return None if row is None else tuple(row)


def _named(connection: sqlite3.Connection, table: str, rowid: int) -> str:
    (key,) = connection.execute(
        f"SELECT {sums.KEYS[table]} FROM {table} WHERE rowid = ?", (rowid,)
    ).fetchone()
    return _NAMED[table].format(key)
