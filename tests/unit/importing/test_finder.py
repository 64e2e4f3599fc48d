"""Which photograph a cell means: that of its folders, or none."""

from __future__ import annotations

import pytest

from search.importing.finder import Finder
from search.importing.sources import MissingError, open_photographs


def found(names: list[str], cells: list[str], cell: str | None = None) -> str | None:
    """What a cell, the last of a table's, means among photographs of these names; None is none."""
    finder = Finder(open_photographs(dict.fromkeys(names, b"")), enumerate(cells))
    try:
        return finder.find(cell or cells[-1])
    except MissingError:
        return None


@pytest.mark.parametrize(
    ("names", "cell", "expected"),
    [
        (["1001/front.jpg"], "1001/front.jpg", "1001/front.jpg"),
        (["1001/front.jpg"], "1002/front.jpg", None),
        (["1001/front.jpg"], "front.jpg", "1001/front.jpg"),
        (["1001/front.jpg", "1002/front.jpg"], "front.jpg", None),
        (["1001/front.jpg", "front.jpg"], "front.jpg", "front.jpg"),
        (["shots/1001/front.jpg"], "1001/front.jpg", "shots/1001/front.jpg"),
        (["shots/1001/front.jpg"], "001/front.jpg", None),  # whole components only
        (["a/1001/x.jpg", "b/1001/x.jpg"], "1001/x.jpg", None),
        (["1001/front.jpg"], "media/1001/front.jpg", "1001/front.jpg"),
        (["1001/front.jpg"], "media/1002/front.jpg", None),
        (["1001/FRONT.JPG"], "1001\\front.jpg", "1001/FRONT.JPG"),
        (["1001/cafe\u0301.jpg"], "1001/caf\u00e9.jpg", "1001/cafe\u0301.jpg"),
        (["a.jpg"], "images/a.jpg", "a.jpg"),
        (["a.jpg"], "https://cdn.example/x/a.jpg?v=1", "a.jpg"),
        (["1001/front.jpg"], "https://cdn.example/1001/front.jpg", "1001/front.jpg"),
        (["1001/front.jpg"], "https://cdn.example/1002/front.jpg", None),
        (["my shoe.jpg"], "https://cdn.example/x/my%20shoe.jpg", "my shoe.jpg"),
        (["w_4,h_4/a.jpg"], "https://c.example/w_4,h_4/a.jpg", "w_4,h_4/a.jpg"),
        (["a.jpg"], "https://cdn.example/", None),
        (["a.jpg"], "https://[broken/a.jpg", None),
        (["a|b.jpg"], "a|b.jpg", "a|b.jpg"),
        ([" a.jpg"], " a.jpg", " a.jpg"),
    ],
)  # fmt: skip
def test_a_cell_alone(names: list[str], cell: str, expected: str | None) -> None:
    assert found(names, [cell]) == expected


def test_bare_photographs_are_not_shared_by_folders_that_the_table_tells_apart() -> None:
    cells = ["https://c.example/1001/front.jpg", "https://c.example/1002/front.jpg"]
    for cell in cells:
        assert found(["front.jpg"], cells, cell) is None


def test_one_address_in_several_rows_is_one_photograph() -> None:
    cells = ["https://c.example/x/a.jpg?v=1", "https://c.example/x/a.jpg?v=2"]
    assert found(["a.jpg"], cells) == "a.jpg"


def test_where_folders_are_used_a_photograph_outside_them_is_another_one() -> None:
    names = ["1001/front.jpg", "front.jpg"]
    assert found(names, ["1001/front.jpg", "1002/front.jpg"]) is None
    assert found(names, ["1001/front.jpg", "1002/front.jpg"], "1001/front.jpg") == names[0]


def test_a_folder_that_the_whole_table_writes_before_is_none() -> None:
    names = ["1001/front.jpg", "cover.jpg"]
    assert found(names, ["images/1001/front.jpg", "images/cover.jpg"]) == "cover.jpg"
