from __future__ import annotations

import csv
import io

import pytest

from search.spreadsheet import protect, unprotect, write_table


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "'=x", "''-x", "'", "''", "a=b", "", "'a", "= x"],
)
def test_protection_is_undone_exactly(cell: str) -> None:
    safe = protect(cell)
    assert safe[:1] not in tuple("=+-@\t\r")
    assert unprotect(safe) == cell


def test_a_table_is_utf_8_with_its_mark_and_holds_no_formula():
    data = write_table(["name", "=note"], [["Kleid, grün", "+1"], ['a "b"', "x\ny"]])
    assert data.startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert read == [["name", "'=note"], ["Kleid, grün", "'+1"], ['a "b"', "x\ny"]]
