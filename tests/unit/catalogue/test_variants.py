"""Which products count as one."""

from __future__ import annotations

import pytest

from search.catalogue import CataloguePhoto, Product
from search.catalogue.records import Records
from search.catalogue.variants import are_stated_variants, groups, size_of


def shoe(id: str, price: int | None = 9900, name: str = "Shoe", **fields) -> Product:
    return Product(id, name=name, price=price, currency="EUR", **fields)


def grouped(*products: Product, shas: str = "") -> list[int]:
    """Give the groups of products, each of one photograph: all of the same unless named."""
    shas = shas or "a" * len(products)
    photos = [
        CataloguePhoto(n, product.id, sha, "", "", 9, 9)
        for n, (product, sha) in enumerate(zip(products, shas, strict=True))
    ]
    return groups(Records(products), Records(photos)).tolist()


def test_the_merchants_word_decides():
    a, b, c = (shoe(id, price, item_group="G") for id, price in zip("abc", (1, 2, 3), strict=True))
    assert grouped(a, b, c, shas="xyz") == [0, 0, 0]
    other = shoe("d", item_group="H")
    assert grouped(a, other) == [0, 1]  # one photograph, two groups: two things


def test_one_photograph_and_one_price_are_one_thing():
    assert grouped(shoe("a"), shoe("b"), shoe("c"), shas="xxy") == [0, 0, 2]
    assert grouped(shoe("a"), shoe("b", None)) == [0, 0]
    assert grouped(shoe("a"), shoe("b", name="Boot")) == [0, 0]


@pytest.mark.parametrize(
    "other",
    [
        shoe("b", 4900),
        shoe("b", colour="red"),
        shoe("b", category="bags"),
        shoe("b", attributes={"material": "wool"}),
        Product("b", name="Shoe", price=9900, currency="USD"),
        shoe("b", 4900, "Shoe 42"),
        shoe("b", 4900, attributes={"size": "42"}),
    ],
)
def test_what_is_told_apart_is_two_things(other):
    assert grouped(shoe("a", colour="blue", attributes={"material": "silk"}), other) == [0, 1]


def test_sizes_may_differ_a_little_in_price():
    assert grouped(shoe("a", 9900, "Shoe 38"), shoe("b", 10_900, "Shoe (EU 45.5)")) == [0, 0]
    assert grouped(shoe("a", 9900, "Shoe 38"), shoe("b", 4900, "Shoe 45")) == [0, 1]
    assert grouped(shoe("a", 9900, "Shoe 38"), shoe("b", 9800, "Shoe 38")) == [0, 1]
    sizes = [
        shoe(f"{price}-{n}", price, attributes={"Size": str(n)})
        for price in (9900, 5000)
        for n in (38, 39)
    ]
    assert grouped(*sizes) == [0, 0, 2, 2]  # one listing at two prices, each in its sizes


def test_who_says_nothing_joins_the_only_group_there_is():
    free, a, b = shoe("a"), shoe("b", item_group="G"), shoe("c", item_group="H")
    assert grouped(free, a) == [0, 0]
    assert grouped(free, a, b) == [0, 1, 2]
    assert grouped(free, a, shoe("d", item_group="G"), shas="xxy") == [0, 0, 0]


def test_photographs_must_all_be_the_same():
    photos = [
        CataloguePhoto(n, id, sha, "", "", 9, 9)
        for n, (id, sha) in enumerate([("a", "x"), ("a", "chart"), ("b", "y"), ("b", "chart")])
    ]
    assert groups(Records([shoe("a"), shoe("b")]), Records(photos)).tolist() == [0, 1]
    unknown = [CataloguePhoto(n, id, "", "", "", 9, 9) for n, id in enumerate("ab")]
    assert groups(Records([shoe("a"), shoe("b")]), Records(unknown)).tolist() == [0, 1]


def test_a_sale_makes_no_other_product():
    assert grouped(shoe("a"), shoe("b", 4900, was=9900)) == [0, 0]


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("Shoe 38", "38"),
        ("Shoe (EU 42.5)", "eu 42.5"),
        ("T-Shirt XL, red", "xl"),
        ("Jeans W32 L34", "w32 l34"),
        ("Dress S/M", "s/m"),
        ("Kids coat 116", "116"),
        ("Boot – Größe 41", "grösse 41"),
        ("Shoe 7", ""),
        ("Chanel No 5", ""),
        ("Levi's 501", ""),
        ("Women's dress", ""),
    ],
)
def test_sizes_in_names(name, size):
    assert size_of(Product("a", name=name)) == size


def test_stated_variants():
    assert are_stated_variants(shoe("a", item_group="G"), shoe("b", item_group="G"))
    assert not are_stated_variants(shoe("a", item_group="G"), shoe("b"))
    assert are_stated_variants(shoe("a", name="Shoe 38"), shoe("b", 1, name="Shoe 39"))
    assert not are_stated_variants(shoe("a"), shoe("b"))
