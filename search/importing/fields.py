"""What one row of an import means: the fields it sets, and in a sentence what is wrong with it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from search import money
from search.catalogue import Product
from search.errors import CatalogueError
from search.importing.dialects import COLUMNS
from search.importing.prices import LONGEST_PRICE, is_ambiguous
from search.importing.sales import CELLS, sale_of
from search.importing.tables import FeedRow, clean_text
from search.importing.verdicts import BAD, RowError, Verdict

_TEXTS = ("name", "category", "brand", "colour", "url", "item_group")
_FIELDS = (frozenset(COLUMNS) | CELLS) - {"kind", "file"}
# Attributes in which earlier versions kept what now is a field, by the cell that sets it.
_FORMER = {
    "sale_price": ("list price", "date sale price starts", "date sale price ends"),
    "compare_at": ("list price",),
    "sale_dates": ("sale price effective date",),
    "item_group": ("parent", "item group id"),
}
_ACTIVE = ("", "active", "published", "true", "yes", "1")
_WITHDRAWN = ("withdrawn", "inactive", "archived", "draft", "hidden", "false", "no", "0")
_LEADING_CODE = re.compile(r"([A-Za-z]{3})\s*\d")
_TRAILING_CODE = re.compile(r"[A-Za-z]{3}$")
_LONGEST_WORD = 40  # letters of a count, a status or a currency


@dataclass(frozen=True, slots=True)
class PlannedPhoto:
    """A photograph as the check found it; `name` is its place in the folder, zip or uploads.

    `notes` are sentences on what of it is not used; empty for one that the catalogue has already.
    """

    name: str
    sha256: str
    format: str
    width: int
    height: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One row of the report.

    `line` is its line in the table, 0 for a photograph without one. `fields` and `attributes` are
    what the row sets (an empty attribute is taken away), `photos` those the product gains.
    """

    line: int
    id: str
    verdict: Verdict
    sentence: str
    files: tuple[str, ...] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)
    photos: tuple[PlannedPhoto, ...] = ()

    @property
    def is_bad(self) -> bool:
        """Whether the row cannot be imported as it is."""
        return self.verdict in BAD

    @property
    def is_new(self) -> bool:
        """Whether applying the row makes a new product."""
        return self.verdict == "new"

    @property
    def located(self) -> str:
        """The sentence with the line and the product that it is about."""
        line = f"Line {self.line}" if self.line else ""
        return f"{', '.join(filter(None, (line, self.id)))}: {self.sentence}"

    @property
    def has_work(self) -> bool:
        """Whether applying the row changes the catalogue."""
        return self.verdict in ("new", "changed")

    def applied_to(self, product: Product | None) -> Product:
        """Return the product with this row's fields set."""
        before = product or Product(self.id)
        attributes = dict(before.attributes)
        for title, text in self.attributes.items():
            if text:
                attributes[title] = text
            else:
                attributes.pop(title, None)
        return replace(before, **self.fields, attributes=attributes)


def fields_of(
    row: FeedRow,
    before: Product | None,
    default_currency: str = "",
    *,
    said: list[str] | None = None,
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the fields and attributes in which a row differs from the product before.

    A text that only differs in what `clean_text` takes away does not differ. Sentences on how it
    was understood are added to `said`.

    :raises RowError: a cell cannot be understood.
    """
    known = before or Product("")
    fields: dict[str, Any] = {}
    for name in _TEXTS:
        if name in row.cells:
            fields[name] = row.cells[name]
    if "status" in row.cells:
        fields["status"] = _status(row.cells["status"])
    if "stock" in row.cells:
        fields["stock"] = _stock(row.cells["stock"])
    paid = _money(row, known, default_currency)
    sale, notes = _sale(row, known, paid, default_currency)
    fields |= paid | sale
    if said is not None:
        said += [*row.notes, *notes]
    attributes = {title: text for title, text in row.cells.items() if title not in _FIELDS}
    for cell, former in _FORMER.items():
        if cell in row.cells:
            attributes = {name: "" for name in former if name in known.attributes} | attributes
    changed = {name: value for name, value in fields.items() if _differs(value, known, name)}
    return changed, {
        title: text
        for title, text in attributes.items()
        if text != clean_text(known.attributes.get(title, ""))
    }


def _differs(value: object, product: Product, name: str) -> bool:
    before = getattr(product, name)
    return value != (clean_text(before) if isinstance(before, str) else before)


def _status(text: str) -> str:
    if text.lower() in _ACTIVE:
        return "active"
    if text.lower() in _WITHDRAWN:
        return "withdrawn"
    raise RowError(
        "bad value", f"The status “{_short(text)}” is unknown: write active or withdrawn."
    )


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_WORD else f"{text[: _LONGEST_WORD - 1]}…"


def _stock(text: str) -> int | None:
    if not text:
        return None
    try:
        number = float(text) if len(text) <= _LONGEST_WORD else math.nan
    except ValueError:
        number = math.nan
    if not (0 <= number <= 10**15 and number == int(number)):
        raise RowError(
            "bad value", f"The stock “{_short(text)}” is not a whole number: write it as 12."
        )
    return int(number)


def _money(row: FeedRow, known: Product, default_currency: str) -> dict[str, Any]:
    """Return price and currency as far as the row has them."""
    cells = row.cells
    if "price" not in cells and "currency" not in cells:
        return {}
    text = cells.get("price", "")
    code = _currency(cells.get("currency", ""), known)
    if "price" not in cells:
        if known.price is not None and code != known.currency:
            raise RowError("bad price", "The currency changes without a price: add the price.")
        return {"currency": code}
    if not text:
        return {"price": None} | ({"currency": code} if "currency" in cells else {})
    amount, code = _amount(text, "price", code, known.currency or default_currency, row)
    return {"price": amount, "currency": code}


def _sale(
    row: FeedRow, known: Product, paid: Mapping[str, Any], default_currency: str
) -> tuple[dict[str, Any], list[str]]:
    """Return the sale as far as the row has one; in the currency of its price."""
    if CELLS.isdisjoint(row.cells):
        return {}, []
    code = paid.get("currency") or known.currency

    def amount(text: str, what: str) -> int:
        return _amount(text, what, code, default_currency, row)[0]

    return sale_of(row.cells, known, paid, amount)


def _amount(
    text: str, what: str, code: str, default_currency: str, row: FeedRow
) -> tuple[int, str]:
    """Read an amount, in the currency `code` where that is known, and return both."""
    if len(text) > LONGEST_PRICE:
        raise RowError("bad price", f"“{text[:20]}…” is too long for a price: write it as 1299.00.")
    written = _written_currency(text)
    if written and not money.is_currency(written):
        raise RowError(
            "unknown currency", f"The currency “{written}” does not exist: write one such as EUR."
        )
    if code and written and code != written:
        other = "the currency says" if what == "price" else "the price is in"
        raise RowError("bad price", f"The {what} is in {written} but {other} {code}: correct one.")
    code = code or written or _symbol(text) or default_currency
    if not code:
        raise RowError(
            "unknown currency",
            f"The {what} “{text}” has no currency: add a column currency, such as EUR.",
        )
    if is_ambiguous(text, code, row.decimal_mark):
        raise RowError(
            "bad price",
            f"“{text}” may be in thousands or have three decimals, and the other prices do not"
            " tell: write all prices as 1299.00, or say which mark stands before the decimals.",
        )
    try:
        return money.minor_units(text, code, row.decimal_mark), code
    except CatalogueError as error:
        raise RowError("bad price", str(error)) from error


def _currency(text: str, known: Product) -> str:
    code = {symbol: code for code, symbol in money.SYMBOLS.items()}.get(text, text.upper())
    if code and not money.is_currency(code) and code != known.currency:
        raise RowError(
            "unknown currency",
            f"The currency “{_short(text)}” does not exist: write one such as EUR.",
        )
    return code


def _written_currency(price: str) -> str:
    """Return the three letters before or behind the amount, "" where there are none."""
    bare = price.strip()
    if found := _LEADING_CODE.match(bare):
        return found[1].upper()
    if not _TRAILING_CODE.search(bare):
        return ""
    amount = bare[:-3].rstrip(" \t\u00a0\u202f.,'’–-")
    return bare[-3:].upper() if amount[-1:].isdecimal() else ""


def _symbol(price: str) -> str:
    """Return the currency of a symbol beside the amount, the longest that fits: CA$ before $."""
    bare = price.strip()
    for code, symbol in sorted(money.SYMBOLS.items(), key=lambda each: -len(each[1])):
        if bare.startswith(symbol) or bare.endswith(symbol):
            return code
    return ""
