"""A table's text to lines of cells: the separator, quotes taken strictly, lines by their number."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from itertools import compress
from typing import Final

from search.errors import ImportRefused

MAX_CELL: Final = 1_000_000
MAX_LINE: Final = 10_000_000
"""Letters at most of what a table has for one product, line breaks in quotes included."""
MAX_LINES: Final = 2_000_000
"""Lines at most with empty ones and line breaks in quotes."""

_PHYSICAL = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")

MAX_ROWS: Final = 200_000
MAX_CELLS: Final = 2_000_000
"""Cells at most below titles that are used: 20 for each of 100,000 products."""
MAX_ENTITIES: Final = 3_000_000
"""Signs at most in those cells that stand as HTML writes them: 30 for each of 100,000 products."""

_DELIMITERS = ",;\t|"
# Excel's own way to name the separator, as other programs quote, pad and spell it.
_SEPARATOR = re.compile(r'[ \t]*"?sep=("?)([^"\w\s]|\t)\1"?[,;\t| ]*(?:\r\n|\r|\n)', re.IGNORECASE)


def lines(text: str) -> Iterator[tuple[int, list[str], str]]:
    """Give the lines that hold anything: number, cells, and what is doubtful in their quotes.

    :raises ImportRefused: a quotation mark is not closed, or not closed at a cell's end; or lines
        are too many or too long.
    """
    named = _SEPARATOR.match(text)
    delimiter = named[2] if named else _delimiter(text)
    csv.field_size_limit(MAX_CELL)
    start, columns = (1, 0) if named else (0, 0)
    line = start + 1
    source = _Lines(text, named.end() if named else 0, line)
    reader = csv.reader(source, delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            taken = source.taken()
            if any(map(str.strip, cells)):
                columns = columns or len(cells)
                yield line, cells, _swallowed(taken, delimiter, columns, line)
            line = start + reader.line_num + 1
    except csv.Error as error:
        raise _unclosed(source.taken(), delimiter, line, str(error)) from error


def within_bounds(
    found: Iterator[tuple[int, list[str], str]], targets: Sequence[str]
) -> Iterator[tuple[int, list[str], str]]:
    """Pass on lines whose columns go to `targets` ("" for unused) up to what any shop has.

    :raises ImportRefused: there are more lines, cells or HTML entities.
    """
    used, entities = sum(map(bool, targets)), 0
    most = min(MAX_ROWS, MAX_CELLS // max(used, 1))
    for count, line in enumerate(found, 1):
        entities += "".join(compress(line[1], targets)).count("&")
        if entities > MAX_ENTITIES:
            raise ImportRefused(
                f"The table writes over {MAX_ENTITIES:,} signs as HTML does, such as &amp;: split"
                " it into parts, or export plain texts."
            )
        if count > most:
            raise ImportRefused(
                f"The table has over {MAX_ROWS:,} lines: split it into parts."
                if most == MAX_ROWS
                else f"The table has over {most:,} lines of {used} columns that are used: split it"
                " into parts, or leave columns out."
            )
        yield line


class _Lines:
    """The physical lines of a text from a place on, and those handed out since last asked.

    They are found one by one: a large table has its letters once in memory.
    """

    def __init__(self, text: str, start: int, first: int) -> None:
        self._found = _PHYSICAL.finditer(text, start)
        self._taken: list[str] = []
        self._letters = 0
        self._record, self._line = first, first - 1

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = next(self._found)[0]
        self._line += 1
        self._letters += len(line)
        if self._letters > MAX_LINE:
            raise ImportRefused(
                f"Line {self._record} is longer than {MAX_LINE:,} letters: look for a quotation"
                " mark that is never closed, or shorten it."
            )
        if self._line > MAX_LINES:
            raise ImportRefused(
                f"The table has over {MAX_LINES:,} lines, empty ones included: split it into parts."
            )
        self._taken.append(line)
        return line

    def taken(self) -> list[str]:
        """Return the lines handed out since the last call."""
        taken, self._taken = self._taken, []
        self._letters, self._record = 0, self._line + 1
        return taken


def breaks(text: str) -> int:
    """Count the line breaks of a text, however they are written."""
    return text.count("\n") + text.count("\r") - text.count("\r\n")


def _delimiter(text: str) -> str:
    """Return what separates the header's cells, whatever stands between quotes."""
    first = next((line for line in text[:100_000].splitlines() if line.strip()), "")
    bare = re.sub(r'"[^"]*"', "", first)
    return max(_DELIMITERS, key=lambda mark: (bare.count(mark), -_DELIMITERS.index(mark)))


def _swallowed(taken: list[str], delimiter: str, columns: int, line: int) -> str:
    """Say that a quoted cell seems to have swallowed whole lines; "" where it does not.

    Lines that have all their cells when the quotation mark is but a sign, as in 24", speak for it.
    """
    if len(taken) < 2 or columns < 3:
        return ""
    if any(physical.count(delimiter) != columns - 1 for physical in taken):
        return ""
    return (
        f"Line {line} opens a quotation mark that closes in line {line + len(taken) - 1}, yet each"
        " of these lines looks whole: double the mark, or take the line breaks out of the cell."
    )


def _unclosed(taken: list[str], delimiter: str, line: int, why: str) -> ImportRefused:
    if "field larger" in why and '"' not in "".join(taken)[:MAX_CELL]:
        return ImportRefused(
            f"Line {line} has a cell of more than {MAX_CELL:,} letters: shorten it."
        )
    opened = line + _opened_at("".join(taken), delimiter)
    return ImportRefused(
        f"The table cannot be read: line {opened} opens a quotation mark that is never closed at"
        ' a cell\'s end. Close it, or write a mark that belongs to the text twice, as 24"".'
    )


def _opened_at(text: str, delimiter: str) -> int:
    """Return how many lines down the quotation mark opens that breaks a record."""
    mark = re.escape(delimiter)
    cell = re.compile(rf'("[^"]*(?:""[^"]*)*"|[^"{mark}\r\n][^{mark}\r\n]*|)({mark}|\r\n|\r|\n|$)')
    at = 0
    while at < len(text) and (whole := cell.match(text, at)) and whole.end() > at:
        at = whole.end()
    return breaks(text[:at])
