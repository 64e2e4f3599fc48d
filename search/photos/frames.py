"""Which picture of a file with several is taken: the first that shows anything."""

from __future__ import annotations

from typing import Final, Literal

from PIL import ImageFile

from search.photos.colour import shows_anything
from search.photos.formats import Format

# Further pictures of a JPEG or HEIC are thumbnails, depth maps and bursts.
_WITH_FRAMES: Final = ("GIF", "WEBP", "AVIF", "PNG")
_LOOKED_AT = 400_000_000  # pixels decoded at most in search of a frame that shows anything

BESIDE: Final = "What its file holds beside the picture is damaged or too large and was left out."


def load_shown(opened: ImageFile.ImageFile, form: Format, data: bytes) -> tuple[str, ...]:
    """Decode the frame to take, the first where none shows anything.

    Returns sentences for the user on what is not used.
    """
    if form == "TIFF":
        opened.load()
        return _page_notes(data)
    frames = int(getattr(opened, "n_frames", 1)) if form in _WITH_FRAMES else 1
    if frames == 1:
        opened.load()
        return ()
    for frame in range(min(frames, 1 + _LOOKED_AT // (opened.width * opened.height))):
        opened.seek(frame)
        opened.load()
        if shows_anything(opened):
            break
    else:
        frame = 0
        opened.seek(frame)
        opened.load()
    if frame:
        return (f"Only frame {frame + 1} of {frames} is used: nothing shows before it.",)
    return (f"Only the first of {frames} frames is used.",)


def _page_notes(data: bytes) -> tuple[str, ...]:
    """Count a TIFF's pages by following their pointers, without reading what they hold."""
    order: Literal["little", "big"] = "little" if data.startswith(b"II") else "big"
    is_big = 43 in data[2:4]
    start, pointer, counted, entry = (8, 8, 8, 20) if is_big else (4, 4, 2, 12)

    def number(at: int, size: int) -> int:
        return int.from_bytes(data[at : at + size], order)

    seen: set[int] = set()
    at = number(start, pointer)
    while at and at not in seen and at + counted <= len(data):
        entries = number(at, counted)
        if seen and not 0 < entries * entry <= len(data) - at:
            break
        seen.add(at)
        at = number(at + counted + entries * entry, pointer)
    notes = (f"Only the first of {len(seen)} frames is used.",) if len(seen) > 1 else ()
    return (*notes, BESIDE) if at and at not in seen else notes
