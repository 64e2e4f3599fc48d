"""A backup of a whole catalogue in a folder of its own: the database and every photograph.

Such a folder holds a copy of the database, `photos/` as a catalogue has it, and `backup.json`,
which names the copy. That one is written last and at once, so whenever the process is killed the
folder holds the backup from before, or none.

Photographs are linked where the disk allows (one file on it, with two names) and copied elsewhere.
That is safe as nothing here writes to a photograph's file: it is named by its content, comes into
its place by a rename, and leaves it by one or by being deleted. So `doctor --repair` and `purge`
change nothing of a backup. A linked one is lost with its disk, though.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from search.catalogue import backups, schema
from search.catalogue.files import PHOTOS, inside
from search.errors import BackupError, BusyError, OutsideError
from search.files import claimed, is_draft, sha256, write_atomically

DESCRIPTION = "backup.json"
_FORMAT = 1
_LARGEST = 50_000_000  # bytes of a description, which names the photographs that were lost
_DATABASE = re.compile(r"catalogue-\d{1,19}-[0-9a-f]{12}\.db")
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True, slots=True)
class FolderBackup:
    """What `backup.json` says: of which catalogue, at which revision and time, and where it is.

    `sha256` is of the database's copy. `missing` are places of photographs that the catalogue had
    lost already.
    """

    catalogue: str
    revision: int
    at: str
    database: str
    sha256: str
    photographs: int
    missing: tuple[str, ...] = ()
    format: int = _FORMAT


@dataclass(frozen=True, slots=True)
class Wanted:
    """A photograph that a database needs; `is_current` unless only a restorable revision does."""

    file: str
    sha256: str
    is_current: bool


def read(folder: Path) -> FolderBackup | None:
    """Read which backup a folder holds; None where it holds none.

    :raises BackupError: when its description is damaged, or of a newer version of this program.
    """
    place = folder / DESCRIPTION
    damaged = BackupError(f"{place} is damaged: choose another backup; nothing was changed.")
    try:
        with place.open("rb") as file:
            said: Any = json.loads(file.read(_LARGEST))
    except FileNotFoundError:
        return None
    except (ValueError, RecursionError) as error:
        raise damaged from error
    if not isinstance(said, dict):
        raise damaged
    if said.get("format") != _FORMAT:
        raise BackupError(
            f"The backup in {folder} has a format that this version of the program does not know: "
            "update the program."
        )
    try:
        found = FolderBackup(**{**said, "missing": tuple(map(str, said["missing"]))})
    except (TypeError, KeyError) as error:
        raise damaged from error
    texts = (found.catalogue, found.at, found.database, found.sha256)
    is_legal = (
        all(isinstance(text, str) and text.isprintable() and len(text) < 256 for text in texts)
        and isinstance(found.revision, int)
        and _DATABASE.fullmatch(found.database)
    )
    if not is_legal:
        raise damaged
    return found


def write(folder: Path, backup: FolderBackup) -> None:
    """Make a backup the one that a folder holds."""
    write_atomically(folder / DESCRIPTION, json.dumps(asdict(backup), indent=1).encode())


def database_name(revision: int, digest: str) -> str:
    """Name the copy of a database, of this revision and sha256."""
    return f"catalogue-{revision}-{digest[:12]}.db"


def refuse_foreign(folder: Path) -> None:
    """Refuse a folder that holds anything but a backup, or a link, which could lead anywhere.

    :raises BackupError: saying which.
    """
    for name in [path.name for path in folder.iterdir()]:
        is_own = name in (DESCRIPTION, PHOTOS) or _DATABASE.fullmatch(name)
        if not is_own and not is_draft(name):
            raise BackupError(
                f"{folder} holds {name[:80]!r}, which is no part of a backup: name a new or empty "
                "folder, or the one with the backup from before."
            )
    waiting = [folder]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(Path(entry.path))
                elif not entry.is_file(follow_symlinks=False):
                    raise BackupError(
                        f"{entry.path!r} is a link or no plain file: take it away, or name another "
                        "folder."
                    )


def verified(folder: Path) -> FolderBackup:
    """Give the backup that a folder holds, once its database has turned out to be whole.

    :raises BackupError: when it holds none, or one that is damaged, or links, or names files
        outside of it.
    """
    refuse_foreign(folder)
    backup = read(folder)
    if backup is None:
        raise BackupError(
            f"{folder} holds no finished backup: name a folder made by `python -m search backup`."
        )
    file = folder / backup.database
    if not file.is_file() or sha256(file) != backup.sha256 or not backups.is_sound(file):
        raise BackupError(f"The database in {folder} is damaged: choose another backup.")
    for photo in wanted(file):
        try:
            inside(folder, photo.file, PHOTOS)
        except OutsideError as error:
            raise BackupError(
                f"The backup in {folder} names {photo.file[:200]!r} as a photograph, which leads "
                "out of it: it was refused, and nothing was changed."
            ) from error
    return backup


def wanted(database: Path) -> list[Wanted]:
    """List the photographs that a database needs which nobody writes to, each place once.

    :raises sqlite3.Error: when it cannot be read.
    """
    with closing(backups.reading(database, "immutable=1")) as connection:
        current = connection.execute("SELECT file, sha256 FROM photo").fetchall()
        older = connection.execute(
            "SELECT json_extract(coalesce(before, after), '$.file'),"
            " json_extract(coalesce(before, after), '$.sha256')"
            " FROM journal WHERE entity = 'photo' AND json_valid(coalesce(before, after))"
        ).fetchall()
    found = {str(file): Wanted(str(file), str(digest), False) for file, digest in older}
    found |= {str(file): Wanted(str(file), str(digest), True) for file, digest in current}
    return list(found.values())


@contextlib.contextmanager
def held(folder: Path, database: Path, *, shared: bool = False) -> Iterator[None]:
    """Keep a backup's folder to oneself, and turn what goes wrong with it into a sentence."""
    try:
        with claimed(folder, shared=shared):
            yield
    except BlockingIOError as error:
        raise BusyError(f"Somebody else is using {folder}: try again in a moment.") from error
    except sqlite3.Error as error:
        code = int(getattr(error, "sqlite_errorcode", 0)) & 0xFF
        if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise schema.damaged(database) from error
        raise _unusable(folder, str(error), is_full=code == sqlite3.SQLITE_FULL) from error
    except OSError as error:
        why = error.strerror or str(error)
        raise _unusable(folder, why, is_full=error.errno in _FULL) from error


def _unusable(folder: Path, why: str, *, is_full: bool) -> BackupError:
    if is_full:
        return BackupError(
            f"The disk is full ({folder}): free some space and run it again; what was there "
            "before is untouched."
        )
    return BackupError(
        f"The folder {folder} cannot be used ({why}): allow this user to read and write it, or "
        "name another; what was there before is untouched."
    )
