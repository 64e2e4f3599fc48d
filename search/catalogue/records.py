"""Products or photographs in the order of their ids, each made once somebody asks for it.

A process that starts has them as columns that were saved. To make a hundred thousand objects of
these takes longer than all else that a first search needs, of which it shows a few dozen; what is
filtered by is compared as columns anyway.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import attrgetter, eq
from typing import Any, Generic, Protocol, TypeVar, overload

from search.catalogue.models import CataloguePhoto, Product

Record = TypeVar("Record", Product, CataloguePhoto)


class Table(Protocol[Record]):
    """Columns of which records are made, by their number."""

    def __len__(self) -> int: ...

    def record(self, number: int) -> Record:
        """Make one record."""

    def records(self, numbers: Sequence[int]) -> list[Record]:
        """Make several, which is quicker than one by one."""

    def values(self, field: str) -> Sequence[Any]:
        """Give a field of all records."""

    def id(self, number: int) -> Any:
        """Give the id of one."""


class Records(Sequence[Record], Generic[Record]):
    """Products or photographs by id, (n,); immutable. Some may still be columns of a table."""

    def __init__(self, records: Iterable[Record] = (), table: Table[Record] | None = None) -> None:
        """Take records whose ids rise, or the table that they are still in."""
        self._table: Table[Record] | None = table
        self._items: list[Record | int] = list(records)
        if table is not None:
            self._items = list(range(len(table)))
        self._edited = table is None
        self._all_made = table is None

    @classmethod
    def of(cls, records: Iterable[Record]) -> Records[Record]:
        """Take records whose ids rise, as they are where they are such ones already."""
        return records if isinstance(records, Records) else Records(records)

    def edited(
        self,
        put: Mapping[int, Record] | None = None,
        gone: Iterable[int] = (),
        came: Iterable[Record] = (),
    ) -> Records[Record]:
        """Give them after some were replaced and some went, both by position, and others came."""
        gone, came = list(gone), list(came)
        if not put and not gone and not came:
            return self
        after: Records[Record] = Records()
        after._table, after._items = self._table, self._items.copy()
        after._all_made = self._all_made
        for position, record in (put or {}).items():
            after._items[position] = record
        for position in sorted(gone, reverse=True):
            del after._items[position]
        for record in came:
            insort(after._items, record, key=self._id)
        return after

    def find(self, id: Any) -> int | None:
        """Give the position of the one with an id; None where there is none."""
        at = bisect_left(self._items, id, key=self._id)
        return at if at < len(self._items) and self._id(self._items[at]) == id else None

    def values(self, field: str) -> Sequence[Any]:
        """Give a field of each, (n,), for which no record is made; not their attributes."""
        if self._table is not None and not self._edited:
            return self._table.values(field)
        value = attrgetter(field)
        if self._all_made or self._table is None:
            return [value(item) for item in self._items]
        column = self._table.values(field)
        return [column[i] if isinstance(i, int) else value(i) for i in self._items]

    def __len__(self) -> int:
        return len(self._items)

    @overload
    def __getitem__(self, position: int) -> Record: ...

    @overload
    def __getitem__(self, position: slice) -> list[Record]: ...

    def __getitem__(self, position: int | slice) -> Record | list[Record]:
        """Give the one at a position, or some."""
        if isinstance(position, slice):
            return [self[n] for n in range(*position.indices(len(self)))]
        item = self._items[position]
        if isinstance(item, int):
            assert self._table is not None
            item = self._items[position] = self._table.record(item)
        return item

    def __iter__(self) -> Iterator[Record]:
        if not self._all_made:
            self._make_all()
        return iter(self._items)  # type: ignore[arg-type]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence):
            return NotImplemented
        return len(self) == len(other) and all(map(eq, self, other))

    __hash__ = None  # type: ignore[assignment]

    def _make_all(self) -> None:
        """Make what is still columns; threads may do so at once, for what they make is equal."""
        assert self._table is not None
        waiting: dict[int, int] = {
            n: item for n, item in enumerate(self._items) if isinstance(item, int)
        }
        made = self._table.records([*waiting.values()])
        for position, record in zip(waiting, made, strict=True):
            self._items[position] = record
        self._all_made = True

    def _id(self, item: Record | int) -> Any:
        if isinstance(item, int):
            assert self._table is not None
            return self._table.id(item)
        return item.id


class ById(Mapping[int, CataloguePhoto]):
    """Photographs by their numbers."""

    def __init__(self, photos: Records[CataloguePhoto]) -> None:
        self._photos = photos

    def __getitem__(self, id: int) -> CataloguePhoto:
        position = self._photos.find(id)
        if position is None:
            raise KeyError(id)
        return self._photos[position]

    def __len__(self) -> int:
        return len(self._photos)

    def __iter__(self) -> Iterator[int]:
        return iter(self._photos.values("id"))
