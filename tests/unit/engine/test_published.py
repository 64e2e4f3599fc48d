"""A published catalogue is asked as the catalogue itself: what is hidden, listed, and known."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from search import photos
from search.catalogue import Catalogue, Product
from search.engine import Cheaper, Filters, Options, Price, Query, SearchEngine, list_by_words
from search.engine.bands import unknown
from search.engine.filters import Types, Where
from search.engine.milvus import open_published
from search.engine.milvus.address import Address
from search.engine.milvus.client import disconnect
from search.engine.published import PublishedCatalogue
from search.engine.published_engine import PublishedEngine
from search.engine.publishing import publish
from search.errors import MismatchError, QueryError
from tests.helpers import FakeExtractor, draw, encode

PRODUCTS = 60
KINDS = ("boot", "shoe", "bag", "")


def product(n: int, chance: random.Random) -> Product:
    """A product with every kind of price, stock, status, sale and group."""
    price = chance.choice([None, *range(1000, 9000, 500)])
    sale = price is not None and chance.random() < 0.3
    ends = chance.choice(["2001-01-01T00:00:00Z", "2999-01-01T00:00:00Z", ""])
    return Product(
        f"P{n:02}",
        f"{chance.choice(['Red', 'Old', 'Small'])} thing {n}",
        chance.choice(["Boots", "Bags", "Hüte", ""]),
        chance.choice(["Luma", 'Ar"den', ""]),
        chance.choice(["red", "blue"]),
        price,
        "" if price is None else chance.choice(["EUR", "EUR", "EUR", "JPY"]),
        chance.choice([None, 0, 3]),
        chance.choice(["active", "active", "active", "withdrawn"]),
        attributes={"kind": chance.choice(KINDS)},
        sale_price=(price or 0) // 2 if sale else None,
        sale_until=ends if sale else "",
        item_group=chance.choice(["", "", "G1", "G2", "G3"]),
    )


@pytest.fixture(scope="module")
def shop(tmp_path_factory) -> Iterator[tuple[Catalogue, Address]]:
    """A catalogue in which everything occurs, and where it is published."""
    folder, extractor = tmp_path_factory.mktemp("published"), FakeExtractor()
    chance, features = random.Random(7), {}
    with Catalogue(folder / "shop") as catalogue:
        with catalogue.change("test", "fill") as change:
            for n in range(PRODUCTS):
                change.put(product(n, chance))
                if n % 9:  # some have no photograph
                    photo = photos.read(encode(draw(n)))
                    change.add_photo(f"P{n:02}", photo, source=f"{n}.png")
                    features[photo.sha256] = extractor.embed([photo])[0]
        catalogue.save_features(extractor.fingerprint, features)
        address = Address.parse(str(folder / "index.db"))
        publish(catalogue, extractor.fingerprint, address)
        yield catalogue, address
        disconnect(address)


@pytest.fixture
def engine(shop, extractor) -> SearchEngine:
    return SearchEngine(shop[0], extractor)


@pytest.fixture
def published(shop) -> PublishedCatalogue:
    return PublishedCatalogue(open_published(shop[1]))


def conditions(count: int) -> Iterator[Where]:
    chance = random.Random(11)

    def some(names: list[str]) -> frozenset[str]:
        return frozenset(name for name in names if chance.random() < 0.25)

    for _ in range(count):
        low, high = sorted(chance.sample(range(500, 9000, 500), 2))
        filters = Filters(
            some(["Boots", "Bags", "Hüte"]),
            some(["Luma", 'Ar"den']),
            some(["red"]),
            chance.choice([None, low]),
            chance.choice([None, high]),
            "EUR",
            chance.random() < 0.6,
            chance.random() < 0.6,
            chance.choice(["", "", "red", "thing smal"]),
        )
        below = Price(chance.randrange(2000, 9000), chance.choice(["EUR", "JPY"]))
        types = Types(some([*KINDS]), some(["P03", "P05"]), some(["P07", "P08"]))
        yield Where(
            filters,
            chance.choice([None, below]),
            chance.choice([0.0, 0.3]),
            some([f"P{n:02}" for n in range(0, PRODUCTS, 4)]),
            chance.choice([None, types]),
        )


def test_what_is_hidden_and_why_is_counted_alike(engine, published):
    reasons: set[str] = set()
    for where in conditions(50):
        expected = engine.loaded().hidden(where)
        assert list(published.hidden(where).items()) == list(expected.items()), where
        reasons |= expected.keys()
    assert len(reasons) == 6  # each occurred


@pytest.mark.parametrize("order", ["similarity", "price"])
def test_products_are_listed_alike(engine, published, order):
    for where in conditions(20):
        here, there = (
            list_by_words(loaded, where.filters, 7, order)
            for loaded in (engine.loaded(), published)
        )
        assert there.passed == here.passed
        if order == "price" or not where.filters.words:
            assert [hit.product for hit in there.hits] == [hit.product for hit in here.hits]
            assert [hit.variants for hit in there.hits] == [hit.variants for hit in here.hits]
            assert [hit.photo for hit in there.hits] == [hit.photo for hit in here.hits]


def test_more_products_than_are_ranked_are_listed_by_id(engine, published, monkeypatch):
    words, table = Filters(words="thing"), engine.loaded().table
    monkeypatch.setattr("search.engine.published.RANKED", 1)
    passing = np.flatnonzero(table.candidates(Where(words)).mask)
    first = passing[np.unique(table.group[passing], return_index=True)[1]]
    found = list_by_words(published, words, PRODUCTS)
    ids = [hit.product.id for hit in found.hits]
    assert ids == sorted(table.products[position].id for position in first.tolist())
    assert found.passed == len(first) > 1


def test_names_and_facets_are_known_alike(engine, published):
    here, there = engine.loaded().table, published.table
    for where in conditions(10):
        filters = replace(where.filters, currency="EUR")
        assert there.facets(filters) == here.facets(filters)
    assert list(there.facets(Filters())) == list(here.facets(Filters()))
    assert there.currencies == here.currencies == ("EUR", "JPY")
    nothing = (
        Filters(frozenset({"Hats"})),
        Filters(currency="USD"),
        Filters(price_min=2, price_max=1),
    )
    for asked in nothing:
        refusals = []
        for table in (here, there):
            with pytest.raises(QueryError) as refused:
                table.check(asked)
            refusals.append(str(refused.value))
        assert refusals[0] == refusals[1]


def test_cheaper_look_alikes_are_found_alike(engine, shop, extractor):
    alone = PublishedEngine(open_published(shop[1]), extractor)
    priced = [p.id for p in engine.loaded().snapshot.products if p.price and int(p.id[1:]) % 9]
    for id in priced[:6]:
        here, there = (
            each.search(Query(product=id), None, Options(k=6), Cheaper(min_saving=0.1)).to_dict()
            for each in (engine, alone)
        )
        del here["search_ms"], there["search_ms"]
        assert there == here


def test_what_is_not_published_is_not_made_up(shop, published, tmp_path, extractor):
    assert not published.knows_colours
    assert published.photograph_bands is None
    assert published.classifier is None
    assert published.shows_product([np.ones((4, 4, 48), np.float32)]) is None
    bare = tmp_path / "bare.db"
    with Catalogue(tmp_path / "bare") as empty:
        with empty.change("test", "fill") as change:
            change.put(Product("P1"))
            photo = photos.read(encode(draw(1)))
            change.add_photo("P1", photo, source="1.png")
        empty.save_features(extractor.fingerprint, {photo.sha256: extractor.embed([photo])[0]})
        publish(empty, extractor.fingerprint, Address.parse(str(bare)))
    few = PublishedCatalogue(open_published(str(bare)))
    assert few.bands.method == unknown().method == "too few products"
    disconnect(Address.parse(str(bare)))


def test_what_was_taken_away_meanwhile_is_left_out(published):
    (first, *_), gone = published.index.search(query(), 3, Where()).ids.tolist(), 999_999
    assert [*published.found([first, gone], Where())] == [first]
    assert [*published.products_of([gone, first])] == [first]
    with pytest.raises(QueryError, match="no product"):
        published.product("P99")
    assert published.photos_of("P99") == ()


def query() -> np.ndarray:
    return FakeExtractor().embed([photos.read(encode(draw(3)))])[0]


def test_it_is_opened_by_its_address_alone(shop, extractor, monkeypatch):
    monkeypatch.setattr("search.engine.published_engine.extractor_for", lambda *_: extractor)
    alone = PublishedEngine.open(str(shop[1]))
    assert alone.name == "shop"
    found = alone.search(Query((encode(draw(3)),)), Filters(in_stock=False, active=False))
    assert found.hits[0].score == pytest.approx(1, abs=1e-5)


def test_another_networks_features_are_refused(shop, extractor):
    extractor.fingerprint = "other-000000000000"
    with pytest.raises(MismatchError, match="same weights"):
        PublishedEngine(open_published(shop[1]), extractor)
