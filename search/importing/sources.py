"""Where an import's photographs lie: a folder, a zip, or uploads held in memory.

Nothing is ever unpacked onto the disk: a photograph is read by its listed name, up to the byte
limit of search.photos, so that neither a path nor a size an archive claims can do harm.

A name is text for the bytes that the disk or the archive has; see search.filenames.
"""

from __future__ import annotations

import io
import posixpath
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import count, islice
from pathlib import Path
from typing import Final, Protocol

from search.errors import ImportRefused, PhotoError
from search.importing.archives import Archive
from search.importing.decoding import check_encoding
from search.importing.folders import Folder
from search.importing.listing import Listing, MissingError, OutsideError, Reason, inside
from search.photos import MAX_BYTES, plain_name

__all__ = ["MissingError", "OutsideError", "PhotoSource", "Photographs", "open_photographs"]

PhotoSource = Path | bytes | Mapping[str, bytes] | Sequence[tuple[str, bytes]]
"""A folder, a zip (its file or bytes), or uploads: names with bytes, some perhaps of one name."""

_TABLE: Final = Reason("table", "it lies among photographs: give it as the table")
_REPEATED: Final = Reason("photograph", "given twice", is_loss=False)


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
        """Photographs that may not be read, and why."""

    @property
    def namesakes(self) -> Mapping[str, tuple[str, ...]]:
        """Names given to several photographs, and what each of these is called here."""

    @property
    def root(self) -> str:
        """The one folder that a zip packs all photographs into; "" where there is none."""

    @property
    def unused(self) -> dict[Reason, list[str]]:
        """What else lies there, by why it is not used."""

    @property
    def note(self) -> str:
        """A sentence on how the names were read; "" where that was plain."""

    def spelt(self, wanted: Iterable[str]) -> Photographs:
        """Return it with its names read as a table wants them, where they may be otherwise."""

    def read(self, name: str, limit: int = MAX_BYTES) -> bytes:
        """Return the bytes of a photograph or table, at most one more than the limit.

        :raises PhotoError: it cannot be read.
        :raises ImportRefused: the whole folder or archive is gone.
        """

    def source(self, name: str) -> bytes | Path:
        """Return what the network reads: the file where there is one, else its bytes."""


def open_photographs(source: PhotoSource | None, zip_encoding: str = "") -> Photographs:
    """Open a folder, a zip (a file or its bytes), or uploads.

    :param zip_encoding: of a zip's names that do not say it; where there is none, their own
        evidence decides.
    :raises ImportRefused: it is not there, is not a zip, or is a zip built to do harm.
    """
    if zip_encoding:
        check_encoding(zip_encoding)
    if isinstance(source, bytes):
        return Archive(io.BytesIO(source), "The zip", len(source), zip_encoding)
    if source is None or isinstance(source, Mapping):
        return Uploads((source or {}).items())
    if not isinstance(source, Path):
        return Uploads(source)
    shown = f"“{plain_name(source.name)}”"
    if source.is_dir():
        return Folder(source)
    if not source.is_file():
        raise ImportRefused(f"{shown} is not there: check the folder or zip of photographs.")
    return Archive(source, shown, source.stat().st_size, zip_encoding)


class Uploads:
    """Photographs held in memory, by the names they were given; namesakes are numbered."""

    note = root = ""
    tables: tuple[str, ...] = ()

    def __init__(self, files: Iterable[tuple[str, bytes]]) -> None:
        self.refused: dict[str, PhotoError] = {}
        self._files: dict[str, bytes] = {}
        listing = Listing()
        kept, self.namesakes, repeated = numbered(files)
        for name in repeated:
            listing.leave_out(name, _REPEATED)
        for given, data in kept:
            try:
                name = inside(given)
            except PhotoError as error:
                self.refused[given] = error
                continue
            self._files[name] = data
            listing.sort(name, partial(bytes, data))
        for name in listing.tables:
            listing.leave_out(name, _TABLE)
        self.unused = listing.unused
        self.names = tuple(sorted(listing.names))

    def spelt(self, wanted: Iterable[str]) -> Uploads:  # noqa: ARG002 (as the other sources)
        """Return itself: names of uploads are text already."""
        return self

    def read(self, name: str, limit: int = MAX_BYTES) -> bytes:
        """Return a photograph's bytes."""
        return self._files[name][: limit + 1]

    def source(self, name: str) -> bytes:
        """Return a photograph's bytes."""
        return self._files[name]


def numbered(
    files: Iterable[tuple[str, bytes]],
) -> tuple[list[tuple[str, bytes]], dict[str, tuple[str, ...]], list[str]]:
    """Tell photographs of one name apart: “image (1).jpg”, “image (2).jpg”.

    Returns the files; by each name that several had what they are called now; and the names of
    files left out because one of the same name and content is there.
    """
    by_name: dict[str, dict[bytes, None]] = {}
    repeated: list[str] = []
    for given, data in files:
        contents = by_name.setdefault(given, {})
        if data in contents:
            repeated.append(given)
        contents[data] = None
    taken, kept, namesakes = set(by_name), [], {}
    for given, contents in by_name.items():
        if len(contents) == 1:
            kept += [(given, data) for data in contents]
            continue
        start, ending = posixpath.splitext(given)
        free = (f"{start} ({number}){ending}" for number in count(1))
        names = tuple(islice((name for name in free if name not in taken), len(contents)))
        taken.update(names)
        namesakes[given] = names
        kept += zip(names, contents, strict=True)
    return kept, namesakes, repeated
