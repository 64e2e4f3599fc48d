"""Back a catalogue up to a folder, while others change it; see `folder_backups`."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from search.catalogue import backups, folder_backups, placing, revisions, schema
from search.catalogue import features as stored
from search.catalogue.files import PHOTOS, inside, listing
from search.catalogue.folder_backups import FolderBackup, Wanted
from search.errors import BackupError, DamagedError, OutsideError
from search.files import draft_folder, remove_abandoned, sha256, sync, sync_folder
from search.plural import counted
from search.progress import OnProgress

_TRIES = 3


@dataclass(frozen=True, slots=True)
class BackedUp:
    """A backup that was made: of which revision, and how its photographs came there.

    `kept` were there from before. `problems` are sentences about what the catalogue has lost.
    """

    revision: int
    photographs: int
    kept: int
    linked: int
    copied: int
    problems: tuple[str, ...]


def back_up(database: Path, folder: Path, *, on_progress: OnProgress | None = None) -> BackedUp:
    """Back up a catalogue's database and photographs to a folder, or bring its backup up to date.

    The backup is of one revision, with all its photographs, whatever is written meanwhile. Every
    row's checksum and every photograph's sha256 is compared, of those from before too. Until it is
    finished, the folder holds the backup from before.

    :raises BackupError: when the folder holds anything else, or cannot be written, or its disk is
        full.
    :raises DamagedError: when the catalogue's database is damaged; nothing was changed.
    :raises BusyError: when somebody else uses the folder.
    :raises Cancelled: `on_progress` returned False; the backup from before is still there.
    """
    name = database.parent.absolute().name
    _make_folder(folder)
    with folder_backups.held(folder, database):
        folder_backups.refuse_foreign(folder)
        _refuse_another(folder, name)
        remove_abandoned(folder)
        for tried in range(1, _TRIES + 1):
            with draft_folder(folder) as draft:
                copy = draft / "copy.db"
                revision, damaged = _copy(database, copy)
                wanted = _wanted(copy, database.parent)
                placed = placing.place(
                    wanted, database.parent, folder, draft, on_progress=on_progress
                )
                # A purge may have deleted what a revision since then no longer needs.
                if placed.lost and tried < _TRIES and _newest(database) != revision:
                    continue
                lost = tuple(photo.file for photo in placed.lost)
                counts = placed.counts
                _publish(copy, folder, name, revision, len(wanted) - counts["lost"], lost)
            break
        _tidy(folder, wanted)
    problems = [_lost(file) for file in lost]
    if damaged:
        problems.append(
            f"{counted(damaged, 'feature')} of the catalogue damaged: run `python -m search doctor "
            "--repair`, which encodes anew."
        )
    return BackedUp(
        revision,
        len(wanted) - counts["lost"],
        counts["kept"],
        counts["linked"],
        counts["copied"],
        tuple(problems),
    )


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BackupError(
            f"The folder {folder} cannot be made ({error.strerror}): name another one."
        ) from error


def _refuse_another(folder: Path, name: str) -> None:
    before = folder_backups.read(folder)
    if before is not None and before.catalogue != name:
        raise BackupError(
            f"{folder} holds a backup of “{before.catalogue[:80]}”, not of “{name}”: name another "
            "folder."
        )


def _copy(database: Path, copy: Path) -> tuple[int, int]:
    """Copy what is committed; return its revision, and how many features are damaged."""
    with closing(backups.reading(database)) as source, closing(sqlite3.connect(copy)) as target:
        backups.copy_database(source, target)
        target.execute("PRAGMA journal_mode = DELETE")  # a single file
    if not backups.is_sound(copy):
        raise DamagedError(
            f"The catalogue {database} is damaged, so nothing was backed up and an earlier backup "
            "is untouched: run `python -m search doctor --repair`."
        )
    with closing(backups.reading(copy, "immutable=1")) as connection:
        schema.version(connection, copy)
        return revisions.newest(connection), len(stored.damaged(connection))


def _wanted(copy: Path, folder: Path) -> list[Wanted]:
    found = folder_backups.wanted(copy)
    for photo in found:
        try:
            inside(folder, photo.file, PHOTOS)
        except OutsideError as error:
            raise DamagedError(
                f"A row of {folder.name} names a photograph outside of it, so nothing was backed "
                "up: run `python -m search doctor --repair`."
            ) from error
    return found


def _newest(database: Path) -> int:
    with closing(backups.reading(database)) as connection:
        return revisions.newest(connection)


def _publish(
    copy: Path, folder: Path, name: str, revision: int, photographs: int, lost: tuple[str, ...]
) -> None:
    """Make a copy of the database, whose photographs are there, the backup that a folder holds."""
    sync(copy)
    digest = sha256(copy)
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    database = folder_backups.database_name(revision, digest)
    copy.replace(folder / database)
    sync_folder(folder)
    folder_backups.write(
        folder, FolderBackup(name, revision, at, database, digest, photographs, lost)
    )


def _tidy(folder: Path, wanted: list[Wanted]) -> None:
    """Delete what only earlier backups needed."""
    needed = {photo.file for photo in wanted}
    present = folder_backups.read(folder)
    for file in listing(folder, PHOTOS):
        if file not in needed:
            (folder / file).unlink(missing_ok=True)
    for path in folder.glob("catalogue-*.db"):
        if present is not None and path.name != present.database:
            path.unlink(missing_ok=True)


def _lost(file: str) -> str:
    return (
        f"The photograph {file} is gone or damaged, in the catalogue and in earlier backups: run "
        "`python -m search doctor --repair --thorough`."
    )
