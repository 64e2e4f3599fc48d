import hashlib
import io
import os
import struct
import zipfile
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms, ImageOps

from search import photos
from search.errors import PhotoError
from search.photos import decoding, reading
from search.photos.cache import ByteCache
from tests.helpers import draw, encode
from tests.profiles import cmyk_profile, grey_profile, matrix, rgb_profile
from tests.unit.photos.files import centre, encode_any, flat, pixels, png_chunk

FORMATS = ["JPEG", "PNG", "WEBP", "AVIF", "HEIF", "GIF", "BMP", "TIFF"]
LOSSLESS = ["PNG", "BMP", "TIFF"]


def refusal(source: object, **options: str) -> str:
    with pytest.raises(PhotoError) as caught:
        photos.read(source, **options)
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    return sentence


def png_header(width: int, height: int, depth: int = 8, colour: int = 2) -> bytes:
    """A PNG that claims a size and holds almost nothing."""
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    start = b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", head)
    return start + png_chunk(b"IDAT", zlib.compress(b"\0"))


# ---- what comes in


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_shows_the_same_picture(form: str) -> None:
    image = draw("formats", (96, 64))
    photo = photos.read(encode_any(image, form))
    assert photo.format == form
    assert photo.image.mode == "RGB"
    assert (photo.width, photo.height) == (96, 64)
    off = np.abs(pixels(photo) - np.asarray(image)).mean()
    assert off == 0 if form in LOSSLESS else off < 12


def test_bytes_path_and_text_path_are_one_photograph(tmp_path: Path) -> None:
    data = encode(draw(1))
    file = tmp_path / "a.png"
    file.write_bytes(data)
    read = [photos.read(data), photos.read(file), photos.read(str(file))]
    assert {p.sha256 for p in read} == {hashlib.sha256(data).hexdigest()}
    assert all(p.data == data for p in read)


def test_the_name_is_never_believed(tmp_path: Path) -> None:
    file = tmp_path / "photo.jpg"
    file.write_bytes(encode(draw(1), "PNG"))
    assert photos.read(file).format == "PNG"


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_applied(form: str, orientation: int) -> None:
    upright = Image.new("RGB", (48, 32), "white")
    upright.paste((200, 0, 0), (0, 0, 24, 16))
    back = {1: None, 2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}[orientation]
    stored = upright if back is None else upright.transpose(Image.Transpose(back))
    exif = Image.Exif()
    exif[0x0112] = orientation
    photo = photos.read(encode(stored, form, exif=exif.tobytes()))
    assert (photo.width, photo.height) == (48, 32)
    assert np.abs(pixels(photo) - np.asarray(upright)).mean() < 8


def test_heic_orientation_is_applied_once() -> None:
    upright = Image.new("RGB", (64, 32), "white")
    upright.paste((200, 0, 0), (0, 0, 32, 16))
    exif = Image.Exif()
    exif[0x0112] = 6
    stored = upright.transpose(Image.Transpose.ROTATE_90)
    photo = photos.read(encode_any(stored, "HEIF", exif=exif.tobytes()))
    assert (photo.width, photo.height) == (64, 32)
    assert np.abs(pixels(photo) - np.asarray(upright)).mean() < 8


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_damaged_exif_costs_the_orientation_only() -> None:
    data = encode(draw(1), "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff\0\x01nonsense")
    assert photos.read(data).width == 64


def test_nothing_personal_stays_on_the_picture() -> None:
    exif = Image.Exif()
    exif[0x013B] = "Jane Doe"
    photo = photos.read(encode(draw(1), "JPEG", exif=exif.tobytes(), comment=b"private"))
    assert not photo.image.info
    assert not photo.image.getexif()
    assert b"Jane" in photo.data


# ---- transparency


def half_clear(mode: str) -> Image.Image:
    """Left half clear over a hidden dark colour, right half opaque blue or grey."""
    image = Image.new("RGBA", (32, 32), (10, 20, 30, 0))
    image.paste((0, 0, 200, 255), (16, 0, 32, 32))
    return image.convert(mode) if mode != "P" else image.quantize(16, method=2)


@pytest.mark.parametrize(
    ("form", "mode"),
    [
        ("PNG", "RGBA"),
        ("PNG", "LA"),
        ("PNG", "P"),
        ("WEBP", "RGBA"),
        ("TIFF", "RGBA"),
        ("TIFF", "LA"),
    ],
)
def test_transparency_lies_on_white(mode: str, form: str) -> None:
    photo = photos.read(
        encode(half_clear(mode), form, **({"lossless": True} if form == "WEBP" else {}))
    )
    assert (pixels(photo)[:, :15] == 255).all()
    assert (pixels(photo)[:, 17:] != 255).any(axis=2).all()


def test_half_transparency_is_half_way_to_white() -> None:
    assert centre(photos.read(encode(flat((0, 0, 0, 128), "RGBA")))) == (127, 127, 127)


@pytest.mark.parametrize("mode", ["1", "L", "RGB", "P"])
def test_a_colour_marked_clear_lies_on_white(mode: str) -> None:
    image = Image.new("RGB", (32, 32), "black")
    image.paste("white" if mode == "1" else (0, 200, 0), (16, 0, 32, 32))
    image = image.convert(mode)
    clear = image.getpixel((0, 0))
    photo = photos.read(encode(image, "PNG", transparency=clear))
    assert (pixels(photo)[:, :16] == 255).all()


def test_a_deep_grey_marked_clear_lies_on_white() -> None:
    deep = np.full((32, 32), 1000, np.uint16)
    deep[:, 16:] = 40000
    photo = photos.read(encode(Image.fromarray(deep), "PNG", transparency=1000))
    assert (pixels(photo)[:, :16] == 255).all()
    assert abs(pixels(photo)[:, 16:] - 155.6).max() < 1


def test_hidden_pixels_do_not_matter() -> None:
    shown = []
    for colour in [(9, 9, 9), (200, 0, 0)]:
        image = flat((*colour, 0), "RGBA")
        image.putpixel((3, 3), (0, 0, 0, 255))
        shown.append(pixels(photos.read(encode(image))))
    assert (shown[0] == shown[1]).all()


# ---- depth and colour


@pytest.mark.parametrize("form", ["PNG", "TIFF"])
def test_sixteen_bits_are_scaled_not_clipped(form: str) -> None:
    deep = np.linspace(0, 65535, 64 * 64).reshape(64, 64).astype(np.uint16)
    photo = photos.read(encode(Image.fromarray(deep), form))
    assert np.abs(pixels(photo)[..., 0] - deep / 257).max() <= 1


def test_sixteen_bit_big_endian_tiff() -> None:
    deep = np.linspace(0, 65535, 64 * 64).reshape(64, 64).astype(">u2")
    image = Image.frombytes("I;16B", (64, 64), deep.tobytes())
    photo = photos.read(encode(image, "TIFF"))
    assert np.abs(pixels(photo)[..., 0] - deep / 257).max() <= 1


@pytest.mark.parametrize("white", [1.0, 255.0, 65535.0])
def test_float_tiff_is_scaled_to_its_white(white: float) -> None:
    deep = (np.linspace(0, 1, 64 * 64).reshape(64, 64) * white).astype(np.float32)
    photo = photos.read(encode(Image.fromarray(deep), "TIFF"))
    assert np.abs(pixels(photo)[..., 0] - deep / white * 255).max() <= 1


def test_float_tiff_with_holes_is_read() -> None:
    deep = np.full((32, 32), 0.5, np.float32)
    deep[0] = np.nan
    deep[1] = np.inf
    photo = photos.read(encode(Image.fromarray(deep), "TIFF"))
    assert centre(photo) == (128, 128, 128)
    assert (pixels(photo)[:2] == 0).all()


def test_thirty_two_bit_integers_are_scaled() -> None:
    deep = np.linspace(0, 65535, 64 * 64).reshape(64, 64).astype(np.int32)
    photo = photos.read(encode(Image.fromarray(deep), "TIFF"))
    assert np.abs(pixels(photo)[..., 0] - deep / 257).max() <= 1


@pytest.mark.parametrize("mode", ["1", "L", "P"])
@pytest.mark.parametrize("form", ["PNG", "GIF", "TIFF", "BMP"])
def test_few_colours_are_kept(mode: str, form: str) -> None:
    image = draw("few", mode=mode)
    photo = photos.read(encode(image, form))
    assert (pixels(photo) == np.asarray(image.convert("RGB"))).all()


@pytest.mark.parametrize("form", ["JPEG", "TIFF"])
def test_cmyk_without_a_profile(form: str) -> None:
    photo = photos.read(encode(flat((0, 255, 255, 0), "CMYK"), form))
    red, green, blue = centre(photo)
    assert red > 200
    assert green < 60
    assert blue < 60


@pytest.mark.parametrize("form", ["JPEG", "TIFF"])
def test_cmyk_goes_through_its_own_profile(form: str) -> None:
    green_ink = cmyk_profile(solid_cyan=(60.0, -50.0, 40.0))
    image = flat((255, 0, 0, 0), "CMYK")
    plain = centre(photos.read(encode(image, form)))
    profiled = centre(photos.read(encode(image, form, icc_profile=green_ink)))
    assert plain[2] > plain[1] - 40  # plain cyan
    assert profiled[1] > profiled[2] + 40  # this printer's first ink is green
    paper = photos.read(encode(flat((0, 0, 0, 0), "CMYK"), form, icc_profile=green_ink))
    assert min(centre(paper)) > 250


@pytest.mark.parametrize("space", ["Display P3", "Adobe RGB"])
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF", "HEIF", "TIFF"])
def test_wide_gamut_is_brought_to_srgb(space: str, form: str) -> None:
    stored = np.array([150, 110, 90])
    linear = np.linalg.solve(matrix("sRGB IEC61966-2.1"), matrix(space) @ (stored / 255) ** 2.2)
    expected = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    options = {"quality": 100} if form in ("JPEG", "WEBP", "AVIF") else {}
    data = encode_any(flat(tuple(stored.tolist())), form, **options, icc_profile=rgb_profile(space))
    assert np.abs(np.array(centre(photos.read(data))) - expected * 255).max() <= 4
    assert np.abs(expected * 255 - stored).max() > 8  # the profile matters here


def test_an_srgb_profile_changes_nothing() -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    image = draw("srgb")
    assert (pixels(photos.read(encode(image, icc_profile=srgb))) == np.asarray(image)).all()


def test_grey_goes_through_its_profile() -> None:
    photo = photos.read(encode(flat(64, "L"), icc_profile=grey_profile(1.0)))
    assert abs(centre(photo)[0] - 137) <= 2  # linear 0.25 in sRGB


def test_profile_and_transparency_together() -> None:
    image = flat((150, 110, 90, 0), "RGBA")
    image.paste((150, 110, 90, 255), (16, 0, 32, 32))
    photo = photos.read(encode(image, icc_profile=rgb_profile("Display P3")))
    opaque = photos.read(encode(flat((150, 110, 90)), icc_profile=rgb_profile("Display P3")))
    assert (pixels(photo)[:, :16] == 255).all()
    assert tuple(pixels(photo)[0, 31]) == centre(opaque)


@pytest.mark.parametrize("profile", [b"nonsense" * 40, rgb_profile("Adobe RGB")[:200]])
def test_a_damaged_profile_is_left_out_and_said(profile: bytes) -> None:
    image = draw(3)
    photo = photos.read(encode(image, icc_profile=profile))
    assert (pixels(photo) == np.asarray(image)).all()
    assert any("profile" in note for note in photo.notes)


def test_a_profile_of_another_space_is_left_out() -> None:
    image = draw(3)
    photo = photos.read(encode(image, icc_profile=cmyk_profile()))
    assert (pixels(photo) == np.asarray(image)).all()


def test_lab_tiff() -> None:
    lab = ImageCms.profileToProfile(
        flat((200, 30, 30)),
        ImageCms.createProfile("sRGB"),
        ImageCms.createProfile("LAB"),
        outputMode="LAB",
    )
    assert lab is not None
    assert np.abs(np.array(centre(photos.read(encode(lab, "TIFF")))) - (200, 30, 30)).max() <= 4


@pytest.mark.parametrize("form", ["GIF", "TIFF", "WEBP", "PNG", "AVIF"])
def test_the_first_frame_is_used_and_said(form: str) -> None:
    frames = [flat(c) for c in ((220, 0, 0), (0, 220, 0), (0, 0, 220))]
    photo = photos.read(encode(frames[0], form, save_all=True, append_images=frames[1:]))
    assert photo.notes == ("Only the first of 3 frames is used.",)
    assert centre(photo)[0] > 200
    assert centre(photo)[1] < 20


def test_a_phone_picture_of_several_pictures_is_its_first() -> None:
    frames = [flat((220, 0, 0)), flat((0, 220, 0))]
    photo = photos.read(encode(frames[0], "MPO", save_all=True, append_images=frames[1:]))
    assert (photo.format, photo.notes) == ("JPEG", ())
    assert centre(photo)[0] > 200


# ---- what is refused


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("share", [0.02, 0.5, 0.9])
def test_a_cut_off_file_is_one_sentence(form: str, share: float) -> None:
    noise = np.random.default_rng(7).integers(0, 256, (128, 128, 3), np.uint8)
    data = encode_any(Image.fromarray(noise), form)
    refusal(data[: int(len(data) * share)], name="cut.img")


@pytest.mark.parametrize("form", FORMATS)
def test_random_damage_is_read_or_refused_never_a_traceback(form: str) -> None:
    whole = bytearray(encode_any(draw("damage"), form))
    rng = np.random.default_rng(11)
    outcomes = []
    for _ in range(40):
        data = bytearray(whole)
        for place in rng.integers(0, min(len(data), 400), 6):
            data[place] = int(rng.integers(0, 256))
        try:
            outcomes.append(photos.read(bytes(data)).image.mode)
        except PhotoError as error:
            outcomes.append(str(error))
    assert any(outcome != "RGB" for outcome in outcomes)


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.jpg", encode(draw(1), "JPEG"))
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "empty"),
        (b"just some words\n", "text"),
        ("Größe, ärmellos".encode(), "text"),
        (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"  <!DOCTYPE html><html><body>404</body></html>", "web page"),
        (zipped(), "zip"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom", "video"),
        (b"8BPS\0\x01" + bytes(40), "not a photograph"),
        (bytes(100), "not a photograph"),
        (b"BM", "not a photograph"),
    ],
)
def test_what_is_no_photograph_is_named(data: bytes, word: str) -> None:
    sentence = refusal(data, name="shoe.jpg")
    assert word in sentence
    assert "“shoe.jpg”" in sentence


def test_formats_outside_the_list_are_never_tried() -> None:
    for form in ("PPM", "TGA", "ICO", "PCX", "JPEG2000", "ICNS", "SGI"):
        assert "not a photograph" in refusal(encode(draw(1), form))


@pytest.mark.parametrize("size", [(8000, 8001), (60000, 60000), (2**31 - 1, 2**31 - 1)])
def test_a_bomb_is_refused_from_its_header(size: tuple[int, int]) -> None:
    sentence = refusal(png_header(*size))
    assert "megapixels" in sentence


def test_exactly_the_most_pixels_pass_the_header() -> None:
    # The header is accepted, then the missing pixels are what is wrong.
    assert "damaged" in refusal(png_header(8000, 8000))


def test_deep_samples_are_not_allowed_as_many_pixels() -> None:
    assert "40 megapixels" in refusal(png_header(8000, 5001, depth=16, colour=0))
    assert "damaged" in refusal(png_header(8000, 5000, depth=16, colour=0))


@pytest.mark.usefixtures("in_process")
@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_a_large_photograph_is_read_at_half_its_sides(
    form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoding, "WHOLE_PIXELS", 96 * 64 - 1)
    exif = Image.Exif()
    exif[0x0112] = 6
    image = Image.new("RGB", (96, 64), (0, 0, 200))
    image.paste((200, 0, 0), (0, 0, 48, 32))
    photo = photos.read(encode(image, form, exif=exif.tobytes()))
    assert (photo.width, photo.height) == (32, 48)
    assert pixels(photo)[5, 27].tolist() == pytest.approx([200, 0, 0], abs=8)
    assert pixels(photo)[5, 5].tolist() == pytest.approx([0, 0, 200], abs=8)
    assert any("half" in note for note in photo.notes)


@pytest.mark.parametrize("form", FORMATS)
def test_the_smallest_side(form: str) -> None:
    assert "15" in refusal(encode_any(flat((9, 9, 9), side=64).resize((64, 15)), form))
    assert photos.read(encode_any(flat((9, 9, 9), side=16), form)).height == 16


def test_the_heaviest_file(tmp_path: Path) -> None:
    data = encode(draw(1), "JPEG")
    padded = data + bytes(photos.MAX_BYTES - len(data))
    assert photos.read(padded).width == 64
    assert "20 MB" in refusal(padded + b"\0")
    file = tmp_path / "heavy.jpg"
    with file.open("wb") as out:
        out.truncate(10**12)  # sparse: reading it whole would end the test
    assert "20 MB" in refusal(file)


def test_a_file_that_grows_is_not_read_beyond_the_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "grows.jpg"
    with file.open("wb") as out:
        out.truncate(10**12)
    small = os.stat_result((0o100644, 1, 1, 1, 0, 0, 100, 0, 0, 0))
    monkeypatch.setattr(Path, "stat", lambda self, **_: small)
    assert "20 MB" in refusal(file)


def test_paths_that_are_no_photograph(tmp_path: Path) -> None:
    assert "not there" in refusal(tmp_path / "gone.jpg")
    assert "not a file" in refusal(tmp_path)
    assert "cannot be read" in refusal("zero\0byte.jpg")
    os.mkfifo(tmp_path / "pipe.jpg")
    assert "not a file" in refusal(tmp_path / "pipe.jpg")  # opening it would wait for ever


def test_names_in_sentences_are_harmless() -> None:
    sentence = refusal(b"", name="a\u202egpj.exe\x1b[31m\n" + "x" * 500)
    assert "\u202e" not in sentence
    assert "\x1b" not in sentence
    assert len(sentence) < 200


def test_a_refusal_without_a_name_is_a_sentence() -> None:
    assert refusal(b"").startswith("This photograph is empty")


# ---- crop and thumbnail


def test_a_crop_is_that_part() -> None:
    photo = photos.read(encode(draw(5, (200, 100))))
    part = photos.crop(photo, (0.25, 0.5, 0.75, 1.0))
    assert (pixels(part) == pixels(photo)[50:100, 50:150]).all()
    assert part.data == photo.data
    assert part.sha256 != photo.sha256
    assert part.is_part
    assert not photo.is_part


def test_a_crop_is_recognised_again_and_apart() -> None:
    photo = photos.read(encode(draw(5, (200, 100))))
    first = photos.crop(photo, (0.1, 0.1, 0.9, 0.9))
    assert first.sha256 == photos.crop(photo, (0.1 + 1e-12, 0.1, 0.9, 0.9)).sha256
    assert first.sha256 != photos.crop(photo, (0.2, 0.1, 0.9, 0.9)).sha256
    assert photos.crop(photo, (0, 0, 1, 1)) is photo


@pytest.mark.parametrize(
    "box",
    [
        (0.5, 0, 0.5, 1),
        (0.6, 0, 0.5, 1),
        (-0.1, 0, 0.5, 1),
        (0, 0, 1.1, 1),
        (0, 0, 0.05, 1),
        (float("nan"), 0, 1, 1),
        (0, 0, float("inf"), 1),
    ],
)
def test_an_impossible_crop_is_refused(box: photos.Box) -> None:
    photo = photos.read(encode(draw(5, (200, 100))))
    with pytest.raises(PhotoError, match=r"choose"):
        photos.crop(photo, box)


def test_a_thumbnail_is_a_small_clean_jpeg() -> None:
    photo = photos.read(encode(draw(6, (800, 400)), "JPEG", comment=b"private", dpi=(72, 72)))
    data = photos.thumbnail(photo, 320)
    with Image.open(io.BytesIO(data)) as small:
        assert (small.format, small.size) == ("JPEG", (320, 160))
        assert not small.getexif()
        assert not {"comment", "icc_profile", "exif"} & small.info.keys()
        off = np.abs(np.asarray(small).astype(int) - np.asarray(photo.image.resize((320, 160))))
    assert off.mean() < 6
    assert (photo.width, photo.height) == (800, 400)


def test_a_small_photograph_is_not_blown_up() -> None:
    photo = photos.read(encode(draw(6, (40, 20))))
    with Image.open(io.BytesIO(photos.thumbnail(photo))) as small:
        assert small.size == (40, 20)


# ---- many at once


def test_threads_see_what_one_thread_sees() -> None:
    sources = [
        encode_any(ImageOps.mirror(draw(n, (90, 60))), form) for n, form in enumerate(FORMATS * 4)
    ]
    sources += [encode(draw(1), icc_profile=rgb_profile("Display P3"))] * 8 + [b"no"] * 4

    def outcome(data: bytes) -> bytes | str:
        try:
            return photos.read(data, cached=False).image.tobytes()
        except PhotoError as error:
            return str(error)

    alone = [outcome(data) for data in sources]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(outcome, sources)) == alone


# ---- decoded once


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The digests of what is decoded from now on, with an empty cache for 1 MB."""
    seen: list[str] = []
    decode = reading._decode

    def counted(data: bytes, sha256: str, label: str) -> photos.Photo:
        seen.append(sha256)
        return decode(data, sha256, label)

    monkeypatch.setattr(reading, "_decode", counted)
    monkeypatch.setattr(reading, "_decoded", ByteCache(1_000_000, reading._bytes_of))
    return seen


def test_bytes_handed_in_are_decoded_once(decoded: list[str]) -> None:
    data = encode(draw(1))
    first = photos.read(data, name="a.png")
    assert photos.read(bytes(bytearray(data)), name="b.png") is first
    assert decoded == [first.sha256]


def test_what_is_refused_is_refused_again_under_its_own_name(decoded: list[str]) -> None:
    photos.read(encode(draw(1)))
    assert "“a.png”" in refusal(b"no", name="a.png")
    assert "“b.png”" in refusal(b"no", name="b.png")


def test_files_and_whoever_says_no_leave_the_cache_alone(
    decoded: list[str], tmp_path: Path
) -> None:
    file = tmp_path / "a.png"
    file.write_bytes(encode(draw(1)))
    for _ in range(2):
        photos.read(file)
        photos.read(file.read_bytes(), cached=False)
    assert len(decoded) == 4
    assert reading._decoded.bytes == 0


def test_a_digest_that_is_known_is_not_computed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    data = encode(draw("digest"))
    digest = hashlib.sha256(data).hexdigest()
    monkeypatch.setattr(hashlib, "sha256", None)
    assert photos.read(data, sha256=digest).sha256 == digest


def test_the_cache_of_photographs_is_bounded(decoded: list[str]) -> None:
    sources = [encode(draw(n, (300, 300))) for n in range(4)]  # 0.36 MB each, so two fit
    for source in sources:
        photos.read(source)
        assert reading._decoded.bytes <= 1_000_000
    photos.read(sources[3])
    photos.read(sources[2])
    assert len(decoded) == 4
    photos.read(sources[0])
    assert len(decoded) == 5
    heavy = encode(draw(5, (600, 600)))
    assert photos.read(heavy) is not photos.read(heavy)  # it would not fit
    photos.read(sources[0])
    assert len(decoded) == 7


def test_threads_share_the_cache(decoded: list[str]) -> None:
    sources = [encode(draw(n, (200, 200))) for n in range(20)] * 10
    with ThreadPoolExecutor(8) as pool:
        shown = list(pool.map(photos.read, sources))
    for source, photo in zip(sources, shown, strict=True):
        assert photo.sha256 == hashlib.sha256(source).hexdigest()
    held = reading._decoded
    assert held.bytes == sum(map(reading._bytes_of, held._values.values())) <= 1_000_000


def test_the_extensions_are_those_of_the_formats() -> None:
    assert {".jpg", ".jpeg", ".png", ".webp", ".avif", ".heic", ".gif", ".bmp", ".tif"} <= (
        photos.EXTENSIONS
    )
    assert all(e == e.lower() and e.startswith(".") for e in photos.EXTENSIONS)
