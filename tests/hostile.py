"""Files made to cost much: small on the disk, and long, large or broken when they are opened."""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Callable, Iterator
from functools import partial

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


def png(size: tuple[int, int], *chunks: bytes, colour: int = 6, packed: bytes = b"") -> bytes:
    """A PNG of 8 bits that starts and ends as one; `chunks` come before its (packed) pixels."""
    header = struct.pack(">IIBBBBB", *size, 8, colour, 0, 0, 0)
    data = [chunk(b"IDAT", packed)] if packed else []
    return b"".join(
        (b"\x89PNG\r\n\x1a\n", chunk(b"IHDR", header), *chunks, *data, chunk(b"IEND", b""))
    )


def chunk(kind: bytes, body: bytes) -> bytes:
    """A chunk of a PNG with its sum."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def rows(size: tuple[int, int], samples: int) -> bytes:
    """The packed pixels of a PNG, all 0."""
    packer = zlib.compressobj(9)
    row = bytes(1 + samples * size[0])
    return b"".join((*(packer.compress(row) for _ in range(size[1])), packer.flush()))


def crumbs(size: tuple[int, int], length: int) -> bytes:
    """A PNG whose pixels come in chunks of `length` bytes."""
    packed = zlib.compress(bytes((1 + 3 * size[0]) * size[1]), 0)
    parts = (chunk(b"IDAT", packed[n : n + length]) for n in range(0, len(packed), length))
    return png(size, *parts, colour=2)


def gif(size: tuple[int, int], frames: int, frame: tuple[int, int]) -> bytes:
    """A GIF of transparent frames, each of one colour and `frame` pixels large."""
    body = Image.new("P", frame, 0)
    stored = encode(body, "GIF")
    start = stored.index(b"\x2c", 13)
    control = b"\x21\xf9\x04\x01\x00\x00\x00\x00"
    screen = b"GIF89a" + struct.pack("<HHBBB", *size, 0x80, 0, 0) + bytes(6)
    return screen + (control + stored[start:-1]) * frames + b";"


def animation(form: str, size: tuple[int, int], frames: int) -> bytes:
    """An animated WebP or AVIF, nothing of which shows."""
    empty = [Image.new("RGBA", size, (n % 250, 0, 0, 0)) for n in range(frames)]
    return encode(empty[0], form, save_all=True, append_images=empty[1:], quality=1)


def bmp_runs(size: tuple[int, int]) -> bytes:
    """A BMP of runs: 2 bytes stand for 255 pixels."""
    runs = (b"\xff\x00" * (size[0] // 255 + 1) + b"\x00\x00") * size[1] + b"\x00\x01"
    header = struct.pack("<IiiHHIIiiII", 40, *size, 1, 8, 1, len(runs), 0, 0, 256, 0)
    start = 14 + len(header) + 1024
    return (
        struct.pack("<2sIHHI", b"BM", start + len(runs), 0, 0, start) + header + bytes(1024) + runs
    )


MOST = (6300, 6300)
Made = Callable[[], bytes]


def costly() -> Iterator[tuple[str, Made]]:
    """Files that each ask for much time or memory, by name."""
    for scans in (100, 1_000, 20_000):
        for size in (MOST, (8000, 7900), (2000, 2000), (600, 600)):
            yield f"jpeg {size[0]} x {size[1]}, {scans} scans", partial(progressive, size, scans)
    for count in (1_000, 1_000_000, 19_000_000):
        yield f"jpeg, {count} fill bytes", partial(padded_jpeg, count)
        yield f"jpeg, {count} zeros between", partial(junk_jpeg, count)
    for pages in (10, 30_000, 160_000, 2_000_000):
        for is_packed in (True, False):
            yield f"tiff, {pages} pages", partial(paged_tiff, pages, is_packed=is_packed)
    for size in (MOST, (8000, 5000), (40_000, 1000), (2_000_000, 20)):
        yield f"tiff of floats {size[0]} x {size[1]}", partial(float_tiff, size)
    for size in (MOST, (8000, 8000), (60_000, 1060), (16, 2_500_000)):
        for samples, colour in ((4, 6), (3, 2), (1, 0)):
            yield (
                f"png {size[0]} x {size[1]}, {samples} samples",
                lambda s=size, n=samples, c=colour: png(s, colour=c, packed=rows(s, n)),
            )
    text = zlib.compress(bytes(1_000_000), 9)
    for count in (100, 10_000):
        beside = {
            "texts": chunk(b"tEXt", b"a\0b"),
            "packed texts": chunk(b"zTXt", b"a\0\0" + text),
            "profiles": chunk(b"iCCP", b"a\0\0" + text),
            "unknown chunks": chunk(b"abCd", b""),
        }
        for what, each in beside.items():
            small = rows((64, 64), 3)
            yield (
                f"png, {count} {what}",
                lambda e=each, n=count, p=small: png((64, 64), e * n, colour=2, packed=p),
            )
    for length in (1, 16):
        yield f"png in crumbs of {length}", partial(crumbs, (700, 600), length)
    for frames in (2, 200, 20_000):
        for size in ((64, 64), MOST):
            yield (
                f"gif {size[0]} x {size[1]}, {frames} frames",
                partial(gif, size, frames, (16, 16)),
            )
    yield "gif, 40 whole frames", partial(gif, MOST, 40, MOST)
    for form, size, frames in (("WEBP", (4000, 4000), 8), ("AVIF", (2000, 2000), 8)):
        yield f"{form} animation", partial(animation, form, size, frames)
    for size in (MOST, (16, 2_400_000), (65_000, 600)):
        yield f"bmp of runs {size[0]} x {size[1]}", partial(bmp_runs, size)


def hostile(count: int) -> Iterator[tuple[str, Made]]:
    """`count` files: the costly ones, then the same with some of their bytes changed by chance."""
    made = list(costly())
    yield from made[:count]
    chance = random.Random(28)
    for number in range(count - len(made)):
        name, make = made[number % len(made)]
        yield f"{name}, changed {number}", partial(changed, make, chance.random())


def changed(make: Made, seed: float) -> bytes:
    """A file with a few bytes exchanged, most of them near its start, or cut off."""
    chance, data = random.Random(seed), bytearray(make())
    for _ in range(chance.randint(1, 6)):
        place = min(int(chance.expovariate(1 / 300)), len(data) - 1)
        data[place] = chance.choice((0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)))
    return bytes(data[: chance.randrange(len(data))] if chance.random() < 0.1 else data)
