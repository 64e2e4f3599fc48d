"""Give back what a catalogue no longer needs: files, features and the journal of old changes."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path

from search.catalogue import backups, queries, repair, revisions, schema, sums
from search.catalogue import features as stored
from search.catalogue.database import Database, explained
from search.catalogue.files import PHOTOS, STRAYS, THUMBS, listing, thumb_file
from search.errors import CatalogueError, DamagedError

MOST = 0.1  # share of the files that goes without being confirmed
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


def purge(database: Database, folder: Path, *, yes_all: bool = False) -> PurgeReport:
    """Delete files and features that neither the catalogue nor its last changes need.

    The journal of all but the last `revisions.RESTORABLE` changes is forgotten first. Files are
    deleted in a second transaction, so that a crash between the two leaves only files too many.

    :param yes_all: delete however many; otherwise more than a tenth of all files is refused.
    :raises CatalogueError: when more than a tenth of the photograph files would go.
    :raises DamagedError: when the database is damaged, so that it may have forgotten photographs.
    :raises BusyError: when somebody else was writing for longer than the database's patience.
    """
    with database.writing() as connection, explained(database.path):
        if not repair.is_sound(connection):
            raise schema.damaged(database.path)
        # Which may name other files than are needed.
        if sums.damaged(connection) or revisions.gaps(connection):
            raise DamagedError(
                f"Rows of {folder.name} are damaged: nothing was deleted; run `python -m search "
                "doctor --repair`."
            )
        forgotten = revisions.forget(connection)
        features = stored.delete_unused(connection, before=int(time.time()) - SPARED)
        if not yes_all:
            _refuse_if_many(connection, folder)
        if forgotten or features:
            backups.before_large_change(database.path)  # which sees what is committed so far
    with database.writing() as connection, explained(database.path):
        thumbs = {thumb_file(str(sha256)) for sha256 in queries.referenced(connection, "sha256")}
        files = _unneeded(connection, folder)
        thumbnails = [file for file in listing(folder, THUMBS) if file not in thumbs]
        freed = sum(_delete(folder / file) for file in (*files, *thumbnails))
    with contextlib.suppress(sqlite3.Error):  # gives space back; somebody reading puts it off
        database.connection().execute("VACUUM")
    return PurgeReport(len(files), len(thumbnails), features, forgotten, freed)


def _unneeded(connection: sqlite3.Connection, folder: Path) -> list[str]:
    photos = queries.referenced(connection, "file")
    files = [file for file in listing(folder, PHOTOS) if file not in photos]
    return files + listing(folder, STRAYS)


def _refuse_if_many(connection: sqlite3.Connection, folder: Path) -> None:
    gone = len(_unneeded(connection, folder))
    total = len(listing(folder, PHOTOS)) + len(listing(folder, STRAYS))
    if gone > MOST * total:
        raise CatalogueError(
            f"{gone} of {total} photograph files are needed by no product or recent change, which "
            f"is more than a tenth: nothing was deleted. If {folder.name} is as it should be, run "
            "`python -m search purge --yes-all`; otherwise run doctor."
        )


def _delete(path: Path) -> int:
    """Delete a file and return its size in bytes; 0 where it is gone already."""
    try:
        size = path.lstat().st_size
        path.unlink()
    except FileNotFoundError:  # a thumbnail just being written
        return 0
    return size
