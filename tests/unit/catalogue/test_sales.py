"""Sales start and end by themselves, are kept, edited, and brought back."""

from __future__ import annotations

import pytest

from search.catalogue import Catalogue, Product, editing, sales
from search.errors import CatalogueError

BOOT = Product(
    "boot",
    price=10_000,
    currency="EUR",
    sale_price=6_000,
    sale_from="2026-01-10T00:00:00Z",
    sale_until="2026-02-01T00:00:00Z",
)


@pytest.mark.parametrize(
    ("moment", "price", "was"),
    [
        ("2026-01-09T23:59:59Z", 10_000, None),
        ("2026-01-10T00:00:00Z", 6_000, 10_000),
        ("2026-01-31T23:59:59Z", 6_000, 10_000),
        ("2026-02-01T00:00:00Z", 10_000, None),
    ],
)
def test_the_price_is_a_function_of_the_moment(moment, price, was):
    sold = sales.sold_at(BOOT, moment)
    assert (sold.price, sold.was, sold.regular_price) == (price, was, 10_000)
    assert sales.sold_at(sold, moment) == sold
    assert sold.regular() == BOOT


def test_when_it_changes_next():
    open_end = Product("a", price=2, sale_price=1, sale_from="2026-01-05T00:00:00Z")
    both = [BOOT, open_end, Product("b")]
    assert sales.next_change(both, "2026-01-01T00:00:00Z") == "2026-01-05T00:00:00Z"
    assert sales.next_change(both, "2026-01-05T00:00:00Z") == BOOT.sale_from
    assert sales.next_change(both, BOOT.sale_from) == BOOT.sale_until
    assert sales.next_change(both, BOOT.sale_until) == ""


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("", "", ""),
        ("2026-01-31", "2026-01-31T00:00:00Z", "2026-02-01T00:00:00Z"),
        ("2026-01-31 08:30", "2026-01-31T08:30:00Z", "2026-01-31T08:30:00Z"),
        ("2019-01-31T23:59+0100", "2019-01-31T22:59:00Z", "2019-01-31T22:59:00Z"),
        ("2019-01-31T23:59:00 -05:00", "2019-02-01T04:59:00Z", "2019-02-01T04:59:00Z"),
        ("2026-01-31T08:30:00Z", "2026-01-31T08:30:00Z", "2026-01-31T08:30:00Z"),
    ],
)
def test_moments_are_read(text, start, end):
    assert (sales.read_moment(text), sales.read_moment(text, end=True)) == (start, end)


@pytest.mark.parametrize("text", ["31.01.2026", "soon", "2026-13-01", "9999-12-31T23:59-23:00"])
def test_what_is_no_date_is_refused(text):
    with pytest.raises(CatalogueError, match="is not a date"):
        sales.read_moment(text)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"sale_price": 0}, "is nothing"),
        ({"sale_price": 10_000}, "not below"),
        ({"price": None}, "not below"),
        ({"sale_price": None}, "dates but no price"),
        ({"sale_from": "2026-03-01T00:00:00Z"}, "ends before it starts"),
        ({"sale_from": "2026-01-10"}, "type them again"),
        ({"sale_price": 1.5}, "whole number"),
    ],
)
def test_a_sale_that_is_none_is_refused(tmp_path, fields, words):
    with Catalogue(tmp_path / "shop") as catalogue:
        with catalogue.change("ann", "add") as change:
            change.put(BOOT)
        with pytest.raises(CatalogueError, match=words), catalogue.change("ann", "x") as change:
            change.update("boot", **fields)
        assert catalogue.product("boot").sale_price == 6_000


def test_a_snapshot_is_of_its_moment_and_writes_back_what_was(tmp_path, monkeypatch):
    with Catalogue(tmp_path / "shop") as catalogue:
        with catalogue.change("ann", "add") as change:
            change.put(BOOT)
        monkeypatch.setattr(sales, "now", lambda: "2026-01-15T00:00:00Z")
        snapshot = catalogue.snapshot("")
        (sold,) = snapshot.products
        assert (sold.price, sold.was) == (6_000, 10_000)
        assert not snapshot.is_over("2026-01-31T00:00:00Z")
        assert snapshot.is_over("2026-02-01T00:00:00Z")
        assert snapshot.at("2026-02-01T00:00:00Z").products[0].price == 10_000
        with catalogue.change("ann", "same") as change:
            change.put(sold)
        assert catalogue.product("boot").price == 10_000
        assert catalogue.revision() == 1  # nothing differed


def test_editing_undo_and_restore(tmp_path):
    with Catalogue(tmp_path / "shop") as catalogue:
        with catalogue.change("ann", "add") as change:
            change.put(Product("boot", price=10_000, currency="EUR"))
        typed = {"sale_price": "59.90", "sale_from": "2026-01-10", "sale_until": "2026-01-31"}
        editing.save(catalogue, {"boot": {**typed, "item_group": " G "}}, "ann")
        edited = catalogue.product("boot")
        assert (edited.sale_price, edited.sale_until) == (5_990, "2026-02-01T00:00:00Z")
        assert edited.item_group == "G"
        (change,) = catalogue.changes(2)
        assert change.to_dict()["after"]["sale_price"] == "59.90"
        editing.save(catalogue, {"boot": {"sale_price": ""}}, "ann")
        assert catalogue.product("boot").sale_from == ""
        catalogue.undo("ann")
        assert catalogue.product("boot") == edited
        catalogue.restore(1, "ann")
        assert catalogue.product("boot").sale_price is None
        assert catalogue.product("boot").item_group == ""
        with pytest.raises(CatalogueError, match="is not a date"):
            editing.save(catalogue, {"boot": {"sale_from": "soon"}}, "ann")
