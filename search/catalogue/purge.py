"""Give back what a catalogue no longer needs: files, features and the journal of old changes."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path

from search.catalogue import features as stored
from search.catalogue import queries, revisions
from search.catalogue.database import Database, explained
from search.catalogue.files import PHOTOS, STRAYS, THUMBS, listing, thumb_file

SPARED = 24 * 3600  # seconds; an import that is under way saves its features before its rows


@dataclass(frozen=True, slots=True)
class PurgeReport:
    """What a purge deleted: photograph files, thumbnails, features, and journals of revisions.

    `bytes` is the size of the deleted files.
    """

    files: int
    thumbnails: int
    features: int
    revisions: int
    bytes: int


def purge(database: Database, folder: Path) -> PurgeReport:
    """Delete files and features that neither the catalogue nor its last changes need.

    The journal of all but the last `revisions.RESTORABLE` changes is forgotten first. Files are
    deleted in a second transaction, so that a crash between the two leaves only files too many.

    :raises BusyError: when somebody else was writing for longer than the database's patience.
    """
    with database.writing() as connection, explained(database.path):
        forgotten = revisions.forget(connection)
        features = stored.delete_unused(connection, before=int(time.time()) - SPARED)
    with database.writing() as connection, explained(database.path):
        photos = queries.referenced(connection, "file")
        thumbs = {thumb_file(str(sha256)) for sha256 in queries.referenced(connection, "sha256")}
        files = [file for file in listing(folder, PHOTOS) if file not in photos]
        files += listing(folder, STRAYS)
        thumbnails = [file for file in listing(folder, THUMBS) if file not in thumbs]
        freed = sum(_delete(folder / file) for file in (*files, *thumbnails))
    with contextlib.suppress(sqlite3.Error):  # gives space back; somebody reading puts it off
        database.connection().execute("VACUUM")
    return PurgeReport(len(files), len(thumbnails), features, forgotten, freed)


def _delete(path: Path) -> int:
    """Delete a file and return its size in bytes; 0 where it is gone already."""
    try:
        size = path.lstat().st_size
        path.unlink()
    except FileNotFoundError:  # a thumbnail just being written
        return 0
    return size
