from __future__ import annotations

from dataclasses import replace

import pytest

from search.catalogue import Catalogue, Product
from search.insight.price_history import price_history

BOOT = Product("boot", name="Boot", price=9000, currency="EUR")


@pytest.fixture
def shop(home) -> Catalogue:
    catalogue = Catalogue(home / "shop")
    for actor, price in (("ann", 9000), ("bob", 8000), ("bob", 8000), ("ann", None)):
        with catalogue.change(actor, "edit") as change:
            currency = "EUR" if price else ""
            change.put(replace(BOOT, price=price, currency=currency))
            change.put(Product("cap", name=f"{actor} {price}", price=500, currency="EUR"))
    return catalogue


def test_only_changes_of_the_price_are_told_with_who_made_them(shop):
    past = price_history(shop, "boot")
    assert [(each.amount, each.currency, each.actor) for each in past] == [
        (9000, "EUR", "ann"),
        (8000, "EUR", "bob"),
        (None, "", "ann"),
    ]
    assert [each.number for each in past] == [1, 2, 3]  # the third change was none
    assert past[0].at == shop.revisions()[-1].at
    assert [each.amount for each in price_history(shop, "cap")] == [500]
    assert price_history(shop, "nothing") == ()


def test_what_an_undo_brings_back_and_a_deletion_takes(shop):
    shop.undo("cy")
    assert [each.amount for each in price_history(shop, "boot")] == [9000, 8000, None, 8000]
    with shop.change("cy", "delete") as change:
        change.delete("boot")
    assert price_history(shop, "boot")[-1].amount == 8000


def test_what_is_older_than_the_journal_has_no_moment(shop):
    with shop._database.writing() as connection:
        connection.execute("DELETE FROM journal WHERE revision = 1")
    first, second, *_ = price_history(shop, "boot")
    assert (first.amount, first.at, first.number) == (9000, "", 0)
    assert (second.amount, second.actor) == (8000, "bob")
