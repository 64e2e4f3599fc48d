from __future__ import annotations

import pytest

from search.catalogue import Catalogue, Product, editing
from search.catalogue.database import Database
from search.errors import CatalogueError


@pytest.fixture
def catalogue(home):
    opened = Catalogue(home / "shop")
    with opened.change("test", "fill") as change:
        change.put(Product("P1", name="Boot", price=9900, currency="EUR", stock=3))
        change.put(Product("P2", name="Coat"))
    yield opened
    opened.close()


def test_edits_of_several_products_are_one_revision(catalogue):
    edits = {
        "P1": {"price": "79,90", "stock": 5.0, "name": " Ankle boot "},
        "P2": {"price": "120", "currency": "usd", "stock": None},
        "P3": {},
    }
    with pytest.raises(CatalogueError, match="P3"):
        editing.save(catalogue, {**edits, "P3": {"name": "x"}}, "Ada")
    before = catalogue.revision()
    assert editing.save(catalogue, edits, "Ada") == ("P1", "P2")
    boot, coat = catalogue.products()
    assert (boot.name, boot.price, boot.stock) == ("Ankle boot", 7990, 5)
    assert (coat.price, coat.currency, coat.stock) == (12000, "USD", None)
    (revision,) = catalogue.revisions(1)
    assert (revision.number, revision.actor, revision.products) == (before + 1, "Ada", 2)


def test_fields_nobody_typed_stay_as_somebody_else_saved_them(catalogue):
    with catalogue.change("Bo", "edit") as change:
        change.update("P1", stock=0)
    editing.save(catalogue, {"P1": {"colour": "red"}}, "Ada")
    assert (catalogue.product("P1").stock, catalogue.product("P1").colour) == (0, "red")


def test_a_price_is_read_in_the_currency_that_a_colleague_saved_meanwhile(catalogue, monkeypatch):
    writing = Database.writing

    def late(self):
        monkeypatch.setattr(Database, "writing", writing)
        with Catalogue(catalogue.folder) as colleague, colleague.change("Bo", "edit") as change:
            change.update("P1", currency="JPY")
        return writing(self)

    monkeypatch.setattr(Database, "writing", late)
    editing.save(catalogue, {"P1": {"price": "1200"}}, "Ada")
    assert (catalogue.product("P1").price, catalogue.product("P1").currency) == (1200, "JPY")


def test_an_emptied_price_is_no_price(catalogue):
    for empty in ("", None, float("nan")):
        editing.save(catalogue, {"P1": {"price": "5"}}, "Ada")
        editing.save(catalogue, {"P1": {"price": empty}}, "Ada")
        assert catalogue.product("P1").price is None


@pytest.mark.parametrize(
    ("product", "typed", "sentence"),
    [
        ("P1", {"price": "free"}, "P1: “free”"),
        ("P2", {"price": "5"}, "currency"),
        ("P1", {"stock": -2}, "stock"),
        ("P1", {"stock": "many"}, "whole number"),
        ("P1", {"stock": 2.5}, "whole number"),
        ("P1", {"currency": "euro"}, "urrency"),
        ("P1", {"id": "P9"}, "cannot be edited"),
        ("P1", {"status": "gone"}, "tatus"),
    ],
)
def test_what_cannot_be_saved_is_a_sentence_and_nothing_is(catalogue, product, typed, sentence):
    before = (catalogue.revision(), catalogue.products())
    with pytest.raises(CatalogueError, match=sentence):
        editing.save(catalogue, {"P1": {"name": "Shoe"}, product: typed}, "Ada")
    assert (catalogue.revision(), catalogue.products()) == before


def test_withdraw_put_back_and_delete(catalogue):
    editing.set_status(catalogue, ["P1", "P2"], "withdrawn", "Ada")
    assert {p.status for p in catalogue.products()} == {"withdrawn"}
    editing.set_status(catalogue, ["P2"], "active", "Ada")
    assert catalogue.product("P2").status == "active"
    editing.delete(catalogue, ["P1"], "Ada")
    assert [p.id for p in catalogue.products()] == ["P2"]
    catalogue.undo("Ada")
    assert catalogue.product("P1").price == 9900
