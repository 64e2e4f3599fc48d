from __future__ import annotations

import csv
import io

import numpy as np
import pytest

from search.engine.bands import Bands
from search.errors import Cancelled, QueryError
from search.insight import price_gaps as module
from search.insight.price_gaps import gaps_table, price_gaps
from search.network import vectors
from search.progress import Progress
from tests.unit.insight.shop import at, product, snapshot


def pairs(gaps) -> list[tuple[str, str]]:
    return [(gap.product.id, gap.cheaper.id) for gap in gaps]


def test_a_near_twin_much_cheaper():
    shop = snapshot(
        [product("a", 10_000), product("b", 6_000), product("c", 8_000), product("d", 1_000)],
        [at(0), at(5), at(6), at(80)],
    )
    [gap] = price_gaps(shop, 0.95)
    assert (gap.product.id, gap.cheaper.id) == ("a", "b")
    assert (gap.gap, gap.currency) == (4_000, "EUR")
    assert gap.share == pytest.approx(0.4)
    assert gap.score == pytest.approx(np.cos(np.radians(5)), abs=1e-6)


def test_the_borders_belong_to_it():
    shop = snapshot([product("a", 10_000), product("b", 7_000)], [at(0), at(0)])
    assert pairs(price_gaps(shop, 1 - 1e-6, min_gap=0.3)) == [("a", "b")]
    assert not price_gaps(shop, 1 - 1e-6, min_gap=0.31)


def test_any_gap_is_never_no_gap():
    shop = snapshot([product("a", 500), product("b", 500)], [at(0), at(0)])
    assert price_gaps(shop, 0.9, min_gap=0) == []


def test_currencies_are_never_mixed():
    shop = snapshot(
        [product("a", 10_000), product("b", 100, currency="USD"), product("c", 200)],
        [at(0), at(0), at(90)],
    )
    assert price_gaps(shop, 0.9) == []


def test_no_price_is_not_a_price_of_nothing():
    shop = snapshot([product("a", 10_000), product("b", None)], [at(0), at(0)])
    assert price_gaps(shop, 0.9) == []


def test_free_is_a_price():
    shop = snapshot([product("a", 10_000), product("b", 0)], [at(0), at(0)])
    [gap] = price_gaps(shop, 0.9)
    assert gap.share == 1


def test_stock_and_withdrawn():
    shop = snapshot(
        [
            product("a", 10_000),
            product("gone", 100, stock=0),
            product("here", 200, stock=None),
            product("old", 300, status="withdrawn"),
        ],
        [at(0)] * 4,
    )
    assert ("a", "gone") in pairs(price_gaps(shop, 0.9))
    assert pairs(price_gaps(shop, 0.9, in_stock=True)) == [("a", "here")]
    assert ("a", "old") in pairs(price_gaps(shop, 0.9, active=False))


def test_each_must_be_among_the_others_nearest():
    prices = [("a", 10_000), ("b", 9_000), ("c", 8_500), ("d", 1_000)]
    shop = snapshot([product(*each) for each in prices], [at(0), at(2), at(5), at(9)])
    assert pairs(price_gaps(shop, 0.9)) == [("a", "d"), ("b", "d"), ("c", "d")]
    assert pairs(price_gaps(shop, 0.9, nearest=2)) == [("c", "d")]
    assert pairs(price_gaps(shop, 0.9, nearest=3)) == [("a", "d"), ("b", "d"), ("c", "d")]
    assert pairs(price_gaps(shop, 0.9, nearest=9)) == [("a", "d"), ("b", "d"), ("c", "d")]


def test_further_photographs_of_a_product_are_not_its_nearest():
    shop = snapshot(
        [product("a", 10_000), product("b", 100), product("c", 9_900)],
        [at(0), at(1), at(2), at(6), at(60)],
        owners=["a", "a", "a", "b", "c"],
    )
    assert pairs(price_gaps(shop, 0.9, nearest=1)) == [("a", "b")]


def test_several_photographs_give_one_pair_by_their_closest():
    shop = snapshot(
        [product("a", 10_000), product("b", 100)],
        [at(0), at(40), at(10), at(42)],
        owners=["a", "a", "b", "b"],
    )
    [gap] = price_gaps(shop, 0.9)
    assert (gap.photo.id, gap.cheaper_photo.id) == (2, 4)


def test_facts_that_contradict_part_what_looks_alike():
    shop = snapshot(
        [
            product("a", 10_000, colour="Red", attributes={"material": "leather"}),
            product("b", 1_000, colour="red "),
            product("c", 2_000, colour="blue"),
            product("d", 3_000, colour="red", attributes={"material": "canvas"}),
        ],
        [at(0)] * 4,
    )
    assert [p for p in pairs(price_gaps(shop, 0.9)) if p[0] == "a"] == [("a", "b")]
    assert len([p for p in pairs(price_gaps(shop, 0.9, facts=())) if p[0] == "a"]) == 3


def test_order_is_by_money():
    shop = snapshot([product("a", 10_000), product("b", 5_000), product("c", 1_000)], [at(0)] * 3)
    assert pairs(price_gaps(shop, 0.9)) == [("a", "c"), ("a", "b"), ("b", "c")]


def test_blocks_give_what_the_whole_gives(monkeypatch):
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(60, 6)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    goods = [product(f"p{n:02}", int(rng.integers(100, 9_000))) for n in range(60)]
    shop = snapshot(goods, list(rows))
    monkeypatch.setattr(vectors, "_BLOCK", 7)
    expected = {
        (a.id, b.id)
        for n, a in enumerate(goods)
        for m, b in enumerate(goods)
        if n != m and rows[n] @ rows[m] >= 0.5 and b.price <= a.price * 0.7
    }
    assert set(pairs(price_gaps(shop, 0.5))) == expected
    assert expected


def test_only_the_most_similar_twins_are_kept(monkeypatch):
    monkeypatch.setattr(module, "TWINS", 3)
    goods = [product("dear", 10_000), *(product(f"p{n}", 100 + n) for n in range(9))]
    shop = snapshot(goods, [at(0), *(at(9 - n) for n in range(9))])
    found = [gap for gap in price_gaps(shop, 0.9) if gap.product.id == "dear"]
    assert {gap.cheaper.id for gap in found} == {"p8", "p7", "p6"}


def test_a_catalogue_without_features():
    assert price_gaps(snapshot([], []), 0.9) == []
    assert price_gaps(snapshot([product("a")], [], owners=[]), 0.9) == []


def test_progress_and_cancel(monkeypatch):
    monkeypatch.setattr(vectors, "_BLOCK", 2)
    shop = snapshot([product(f"p{n}", 100 * (n + 1)) for n in range(5)], [at(n) for n in range(5)])
    told: list[Progress] = []
    price_gaps(shop, 0.9, on_progress=told.append)
    assert [(p.done, p.total) for p in told] == [(2, 5), (4, 5), (5, 5)]
    with pytest.raises(Cancelled):
        price_gaps(shop, 0.9, on_progress=lambda _: False)


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_a_gap_is_a_share(share):
    with pytest.raises(QueryError, match="share"):
        price_gaps(snapshot([], []), 0.9, min_gap=share)


@pytest.mark.parametrize("score", [-1.1, 1.1, float("nan")])
def test_a_score_is_a_cosine(score):
    with pytest.raises(QueryError, match="-1 to 1"):
        price_gaps(snapshot([], []), score)


def test_a_table_for_a_spreadsheet():
    shop = snapshot(
        [product("a", 10_000, name="=Dress", stock=2), product("b", 6_050, brand="Luma")],
        [at(0), at(0)],
    )
    bands = Bands(0.99, 0.9, 0.8, "quantiles", 2, 2)
    table = gaps_table(price_gaps(shop, 0.9), bands).decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(table, newline=""))
    assert (row["product"], row["name"], row["price"], row["stock"]) == (
        "a",
        "'=Dress",
        "100.00",
        "2",
    )
    assert (row["cheaper"], row["cheaper_brand"], row["cheaper_stock"]) == ("b", "Luma", "")
    assert (row["gap"], row["currency"], row["share"]) == ("39.50", "EUR", "0.395")
    assert (row["score"], row["band"]) == ("1.0", "near-identical")
