"""Where the user's data lives: one folder, a sub-folder for each named catalogue."""

from __future__ import annotations

import contextlib
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from search.catalogue import DATABASE, Backup, Catalogue, backing_up, folder_backups, restoring
from search.catalogue.backing_up import BackedUp
from search.catalogue.backups import listed
from search.catalogue.files import DATA, inside
from search.catalogue.restoring import Restored
from search.errors import BackupError, CatalogueError
from search.files import draft_folder, remove_abandoned, sync_all, sync_folder, write_atomically
from search.home import ROOT, data_folder
from search.progress import OnProgress
from search.roles import OPERATOR, Actor, Permission, require

DEMO = ROOT / "assets" / "demo"
DEMO_NAME = "demo"
SAMPLES = "samples"  # the demo's setting: a JSON list of the customers' photographs to begin with
_CURRENT = "current"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


def names() -> list[str]:
    """Return the names of the catalogues, sorted; the demo is installed when there is none yet."""
    found = _present()
    if not found and install_demo():
        found = _present()
    return found


def current() -> str:
    """Return the catalogue in use: the one chosen last, else the first present, else the demo."""
    present = names()
    try:
        chosen = (data_folder() / _CURRENT).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        chosen = ""
    if chosen in present:
        return chosen
    return present[0] if present and DEMO_NAME not in present else DEMO_NAME


def use(name: str, actor: Actor = OPERATOR) -> None:
    """Make a catalogue the one in use when none is named.

    :raises AccessError: the one who acts may not.
    :raises CatalogueError: when there is no such catalogue, or the folder cannot be written.
    """
    require(actor, Permission.CATALOGUES)
    if name not in names():
        raise CatalogueError(f"There is no catalogue “{name}”. Present: {', '.join(names())}.")
    try:
        write_atomically(data_folder() / _CURRENT, name.encode())
    except OSError as error:
        raise CatalogueError(
            f"The folder {data_folder()} cannot be written ({error.strerror}): allow writing in "
            "it, or name another folder in the environment variable SEARCH_HOME."
        ) from error


def check_name(name: str) -> str:
    """Return a catalogue's name, if a folder may be called so on any system.

    :raises CatalogueError: when it has anything but lower-case letters, digits, `-` and `_`.
    """
    if not _NAME.fullmatch(name):
        raise CatalogueError(
            f"“{name}” cannot name a catalogue: use lower-case letters, digits, - and _, "
            "beginning with a letter or digit, at most 64 in all."
        )
    return name


def open_catalogue(name: str | None = None, *, create: bool = False) -> Catalogue:
    """Open a catalogue by name, or the one in use.

    :raises CatalogueError: when it does not exist and `create` is false, or cannot be opened.
    """
    return Catalogue(_folder(name, create=create))


def create(name: str, actor: Actor = OPERATOR) -> Catalogue:
    """Make a new, empty catalogue.

    :raises AccessError: the one who acts may not.
    :raises CatalogueError: when the name is taken or none, or the folder cannot be written.
    """
    require(actor, Permission.CATALOGUES)
    if check_name(name) in names():
        raise CatalogueError(f"There is a catalogue “{name}” already: choose another name.")
    return Catalogue(data_folder() / name)


def _folder(name: str | None, *, create: bool = False) -> Path:
    name = current() if name is None else check_name(name)
    if not create and name not in names():
        known = ", ".join(names()) or "none"
        raise CatalogueError(
            f"There is no catalogue “{name}” (present: {known}). "
            "Make one with `python -m search build FOLDER --catalogue NAME`."
        )
    return data_folder() / name


def restore_backup(
    name: str | None = None, backup: str | None = None, *, actor: Actor = OPERATOR
) -> Backup:
    """Put a backup back in a catalogue that need not open: the last sound one, or the one named.

    :raises CatalogueError: when there is no such catalogue or backup, or it is damaged itself.
    """
    return restoring.restore_backup(_folder(name) / DATABASE, backup, actor=actor)


def back_up(
    folder: Path,
    name: str | None = None,
    *,
    actor: Actor = OPERATOR,
    on_progress: OnProgress | None = None,
) -> BackedUp:
    """Back a catalogue up to a folder elsewhere, or bring its backup there up to date.

    What customers did (`events.db`) is none of it, nor what can be made again.

    :raises AccessError: the one who acts may not.
    :raises CatalogueError: when there is no such catalogue, or it or the folder cannot be used.
    :raises Cancelled: `on_progress` returned False; the backup from before is still there.
    """
    require(actor, Permission.BACKUPS)
    with open_catalogue(name) as catalogue:
        folder = folder.absolute()
        if folder.resolve().is_relative_to(data_folder().resolve()):
            raise BackupError(
                f"{folder} lies among the catalogues themselves: name a folder elsewhere, best on "
                "another disk."
            )
        return backing_up.back_up(catalogue.folder / DATABASE, folder, on_progress=on_progress)


def restore_folder(
    folder: Path,
    name: str | None = None,
    *,
    actor: Actor = OPERATOR,
    on_progress: OnProgress | None = None,
) -> tuple[str, Restored]:
    """Put a backup that a folder holds back, as a new catalogue or over one, which need not open.

    :param name: of that catalogue; that of the one backed up unless given.
    :returns: its name, and what was put back.
    :raises AccessError: the one who acts may not.
    :raises CatalogueError: when the folder holds no whole backup, or nothing can be written.
    """
    require(actor, Permission.BACKUPS)
    if name is None:
        held = folder_backups.read(folder)
        name = held.catalogue if held is not None else current()
    if check_name(name) in _present():
        place = data_folder() / name / DATABASE
        return name, restoring.restore_folder(place, folder, actor=actor, on_progress=on_progress)
    with _new_folder(name) as draft:
        place = draft / DATABASE
        return name, restoring.restore_folder(
            place, folder, is_new=True, actor=actor, on_progress=on_progress
        )


@contextlib.contextmanager
def _new_folder(name: str) -> Iterator[Path]:
    """Give a folder that becomes a new catalogue's at the end, unless another was first.

    :raises CatalogueError: when it cannot be made, or cannot take that name.
    """
    try:
        data_folder().mkdir(parents=True, exist_ok=True)
        remove_abandoned(data_folder())
        with draft_folder(data_folder()) as draft:
            yield draft
            draft.rename(data_folder() / name)
        sync_folder(data_folder())
    except OSError as error:
        raise CatalogueError(
            f"The catalogue “{name}” cannot be made in {data_folder()} ({error.strerror}): free "
            "some space, or name a folder that can be written in SEARCH_HOME."
        ) from error


def backups_of(name: str | None = None) -> list[Backup]:
    """Return the backups of a catalogue that need not open, newest first.

    :raises CatalogueError: when there is no such catalogue.
    """
    return listed(_folder(name))


def install_demo() -> bool:
    """Copy the embedded demo catalogue to the user's data; False where there is none to copy.

    The copy appears whole or not at all, also when two processes start at once.

    :raises CatalogueError: when that folder cannot be written.
    """
    if not (DEMO / DATABASE).is_file():
        return False
    try:
        data_folder().mkdir(parents=True, exist_ok=True)
        remove_abandoned(data_folder())
        with draft_folder(data_folder()) as draft:
            _copy_demo(draft)
            try:
                draft.rename(data_folder() / DEMO_NAME)
            except OSError:  # another process was first
                if not (data_folder() / DEMO_NAME / DATABASE).is_file():
                    raise
        sync_folder(data_folder())
    except OSError as error:
        raise CatalogueError(
            f"The demo catalogue cannot be copied to {data_folder()}: {error.strerror}. Free some "
            "space, or name a folder that can be written in the environment variable SEARCH_HOME."
        ) from error
    return True


def _copy_demo(draft: Path) -> None:
    """Copy database and photographs to a folder, where they survive a power cut."""
    shutil.copyfile(DEMO / DATABASE, draft / DATABASE)
    with Catalogue(draft) as catalogue:
        stored = {photo.source: catalogue.path(photo) for photo in catalogue.photos()}
    for source, place in stored.items():
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(inside(DEMO, source), place)
    places = [path for path in draft.rglob("*") if path.is_file()]
    sync_all(places)
    for folder in {path.parent for path in places} | {draft}:
        sync_folder(folder)


def _present() -> list[str]:
    if not data_folder().is_dir():
        return []
    # One whose database is gone is still there: its backups or photographs are.
    found = {f.parent.name for part in (DATABASE, *DATA) for f in data_folder().glob(f"*/{part}")}
    return sorted(name for name in found if name[0] != ".")
