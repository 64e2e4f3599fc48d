"""Backups of `catalogue.db`: copies beside it, made by themselves, complete and checked.

One is made after the first change of each day, and one before a change that replaces or deletes
much. They hold products, features and journal; photograph files are never changed in place, so
that those beside a backup are still the ones it names, until a purge.
"""

from __future__ import annotations

import contextlib
import re
import sqlite3
import threading
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal, cast
from urllib.parse import quote

from search.catalogue import schema, sums
from search.catalogue.files import BACKUPS, inside
from search.errors import BusyError, SearchError
from search.files import draft_folder, sync, sync_folder

KEPT = 7  # of each kind; a day has one of after a change

LOGS = ("-wal", "-journal")
"""Ends of the names of files beside a database that belong to its content."""

Kind = Literal["daily", "before", "replaced"]
_NAME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ)-(daily|before|replaced)\.db")
_STAMP = "%Y-%m-%dT%H-%M-%SZ"
_PATIENCE = 10.0  # seconds
_FAILURES = (OSError, sqlite3.Error, SearchError, UnicodeDecodeError)  # of a damaged database too
_MAKING, _STARTING = threading.Lock(), threading.Lock()
_UNDER_WAY: dict[Path, threading.Thread] = {}


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy of the database.

    `kind` is "daily" (after a day's first change), "before" (a large change, a purge, a new format)
    or "replaced" (what was there when a backup was put back, perhaps damaged); `at` is UTC.
    """

    name: str
    kind: Kind
    at: datetime
    path: Path


def listed(folder: Path) -> list[Backup]:
    """Return the backups of the catalogue in a folder, newest first.

    :raises OutsideError: when the folder of backups is a link that leads elsewhere.
    """
    place, found = inside(folder, BACKUPS), []
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        for path in place.iterdir():
            match = _NAME.fullmatch(path.name)
            with contextlib.suppress(ValueError):  # a date that is none
                if match and not path.is_symlink():
                    at = datetime.strptime(match[1], _STAMP).replace(tzinfo=UTC)
                    found.append(Backup(path.name, cast(Kind, match[2]), at, path))
    return sorted(found, key=lambda backup: backup.name, reverse=True)


def after_change(database: Path) -> None:
    """Begin the day's backup, unless there is one; where it cannot be made, nothing else is lost.

    Nobody waits for it but `finish`, and the end of the program. One that is killed makes none: the
    next change does.
    """
    with contextlib.suppress(OSError, SearchError, RuntimeError), _STARTING:
        if database not in _UNDER_WAY and not _has_todays(database):
            thread = threading.Thread(target=_make_todays, args=(database,), name="backup")
            thread.start()  # a RuntimeError where the system has no more threads
            _UNDER_WAY[database] = thread


def finish(database: Path) -> None:
    """Wait for a backup of this process that is being made."""
    with _STARTING:
        thread = _UNDER_WAY.get(database)
    if thread is not None:
        thread.join()


def _make_todays(database: Path) -> None:
    try:
        with contextlib.suppress(*_FAILURES), _MAKING:
            if not _has_todays(database):
                make(database, "daily")
    finally:
        with _STARTING:
            del _UNDER_WAY[database]


def _has_todays(database: Path) -> bool:
    days = {backup.at.date() for backup in listed(database.parent) if backup.kind == "daily"}
    return datetime.now(UTC).date() in days


def before_large_change(database: Path) -> None:
    """Make a backup of what is committed; where it cannot be made, nothing else is lost."""
    with contextlib.suppress(*_FAILURES), _MAKING:
        make(database, "before")


def make(database: Path, kind: Kind) -> Backup | None:
    """Copy what is committed, whole or not at all; None, and nothing is kept, if it is damaged.

    Neither readers nor writers wait for it.

    :raises OSError, sqlite3.Error: when the folder cannot be written or the file not be read.
    """
    folder = inside(database.parent, BACKUPS)
    folder.mkdir(exist_ok=True)
    with draft_folder(folder) as place:
        draft = place / "copy.db"
        with closing(reading(database)) as source, closing(sqlite3.connect(draft)) as copy:
            copy_database(source, copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # a single file
        if not is_sound(draft):
            return None
        sync(draft)
        backup = free_name(database.parent, kind)
        draft.replace(backup.path)
    sync_folder(folder)
    _forget_old(database.parent)
    return backup


def copy_database(source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    """Copy one database over another by SQLite's online backup: in one transaction.

    :raises BusyError: when somebody else kept either of them for longer than 10 seconds.
    """
    deadline = time.monotonic() + _PATIENCE

    def give_up(status: int, *_: int) -> None:  # sqlite3 itself would try for ever
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and time.monotonic() > deadline:
            raise BusyError("Somebody else is using the catalogue: try again in a moment.")

    source.backup(target, progress=give_up, sleep=0.05)


def free_name(folder: Path, kind: Kind) -> Backup:
    """Return a backup of this moment, still to be written; no two are of one second."""
    taken = {backup.at for backup in listed(folder)}
    at = datetime.now(UTC).replace(microsecond=0)
    while at in taken:
        at += timedelta(seconds=1)
    name = f"{at.strftime(_STAMP)}-{kind}.db"
    return Backup(name, kind, at, inside(folder, f"{BACKUPS}/{name}"))


def is_sound(file: Path) -> bool:
    """Tell whether a file that nobody writes to is a whole catalogue, features apart."""
    try:
        with closing(reading(file, "immutable=1")) as connection:
            return (
                schema.version(connection, file) > 0
                and connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
                and connection.execute("PRAGMA foreign_key_check").fetchone() is None
                and not sums.damaged(connection)
            )
    except (sqlite3.Error, SearchError, UnicodeDecodeError):
        return False


def reading(file: Path, how: str = "mode=ro") -> sqlite3.Connection:
    """Open a database that is only read."""
    connection = sqlite3.connect(f"file:{quote(str(file.absolute()))}?{how}", uri=True)
    connection.text_factory = sums.read_text
    return connection


def _forget_old(folder: Path) -> None:
    found = listed(folder)
    for kind in ("daily", "before", "replaced"):
        for backup in [b for b in found if b.kind == kind][KEPT:]:
            for end in ("", *LOGS):
                Path(f"{backup.path}{end}").unlink(missing_ok=True)
