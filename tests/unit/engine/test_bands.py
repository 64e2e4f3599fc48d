"""Bands come from the catalogue's own scores; "nothing here is similar" is a possible answer."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from search.catalogue import Catalogue, CataloguePhoto, Product, Snapshot
from search.engine.bands import BANDS, Bands, bands_of, calibrate, from_which, nothing_similar
from search.engine.votes import Voters, voters

CLUSTERS, EACH, SIZE = 8, 15, 32


def clusters(seed: int = 0, spread: float = 0.25) -> np.ndarray:
    """Unit rows in well-parted clusters, as kinds of products are."""
    rng = np.random.default_rng(seed)
    centres = np.repeat(np.eye(CLUSTERS, SIZE), EACH, axis=0)
    rows = centres + spread * rng.normal(size=(len(centres), SIZE)) / np.sqrt(SIZE)
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def snapshot(rows: np.ndarray, categories: list[str] | None = None) -> Snapshot:
    ids = [f"p{n:04}" for n in range(len(rows))]
    categories = categories or [""] * len(rows)
    products = tuple(Product(i, category=c) for i, c in zip(ids, categories, strict=True))
    photos = tuple(CataloguePhoto(n + 1, i, i, "", "", 9, 9) for n, i in enumerate(ids))
    return Snapshot(1, "fake-0", products, photos, np.arange(1, len(rows) + 1), rows)


KINDS = [f"kind {n // EACH}" for n in range(CLUSTERS * EACH)]


@pytest.mark.parametrize("categories", [None, KINDS])
def test_borders_part_what_they_name(categories):
    rows = clusters()
    bands = calibrate(snapshot(rows, categories))
    assert bands.method == ("categories" if categories else "quantiles")
    assert bands.near_identical >= bands.same_style >= bands.same_type
    scores = rows @ rows.T
    nearest = np.where(np.eye(len(rows), dtype=bool), -1, scores).max(axis=1)
    assert np.mean(nearest >= bands.same_style) == pytest.approx(0.5, abs=0.05)
    assert np.mean(nearest >= bands.near_identical) == pytest.approx(0.05, abs=0.03)
    own = np.equal.outer(np.arange(len(rows)) // EACH, np.arange(len(rows)) // EACH)
    if categories:
        assert (scores[own] >= bands.same_type).mean() > 0.99
        assert (scores[~own] >= bands.same_type).mean() < 0.01


def test_another_scale_of_scores_gives_other_borders():
    """What is high for one network is low for another."""
    shifted = clusters() + 1.0
    shifted /= np.linalg.norm(shifted, axis=1, keepdims=True)
    near, far = calibrate(snapshot(clusters(spread=1.0))), calibrate(snapshot(shifted))
    assert far.same_type > near.same_style


def test_views_of_one_product_are_not_its_neighbours():
    rows = np.repeat(clusters(), 2, axis=0)
    lonely = calibrate(snapshot(rows))
    shop = snapshot(rows)
    photos = tuple(
        CataloguePhoto(p.id, f"p{n // 2:04}", p.sha256, "", "", 9, 9)
        for n, p in enumerate(shop.photos)
    )
    paired = Snapshot(1, "fake-0", shop.products, photos, shop.photo_ids, rows)
    assert lonely.same_style == pytest.approx(calibrate(paired).same_style)  # counted once
    assert lonely.near_identical < 1
    assert calibrate(paired).same_style == pytest.approx(calibrate(snapshot(clusters())).same_style)


def test_one_category_for_all_tells_nothing():
    assert calibrate(snapshot(clusters(), ["all"] * len(KINDS))).method == "quantiles"


@pytest.mark.parametrize("count", [0, 1, 7])
def test_too_few_products(count):
    bands = calibrate(snapshot(clusters()[:count]))
    assert bands.method == "too few products"
    assert 1 > bands.near_identical > bands.same_style > bands.same_type > 0


def test_the_band_of_a_score():
    bands = Bands(0.9, 0.7, 0.5, "quantiles", 9, 9)
    assert [bands.of(s) for s in (1.0, 0.9, 0.7, 0.5, 0.4999, -1.0)] == [
        "near-identical", "near-identical", "same style", "same type", "not similar", "not similar",
    ]  # fmt: skip
    assert all(bands.of(bands.lowest(band)) == band for band in BANDS)


def test_size_variants_on_one_photograph_do_not_push_near_identical_up():
    """Twelve shoes, each listed in three sizes with the same photograph."""
    shoes = clusters(spread=1.0)[:: CLUSTERS * EACH // 12][:12]
    sizes = calibrate(snapshot(np.repeat(shoes, 3, axis=0)))
    assert sizes.near_identical == pytest.approx(calibrate(snapshot(shoes)).near_identical)
    assert sizes.near_identical < 0.9995  # shown as less than 1.000


def test_only_copies_of_one_photograph_have_no_bands():
    bands = calibrate(snapshot(np.repeat(clusters()[:1], 12, axis=0)))
    assert bands.method == "too few products"
    assert bands.of(0.99) is None


def test_the_votes_of_the_near_products_tell_the_type():
    rows = clusters()
    shop = snapshot(rows, KINDS)
    bands = calibrate(shop)
    scores = rows @ rows[0]
    scores[0] = -np.inf
    nearest = voters(scores, np.arange(len(rows)))
    near, far = 1, EACH + 1
    assert bands.of_found(float(scores[near]), KINDS[near], KINDS, nearest) in (
        "same type",
        "same style",
    )
    assert bands.of_found(float(scores[far]), KINDS[far], KINDS, nearest) == "not similar"
    assert bands.of_found(0.9999, KINDS[far], KINDS, nearest) == "near-identical"
    assert bands.of_found(bands.same_type, KINDS[far], KINDS, nearest) is None  # labelled wrongly
    assert bands.of_found(float(scores[far]), "", KINDS, nearest) is None


def test_where_the_near_products_disagree_nothing_is_said():
    bands = Bands(0.9, 0.7, 0.5, "categories", 9, 9, agreement=0.6)
    nearest = Voters.of(np.arange(4), np.array([0.60, 0.599, 0.598, 0.597], np.float32))
    labels = ["shoe", "bag", "shoe", "bag"]
    assert [
        bands.of_found(float(s), labels[n], labels, nearest) for n, s in enumerate(nearest.scores)
    ] == [None] * 4


def test_labels_by_chance_give_no_words():
    rng = np.random.default_rng(0)
    shuffled = [str(kind) for kind in rng.permutation(KINDS)]
    bands = calibrate(snapshot(clusters(), shuffled))
    assert bands.agreement == np.inf
    nearest = voters(clusters() @ clusters()[0], np.arange(len(KINDS)))
    assert bands.of_found(bands.same_type + 1e-3, shuffled[1], shuffled, nearest) is None


def test_from_which_value_on_enough_is_right():
    cases = [(n / 100, n >= 40 or n % 2 == 0) for n in range(100)]
    border = from_which(cases, 0.9)
    kept = [right for value, right in cases if value >= border]
    assert 0.9 <= np.mean(kept) < 0.91
    assert from_which([(0.5, True)] * 10, 0.9) is None  # too few to tell
    assert from_which([(0.5, False)] * 50, 0.9) is None
    assert from_which([(0.5, n < 45) for n in range(50)], 0.95) is None  # equal ones stay together


class TestNothingSimilar:
    bands = Bands(0.9, 0.7, 0.5, "quantiles", 9, 9)

    def say(self, best: float, product: bool | None = None) -> bool:
        return nothing_similar(self.bands, best, product)

    def test_by_scores_alone(self):
        assert self.say(0.49)
        assert not self.say(0.51)

    def test_where_there_is_no_product_a_score_of_same_type_is_not_enough(self):
        assert self.say(0.6, product=False)
        assert not self.say(0.6, product=True)

    def test_a_product_unlike_its_studio_picture_is_still_searched_for(self):
        assert not self.say(0.3, product=True)

    def test_a_close_match_speaks_for_itself(self):
        assert not self.say(0.71, product=False)

    def test_nothing_to_compare_with(self):
        assert nothing_similar(self.bands, -1.0)


class TestKept:
    @pytest.fixture
    def catalogue(self, tmp_path: Path) -> Catalogue:
        return Catalogue(tmp_path / "shop")

    def test_kept_until_the_catalogue_has_changed_enough(self, catalogue):
        rows = clusters()
        first = bands_of(catalogue, snapshot(rows[:100]))
        assert bands_of(catalogue, snapshot(rows[:105])) == first
        grown = bands_of(catalogue, snapshot(rows))
        assert grown.photos == 120
        assert bands_of(catalogue, snapshot(rows[:100])).photos == 100  # a sixth went

    def test_replaced_photographs_are_a_change_though_their_number_stays(self, catalogue):
        shop = snapshot(clusters())
        bands_of(catalogue, shop)
        later = Snapshot(2, "fake-0", shop.products, tuple(
            CataloguePhoto(p.id + 60, p.product_id, p.sha256, "", "", 9, 9) for p in shop.photos
        ), shop.photo_ids + 60, clusters(seed=1))  # fmt: skip
        assert bands_of(catalogue, later).last_photo == 180

    def test_each_network_has_its_own(self, catalogue):
        shop = snapshot(clusters())
        other = Snapshot(1, "other-0", shop.products, shop.photos, shop.photo_ids, clusters(3, 1.0))
        assert bands_of(catalogue, shop) != bands_of(catalogue, other)
        assert bands_of(catalogue, shop) == calibrate(shop)

    @pytest.mark.parametrize("kept", ["", "[]", "{}", '{"photos": 1}', "nonsense"])
    def test_a_setting_that_makes_no_sense_is_made_anew(self, catalogue, kept):
        shop = snapshot(clusters())
        catalogue.save_derived("bands:fake-0", kept)
        assert bands_of(catalogue, shop) == calibrate(shop)


def test_a_photograph_of_the_catalogue_is_never_nothing():
    rows = clusters()
    bands = calibrate(snapshot(rows))
    assert not any(nothing_similar(bands, float((rows @ row).max())) for row in rows)
