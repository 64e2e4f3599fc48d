"""Many features in little memory: rows that are changed without a copy of all of them.

A unit row is held as whole numbers of 16 bits: times 32,767 over its largest number, rounded. Its
direction is then right to some 1e-6, better than in float16, in which features are stored, in as
many bytes; and numpy turns it into float32 as fast as it multiplies float32, where it takes several
times as long with float16 (`python -m tests.benchmarks large`). Other rows stay float32.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

BLOCK = 512
"""Rows of a block: what a change of one row copies, 1.3 MB of 1,280 numbers each."""

_LARGEST = 32_767
_UNIT = 1e-3  # what the length of a unit row may be off by
_AT_ONCE = 1 << 18  # numbers turned into float32 together: 1 MB, which stays in the cache

Rows = NDArray[np.float32]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Rows side by side: `numbers` (b, d) are int16 over `lengths` (b,), or float32 themselves."""

    numbers: NDArray[Any]
    lengths: NDArray[np.float32] | None = None

    def __len__(self) -> int:
        return len(self.numbers)

    def rows(self, chosen: Any = slice(None)) -> Rows:
        """Give the rows chosen, float32."""
        listed = isinstance(chosen, np.ndarray) and chosen.dtype != bool
        numbers = self.numbers.take(chosen, axis=0) if listed else self.numbers[chosen]
        rows: Rows = numbers.astype(np.float32, copy=False)
        if self.lengths is None:
            return rows
        rows /= self.lengths[chosen][:, None]
        return rows

    def cut(self, chosen: Any) -> Block:
        """Give a block of the rows chosen."""
        lengths = None if self.lengths is None else self.lengths[chosen]
        return Block(self.numbers[chosen], lengths)

    def products(self, queries: Rows, out: Rows) -> None:
        """Multiply the rows with queries (q, d) into `out` (q, b)."""
        if self.lengths is None:
            np.matmul(queries, self.numbers.T, out=out)
            return
        step = max(1, _AT_ONCE // max(self.numbers.shape[1], 1))
        buffer = np.empty((min(step, len(self)), self.numbers.shape[1]), np.float32)
        for start in range(0, len(self), step):
            part = self.numbers[start : start + step]
            rows = buffer[: len(part)]
            np.copyto(rows, part)
            out[:, start : start + step] = (rows @ queries.T).T
        out /= self.lengths


class Vectors:
    """Rows (n, d) in blocks; immutable, safe under threads. What is taken out is float32."""

    def __init__(self, blocks: Iterable[Block], size: int) -> None:
        self.blocks = tuple(block for block in blocks if len(block))
        self.size = size
        ends = np.cumsum([0, *map(len, self.blocks)])
        self._starts, self._count = ends[:-1], int(ends[-1])

    @classmethod
    def of(cls, rows: ArrayLike) -> Vectors:
        """Take an array (n, d) as float32, without a copy where it is that."""
        array = np.ascontiguousarray(rows, np.float32)
        return cls([Block(array)], array.shape[1])

    @classmethod
    def compact(cls, rows: Rows) -> Vectors:
        """Hold unit rows (n, d) as whole numbers; a row of zeros stays one."""
        parts = (rows[start : start + BLOCK] for start in range(0, len(rows), BLOCK))
        return cls(map(compacted, parts), rows.shape[1])

    @classmethod
    def of_numbers(cls, parts: Iterable[NDArray[np.int16]], size: int) -> Vectors:
        """Take whole numbers, as `numbers` gives them, some rows at a time, without a copy."""
        return cls((Block(part, _lengths(part)) for part in parts), size)

    @classmethod
    def joined(cls, several: Sequence[Vectors], size: int) -> Vectors:
        """Put rows one after another."""
        return cls((block for each in several for block in each.blocks), size)

    def __len__(self) -> int:
        return self._count

    @property
    def shape(self) -> tuple[int, int]:
        """How many rows there are, and how many numbers in each."""
        return self._count, self.size

    @property
    def nbytes(self) -> int:
        """Bytes that the rows take."""
        return sum(block.numbers.nbytes for block in self.blocks)

    @property
    def is_compact(self) -> bool:
        """Whether all rows are whole numbers."""
        return all(block.lengths is not None for block in self.blocks)

    def numbers(self) -> Iterator[NDArray[np.int16]]:
        """Give all rows as whole numbers, block by block, if they are compact."""
        for block in self.blocks:
            yield block.numbers

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> NDArray[Any]:
        rows = self[:]
        return rows if dtype is None else rows.astype(dtype, copy=bool(copy))

    def __getitem__(self, chosen: Any) -> Rows:
        """Give a row (d,), or the rows chosen (m, d), as of an array."""
        if len(self.blocks) == 1:
            only = self.blocks[0]
            one = isinstance(chosen, int | np.integer)
            rows = only.rows(np.array([chosen]) if one and only.lengths is not None else chosen)
            return rows[0] if one and only.lengths is not None else rows
        places = np.arange(self._count)[chosen]
        wanted = np.atleast_1d(places)
        rows = np.empty((len(wanted), self.size), np.float32)
        for block, mine, within in self._parted(wanted):
            rows[mine] = block.rows(within)
        return rows if np.ndim(places) else rows[0]

    def parts(self) -> Iterator[Rows]:
        """Give all rows in order, some (b, d) float32 at a time."""
        for block in self.blocks:
            for start in range(0, len(block), BLOCK):
                yield block.rows(slice(start, start + BLOCK))

    def products(self, queries: Rows) -> Rows:
        """Multiply queries (q, d) float32 with all rows: (q, n) float32."""
        out = np.empty((len(queries), self._count), np.float32)
        for start, block in zip(self._starts.tolist(), self.blocks, strict=True):
            block.products(queries, out[:, start : start + len(block)])
        return out

    def any(self) -> bool:
        """Tell whether any number is not zero."""
        return self._any

    @cached_property
    def _any(self) -> bool:
        return any(bool(block.numbers.any()) for block in self.blocks)

    def zeros(self) -> Places:
        """Give the rows, rising, that are all zero."""
        return self._where(_is_zero)

    def not_unit(self) -> Places:
        """Give the rows, rising, that are not of length 1 or not finite."""
        return self._where(_is_not_unit)

    def _where(self, holds: Callable[[Block], NDArray[np.bool_]]) -> Places:
        found = [np.empty(0, np.int64)]
        for start, block in zip(self._starts.tolist(), self.blocks, strict=True):
            found.append(start + np.flatnonzero(holds(block)))
        return np.concatenate(found)

    def taken(self, places: Places) -> Vectors:
        """Give some rows in any order, held as they are here."""
        steps = range(0, len(places), BLOCK)
        return Vectors(
            (self._gathered(places[start : start + BLOCK]) for start in steps), self.size
        )

    def changed(self, gone: Places, came: Places, rows: Vectors) -> Vectors:
        """Give these without the rows `gone` and with `rows`, whose places then are `came`.

        Both rise. Only the blocks that are touched are copied.
        """
        if not len(self):
            return rows if len(rows) else Vectors([], 0)
        first = came - np.arange(len(came))  # of the rows that stay, so many lie before each
        blocks: list[Block] = []
        kept = taken = 0
        for start, block in zip(self._starts.tolist(), self.blocks, strict=True):
            low, high = np.searchsorted(gone, (start, start + len(block)))
            lost = gone[low:high] - start
            stays = len(block) - len(lost)
            last = block is self.blocks[-1]
            until = len(came) if last else int(np.searchsorted(first, kept + stays))
            new = rows._gathered(np.arange(taken, until)) if until > taken else None
            at = first[taken:until] - kept
            blocks += _rebuilt(block, lost, at, new)
            kept, taken = kept + stays, until
        return Vectors(blocks, self.size if any(map(len, blocks)) else 0)

    def _parted(self, wanted: Places) -> Iterator[tuple[Block, Any, Places]]:
        """Give each block that has some of the rows wanted, which of these, and where in it."""
        number = np.searchsorted(self._starts, wanted, side="right") - 1
        for n in np.unique(number).tolist():
            mine = np.flatnonzero(number == n)
            yield self.blocks[n], mine, wanted[mine] - self._starts[n]

    def _gathered(self, places: Places) -> Block:
        parts = list(self._parted(places))
        if any(block.lengths is None for block, *_ in parts):
            return Block(self[places])
        numbers = np.empty((len(places), self.size), np.int16)
        lengths = np.empty(len(places), np.float32)
        for block, mine, within in parts:
            piece = block.cut(within)
            numbers[mine], lengths[mine] = piece.numbers, piece.lengths
        return Block(numbers, lengths)


def compacted(rows: Rows) -> Block:
    """Hold unit rows (b, d) as whole numbers."""
    largest = np.abs(rows).max(axis=1, initial=0)
    scale = np.divide(_LARGEST, largest, out=np.zeros_like(largest), where=largest > 0)
    numbers = np.rint(rows * scale[:, None]).astype(np.int16)
    return Block(numbers, _lengths(numbers))


def _is_zero(block: Block) -> NDArray[np.bool_]:
    zero: NDArray[np.bool_] = np.logical_not(block.numbers.any(axis=1), dtype=bool)
    return zero


def _is_not_unit(block: Block) -> NDArray[np.bool_]:
    rows = block.numbers
    if block.lengths is not None:
        return _is_zero(block)
    lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows))
    wrong: NDArray[np.bool_] = ~(np.abs(lengths - 1) < _UNIT)  # NaN is wrong too
    return wrong


def _lengths(numbers: NDArray[np.int16]) -> NDArray[np.float32]:
    """Give the length of each row, 1 for a row of zeros, so that what is divided by it is right."""
    squares = np.empty(len(numbers), np.float64)
    step = max(1, _AT_ONCE // max(numbers.shape[1], 1))
    for start in range(0, len(numbers), step):
        part = numbers[start : start + step].astype(np.float64)
        squares[start : start + step] = np.einsum("ij,ij->i", part, part)
    lengths = np.sqrt(squares)
    return np.where(lengths > 0, lengths, 1).astype(np.float32)


def _rebuilt(block: Block, lost: Places, at: Places, new: Block | None) -> Sequence[Block]:
    """Take rows from a block, and put others before those that had the places `at`."""
    if not len(lost) and new is None:
        return [block]
    left = block.cut(np.delete(np.arange(len(block)), lost)) if len(lost) else block
    if new is None:
        return [left]
    if (left.lengths is None) != (new.lengths is None):
        left, new = Block(left.rows()), Block(new.rows())
    numbers = np.insert(left.numbers, at, new.numbers, axis=0)
    lengths = None
    if left.lengths is not None and new.lengths is not None:
        lengths = np.insert(left.lengths, at, new.lengths)
    whole = Block(numbers, lengths)
    if len(whole) < 2 * BLOCK:
        return [whole]
    return [whole.cut(slice(start, start + BLOCK)) for start in range(0, len(whole), BLOCK)]
