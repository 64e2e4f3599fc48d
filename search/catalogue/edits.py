"""What other programs have changed in a catalogue's database: told, and taken over if wanted.

The file's triggers note such an edit of a product or photograph in the journal, under the newest
revision and without a checksum. Edits of other tables cannot be told from damage.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator

from search.catalogue import queries, sums
from search.catalogue.findings import Finding

_WHAT = {"product": "Product “{}”", "photo": "Photograph number {}"}


def check(connection: sqlite3.Connection, file: str) -> Iterator[Finding]:
    """Name what other programs have changed and nobody has taken over yet."""
    illegal: set[tuple[str, str]] | None = None
    rows = connection.execute(
        "SELECT entity, key, min(before IS NULL), max(after IS NULL) FROM journal"
        " WHERE sum IS NULL GROUP BY entity, key ORDER BY min(id)"
    )
    for entity, key, added, deleted in rows.fetchall():
        if illegal is None:
            illegal = _illegal(connection)
        done = "deleted" if deleted else "added" if added else "changed"
        named = _WHAT.get(entity, "{}").format(key)
        if (entity, key) in illegal:
            yield Finding(
                "edited",
                file,
                f"{named} was {done} by another program to what may not be stored, and is left "
                "out: put it right there, import it again, or put the last backup back with "
                "`python -m search restore-backup`.",
            )
            continue
        yield Finding(
            "edited",
            file,
            f"{named} was {done} by another program: `python -m search doctor --accept` takes that "
            "over, after which `rollback` can undo it; `restore-backup` puts the last backup back.",
        )


def accept(connection: sqlite3.Connection, revision: int) -> None:
    """Take over what is there as revision `revision`, the newest one, where it is legal.

    What is damaged beyond reading stays so, as do features, which are encoded anew.
    """
    legal = {
        "product": sums.broken(connection, "product") - queries.illegal(connection),
        "photo": sums.broken(connection, "photo") & _legal_photos(connection),
        "revision": sums.broken(connection, "revision"),
        "setting": sums.broken(connection, "setting") - _illegal_settings(connection),
        "journal": sums.broken(connection, "journal") & _legal_entries(connection),
    }
    connection.execute(
        "UPDATE journal SET revision = ? WHERE sum IS NULL AND revision = ?"
        " AND id IN (SELECT value FROM json_each(?))",
        (revision, revision - 1, json.dumps(sorted(legal["journal"]))),
    )
    for table, rowids in legal.items():
        chosen = json.dumps(sorted(rowids))
        sums.seal(connection, table, "rowid IN (SELECT value FROM json_each(?))", (chosen,))


def _legal_photos(connection: sqlite3.Connection) -> set[int]:
    rows = connection.execute(queries.SELECT_PHOTOS).fetchall()
    return {int(row[0]) for row in rows if queries.is_legal_photo(row)}


def _illegal_settings(connection: sqlite3.Connection) -> set[int]:
    rows = connection.execute("SELECT rowid, value FROM setting WHERE key = 'journal_from'")
    return {int(rowid) for rowid, value in rows if not str(value).isdecimal()}


def _legal_entries(connection: sqlite3.Connection) -> set[int]:
    """Return the entries of the journal to be taken over: not those of rows that stay illegal."""
    illegal = _illegal(connection)
    rows = connection.execute(
        "SELECT id, entity, key FROM journal WHERE (before IS NULL OR json_valid(before))"
        " AND (after IS NULL OR json_valid(after))"
    )
    return {int(id) for id, *named in rows if tuple(named) not in illegal}


def _illegal(connection: sqlite3.Connection) -> set[tuple[str, str]]:
    """Return the products and photographs that may not be stored, by table and key."""
    products = queries.illegal(connection)
    ids = connection.execute("SELECT rowid, id FROM product").fetchall() if products else []
    photos = connection.execute(queries.SELECT_PHOTOS).fetchall()
    return {("product", str(id)) for rowid, id in ids if rowid in products} | {
        ("photo", str(row[0])) for row in photos if not queries.is_legal_photo(row)
    }
