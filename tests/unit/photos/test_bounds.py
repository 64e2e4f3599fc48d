"""Files made to cost much are refused by their structure, before a decoder sees them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from search import photos
from search.errors import PhotoError, UnreadablePhoto
from search.photos import bounds, colour, pool, tiff_pages
from search.photos.bounds import count_scans
from search.photos.channel import REGION
from tests.helpers import SHARED, draw, encode
from tests.hostile import float_tiff, junk_jpeg, padded_jpeg, paged_tiff, progressive


@pytest.fixture
def no_decoder(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Time is not what ends these."""
    patient = pool.Pool(1, seconds=600)
    monkeypatch.setattr(pool, "POOL", patient)
    yield
    patient.close()


def test_scans_are_counted() -> None:
    image = draw(1, (120, 90))
    assert count_scans(encode(image, "JPEG"), "") == 1
    usual = encode(image, "JPEG", progressive=True)
    assert 8 <= count_scans(usual, "") <= 14
    assert count_scans(progressive((64, 64), 300), "") == 300


def test_pictures_inside_and_behind_the_picture_are_not_counted() -> None:
    data, other = encode(draw(1), "JPEG"), progressive((64, 64), 400)
    exif = b"\xff\xe1" + (2 + len(other)).to_bytes(2) + other
    assert count_scans(data[:2] + exif + data[2:] + other, "") == 1


@pytest.mark.usefixtures("no_decoder")
@pytest.mark.parametrize(
    "data",
    [
        progressive((64, 64), 501),
        progressive((6300, 6300), 100),
        progressive((600, 600), 20_000),
    ],
    ids=["of 64 x 64", "of 6300 x 6300", "20000"],
)
def test_more_scans_than_a_photograph_has(data: bytes) -> None:
    with pytest.raises(UnreadablePhoto, match="“slow” is written in more passes"):
        photos.read(data, name="slow")


def test_large_progressive_photographs_are_read() -> None:
    assert photos.read(progressive((3000, 2000), 12)).width == 3000


@pytest.mark.usefixtures("no_decoder")
@pytest.mark.parametrize("make", [padded_jpeg, junk_jpeg])
def test_bytes_that_say_nothing(make) -> None:
    assert photos.read(make(1000)).width == 64
    with pytest.raises(UnreadablePhoto, match="filled up"):
        photos.read(make(15_000_000))


@settings(max_examples=200, derandomize=True, database=None, deadline=None)
@given(st.lists(st.binary(max_size=6) | st.sampled_from([b"\xff", b"\xff\xda", b"\xff\xd9"])))
def test_any_bytes_can_be_looked_through(parts: list[bytes]) -> None:
    data = b"\xff\xd8\xff" + b"".join(parts)
    with contextlib.suppress(UnreadablePhoto):
        assert count_scans(data, "") <= data.count(b"\xff\xda")


@pytest.mark.usefixtures("no_decoder")
@pytest.mark.parametrize("is_packed", [True, False])
def test_a_tiff_of_many_pages(is_packed: bool) -> None:
    photo = photos.read(paged_tiff(160_000, is_packed=is_packed), cached=False)
    assert photo.width == 64
    pages, _ = tiff_pages.count_pages(paged_tiff(3))
    assert pages == 1  # an empty page is none, and leads astray


def test_only_the_pointer_to_the_second_page_goes() -> None:
    first, second = draw(1, (50, 40)), draw(2, (50, 40))
    data = encode(first, "TIFF", save_all=True, append_images=[second] * 4)
    cut = tiff_pages.first_page(data)
    assert len(cut) == len(data)
    assert sum(a != b for a, b in zip(cut, data, strict=True)) <= 4
    assert tiff_pages.count_pages(data) == (5, False)
    assert tiff_pages.count_pages(cut) == (1, False)
    photo = photos.read(data)
    assert (np.asarray(photo.image) == np.asarray(first)).all()
    assert photo.notes == ("Only the first of 5 frames is used.",)


def test_pages_are_counted_so_far(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiff_pages, "MOST", 3)
    data = encode(draw(1), "TIFF", save_all=True, append_images=[draw(2)] * 4)
    assert tiff_pages.count_pages(data) == (3, False)


@settings(max_examples=200, derandomize=True, database=None, deadline=None)
@given(st.sampled_from([b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"]), st.binary(max_size=60))
def test_any_bytes_can_be_a_tiff(start: bytes, rest: bytes) -> None:
    tiff_pages.first_page(start + rest)
    tiff_pages.count_pages(start + rest)


def test_deep_samples_are_scaled_alike_in_strips(monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.linspace(-0.2, 1.0, 60 * 50, dtype=np.float32).reshape(50, 60)
    values[3, 3], values[7, 9] = np.nan, np.inf
    image = Image.fromarray(values)
    data = encode(image, "TIFF")
    grey = np.asarray(photos.read(data).image)[..., 0]
    wanted = np.nan_to_num(values.astype(float), nan=0, posinf=0)
    wanted = np.rint(np.clip(wanted, 0, 1) * 255).astype(np.uint8)
    assert (grey == wanted).all()
    monkeypatch.setattr(colour, "_STRIP", 130)  # two rows
    strips, _ = colour._scaled(image, is_12_bits=False)
    assert (np.asarray(strips) == wanted).all()


def test_a_legal_tiff_of_floats_is_read() -> None:
    assert photos.read(float_tiff((2500, 2000)), cached=False).height == 2000


def test_thumbnails_are_opened_within_bounds(tmp_path: Path, monkeypatch) -> None:
    small = tmp_path / "small.jpg"
    small.write_bytes(photos.make_thumbnail(encode(draw(1, (900, 90)))))
    read_apart = []
    apart = pool.POOL.decode
    monkeypatch.setattr(pool.POOL, "decode", lambda *a: read_apart.append(a) or apart(*a))
    assert photos.open_thumbnail(small).size == (320, 32)
    assert photos.open_thumbnail(small, 50).width >= 50
    assert not read_apart
    large = tmp_path / "large.jpg"
    large.write_bytes(encode(draw(2, (3000, 2000)), "JPEG"))
    assert photos.open_thumbnail(large).size == (320, 213)
    assert len(read_apart) == 1
    for data in (progressive((320, 320), 400), b"\xff\xd8\xffno", b"", encode(draw(3))[:200]):
        small.write_bytes(data)
        with contextlib.suppress(PhotoError):
            photos.open_thumbnail(small)
    assert len(read_apart) > 2


def test_the_shared_cases_are_read_or_refused() -> None:
    folder = SHARED / "cases" / "attack"
    if not folder.is_dir():
        pytest.skip(f"{folder} is not at hand")
    for path in sorted(folder.iterdir()):
        if path.suffix in (".jpg", ".tif"):
            with contextlib.suppress(PhotoError):
                photos.read(path)


def test_the_largest_photograph_fits_the_memory_shared() -> None:
    assert 4 * bounds.WHOLE_PIXELS <= REGION
    assert photos.MAX_BYTES <= REGION
