"""Telling pictures of products from pictures of nothing the shop sells."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw
from sklearn.metrics.pairwise import rbf_kernel

from search.catalogue import Catalogue, Product
from search.engine import SearchEngine
from search.engine.altered import how_many, set_against
from search.engine.encoding import encode_missing
from search.engine.learning import ensure_learnt, learn
from search.engine.no_match import fit, laid_out, saved_classifier
from search.engine.scenes import packed, scenes, shipped, unpacked
from search.errors import Cancelled, CatalogueError
from search.network.registry import NETWORKS
from search.network.weights import fingerprint
from search.photos import Photo, read
from search.photos.foreground import foreground_mask
from search.progress import Progress
from tests.helpers import ask


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


def test_products_are_told_from_scenes(catalogue, extractor, backgrounds):
    head = learn(catalogue, extractor).classifier
    unseen = [read(product(n)) for n in range(50, 60)]
    assert (head.margin(extractor.cells(unseen)) > 0).mean() >= 0.9
    assert (head.margin(extractor.cells(backgrounds)) > 0).mean() <= 0.1


def test_the_margin_is_the_support_vector_machines(extractor, backgrounds):
    """Its decision function, with scikit-learn's own kernel."""
    products = [read(product(n)) for n in range(12)]
    head = fit(laid_out(extractor.cells(products)), laid_out(extractor.cells(backgrounds[:60])))
    cells = extractor.cells(products[:3] + backgrounds[60:70])
    placed = (laid_out(cells) - head.mean) @ head.components.T.astype(np.float32)
    kernel = rbf_kernel(placed, head.vectors, gamma=4.5)
    np.testing.assert_allclose(head.margin(cells), kernel @ head.weights + head.bias, atol=1e-4)


def test_what_was_learnt_is_kept_for_its_network(catalogue, extractor):
    assert saved_classifier(catalogue, extractor.fingerprint) is None
    head = learn(catalogue, extractor).classifier
    kept = saved_classifier(catalogue, extractor.fingerprint)
    cells = extractor.cells([read(product(1))])
    np.testing.assert_array_equal(kept.margin(cells), head.margin(cells))
    assert saved_classifier(catalogue, "other-0") is None


def test_a_search_by_a_scene_says_that_nothing_is_similar(catalogue, extractor, backgrounds):
    encode_missing(catalogue, extractor, actor="Ann")
    learn(catalogue, extractor)
    engine = SearchEngine(catalogue, extractor)
    scenes = [scene.data for scene in backgrounds[:40]]
    assert np.mean([ask(engine, data).nothing_similar for data in scenes]) >= 0.8
    assert not any(ask(engine, product(n)).nothing_similar for n in range(50, 60))
    assert not ask(engine, [scenes[0], product(50)]).nothing_similar


@pytest.mark.parametrize("side", [1, 2, 3, 4, 7])
def test_any_number_of_cells_is_laid_out_as_three_by_three(side):
    cells = np.random.default_rng(0).random((2, side, side, 5), np.float32)
    rows = laid_out(cells)
    assert rows.shape == (2, 45)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, rtol=1e-5)
    if side == 3:
        direction = cells.reshape(2, -1)
        direction /= np.linalg.norm(direction, axis=1, keepdims=True)
        np.testing.assert_allclose(rows, direction, rtol=1e-5)


def test_learning_tells_how_far_it_is_and_can_be_cancelled(catalogue, extractor):
    seen: list[Progress] = []
    ensure_learnt(catalogue, extractor, on_progress=seen.append)
    assert seen[-1].done == seen[-1].total == how_many(12) + len(list(scenes()))
    catalogue.save_derived(f"presence:{extractor.fingerprint}", "")
    with pytest.raises(Cancelled):
        ensure_learnt(catalogue, extractor, on_progress=lambda _: False)
    assert saved_classifier(catalogue, extractor.fingerprint) is None


def test_the_scenes_are_encoded_once(catalogue, extractor, backgrounds):
    learn(catalogue, extractor)
    before = extractor.encoded
    learn(catalogue, extractor)
    assert extractor.encoded - before == how_many(12)


def test_kept_scenes_are_of_their_network_and_nearly_exact(extractor, backgrounds):
    rows = laid_out(extractor.cells(backgrounds[:8]))
    kept = packed(rows, extractor.fingerprint)
    np.testing.assert_allclose(unpacked(kept, extractor.fingerprint), rows, atol=0.01)
    assert unpacked(kept, "other-0") is None
    assert unpacked(kept[:-20], extractor.fingerprint) is None
    assert unpacked(b"", extractor.fingerprint) is None


@pytest.mark.parametrize(("network", "most"), [("vgg16-fashion", 1e6), ("fashion", 4e6)])
def test_the_bundled_networks_scenes_are_of_its_weights(network, most):
    """After new weights run `python -m assets.make.encode_scenes --network NAME` for both."""
    file = shipped(network)
    assert file.stat().st_size < most
    rows = unpacked(file.read_bytes(), fingerprint(NETWORKS[network]))
    assert rows is not None
    assert rows.shape == (len(list(scenes())), 9 * NETWORKS[network].feature_size)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=0.02)


@pytest.mark.parametrize("photographs", [8, 100, 300, 5000, 100_000])
def test_what_is_encoded_to_learn_stays_bounded(photographs):
    assert how_many(photographs) <= max(64, min(0.2 * photographs + 1, 400))


def test_it_is_learnt_anew_once_enough_has_changed(catalogue, extractor):
    ensure_learnt(catalogue, extractor)
    first = saved_classifier(catalogue, extractor.fingerprint)
    assert (first.photos, first.last_photo) == (12, 12)

    def add(*numbers: int) -> None:
        with catalogue.change("Ann", "add") as change:
            for n in numbers:
                change.put(Product(f"p{n}"))
                change.add_photo(f"p{n}", read(product(n)))

    add(20)
    ensure_learnt(catalogue, extractor)
    assert saved_classifier(catalogue, extractor.fingerprint).photos == 12
    add(21)
    ensure_learnt(catalogue, extractor)
    assert saved_classifier(catalogue, extractor.fingerprint).photos == 14


def test_a_search_by_a_photograph_has_words_and_nothing_similar_has_none(
    catalogue, extractor, backgrounds
):
    """Two kinds of discs: red ones and blue ones."""
    with catalogue.change("Ann", "add") as change:
        for n in range(12):
            change.update(f"p{n}", category="red")
            change.put(Product(f"b{n}", category="blue"))
            change.add_photo(f"b{n}", read(blue(n)))
    encode_missing(catalogue, extractor, actor="Ann")
    engine = SearchEngine(catalogue, extractor)
    before = ask(engine, product(50))
    assert {hit.band for hit in before.hits} <= {None, "near-identical"}  # not learnt yet
    assert before.looks_like is None
    ensure_learnt(catalogue, extractor)
    found = ask(SearchEngine(catalogue, extractor), product(50), k=24)
    said = [hit.band for hit in found.hits if hit.product.category == "red"]
    assert set(said) & {"near-identical", "same style", "same type"}
    own = ask(engine, product(3))
    assert (own.hits[0].product.id, own.hits[0].band) == ("p3", "near-identical")
    refused = [ask(engine, scene.data) for scene in backgrounds[:40]]
    refused = [result for result in refused if result.nothing_similar]
    assert refused
    assert all(hit.band is None for result in refused for hit in result.hits)
    assert all(result.looks_like is None for result in refused)


def blue(seed: int) -> bytes:
    """A product's picture with its colours exchanged."""
    with Image.open(io.BytesIO(product(seed))) as red:
        buffer = io.BytesIO()
        Image.merge("RGB", red.split()[::-1]).save(buffer, "PNG")
    return buffer.getvalue()


def test_learning_is_the_same_each_time(catalogue, extractor):
    first, second = learn(catalogue, extractor), learn(catalogue, extractor)
    assert first.bands == second.bands
    assert first.classifier.to_text() == second.classifier.to_text()


def test_a_catalogue_that_cannot_be_written_learns_and_saves_nothing(
    catalogue, extractor, monkeypatch
):
    def refuse(*_: object) -> None:
        raise CatalogueError("The disk is full.")

    monkeypatch.setattr(Catalogue, "save_derived", refuse)
    assert ensure_learnt(catalogue, extractor).classifier.photos == 12
    assert saved_classifier(catalogue, extractor.fingerprint) is None


def test_too_few_photographs_teach_nothing(tmp_path, extractor):
    empty = Catalogue(tmp_path / "empty")
    assert learn(empty, extractor) is None
    assert saved_classifier(empty, extractor.fingerprint) is None


def test_unreadable_photographs_are_passed_over(catalogue, extractor):
    first, *_ = catalogue.photos()
    catalogue.path(first).write_bytes(b"nothing")
    assert learn(catalogue, extractor) is not None


@pytest.mark.parametrize(
    "kept",
    ["", "[]", "{}", "nonsense", '{"weights": "?", "bias": 0}',
     '{"arrays": "YWJj", "bias": 0, "photos": 1, "last_photo": 1}'],
)  # fmt: skip
def test_a_setting_that_makes_no_sense_counts_as_none(catalogue, extractor, kept):
    catalogue.save_derived(f"presence:{extractor.fingerprint}", kept)
    assert saved_classifier(catalogue, extractor.fingerprint) is None


def test_set_against_a_scene_the_product_stays_and_the_ground_goes(backgrounds):
    shown = read(product(0))
    mask = foreground_mask(shown.image)
    made = set_against(shown, mask, backgrounds[0], np.random.default_rng(0))
    pixels = np.asarray(made.image).astype(int)
    red = (pixels[..., 0] > 1.8 * pixels[..., 1]) & (pixels[..., 0] > 1.8 * pixels[..., 2])
    assert 0.05 < red.mean() < 0.8
    assert (pixels.min(axis=2) > 245).mean() < 0.05
