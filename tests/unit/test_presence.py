"""Telling pictures of products from pictures of nothing the shop sells."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from search import presence
from search.catalogue import Catalogue, Product
from search.photos import Photo, read
from search.presence import Presence, cut_out, learn_presence, presence_of, scenes, set_against


def product(seed: int) -> bytes:
    """A dark red disc in the middle of white: all that this shop sells."""
    rng = np.random.default_rng(seed)
    image = Image.new("RGB", (96, 96), (250, 250, 250))
    radius = int(rng.integers(24, 40))
    colour = (int(rng.integers(120, 200)), 20, 20)
    ImageDraw.Draw(image).ellipse((48 - radius, 48 - radius, 48 + radius, 48 + radius), colour)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture(scope="module")
def backgrounds() -> list[Photo]:
    return list(scenes())


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    shop = Catalogue(tmp_path / "shop")
    with shop.change("Ann", "add") as change:
        for n in range(12):
            change.put(Product(f"p{n}"))
            change.add_photo(f"p{n}", read(product(n)))
    return shop


def test_the_scenes_come_with_the_program(backgrounds):
    assert len(backgrounds) >= 300
    assert len({scene.sha256 for scene in backgrounds}) == len(backgrounds)


def test_the_border_is_where_few_scenes_pass(catalogue, extractor, backgrounds):
    head = learn_presence(catalogue, extractor)
    unseen = [read(product(n)) for n in range(50, 60)]
    assert (head.margin(extractor.embed(unseen)) > 0).mean() >= 0.9
    passed = (head.margin(extractor.embed(backgrounds)) > 0).mean()
    assert passed <= presence.PASSED + 0.05


def test_what_was_learnt_is_kept_for_its_network(catalogue, extractor):
    assert presence_of(catalogue, extractor.fingerprint) is None
    head = learn_presence(catalogue, extractor)
    kept = presence_of(catalogue, extractor.fingerprint)
    features = extractor.embed([read(product(1))])
    assert kept.margin(features) == pytest.approx(head.margin(features))
    assert presence_of(catalogue, "other-0") is None


def test_learning_is_the_same_each_time(catalogue, extractor):
    first, second = learn_presence(catalogue, extractor), learn_presence(catalogue, extractor)
    np.testing.assert_array_equal(first.weights, second.weights)
    assert first.bias == second.bias


def test_too_few_photographs_teach_nothing(tmp_path, extractor):
    empty = Catalogue(tmp_path / "empty")
    assert learn_presence(empty, extractor) is None
    assert presence_of(empty, extractor.fingerprint) is None


def test_unreadable_photographs_are_passed_over(catalogue, extractor):
    first, *_ = catalogue.photos()
    catalogue.path(first).write_bytes(b"nothing")
    assert learn_presence(catalogue, extractor) is not None


@pytest.mark.parametrize("kept", ["", "[]", "{}", '{"weights": "?", "bias": 0}', "nonsense"])
def test_a_setting_that_makes_no_sense_counts_as_none(catalogue, extractor, kept):
    catalogue.set_setting(f"presence:{extractor.fingerprint}", kept)
    assert presence_of(catalogue, extractor.fingerprint) is None


def test_margins_of_one_and_of_many():
    head = Presence(np.array([1, -1], np.float32), 0.25)
    assert head.margin(np.array([1, 0], np.float32)).tolist() == [1.25]
    assert head.margin(np.eye(2, dtype=np.float32)).tolist() == [1.25, -0.75]


def test_a_product_is_cut_out_of_its_plain_ground():
    picture, mask = cut_out(read(product(0)).image, 96)
    inside = np.asarray(mask) > 127
    red = np.asarray(picture)[..., 1] < 100
    assert (inside == red).mean() > 0.97


def test_set_against_a_scene_the_product_stays_and_the_ground_goes(backgrounds):
    made = set_against(read(product(0)), backgrounds[0], np.random.default_rng(0))
    pixels = np.asarray(made.image).astype(int)
    red = (pixels[..., 0] > 1.8 * pixels[..., 1]) & (pixels[..., 0] > 1.8 * pixels[..., 2])
    assert 0.05 < red.mean() < 0.8
    assert (pixels.min(axis=2) > 245).mean() < 0.05
