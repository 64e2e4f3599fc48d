"""Quotes taken strictly, and the separator line in its spellings."""

import pytest

from search.errors import ImportRefused
from search.importing.lines import lines


def refusal(text: str) -> str:
    with pytest.raises(ImportRefused) as caught:
        list(lines(text))
    assert str(caught.value).endswith(".")
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('id,name,price\n1,Shoe,10\n2,"24 inch,11\n3,Hat,12\n', 3),
        ('id,name,price\n1,"two\nlines",10\n2,"24 inch,11\n3,"Hat",12\n', 4),
        ('id,name\n1,"24" boot"\n2,b\n', 2),
        ('id,name\n1,"a ""b"" c"\n"2"x,b\n', 3),
        ('"id,name\n1,b\n', 1),
    ],
)
def test_the_line_of_an_unclosed_quote_is_named(text: str, line: int) -> None:
    assert f"line {line} opens" in refusal(text)


def test_a_quote_on_a_further_line_of_a_record_is_named_there() -> None:
    assert "line 4 opens" in refusal('id,name,x\n1,"two\n\nlines","three\n2,b,c\n')


def test_inches_need_no_quotes() -> None:
    found = list(lines('id,name\n1,24" boot\n2,5\'6"\n'))
    assert [cells for _, cells, _ in found][1:] == [["1", '24" boot'], ["2", "5'6\""]]


def test_a_cell_that_swallows_whole_rows_is_doubtful() -> None:
    found = list(lines('id,name,price\n1,"24 inch,11\n2,21",12\n3,"Hat",13\n'))
    doubts = [doubt for _, _, doubt in found]
    assert doubts[1].startswith("Line 2 opens a quotation mark that closes in line 3")
    assert doubts[0] == doubts[2] == ""


def test_text_of_several_lines_is_not_doubtful() -> None:
    found = list(lines('id,name,about\n1,Shoe,"Soft, warm\nand blue"\n2,Hat,"a\n\nb"\n'))
    assert [doubt for _, _, doubt in found] == ["", "", ""]
    assert found[1][1][2] == "Soft, warm\nand blue"


def test_a_cell_without_end_is_refused() -> None:
    assert "1,000,000" in refusal("id,name\n1," + "x" * 1_000_001)


@pytest.mark.parametrize(
    "first",
    ["sep=;", '"sep=;"', "SEP=;", "Sep=;;;", 'sep=";"', '"sep=;";;', "sep=; ", "sep=;,,,"],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_the_separator_line_in_every_spelling(first: str, newline: str) -> None:
    found = list(lines(newline.join([first, "id;a,b,c", "7;x,y", ""])))
    assert [(line, cells) for line, cells, _ in found] == [(2, ["id", "a,b,c"]), (3, ["7", "x,y"])]


def test_a_tab_named_as_separator() -> None:
    assert [cells for _, cells, _ in lines("sep=\t\nid\ta,b\n")] == [["id", "a,b"]]
