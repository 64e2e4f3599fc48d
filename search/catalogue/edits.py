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
    rows = connection.execute(
        "SELECT entity, key, min(before IS NULL), max(after IS NULL) FROM journal"
        " WHERE sum IS NULL GROUP BY entity, key ORDER BY min(id)"
    )
    for entity, key, added, deleted in rows.fetchall():
        done = "deleted" if deleted else "added" if added else "changed"
        named = _WHAT.get(entity, "{}").format(key)
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
    broken = {table: sums.broken(connection, table) for table in sums.KEYS}
    connection.execute(
        "UPDATE journal SET revision = ? WHERE sum IS NULL AND revision = ?",
        (revision, revision - 1),
    )
    legal = {
        "product": set(broken["product"]) - queries.illegal(connection),
        "photo": _legal_photos(connection) & broken["photo"],
        "revision": broken["revision"],
        "setting": broken["setting"],
        "journal": _legal_entries(connection) & broken["journal"],
    }
    for table, rowids in legal.items():
        chosen = json.dumps(sorted(rowids))
        sums.seal(connection, table, "rowid IN (SELECT value FROM json_each(?))", (chosen,))


def _legal_photos(connection: sqlite3.Connection) -> set[int]:
    rows = connection.execute(queries.SELECT_PHOTOS).fetchall()
    return {int(row[0]) for row in rows if queries.is_legal_photo(row)}


def _legal_entries(connection: sqlite3.Connection) -> set[int]:
    rows = connection.execute(
        "SELECT id FROM journal WHERE (before IS NULL OR json_valid(before))"
        " AND (after IS NULL OR json_valid(after))"
    )
    return {int(id) for (id,) in rows}
