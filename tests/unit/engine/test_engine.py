from __future__ import annotations

import csv
import gc
import io
import json
import shutil
import weakref
from dataclasses import replace
from itertools import product as combinations
from pathlib import Path

import numpy as np
import pytest

from search import photos
from search.catalogue import Catalogue, Product, queries, reading
from search.engine import Cheaper, Options, Price, Query, SearchEngine, own_network, search_paths
from search.engine.exact import open_index
from search.engine.filters import Filters
from search.engine.query import METRICS, MOST_MONEY
from search.engine.results import COLUMNS
from search.errors import MismatchError, PhotoError, QueryError
from search.network import registry, weights
from tests.helpers import ask, ask_cheaper

CATEGORIES = ("footwear", "tops", "bags")
BRANDS = ("Arbel", "Norrin")


def products(count: int = 24) -> list[Product]:
    """Products of three categories, two brands, prices 10.00 up; every fifth out of stock, ..."""
    return [
        Product(
            id=f"P{n:02}",
            name=f"Product {n}",
            category=CATEGORIES[n % 3],
            brand=BRANDS[n % 2],
            colour="navy" if n % 4 else "red",
            price=None if n == 7 else 1000 + 100 * n,
            currency="EUR",
            stock=0 if n % 5 == 4 else 3,
            status="withdrawn" if n in (3, 10) else "active",
        )
        for n in range(count)
    ]


def fill(catalogue: Catalogue, extractor, picture, items, views: int = 1) -> None:
    """Put products in a catalogue, each with `views` drawn photographs, encoded."""
    features = {}
    with catalogue.change("test", "fill") as change:
        for item in items:
            change.put(item)
            for view in range(views):
                photo = photos.read(picture(item.id if not view else f"{item.id}-{view}"))
                change.add_photo(item.id, photo, source=f"{item.id}-{view}.png")
                features[photo.sha256] = extractor.embed([photo])[0]
    catalogue.save_features(extractor.fingerprint, features)


@pytest.fixture
def catalogue(home: Path):
    opened = Catalogue(home / "shop")
    yield opened
    opened.close()


@pytest.fixture
def engine(catalogue, extractor, picture) -> SearchEngine:
    fill(catalogue, extractor, picture, products())
    extractor.encoded = 0
    return SearchEngine(catalogue, extractor)


def ids(result) -> list[str]:
    return [hit.product.id for hit in result.hits]


EVERYTHING = Filters(in_stock=False, active=False)


def test_a_catalogue_photograph_finds_itself_first_with_score_one(engine, picture):
    for n in (0, 5, 11):
        hit = ask(engine, picture(f"P{n:02}"), filters=EVERYTHING).hits[0]
        assert hit.product.id == f"P{n:02}"
        assert hit.score == pytest.approx(1, abs=1e-6)
        assert hit.rank == 1


def test_by_path_and_by_bytes_answer_alike(engine, picture, tmp_path):
    file = tmp_path / "query.png"
    file.write_bytes(picture("P02"))
    assert ids(ask(engine, file)) == ids(ask(engine, picture("P02")))


def test_a_product_is_left_out_of_its_own_answer_by_id_not_by_position(
    engine, catalogue, extractor, picture
):
    twin = replace(products()[5], id="A-twin", price=700)  # a listing of its own
    with catalogue.change("test", "twin") as change:
        change.put(twin)
        change.add_photo("A-twin", photos.read(picture("P05")), source="twin.png")
    found = ask(engine, product="P05", k=48, filters=EVERYTHING)
    assert ids(found)[0] == "A-twin"
    assert found.hits[0].score == pytest.approx(1, abs=1e-6)
    assert "P05" not in ids(found)
    assert len(found.hits) == 24


def test_order_is_score_then_photograph_for_ties(engine, catalogue, picture):
    with catalogue.change("test", "twins") as change:
        for name, price in (("Z-twin", 700), ("B-twin", 800)):  # two prices: two listings
            change.put(Product(name, price=price, currency="EUR"))
            change.add_photo(name, photos.read(picture("P05")), source=f"{name}.png")
    assert ids(ask(engine, picture("P05"), k=3)) == ["P05", "Z-twin", "B-twin"]


@pytest.mark.parametrize("k", [1, 5, 24, 100])
@pytest.mark.parametrize("metric", METRICS)
def test_k_asked_is_k_shown_whatever_the_filters(engine, picture, k, metric):
    choices = combinations(
        (frozenset(), frozenset({"footwear"}), frozenset({"tops", "bags"})),
        (frozenset(), frozenset({"Arbel"})),
        (None, 2000),
        (True, False),
    )
    for categories, brands, price_max, in_stock in choices:
        filters = Filters(
            categories=categories, brands=brands, price_max=price_max, in_stock=in_stock
        )
        eligible = {
            p.id
            for p in products()
            if (not categories or p.category in categories)
            and (not brands or p.brand in brands)
            and (price_max is None or (p.price is not None and p.price <= price_max))
            and (not in_stock or p.stock > 0)
            and p.status == "active"
        }
        found = ask(engine, picture("query"), k=k, filters=filters, metric=metric)
        assert found.eligible == found.passed == len(eligible)
        assert len(found.hits) == min(k, len(eligible))
        assert set(ids(found)) <= eligible
        distances = [hit.distance for hit in found.hits]
        assert distances == sorted(distances)


def test_loading_the_network_is_no_part_of_encoding_ever(engine, extractor, picture, monkeypatch):
    clock = [0.0]
    warm, cells = extractor.warm, extractor.cells

    def slow_warm() -> None:
        warm()
        clock[0] += 3.0

    def slow_cells(photos):
        clock[0] += 0.03
        return cells(photos)

    monkeypatch.setattr(extractor, "warm", slow_warm)
    monkeypatch.setattr(extractor, "cells", slow_cells)
    monkeypatch.setattr("search.engine.query_encoder.time.perf_counter", lambda: clock[0])
    for _ in range(2):
        assert ask(engine, picture("query")).encode_ms == pytest.approx(30)
    assert clock[0] == pytest.approx(3.03)  # it was loaded once


def test_hidden_products_are_counted_with_their_reason(engine, picture):
    found = ask(engine, picture("query"), k=48)
    assert found.hidden == {"withdrawn": 2, "out of stock": 4}
    assert found.eligible + sum(found.hidden.values()) == found.products
    found = ask(engine, picture("query"), filters=Filters(price_max=9999))
    assert found.hidden == {"without a price": 1, "withdrawn": 2, "out of stock": 4}


def test_prices_are_never_compared_across_currencies(engine, catalogue, picture):
    with catalogue.change("test", "dollars") as change:
        change.put(replace(products()[0], currency="USD"))
    with pytest.raises(QueryError, match="EUR, USD; choose a currency"):
        ask(engine, picture("query"), filters=Filters(price_max=9999))
    found = ask(engine, picture("query"), k=48, filters=Filters(price_max=9999, currency="EUR"))
    assert "P00" not in ids(found)
    assert found.hidden["in another currency"] == 1


def test_minimum_score_keeps_what_passes_and_says_how_many(engine, picture):
    everything = ask(engine, picture("P05"), k=48)
    threshold = everything.hits[4].score
    found = ask(engine, picture("P05"), k=3, min_score=threshold)
    assert (found.passed, found.eligible) == (5, everything.eligible)
    assert ids(found) == ids(everything)[:3]
    nothing = ask(engine, picture("query"), min_score=1)
    assert (nothing.hits, nothing.passed) == ((), 0)


def test_several_photographs_of_a_product_take_one_tile_the_best(catalogue, extractor, picture):
    fill(catalogue, extractor, picture, products(6), views=4)
    engine = SearchEngine(catalogue, extractor)
    found = ask(engine, picture("P01-2"), k=6, filters=EVERYTHING)
    assert sorted(ids(found)) == [f"P{n:02}" for n in range(6)]
    assert found.hits[0].photo.source == "P01-2.png"
    assert found.hits[0].score == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("metric", METRICS)
def test_fewer_results_are_the_beginning_of_more(catalogue, extractor, picture, metric):
    fill(catalogue, extractor, picture, products(12), views=3)
    with catalogue.change("test", "twins") as change:
        for name, price in (("Z-twin", 700), ("B-twin", 800)):  # two prices: two listings
            change.put(Product(name, price=price, currency="EUR"))
            change.add_photo(name, photos.read(picture("P05-1")), source=f"{name}.png")
    engine = SearchEngine(catalogue, extractor)
    for asked in ("P05-1", "P02", "query"):
        every = ask(engine, picture(asked), k=48, metric=metric, filters=EVERYTHING)
        assert len(every.hits) == every.passed == 14
        for k in range(1, 14):
            found = ask(engine, picture(asked), k=k, metric=metric, filters=EVERYTHING)
            assert (found.hits, found.passed) == (every.hits[:k], 14)


def test_several_views_of_one_thing_search_by_their_mean(engine, extractor, picture):
    views = [picture("P01"), picture("P02")]
    mean = np.mean(extractor.embed([photos.read(v) for v in views]), axis=0)
    found = ask(engine, views, k=24, filters=EVERYTHING)
    assert found.feature == pytest.approx(mean / np.linalg.norm(mean), abs=1e-6)
    assert {"P01", "P02"} <= set(ids(found)[:4])


def test_a_query_is_encoded_once_whatever_is_moved_after(engine, extractor, picture):
    for k, metric in ((3, "cosine"), (8, "manhattan"), (24, "cosine")):
        ask(engine, picture("query"), k=k, metric=metric, filters=Filters(price_max=k * 1000))
    assert extractor.encoded == 1
    ask(engine, picture("query"), crop=(0, 0, 0.5, 0.5))
    assert extractor.encoded == 2
    ask(engine, product="P01")
    assert extractor.encoded == 2


def test_the_time_told_is_that_of_the_encoding_however_often_asked(engine, picture):
    first = ask(engine, picture("query"))
    assert first.encode_ms > 0
    assert ask(engine, picture("query"), k=3).encode_ms == first.encode_ms
    assert ask(engine, product="P01").encode_ms == 0


def test_a_crop_searches_by_that_part(engine, picture, extractor):
    box = (0.0, 0.0, 0.5, 0.5)
    expected = extractor.embed([photos.crop(photos.read(picture("query")), box)])[0]
    assert ask(engine, picture("query"), crop=box).feature == pytest.approx(expected, abs=1e-6)


def test_a_region_is_pooled_from_the_cells_without_encoding_again(engine, picture, extractor):
    whole = ask(engine, picture("query"))
    assert extractor.encoded == 1
    box = (0.0, 0.0, 0.5, 0.5)
    part = ask(engine, picture("query"), region=box)
    assert extractor.encoded == 1
    cells = extractor.cells([photos.read(picture("query"))])[0]
    expected = cells[:2, :2].mean(axis=(0, 1))
    assert part.feature == pytest.approx(expected / np.linalg.norm(expected), abs=1e-6)
    everything = ask(engine, picture("query"), region=(0, 0, 1, 1))
    assert everything.feature == pytest.approx(whole.feature, abs=1e-6)
    with pytest.raises(QueryError, match="within the photograph"):
        ask(engine, picture("query"), region=(0.5, 0, 0.5, 1))


@pytest.mark.parametrize("k", [0, -3, 2.5, True, None])
def test_k_must_be_a_whole_number_of_at_least_one(engine, picture, k):
    with pytest.raises(QueryError, match="1 or more"):
        ask(engine, picture("query"), k=k)


def test_a_query_must_be_one_thing(engine, picture):
    for asked in ({}, {"photo": picture("query"), "product": "P01"}, {"photo": []}):
        with pytest.raises(QueryError):
            ask(engine, **asked)


def test_unknown_product_and_unreadable_photograph_get_a_sentence(engine):
    with pytest.raises(QueryError, match="no product “P99”"):
        ask(engine, product="P99")
    with pytest.raises(PhotoError):
        ask(engine, b"<svg/>")


def test_an_empty_catalogue_answers_with_nothing(catalogue, extractor, picture):
    found = ask(SearchEngine(catalogue, extractor), picture("query"))
    assert (found.hits, found.eligible, found.products) == ((), 0, 0)


def test_changes_by_somebody_else_are_found_at_once(engine, catalogue, picture, extractor):
    before = ask(engine, picture("new")).revision
    other = Catalogue(catalogue.folder)
    fill(other, extractor, picture, [Product("new")])
    other.close()
    found = ask(engine, picture("new"))
    assert found.revision > before
    assert (ids(found)[0], found.hits[0].score) == ("new", pytest.approx(1, abs=1e-6))
    with catalogue.change("test", "withdraw") as change:
        change.update("new", status="withdrawn")
    assert "new" not in ids(ask(engine, picture("new"), k=48))


def test_a_revision_loaded_before_can_still_be_searched(engine, catalogue, picture, extractor):
    before = engine.loaded()
    fill(catalogue, extractor, picture, [Product("new")])
    asked = Query((picture("new"),))
    assert ids(engine.search(asked))[0] == "new"
    found = engine.search(asked, options=Options(k=48), loaded=before)
    assert (found.revision, "new" in ids(found)) == (before.revision, False)


def test_the_index_follows_a_change_and_is_opened_once(catalogue, extractor, picture):
    fill(catalogue, extractor, picture, products())
    opened = []

    def factory(of, snapshot):
        opened.append(snapshot.revision)
        return open_index(of, snapshot)

    engine = SearchEngine(catalogue, extractor, index=factory)
    engine.loaded()
    fill(catalogue, extractor, picture, [Product("new", price=700, currency="EUR")])
    with catalogue.change("test", "delete") as change:
        change.delete("P01")
        change.update("P02", price=None)
    for asked in ("new", "P01", "P02", "query"):
        found = ask(engine, picture(asked), k=48, filters=EVERYTHING)
        fresh = ask(SearchEngine(catalogue, extractor), picture(asked), k=48, filters=EVERYTHING)
        assert found.hits == fresh.hits
    assert len(opened) == 1


def test_a_revision_is_followed_by_what_it_changed(engine, catalogue, extractor, monkeypatch):
    before = ask(engine, product="P05", k=48, filters=EVERYTHING)
    with catalogue.change("test", "edit") as change:
        change.update("P06", price=700, brand="Neu")
        change.delete("P08")
    with monkeypatch.context() as patch:
        patch.setattr(reading, "take", None)
        found = ask(engine, product="P05", k=48, filters=EVERYTHING)
    fresh = ask(SearchEngine(catalogue, extractor), product="P05", k=48, filters=EVERYTHING)
    assert found.revision == before.revision + 1
    assert found.hits == fresh.hits != before.hits
    neu = ask(engine, product="P05", filters=replace(EVERYTHING, brands=frozenset({"Neu"})))
    assert ids(neu) == ["P06"]


def test_what_nobody_searches_any_more_is_gone_at_once(engine, catalogue, picture):
    ask(engine, picture("query"), k=48)
    old = [weakref.ref(each) for each in (engine.loaded(), engine.loaded().index)]
    gc.collect()
    gc.disable()
    try:
        with catalogue.change("test", "edit") as change:
            change.update("P06", price=700)
        ask(engine, picture("query"), k=48)
        assert [each() for each in old] == [None, None]
    finally:
        gc.enable()


def test_what_cannot_be_followed_is_read_anew_but_for_the_features(
    engine, catalogue, extractor, picture, monkeypatch
):
    ask(engine, picture("query"))
    fill(catalogue, extractor, picture, [Product("new")])
    monkeypatch.setattr(reading, "follow", lambda *_: None)
    monkeypatch.setattr("search.engine.saved_rows.load", None)
    found = ask(engine, picture("new"), k=48, filters=EVERYTHING)
    assert (engine.loaded().snapshot.since, engine.loaded().snapshot.fetched) == (None, 1)
    monkeypatch.undo()
    fresh = ask(SearchEngine(catalogue, extractor), picture("new"), k=48, filters=EVERYTHING)
    assert found.hits == fresh.hits


def test_a_new_engine_reads_saved_features_and_of_the_database_what_is_new(
    engine, catalogue, extractor, picture
):
    assert engine.loaded().snapshot.fetched == 24
    fill(catalogue, extractor, picture, [Product("new")])
    again = SearchEngine(catalogue, extractor)
    assert again.loaded().snapshot.fetched == 1
    assert ids(ask(again, picture("new")))[0] == "new"


def test_a_new_engine_reads_of_the_products_what_changed_since_they_were_saved(
    engine, catalogue, extractor, picture, monkeypatch
):
    shown = ids(ask(engine, picture("query"), k=48))
    assert "P06" in shown
    with catalogue.change("test", "edit") as change:
        change.update("P06", status="withdrawn")
    monkeypatch.setattr(queries, "products", None)
    again = ids(ask(SearchEngine(catalogue, extractor), picture("query"), k=48))
    assert again == [id for id in shown if id != "P06"]
    (catalogue.folder / "snapshot.columns").write_bytes(b"")
    monkeypatch.undo()
    assert ids(ask(SearchEngine(catalogue, extractor), picture("query"), k=48)) == again


def test_products_saved_of_another_state_are_not_believed(engine, catalogue, extractor, picture):
    """A backup that is put back has revisions of the same numbers."""
    backup = catalogue.folder.parent / "backup"
    shutil.copytree(catalogue.folder, backup)
    for name in ("A", "B"):
        with Catalogue(backup if name == "A" else catalogue.folder) as each:
            with each.change(name, "edit") as change:
                change.update("P06", name=name)
            SearchEngine(each, extractor).loaded()
            assert SearchEngine(each, extractor).loaded().product("P06").name == name
    for file in ("snapshot.columns", "snapshot.json"):
        shutil.copy(backup / file, catalogue.folder / file)
    assert SearchEngine(catalogue, extractor).loaded().product("P06").name == "B"


def test_features_of_another_network_never_meet(engine, extractor, picture):
    extractor.fingerprint = "other-000000000000"
    with pytest.raises(MismatchError, match="python -m search encode"):
        ask(engine, picture("query"))


class TestCheaper:
    def test_from_a_product_every_hit_costs_less_and_says_the_saving(self, engine):
        found = ask_cheaper(engine, product="P16", k=48)
        assert found.reference == Price(2600, "EUR", "P16")
        assert len(found.hits) == found.eligible > 5
        for hit in found.hits:
            assert hit.product.price < 2600
            assert hit.saving == 2600 - hit.product.price

    def test_minimum_saving_is_a_share_of_the_price_to_beat(self, engine):
        found = ask_cheaper(engine, product="P16", k=48, min_saving=0.5)
        prices = sorted(hit.product.price for hit in found.hits)
        assert prices == [1000, 1100, 1200]  # 13.00 is withdrawn

    def test_a_product_that_saves_just_as_much_as_asked_is_shown(self, engine, catalogue):
        with catalogue.change("test", "prices") as change:
            change.update("P16", price=1000)
            change.update("P00", price=100)
        assert ids(ask_cheaper(engine, product="P16", k=48, min_saving=0.9)) == ["P00"]

    def test_from_a_photograph_against_a_typed_price(self, engine, picture):
        found = ask_cheaper(engine, picture("query"), price=Price(1250, "EUR"), k=48)
        assert sorted(ids(found)) == ["P00", "P01", "P02"]

    def test_from_a_photograph_alone_against_the_best_match_that_has_a_price(self, engine, picture):
        found = ask_cheaper(engine, picture("P10"))  # withdrawn, yet its price is the one to beat
        assert found.reference == Price(2000, "EUR", "P10")
        assert ask_cheaper(engine, picture("P07")).reference.source != "P07"

    def test_the_best_match_has_a_price_in_the_currency_named(self, engine, catalogue, picture):
        with catalogue.change("test", "dollars") as change:
            change.update("P10", currency="USD")
        in_euro = ask_cheaper(engine, picture("P10"), filters=Filters(currency="EUR"))
        assert in_euro.reference.currency == "EUR"
        assert ask_cheaper(engine, picture("P10")).reference == Price(2000, "USD", "P10")

    def test_nothing_cheaper_is_an_answer_and_no_price_is_a_sentence(self, engine):
        assert ask_cheaper(engine, product="P00").hits == ()
        with pytest.raises(QueryError, match="type the price"):
            ask_cheaper(engine, product="P07")

    def test_other_currencies_are_never_cheaper(self, engine, catalogue):
        with catalogue.change("test", "dollars") as change:
            change.put(replace(products()[0], currency="USD"))
        found = ask_cheaper(engine, product="P16", k=48)
        assert "P00" not in ids(found)

    def test_a_look_alike_is_of_the_same_type_unless_another_floor_is_asked_for(
        self, engine, catalogue, picture
    ):
        with catalogue.change("test", "twin") as change:
            change.put(Product("twin", price=900, currency="EUR"))
            change.add_photo("twin", photos.read(picture("P16")), source="twin.png")
        found = ask_cheaper(engine, product="P16", k=48, floor=None)
        assert found.least == engine.loaded().bands.same_type
        assert ids(found) == ["twin"]
        assert ask_cheaper(engine, product="P16", k=48).passed > 5
        looser = ask_cheaper(engine, product="P16", k=48, floor=None, min_score=0.1)
        assert (looser.least, looser.passed > found.passed) == (0.1, True)

    def test_savings_are_shown_for_a_price_to_beat_of_a_products_own_or_a_typed_one(self, engine):
        assert ask(engine, product="P16").reference == Price(2600, "EUR", "P16")
        typed = ask_cheaper(engine, product="P16", price=Price(1250, "EUR"), k=48)
        assert typed.reference == Price(1250, "EUR")
        assert {hit.saving for hit in typed.hits} == {50, 150, 250}


class TestRefused:
    @pytest.mark.parametrize("score", [1.1, -1.5, float("nan"), float("inf")])
    def test_a_score_that_is_none(self, score):
        for refused in (lambda: Options(min_score=score), lambda: Cheaper(floor=score)):
            with pytest.raises(QueryError, match="from -1 to 1"):
                refused()

    @pytest.mark.parametrize("saving", [-0.1, 30, float("nan")])
    def test_a_saving_that_is_no_share(self, saving):
        with pytest.raises(QueryError, match="from 0 to 1"):
            Cheaper(min_saving=saving)

    @pytest.mark.parametrize("amount", [-1, MOST_MONEY + 1, 10**99])
    def test_a_price_to_beat_that_nothing_costs(self, amount):
        with pytest.raises(QueryError, match=r"at most €10,000,000,000\.00"):
            Cheaper(Price(amount, "EUR"))
        assert Cheaper(Price(MOST_MONEY, "EUR")).price.amount == MOST_MONEY

    def test_a_metric_or_an_order_that_is_unknown(self):
        with pytest.raises(QueryError, match="choose one of cosine"):
            Options(metric="magic")
        with pytest.raises(QueryError, match="choose one of similarity"):
            Options(order="beauty")

    @pytest.mark.parametrize("part", ["crop", "region"])
    def test_a_part_of_a_product(self, part):
        with pytest.raises(QueryError, match="leave the crop out"):
            Query(product="P01", **{part: (0, 0, 1, 1)})

    def test_both_a_crop_and_a_region(self, picture):
        with pytest.raises(QueryError, match="not both"):
            Query((picture("P01"),), crop=(0, 0, 1, 1), region=(0, 0, 1, 1))

    def test_an_order_by_savings_needs_a_price_to_compare_with(self, engine, picture):
        with pytest.raises(QueryError, match="no price to compare with"):
            ask(engine, picture("query"), order="saving")
        with pytest.raises(QueryError, match="no price to compare with"):
            ask(engine, product="P07", order="saving")

    def test_a_currency_no_product_has_a_price_in(self, engine):
        for asked in ({"filters": Filters(currency="XYZ", price_max=5)},
                      {"cheaper": Cheaper(Price(5000, "XYZ"))}):  # fmt: skip
            with pytest.raises(QueryError, match="“XYZ”; this catalogue has prices in EUR"):
                ask(engine, product="P16", **asked)

    def test_crossed_price_bounds(self, engine):
        with pytest.raises(QueryError, match="above the highest"):
            ask(engine, product="P16", filters=Filters(price_min=2000, price_max=1000))

    @pytest.mark.parametrize("value", ["0.3", None, "nan", True])
    def test_numbers_that_arrive_as_something_else(self, value):
        with pytest.raises(QueryError, match="whole number"):
            Options(k=value)
        if value is not True:
            with pytest.raises(QueryError, match="share from 0 to 1"):
                Cheaper(min_saving=value)
        if isinstance(value, str):
            with pytest.raises(QueryError, match="from -1 to 1"):
                Options(min_score=value)

    def test_a_name_no_product_has(self, engine, picture):
        filters = Filters(categories=frozenset({"Footwear"}))
        with pytest.raises(QueryError, match="no category “Footwear”; it has “bags”, “footwear”"):
            ask(engine, picture("query"), filters=filters)


class TestAnswer:
    def test_the_order_sorts_what_similarity_has_chosen(self, engine, picture):
        best = ids(ask(engine, picture("query"), k=8))
        by_price = ask(engine, picture("query"), k=8, order="price")
        prices = [hit.product.price for hit in by_price.hits]
        assert sorted(ids(by_price)) == sorted(best)
        assert prices == sorted(prices)
        assert [best[hit.rank - 1] for hit in by_price.hits] == ids(by_price)
        by_saving = ask(engine, product="P16", k=8, order="saving")
        savings = [hit.saving for hit in by_saving.hits]
        assert savings == sorted(savings, reverse=True)

    def test_a_histogram_is_counted_where_asked_for(self, engine, picture):
        assert ask(engine, picture("query")).histogram is None
        counted = ask(engine, picture("query"), min_score=0.9, histogram=True)
        assert counted.histogram.sum() == counted.eligible

    def test_it_is_written_down_in_one_way(self, engine, catalogue, picture):
        with catalogue.change("test", "rename") as change:
            change.update("P02", name="=1+1")
        found = ask_cheaper(engine, picture("P02"), price=Price(2000, "EUR"), k=3)
        answer = json.loads(found.to_json())
        table = list(csv.DictReader(io.StringIO(found.to_csv().decode("utf-8-sig"))))
        assert list(answer["hits"][0]) == list(table[0]) == list(COLUMNS)
        assert answer["hits"][0] | {"score": 1.0, "distance": 0.0} == {
            "rank": 1,
            "id": "P02",
            "name": "=1+1",
            "category": "bags",
            "brand": "Arbel",
            "colour": "navy",
            "price": "12.00",
            "currency": "EUR",
            "saving": "8.00",
            "score": 1.0,
            "band": found.hits[0].band,
            "distance": 0.0,
            "path": "P02-0.png",
            "regular_price": "",
            "sale_until": "",
            "item_group": "",
            "variants": "P02",
            "price_from": "12.00",
            "variants_in_words": "",
        }
        assert table[0]["name"] == "'=1+1"
        assert (answer["reference_price"], answer["reference_currency"]) == ("20.00", "EUR")
        assert (answer["revision"], answer["min_score"]) == (found.revision, -1)


class TestPathsForAWebsite:
    def test_paths_are_as_imported_and_obey_the_filters(self, engine, picture):
        assert search_paths(picture("P00"), 1, engine=engine) == ["P00-0.png"]
        paths = search_paths(
            picture("P00"),
            48,
            engine=engine,
            category=["tops", "bags"],
            price_max="15.00",
            brand="Norrin",
        )
        assert sorted(paths) == ["P01-0.png", "P05-0.png"]

    def test_cheaper_than_takes_an_amount(self, engine, picture):
        assert sorted(
            search_paths(picture("P00"), 9, engine=engine, cheaper_than=11.5, min_score=-1)
        ) == [
            "P00-0.png",
            "P01-0.png",
        ]

    def test_by_product_and_only_cheaper(self, engine):
        paths = search_paths(engine=engine, product="P02", k=48, cheaper=True, min_score=-1)
        assert sorted(paths) == ["P00-0.png", "P01-0.png"]

    def test_an_unknown_filter_is_named(self, engine, picture):
        with pytest.raises(QueryError, match="no filter “sizes”"):
            search_paths(picture("P00"), 3, engine=engine, sizes="XL")

    def test_the_function_opens_the_named_catalogue(
        self, engine, catalogue, picture, extractor, monkeypatch
    ):
        monkeypatch.setattr("search.engine.engine.extractor_for", lambda *_: extractor)
        assert search_paths(picture("P02"), 1, catalogue="shop") == ["P02-0.png"]

    def test_what_counts_as_cheaper_is_obeyed(self, engine):
        def costs(**asked: object) -> list[int]:
            paths = search_paths(
                product="P16", k=48, engine=engine, cheaper=True, min_score=-1, **asked
            )
            return sorted(1000 + 100 * int(path[1:3]) for path in paths)

        assert costs(min_saving=0.5) == [1000, 1100, 1200]
        assert costs(cheaper_than="11.50") == [1000, 1100]
        assert costs(cheaper_than="22.00", min_saving=0.5) == [1000, 1100]

    def test_look_alikes_are_of_the_same_type_as_in_the_engine(self, engine):
        asked = Query(product="P16")
        expected = engine.search(asked, options=Options(k=48), cheaper=Cheaper()).paths()
        assert search_paths(product="P16", k=48, engine=engine, cheaper=True) == expected

    def test_what_is_not_understood_is_refused(self, engine):
        for words, sentence in (
            ({"in_stock": "false"}, "either true or false, not 'false'"),
            ({"currency": "EUR"}, "only applies to prices"),
            ({"currency": "xyz", "price_max": 5}, "no price|price in “XYZ”"),
            ({"category": 3}, "no category “3”"),
        ):
            with pytest.raises(QueryError, match=sentence):
                search_paths(product="P16", engine=engine, **words)
        assert search_paths(product="P16", engine=engine, currency="eur", price_max=15) != []

    def test_a_saving_without_look_alikes_is_refused(self, engine, picture):
        with pytest.raises(QueryError, match="only applies to cheaper look-alikes"):
            search_paths(picture("P00"), engine=engine, min_saving=0.4)


def test_moving_a_filter_asks_the_index_once(engine, picture, monkeypatch):
    ask(engine, picture("query"))
    index, asked = engine.loaded().index, []
    search = index.search
    monkeypatch.setattr(
        index, "search", lambda *a, **options: asked.append(a) or search(*a, **options)
    )
    ask(engine, picture("query"), filters=Filters(price_max=2000, currency="EUR"))
    assert len(asked) == 1
    ask(engine, product="P16")
    assert len(asked) == 3


def test_a_catalogue_that_chose_no_network_is_searched_with_the_one_that_has_encoded_most(
    catalogue, extractor, picture
):
    assert own_network(catalogue) == registry.DEFAULT_NETWORK
    fill(catalogue, extractor, picture, products(3))
    assert own_network(catalogue) == registry.DEFAULT_NETWORK  # a network that nobody knows
    shas = [photo.sha256 for photo in catalogue.photos()]
    known = catalogue.known_features(extractor.fingerprint, shas)
    few, all_of_them = (
        weights.fingerprint(registry.get(name)) for name in ("mobilenet-fashion", "vgg16-fashion")
    )
    catalogue.save_features(few, {shas[0]: known[shas[0]]})
    assert own_network(catalogue) == "mobilenet-fashion"
    catalogue.save_features(all_of_them, known)
    assert own_network(catalogue) == "vgg16-fashion"
    catalogue.set_setting("network", "resnet50-imagenet")
    assert own_network(catalogue) == "resnet50-imagenet"
