from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from search.photos.palette import COLOURS, colour_histogram, to_lab


def product(colour: str, ground: str = "white", size: tuple[int, int] = (120, 160)) -> Image.Image:
    """A plain thing in the middle of a plain ground."""
    picture = Image.new("RGB", size, ground)
    picture.paste(colour, (size[0] // 4, size[1] // 4, size[0] * 3 // 4, size[1] * 3 // 4))
    return picture


def likeness(one: Image.Image, other: Image.Image) -> float:
    return float(colour_histogram(one) @ colour_histogram(other))


@pytest.mark.parametrize(
    ("rgb", "lab"),
    # CIE L*a*b* under D65 of the corners of sRGB, to a tenth.
    [
        ((255, 255, 255), (100.0, 0.0, 0.0)),
        ((0, 0, 0), (0.0, 0.0, 0.0)),
        ((255, 0, 0), (53.2, 80.1, 67.2)),
        ((0, 255, 0), (87.7, -86.2, 83.2)),
        ((0, 0, 255), (32.3, 79.2, -107.9)),
        ((128, 128, 128), (53.6, 0.0, 0.0)),
    ],
)
def test_lab_is_what_the_standard_says(rgb, lab):
    assert to_lab(np.array([rgb], np.uint8))[0] == pytest.approx(lab, abs=0.1)


def test_a_histogram_is_a_unit_row():
    row = colour_histogram(product("teal"))
    assert row.shape == (COLOURS,)
    assert row.dtype == np.float32
    assert np.linalg.norm(row) == pytest.approx(1, abs=1e-6)
    assert (row >= 0).all()


def test_equal_colours_are_alike_and_others_are_not():
    assert likeness(product("firebrick"), product("firebrick")) == pytest.approx(1, abs=1e-6)
    assert likeness(product("firebrick"), product("navy")) < 0.1


def test_a_shade_is_closer_than_another_colour():
    red = product("#b02020")
    assert likeness(red, product("#c03028")) > likeness(red, product("#c08028"))
    assert likeness(red, product("#c03028")) > 0.8


def test_the_plain_ground_does_not_count():
    assert likeness(product("olive", "white"), product("olive", "#d8d8d8")) > 0.95


def test_without_a_plain_ground_the_middle_counts_most():
    noise = np.random.default_rng(0).integers(0, 255, (160, 120, 3), np.uint8)
    picture = Image.fromarray(noise)
    picture.paste("#103080", (30, 40, 90, 120))
    blue, other = product("#103080"), product("#e0c020")
    assert likeness(picture, blue) > 0.5
    assert likeness(picture, blue) > 2 * likeness(picture, other)


@pytest.mark.parametrize("size", [(16, 16), (16, 400), (400, 16), (1, 1)])
def test_any_size_has_colours(size):
    assert np.linalg.norm(colour_histogram(Image.new("RGB", size, "pink"))) == pytest.approx(1)
