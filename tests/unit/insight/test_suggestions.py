from __future__ import annotations

import pytest

from search import photos
from search.catalogue import Catalogue, Product
from search.engine import Filters, LoadedCatalogue, SearchEngine
from search.insight import suggestions
from search.insight.suggestions import CategoryVote, categories, category_vote, finds, showcase
from tests.helpers import draw, encode
from tests.ui.shop import fill, photograph, product


@pytest.fixture
def shop(home, extractor) -> Catalogue:
    """Twenty products: P01 a cheap twin of P00, in the same colour here."""
    catalogue = Catalogue(home / "shop")
    fill(catalogue, extractor)
    with catalogue.change("test", "dye") as change:
        change.update("P01", colour=product(0).colour)
    return catalogue


@pytest.fixture
def loaded(shop, extractor) -> LoadedCatalogue:
    return SearchEngine(shop, extractor).loaded()


def test_a_showcase_takes_the_categories_in_turn(loaded):
    shown = [product for product, _ in showcase(loaded, Filters(), 6)]
    assert len(shown) == 6
    assert {p.category for p in shown[:2]} == {"Boots", "Trainers"}
    assert {p.category for p in shown[2:4]} == {"Boots", "Trainers"}
    assert all(p.active and p.in_stock for p in shown)
    assert len({p.id for p in shown}) == 6


def test_a_showcase_obeys_the_filters_and_shows_only_what_has_a_photograph(shop, extractor):
    with shop.change("test", "bare") as change:
        change.put(product(77))
    loaded = SearchEngine(shop, extractor).loaded()
    shown = showcase(loaded, Filters(categories=frozenset({"Boots"})), 50)
    assert {p.id for p, _ in shown} == {"P07", "P11", "P15", "P19"}
    assert all(photo.product_id == p.id for p, photo in shown)
    everything = showcase(loaded, Filters(in_stock=False, active=False), 50)
    assert "P77" not in {p.id for p, _ in everything}
    assert len(everything) == 20


def test_what_greets_a_visitor_is_of_each_type_and_no_mistake(home, extractor):
    catalogue = Catalogue(home / "kinds")
    features, kinds = {}, ("boots", "sandals", "totes", "caps")
    with catalogue.change("test", "fill") as change:
        for n in range(32):
            kind = kinds[n % 4]
            category = {"boots": "footwear", "sandals": "footwear", "totes": "bags"}.get(
                kind, "hats"
            )
            if n in (0, 2):  # planted: a boot among the bags, a tote among the hats
                category = {0: "bags", 2: "hats"}[n]
            change.put(Product(f"P{n:02}", category=category, stock=3, attributes={"kind": kind}))
            shown = draw(kind)
            shown.putpixel((n, 5), (0, 0, 0))
            if n == 5:  # planted: a sandal that is none
                shown = draw("something else")
            taken = photos.read(encode(shown))
            change.add_photo(f"P{n:02}", taken, source=f"{n}.png")
            features[taken.sha256] = extractor.embed([taken])[0]
    catalogue.save_features(extractor.fingerprint, features)
    loaded = SearchEngine(catalogue, extractor).loaded()
    shown = [product for product, _ in showcase(loaded, Filters(), 4)]
    assert sorted(p.attributes["kind"] for p in shown) == sorted(kinds)
    assert len({p.category for p in shown[:3]}) == 3
    for count in (4, 8, 24):
        best = {p.id for p, _ in showcase(loaded, Filters(), count)}
        assert best.isdisjoint({"P00", "P02", "P05"})
        assert len(best) == count
    assert len(showcase(loaded, Filters(), 99)) == 32


def test_no_side_of_a_find_is_out_of_stock_or_misplaced(shop, extractor):
    def found():
        return [gap.product.id for gap in finds(SearchEngine(shop, extractor).loaded(), 3)]

    assert found() == ["P00"]
    with shop.change("test", "sold") as change:
        change.update("P00", stock=0)
    assert found() == []
    with shop.change("test", "back") as change:
        change.update("P00", stock=2, category="Bags", attributes={"kind": "shoes"})
        for n in range(1, 20):
            change.update(f"P{n:02}", attributes={"kind": "shoes"})
    assert found() == []


def test_finds_are_near_twins_at_a_much_lower_price(loaded):
    [gap] = finds(loaded, 3)
    assert (gap.product.id, gap.cheaper.id) == ("P00", "P01")
    assert finds(loaded, 0) == []


def test_no_finds_where_comparing_would_take_too_long(loaded, monkeypatch):
    monkeypatch.setattr(suggestions, "FINDS_AT_ONCE", 19)
    assert finds(loaded, 3) == []


def test_the_nearest_vote_for_a_category(shop, extractor):
    with shop.change("test", "one") as change:
        for n in range(20):
            change.update(f"P{n:02}", category="Boots" if n < 4 else "")
    vote = category_vote(SearchEngine(shop, extractor), extractor.embed([photo(0)])[0])
    assert vote is not None
    assert vote.category == "Boots"
    assert 2 <= vote.votes == vote.voters <= 4  # P00 and its twin at least; the rest say nothing


def test_without_categories_there_is_no_vote(shop, extractor):
    with shop.change("test", "none") as change:
        for n in range(20):
            change.update(f"P{n:02}", category="")
    assert category_vote(SearchEngine(shop, extractor), extractor.embed([photo(0)])[0]) is None


def test_where_nothing_is_encoded_nobody_votes(shop, extractor):
    feature = extractor.embed([photo(0)])[0]
    extractor.fingerprint = "fake-other"
    assert category_vote(SearchEngine(shop, extractor), feature) is None


def test_the_revision_given_votes(shop, extractor):
    engine = SearchEngine(shop, extractor)
    before = engine.loaded()
    with shop.change("test", "none") as change:
        for n in range(20):
            change.update(f"P{n:02}", category="")
    feature = extractor.embed([photo(0)])[0]
    assert category_vote(engine, feature) is None
    assert category_vote(engine, feature, before) is not None


@pytest.mark.parametrize(("votes", "majority"), [(6, True), (5, False)])
def test_half_is_no_majority(votes, majority):
    assert CategoryVote("Boots", votes, 10).is_majority is majority


def test_photographs_not_added_yet_get_a_category_when_encoded(shop, extractor):
    new, unknown = photos.read(encode(draw("new"))), photos.read(encode(draw("unknown")))
    shop.save_features(extractor.fingerprint, {new.sha256: extractor.embed([new])[0]})
    found = categories(SearchEngine(shop, extractor), {"N": new.sha256, "U": unknown.sha256})
    assert list(found) == ["N"]
    assert found["N"] in ("Boots", "Trainers")


def photo(number: int) -> photos.Photo:
    return photos.read(photograph(number))
