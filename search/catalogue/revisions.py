"""Revisions of a catalogue: the journal of its rows, and the way back to an earlier state."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection
from typing import Any

from search.catalogue import queries, sums
from search.catalogue.models import Cursor, Revision, RowChange
from search.errors import CatalogueError, DamagedError

RESTORABLE = 50
"""Changes that stay restorable when the catalogue is purged."""

# What the journal of earlier versions doesn't say of a product.
_LATER: dict[str, Any] = {"sale_price": None, "sale_from": "", "sale_until": "", "item_group": ""}

FEW = 10  # rows that are never much, however few there are in all


def newest(connection: sqlite3.Connection) -> int:
    """Return the newest revision's number; 0 for a catalogue never changed."""
    return int(connection.execute("SELECT coalesce(max(number), 0) FROM revision").fetchone()[0])


def cursor(connection: sqlite3.Connection) -> Cursor:
    """Return how far the revisions and their journal go by now."""
    number = newest(connection)
    (entry,) = connection.execute("SELECT coalesce(max(id), 0) FROM journal").fetchone()
    return Cursor(
        number,
        _sum_of(connection, "revision", "number", number),
        entry,
        _sum_of(connection, "journal", "id", entry),
    )


def touched_since(
    connection: sqlite3.Connection, since: Cursor, most: int
) -> dict[str, set[str]] | None:
    """Return the keys of the rows, by table, that were touched since; None where that is not sure.

    It is not where the journal of then is not this one's beginning, part of it is forgotten or
    damaged, or more than `most` entries were made.

    :raises DamagedError: when it is damaged where the journal begins.
    """
    known = _sum_of(connection, "revision", "number", since.revision) == since.revision_sum
    known &= _sum_of(connection, "journal", "id", since.entry) == since.entry_sum
    if not known or _journal_from(connection) > since.revision + 1:
        return None
    names = sums.columns(connection, "journal")
    rows = connection.execute(
        f"SELECT {', '.join(names)}, sum, entity, key FROM journal WHERE id > ? LIMIT ?",
        (since.entry, most + 1),
    ).fetchall()
    touched: dict[str, set[str]] = {"product": set(), "photo": set()}
    for *content, found, entity, key in rows:
        edited = found is None  # by another program, see sums
        if entity not in touched or not (edited or sums.of(tuple(content)) == found):
            return None
        touched[entity].add(key)
    return touched if len(rows) <= most else None


def begin(connection: sqlite3.Connection, at: str, actor: str, action: str, detail: str) -> int:
    """Add a revision, to which the triggers then attach the journal; return its number."""
    number = newest(connection) + 1
    connection.execute(
        "INSERT INTO revision (number, at, actor, action, detail) VALUES (?, ?, ?, ?, ?)",
        (number, at, actor, action, detail),
    )
    sums.seal(connection, "revision", "number = ?", (number,))
    return number


def describe(connection: sqlite3.Connection, number: int, detail: str, *, restored: int) -> None:
    """Note in a revision what it was about, and the revision whose state it brought back."""
    connection.execute(
        "UPDATE revision SET detail = ?, restored = ? WHERE number = ?", (detail, restored, number)
    )


def counts(connection: sqlite3.Connection, number: int) -> dict[str, int]:
    """Return how many rows of each table a revision touched; empty where it touched none."""
    rows = connection.execute(
        "SELECT entity, count(DISTINCT key) FROM journal WHERE revision = ? GROUP BY entity",
        (number,),
    )
    return dict(rows.fetchall())


def is_large(connection: sqlite3.Connection, number: int) -> bool:
    """Tell whether a revision replaced or deleted more than a tenth of what there was."""
    replaced, deleted = connection.execute(
        "SELECT count(*), coalesce(sum(after IS NULL), 0) FROM journal"
        " WHERE revision = ? AND before IS NOT NULL",
        (number,),
    ).fetchone()
    if replaced <= FEW:
        return False
    (left,) = connection.execute(
        "SELECT (SELECT count(*) FROM product) + (SELECT count(*) FROM photo)"
    ).fetchone()
    return bool(10 * replaced > left + deleted)


def finish(
    connection: sqlite3.Connection,
    number: int,
    encoded: Collection[int] = (),
    *,
    kept: bool = False,
) -> int:
    """Count and seal what a revision touched; one that touched nothing is taken back.

    :param encoded: ids of the photographs that gained a feature.
    :param kept: even where it touched nothing.
    :returns: the newest revision's number.
    """
    touched = counts(connection, number)
    if not touched and not encoded and not kept:
        connection.execute("DELETE FROM revision WHERE number = ?", (number,))
        return number - 1
    (photos,) = connection.execute(
        "SELECT count(*) FROM (SELECT CAST(key AS INTEGER) FROM journal"
        " WHERE revision = ? AND entity = 'photo' UNION SELECT value FROM json_each(?))",
        (number, json.dumps(list(encoded))),
    ).fetchone()
    connection.execute(
        "UPDATE revision SET products = ?, photos = ? WHERE number = ?",
        (touched.get("product", 0), photos, number),
    )
    _seal(connection, number)
    return number


def latest(connection: sqlite3.Connection, limit: int) -> list[Revision]:
    """Return the newest revisions, newest first."""
    rows = connection.execute(
        "SELECT number, at, actor, action, detail, products, photos, restored"
        " FROM revision ORDER BY number DESC LIMIT ?",
        (limit,),
    )
    return [Revision(*row) for row in rows]


def changes(connection: sqlite3.Connection, number: int) -> list[RowChange]:
    """Return the rows a revision touched, in order.

    :raises CatalogueError: when there is no such revision, or it is too old to be known in detail.
    """
    if not 1 <= number <= newest(connection):
        raise _unknown(number)
    if number < _journal_from(connection):
        raise CatalogueError(
            f"Revision {number} is too old to be known in detail: only its summary is left."
        )
    refuse_damaged(connection)
    rows = connection.execute(
        "SELECT entity, key, before, after FROM journal WHERE revision = ? ORDER BY id", (number,)
    )
    return [
        RowChange(entity, key, _row(before), _row(after)) for entity, key, before, after in rows
    ]


def row_history(
    connection: sqlite3.Connection, entity: str, key: str
) -> list[tuple[Revision, RowChange]]:
    """Return what happened to one row, oldest first, as far back as it is known in detail."""
    rows = connection.execute(
        "SELECT number, at, actor, action, detail, products, photos, restored, before, after"
        " FROM journal JOIN revision ON number = revision WHERE entity = ? AND key = ?"
        " ORDER BY id",
        (entity, key),
    )
    return [
        (Revision(*row[:-2]), RowChange(entity, key, _row(row[-2]), _row(row[-1]))) for row in rows
    ]


def oldest_restorable(connection: sqlite3.Connection) -> int:
    """Return the oldest revision whose state can be restored; 0 is the empty beginning."""
    return _journal_from(connection) - 1


def check_restorable(connection: sqlite3.Connection, number: int, before: int) -> None:
    """Refuse a revision before another whose state cannot come back.

    :raises CatalogueError: when there is no such revision, or it is too old to be restored.
    """
    if not 0 <= number < before:
        raise _unknown(number)
    if number < oldest_restorable(connection):
        raise CatalogueError(
            f"Revision {number} is too old to be restored: choose revision "
            f"{oldest_restorable(connection)} or a later one."
        )


def restore(connection: sqlite3.Connection, number: int) -> None:
    """Bring every row touched since revision `number` back to what it was then.

    Call it inside a change, whose own revision is the newest: what is put back is journalled like
    any other change.

    :raises CatalogueError: when there is no such revision, or it is too old to be restored.
    """
    check_restorable(connection, number, newest(connection))
    refuse_damaged(connection)
    # The first entry after that revision holds what the row was (min() picks its columns).
    states = connection.execute(
        "SELECT entity, key, before, min(id) FROM journal WHERE revision > ? GROUP BY entity, key",
        (number,),
    ).fetchall()
    rows: dict[str, list[dict[str, Any]]] = {"product": [], "photo": []}
    gone: dict[str, list[str]] = {"product": [], "photo": []}
    for entity, key, before, _ in states:
        row = _row(before)
        if row is None:
            gone[entity].append(key)
        else:
            rows[entity].append(row)
    # Photographs point at products: they leave first and come back last.
    for entity in ("photo", "product"):
        connection.executemany(
            f"DELETE FROM {entity} WHERE id = ?", [(key,) for key in gone[entity]]
        )
    for entity in ("product", "photo"):
        for row in rows[entity]:
            _write(connection, entity, row)


def gaps(connection: sqlite3.Connection) -> list[str]:
    """Say where the journal and the tables contradict each other: a row of either is gone."""
    found = [
        f"Entries of the journal of revision {number} are gone"
        for (number,) in connection.execute(
            "SELECT number FROM revision WHERE number >= ? AND products >"
            " (SELECT count(DISTINCT key) FROM journal"
            "  WHERE revision = number AND entity = 'product')",
            (_journal_from(connection),),
        )
    ]
    for table, named in (("product", "Product “{}”"), ("photo", "Photograph number {}")):
        rows = connection.execute(
            "SELECT key, after, max(id) FROM journal WHERE entity = ? GROUP BY key"
            f" HAVING after IS NOT NULL AND key NOT IN (SELECT CAST(id AS TEXT) FROM {table})",
            (table,),
        )
        found += [f"{named.format(key)} is gone from the database" for key, *_ in rows]
    return found


def forget(connection: sqlite3.Connection) -> int:
    """Forget the journal of all but the last `RESTORABLE` changes; return of how many it was."""
    newer = connection.execute(
        "SELECT DISTINCT revision FROM journal ORDER BY revision DESC LIMIT ?", (RESTORABLE,)
    ).fetchall()
    if len(newer) < RESTORABLE:
        return 0
    oldest = newer[-1][0]
    (forgotten,) = connection.execute(
        "SELECT count(DISTINCT revision) FROM journal WHERE revision < ?", (oldest,)
    ).fetchone()
    if forgotten:
        connection.execute("DELETE FROM journal WHERE revision < ?", (oldest,))
        queries.set_setting(connection, "journal_from", str(oldest))
    return int(forgotten)


def _write(connection: sqlite3.Connection, entity: str, row: dict[str, Any]) -> None:
    """Insert or update one row, unless it is already so."""
    if entity == "product":
        row = {**_LATER, **row}
    names = list(row)
    if "attributes" in row:
        row["attributes"] = queries.attributes_text(row["attributes"])
    connection.execute(
        f"INSERT INTO {entity} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
        f" ON CONFLICT (id) DO UPDATE SET {', '.join(f'{n} = excluded.{n}' for n in names)}"
        f" WHERE ({', '.join(f'{entity}.{n}' for n in names)})"
        f" IS NOT ({', '.join(f'excluded.{n}' for n in names)})",
        list(row.values()),
    )


def _sum_of(
    connection: sqlite3.Connection, table: str, key: str, value: int
) -> tuple[int | None] | None:
    """Return the checksum of a row; None where there is no such row."""
    row: tuple[int | None] | None = connection.execute(
        f"SELECT sum FROM {table} WHERE {key} = ?", (value,)
    ).fetchone()
    return row


def _unknown(number: int) -> CatalogueError:
    return CatalogueError(f"There is no revision {number}: see the list of revisions.")


def _journal_from(connection: sqlite3.Connection) -> int:
    return int(queries.setting(connection, "journal_from") or 1)


def _seal(connection: sqlite3.Connection, number: int) -> None:
    """Write the checksums of a revision, its journal and all rows that it names there."""
    sums.seal(connection, "revision", "number = ?", (number,))
    sums.seal(connection, "journal", "revision = ?", (number,))
    for table, kind in (("product", "TEXT"), ("photo", "INTEGER")):
        touched = f"SELECT CAST(key AS {kind}) FROM journal WHERE revision = ? AND entity = ?"
        sums.seal(connection, table, f"id IN ({touched})", (number, table))


def refuse_damaged(connection: sqlite3.Connection) -> None:
    """Refuse to go by a journal that a failing disk has changed."""
    if sums.damaged(connection, ["journal"]):
        raise DamagedError(
            "The journal of the catalogue is damaged, so that no earlier state is sure: run "
            "`python -m search doctor --repair`."
        )


def _row(text: str | None) -> dict[str, Any] | None:
    return None if text is None else json.loads(text)
