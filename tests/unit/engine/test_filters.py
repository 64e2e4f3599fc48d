from __future__ import annotations

import pytest

from search.catalogue import Product
from search.engine.filters import Filters, ProductTable, Where
from search.engine.query import Price
from search.errors import QueryError

ITEMS = (
    Product("a", category="tops", brand="Arbel", colour="red", price=1000, currency="EUR", stock=3),
    Product(
        "b", category="tops", brand="Norrin", colour="navy", price=2000, currency="EUR", stock=0
    ),
    Product("c", category="bags", brand="Arbel", colour="red", stock=1),
    Product("d", category="bags", brand="Arbel", price=500, currency="JPY"),
    Product("e", category="", brand="Arbel", price=3000, currency="EUR", status="withdrawn"),
)


def passing(filters: Filters, **where: object) -> str:
    mask = ProductTable(ITEMS).candidates(Where(filters, **where)).mask
    return "".join(item.id for item, passes in zip(ITEMS, mask, strict=True) if passes)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(), "acd"),
        (Filters(in_stock=False), "abcd"),
        (Filters(active=False), "acde"),
        (Filters(categories=frozenset({"tops", "bags"}), in_stock=False), "abcd"),
        (Filters(brands=frozenset({"Norrin"}), in_stock=False), "b"),
        (Filters(colours=frozenset({"red"})), "ac"),
        (Filters(colours=frozenset({"green"})), ""),
        (Filters(price_min=1000, currency="EUR", in_stock=False), "ab"),
        (Filters(price_max=1000, currency="EUR"), "a"),
        (Filters(price_max=500, currency="JPY"), "d"),
    ],
)
def test_filters(filters: Filters, expected: str):
    assert passing(filters) == expected


@pytest.mark.parametrize(
    ("below", "min_saving", "in_stock", "expected"),
    [
        (Price(2000, "EUR"), 0.0, False, "a"),
        (Price(1000, "EUR"), 0.0, True, ""),
        (Price(2000, "EUR"), 0.5, True, "a"),
        (Price(2000, "EUR"), 0.51, True, ""),
        (Price(600, "JPY"), 0.0, True, "d"),
    ],
)
def test_a_look_alike_costs_strictly_less_and_saves_enough(below, min_saving, in_stock, expected):
    assert passing(Filters(in_stock=in_stock), below=below, min_saving=min_saving) == expected


def test_the_product_asked_by_is_no_answer():
    assert passing(Filters(), without=frozenset({"c"})) == "ad"


def test_a_name_that_no_product_has_is_refused_naming_what_is_known():
    table = ProductTable(ITEMS)
    table.check(Filters(categories=frozenset({"tops"}), brands=frozenset({"Norrin"})))
    with pytest.raises(QueryError, match="no category “Tops”; it has “bags”, “tops”"):
        table.check(Filters(categories=frozenset({"tops", "Tops"})))
    with pytest.raises(QueryError, match="no product has a colour"):
        ProductTable((Product("x"),)).check(Filters(colours=frozenset({"red"})))


def test_unknown_stock_is_in_stock_and_no_price_never_zero():
    assert "d" in passing(Filters(in_stock=True))
    assert "c" not in passing(Filters(price_max=10**9, currency="EUR"))


def test_hidden_counts_each_product_once():
    hidden = ProductTable(ITEMS).candidates(Where(Filters(price_max=10_000, currency="EUR"))).hidden
    assert hidden == {
        "without a price": 1,
        "in another currency": 1,
        "withdrawn": 1,
        "out of stock": 1,
    }


def test_a_facet_counts_what_choosing_it_would_leave():
    facets = ProductTable(ITEMS).facets(Filters(categories=frozenset({"tops"}), in_stock=False))
    assert facets["categories"] == {"tops": 2, "bags": 2}
    assert facets["brands"] == {"Arbel": 1, "Norrin": 1}
    assert facets["colours"] == {"red": 1, "navy": 1}


def test_several_currencies_must_be_chosen_from():
    table = ProductTable(ITEMS)
    assert table.currencies == ("EUR", "JPY")
    assert table.currency("JPY") == "JPY"
    with pytest.raises(QueryError, match="EUR, JPY"):
        table.currency()
    assert table.price_range("EUR") == (1000, 3000)
    assert table.price_range("GBP") is None


def test_no_products():
    table = ProductTable(())
    assert len(table.candidates(Where(Filters(price_max=1)))) == 0
    assert table.facets(Filters()) == {"categories": {}, "brands": {}, "colours": {}}
