from __future__ import annotations

import numpy as np
import pytest

from search.catalogue import Snapshot
from search.errors import Cancelled
from search.insight.duplicates import duplicates
from tests.unit.insight.shop import at, product, snapshot


def test_one_photograph_two_products():
    shop = snapshot(
        [product("a", 100), product("b", 200), product("c", 100)],
        [at(0), at(0), at(0)],
        shas=["x", "x", "y"],
    )
    [pair] = duplicates(shop, 0.99)
    assert (pair.first.id, pair.second.id) == ("a", "b")
    assert pair.same_photograph
    assert pair.two_prices


def test_without_features_too():
    shop = snapshot([product("a"), product("b")], [at(0), at(0)], shas=["x", "x"])
    bare = Snapshot(
        1, "other", shop.products, shop.photos, np.empty(0, np.int64), np.empty((0, 0), "f4")
    )
    assert len(duplicates(bare, 0.99)) == 1


def test_near_identical_under_one_name_and_brand():
    shop = snapshot(
        [
            product("a", name="Trail Shoe", brand="Fell"),
            product("b", name="trail  shoe", brand="FELL"),
            product("c", name="Trail Shoe", brand="Moor"),
            product("d", name="Trail Shoe", brand="Fell"),
            product("e"),
            product("f"),
        ],
        [at(0), at(1), at(0), at(60), at(0), at(0)],
    )
    [pair] = duplicates(shop, 0.99)
    assert (pair.first.id, pair.second.id) == ("a", "b")
    assert not pair.same_photograph
    assert not pair.two_prices


def test_two_prices_need_one_currency():
    shop = snapshot(
        [product("a", 100), product("b", 200, currency="USD")], [at(0)] * 2, shas=["x", "x"]
    )
    [pair] = duplicates(shop, 0.99)
    assert not pair.two_prices


def test_two_views_of_one_product_are_no_pair():
    shop = snapshot([product("a", name="n")], [at(0), at(0)], owners=["a", "a"])
    assert duplicates(shop, 0.9) == []


def test_the_closest_photographs_of_a_pair_are_shown():
    goods = [product("a", name="n"), product("b", name="n")]
    shop = snapshot(goods, [at(0), at(30), at(5), at(31)], owners=["a", "a", "b", "b"])
    [pair] = duplicates(shop, 0.9)
    assert (pair.photo.id, pair.second_photo.id) == (2, 4)
    assert pair.score == pytest.approx(np.cos(np.radians(1)), abs=1e-6)


def test_a_shared_photograph_tells_more_than_a_near_one():
    goods = [product("a", name="n"), product("b", name="n")]
    shop = snapshot(
        goods, [at(0), at(7), at(0), at(7)], owners=["a", "a", "b", "b"], shas=["x", "y", "x", "z"]
    )
    [pair] = duplicates(shop, 0.9)
    assert pair.same_photograph
    assert pair.photo.sha256 == pair.second_photo.sha256 == "x"


def test_it_can_be_stopped():
    shop = snapshot([product("a", name="n"), product("b", name="n")], [at(0), at(0)])
    with pytest.raises(Cancelled):
        duplicates(shop, 0.9, on_progress=lambda _: False)
