"""Which frame is taken, and alpha that hides everything."""

import io
import struct

import numpy as np
import pytest
from PIL import Image

from search import photos
from search.photos import frames
from tests.helpers import draw, encode
from tests.unit.photos.files import centre, flat, pixels, png_chunk

EMPTY = (7, 8, 9, 0)


def bitmap(image: Image.Image, alpha: int) -> bytes:
    """A BMP of 32 bits with an alpha mask (BITMAPV4HEADER)."""
    rgba = image.convert("RGBA")
    rgba.putalpha(alpha)
    body = np.asarray(rgba)[::-1, :, [2, 1, 0, 3]].tobytes()
    masks = struct.pack("<4I", 0xFF0000, 0xFF00, 0xFF, 0xFF000000)
    head = struct.pack("<IiiHHIIiiII", 108, *image.size, 1, 32, 3, len(body), 0, 0, 0, 0)
    head = (head + masks).ljust(108, b"\0")
    return b"BM" + struct.pack("<IHHI", 122 + len(body), 0, 0, 122) + head + body


@pytest.mark.parametrize("alpha", [0, 255])
def test_a_bitmap_whose_alpha_was_never_filled_in_is_seen(alpha: int) -> None:
    image = draw("bitmap")
    photo = photos.read(bitmap(image, alpha))
    assert (pixels(photo) == np.asarray(image)).all()
    assert [note for note in photo.notes if "transparency" in note] == (
        [] if alpha else ["Its transparency hides everything and was ignored."]
    )


def test_a_bitmap_with_alpha_lies_on_white() -> None:
    assert centre(photos.read(bitmap(flat((0, 0, 0)), 128))) == (127, 127, 127)


@pytest.mark.parametrize("form", ["PNG", "TIFF"])
@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_alpha_of_nothing_but_0_is_ignored(form: str, mode: str) -> None:
    image = draw("hidden").convert("RGBA")
    image.putalpha(0)
    image = image.convert(mode)
    photo = photos.read(encode(image, form))
    seen = image.convert("LA").getchannel("L") if mode == "LA" else image.convert("RGB")
    assert (pixels(photo) == np.asarray(seen.convert("RGB"))).all()


def animation(form: str, colours: list[tuple[int, ...]]) -> bytes:
    drawn = [flat(colour, "RGBA") for colour in colours]
    options = {"lossless": True} if form == "WEBP" else {}
    if form == "GIF":
        options = {"disposal": 2}
    return encode(drawn[0], form, save_all=True, append_images=drawn[1:], **options)


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
@pytest.mark.parametrize("empty", [1, 2])
def test_the_first_frame_that_shows_anything_is_taken(form: str, empty: int) -> None:
    # Twice the same empty frame would become one, so the second differs where nobody sees it.
    blank = [EMPTY, (200, 200, 200, 0)][:empty]
    data = animation(form, [*blank, (200, 0, 0, 255), (0, 0, 200, 255)])
    with Image.open(io.BytesIO(data)) as opened:
        count = opened.n_frames
    photo = photos.read(data)
    assert centre(photo)[0] > 180
    assert centre(photo)[2] < 20
    (note,) = photo.notes
    assert note == f"Only frame {count - 1} of {count} is used: nothing shows before it."


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_a_first_frame_that_shows_a_little_is_taken(form: str) -> None:
    first = flat(EMPTY, "RGBA")
    first.paste((200, 0, 0, 255), (0, 0, 4, 4))
    options = {"lossless": True} if form == "WEBP" else {}
    second = flat((0, 0, 200, 255), "RGBA")
    photo = photos.read(encode(first, form, save_all=True, append_images=[second], **options))
    assert pixels(photo)[2, 2, 0] > 180
    assert centre(photo) == (255, 255, 255)
    assert photo.notes == ("Only the first of 2 frames is used.",)


@pytest.mark.usefixtures("in_process")
def test_frames_are_looked_at_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    data = animation("WEBP", [EMPTY, (90, 90, 90, 0), (200, 0, 0, 255)])
    monkeypatch.setattr(frames, "_LOOKED_AT", 0)
    photo = photos.read(data)
    assert photo.notes[1] == "Its transparency hides everything and was ignored."
    assert "the first of" in photo.notes[0]


# ---- pages of a TIFF


def pages(*colours: tuple[int, int, int]) -> bytes:
    first, *others = map(flat, colours)
    return encode(first, "TIFF", save_all=True, append_images=others)


def with_pointer(data: bytes, value: int) -> bytes:
    """The TIFF with another pointer from its first page to the next."""
    (at,) = struct.unpack_from("<I", data, 4)
    (entries,) = struct.unpack_from("<H", data, at)
    place = at + 2 + 12 * entries
    return data[:place] + struct.pack("<I", value) + data[place + 4 :]


@pytest.mark.parametrize("value", [0xFFFFFFF0, 1_000_000, 3])
def test_a_tiff_with_a_bad_pointer_is_its_first_page(value: int) -> None:
    photo = photos.read(with_pointer(pages((200, 0, 0)), value))
    assert centre(photo) == (200, 0, 0)
    assert photo.notes == (frames.BESIDE,)


def test_a_tiff_that_points_at_itself_has_one_page() -> None:
    data = pages((200, 0, 0))
    photo = photos.read(with_pointer(data, struct.unpack_from("<I", data, 4)[0]))
    assert (centre(photo), photo.notes) == ((200, 0, 0), ())


def test_a_tiff_cut_in_a_later_page_is_its_first() -> None:
    data = pages((200, 0, 0), (0, 200, 0), (0, 0, 200))
    photo = photos.read(data[: len(data) // 2])
    assert centre(photo) == (200, 0, 0)
    assert photo.notes


def test_the_pages_of_a_large_tiff_are_counted() -> None:
    image = flat((200, 0, 0))
    data = encode(image, "TIFF", save_all=True, append_images=[image], big_tiff=True)
    assert photos.read(data).notes == ("Only the first of 2 frames is used.",)


@pytest.mark.parametrize("kind", ["u2", "f4"])
@pytest.mark.parametrize("order", ["<", ">"])
def test_a_deep_tiff_whose_0_is_white_is_no_negative(kind: str, order: str) -> None:
    deep = np.linspace(0, 65535, 64 * 64).reshape(64, 64)
    seen = []
    for white_is_zero in (False, True):
        samples = (65535 - deep if white_is_zero else deep).astype(order + kind)
        data = tiff(samples, photometric=0 if white_is_zero else 1, order=order)
        seen.append(pixels(photos.read(data)))
    assert np.abs(seen[0][..., 0] - deep / 257).max() <= 1
    assert np.abs(seen[0] - seen[1]).max() <= 1


def test_twelve_bits_are_scaled_to_their_own_white() -> None:
    deep = np.linspace(0, 4095, 64 * 64).astype(int)
    packed = b"".join(
        ((int(a) << 12) | int(b)).to_bytes(3) for a, b in zip(deep[::2], deep[1::2], strict=True)
    )
    samples = np.frombuffer(packed, np.uint8).reshape(64, 96)
    data = tiff(samples, photometric=1, order="<", width=64, bits=12)
    assert np.abs(pixels(photos.read(data))[..., 0].ravel() - deep / 4095 * 255).max() <= 1


def tiff(samples: np.ndarray, photometric: int, order: str, width: int = 0, bits: int = 0) -> bytes:
    """A TIFF of one strip, drawn up by hand; size and depth are the array's unless given."""
    body = samples.tobytes()
    height, width = samples.shape[0], width or samples.shape[1]
    bits = bits or samples.dtype.itemsize * 8
    tags = [(256, width), (257, height), (258, bits), (259, 1), (262, photometric)]
    tags += [(273, 8), (277, 1), (278, height), (279, len(body))]
    if samples.dtype.kind == "f":
        tags.append((339, 3))
    head = (b"II" if order == "<" else b"MM") + struct.pack(f"{order}HI", 42, 8 + len(body))
    entries = b"".join(struct.pack(f"{order}HHII", tag, 4, 1, value) for tag, value in tags)
    return head + body + struct.pack(f"{order}H", len(tags)) + entries + bytes(4)


def test_a_still_png_is_no_animation() -> None:
    data = encode(draw(1))
    assert photos.read(data + png_chunk(b"acTL", bytes(8))).notes == ()
