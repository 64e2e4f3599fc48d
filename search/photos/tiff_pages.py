"""The pages of a TIFF (TIFF 6.0, section 2, and BigTIFF): counted, and cut down to the first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

MOST: Final = 10_000
"""Pages that are counted; those after them are only known to be there."""


@dataclass(frozen=True, slots=True)
class _Layout:
    """How many bytes its numbers take: pointers, counts of entries, entries; and their order."""

    pointer: int
    count: int
    entry: int
    order: Literal["little", "big"]

    @classmethod
    def of(cls, data: bytes) -> _Layout:
        order: Literal["little", "big"] = "little" if data.startswith(b"II") else "big"
        return cls(8, 8, 20, order) if 43 in data[2:4] else cls(4, 2, 12, order)

    def number(self, data: bytes, at: int, size: int) -> int:
        return int.from_bytes(data[at : at + size], self.order)


def first_page(data: bytes) -> bytes:
    """Return a TIFF without the pointer to its second page, so that no decoder walks through all.

    The first page's bytes, and all places that it points to, stay as they are.
    """
    layout = _Layout.of(data)
    at = layout.number(data, layout.pointer, layout.pointer)
    entries = layout.number(data, at, layout.count)
    following = at + layout.count + entries * layout.entry
    end = following + layout.pointer
    if end > len(data) or not any(data[following:end]):
        return data
    return data[:following] + bytes(layout.pointer) + data[end:]


def count_pages(data: bytes) -> tuple[int, bool]:
    """Count a TIFF's pages by their pointers, up to `MOST`; say too whether one leads astray."""
    layout = _Layout.of(data)
    seen: set[int] = set()
    at = layout.number(data, layout.pointer, layout.pointer)
    while at and at not in seen and at + layout.count <= len(data):
        if len(seen) == MOST:
            return MOST, False
        entries = layout.number(data, at, layout.count)
        if seen and not 0 < entries * layout.entry <= len(data) - at:
            break
        seen.add(at)
        after = at + layout.count + entries * layout.entry
        at = layout.number(data, after, layout.pointer)
    return len(seen), bool(at) and at not in seen
