"""Where an import's photographs lie: a folder, a zip, or uploads held in memory.

Nothing is ever unpacked onto the disk: a photograph is read by its listed name, up to the byte
limit of search.photos, so that neither a path nor a size an archive claims can do harm.
"""

from __future__ import annotations

import io
import lzma
import ntpath
import os
import posixpath
import stat
import unicodedata
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO, Final, Protocol
from urllib.parse import unquote, urlsplit

from search.errors import ImportRefused, PhotoError
from search.photos import EXTENSIONS, MAX_BYTES, plain_name

MAX_ENTRIES: Final = 500_000


class OutsideError(PhotoError):
    """A path leads outside the folder or archive."""


class MissingError(PhotoError):
    """A named photograph is not there."""


class Photographs(Protocol):
    """Photographs by name: posix paths relative to the folder or archive."""

    @property
    def names(self) -> tuple[str, ...]:
        """All photographs by name, sorted."""

    @property
    def tables(self) -> tuple[str, ...]:
        """Tables lying among them (.csv, .tsv), by name."""

    @property
    def refused(self) -> Mapping[str, PhotoError]:
        """Entries that may not be read, and why."""

    def read(self, name: str, limit: int = MAX_BYTES) -> bytes:
        """Return the bytes of a photograph or table, at most one more than the limit.

        :raises PhotoError: it cannot be read.
        :raises ImportRefused: the whole folder or archive is gone.
        """

    def source(self, name: str) -> bytes | Path:
        """Return what the network reads: the file where there is one, else its bytes."""


def open_photographs(source: Path | bytes | Mapping[str, bytes] | None) -> Photographs:
    """Open a folder, a zip (a file or its bytes), or uploads by name.

    :raises ImportRefused: it is not there, is not a zip, or is a zip built to do harm.
    """
    if isinstance(source, bytes):
        return Archive(io.BytesIO(source), "The zip", len(source))
    if source is None or isinstance(source, Mapping):
        return Uploads(source or {})
    shown = f"“{plain_name(source.name)}”"
    if source.is_dir():
        return Folder(source)
    if not source.is_file():
        raise ImportRefused(f"{shown} is not there: check the folder or zip of photographs.")
    return Archive(source, shown, source.stat().st_size)


class Finder:
    """Finds the listed photograph that a table's cell means.

    A web address stands for its last part. Case, ways of writing accents and, where only one
    photograph has that name, its folder are forgiven.
    """

    def __init__(self, photographs: Photographs) -> None:
        self._exact = frozenset(photographs.names)
        self._refused = photographs.refused
        self._folded: defaultdict[str, list[str]] = defaultdict(list)
        self._bases: defaultdict[str, list[str]] = defaultdict(list)
        for name in photographs.names:
            self._folded[_fold(name)].append(name)
            self._bases[_fold(posixpath.basename(name))].append(name)

    def find(self, cell: str) -> str:
        """Return the name in the list.

        :raises OutsideError: the path is absolute or has a ``..``.
        :raises MissingError: no photograph fits, or several do.
        :raises PhotoError: the entry is listed but may not be read.
        """
        if cell in self._exact:
            return cell
        if cell.lower().startswith(("http://", "https://")):
            path = posixpath.basename(unquote(urlsplit(cell).path))
            candidates = [self._bases.get(_fold(path), [])]
        else:
            path = inside(cell)
            base = _fold(posixpath.basename(path))
            candidates = [self._folded.get(_fold(path), []), self._bases.get(base, [])]
            if path in self._exact:
                return path
        if path in self._refused:
            raise self._refused[path]
        shown = plain_name(cell)
        for found in candidates:
            if len(found) == 1:
                return found[0]
            if found:
                raise MissingError(
                    f"“{shown}” could be {len(found)} photographs: write its folder before it."
                )
        raise MissingError(f"“{shown}” is not among the photographs: add it or correct its name.")


class Folder:
    """The photographs of a folder and its sub-folders."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.refused: dict[str, PhotoError] = {}
        names: list[str] = []
        tables: list[str] = []
        inner = root.resolve()
        for folder, folders, files in os.walk(root):
            folders[:] = [each for each in folders if not each.startswith(".")]
            for file in files:
                path = Path(folder, file)
                name = path.relative_to(root).as_posix()
                if path.is_symlink() and not path.resolve().is_relative_to(inner):
                    if _is_photograph(name):
                        self.refused[name] = _outside(name)
                elif _is_photograph(name):
                    names.append(name)
                elif _is_table(name):
                    tables.append(name)
        self.names, self.tables = tuple(sorted(names)), tuple(sorted(tables))

    def read(self, name: str, limit: int = MAX_BYTES) -> bytes:
        """Return the bytes of a photograph or table."""
        path = self.source(name)
        try:
            if not stat.S_ISREG(path.stat().st_mode):
                raise PhotoError(f"“{plain_name(name)}” is not a file: choose a photograph.")
            with path.open("rb") as file:
                return file.read(limit + 1)
        except OSError as error:
            if not self.root.is_dir():
                raise _gone(f"The folder “{plain_name(self.root.name)}”") from error
            raise MissingError(
                f"“{plain_name(name)}” cannot be read: put it back and check again."
            ) from error

    def source(self, name: str) -> Path:
        """Return the file."""
        return self.root.joinpath(*name.split("/"))


class Archive:
    """The photographs of a zip, read one by one; safe under threads."""

    def __init__(self, file: Path | BinaryIO, shown: str, size: int) -> None:
        self._shown = shown
        self.refused: dict[str, PhotoError] = {}
        self._entries: dict[str, zipfile.ZipInfo] = {}
        try:
            self._zip = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise ImportRefused(
                f"{shown} is not a whole zip archive: make or download it again."
            ) from error
        entries = self._zip.infolist()
        if len(entries) > MAX_ENTRIES:
            raise ImportRefused(f"{shown} holds more than {MAX_ENTRIES:,} files: split it.")
        if sum(entry.compress_size for entry in entries) > size:
            raise ImportRefused(  # entries that share their bytes, as in a zip bomb
                f"{shown} claims to hold more than it does and is refused as unsafe: make it again."
            )
        for entry in entries:
            self._list(entry)
        self.names = tuple(sorted(filter(_is_photograph, self._entries)))
        self.tables = tuple(sorted(filter(_is_table, self._entries)))

    def _list(self, entry: zipfile.ZipInfo) -> None:
        name = entry.filename.replace("\\", "/")
        if entry.is_dir() or not (_is_photograph(name) or _is_table(name)):
            return
        shown = plain_name(name)
        limit = MAX_BYTES if _is_photograph(name) else entry.file_size
        try:
            name = inside(entry.orig_filename)
            if stat.S_ISLNK(entry.external_attr >> 16):
                raise OutsideError(f"“{shown}” is a link, not a photograph: pack the file itself.")
            if entry.flag_bits & 1:
                raise PhotoError(f"“{shown}” is locked with a password: pack it without one.")
            if entry.file_size > limit:
                raise PhotoError(
                    f"“{shown}” unpacks to more than {MAX_BYTES // 1_000_000} MB: save it smaller."
                )
            if name in self._entries:
                raise PhotoError(f"“{shown}” is twice in the zip: pack it once.")
        except PhotoError as error:
            self._entries.pop(name, None)
            self.refused[name] = error
        else:
            self._entries[name] = entry

    def read(self, name: str, limit: int = MAX_BYTES) -> bytes:
        """Return the bytes of a photograph or table, whatever size its header claims."""
        try:
            with self._zip.open(self._entries[name]) as file:
                return file.read(limit + 1)
        except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, RuntimeError) as error:
            raise PhotoError(
                f"“{plain_name(name)}” is damaged inside the zip: make the zip again."
            ) from error
        except (OSError, ValueError) as error:
            raise _gone(self._shown) from error

    def source(self, name: str) -> bytes:
        """Return a photograph's bytes."""
        return self.read(name)


class Uploads:
    """Photographs held in memory, by the names they were given."""

    tables: tuple[str, ...] = ()

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.refused: dict[str, PhotoError] = {}
        self._files: dict[str, bytes] = {}
        for given, data in files.items():
            try:
                self._files[inside(given)] = data
            except PhotoError as error:
                self.refused[given] = error
        self.names = tuple(sorted(self._files))

    def read(self, name: str, limit: int = MAX_BYTES) -> bytes:
        """Return a photograph's bytes."""
        return self._files[name][: limit + 1]

    def source(self, name: str) -> bytes:
        """Return a photograph's bytes."""
        return self._files[name]


def inside(path: str) -> str:
    """Return a relative posix path that stays inside the folder.

    :raises OutsideError: it does not.
    """
    posix = path.replace("\\", "/")
    parts = posix.split("/")
    if (
        posix.startswith("/")
        or ntpath.splitdrive(path)[0]
        or ".." in parts
        or any(unicodedata.category(letter) == "Cc" for letter in path)
    ):
        raise _outside(path)
    return "/".join(part for part in parts if part not in ("", "."))


def _outside(name: str) -> OutsideError:
    return OutsideError(
        f"“{plain_name(name)}” leads outside the folder of photographs: move the file into it."
    )


def _gone(shown: str) -> ImportRefused:
    return ImportRefused(f"{shown} has gone: connect it again and start anew; nothing was changed.")


def _is_table(name: str) -> bool:
    base = posixpath.basename(name.lower())
    return not base.startswith(".") and posixpath.splitext(base)[1] in (".csv", ".tsv")


def _is_photograph(name: str) -> bool:
    low = name.lower()
    base = posixpath.basename(low)
    if base.startswith(".") or low.startswith("__macosx/"):  # what systems leave behind
        return False
    return posixpath.splitext(base)[1] in EXTENSIONS


def _fold(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
