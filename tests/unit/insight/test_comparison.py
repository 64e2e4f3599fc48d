"""Two answers to one query: what both have, and what is higher in one."""

from __future__ import annotations

import pytest

from search import photos
from search.catalogue import Catalogue, Product
from search.engine import Filters, Options, Query, SearchEngine
from search.insight.comparison import compare
from tests.helpers import FakeExtractor, draw, encode


@pytest.fixture
def engine(tmp_path, extractor: FakeExtractor):
    catalogue = Catalogue(tmp_path / "shop")
    features = {}
    with catalogue.change("test", "import") as change:
        for number in range(12):
            photo = photos.read(encode(draw(number)))
            change.put(Product(f"P{number:02d}", price=100 * (12 - number), currency="EUR"))
            change.add_photo(f"P{number:02d}", photo)
            features[photo.sha256] = extractor.embed([photo])[0]
    catalogue.save_features(extractor.fingerprint, features)
    yield SearchEngine(catalogue, extractor)
    catalogue.close()


def answer(engine: SearchEngine, product: str, k: int = 11, order: str = "similarity"):
    return engine.search(Query(product=product), Filters(), Options(k=k, order=order))


def ids(compared):
    return [each.hit.product.id for each in compared]


def test_an_answer_beside_itself_moves_nothing(engine):
    both = compare(answer(engine, "P00"), answer(engine, "P00"), 4)
    assert both.common == 4
    assert both.first == both.second
    assert [each.moved for each in both.first] == [0, 0, 0, 0]
    assert [each.elsewhere for each in both.first] == [1, 2, 3, 4]


def test_ranks_are_those_of_the_other_answer(engine):
    one, two = answer(engine, "P00"), answer(engine, "P03")
    rank = {hit.product.id: hit.rank for hit in two.hits}
    both = compare(one, two, 5)
    assert ids(both.first) == [hit.product.id for hit in one.hits[:5]]
    assert ids(both.second) == [hit.product.id for hit in two.hits[:5]]
    assert both.common == len(set(ids(both.first)) & set(ids(both.second)))
    for each in both.first:
        there = rank.get(each.hit.product.id)
        assert each.elsewhere == there
        assert each.moved == (None if there is None else there - each.hit.rank)
    assert "P03" in ids(compare(one, two, 11).first)  # asked by there, so not an answer there
    assert next(e for e in compare(one, two, 11).first if e.hit.product.id == "P03").moved is None


def test_what_lies_beyond_the_other_answer_has_no_rank(engine):
    one, two = answer(engine, "P00"), answer(engine, "P03", k=2)
    both = compare(one, two, 11)
    assert sum(each.elsewhere is not None for each in both.first) <= 2
    assert len(both.second) == 2


def test_answers_arranged_by_price_are_compared_by_rank(engine):
    by_price = answer(engine, "P00", order="price")
    assert [hit.rank for hit in by_price.hits] != sorted(hit.rank for hit in by_price.hits)
    both = compare(by_price, answer(engine, "P00"), 4)
    assert [each.hit.rank for each in both.first] == [1, 2, 3, 4]
    assert both.common == 4
