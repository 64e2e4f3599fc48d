"""Product tables as people have them: our own CSV, Google's and Shopify's product feeds.

A table is bytes in, rows of our own column names out; what a cell means is decided in fields.py.

Our columns: id, name, category, kind, brand, colour, price, currency, stock, status, url, file.
Only id is needed (without it, each file names its product). Any further column becomes an attribute
of the product. `file` holds one or several paths inside the folder or zip, separated by ``|``.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from search.errors import ImportRefused
from search.spreadsheet import unprotect

COLUMNS: Final = (
    *("id", "name", "category", "kind", "brand", "colour"),
    *("price", "currency", "stock", "status", "url", "file"),
)
"""The documented columns in the order of an export; kind is an attribute like any further one."""

MAX_TABLE_BYTES: Final = 200_000_000
MAX_CELL: Final = 1_000_000

Dialect = Literal["own", "google", "shopify"]

_DELIMITERS = ",;\t|"
_BINARY = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"\xff\xd8")  # xlsx, xls, PDF, JPEG
_SYNONYMS: Mapping[str, str] = {
    "product id": "id",
    "sku": "id",
    "title": "name",
    "product name": "name",
    "product type": "kind",
    "type": "kind",
    "color": "colour",
    "vendor": "brand",
    "link": "url",
    "availability": "stock",
    "quantity": "stock",
    "image": "file",
    "image link": "file",
    "photo": "file",
    "filename": "file",
    "file name": "file",
}
# https://support.google.com/merchants/answer/7052112
_GOOGLE: Mapping[str, str] = {
    "title": "name",
    "product type": "category",
    "google product category": "google product category",
    "color": "colour",
    "link": "url",
    "availability": "stock",
    "image link": "file",
    "additional image link": "file",
    "sale price": "sale price",
}
# https://help.shopify.com/en/manual/products/import-export/using-csv, old and new names
_SHOPIFY: Mapping[str, str] = {
    "handle": "id",
    "url handle": "id",
    "title": "name",
    "vendor": "brand",
    "type": "category",
    "product category": "product category",
    "variant price": "price",
    "price": "price",
    "variant inventory qty": "stock",
    "inventory quantity": "stock",
    "image src": "file",
    "product image url": "file",
    "variant image": "file",
    "variant image url": "file",
    "compare at price": "list price",
    "variant compare at price": "list price",
    "published on online store": "published",
}
_SHOPIFY_KEPT = frozenset(
    {"tags", "published"}
    | {f"option{number} {part}" for number in "123" for part in ("name", "value")}
)


@dataclass(frozen=True, slots=True)
class FeedRow:
    """One line of a table.

    `line` is its number in the file, 1 for the header. `cells` are cleaned values by our column
    names, only those the table has (the id as it stands); `files` the photographs named;
    `problem` a sentence where the line itself is broken.
    """

    line: int
    cells: Mapping[str, str]
    files: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """An understood table: whose names its header uses, its columns, and its rows in order."""

    dialect: Dialect
    columns: tuple[str, ...]
    rows: tuple[FeedRow, ...]


def read_feed(data: bytes) -> Feed:
    """Understand a table: UTF-8, UTF-16 or Windows-1252; comma, semicolon, tab or bar.

    :raises ImportRefused: it is too large, is not a table, or has no usable header.
    """
    if len(data) > MAX_TABLE_BYTES:
        raise ImportRefused(
            f"The table has more than {MAX_TABLE_BYTES // 1_000_000} MB: split it into parts."
        )
    lines = _lines(_decode(data))
    _, header = next(lines, (0, []))
    names = [" ".join(re.sub(r"[_\-]+", " ", clean_text(n)).split()).lower() for n in header]
    names = [name.removeprefix("g:") for name in names]
    dialect = _dialect(names)
    targets = _targets(names, [clean_text(n) for n in header], dialect)
    rows = (_row(line, cells, targets, dialect) for line, cells in lines)
    columns = tuple(dict.fromkeys(target for target in targets if target))
    return Feed(dialect, columns, tuple(_joined(rows) if dialect == "shopify" else rows))


def clean_text(text: str) -> str:
    """Return one line of text without control characters and marks that turn its direction."""
    if text.isascii() and text.isprintable():
        return text.strip()
    spaced = (" " if c.isspace() else c for c in text)
    return " ".join("".join(c for c in spaced if not _is_hidden(c)).split())


def _is_hidden(letter: str) -> bool:
    # Cf holds the direction marks; the joiners among it belong to scripts and emoji.
    kind = unicodedata.category(letter)
    return kind in ("Cc", "Cs") or (kind == "Cf" and letter not in "\u200c\u200d")


def _decode(data: bytes) -> str:
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return _strictly(data, encoding)
    head = data[:2000]
    if not head.strip():
        raise ImportRefused("The table is empty: export it again with its header line.")
    zeros = head.count(0)
    if zeros > len(head) // 4:  # UTF-16 without its mark: half the bytes of Latin text are zero
        return _strictly(data, "utf-16-be" if head[:1] == b"\0" else "utf-16-le")
    if zeros > len(head) // 20 or head.startswith(_BINARY):
        raise ImportRefused(
            "This is not a CSV table: in Excel, choose “Save as” and then “CSV UTF-8”."
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ImportRefused(
            "The table's letters cannot be read: save it again as “CSV UTF-8”."
        ) from error


def _delimiter(text: str) -> str:
    """Return what separates the header's cells, whatever stands between quotes."""
    first = next((line for line in text[:100_000].splitlines() if line.strip()), "")
    bare = re.sub(r'"[^"]*"', "", first)
    return max(_DELIMITERS, key=lambda mark: (bare.count(mark), -_DELIMITERS.index(mark)))


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Give the lines that hold anything, with their numbers."""
    named = re.match(r"sep=(.)\r?\n", text)  # Excel's own way to name the separator
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=named[1] if named else _delimiter(text)
    )
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells) and not (named and line == 1):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise ImportRefused(
            f"The table cannot be read from line {line} on: look for a quotation mark that is"
            " never closed."
        ) from error


def _dialect(names: Sequence[str]) -> Dialect:
    if set(COLUMNS) <= set(names):
        return "own"
    if "handle" in names or "url handle" in names:
        return "shopify"
    if "image link" in names or {"id", "title", "link"} <= set(names):
        return "google"
    return "own"


def _targets(names: Sequence[str], shown: Sequence[str], dialect: Dialect) -> list[str]:
    """Return for each column ours, or the name of an attribute; "" for a column without a name."""
    aliases = {"own": _SYNONYMS, "google": _GOOGLE, "shopify": _SHOPIFY}[dialect]
    targets: list[str] = []
    for name, title in zip(names, shown, strict=True):
        plain = aliases.get(name, name if name in COLUMNS else "")
        if dialect == "own" and plain != title and (plain in shown or plain in targets):
            plain = ""  # our own name wins; its synonym is a further column
        if not plain and dialect == "shopify" and name not in _SHOPIFY_KEPT:
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


def _row(line: int, cells: list[str], targets: Sequence[str], dialect: Dialect) -> FeedRow:
    values: dict[str, str] = {}
    files: list[str] = []
    for target, cell in zip(targets, cells, strict=False):
        if target == "file":
            separator = r"[|,]" if dialect == "google" else r"\|"
            files += [part.strip() for part in re.split(separator, unprotect(cell)) if part.strip()]
        elif target == "id":
            values["id"] = unprotect(cell)  # as it is: an id of the catalogue may hold anything
        elif target and not values.get(target):
            values[target] = clean_text(unprotect(cell.strip(" ")))
    problem = ""
    if any(cell.strip() for cell in cells[len(targets) :]):
        problem = (
            f"Line {line} has more cells than the header: put texts with separators in quotes."
        )
    if dialect == "google":
        _read_google(values)
    elif dialect == "shopify":
        _read_shopify(values)
    return FeedRow(line, values, tuple(dict.fromkeys(files)), problem)


def _read_google(values: dict[str, str]) -> None:
    for title in ("category", "google product category"):
        if ">" in values.get(title, ""):  # "Apparel > Dresses > Maxi": the last is the finest
            values[title] = values[title].rsplit(">", 1)[1].strip()
    if not values.get("category") and values.get("google product category"):
        values["category"] = values["google product category"]
    sale = values.pop("sale price", "")
    if sale:  # what the customer pays is the price; the other one stays beside it
        values["list price"], values["price"] = values.get("price", ""), sale
    availability = values.get("stock", "").lower().replace("_", " ")
    if availability in ("in stock", "preorder", "backorder", "out of stock"):
        values["stock"] = "0" if availability == "out of stock" else ""


def _read_shopify(values: dict[str, str]) -> None:
    if values.get("status"):
        values["status"] = "active" if values["status"].lower() == "active" else "withdrawn"
    elif values.get("published", "").lower() == "false":
        values["status"] = "withdrawn"
    values.pop("published", None)
    for number in ("1", "2", "3"):
        name = values.pop(f"option{number} name", "")
        value = values.pop(f"option{number} value", "")
        if name.lower() in ("color", "colour"):
            values["colour"] = value
        elif name and name.lower() != "title" and name.lower() not in COLUMNS:
            values[name.lower()] = value
    if values.get("stock", "").startswith("-"):
        values["stock"] = "0"  # sold beyond the stock


def _joined(rows: Iterator[FeedRow]) -> Iterator[FeedRow]:
    """Join a product's further lines (variants, pictures) to its first: stock adds up."""
    first: FeedRow | None = None
    for row in rows:
        if first and row.cells.get("id") == first.cells.get("id") and not row.cells.get("name"):
            cells = dict(first.cells)
            counts = (cells.get("stock", ""), row.cells.get("stock", ""))
            if all(count.isdecimal() for count in counts):
                cells["stock"] = str(int(counts[0]) + int(counts[1]))
            files = tuple(dict.fromkeys((*first.files, *row.files)))
            first = FeedRow(first.line, cells, files, first.problem or row.problem)
            continue
        if first:
            yield first
        first = row
    if first:
        yield first
