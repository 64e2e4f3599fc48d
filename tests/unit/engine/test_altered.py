"""What is said of products found by a photograph is calibrated on altered copies."""

from __future__ import annotations

import numpy as np
import pytest

from search.catalogue import CataloguePhoto, Product, Snapshot
from search.engine.altered import Copies, calibrate_photographs
from search.engine.bands import calibrate
from search.engine.votes import Voters, type_of, voters

KINDS, EACH, SIZE = 6, 20, 48


def shop(categories: bool = True) -> Snapshot:
    """Products in clusters by category."""
    rng = np.random.default_rng(0)
    rows = np.repeat(np.eye(KINDS, SIZE), EACH, axis=0) + 0.1 * rng.normal(
        size=(KINDS * EACH, SIZE)
    )
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    ids = [f"p{n:03}" for n in range(len(rows))]
    products = tuple(
        Product(id, category=f"kind {n // EACH}" if categories else "") for n, id in enumerate(ids)
    )
    photos = tuple(CataloguePhoto(n + 1, id, id, "", "", 9, 9) for n, id in enumerate(ids))
    return Snapshot(
        1, "fake-0", products, photos, np.arange(1, len(rows) + 1), rows.astype(np.float32)
    )


def copies(snapshot: Snapshot, ground: float) -> Copies:
    """Each photograph before something else, which moves it away from all the catalogue."""
    rng = np.random.default_rng(1)
    other = rng.normal(size=snapshot.features.shape).astype(np.float32)
    rows = snapshot.features + ground * other / np.linalg.norm(other, axis=1, keepdims=True)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return Copies(rows, rows, snapshot.photo_ids)


def test_photographs_lie_lower_and_are_told_all_the_same():
    snapshot = shop()
    products = calibrate(snapshot)
    photographs = calibrate_photographs(snapshot, products, copies(snapshot, 1.5))
    assert photographs.method == "altered copies"
    assert photographs.same_type < products.same_type
    types = [type_of(product) for product in snapshot.products]
    seen = copies(snapshot, 1.5).features[::7]
    said = right = 0
    for n, feature in enumerate(seen):
        scores = snapshot.features @ feature
        nearest = voters(scores, snapshot.row_product)
        for position, score in zip(nearest.positions, nearest.scores, strict=True):
            band = photographs.of_found(float(score), types[position], types, nearest)
            if band in ("near-identical", "same style", "same type"):
                said += 1
                right += types[position] == types[7 * n]
    assert said > len(seen)
    assert right / said >= 0.85


def test_a_photograph_unlike_any_copy_is_told_nothing():
    snapshot = shop()
    photographs = calibrate_photographs(snapshot, calibrate(snapshot), copies(snapshot, 0.3))
    nearest = Voters.of(np.arange(12), np.linspace(0.2, 0.19, 12).astype(np.float32))
    categories = [product.category for product in snapshot.products]
    assert photographs.of_found(0.2, categories[0], categories, nearest) is None
    assert photographs.category_of(categories, nearest) is None
    close = Voters.of(np.arange(12), np.linspace(0.9, 0.8, 12).astype(np.float32))
    assert photographs.category_of(categories, close) == categories[0]


def test_a_category_is_named_only_where_that_is_right_nine_times_in_ten():
    snapshot = shop()
    rng = np.random.default_rng(2)
    shuffled = tuple(
        Product(product.id, category=str(rng.permutation([f"kind {n}" for n in range(KINDS)])[0]))
        for product in snapshot.products
    )
    mixed = Snapshot(1, "fake-0", shuffled, snapshot.photos, snapshot.photo_ids, snapshot.features)
    bands = calibrate_photographs(mixed, calibrate(mixed), copies(mixed, 0.5))
    assert bands.category is None
    assert bands.agreement == np.inf


def test_without_categories_no_type_is_told():
    snapshot = shop(categories=False)
    bands = calibrate_photographs(snapshot, calibrate(snapshot), copies(snapshot, 0.5))
    nearest = voters(snapshot.features[0], np.arange(SIZE))
    assert bands.agreement is None
    assert bands.category is None
    assert bands.of_found(bands.same_type, "", [""] * len(snapshot.products), nearest) is None


@pytest.mark.parametrize("score", [0.1, 0.5, 0.99])
def test_too_few_products_tell_nothing(score):
    whole = shop()
    few = Snapshot(
        1, "fake-0", whole.products[:5], whole.photos[:5], whole.photo_ids[:5], whole.features[:5]
    )
    bands = calibrate_photographs(few, calibrate(few), copies(few, 0.5))
    nearest = voters(few.features @ few.features[0], few.row_product)
    assert bands.of_found(score, "kind 0", ["kind 0"] * 5, nearest) is None


class TestVoters:
    def test_a_shared_photograph_votes_once(self):
        nearest = Voters.of(np.arange(4), np.array([0.9, 0.9, 0.9, 0.8], np.float32))
        assert nearest.positions.tolist() == [0, 3]

    def test_the_product_in_question_has_no_vote(self):
        nearest = Voters.of(np.arange(3), np.array([0.9, 0.8, 0.7], np.float32))
        labels = ["boot", "shoe", "shoe"]
        assert nearest.share(labels, "boot", but=0.9) == 0
        assert nearest.share(labels, "boot") > 0.8
        assert nearest.winner(labels, but=0.9) == ("shoe", 1.0)

    def test_several_photographs_of_a_product_vote_once(self):
        nearest = voters(np.array([0.9, 0.8, 0.7], np.float32), np.array([5, 5, 2]))
        assert nearest.positions.tolist() == [5, 2]

    def test_nobody_to_ask(self):
        nearest = voters(np.empty(0, np.float32), np.empty(0, np.int64))
        assert nearest.winner([]) == ("", 0.0)
        assert nearest.share([], "shoe") == 0.0

    def test_a_kind_is_more_telling_than_a_category(self):
        assert type_of(Product("p", category="footwear", attributes={"kind": "boots"})) == "boots"
        assert type_of(Product("p", category="footwear")) == "footwear"
