"""The formats of photographs: recognised by the first bytes, opened by their own decoder only."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Final, Literal

from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    ImageFile,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from search.errors import PhotoError

EXTENSIONS: Final = frozenset(
    {".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".avif", ".heic", ".heif", ".hif"}
    | {".gif", ".bmp", ".tif", ".tiff"}
)

Format = Literal["JPEG", "PNG", "WEBP", "AVIF", "HEIF", "GIF", "BMP", "TIFF"]

_ACCEPTED = "JPEG, PNG, WebP, AVIF, HEIC, GIF, BMP or TIFF"
_HEIF_BRANDS = frozenset(
    (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1")
)


def _open_heif(file: io.BytesIO) -> ImageFile.ImageFile:
    from pillow_heif.as_plugin import HeifImageFile  # late: its libraries are large

    opened: ImageFile.ImageFile = HeifImageFile(file)
    return opened


# Deep grey whose 0 is white: Pillow knows it in the other byte order only. colour.py turns it.
TiffImagePlugin.OPEN_INFO[b"MM", 0, (1,), 1, (16,), ()] = ("I;16B", "I;16B")

# The classes themselves rather than Image.open: nothing but the sniffed format is tried, a phone's
# multi-picture JPEG is its first picture, and Pillow's bomb warning, which depends on global
# state, is replaced by reading.py's own check of the size.
OPENERS: Final[dict[Format, Callable[[io.BytesIO], ImageFile.ImageFile]]] = {
    "JPEG": JpegImagePlugin.JpegImageFile,
    "PNG": PngImagePlugin.PngImageFile,
    "WEBP": WebPImagePlugin.WebPImageFile,
    "AVIF": AvifImagePlugin.AvifImageFile,
    "HEIF": _open_heif,
    "GIF": GifImagePlugin.GifImageFile,
    "BMP": BmpImagePlugin.BmpImageFile,
    "TIFF": TiffImagePlugin.TiffImageFile,
}


def sniff(data: bytes, label: str) -> Format:
    """Tell the format by the first bytes; the name is never believed.

    :raises PhotoError: when the bytes, which `label` names in the sentence, are not a photograph.
    """
    head = data[:1024]
    if not data:
        raise PhotoError(f"{label} is empty: copy or download it again.")
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head[:6] in (b"GIF87a", b"GIF89a"):
        return "GIF"
    if head[:2] == b"BM" and len(data) > 26:
        return "BMP"
    if head[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return "TIFF"
    if head[4:8] == b"ftyp":
        end = min(int.from_bytes(head[:4]), len(head))
        brands = {head[8:12], *(head[at : at + 4] for at in range(16, end, 4))}
        if brands & {b"avif", b"avis"}:
            return "AVIF"
        if brands & _HEIF_BRANDS:
            return "HEIF"
    raise PhotoError(f"{label} is {_what(head)}: choose a {_ACCEPTED} photograph.")


def _what(head: bytes) -> str:
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "a zip archive, not a photograph"
    if head.startswith(b"%PDF"):
        return "a PDF document, not a photograph"
    if b"<svg" in text:
        return "an SVG drawing, not a photograph"
    if text.startswith((b"<!doctype html", b"<html")) or b"<html" in text:
        return "a web page, not a photograph"
    if head[4:8] == b"ftyp":
        return "a video, not a photograph"
    if b"\0" not in head and sum(byte < 9 or 13 < byte < 32 for byte in head) == 0:
        return "a text file, not a photograph"
    return "not a photograph in a known format"
