"""Checksums of rows: what a failing disk, or another program, changed is seen.

Every row carries the CRC-32 of its other columns. The change that writes a row writes it too, and
nothing inside the file does: whoever edits the file by other means leaves the old one behind and
can do so without knowing ours. Such an edit is told from damage by its entry in the journal, which
the file's triggers make and which has no checksum yet.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Collection, Iterator, Mapping
from functools import partial
from typing import Any

KEYS: Mapping[str, str] = {
    "product": "id",
    "photo": "id",
    "revision": "number",
    "setting": "key",
    "journal": "id",
    "feature": "rowid",
}
"""The tables whose rows carry a checksum, with the column that names a row."""

read_text = partial(str, encoding="utf-8", errors="replace")
"""How the text of a row is read: bytes that are none stop nobody, for their checksum is another."""

_CHUNK = 1000  # rows held in memory at once; of features some 2 MB


def of(values: tuple[Any, ...]) -> int:
    """Return the checksum of a row's columns, in the order of `columns`.

    Text is taken as ASCII with escapes, so that neither encodings nor types are mixed up; of bytes,
    which only come last, their own.
    """
    if isinstance(values[-1], bytes):
        return zlib.crc32(values[-1], of_text(values[:-1]))
    return of_text(values)


def of_text(values: tuple[Any, ...]) -> int:
    """Return the checksum of columns of which none holds bytes."""
    return zlib.crc32(ascii(values).encode())


def fetch(
    connection: sqlite3.Connection, query: str, values: tuple[Any, ...] = ()
) -> list[tuple[Any, ...]]:
    """Read many rows: at full speed where all text is text, which it is but for damage."""
    connection.text_factory = str
    try:
        return connection.execute(query, values).fetchall()
    except sqlite3.OperationalError:
        connection.text_factory = read_text
        return connection.execute(query, values).fetchall()
    finally:
        connection.text_factory = read_text


def fetched(
    connection: sqlite3.Connection, query: str, values: tuple[Any, ...], count: int
) -> Iterator[list[tuple[Any, ...]]]:
    """Read very many rows, so many at a time; see `fetch`."""
    cursor, passed = connection.execute(query, values), 0
    while True:
        connection.text_factory = str
        try:
            rows = cursor.fetchmany(count)
        except sqlite3.OperationalError:
            rest = fetch(connection, query, values)[passed:]
            yield from (rest[start : start + count] for start in range(0, len(rest), count))
            return
        finally:
            connection.text_factory = read_text
        if not rows:
            return
        passed += len(rows)
        yield rows


def columns(connection: sqlite3.Connection, table: str) -> tuple[str, ...]:
    """Return the columns that a table's checksum is about, by name: it doesn't matter who is first.

    Empty for a table that has no checksums yet.
    """
    names = {name for _, name, *_ in connection.execute(f"PRAGMA table_info({table})")}
    return tuple(sorted(names - {"sum"})) if "sum" in names else ()


def seal(
    connection: sqlite3.Connection,
    table: str,
    where: str = "TRUE",
    values: tuple[Any, ...] = (),
    *,
    spared: Collection[int] = (),
) -> None:
    """Write the checksums of the rows that a condition chooses, but for the `spared` rowids."""
    names = columns(connection, table)
    for rows in _chunks(connection, table, names, where, values):
        connection.executemany(
            f"UPDATE {table} SET sum = ? WHERE rowid = ?",
            [(of(row[2:]), row[0]) for row in rows if row[0] not in spared],
        )


def broken(connection: sqlite3.Connection, table: str) -> set[int]:
    """Return the rowids of a table's rows whose checksum doesn't hold; none where it has none."""
    names = columns(connection, table)
    if not names:
        return set()
    return {
        row[0]
        for rows in _chunks(connection, table, names, "TRUE", ())
        for row in rows
        if of(row[2:]) != row[1]
    }


def damaged(
    connection: sqlite3.Connection, tables: Collection[str] = KEYS.keys() - {"feature"}
) -> dict[str, set[int]]:
    """Return the rowids, by table, of broken rows that no other program's edit explains.

    Features are not looked at unless asked for: they can be made again.
    """
    found = {table: broken(connection, table) for table in tables}
    if any(found.values()):
        for table in {"product", "photo"} & found.keys():
            edited = connection.execute(
                f"SELECT {table}.rowid FROM journal JOIN {table} ON {table}.id = journal.key"
                " WHERE journal.entity = ? AND journal.sum IS NULL",
                (table,),
            )
            found[table] -= {rowid for (rowid,) in edited}
        if "journal" in found:
            unsealed = connection.execute("SELECT id FROM journal WHERE sum IS NULL")
            found["journal"] -= {id for (id,) in unsealed}
    return {table: rowids for table, rowids in found.items() if rowids}


def was_edited(connection: sqlite3.Connection, table: str, key: object) -> bool:
    """Tell whether another program has edited a product or photograph, by its id."""
    row = connection.execute(
        "SELECT 1 FROM journal WHERE entity = ? AND key = ? AND sum IS NULL", (table, str(key))
    )
    return row.fetchone() is not None


def _chunks(
    connection: sqlite3.Connection,
    table: str,
    names: tuple[str, ...],
    where: str,
    values: tuple[Any, ...],
) -> Iterator[list[tuple[Any, ...]]]:
    """Give rows as (rowid, sum, *columns), some at a time, so that they may be written to."""
    last = -(2**63)
    while True:
        rows = fetch(
            connection,
            f"SELECT rowid, sum, {', '.join(names)} FROM {table}"
            f" WHERE ({where}) AND rowid > ? ORDER BY rowid LIMIT {_CHUNK}",
            (*values, last),
        )
        if not rows:
            return
        yield rows
        last = rows[-1][0]
