"""The positions of products in the order of their ids, followed through changes."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

_MANY = 2000  # changes that are kept beside the numbers, before all are numbered anew


class Positions(Mapping[str, int]):
    """Numbers ids in their order; immutable.

    Numbering a hundred thousand anew takes longer than all else that follows a change of a few. So
    those numbered before keep their numbers, and what went and came since shifts them when asked.
    """

    def __init__(self, ids: Sequence[str]) -> None:
        """Take ids that rise."""
        self._ids = ids
        self._number = dict(zip(ids, range(len(ids)), strict=True))
        self._gone: list[int] = []  # numbers, rising
        self._came: list[str] = []  # ids, rising

    def changed(self, gone: Collection[str], came: Collection[str]) -> Positions:
        """Give the positions after some ids went and others, which weren't there, came."""
        if not gone and not came:
            return self
        after = Positions(())
        after._ids, after._number = self._ids, self._number
        after._gone, after._came = self._gone.copy(), self._came.copy()
        for id in gone:
            if id in self._number and not self._is_gone(self._number[id]):
                insort(after._gone, self._number[id])
            else:
                del after._came[bisect_left(after._came, id)]
        for id in came:
            insort(after._came, id)
        few = len(after._gone) + len(after._came) <= _MANY
        return after if few else Positions(list(after))

    def _is_gone(self, number: int) -> bool:
        at = bisect_left(self._gone, number)
        return at < len(self._gone) and self._gone[at] == number

    def __getitem__(self, id: str) -> int:
        number = self._number.get(id)
        before = bisect_left(self._came, id) if self._came else 0
        if number is not None and not self._is_gone(number):
            return number - bisect_left(self._gone, number) + before
        if before == len(self._came) or self._came[before] != id:
            raise KeyError(id)
        number = bisect_left(self._ids, id)
        return number - bisect_left(self._gone, number) + before

    def several(self, ids: Iterable[str]) -> NDArray[np.int64]:
        """Give the positions of many ids, (m,).

        :raises KeyError: one is not there.
        """
        moved = self._gone or self._came
        find = self.__getitem__ if moved else self._number.__getitem__
        return np.array([find(id) for id in ids], np.int64)

    def __contains__(self, id: object) -> bool:
        try:
            self[id]  # type: ignore[index]
        except (KeyError, TypeError):
            return False
        return True

    def __len__(self) -> int:
        return len(self._ids) - len(self._gone) + len(self._came)

    def __iter__(self) -> Iterator[str]:
        gone, came = set(self._gone), iter(self._came)
        waiting = next(came, None)
        for number, id in enumerate(self._ids):
            while waiting is not None and waiting < id:
                yield waiting
                waiting = next(came, None)
            if number not in gone:
                yield id
        if waiting is not None:
            yield waiting
            yield from came
