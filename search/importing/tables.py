"""Product tables as people have them: our own CSV, and Google's, Shopify's, WooCommerce's exports.

A table is bytes in, rows of our own column names out; what a cell means is decided in fields.py.

Our columns: id, item_group, name, category, kind, brand, colour, price, currency, sale_price,
sale_from, sale_until, stock, status, url, file. Only id is needed (without it, each file names its
product). Any further column becomes an attribute of the product. `file` holds one or several paths
inside the folder or zip, separated by ``|``.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Final

from search import money
from search.errors import ImportRefused
from search.filenames import same_letters
from search.importing.decoding import decode
from search.importing.dialects import ALIASES, COLUMNS, Dialect, dialect_of, is_kept, understand
from search.importing.lines import lines, within_bounds
from search.importing.prices import LONGEST_PRICE, PriceStyle, may_group, price_style
from search.importing.variations import with_parents
from search.photos import EXTENSIONS
from search.spreadsheet import unprotect

MAX_TABLE_BYTES: Final = 100_000_000
MAX_COLUMNS: Final = 2_000
MAX_FILES: Final = 200
"""Photographs that one line names at most."""
LONGEST_TEXT: Final = 100_000
"""Letters of a cell at most; prices and counts are far shorter, see `fields`."""

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_NOTHING = frozenset(("null", "(null)", "\\n", "n/a", "#n/a", "-", "–", "—"))
# What a spreadsheet makes of a long number, and of a formula that went wrong.
_RUINED = re.compile(r"-?\d(?:[.,]\d+)?[Ee][+-]\d{2,3}|##+|#(?:NAME\?|REF!|VALUE!|DIV/0!|NUM!)")
_SHORT = 64  # letters of a cell that others may well repeat
_NAMED_AT_MOST = 12
PRICES: Final = ("price", "sale_price", "compare_at")
"""Cells that hold an amount of money."""


@dataclass(frozen=True, slots=True)
class FeedRow:
    """One line of a table.

    `line` is its number in the file, 1 for the header. `cells` are cleaned values by our column
    names, only those the table has (the id as it stands); `files` the photographs named;
    `problem` a sentence where the line itself is broken. `decimal_mark` stands before decimals
    in a price that may be read in two ways, "" where the table does not tell. `is_exact` where
    spaces around the id belong to it, as in one made of a file's name. `notes` are sentences on how
    it was read.
    """

    line: int
    cells: Mapping[str, str]
    files: tuple[str, ...] = ()
    problem: str = ""
    decimal_mark: str = ""
    is_exact: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Feed:
    """An understood table: whose names its header uses, its columns, and its rows in order.

    `notes` are sentences for the user on how it was read and what of it is not used.
    `guessed_encoding` is set where its letters could be others, and somebody has to look.
    """

    dialect: Dialect
    columns: tuple[str, ...]
    rows: tuple[FeedRow, ...]
    notes: tuple[str, ...] = ()
    guessed_encoding: str = ""


def read_feed(
    data: bytes,
    encoding: str = "",
    decimal_mark: str = "",
    photographs: Collection[str] = frozenset(),
) -> Feed:
    """Understand a table with comma, semicolon, tab or bar between its cells.

    :param encoding: of its letters; where there is none, see `decode`.
    :param decimal_mark: "." or "," before the decimals of its prices; where there is none, the
        column's own evidence decides.
    :param photographs: names of those at hand; one that looks like a list of several is one.
    :raises ImportRefused: it is too large, is not a table, or has no usable header.
    """
    if len(data) > MAX_TABLE_BYTES:
        raise ImportRefused(
            f"The table has more than {MAX_TABLE_BYTES // 1_000_000} MB: split it into parts."
        )
    decoded = decode(data, encoding)
    found = lines(decoded.text)
    _, header, _ = next(found, (0, [], ""))
    if len(header) > MAX_COLUMNS:
        raise ImportRefused(
            f"The table has {len(header):,} columns, more than {MAX_COLUMNS:,}: leave out those"
            " that say nothing of products."
        )
    titles = [clean_text(name[:LONGEST_TEXT]) for name in header]
    names = [" ".join(re.sub(r"[_\-]+", " ", title).split()).lower() for title in titles]
    names = [name.removeprefix("g:") for name in names]
    dialect = dialect_of(names)
    targets = _targets(names, titles, dialect)
    made = (
        _row(line, cells, doubt, targets, dialect, photographs)
        for line, cells, doubt in within_bounds(found, targets)
    )
    rows = tuple(_joined(made) if dialect == "shopify" else made)
    if dialect == "woocommerce":
        rows = with_parents(rows)
    rows, style = _with_prices(rows, decimal_mark)
    unused = [title for title, target in zip(titles, targets, strict=True) if title and not target]
    notes = (decoded.note, style.note, _unused_note(unused))
    return Feed(
        dialect,
        tuple(dict.fromkeys(target for target in targets if target)),
        rows,
        tuple(note for note in notes if note),
        decoded.encoding if decoded.is_guess else "",
    )


def typed_rows(typed: Iterable[tuple[Mapping[str, str], tuple[str, ...]]]) -> tuple[FeedRow, ...]:
    """Understand what somebody typed, by our column names, of products with these photographs."""
    rows = []
    for line, (cells, files) in enumerate(typed, 1):
        values = {title: _clean(title, cell) for title, cell in cells.items()}
        understand(values, "own")
        rows.append(FeedRow(line, values, files, is_exact=True))
    return _with_prices(tuple(rows))[0]


def _with_prices(
    rows: tuple[FeedRow, ...], decimal_mark: str = ""
) -> tuple[tuple[FeedRow, ...], PriceStyle]:
    style = PriceStyle(decimal_mark) if decimal_mark else price_style(_prices(rows))
    if style.decimal_mark:
        rows = tuple(_styled(row, style.decimal_mark) for row in rows)
    return rows, style


def _unused_note(titles: Sequence[str]) -> str:
    if not titles:
        return ""
    more = len(titles) - _NAMED_AT_MOST
    shown = ", ".join(title[:80] for title in titles[:_NAMED_AT_MOST]) + (
        f" and {more} more" if more > 0 else ""
    )
    return f"Columns that are not used: {shown}."


def _prices(rows: Iterable[FeedRow]) -> Iterator[tuple[str, str]]:
    for row in rows:
        for title in PRICES:
            if text := row.cells.get(title, "")[:LONGEST_PRICE]:
                codes = [row.cells.get("currency", ""), *re.findall(r"[A-Za-z]{3}", text)]
                codes = [code.upper() for code in codes]
                yield text, next(filter(money.is_currency, codes), "")


def _styled(row: FeedRow, decimal_mark: str) -> FeedRow:
    if not any(may_group(row.cells.get(title, "")[:LONGEST_PRICE]) for title in PRICES):
        return row
    return replace(row, decimal_mark=decimal_mark)


def clean_text(text: str) -> str:
    """Return one line of text without control characters and marks that turn its direction.

    Accents are written in one way, so that a category in two spellings is one.
    """
    if text.isascii() and text.isprintable():
        return text.strip()
    letters = same_letters(text)
    odd = {ord(c): " " if c.isspace() else None for c in set(letters) if _is_odd(c)}
    return " ".join(letters.translate(odd).split())


def _is_odd(letter: str) -> bool:
    # Cf holds the direction marks; the joiners among it belong to scripts and emoji.
    kind = unicodedata.category(letter)
    return (
        letter.isspace() or kind in ("Cc", "Cs") or (kind == "Cf" and letter not in "\u200c\u200d")
    )


def _targets(names: Sequence[str], shown: Sequence[str], dialect: Dialect) -> list[str]:
    """Return for each column ours, or the name of an attribute; "" for a column without a name."""
    aliases = ALIASES[dialect]
    targets: list[str] = []
    for name, title in zip(names, shown, strict=True):
        plain = aliases.get(name, name if name in COLUMNS else "")
        if dialect == "own" and plain != title and (plain in shown or plain in targets):
            plain = ""  # our own name wins; its synonym is a further column
        if not plain and not is_kept(dialect, name):
            targets.append("")
        else:
            targets.append(plain or (name if dialect != "own" else unprotect(title)))
    for at, target in enumerate(targets):
        if target and target != "file" and target in targets[:at] and dialect == "own":
            raise ImportRefused(
                f"The table has the column “{target}” twice: rename or remove one of them."
            )
    if "id" not in targets and "file" not in targets:
        raise ImportRefused(
            "The table's first line names neither “id” nor “file”: name the columns, such as"
            " id, name, category, price, currency, file."
        )
    return targets


def _row(
    line: int,
    cells: list[str],
    doubt: str,
    targets: Sequence[str],
    dialect: Dialect,
    names: Collection[str],
) -> FeedRow:
    values: dict[str, str] = {}
    files: list[str] = []
    problem = doubt
    if max(map(len, cells), default=0) > LONGEST_TEXT:
        problem = f"Line {line} has a text of more than {LONGEST_TEXT:,} letters: shorten it."
    for target, cell in zip(targets, cells, strict=False):
        if target == "file" and len(re.findall(r"[|,\s]+", cell)) >= MAX_FILES:
            problem = f"Line {line} names more than {MAX_FILES} photographs: leave some out."
        elif target == "file":
            files += _files(unprotect(cell), dialect, names)
        elif target and (target == "id" or not values.get(target)):
            clean = _clean_again if len(cell) <= _SHORT and target != "id" else _clean
            values[target] = clean(target, cell)
    if any(cell.strip() for cell in cells[len(targets) :]):
        problem = (
            f"Line {line} has more cells than the header: put texts with separators in quotes."
        )
    if _RUINED.fullmatch(values.get("id", "").strip()):
        problem = (
            f"Line {line} has the id “{values['id'].strip()}”, which a spreadsheet has made of"
            " another one: format that column as text there, and enter or export the ids again."
        )
    understand(values, dialect)
    return FeedRow(line, values, tuple(dict.fromkeys(files)), problem)


def _clean(target: str, cell: str) -> str:
    """Return what a cell of one of our columns says, as one line of text; an id as it stands."""
    if not cell or _is_nothing(cell):
        return ""
    if target == "id":
        return unprotect(cell)
    text = unprotect(cell.strip(" "))
    if "&" in text and target != "url":  # an address keeps its own signs
        text = _ENTITY.sub(lambda found: html.unescape(found[0]), text)
    return clean_text(text)


_clean_again = lru_cache(maxsize=8192)(_clean)  # a column of a shop's says few things, many times


def _is_nothing(cell: str) -> bool:
    """Whether a cell only says that it is empty."""
    return len(cell) < 20 and cell.strip().lower() in _NOTHING


def _files(cell: str, dialect: Dialect, names: Collection[str]) -> list[str]:
    """Part a list of paths or addresses; only there where each part is one."""
    if _is_nothing(cell):
        return []
    if cell in names:  # whatever stands in it
        return [cell]
    parts = cell.split("|")
    if not all(map(_is_file, parts)):
        parts = [cell]
    if dialect != "own" or "://" in cell:
        parts = [found for part in parts for found in _listed(part.strip())]
    stripped = (part if part in names else part.strip() for part in parts)
    return ["https:" + part if part.startswith("//") else part for part in stripped if part]


def _is_file(part: str) -> bool:
    """Whether a part of a list is a path or an address, or nothing, as behind a last bar."""
    text = part.strip()
    path = text.partition("?")[0]
    return not text or "/" in text or PurePosixPath(path).suffix.lower() in EXTENSIONS


def _listed(text: str) -> list[str]:
    """Part at commas and spaces: addresses before the next one, paths behind a known ending."""
    if re.match(r"(?:https?:)?//", text):
        parts = re.split(r"(?<=[,\s])(?=(?:https?:)?//)", text)
        return [part.rstrip(", \t\r\n") for part in parts]
    parts = re.split(r",\s*", text)
    are_files = all(PurePosixPath(part).suffix.lower() in EXTENSIONS for part in parts)
    return parts if are_files else [text]


def _joined(rows: Iterator[FeedRow]) -> Iterator[FeedRow]:
    """Join a product's further lines (variants, pictures) to its first: stock adds up."""
    first: FeedRow | None = None
    for row in rows:
        if first and row.cells.get("id") == first.cells.get("id") and not row.cells.get("name"):
            cells = dict(first.cells)
            notes = first.notes
            if price := row.cells.get("price"):  # a variant; other lines only bring pictures
                if price != cells.get("price") and not notes:
                    kept = cells.get("price") or "none"
                    notes = (f"Its variants differ in price; that of the first is kept: {kept}.",)
                cells["stock"] = _summed(cells.get("stock", ""), row.cells.get("stock", ""))
            files = tuple(dict.fromkeys((*first.files, *row.files)))
            problem = first.problem or row.problem
            first = FeedRow(first.line, cells, files, problem, notes=notes)
            continue
        if first:
            yield first
        first = row
    if first:
        yield first


def _summed(*counts: str) -> str:
    """Add up counts; where one is not known, neither is their sum."""
    if all(re.fullmatch(r"\d{1,15}", count) for count in counts):
        return str(sum(map(int, counts)))
    return next((count for count in counts if not re.fullmatch(r"\d{1,15}", count)), "")
