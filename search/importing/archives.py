"""The photographs of a zip, read one by one and never unpacked onto the disk."""

from __future__ import annotations

import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO, Final

from search.errors import ImportRefused, PhotoError
from search.importing.listing import (
    HEAD,
    UNKNOWN,
    Listing,
    OutsideError,
    Reason,
    gone,
    inside,
    is_kept_by_system,
    is_named_photograph,
    is_named_table,
)
from search.importing.zip_names import Spelling, read_name, spelling
from search.photos import MAX_BYTES, plain_name

MAX_ENTRIES: Final = 500_000
_IS_UTF_8: Final = 0x800
_UNICODE_PATH: Final = 0x7075


class Archive:
    """The photographs of a zip; safe under threads.

    :param encoding: of names that do not say it; where there is none, their own evidence decides.
    """

    namesakes: Mapping[str, tuple[str, ...]] = MappingProxyType({})

    def __init__(self, file: Path | BinaryIO, shown: str, size: int, encoding: str = "") -> None:
        self._shown = shown
        try:
            self._zip = zipfile.ZipFile(file)
        except UnicodeDecodeError as error:
            raise ImportRefused(
                f"{shown} holds a name that is marked as UTF-8 and is not: make the zip again."
            ) from error
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
        self._files = [entry for entry in entries if not entry.is_dir()]
        self._raw = {raw for entry in self._files if (raw := _raw(entry)) is not None}
        self._named_encoding = encoding
        self._list(Spelling(encoding) if encoding else spelling(self._raw))

    def spelt(self, wanted: Iterable[str]) -> Archive:
        """Read the names again where a table, which wants photographs by theirs, tells better."""
        if not self._named_encoding and not all(raw.isascii() for raw in self._raw):
            told = spelling(self._raw, wanted)
            if told != self._spelling:
                self._list(told)
        return self

    @property
    def note(self) -> str:
        """How names that do not say their encoding were read; "" where all do."""
        return self._spelling.note(sorted(self._raw))

    @property
    def unused(self) -> dict[Reason, list[str]]:
        """What else lies there, by why it is not used."""
        return self._listing.unused

    def _list(self, spelt: Spelling) -> None:
        self._spelling = spelt
        self._entries: dict[str, zipfile.ZipInfo] = {}
        self.refused: dict[str, PhotoError] = {}
        self._listing = Listing()
        for entry in self._files:
            raw = _raw(entry)
            given = _unicode(entry) if raw is None else read_name(raw, spelt.encoding)
            self._sort(given, entry)
        listed = [name for name in self._listing.names if name in self._entries]
        self.names = tuple(sorted(listed))
        self.tables = tuple(sorted(n for n in self._listing.tables if n in self._entries))
        tops = {name.partition("/")[0] if "/" in name else "" for name in self.names}
        self.root = tops.pop() if len(tops) == 1 else ""

    def _sort(self, given: str, entry: zipfile.ZipInfo) -> None:
        name = given.replace("\\", "/")
        if is_kept_by_system(name):
            self._listing.sort(name, bytes)
            return
        is_known = is_named_photograph(name) or is_named_table(name)
        try:
            name = inside(given)
            self._check(name, entry)
        except PhotoError as error:
            if is_known:
                self._entries.pop(name, None)
                self.refused[name] = error
            else:
                self._listing.leave_out(name, UNKNOWN)
            return
        self._entries[name] = entry
        self._listing.sort(name, lambda: self.read(name, HEAD))

    def _check(self, name: str, entry: zipfile.ZipInfo) -> None:
        shown = plain_name(name)
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise OutsideError(f"“{shown}” is a link, not a photograph: pack the file itself.")
        if entry.flag_bits & 1:
            raise PhotoError(f"“{shown}” is locked with a password: pack it without one.")
        if not is_named_table(name) and entry.file_size > MAX_BYTES:
            raise PhotoError(
                f"“{shown}” unpacks to more than {MAX_BYTES // 1_000_000} MB: save it smaller."
            )
        if name in self._entries or name in self.refused:
            raise PhotoError(f"“{shown}” is twice in the zip: pack it once.")

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
            if isinstance(error, OSError) and error.errno is None:  # as bzip2 says of its data
                raise PhotoError(
                    f"“{plain_name(name)}” is damaged inside the zip: make the zip again."
                ) from error
            raise gone(self._shown) from error

    def source(self, name: str) -> bytes:
        """Return a photograph's bytes."""
        return self.read(name)


def _raw(entry: zipfile.ZipInfo) -> bytes | None:
    """Return the bytes of a name that does not say its encoding, else None."""
    if entry.flag_bits & _IS_UTF_8 or _unicode(entry) != entry.orig_filename:
        return None
    return entry.orig_filename.encode("cp437")  # as the library decoded it, byte by byte


def _unicode(entry: zipfile.ZipInfo) -> str:
    """Return a name, as the field that Info-ZIP writes beside it says where there is one.

    Its layout: version 1, CRC-32 of the bytes it stands for, UTF-8 (APPNOTE 4.6.9).
    """
    if entry.flag_bits & _IS_UTF_8:
        return entry.orig_filename
    extra = entry.extra
    while len(extra) >= 4:
        kind, size = struct.unpack("<HH", extra[:4])
        field, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == _UNICODE_PATH and field[:1] == b"\1" and len(field) > 5:
            stands_for = struct.unpack("<I", field[1:5])[0]
            if stands_for == zlib.crc32(entry.orig_filename.encode("cp437")):
                return field[5:].decode("utf-8", "replace")
    return entry.orig_filename
