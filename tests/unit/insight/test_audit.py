"""The catalogue against itself: price gaps, repeats and health."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from search.catalogue import Catalogue, CataloguePhoto, Product, Snapshot
from search.errors import Cancelled, QueryError
from search.insight import audit
from search.insight.audit import file_health, health, price_gaps, repeats
from search.photos import read


def at(degrees: float) -> np.ndarray:
    """A unit feature (2,): the cosine of two is that of the angle between them."""
    return np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))], np.float32)


def snapshot(
    products: Sequence[Product],
    features: Sequence[np.ndarray],
    owners: Sequence[str] | None = None,
    shas: Sequence[str] | None = None,
) -> Snapshot:
    """One photograph for each feature, of the products in order unless `owners` says otherwise."""
    owners = [product.id for product in products] if owners is None else owners
    photos = tuple(
        CataloguePhoto(n + 1, owner, shas[n] if shas else f"{n:064}", f"{n}.jpg", f"{n}.jpg", 9, 9)
        for n, owner in enumerate(owners)
    )
    rows = np.stack(features) if features else np.empty((0, 0), np.float32)
    ordered = tuple(sorted(products, key=lambda product: product.id))
    return Snapshot(1, "fake-0", ordered, photos, np.arange(1, len(owners) + 1), rows)


def product(id: str, price: int | None = 10_000, **fields) -> Product:
    return Product(id, price=price, **{"currency": "EUR" if price is not None else "", **fields})


def pairs(gaps) -> list[tuple[str, str]]:
    return [(gap.product.id, gap.cheaper.id) for gap in gaps]


class TestPriceGaps:
    def test_a_near_twin_much_cheaper(self):
        shop = snapshot(
            [product("a", 10_000), product("b", 6_000), product("c", 8_000), product("d", 1_000)],
            [at(0), at(5), at(6), at(80)],
        )
        [gap] = price_gaps(shop, 0.95)
        assert (gap.product.id, gap.cheaper.id) == ("a", "b")
        assert (gap.gap, gap.currency) == (4_000, "EUR")
        assert gap.share == pytest.approx(0.4)
        assert gap.score == pytest.approx(np.cos(np.radians(5)), abs=1e-6)

    def test_the_borders_belong_to_it(self):
        shop = snapshot([product("a", 10_000), product("b", 7_000)], [at(0), at(0)])
        assert pairs(price_gaps(shop, 1 - 1e-6, min_gap=0.3)) == [("a", "b")]
        assert not price_gaps(shop, 1 - 1e-6, min_gap=0.31)

    def test_any_gap_is_never_no_gap(self):
        shop = snapshot([product("a", 500), product("b", 500)], [at(0), at(0)])
        assert price_gaps(shop, 0.9, min_gap=0) == []

    def test_currencies_are_never_mixed(self):
        shop = snapshot(
            [product("a", 10_000), product("b", 100, currency="USD"), product("c", 200)],
            [at(0), at(0), at(90)],
        )
        assert price_gaps(shop, 0.9) == []

    def test_no_price_is_not_a_price_of_nothing(self):
        shop = snapshot([product("a", 10_000), product("b", None)], [at(0), at(0)])
        assert price_gaps(shop, 0.9) == []

    def test_free_is_a_price(self):
        shop = snapshot([product("a", 10_000), product("b", 0)], [at(0), at(0)])
        [gap] = price_gaps(shop, 0.9)
        assert gap.share == 1

    def test_stock_and_withdrawn(self):
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

    def test_each_must_be_among_the_others_nearest(self):
        prices = [("a", 10_000), ("b", 9_000), ("c", 8_500), ("d", 1_000)]
        shop = snapshot([product(*each) for each in prices], [at(0), at(2), at(5), at(9)])
        assert pairs(price_gaps(shop, 0.9)) == [("a", "d"), ("b", "d"), ("c", "d")]
        assert pairs(price_gaps(shop, 0.9, nearest=2)) == [("c", "d")]
        assert pairs(price_gaps(shop, 0.9, nearest=3)) == [("a", "d"), ("b", "d"), ("c", "d")]
        assert pairs(price_gaps(shop, 0.9, nearest=9)) == [("a", "d"), ("b", "d"), ("c", "d")]

    def test_further_photographs_of_a_product_are_not_its_nearest(self):
        shop = snapshot(
            [product("a", 10_000), product("b", 100), product("c", 9_900)],
            [at(0), at(1), at(2), at(6), at(60)],
            owners=["a", "a", "a", "b", "c"],
        )
        assert pairs(price_gaps(shop, 0.9, nearest=1)) == [("a", "b")]

    def test_several_photographs_give_one_pair_by_their_closest(self):
        shop = snapshot(
            [product("a", 10_000), product("b", 100)],
            [at(0), at(40), at(10), at(42)],
            owners=["a", "a", "b", "b"],
        )
        [gap] = price_gaps(shop, 0.9)
        assert (gap.photo.id, gap.cheaper_photo.id) == (2, 4)

    def test_facts_that_contradict_part_what_looks_alike(self):
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

    def test_order_is_by_money(self):
        shop = snapshot(
            [product("a", 10_000), product("b", 5_000), product("c", 1_000)], [at(0)] * 3
        )
        assert pairs(price_gaps(shop, 0.9)) == [("a", "c"), ("a", "b"), ("b", "c")]

    def test_blocks_give_what_the_whole_gives(self, monkeypatch):
        rng = np.random.default_rng(0)
        rows = rng.normal(size=(60, 6)).astype(np.float32)
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        goods = [product(f"p{n:02}", int(rng.integers(100, 9_000))) for n in range(60)]
        shop = snapshot(goods, list(rows))
        monkeypatch.setattr(audit, "_BLOCK", 7)
        expected = {
            (a.id, b.id)
            for n, a in enumerate(goods)
            for m, b in enumerate(goods)
            if n != m and rows[n] @ rows[m] >= 0.5 and b.price <= a.price * 0.7
        }
        assert set(pairs(price_gaps(shop, 0.5))) == expected
        assert expected

    def test_only_the_most_similar_twins_are_kept(self, monkeypatch):
        monkeypatch.setattr(audit, "TWINS", 3)
        goods = [product("dear", 10_000), *(product(f"p{n}", 100 + n) for n in range(9))]
        shop = snapshot(goods, [at(0), *(at(9 - n) for n in range(9))])
        found = [gap for gap in price_gaps(shop, 0.9) if gap.product.id == "dear"]
        assert {gap.cheaper.id for gap in found} == {"p8", "p7", "p6"}

    def test_a_catalogue_without_features(self):
        assert price_gaps(snapshot([], []), 0.9) == []
        assert price_gaps(snapshot([product("a")], [], owners=[]), 0.9) == []

    def test_progress_and_cancel(self, monkeypatch):
        monkeypatch.setattr(audit, "_BLOCK", 2)
        shop = snapshot(
            [product(f"p{n}", 100 * (n + 1)) for n in range(5)], [at(n) for n in range(5)]
        )
        told: list[tuple[int, int]] = []
        price_gaps(shop, 0.9, on_progress=lambda *done: told.append(done))
        assert told == [(2, 5), (4, 5), (5, 5)]
        with pytest.raises(Cancelled):
            price_gaps(shop, 0.9, on_progress=lambda done, total: False)

    @pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
    def test_a_gap_is_a_share(self, share):
        with pytest.raises(QueryError, match="share"):
            price_gaps(snapshot([], []), 0.9, min_gap=share)


class TestRepeats:
    def test_one_photograph_two_products(self):
        shop = snapshot(
            [product("a", 100), product("b", 200), product("c", 100)],
            [at(0), at(0), at(0)],
            shas=["x", "x", "y"],
        )
        [repeat] = repeats(shop, 0.99)
        assert (repeat.first.id, repeat.second.id) == ("a", "b")
        assert repeat.same_photograph
        assert repeat.two_prices

    def test_without_features_too(self):
        shop = snapshot([product("a"), product("b")], [at(0), at(0)], shas=["x", "x"])
        bare = Snapshot(
            1, "other", shop.products, shop.photos, np.empty(0, np.int64), np.empty((0, 0), "f4")
        )
        assert len(repeats(bare, 0.99)) == 1

    def test_near_identical_under_one_name_and_brand(self):
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
        [repeat] = repeats(shop, 0.99)
        assert (repeat.first.id, repeat.second.id) == ("a", "b")
        assert not repeat.same_photograph
        assert not repeat.two_prices

    def test_two_prices_need_one_currency(self):
        shop = snapshot(
            [product("a", 100), product("b", 200, currency="USD")], [at(0)] * 2, shas=["x", "x"]
        )
        [repeat] = repeats(shop, 0.99)
        assert not repeat.two_prices

    def test_two_views_of_one_product_are_no_repeat(self):
        shop = snapshot([product("a", name="n")], [at(0), at(0)], owners=["a", "a"])
        assert repeats(shop, 0.9) == []


class TestHealth:
    def shop(self) -> Snapshot:
        """Two tight categories, one product of the first among the second."""
        goods = [product(f"boot{n}", category="boots") for n in range(6)]
        goods += [product(f"hat{n}", category="hats") for n in range(6)]
        goods.append(product("odd", category="boots"))
        return snapshot(
            goods, [at(n) for n in range(6)] + [at(80 + n) for n in range(6)] + [at(83)]
        )

    def kinds(self, ailments) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for ailment in ailments:
            found.setdefault(ailment.kind, set()).add(ailment.product.id)
        return found

    def test_a_product_among_another_category(self):
        [ailment] = [a for a in health(self.shop(), k=5) if a.kind == "other category"]
        assert ailment.product.id == "odd"
        assert (ailment.suggestion, ailment.share) == ("hats", 1.0)
        assert "boots" in ailment.detail

    @pytest.mark.parametrize(
        ("own", "hats", "doubted"),
        [(2, 4, True), (3, 6, True), (3, 5, False), (1, 3, False), (0, 10, True)],
    )
    def test_a_category_is_doubted_by_twice_its_own_votes(self, own, hats, doubted):
        votes = ["boots"] * own + ["hats"] * hats
        votes += [f"other{n}" for n in range(10 - own - hats)]
        goods = [product("odd", category="boots")]
        goods += [product(f"p{n}", category=category) for n, category in enumerate(votes)]
        found = health(snapshot(goods, [at(0)] + [at(5 + n) for n in range(10)]), k=10)
        assert ("odd" in self.kinds(found).get("other category", set())) == doubted

    def test_another_label_may_be_voted_on(self):
        found = self.kinds(health(self.shop(), k=5, label=lambda p: p.id[:3]))
        assert "other category" not in found or "odd" in found["other category"]
        assert "other category" not in self.kinds(health(self.shop(), k=5, label=lambda p: ""))

    def test_a_product_no_other_would_find(self):
        goods = [product(f"p{n}") for n in range(6)] + [product("far")]
        found = self.kinds(health(snapshot(goods, [at(n) for n in range(6)] + [at(90)]), k=2))
        assert found["never found"] == {"far"}

    def test_missing_facts(self):
        goods = [product("a", None, stock=3), product("b", stock=None), product("c", stock=1)]
        shop = snapshot(goods, [at(0), at(1)], owners=["a", "b"])
        found = self.kinds(health(shop))
        assert found["no price"] == {"a"}
        assert found["no stock figure"] == {"b"}
        assert found["no photograph"] == {"c"}

    def test_a_photograph_without_a_feature(self):
        shop = snapshot([product("a"), product("b")], [at(0), at(1)])
        part = Snapshot(
            1, "fake-0", shop.products, shop.photos, shop.photo_ids[:1], shop.features[:1]
        )
        assert self.kinds(health(part))["not encoded"] == {"b"}

    def test_views_of_one_product_do_not_vote_for_it(self):
        goods = [
            product("odd", category="boots"),
            *(product(f"h{n}", category="hats") for n in range(5)),
        ]
        shop = snapshot(
            goods,
            [at(80)] * 8 + [at(80 + n) for n in range(5)],
            owners=["odd"] * 8 + [f"h{n}" for n in range(5)],
        )
        assert self.kinds(health(shop, k=5))["other category"] == {"odd"}

    @pytest.mark.parametrize("count", [0, 1, 2])
    def test_small_catalogues(self, count):
        goods = [product(f"p{n}", stock=1) for n in range(count)]
        assert health(snapshot(goods, [at(n) for n in range(count)])) == []

    def test_k_below_1(self):
        with pytest.raises(QueryError):
            health(self.shop(), k=0)


class TestFiles:
    def test_missing_and_unreadable(self, tmp_path: Path, picture):
        catalogue = Catalogue(tmp_path / "shop")
        with catalogue.change("Ann", "add") as change:
            for name in "abc":
                change.put(Product(name))
                change.add_photo(name, read(picture(name)))
        a, b, _ = catalogue.photos()
        catalogue.path(a).unlink()
        catalogue.path(b).write_bytes(b"nothing")
        found = file_health(catalogue, catalogue.snapshot("none"))
        assert [(f.kind, f.product.id) for f in found] == [
            ("missing file", "a"),
            ("unreadable file", "b"),
        ]
        with pytest.raises(Cancelled):
            file_health(catalogue, catalogue.snapshot("none"), on_progress=lambda *_: False)
