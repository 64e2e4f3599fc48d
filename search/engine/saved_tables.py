"""Products and photographs saved as columns, so that a new process need not read them from SQLite.

Two files: the columns, each a plain array or two behind the other, and a description: how far the
catalogue's journal was known, how many rows there are, and the columns' sha256. Nothing in them can
be run. What is loaded is an older state like any other: what was changed since is read from the
catalogue, and where that isn't sure all is (see `search.catalogue.following`).
"""

from __future__ import annotations

import hashlib
import io
import json
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from itertools import pairwise
from operator import attrgetter
from pathlib import Path
from typing import IO, Any, Generic

import numpy as np
from numpy.typing import NDArray

from search.catalogue import CataloguePhoto, Product, Snapshot
from search.catalogue.models import Cursor
from search.catalogue.queries import (
    PHOTO_COLUMNS,
    PRODUCT_COLUMNS,
    attributes_text,
    product_of,
)
from search.catalogue.reading import Listed
from search.catalogue.records import Record, Records
from search.engine.saved_rows import open_ours, read_ours
from search.files import atomic_file, write_atomically

_COLUMNS, _DESCRIPTION = "snapshot.columns", "snapshot.json"
_NUMBERS = frozenset(("price", "stock", "sale_price", "id", "width", "height"))
_NONE = -(2**63)  # stands for a number that is not known
_DESCRIBED = 10_000  # bytes of the description, at most
_LONGEST = 20_000  # bytes of a row, at most, on average
_GONE = 2  # times as many rows may once have been there, and some


def save(snapshot: Snapshot, folder: Path) -> None:
    """Write both files, the columns first; each is seen whole or not at all.

    :raises OSError: the folder cannot be written; what was saved before is then still whole.
    """
    with atomic_file(folder / _COLUMNS) as file:
        _write(file, PRODUCT_COLUMNS, map(_product_row, snapshot.products))
        _write(file, PHOTO_COLUMNS, map(attrgetter(*PHOTO_COLUMNS), snapshot.photos))
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    written = {
        "sha256": digest,
        "products": len(snapshot.products),
        "photographs": len(snapshot.photos),
        "cursor": None if snapshot.cursor is None else asdict(snapshot.cursor),
    }
    write_atomically(folder / _DESCRIPTION, json.dumps(written).encode())


def load(folder: Path, rows: int) -> Listed | None:
    """Read what was saved; None if it is missing, damaged, or more than so many rows can need."""
    try:
        known = json.loads(read_ours(folder / _DESCRIPTION, _DESCRIBED))
        cursor = _cursor(**known["cursor"])
        with open_ours(folder / _COLUMNS, (_GONE * rows + 100) * _LONGEST) as opened:
            file = _Hashed(opened)
            products = _Columns(file, PRODUCT_COLUMNS, known["products"], product_of)
            photos = _Columns(file, PHOTO_COLUMNS, known["photographs"], _photo)
            file.read(1)  # nothing
    except (OSError, ValueError, KeyError, TypeError, RecursionError):  # gone, or something else
        return None
    if file.digest.hexdigest() != known["sha256"]:
        return None
    return Listed(Records(table=products), Records(table=photos), cursor)


class _Hashed:
    """A file that is hashed as it is read: what is hashed is what is used."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._left = file, os.fstat(file.fileno()).st_size
        self.digest = hashlib.sha256()

    def read(self, size: int) -> bytes:
        """Read so many bytes.

        :raises ValueError: the file has fewer; the one byte behind its end is none.
        """
        if size > self._left + 1:
            raise ValueError("cut off")
        data = self._file.read(size)
        self._left -= len(data)
        self.digest.update(data)
        return data


def _cursor(
    revision: int,
    revision_sum: list[int | None] | None,
    entry: int,
    entry_sum: list[int | None] | None,
) -> Cursor:
    """Give back a cursor as it was: JSON makes lists of tuples."""
    row = None if revision_sum is None else (revision_sum[0],)
    return Cursor(int(revision), row, int(entry), None if entry_sum is None else (entry_sum[0],))


def _product_row(product: Product) -> tuple[Any, ...]:
    stored = product.regular()
    values = (getattr(stored, name) for name in PRODUCT_COLUMNS)
    return tuple(attributes_text(v) if isinstance(v, dict) else v for v in values)


def _photo(row: Sequence[Any]) -> CataloguePhoto:
    return CataloguePhoto(*row)


def _write(file: IO[bytes], names: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    columns = list(zip(*rows, strict=True)) or [()] * len(names)
    for name, values in zip(names, columns, strict=True):
        if _is_number(names, name):
            numbers = [_NONE if value is None else value for value in values]
            np.save(file, np.array(numbers, np.int64), allow_pickle=False)
            continue
        texts = [value.encode() for value in values]
        ends = np.cumsum([0, *map(len, texts)], dtype=np.int64)
        np.save(file, ends, allow_pickle=False)
        np.save(file, np.frombuffer(b"".join(texts), np.uint8), allow_pickle=False)


def _is_number(names: Sequence[str], name: str) -> bool:
    return name in _NUMBERS and (name != "id" or names is PHOTO_COLUMNS)


class _Columns(Generic[Record]):
    """Rows as columns; see `search.catalogue.records.Table`. Text is UTF-8 and where each ends."""

    def __init__(
        self,
        file: _Hashed,
        names: Sequence[str],
        count: int,
        make: Callable[[Sequence[Any]], Record],
    ) -> None:
        """Read the columns of so many rows.

        :raises ValueError: the file holds something else.
        """
        self._count = count
        self._make: Callable[[Sequence[Any]], Record] = make
        self._numbers: dict[str, NDArray[np.int64]] = {}
        self._texts: dict[str, tuple[NDArray[np.int64], bytes]] = {}
        self._values: dict[str, Sequence[Any]] = {}
        for name in names:
            if _is_number(names, name):
                self._numbers[name] = np.frombuffer(_array(file, np.int64, count), np.int64)
                continue
            ends = np.frombuffer(_array(file, np.int64, count + 1), np.int64)
            if ends[0] != 0 or np.any(np.diff(ends) < 0):
                raise ValueError("not texts one behind the other")
            self._texts[name] = ends, _array(file, np.uint8, int(ends[-1]))
        self._names = tuple(names)

    def __len__(self) -> int:
        return self._count

    def record(self, number: int) -> Record:
        """Make one record."""
        return self._make([self._value(name, number) for name in self._names])

    def records(self, numbers: Sequence[int]) -> list[Record]:
        """Make several, which is quicker than one by one."""
        rows = zip(*map(self.values, self._names), strict=True)
        if len(numbers) == self._count:
            return [self._make(row) for row in rows]
        wanted = set(numbers)
        return [self._make(row) for number, row in enumerate(rows) if number in wanted]

    def values(self, field: str) -> Sequence[Any]:
        """Give a field of all records, attributes as text."""
        if field not in self._values:
            if field in self._numbers:
                numbers = self._numbers[field].tolist()
                found: list[Any] = [None if n == _NONE else n for n in numbers]
            else:
                ends, text = self._texts[field]
                places = ends.tolist()
                found = [
                    text[begin:end].decode(errors="replace") for begin, end in pairwise(places)
                ]
            self._values[field] = found
        return self._values[field]

    def id(self, number: int) -> Any:
        """Give the id of one."""
        return self._value("id", number)

    def _value(self, name: str, number: int) -> Any:
        if name in self._numbers:
            value = int(self._numbers[name][number])
            return None if value == _NONE else value
        ends, text = self._texts[name]
        return text[ends[number] : ends[number + 1]].decode(errors="replace")


def _array(file: _Hashed, dtype: type[np.generic], count: int) -> bytes:
    """Read the next array, of so many numbers; ValueError for any other."""
    header = _header(dtype, count)
    if file.read(len(header)) != header:
        raise ValueError("not a column that was saved here")
    size = count * np.dtype(dtype).itemsize
    data = file.read(size)
    if len(data) != size:
        raise ValueError("cut off")
    return data


def _header(dtype: type[np.generic], count: int) -> bytes:
    """Give what `numpy.save` writes before so many numbers."""
    header = io.BytesIO()
    described = {"descr": np.dtype(dtype).str, "fortran_order": False, "shape": (count,)}
    np.lib.format.write_array_header_1_0(header, described)
    return header.getvalue()
