"""Products found by words and filters alone."""

from __future__ import annotations

import pytest

from search import photos
from search.catalogue import Catalogue, Product
from search.engine import Filters, SearchEngine, list_by_words
from search.errors import QueryError

SHELF = [
    Product("a", "Red boot", "footwear", colour="red", price=3000, currency="EUR"),
    Product("b", "Blue boot", "footwear", colour="blue", price=1000, currency="EUR"),
    Product("c", "Boots bag", "bags", "Red Lane", price=2000, currency="EUR"),
    Product("d", "Old red boot", "footwear", colour="red", status="withdrawn"),
    Product("e", "Red boot, high", "footwear", colour="red", stock=0),
    Product("f", "Red boot 38", colour="red", item_group="one", price=500, currency="EUR"),
    Product("g", "Red boot 39", colour="red", item_group="one", price=400, currency="EUR"),
]


@pytest.fixture
def loaded(home, extractor, picture):
    with Catalogue(home / "shop") as catalogue:
        with catalogue.change("test", "fill") as change:
            for product in SHELF:
                change.put(product)
            change.add_photo("a", photos.read(picture(1)), source="red/boot.png")
        yield SearchEngine(catalogue, extractor).loaded()


def ids(found) -> list[str]:
    return [hit.product.id for hit in found.hits]


def test_all_words_are_there_filters_are_obeyed_and_variants_are_one(loaded):
    found = list_by_words(loaded, Filters(words="red boots"))
    assert set(ids(found)) == {"a", "c", "f"}
    assert found.passed == 3
    assert found.hidden == {"withdrawn": 1, "out of stock": 1}
    assert [hit.rank for hit in found.hits] == [1, 2, 3]
    assert next(hit for hit in found.hits if hit.product.id == "f").variants.ids == ("f", "g")
    narrowed = Filters(words="red boots", categories=frozenset({"bags"}))
    assert ids(list_by_words(loaded, narrowed)) == ["c"]


def test_what_the_words_fit_better_comes_first(loaded):
    found = ids(list_by_words(loaded, Filters(words="red boots")))
    assert found.index("a") < found.index("c")  # a colour and a kind, not a brand


def test_by_price_the_cheapest_of_all_found_comes_first(loaded):
    filters = Filters(words="boots")
    assert ids(list_by_words(loaded, filters, order="price")) == ["g", "b", "c", "a"]
    assert ids(list_by_words(loaded, filters, 1, "price")) == ["g"]


def test_without_words_all_that_pass_by_id(loaded):
    assert ids(list_by_words(loaded, Filters())) == ["a", "b", "c", "f"]


def test_the_answer_as_plain_values(loaded):
    found = list_by_words(loaded, Filters(words="red boots"), 1)
    row = found.to_dict()["hits"][0]
    assert (row["id"], row["price"], row["path"]) == ("a", "30.00", "red/boot.png")
    assert not {"score", "band", "saving", "distance"} & set(row)
    assert found.paths() == ["red/boot.png"]
    assert list_by_words(loaded, Filters(words="bag")).paths() == []


@pytest.mark.parametrize(
    ("filters", "k", "order", "says"),
    [
        (Filters(), 0, "similarity", "number of results"),
        (Filters(), 1, "saving", "no price to compare"),
        (Filters(words="b" * 201), 1, "similarity", "fewer words"),
        (Filters(categories=frozenset({"hats"})), 1, "similarity", "no category"),
    ],
)
def test_what_cannot_be_answered_is_refused(loaded, filters, k, order, says):
    with pytest.raises(QueryError, match=says):
        list_by_words(loaded, filters, k, order)
