"""What lies beside a sound picture does not decide; the picture's own bytes do."""

import zlib

import numpy as np
import pytest
from PIL import Image

from search import photos
from search.errors import PhotoError
from search.photos.essentials import MAX_PROFILE
from search.photos.frames import BESIDE
from tests.helpers import draw, encode
from tests.profiles import rgb_profile
from tests.unit.photos.files import centre, flat, pixels, png_chunk

START = 33  # bytes of a PNG's signature and IHDR


def with_chunk(data: bytes, chunk: bytes) -> bytes:
    return data[:START] + chunk + data[START:]


def at_end(data: bytes, chunk: bytes) -> bytes:
    return data[:-12] + chunk + data[-12:]


def broken(chunk: bytes) -> bytes:
    """The chunk with a wrong checksum."""
    return chunk[:-1] + bytes([chunk[-1] ^ 1])


LARGE_TEXT = zlib.compress(b"x" * 3_000_000)


@pytest.mark.parametrize(
    "chunk",
    [
        png_chunk(b"zTXt", b"Comment\0\0" + LARGE_TEXT),
        png_chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + LARGE_TEXT),
        broken(png_chunk(b"tEXt", b"Author\0me")),
        png_chunk(b"zTXt", b"Comment\0\7no such method"),
        png_chunk(b"gAMA", b"\1"),
        png_chunk(b"cHRM", b"\0\0\1"),
        broken(png_chunk(b"sRGB", b"\0")),
        png_chunk(b"pHYs", b""),
        broken(png_chunk(b"eXIf", b"II*\0")),
        png_chunk(b"fcTL", b"short"),
    ],
    ids=lambda chunk: chunk[4:8].decode(),
)
def test_a_png_is_read_whatever_its_texts_and_measures_hold(chunk: bytes) -> None:
    image = draw("beside")
    photo = photos.read(with_chunk(encode(image), chunk))
    assert (pixels(photo) == np.asarray(image)).all()
    assert photo.notes == (BESIDE,)


def test_a_large_text_after_the_picture_does_not_matter() -> None:
    data = at_end(encode(draw(2)), png_chunk(b"zTXt", b"Comment\0\0" + LARGE_TEXT))
    assert (pixels(photos.read(data)) == np.asarray(draw(2))).all()


def profile_chunk(profile: bytes) -> bytes:
    return png_chunk(b"iCCP", b"odd\0\0" + zlib.compress(profile))


def padded(profile: bytes, size: int) -> bytes:
    """The profile grown to a size, as its header says."""
    return size.to_bytes(4) + profile[4:] + bytes(size - len(profile))


def test_a_profile_larger_than_the_decoder_takes_is_obeyed() -> None:
    stored = np.array([150, 110, 90])
    profile = padded(rgb_profile("Display P3"), 1_500_000)
    photo = photos.read(with_chunk(encode(flat(tuple(stored.tolist()))), profile_chunk(profile)))
    small = encode(flat(tuple(stored.tolist())), icc_profile=rgb_profile("Display P3"))
    assert centre(photo) == centre(photos.read(small)) != tuple(stored)
    assert photo.notes == ()


@pytest.mark.parametrize(
    "chunk",
    [
        profile_chunk(padded(rgb_profile("Display P3"), MAX_PROFILE + 1)),
        broken(png_chunk(b"iCCP", b"odd\0\0broken")),
        png_chunk(b"iCCP", b"odd\0\7" + zlib.compress(rgb_profile("Display P3")[:300])),
        png_chunk(b"iCCP", b"no end"),
    ],
)
def test_a_profile_that_cannot_be_obeyed_is_left_out_and_said(chunk: bytes) -> None:
    image = draw("profile")
    photo = photos.read(with_chunk(encode(image), chunk))
    assert (pixels(photo) == np.asarray(image)).all()
    assert photo.notes == ("Its colour profile is damaged and was ignored.",)


@pytest.mark.usefixtures("in_process")
def test_more_chunks_than_anybody_needs_are_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    unpacked = []
    whole = zlib.decompressobj

    def counted() -> object:
        unpacked.append(1)
        return whole()

    monkeypatch.setattr(zlib, "decompressobj", counted)
    bomb = png_chunk(b"zTXt", b"c\0\0" + LARGE_TEXT) + profile_chunk(bytes(100))
    photo = photos.read(with_chunk(encode(draw(7)), bomb * 2000))
    assert (pixels(photo) == np.asarray(draw(7))).all()
    assert photo.notes[0] == BESIDE
    assert len(unpacked) < 300


def test_orientation_and_transparency_survive_a_broken_text() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    image = Image.new("RGB", (48, 32), (0, 200, 0))
    image.paste((10, 10, 10), (0, 0, 24, 32))
    data = encode(image, exif=exif.tobytes(), transparency=(10, 10, 10))
    photo = photos.read(with_chunk(data, broken(png_chunk(b"tEXt", b"a\0b"))))
    assert (pixels(photo) == pixels(photos.read(data))).all()
    assert (photo.width, photo.height) == (32, 48)
    assert pixels(photo)[0, 0].tolist() == [255, 255, 255]


@pytest.mark.parametrize("kind", [b"IDAT", b"tRNS", b"PLTE"])
def test_damage_in_the_picture_itself_is_refused(kind: bytes) -> None:
    image = draw(4).quantize(8)
    data = bytearray(encode(image, transparency=3))
    data[data.index(kind) + 5] ^= 0xFF
    with pytest.raises(PhotoError, match="damaged"):
        photos.read(with_chunk(bytes(data), broken(png_chunk(b"tEXt", b"a\0b"))))


def noise(count: int) -> list[Image.Image]:
    drawn = np.random.default_rng(5).integers(0, 256, (count, 64, 64, 3), np.uint8)
    return [Image.fromarray(each) for each in drawn]


@pytest.mark.parametrize("share", [0.45, 0.7, 0.99])
def test_a_webp_cut_in_a_later_frame_is_its_first(share: float) -> None:
    first, *others = noise(4)
    data = encode(first, "WEBP", save_all=True, append_images=others, lossless=True)
    photo = photos.read(data[: int(len(data) * share)])
    assert (pixels(photo) == np.asarray(first)).all()
    assert photo.notes == (BESIDE,)


@pytest.mark.parametrize("share", [0.45, 0.99])
def test_an_avif_cut_in_a_later_frame_is_its_first(share: float) -> None:
    first, *others = noise(4)
    data = encode(first, "AVIF", save_all=True, append_images=others)
    photo = photos.read(data[: int(len(data) * share)])
    assert (pixels(photo) == pixels(photos.read(data))).all()
    assert photo.notes == (BESIDE,)
    with pytest.raises(PhotoError, match="damaged"):
        photos.read(data[: len(data) // 5])


def test_a_webp_cut_in_its_first_frame_is_refused() -> None:
    first, *others = noise(4)
    data = encode(first, "WEBP", save_all=True, append_images=others, lossless=True)
    with pytest.raises(PhotoError, match="damaged"):
        photos.read(data[: len(data) // 5])


def test_a_webp_cut_behind_its_picture_keeps_its_colours() -> None:
    (image,) = noise(1)
    options = {"icc_profile": rgb_profile("Display P3"), "lossless": True}
    whole = encode(image, "WEBP", xmp=b"x" * 900, **options)
    photo = photos.read(whole[:-300])
    assert (pixels(photo) == pixels(photos.read(whole))).all()
    assert (pixels(photo) != np.asarray(image)).any()


# ---- profiles are what they contain


@pytest.mark.parametrize("space", ["Display P3", "Adobe RGB"])
def test_a_wide_profile_called_srgb_is_obeyed(space: str) -> None:
    honest = rgb_profile(space)
    name = b"sRGB IEC61966-2.1"[: len(space)]
    lying = honest.replace(space.encode(), name)
    assert lying != honest
    image = draw("named")
    named, plain = (photos.read(encode(image, icc_profile=p)) for p in (lying, honest))
    assert (pixels(named) == pixels(plain)).all()
    assert (pixels(named) != np.asarray(image)).any()


def test_srgb_under_any_name_changes_nothing() -> None:
    level = np.arange(256) / 255
    curve = np.where(level <= 0.04045, level / 12.92, ((level + 0.055) / 1.055) ** 2.4)
    profile = rgb_profile("sRGB IEC61966-2.1", curve=curve).replace(b"sRGB", b"Mine")
    image = draw("named")
    assert (pixels(photos.read(encode(image, icc_profile=profile))) == np.asarray(image)).all()
