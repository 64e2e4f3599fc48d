"""What reading one photograph may cost: limits that hold however small its file is.

Those on the structure of a JPEG refuse in a moment what the clock would end after seconds.
"""

from __future__ import annotations

import re
from typing import Final

from search.errors import UnreadablePhoto

MAX_PIXELS: Final = 64_000_000
"""Pixels of a photograph at most; one of more than `WHOLE_PIXELS` is read at half its sides."""
WHOLE_PIXELS: Final = 40_000_000
SECONDS: Final = 5.0
"""Seconds on the clock that decoding one photograph may take."""
MEMORY: Final = 1_000_000_000
"""Bytes of memory that decoding may take, where the system can limit it."""
MAX_SCANS: Final = 500
"""Scans of a JPEG at most; programs write about 10."""
MAX_SCANNED: Final = 1_600_000_000
"""Scans times pixels at most: each goes over all of them."""
MAX_PADDING: Final = 200_000
"""Bytes between a JPEG's segments at most; some cameras write a few."""

# Not 00, which is no marker, nor those that have no length and may stand in the picture.
_MARKER = re.compile(rb"\xff([^\x00\x01\xd0-\xd8\xff])")
_SCAN, _END = b"\xda", b"\xd9"


def count_scans(data: bytes, label: str) -> int:
    """Count the scans of a JPEG's first picture (ITU T.81, annex B).

    :raises UnreadablePhoto: there are more, or is more between its segments, than any needs.
    """
    scans, padding, at = 0, 0, 2
    while (found := _MARKER.search(data, at)) and found[1] != _END:
        if found[1] == _SCAN:
            scans += 1
        if not scans:  # behind it, what stands between are the pixels
            padding += found.start() - at
        if scans > MAX_SCANS:
            raise too_many_scans(label)
        if padding > MAX_PADDING:
            break
        at = found.end() + int.from_bytes(data[found.end() : found.end() + 2])
    if padding > MAX_PADDING or (not scans and len(data) - at > MAX_PADDING):
        raise UnreadablePhoto(
            f"{label} is filled up with bytes that say nothing: save it again as a JPEG."
        )
    return scans


def too_many_scans(label: str) -> UnreadablePhoto:
    """Return the refusal of a JPEG that is written in too many passes."""
    return UnreadablePhoto(
        f"{label} is written in more passes than reading it is worth: save it again as a JPEG."
    )
