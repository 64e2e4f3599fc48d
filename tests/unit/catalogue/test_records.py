"""Records that are made where somebody asks for them are as those that were there at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Any

import pytest

from search.catalogue import CataloguePhoto, Product
from search.catalogue.records import ById, Records

PRODUCTS = [Product(f"p{n}", name=f"Boot {n}", price=100 * n) for n in range(8)]


class Table:
    """Columns that count what is made of them."""

    def __init__(self) -> None:
        self.made: list[int] = []

    def __len__(self) -> int:
        return len(PRODUCTS)

    def record(self, number: int) -> Product:
        self.made.append(number)
        return replace(PRODUCTS[number])

    def records(self, numbers: Sequence[int]) -> list[Product]:
        return [self.record(number) for number in numbers]

    def values(self, field: str) -> Sequence[Any]:
        return [getattr(product, field) for product in PRODUCTS]

    def id(self, number: int) -> Any:
        return PRODUCTS[number].id


@pytest.fixture
def table() -> Table:
    return Table()


@pytest.fixture(params=["at once", "when asked"])
def records(request, table) -> Records[Product]:
    return Records(PRODUCTS) if request.param == "at once" else Records(table=table)


def test_they_are_a_sequence(records):
    assert records == PRODUCTS == list(records)
    assert (len(records), records[3], records[-1]) == (8, PRODUCTS[3], PRODUCTS[7])
    assert records[2:4] == PRODUCTS[2:4]
    assert records != PRODUCTS[:7]
    assert records != "products"
    with pytest.raises(IndexError):
        records[8]


def test_they_are_edited_into_others(records):
    other = replace(PRODUCTS[5], price=1)
    after = records.edited({5: other}, [0, 7], [Product("p3b"), Product("a")])
    assert [p.id for p in after] == ["a", "p1", "p2", "p3", "p3b", "p4", "p5", "p6"]
    assert after[6] == other
    assert list(after.values("price")) == [None, 100, 200, 300, None, 400, 1, 600]
    again = after.edited(gone=[0]).edited(came=[Product("p9")])
    assert list(again.values("id")) == [p.id for p in again]
    assert records == PRODUCTS
    assert records.edited() is records


def test_one_is_found_by_its_id(records):
    after = records.edited(gone=[2], came=[Product("p25")])
    assert (records.find("p2"), after.find("p2")) == (2, None)
    assert (after.find("p25"), after.find("p7"), after.find("q")) == (2, 7, None)


def test_only_those_asked_for_are_made_and_once(table):
    records = Records(table=table)
    assert records.find("p6") == 6
    assert len(records.values("price")) == len(records) == 8
    assert not table.made
    assert records[2] is records[2]
    assert records.edited(gone=[0])[1] is records[2]
    assert table.made == [2]
    assert list(records) == list(records)
    assert sorted(table.made) == [*range(8)]


def test_photographs_go_by_their_numbers():
    photos = [CataloguePhoto(n, "p", "", "", "", 1, 1) for n in (2, 5, 9)]
    known = ById(Records(photos))
    assert known == {photo.id: photo for photo in photos}
    assert list(known) == [2, 5, 9]
    assert (known.get(5), known.get(4)) == (photos[1], None)
    assert list(map(attrgetter("id"), known.values())) == [2, 5, 9]
