"""The photographs of a folder and its sub-folders."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from search import filenames
from search.errors import PhotoError
from search.importing.listing import (
    CLOSED,
    HEAD,
    LINKED,
    UNKNOWN,
    Listing,
    MissingError,
    Reason,
    gone,
    is_kept_by_system,
    is_named_photograph,
    outside,
)
from search.photos import MAX_BYTES, plain_name


class Folder:
    """The photographs of a folder and its sub-folders; links that lead out are not followed."""

    note = root = ""
    namesakes: Mapping[str, tuple[str, ...]] = MappingProxyType({})

    def __init__(self, root: Path) -> None:
        self._folder = root
        self.refused: dict[str, PhotoError] = {}
        self._inner = root.resolve()
        self._listing = Listing()
        for folder, folders, files in os.walk(root, onerror=self._closed):
            folders[:] = [each for each in folders if self._enters(Path(folder, each))]
            for file in files:
                self._list(Path(folder, file))
        self.names = tuple(sorted(self._listing.names))
        self.tables = tuple(sorted(self._listing.tables))

    @property
    def unused(self) -> dict[Reason, list[str]]:
        """What else lies there, by why it is not used."""
        return self._listing.unused

    def spelt(self, wanted: object) -> Folder:  # noqa: ARG002 (as the other sources)
        """Return itself: a folder's names are what they are."""
        return self

    def read(self, name: str, limit: int = MAX_BYTES) -> bytes:
        """Return the bytes of a photograph or table."""
        path = self.source(name)
        try:
            if not stat.S_ISREG(path.stat().st_mode):
                raise PhotoError(f"“{plain_name(name)}” is not a file: choose a photograph.")
            with path.open("rb") as file:
                return file.read(limit + 1)
        except OSError as error:
            if not self._folder.is_dir():
                raise gone(f"The folder “{plain_name(self._folder.name)}”") from error
            if isinstance(error, PermissionError):
                raise PhotoError(
                    f"“{plain_name(name)}” may not be read: allow reading and check again."
                ) from error
            raise MissingError(
                f"“{plain_name(name)}” cannot be read: put it back and check again."
            ) from error

    def source(self, name: str) -> Path:
        """Return the file."""
        return self._folder.joinpath(*map(filenames.system_path, name.split("/")))

    def _name(self, path: Path) -> str:
        return filenames.name_of(path.relative_to(self._folder).as_posix())

    def _closed(self, error: OSError) -> None:
        path = Path(os.fsdecode(error.filename))
        name = "." if path == self._folder else self._name(path)
        self._listing.leave_out(name, CLOSED)

    def _enters(self, path: Path) -> bool:
        is_kept = is_kept_by_system(f"{self._name(path)}/")
        if path.is_symlink():
            if not is_kept and not self._is_listed(path):
                self._listing.leave_out(self._name(path), LINKED)
        elif is_kept:
            self._count_kept(path)
        return not is_kept and not path.is_symlink()

    def _is_listed(self, link: Path) -> bool:
        """Whether what a link means lies in the folder itself, and is listed there."""
        return link.resolve().is_relative_to(self._inner)

    def _count_kept(self, path: Path) -> None:
        for folder, _, files in os.walk(path):
            for file in files:
                self._listing.sort(self._name(Path(folder, file)), bytes)

    def _list(self, path: Path) -> None:
        name = self._name(path)
        if path.is_symlink() and not self._is_listed(path):
            if is_kept_by_system(name):
                return
            if is_named_photograph(name):
                self.refused[name] = outside(name)
            else:
                self._listing.leave_out(name, LINKED)
        elif not is_named_photograph(name) and not _is_file(path):
            self._listing.leave_out(name, UNKNOWN)
        else:
            self._listing.sort(name, lambda: self.read(name, HEAD))


def _is_file(path: Path) -> bool:
    """Tell a file, which can be read, from a pipe or device, which whoever opens waits for."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except PermissionError:
        return True
    except OSError:
        return False
