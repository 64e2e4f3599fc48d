"""What stands in front of a plain ground: shapes drawn on it, so that the truth is known."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from search.photos.foreground import foreground_mask, product_box


def shown(mask: Image.Image | None) -> np.ndarray:
    assert mask is not None
    assert mask.mode == "L"
    return np.asarray(mask) > 127


def drawn(ground, product, box, size=(120, 160)) -> tuple[Image.Image, np.ndarray]:
    image, truth = Image.new("RGB", size, ground), Image.new("L", size, 0)
    ImageDraw.Draw(image).rectangle(box, product)
    ImageDraw.Draw(truth).rectangle(box, 255)
    return image.filter(ImageFilter.GaussianBlur(0.5)), np.asarray(truth) > 127


def agreement(mask: np.ndarray, truth: np.ndarray) -> float:
    """Intersection over union."""
    return float((mask & truth).sum() / (mask | truth).sum())


@pytest.mark.parametrize("size", [(60, 80), (120, 160), (480, 640)])
def test_a_product_is_found_at_any_size_and_shape(size):
    box = tuple(n * size[0] // 60 for n in (15, 10, 45, 60))
    image, truth = drawn((255, 255, 255), (150, 20, 40), box, size)
    mask = foreground_mask(image)
    assert mask.size == size
    assert agreement(shown(mask), truth) > 0.93


def test_a_product_that_leaves_the_picture_stays_whole():
    image, truth = drawn((255, 255, 255), (60, 80, 140), (30, 40, 90, 159))
    assert agreement(shown(foreground_mask(image)), truth) > 0.95


def test_products_may_cover_most_of_the_border():
    image = Image.new("RGB", (120, 160), (255, 255, 255))
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 50, 40, 159), (240, 130, 20))
    pen.rectangle((41, 50, 80, 159), (90, 70, 60))
    pen.rectangle((81, 50, 119, 159), (30, 40, 30))
    truth = np.zeros((160, 120), bool)
    truth[50:] = True
    assert agreement(shown(foreground_mask(image)), truth) > 0.95


def test_white_on_white_stays_where_its_outline_shows():
    image, truth = drawn((255, 255, 255), (250, 250, 248), (30, 30, 90, 130))
    ImageDraw.Draw(image).rectangle((30, 30, 90, 130), outline=(225, 225, 225))
    assert agreement(shown(foreground_mask(image)), truth) > 0.9


def test_a_soft_shadow_goes_with_the_ground():
    down = np.linspace(245, 225, 160)[:, None, None] * np.ones((160, 120, 3))
    shadow = Image.new("L", (120, 160), 0)
    ImageDraw.Draw(shadow).ellipse((35, 110, 110, 150), 50)
    pixels = down - np.asarray(shadow.filter(ImageFilter.GaussianBlur(12)))[..., None]
    image = Image.fromarray(pixels.astype(np.uint8))
    ImageDraw.Draw(image).rectangle((35, 40, 75, 125), (20, 90, 60))
    truth = np.zeros((160, 120), bool)
    truth[40:126, 35:76] = True
    assert agreement(shown(foreground_mask(image)), truth) > 0.9


def test_without_a_plain_ground_there_is_no_mask():
    busy = np.random.default_rng(0).integers(0, 255, (80, 60, 3), dtype=np.uint8)
    assert foreground_mask(Image.fromarray(busy)) is None
    assert foreground_mask(Image.new("RGB", (60, 80), (255, 255, 255))) is None


def test_a_single_pixel_and_grey_pictures_are_taken():
    assert foreground_mask(Image.new("RGB", (1, 1))) is None
    image = Image.new("L", (60, 80), 255)
    ImageDraw.Draw(image).ellipse((15, 20, 45, 60), 40)
    assert 0.1 < shown(foreground_mask(image)).mean() < 0.4


def _ground(*things: tuple[int, int, int, int], size: tuple[int, int] = (300, 200)) -> Image.Image:
    image = Image.new("RGB", size, (205, 206, 204))
    for thing in things:
        image.paste((120, 30, 40), thing)
    return image


def test_the_frame_is_a_square_around_the_product():
    left, top, right, bottom = product_box(_ground((60, 80, 120, 120)))
    wide, high = (right - left) * 300, (bottom - top) * 200
    assert wide == pytest.approx(high, abs=4)
    assert wide == pytest.approx(66, abs=6)
    assert left * 300 < 60 < 120 < right * 300
    assert top * 200 < 80 < 120 < bottom * 200


def test_the_frame_stays_inside_and_holds_both_of_a_pair_but_no_speck():
    left, top, right, bottom = product_box(_ground((0, 90, 50, 150), (70, 90, 120, 150)))
    assert left == 0
    assert 118 / 300 < right < 0.5
    assert (top, bottom) == pytest.approx((0.28, 0.92), abs=0.04)
    speckled = product_box(_ground((60, 80, 120, 120), (280, 10, 284, 14)))
    assert speckled[2] < 0.5


@pytest.mark.parametrize(
    "image",
    [
        _ground((10, 10, 290, 190)),  # fills the photograph
        _ground(),  # nothing there
        Image.effect_noise((200, 200), 90).convert("RGB"),  # no plain ground
    ],
)
def test_no_frame_where_it_would_gain_nothing_or_is_unclear(image):
    assert product_box(image) is None
