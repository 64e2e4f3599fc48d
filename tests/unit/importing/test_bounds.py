"""Tables made to cost much: they are refused in a sentence, and what is read takes linear time."""

from __future__ import annotations

import contextlib
import random
import re

import pytest

from search import money
from search.errors import CatalogueError, ImportRefused
from search.importing import fields, lines, tables
from search.importing.fields import RowError, fields_of
from search.importing.tables import read_feed
from tests.helpers import SHARED


def verdict(table: str) -> str:
    """The sentence on the first row of a table."""
    with pytest.raises(RowError) as refused:
        fields_of(read_feed(table.encode()).rows[0], None)
    return str(refused.value)


def test_a_hundred_thousand_columns() -> None:
    table = "id," + ",".join(f"c{n}" for n in range(100_000))
    with pytest.raises(ImportRefused, match="100,001 columns"):
        read_feed(table.encode())
    assert len(read_feed(b"id," + b",".join(b"c%d" % n for n in range(1999))).columns) == 2000


def test_more_lines_than_anybody_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MAX_ROWS", 10)
    assert len(read_feed(b"id\n" + b"1\n" * 10).rows) == 10
    with pytest.raises(ImportRefused, match="over 10 lines"):
        read_feed(b"id\n" + b"1\n" * 11)


def test_more_cells_and_letters_than_anybody_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MAX_CELLS", 12)
    table = b"id,a,b\n" + b"1,x,\n" * 4
    assert len(read_feed(table).rows) == 4
    with pytest.raises(ImportRefused, match="over 4 lines of 3 columns"):
        read_feed(table + b"1,x,\n")
    monkeypatch.setattr(lines, "MAX_ENTITIES", 4)
    assert read_feed(b"id,name\n1,&lt;b&gt;&amp;&amp;").rows[0].cells["name"] == "<b>&&"
    with pytest.raises(ImportRefused, match="over 4 signs as HTML does"):
        read_feed(b"id,name\n1,&amp;&amp;\n2,&amp;&amp;&amp;")


def test_more_photographs_than_a_product_has() -> None:
    listed = "|".join(f"a{n}.jpg" for n in range(tables.MAX_FILES + 1))
    (row,) = read_feed(f"id,file\n1,{listed}".encode()).rows
    assert "Line 2 names more than 200 photographs" in row.problem
    (row,) = read_feed(f"id,file\n1,{listed.rpartition('|')[0]}".encode()).rows
    assert (row.problem, len(row.files)) == ("", tables.MAX_FILES)


def test_empty_lines_and_lines_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MAX_LINES", 50)
    monkeypatch.setattr(lines, "MAX_LINE", 90)
    assert len(read_feed(b"id\n1" + b"\n" * 48).rows) == 1
    with pytest.raises(ImportRefused, match="over 50 lines, empty ones included"):
        read_feed(b"id\n1" + b"\n" * 60)
    for text in ("," * 100, '"' + "aa\n" * 40):  # a record of many lines counts as one
        with pytest.raises(ImportRefused, match="Line 3 is longer than 90 letters"):
            read_feed(f"id,name\n1,a\n2,{text}".encode())


def test_the_line_of_bytes_that_are_not_utf_8_among_many() -> None:
    good = "a;Größe\r\n" * 300_000  # over what is counted at a time
    with pytest.raises(ImportRefused, match=r"Line 300002 \(and 1 more\).*“b;Cr\ufffdme”"):
        read_feed(b"id;name\r\n" + good.encode() + b"b;Cr\xe8me\r\nx;y\rc;\xff")


def test_a_text_without_end() -> None:
    assert "100,000 letters" in read_feed(f"id,name\n1,{'a' * 200_000}".encode()).rows[0].problem


@pytest.mark.parametrize(
    "price", ["9" * 60_000, "1 " * 30_000, "1." * 30_000 + "é", "EUR " * 9_000, "1" + " " * 60_000]
)
def test_a_price_without_end(price: str) -> None:
    assert "too long for a price" in verdict(f'id,price\n1,"{price}x"')
    with pytest.raises(CatalogueError, match="too long for a price"):
        money.minor_units(price, "EUR")


@pytest.mark.parametrize("column", ["stock", "status", "currency"])
def test_a_cell_of_five_thousand_digits(column: str) -> None:
    sentence = verdict(f"id,{column}\n1,{'7' * 5000}")
    assert "777…" in sentence
    assert len(sentence) < 150


def test_a_currency_is_found_as_the_slow_pattern_found_it() -> None:
    slow = re.compile(r"^\s*([A-Za-z]{3})\s*\d|\d[\s.,'’\d–-]*?\s*([A-Za-z]{3})\s*$")
    letters = random.Random(1)
    for _ in range(20_000):
        price = "".join(letters.choice("1 2.,'’–-EURaé$\t") for _ in range(letters.randint(0, 9)))
        found = slow.search(price)
        assert fields._written_currency(price) == (
            (found[1] or found[2]).upper() if found else ""
        ), price


@pytest.mark.parametrize(
    "file",
    ["09_lone_quote.csv", "26_shopify_stock_of_5000_digits.csv", "27_price_regex_2000.csv"],
)
def test_tables_that_froze_it(file: str) -> None:
    path = SHARED / "cases" / "attack" / file
    if not path.is_file():
        pytest.skip(f"{path} is not at hand")
    try:
        rows = read_feed(path.read_bytes()).rows
    except ImportRefused:
        return
    for row in rows:
        with contextlib.suppress(RowError):
            fields_of(row, None, "EUR")
