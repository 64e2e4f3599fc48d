"""The files of a catalogue: where each lies, and photographs, written before their row."""

from __future__ import annotations

import contextlib
import os
import re
import stat
from pathlib import Path

from search.errors import OutsideError
from search.files import draft_folder, is_draft, remove_abandoned, size, sync_all, sync_folder

PHOTOS = "photos"
THUMBS = "thumbs"
STRAYS = "strays"
"""Folder that a repair moves unknown photograph files to; a purge empties it."""

BACKUPS = "backups"
DERIVED = "derived"
"""Folder of what was learnt of the catalogue and can be learnt again."""

DATA = (PHOTOS, BACKUPS)
"""Folders that a catalogue has only once its database has tables."""

_LONGEST = 1000  # characters of a stored place
_OWN = (PHOTOS, THUMBS, STRAYS, BACKUPS, DERIVED)
_SEGMENT = re.compile(r"[^\0\\:]{1,255}")  # \ and : mean something on some systems


_SUFFIXES = {"JPEG": ".jpg", "MPO": ".jpg", "TIFF": ".tif"}


def photo_file(sha256: str, image_format: str) -> str:
    """Return the place of a photograph, posix and relative to the catalogue's folder."""
    suffix = _SUFFIXES.get(image_format.upper(), f".{image_format.lower()}")
    return f"{PHOTOS}/{sha256[:2]}/{sha256}{suffix}"


def thumb_file(sha256: str) -> str:
    """Return the place of a thumbnail, posix and relative to the catalogue's folder."""
    return f"{THUMBS}/{sha256[:2]}/{sha256}.jpg"


def inside(folder: Path, file: str, part: str | None = None) -> Path:
    """Return where a file of a catalogue lies; every stored place is read by this function.

    A catalogue may come from anybody, and so may what its rows say: nothing outside its own
    sub-folders is read, written or deleted, nor is a link followed that leads there.

    :param file: posix, relative to the catalogue's folder.
    :param part: the sub-folder that it must be in; one of the catalogue's own unless given.
    :raises OutsideError: when it is not, or leads anywhere else.
    """
    parts = file.split("/") if isinstance(file, str) and len(file) <= _LONGEST else [""]
    legal = all(_SEGMENT.fullmatch(name) and name not in (".", "..") for name in parts)
    if legal and parts[0] in (_OWN if part is None else (part,)):
        place = folder.joinpath(*parts)
        if _is_plain(place) and place.resolve().is_relative_to(folder.resolve() / parts[0]):
            return place
    raise OutsideError(
        f"The catalogue {folder.name} names {str(file)[:200]!r} as a file of its own, which leads "
        "out of its folder: it was left alone; run doctor."
    )


def _is_plain(place: Path) -> bool:
    """Tell a pipe or a device, which whoever opens it would wait for, from anything else."""
    try:
        mode = place.stat().st_mode
    except OSError:  # nothing there yet, or nothing to be seen
        return True
    return stat.S_ISREG(mode) or stat.S_ISDIR(mode)


def is_inside(folder: Path, file: str, part: str | None = None) -> bool:
    """Tell whether a file of a catalogue may be used; see `inside`."""
    try:
        inside(folder, file, part)
    except OutsideError:
        return False
    return True


def holds_data(folder: Path) -> bool:
    """Tell whether a catalogue's folder has photograph files or backups."""
    return any(names for part in DATA for _, _, names in os.walk(folder / part))


def derived_file(key: str) -> str:
    """Return the place of a derived text, posix and relative to the catalogue's folder."""
    return f"{DERIVED}/{re.sub(r'[^A-Za-z0-9._-]', '-', key)}.txt"


def listing(folder: Path, part: str) -> list[str]:
    """Return all files under a catalogue's `folder/part`, posix and relative to `folder`.

    Folders that links lead to are not entered.

    :raises OutsideError: when `part` itself is a link that leads elsewhere.
    """
    inside(folder, part)
    return walk(folder, part)


def walk(folder: Path, part: str = ".") -> list[str]:
    """Return all files under any `folder/part`, posix and relative to `folder`."""
    return [
        (Path(root) / name).relative_to(folder).as_posix()
        for root, _, names in os.walk(folder / part)
        for name in sorted(names)
    ]


def in_draft(file: str) -> bool:
    """Tell whether a file of a catalogue is still being written by a change under way."""
    return any(is_draft(name) for name in file.split("/"))


def remove_drafts(folder: Path) -> None:
    """Delete what killed processes left unfinished in a catalogue's folder."""
    for part in ("", *_OWN):
        if not part or is_inside(folder, part):
            remove_abandoned(folder / part)


class Staging:
    """New files of one change: on the disk for good before its rows are, or not at all.

    The files are synced together at the end, which is many times faster than one by one.
    Only the catalogue's one writer may use it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._draft: Path | None = None
        self._held = contextlib.ExitStack()
        self._waiting: dict[str, Path] = {}
        self._published: list[Path] = []

    def add(self, file: str, data: bytes) -> None:
        """Write `data` apart; a file that is already in its place is left alone.

        :raises OutsideError: when the place is not in the catalogue's folder.
        """
        place = inside(self._folder, file, PHOTOS)
        if file in self._waiting or size(place) == len(data):
            return
        if self._draft is None:
            (self._folder / PHOTOS).mkdir(exist_ok=True)
            self._draft = self._held.enter_context(draft_folder(self._folder / PHOTOS))
        place.parent.mkdir(parents=True, exist_ok=True)
        self._waiting[file] = place
        (self._draft / place.name).write_bytes(data)

    def publish(self) -> None:
        """Sync all files and move them to their places."""
        if self._draft is None:
            return
        places = list(self._waiting.values())
        sync_all(self._draft / place.name for place in places)
        for place in places:
            if not place.exists():
                self._published.append(place)
            (self._draft / place.name).replace(place)
        folders = {place.parent for place in places}
        for folder in folders | {folder.parent for folder in folders} | {self._folder}:
            sync_folder(folder)

    def discard(self) -> None:
        """Remove what this change wrote, as far as the disk lets us; check finds the rest."""
        for path in self._published:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)

    def close(self) -> None:
        """Let go of what was not published."""
        self._held.close()
