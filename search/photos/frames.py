"""Which picture of a file with several is taken: the first that shows anything."""

from __future__ import annotations

from typing import Final

from PIL import ImageFile

from search.photos.colour import shows_anything
from search.photos.formats import Format
from search.photos.tiff_pages import MOST, count_pages

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
    pages, is_astray = count_pages(data)
    some = f"more than {pages:,}" if pages == MOST else f"{pages}"
    notes = (f"Only the first of {some} frames is used.",) if pages > 1 else ()
    return (*notes, BESIDE) if is_astray else notes
