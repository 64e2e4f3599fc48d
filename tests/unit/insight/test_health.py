from __future__ import annotations

from pathlib import Path

import pytest

from search.catalogue import Catalogue, Product, Snapshot
from search.errors import Cancelled, QueryError
from search.insight.health import file_health, health
from search.photos import read
from search.progress import Progress
from tests.unit.insight.shop import at, product, snapshot


class TestHealth:
    def shop(self) -> Snapshot:
        """Two tight categories, one product of the first among the second."""
        goods = [product(f"boot{n}", category="boots") for n in range(6)]
        goods += [product(f"hat{n}", category="hats") for n in range(6)]
        goods.append(product("odd", category="boots"))
        return snapshot(
            goods, [at(n) for n in range(6)] + [at(80 + n) for n in range(6)] + [at(83)]
        )

    def kinds(self, issues) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for issue in issues:
            found.setdefault(issue.kind, set()).add(issue.product.id)
        return found

    def test_a_product_among_another_category(self):
        [issue] = [a for a in health(self.shop(), k=5) if a.kind == "other category"]
        assert issue.product.id == "odd"
        assert (issue.suggestion, issue.share) == ("hats", 1.0)
        assert "boots" in issue.detail

    @pytest.mark.parametrize(
        ("own", "hats", "doubted"),
        [(2, 8, True), (3, 7, True), (4, 6, False), (0, 10, True), (1, 3, False), (10, 0, False)],
    )
    def test_a_category_is_doubted_by_most_and_twice_its_own_votes(self, own, hats, doubted):
        assert self.doubted(["hats"] * hats + ["boots"] * own) == doubted

    def doubted(self, nearest: list[str], names: tuple[str, ...] = (), **fields) -> bool:
        """Whether boots are doubted whose neighbours are of these categories, the nearest first."""
        nearest += [f"other{n}" for n in range(10 - len(nearest))]
        names += ("",) * (10 - len(names))
        goods = [product("odd", category="boots", **fields)]
        goods += [
            product(f"p{n}", category=category, name=name)
            for n, (category, name) in enumerate(zip(nearest, names, strict=True))
        ]
        places = [at(0), *(at(9 + 4 * n) for n in range(10))]
        found = self.kinds(health(snapshot(goods, places), k=10))
        return "odd" in found.get("other category", set())

    def test_products_of_its_own_category_closest_to_it_vouch_for_it(self):
        assert self.doubted(["hats"] * 7 + ["boots"] * 3)
        assert not self.doubted(["boots"] * 3 + ["hats"] * 7)

    def test_strangers_that_lie_closest_do_not_outvote_the_many(self):
        assert not self.doubted(["hats"] * 4 + ["boots"] * 6)

    def test_a_name_that_says_its_category_is_believed(self):
        hats = ["hats"] * 8
        assert self.doubted(list(hats), name="Kara Ankle Boot")  # nobody else is called so
        others = ("", "", "", "", "", "", "", "", "Red Boot", "Boot, blue")
        boots = [*hats, "boots", "boots"]
        assert self.doubted(list(boots), others, name="Kara Ankle Boot")  # two are too few
        goods = [product("odd", category="boots", name="Kara ankle boot")]
        goods += [product(f"h{n}", category="hats", name=f"Hat {n}") for n in range(8)]
        goods += [product(f"b{n}", category="boots", name=f"Boot {n}") for n in range(5)]
        shop = snapshot(goods, [at(0), *(at(3 + n) for n in range(8)), *[at(90)] * 5])
        assert "other category" not in self.kinds(health(shop, k=5))

    def test_the_reason_names_the_votes_and_the_word_and_shows_the_nearest(self):
        goods = [product("odd", category="boots", name="Sun hat, large")]
        goods += [product(f"h{n}", category="hats", name=f"Hat {n}") for n in range(6)]
        goods += [product(f"b{n}", category="boots", name=f"Boot {n}") for n in range(6)]
        shop = snapshot(goods, [at(0), *(at(3 + n) for n in range(6)), *[at(90)] * 6])
        [issue] = [i for i in health(shop, k=5) if i.kind == "other category"]
        assert issue.detail == (
            "It is listed under boots, but 5 of its 5 nearest products are under hats, "
            "and its name says “hat”."
        )
        assert [p.id for p in issue.evidence] == ["h0", "h1", "h2", "h3"]

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
            file_health(catalogue, catalogue.snapshot("none"), on_progress=lambda _: False)

    def test_progress_counts_the_photographs(self, tmp_path: Path, picture):
        catalogue = Catalogue(tmp_path / "shop")
        with catalogue.change("Ann", "add") as change:
            change.put(Product("a"))
            for name in "ab":
                change.add_photo("a", read(picture(name)))
        catalogue.path(catalogue.photos()[0]).unlink()
        told: list[Progress] = []
        file_health(catalogue, catalogue.snapshot("none"), on_progress=told.append)
        assert [(p.done, p.total, p.failed) for p in told] == [(1, 2, 1), (2, 2, 1)]
