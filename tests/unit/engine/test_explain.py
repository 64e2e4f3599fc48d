"""Shares of cells in a cosine, their overlay, and the feature of a region."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from search import photos
from search.engine import explain
from search.errors import FeatureError, MismatchError, QueryError
from search.network import registry
from search.network.extractor import NetworkExtractor
from tests.helpers import draw, encode

LETTERBOX = registry.get("vgg16-fashion")
SQUASH = replace(LETTERBOX, resize="squash")


def cells_of(seed: int, shape: tuple[int, int, int] = (3, 5, 16)) -> np.ndarray:
    return np.random.default_rng(seed).gamma(0.5, size=shape).astype(np.float32)


def white(size: tuple[int, int]) -> photos.Photo:
    return photos.read(encode(Image.new("RGB", size, "white")))


def test_shares_add_up_to_the_cosine():
    for seed in range(20):
        query = cells_of(seed) - (0.2 if seed % 2 else 0)  # some networks give negative values
        other = explain.pooled(cells_of(100 + seed))
        share = explain.shares(query, other)
        assert share.shape == (3, 5)
        assert share.sum() == pytest.approx(explain.pooled(query) @ other, abs=1e-5)


def test_a_share_is_what_the_score_loses_without_the_cell():
    """Against the other's feature, up to the length, which is kept."""
    query, other = cells_of(1), explain.pooled(cells_of(2))
    share = explain.shares(query, other)
    without = query.copy()
    without[1, 2] = 0
    length = np.linalg.norm(query.mean(axis=(0, 1)))
    lost = (query.mean(axis=(0, 1)) - without.mean(axis=(0, 1))) @ other / length
    assert share[1, 2] == pytest.approx(lost, abs=1e-6)


def test_both_photographs_explain_the_same_score(extractor):
    query, result = (photos.read(encode(draw(seed, (90, 60)))) for seed in (1, 2))
    why = explain.explain(extractor, query, result)
    expected = float(extractor.embed([query])[0] @ extractor.embed([result])[0])
    for total in (why.score, why.query.sum(), why.result.sum()):
        assert total == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("precision", ["float32", "bfloat16", "int8"])
def test_the_bundled_network_s_shares_add_up_to_the_score_shown(precision):
    extractor = NetworkExtractor(precision=precision)
    shown = [photos.read(encode(draw(seed, (120, 200)))) for seed in range(4)]
    rows = extractor.embed(shown)
    for n in range(1, 4):
        why = explain.explain(extractor, shown[0], shown[n])
        assert why.query.shape == why.result.shape == extractor.cells(shown[:1]).shape[1:3]
        for total in (why.score, why.query.sum(), why.result.sum()):
            assert total == pytest.approx(float(rows[0] @ rows[n]), abs=1e-4)


def test_features_of_another_network_are_refused():
    with pytest.raises(MismatchError, match="16 numbers"):
        explain.shares(cells_of(1), np.ones(8, np.float32))


def test_a_dead_photograph_is_refused():
    with pytest.raises(FeatureError):
        explain.shares(np.zeros((2, 2, 4), np.float32), np.full(4, 0.5, np.float32))


@pytest.mark.parametrize("network", [LETTERBOX, SQUASH], ids=lambda network: network.resize)
@pytest.mark.parametrize("size", [(200, 100), (100, 200), (150, 150)])
def test_the_whole_photograph_as_a_region(network, size):
    """Squashed: exactly the feature. Letterboxed: without the bars."""
    cells = cells_of(3, (6, 6, 16))
    feature = explain.region_feature(cells, size, (0, 0, 1, 1), network)
    if network is LETTERBOX and size[0] != size[1]:
        inner = cells[1:5].copy() if size[0] > size[1] else cells[:, 1:5].copy()
        # The frame covers half of the side: rows (or columns) 1.5 to 4.5 of 6.
        weights = np.array([0.5, 1, 1, 0.5], np.float32)
        shape = (4, 1) if size[0] > size[1] else (1, 4)
        weights = np.broadcast_to(weights.reshape(shape), inner.shape[:2])
        np.testing.assert_allclose(feature, explain.pooled(inner, weights), atol=1e-5)
    else:
        np.testing.assert_allclose(feature, explain.pooled(cells), atol=1e-5)


def test_a_region_takes_the_cells_under_it():
    cells = cells_of(4, (4, 4, 16))
    feature = explain.region_feature(cells, (80, 80), (0.5, 0.25, 0.75, 0.5), SQUASH)
    np.testing.assert_allclose(feature, cells[1, 2] / np.linalg.norm(cells[1, 2]), atol=1e-5)
    assert np.linalg.norm(feature) == pytest.approx(1, abs=1e-6)
    assert feature.dtype == np.float32


def test_a_region_smaller_than_a_cell_is_that_cell():
    cells = cells_of(5, (4, 4, 16))
    feature = explain.region_feature(cells, (80, 80), (0.01, 0.02, 0.03, 0.04), SQUASH)
    np.testing.assert_allclose(feature, cells[0, 0] / np.linalg.norm(cells[0, 0]), atol=1e-5)


@pytest.mark.parametrize(
    "box",
    [(0.5, 0, 0.5, 1), (0.6, 0, 0.4, 1), (-0.1, 0, 1, 1), (0, 0, 1, 1.1), (0, 0, float("nan"), 1)],
)
def test_a_region_outside_or_empty_is_refused(box):
    with pytest.raises(QueryError, match="within the photograph"):
        explain.region_feature(cells_of(1), (80, 80), box, LETTERBOX)


def test_a_region_the_network_ignores_is_refused():
    cells = cells_of(6, (4, 4, 16))
    cells[0, 0] = 0
    with pytest.raises(FeatureError):
        explain.region_feature(cells, (80, 80), (0, 0, 0.25, 0.25), SQUASH)


def colourful(picture: Image.Image) -> np.ndarray:
    """How far each pixel is from grey, 0 to 255; a grey photograph's is what the overlay adds."""
    pixels = np.asarray(picture).astype(int)
    return pixels.max(axis=2) - pixels.min(axis=2)


def test_what_is_above_the_mean_cell_adds_up_to_nothing():
    share = cells_of(8, (5, 5, 1))[..., 0]
    above = explain.excess(share)
    assert above.sum() == pytest.approx(0, abs=1e-5)
    np.testing.assert_allclose(above + share.mean(), share, atol=1e-6)


def test_the_overlay_is_on_the_photograph_s_own_coordinates():
    """Letterboxed, a cell in the middle of the square is in the middle of a wide photograph."""
    share = np.zeros((6, 6), np.float32)
    share[2, 0] = 1  # first column, just above the middle: the left end of a wide photograph
    picture = explain.overlay(white((400, 200)), share, LETTERBOX, side=300)
    assert picture.size == (300, 150)
    shown = colourful(picture)
    row, column = np.unravel_index(shown.argmax(), shown.shape)
    assert column < 50
    assert 25 <= row <= 75
    assert shown[:, 150:].max() == 0

    squashed = colourful(explain.overlay(white((400, 200)), share, SQUASH, side=300))
    assert 50 <= np.unravel_index(squashed.argmax(), squashed.shape)[0] <= 75


def test_the_bars_of_a_letterbox_are_not_shown():
    share = np.zeros((6, 6), np.float32)
    share[0] = 1  # the bar above a wide photograph
    assert colourful(explain.overlay(white((400, 200)), share, LETTERBOX)).max() < 30


def test_a_ground_that_shares_in_every_score_has_no_colour():
    share = np.full((4, 4), 0.05, np.float32)
    share[1:3, 1:3] = 0.08
    shown = colourful(explain.overlay(white((120, 120)), share, SQUASH))
    assert shown[45:75, 45:75].min() > 60
    assert max(shown[:8].max(), shown[-8:].max()) <= 3  # what enlarging leaves


def test_the_overlay_is_soft_and_never_hides_the_photograph():
    share = np.linspace(0, 1, 16, dtype=np.float32).reshape(4, 4)
    photo = photos.read(encode(draw(2, (120, 90))))
    assert max(explain.overlay(photo, share, SQUASH, side=90).size) == 90
    on_white = np.asarray(explain.overlay(white((120, 90)), share, SQUASH)).astype(int)
    assert 0 < np.abs(np.diff(on_white, axis=1)).max() < 24
    black = photos.read(encode(Image.new("RGB", (120, 90))))
    on_black = np.asarray(explain.overlay(black, share, SQUASH)).astype(int)
    assert (on_white - on_black).min() > 45


def test_the_scale_grows_lighter_all_along():
    levels = np.linspace(0, 1, 50, dtype=np.float32)
    light = explain.colour(levels) @ np.array([0.2126, 0.7152, 0.0722])
    assert (np.diff(light) > 0).all()
    np.testing.assert_array_equal(
        explain.colour(np.array([0, 1])), [explain.SCALE[0], explain.SCALE[-1]]
    )


def test_two_maps_can_have_one_scale():
    weak, strong = (np.zeros((3, 3), np.float32) for _ in range(2))
    weak[1, 1], strong[1, 1] = 0.1, 0.4
    most = float(explain.excess(strong).max())
    shown = [
        colourful(explain.overlay(white((60, 60)), share, SQUASH, most=most))[30, 30]
        for share in (weak, strong)
    ]
    assert 0 < shown[0] < shown[1]


@pytest.mark.parametrize("share", [0.1, -0.1])
def test_equal_shares_leave_the_photograph_as_it_is(share):
    photo = photos.read(encode(draw(2, (60, 60))))
    equal = np.full((3, 3), share, np.float32)
    np.testing.assert_array_equal(explain.overlay(photo, equal, SQUASH), photo.image)
    assert not explain.strongest_region(equal).any()


def test_the_strongest_region_hangs_together():
    share = np.array([[9, 8, 0, 8], [0, 7, 0, 0], [0, 0, 0, 0]], np.float32)
    region = explain.strongest_region(share)
    np.testing.assert_array_equal(
        region, [[True, True, False, False], [False, True, False, False], [False] * 4]
    )


def test_the_outline_runs_around_the_region_and_nowhere_else():
    region = np.zeros((4, 4), bool)
    region[1, 1:3] = True
    grey = Image.new("RGB", (80, 80), (120, 120, 120))
    changed = np.asarray(explain.outline(grey, region, (80, 80), SQUASH))[..., 0] != 120
    assert changed[20, 20:60].all()
    assert changed[40, 20:60].all()
    assert changed[20:40, 20].all()
    assert changed[20:40, 60].all()
    assert not changed[24:36, 24:56].any()  # nor between the two cells
    assert not changed[:16].any()
    assert not changed[45:].any()


def test_an_outline_on_the_edge_stays_in_the_picture():
    """Letterboxed, the first column of a wide photograph is its left end; the bars are not seen."""
    region = np.zeros((6, 6), bool)
    region[:, 0] = True
    grey = Image.new("RGB", (300, 150), (120, 120, 120))
    changed = np.asarray(explain.outline(grey, region, (400, 200), LETTERBOX))[..., 0] != 120
    assert changed[:, 50].all()
    assert changed[75, 0]
    assert not changed[10:140, 60:].any()
