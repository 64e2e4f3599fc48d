"""Put a backup back in the place of a catalogue, whose database need not be readable."""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from search.catalogue import backups, folder_backups, placing, revisions, schema, sums
from search.catalogue.backups import LOGS, Backup
from search.catalogue.database import explained
from search.catalogue.files import BACKUPS, inside
from search.catalogue.folder_backups import FolderBackup
from search.errors import CatalogueError
from search.files import draft_folder, sync, sync_folder
from search.progress import OnProgress
from search.roles import OPERATOR, Actor, Permission, require

_UNKNOWN = 1000  # more revisions than anybody made since the backup
_NEVER_GIVEN = 1_000_000  # more photographs than that
_UNUSABLE = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_READONLY)


@dataclass(frozen=True, slots=True)
class Restored:
    """A folder's backup that was put back, as a new catalogue or over one; and its photographs.

    `problems` are sentences about photographs that the backup has lost.
    """

    backup: FolderBackup
    photographs: int
    is_new: bool
    problems: tuple[str, ...]


def restore_backup(database: Path, name: str | None = None, *, actor: Actor = OPERATOR) -> Backup:
    """Put a backup back, the last sound one or the one named; return it.

    What was there before is kept as a further backup, damaged or not. The state put back has a
    revision of its own, so that nothing derived from a lost state is taken for true of it.

    :raises CatalogueError: when there is no such backup, it is damaged itself, or the folder cannot
        be written.
    :raises BusyError: when somebody else is writing.
    :raises AccessError: the one who acts may not.
    """
    acting = require(actor, Permission.BACKUPS)
    backups.finish(database)
    backup = _choose(database.parent, name)
    with explained(database), draft_folder(inside(database.parent, BACKUPS)) as place:
        draft = place / "copy.db"
        shutil.copyfile(backup.path, draft)
        _replace(database, draft, _last_known(database), backup.name, acting.name)
    return backup


def restore_folder(
    database: Path,
    folder: Path,
    *,
    is_new: bool = False,
    actor: Actor = OPERATOR,
    on_progress: OnProgress | None = None,
) -> Restored:
    """Put the backup that a folder holds back, database and photographs, as `restore_backup` does.

    Every photograph's sha256 is compared first. Nothing is deleted: a photograph that the backup
    does not have stays where it is, and one that is damaged is replaced.

    :param is_new: nobody knows anything of this catalogue yet.
    :raises BackupError: when the folder holds no whole backup, or links, or names files outside.
    :raises CatalogueError: when the catalogue's folder cannot be written.
    :raises BusyError: when somebody else is writing, or makes a backup in that folder.
    :raises AccessError: the one who acts may not.
    :raises Cancelled: `on_progress` returned False; photographs apart, nothing was changed.
    """
    acting = require(actor, Permission.BACKUPS)
    backups.finish(database)
    with folder_backups.held(folder, database, shared=True):
        backup = folder_backups.verified(folder)
        wanted = folder_backups.wanted(folder / backup.database)
        with explained(database):
            place = inside(database.parent, BACKUPS)
            place.mkdir(parents=True, exist_ok=True)
            with draft_folder(place) as draft:
                copy = draft / "copy.db"
                shutil.copyfile(folder / backup.database, copy)
                placed = placing.place(
                    wanted, folder, database.parent, draft, on_progress=on_progress
                )
                known = 0 if is_new else _last_known(database)
                detail = f"revision {backup.revision} of {backup.catalogue}, {backup.at}"
                _replace(database, copy, known, detail, acting.name)
    problems = tuple(
        f"The photograph {photo.file} is gone or damaged in the backup too."
        for photo in placed.lost
    )
    return Restored(backup, len(wanted) - placed.counts["lost"], is_new, problems)


def _replace(database: Path, draft: Path, known: int, detail: str, actor: str) -> None:
    """Put a copy of a backup in the place of a database, which is kept as a backup itself."""
    _continue(draft, known, detail, actor)
    sync(draft)
    _keep(database)
    _put(draft, database)


def _choose(folder: Path, name: str | None) -> Backup:
    found = backups.listed(folder)
    if name is not None:
        named = [backup for backup in found if backup.name in (name, f"{name}.db")]
        if not named:
            raise CatalogueError(
                f"There is no backup “{name}” of {folder.name}: see `python -m search "
                f"restore-backup --list --catalogue {folder.name}`."
            )
        if not backups.is_sound(named[0].path):
            raise CatalogueError(f"The backup “{name}” is damaged itself: choose another one.")
        return named[0]
    for backup in found:
        if backup.kind != "replaced" and backups.is_sound(backup.path):
            return backup
    raise CatalogueError(
        f"There is no sound backup of {folder.name} in {folder / BACKUPS}: copy one of "
        "your own to catalogue.db, or move the folder away and import the products again."
    )


def _continue(draft: Path, known: int, detail: str, actor: str) -> None:
    """Bring a copy of a backup to today's format and give it a revision never used before.

    :param known: the newest revision that may be known to anybody.
    """
    with closing(sqlite3.connect(draft, isolation_level=None)) as connection:
        schema.migrate(connection, draft)
        at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        number = max(known, revisions.newest(connection)) + 1
        connection.execute(
            "INSERT INTO revision (number, at, actor, action, detail) VALUES (?, ?, ?, ?, ?)",
            (number, at, actor, "restore backup", detail),
        )
        sums.seal(connection, "revision", "number = ?", (number,))
        # A photograph's number, too, may have been given since, and be remembered by somebody.
        connection.execute(
            "INSERT INTO sqlite_sequence (name, seq) SELECT 'photo', 0"
            " WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'photo')"
        )
        connection.execute(
            "UPDATE sqlite_sequence SET seq = seq + ? WHERE name = 'photo'", (_NEVER_GIVEN,)
        )


def _last_known(database: Path) -> int:
    """Return the newest revision that may be known to anybody, also of a damaged database."""
    numbers = [0]
    for description in database.parent.glob("neighbours-*.json"):
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            numbers.append(int(json.loads(description.read_bytes())["revision"]))
    address = f"{database.absolute().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(address, uri=True)) as connection:
            return max(*numbers, revisions.newest(connection))
    except (sqlite3.Error, UnicodeDecodeError):
        return max(numbers) + _UNKNOWN


def _keep(database: Path) -> None:
    """Keep what is there as a backup: a sound database as one file, else its files as they are."""
    if not database.exists():
        return
    with contextlib.suppress(sqlite3.Error, CatalogueError, UnicodeDecodeError):
        if backups.make(database, "replaced") is not None:
            return
    kept = backups.free_name(database.parent, "replaced").path
    for end in ("", *LOGS):
        with contextlib.suppress(FileNotFoundError):
            shutil.copyfile(f"{database}{end}", f"{kept}{end}")


def _put(draft: Path, database: Path) -> None:
    """Write through SQLite where it can still use the file, so that running processes see it."""
    try:
        with (
            closing(sqlite3.connect(draft)) as source,
            closing(sqlite3.connect(database, timeout=10.0)) as target,
        ):
            backups.copy_database(source, target)
            return
    except UnicodeDecodeError:  # even the names of its tables are damaged
        pass
    except sqlite3.DatabaseError as error:
        if int(getattr(error, "sqlite_errorcode", 0)) & 0xFF not in _UNUSABLE:
            raise
    for end in (*LOGS, "-shm"):
        Path(f"{database}{end}").unlink(missing_ok=True)
    draft.replace(database)
    sync_folder(database.parent)
