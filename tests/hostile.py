"""Files made to cost much: small on the disk, and long, large or broken when they are opened."""

from __future__ import annotations

import struct
import zlib

from PIL import Image

from tests.helpers import draw, encode


def progressive(size: tuple[int, int], scans: int) -> bytes:
    """A progressive JPEG of an even ground whose last scan is repeated; of a few kilobytes."""
    data = encode(Image.new("RGB", size, (120, 130, 140)), "JPEG", progressive=True)
    start = data.rindex(b"\xff\xda")
    last, end = data[start:-2], data[-2:]
    return data[:start] + last * max(1, scans - data.count(b"\xff\xda") + 1) + end


def padded_jpeg(count: int) -> bytes:
    """A JPEG with that many fill bytes before its second marker."""
    data = encode(draw("padded"), "JPEG")
    return data[:2] + b"\xff" * count + data[2:]


def junk_jpeg(count: int) -> bytes:
    """A JPEG with that many zeros between two of its segments."""
    data = encode(draw("junk"), "JPEG")
    end = 4 + int.from_bytes(data[4:6])
    return data[:end] + bytes(count) + data[end:]


def tiff(
    size: tuple[int, int],
    strip: bytes,
    *,
    bits: int = 8,
    kind: int = 1,
    compression: int = 1,
    pages: int = 1,
) -> bytes:
    """A grey TIFF of one strip, its further pages empty; `kind` 1 is whole numbers, 3 floats."""
    at = 8 + len(strip) + len(strip) % 2
    entries = [
        *((256, 4, 1, size[0]), (257, 4, 1, size[1]), (258, 3, 1, bits), (259, 3, 1, compression)),
        *((262, 3, 1, 1), (273, 4, 1, 8), (277, 3, 1, 1), (278, 4, 1, size[1])),
        *((279, 4, 1, len(strip)), (339, 3, 1, kind)),
    ]
    first = struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHII", *e) for e in entries)
    after = at + len(first) + 4
    places = [after + 6 * n for n in range(pages - 1)]
    pointers = [*places, 0]
    further = b"".join(struct.pack("<HI", 0, pointer) for pointer in pointers[1:])
    body = b"II*\0" + struct.pack("<I", at) + strip + bytes(len(strip) % 2) + first
    return body + struct.pack("<I", pointers[0]) + further


def float_tiff(size: tuple[int, int]) -> bytes:
    """A legal TIFF of floats, all 0."""
    return tiff(
        size, zlib.compress(bytes(4 * size[0] * size[1]), 9), bits=32, kind=3, compression=8
    )


def paged_tiff(pages: int, *, is_packed: bool = True) -> bytes:
    """A TIFF of many pages, of which all but the first are empty."""
    samples = bytes(64 * 64)
    strip = zlib.compress(samples) if is_packed else samples
    return tiff((64, 64), strip, compression=8 if is_packed else 1, pages=pages)
