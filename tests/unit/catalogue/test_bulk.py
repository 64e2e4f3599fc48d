"""Many products changed at once: worked out first, made as one revision, or not at all."""

from __future__ import annotations

from decimal import Decimal

import pytest

from search.catalogue import Product, bulk
from search.catalogue.bulk import BulkEdit
from search.errors import CatalogueError

GOODS = (
    Product("a", price=4990, currency="EUR", stock=3),
    Product("b", price=5, currency="JPY"),
    Product("c", stock=0),
    Product("d", price=10000, currency="EUR", status="withdrawn"),
)


@pytest.fixture
def shop(catalogue):
    with catalogue.change("ann", "import") as change:
        for product in GOODS:
            change.put(product)
    return catalogue


def prices(edit: BulkEdit) -> list[int | None]:
    return [edit.applied_to(product).price for product in GOODS]


@pytest.mark.parametrize(
    ("percent", "expected"),
    [
        ("-20", [3992, 4, None, 8000]),
        ("10", [5489, 6, None, 11000]),  # 5.5 yen are 6
        ("12.5", [5614, 6, None, 11250]),  # 56.1375
        ("-90", [499, 1, None, 1000]),
    ],
)
def test_prices_by_per_cent_are_rounded_half_up_to_the_smallest_unit(percent, expected):
    assert prices(BulkEdit(Decimal(percent))) == expected


@pytest.mark.parametrize("percent", ["-91", "901"])
def test_per_cent_out_of_bounds_are_refused(percent):
    with pytest.raises(CatalogueError, match="-90 to 900 per cent"):
        BulkEdit(Decimal(percent)).applied_to(GOODS[0])


def test_a_plan_tells_what_differs_and_how_many_do_not(shop):
    before = shop.revision()
    plan = bulk.plan(shop.products(), BulkEdit(stock=0, status="withdrawn"))
    assert [(was.id, will.stock, will.status) for was, will in plan.changes] == [
        ("a", 0, "withdrawn"),
        ("b", 0, "withdrawn"),
        ("c", 0, "withdrawn"),
        ("d", 0, "withdrawn"),
    ]
    plan = bulk.plan(shop.products(), BulkEdit(Decimal(10)))
    assert ([was.id for was, _ in plan.changes], plan.unchanged) == (["a", "b", "d"], 1)
    assert shop.revision() == before


def test_what_was_planned_is_made_as_one_revision_and_undone_as_one(shop):
    plan = bulk.plan(shop.products()[:2], BulkEdit(Decimal("-20"), stock=7, status="withdrawn"))
    assert bulk.apply(shop, plan, "bob") == 2
    a, b, c, d = shop.products()
    assert (a.price, a.stock, a.status, b.price) == (3992, 7, "withdrawn", 4)
    assert (c.stock, d.price) == (0, 10000)
    (newest,) = shop.revisions(1)
    assert (newest.number, newest.actor, newest.products) == (2, "bob", 2)
    assert newest.detail == "2 products: price -20 %, stock 7, withdrawn"
    shop.undo("bob")
    assert [p.price for p in shop.products()] == [p.price for p in GOODS]


def test_a_product_changed_since_the_plan_leaves_all_as_it_was(shop):
    plan = bulk.plan(shop.products(), BulkEdit(Decimal(10)))
    with shop.change("bob", "edit") as change:
        change.update("b", price=9)
        change.update("a", name="renamed")  # another field is no matter
    with pytest.raises(CatalogueError, match="b was changed meanwhile"):
        bulk.apply(shop, plan, "ann")
    assert [p.price for p in shop.products()] == [4990, 9, None, 10000]
    plan = bulk.plan(shop.products(), BulkEdit(Decimal(10)))
    bulk.apply(shop, plan, "ann")
    assert shop.product("a").name == "renamed"


def test_a_stock_below_zero_is_refused(shop):
    with pytest.raises(CatalogueError, match="between 0"):
        bulk.plan(shop.products(), BulkEdit(stock=-1))
