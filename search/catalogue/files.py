"""Photograph files of a catalogue, named by their content and written before their row."""

from __future__ import annotations

import contextlib
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath

PHOTOS = "photos"
THUMBS = "thumbs"
PART = ".part"
_SUFFIXES = {"JPEG": ".jpg", "MPO": ".jpg", "TIFF": ".tif"}


def photo_file(sha256: str, image_format: str) -> str:
    """Return the place of a photograph, posix and relative to the catalogue's folder."""
    suffix = _SUFFIXES.get(image_format.upper(), f".{image_format.lower()}")
    return f"{PHOTOS}/{sha256[:2]}/{sha256}{suffix}"


def thumb_file(sha256: str) -> str:
    """Return the place of a thumbnail, posix and relative to the catalogue's folder."""
    return f"{THUMBS}/{sha256[:2]}/{sha256}.jpg"


class Staging:
    """New files of one change: on the disk for good before its rows are, or not at all.

    The files are synced together at the end, which is many times faster than one by one.
    Only the catalogue's one writer may use it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._waiting: dict[str, Path] = {}
        self._published: list[Path] = []

    def add(self, file: str, data: bytes) -> None:
        """Write ``data`` beside its place; a file that is already there is left alone."""
        place = self._folder / PurePosixPath(file)
        if file in self._waiting or size(place) == len(data):
            return
        place.parent.mkdir(parents=True, exist_ok=True)
        part = place.with_name(place.name + PART)
        self._waiting[file] = place
        part.write_bytes(data)

    def publish(self) -> None:
        """Sync all files and move them to their places."""
        if not self._waiting:
            return
        places = list(self._waiting.values())
        with ThreadPoolExecutor(max_workers=min(8, len(places))) as pool:
            list(pool.map(lambda place: sync(place.with_name(place.name + PART)), places))
        for place in places:
            if not place.exists():
                self._published.append(place)
            place.with_name(place.name + PART).replace(place)
        folders = {place.parent for place in places}
        for folder in folders | {folder.parent for folder in folders} | {self._folder}:
            sync_folder(folder)

    def discard(self) -> None:
        """Remove what this change wrote, as far as the disk lets us; check finds the rest."""
        parts = [place.with_name(place.name + PART) for place in self._waiting.values()]
        for path in [*parts, *self._published]:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)


def write_atomically(path: Path, data: bytes, *, durable: bool = True) -> None:
    """Write a file that is seen whole or not at all, by any number of writers at once.

    :param durable: wait until it survives a power cut; without, it may then be found empty.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}-{id(data)}{PART}")
    try:
        part.write_bytes(data)
        if durable:
            sync(part)
        part.replace(path)
        if durable:
            sync_folder(path.parent)
    finally:
        part.unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Make the content of a file survive a power cut."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(path: Path) -> None:
    """Make the names in a folder survive a power cut (Windows does so by itself)."""
    if os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def size(path: Path) -> int:
    """Return the bytes of a file; 0 where there is none."""
    try:
        return path.stat().st_size
    except (FileNotFoundError, NotADirectoryError):
        return 0
