"""Sales as feeds and shops write them: obeyed, kept, and said aloud where they are odd."""

from __future__ import annotations

import pytest

from search.catalogue import Product, sales
from search.importing.fields import fields_of
from search.importing.tables import FeedRow, read_feed
from search.importing.verdicts import RowError

GOOGLE = "id\ttitle\tlink\timage_link\tprice\tsale_price\tsale_price_effective_date\n"
KNOWN = Product("A1", name="n", url="l", price=10_000, currency="EUR", sale_price=5_000)


def row(text: str) -> FeedRow:
    (only,) = read_feed(text.encode()).rows
    return only


def google(price: str, sale: str, dates: str = "") -> FeedRow:
    return row(f"{GOOGLE}A1\tn\tl\t\t{price}\t{sale}\t{dates}\n")


def read(feed_row: FeedRow, before: Product | None = None, currency: str = ""):
    said: list[str] = []
    fields, attributes = fields_of(feed_row, before, currency, said=said)
    return fields, attributes, " ".join(said)


@pytest.fixture(autouse=True)
def _in_january(monkeypatch):
    monkeypatch.setattr(sales, "now", lambda: "2026-01-15T12:00:00Z")


def test_google_sale_with_dates():
    dates = "2026-01-10T00:00+0100/2026-01-31T23:59+0100"
    fields, attributes, said = read(google("100.00 EUR", "50.00 EUR", dates))
    assert (fields["price"], fields["currency"]) == (10_000, "EUR")
    assert fields["sale_price"] == 5_000
    assert fields["sale_from"] == "2026-01-09T23:00:00Z"
    assert fields["sale_until"] == "2026-01-31T22:59:00Z"
    assert (attributes, said) == ({}, "")


@pytest.mark.parametrize(
    ("dates", "words"),
    [
        ("2019-01-01T00:00Z/2019-01-31T00:00Z", "is over since 2019-01-31"),
        ("2026-02-01T00:00Z/2026-03-01T00:00Z", "starts at 2026-02-01"),
        ("2026-01-01/2026-03-01", "name no time zone"),
    ],
)
def test_a_sale_of_another_time_is_kept_and_said(dates, words):
    fields, _, said = read(google("100 EUR", "50 EUR", dates))
    assert (fields["price"], fields["sale_price"]) == (10_000, 5_000)
    assert words in said


@pytest.mark.parametrize(
    ("price", "sale", "dates", "words"),
    [
        ("100 EUR", "0.00 EUR", "", "is nothing"),
        ("100 EUR", "150 EUR", "", "higher than the regular"),
        ("100 EUR", "50 USD", "", "in USD but the price is in EUR"),
        ("100 EUR", "cheap", "", "is not a price"),
        ("", "50 EUR", "", "no regular price"),
        ("100 EUR", "50 EUR", "2026-01-31", "not the dates of a sale"),
        ("100 EUR", "50 EUR", "31.01.2026/28.02.2026", "is not a date"),
        ("100 EUR", "50 EUR", "2026-02-01/2026-01-01", "before it starts"),
    ],
)
def test_what_is_no_sale_is_refused(price, sale, dates, words):
    with pytest.raises(RowError, match=words):
        read(google(price, sale, dates))


def test_without_a_currency_it_is_the_prices_and_said():
    fields, _, said = read(google("100.00 EUR", "50.00"))
    assert fields["sale_price"] == 5_000
    assert "read in EUR" in said


def test_a_sale_at_the_regular_price_is_none_and_said():
    fields, _, said = read(google("100 EUR", "100 EUR"), KNOWN)
    assert fields == {"sale_price": None}
    assert "no sale" in said


def test_an_empty_cell_ends_a_sale_and_a_missing_column_leaves_it():
    assert read(google("100 EUR", ""), KNOWN)[0] == {"sale_price": None}
    assert read(row("id,price,currency\nA1,100,EUR\n"), KNOWN)[0] == {}


def test_dates_that_a_table_with_a_sale_does_not_have_are_none():
    before = Product(
        "A1", price=10_000, currency="EUR", sale_price=5_000, sale_until="2019-01-01T00:00:00Z"
    )
    fields, _, _ = read(row("id,price,currency,sale_price\nA1,100,EUR,50\n"), before)
    assert fields == {"sale_until": ""}


SHOPIFY = "Handle,Title,Variant Price,Variant Compare At Price\n"


@pytest.mark.parametrize(
    ("price", "compared", "expected", "words"),
    [
        ("30.00", "40.00", (4_000, 3_000), ""),
        ("30.00", "", (3_000, None), ""),
        ("30.00", "0.00", (3_000, None), ""),
        ("30.00", "30.00", (3_000, None), ""),
        ("30.00", "20.00", (3_000, None), "not above the price"),
    ],
)
def test_shopifys_compare_at(price, compared, expected, words):
    fields, attributes, said = read(row(f"{SHOPIFY}hat,Hat,{price},{compared}\n"), None, "EUR")
    assert (fields["price"], fields.get("sale_price")) == expected
    assert attributes == {}
    assert words in said


def test_shopify_for_nothing_is_refused():
    with pytest.raises(RowError, match="is nothing beside"):
        read(row(f"{SHOPIFY}hat,Hat,0.00,40.00\n"), None, "EUR")


def test_shopifys_variants_at_several_prices_are_said():
    feed_row = row(f"{SHOPIFY}hat,Hat,30.00,\nhat,,31.00,\nhat,,32.00,\n")
    fields, _, said = read(feed_row, None, "EUR")
    assert fields["price"] == 3_000
    assert said.count("differ in price") == 1


WOO = (
    'ID,Type,SKU,Name,Published,"In stock?",Stock,"Sale price","Regular price",'
    '"Date sale price starts","Date sale price ends",Categories,Images,Parent\n'
)


def test_woocommerces_dates():
    line = "41,simple,B,Boot,1,1,5,79.90,99.90,2026-01-01,2026-01-31 23:59:59,Boots,,\n"
    fields, attributes, _ = read(row(WOO + line), None, "EUR")
    assert (fields["price"], fields["sale_price"]) == (9_990, 7_990)
    assert fields["sale_from"] == "2026-01-01T00:00:00Z"
    assert fields["sale_until"] == "2026-01-31T23:59:59Z"
    assert attributes == {"sku": "B", "type": "simple"}


def test_what_earlier_versions_kept_as_attributes_goes():
    before = Product("41", attributes={"list price": "99.90", "parent": "id:40", "sku": "B"})
    _, attributes, _ = read(row(WOO + "41,simple,B,Boot,1,1,5,,99.90,,,Boots,,\n"), before, "EUR")
    assert attributes == {"list price": "", "parent": "", "type": "simple"}


def test_woocommerces_variations_take_from_their_parent_what_only_it_says():
    rows = read_feed(
        (
            f"{WOO}40,variable,B,Boot,1,1,,,,,,Boots,boot.jpg,\n"
            "41,variation,B-41,,1,1,5,,99.90,,,,,id:40\n"
            "42,variation,B-42,Boot 42,1,1,5,,99.90,,,,other.jpg,B\n"
            "50,simple,C,Hat,1,1,,,9,,,Hats,,\n"
            "61,variation,D-1,Cap,1,1,,,9,,,,,id:60\n"
        ).encode()
    ).rows
    assert [each.cells.get("item_group", "") for each in rows] == ["40", "40", "40", "", "60"]
    assert [each.cells["name"] for each in rows] == ["Boot", "Boot", "Boot 42", "Hat", "Cap"]
    assert [each.cells["category"] for each in rows][:3] == ["Boots"] * 3
    assert [each.files for each in rows][:3] == [("boot.jpg",), ("boot.jpg",), ("other.jpg",)]


def test_groups_of_google_and_our_own():
    google_row = row("id\titem_group_id\ttitle\tlink\nA1\tG\tn\tl\n")
    assert read(google_row)[0]["item_group"] == "G"
    assert read(row("id,item_group\nA1,G\n"))[0]["item_group"] == "G"
