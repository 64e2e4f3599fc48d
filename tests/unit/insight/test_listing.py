from __future__ import annotations

from dataclasses import replace

import pytest

from search.engine import LoadedCatalogue
from search.engine.exact import ExactIndex
from search.insight.listing import SORTS, STATES, list_products
from tests.unit.insight.shop import at, product, snapshot

GOODS = [
    product("s1", 500, name="Zebra Boot", brand="Luma", category="Boots", stock=0),
    product("s2", 900, name="ankle boot", brand="Arden", category="Boots", stock=7),
    product("s3", None, name="Slipper", colour="Zinc", category="Home", stock=None),
    product("s4", 100, category="Home", stock=2, status="withdrawn"),
]
GOODS = [replace(p, created=f"2026-01-0{n}T00:00:00Z") for n, p in enumerate(GOODS, 1)]
SHOP = snapshot(GOODS, [at(0)] * 3, owners=["s1", "s2", "s3"])


def loaded() -> LoadedCatalogue:
    return LoadedCatalogue(None, SHOP, ExactIndex.of(SHOP))


def ids(**asked) -> list[str]:
    return [product.id for product in list_products(loaded(), **asked)]


def test_all_by_name_else_by_id_without_case():
    assert ids() == ["s2", "s4", "s3", "s1"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("BOOT", ["s2", "s1"]),
        ("boot luma", ["s1"]),
        ("z", ["s3", "s1"]),
        ("s4", ["s4"]),
        ("boot slipper", []),
        ("boots", ["s2", "s1"]),
        ("home", ["s4", "s3"]),
        ("slippr", ["s3"]),
        ("  ", ["s2", "s4", "s3", "s1"]),
    ],
)
def test_all_words_must_be_there(words, found):
    assert ids(words=words) == found


def test_narrowed_by_category_and_state():
    assert ids(categories={"Boots"}) == ["s2", "s1"]
    expected = {
        "withdrawn": ["s4"],
        "out of stock": ["s1"],
        "no price": ["s3"],
        "no photograph": ["s4"],
    }
    assert {state: ids(state=state) for state in STATES} == expected
    assert ids(categories={"Boots"}, state="no price") == []


def test_sorted_with_the_unknown_last():
    expected = {
        "name": ["s2", "s4", "s3", "s1"],
        "newest": ["s4", "s3", "s2", "s1"],
        "price, low first": ["s4", "s1", "s2", "s3"],
        "price, high first": ["s2", "s1", "s4", "s3"],
        "stock, low first": ["s1", "s4", "s2", "s3"],
    }
    assert {sort: ids(sort=sort) for sort in SORTS} == expected
