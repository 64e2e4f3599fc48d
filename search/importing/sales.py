"""What a row says of a sale: its price, and from when to when it holds.

A sale is one thing: where a table has a sale price, dates that it doesn't have are none. Google
writes both dates into one cell, with a slash between. Shopify writes what is paid as the price and
the regular price as "compare at". What is no sale (0.00, above the regular price) is refused, and
what had to be understood is said in a sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from search.catalogue import Product, sales
from search.errors import CatalogueError
from search.importing.verdicts import RowError

CELLS = frozenset(("sale_price", "sale_from", "sale_until", "sale_dates", "compare_at"))
"""Cells that say something of a sale."""

NO_SALE: Mapping[str, Any] = {"sale_price": None, "sale_from": "", "sale_until": ""}

Amount = Callable[[str, str], int]


def sale_of(
    cells: Mapping[str, str], known: Product, paid: Mapping[str, Any], amount: Amount
) -> tuple[dict[str, Any], list[str]]:
    """Return the fields of a sale, its regular price too where that is told by it, and sentences.

    `paid` are the price and the currency as the row has them; `amount` reads a text, by its name,
    in that currency.

    :raises RowError: the sale is none, or a date cannot be understood.
    """
    if "compare_at" in cells:
        return _compared(cells["compare_at"], known, paid, amount)
    price = paid.get("price", known.price)
    if "sale_price" not in cells:
        dated = known.sale_price is not None and not CELLS.isdisjoint(cells)
        return _dates(cells) if dated else ({}, [])
    text = cells["sale_price"]
    if not text:
        given = any(cells.get(name) for name in CELLS)
        notes = ["The sale has dates but no price, so there is none."] if given else []
        return dict(NO_SALE), notes
    sale = amount(text, "sale price")
    if not sale:
        raise RowError(
            "bad price",
            f"The sale price “{text}” is nothing: leave it empty where there is no sale.",
        )
    if price is None:
        raise RowError(
            "bad price", f"The sale price “{text}” has no regular price beside it: add the price."
        )
    if sale > price:
        raise RowError(
            "bad price",
            f"The sale price “{text}” is higher than the regular price: exchange the two, or leave"
            " the sale out.",
        )
    if sale == price:
        return dict(NO_SALE), ["The sale price is the regular price, so there is no sale."]
    fields, notes = _dates(cells)
    currency = paid.get("currency") or known.currency
    if currency in cells.get("price", "").upper() and currency not in text.upper():
        notes.insert(0, f"The sale price names no currency: read in {currency}, as the price is.")
    return {"sale_price": sale, **fields}, notes


def _compared(
    text: str, known: Product, paid: Mapping[str, Any], amount: Amount
) -> tuple[dict[str, Any], list[str]]:
    """Take the price paid as the sale's, where the price to compare it with is higher."""
    if not text:
        return dict(NO_SALE), []
    price = paid.get("price", known.price)
    regular = amount(text, "compare-at price")
    if price is None:
        raise RowError(
            "bad price", f"The compare-at price “{text}” has no price beside it: add the price."
        )
    if not regular or regular == price:
        return dict(NO_SALE), []
    if regular < price:
        note = f"The compare-at price “{text}” is not above the price, so there is no sale."
        return dict(NO_SALE), [note]
    if not price:
        raise RowError(
            "bad price", f"The price is nothing beside a compare-at price of “{text}”: correct it."
        )
    return {**NO_SALE, "price": regular, "sale_price": price}, []


def _dates(cells: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    start, end = cells.get("sale_from", ""), cells.get("sale_until", "")
    if both := cells.get("sale_dates", ""):
        start, slash, end = (part.strip() for part in both.partition("/"))
        if not slash:
            raise RowError(
                "bad value",
                f"“{both}” are not the dates of a sale: write its start, a slash and its end, as "
                "2026-01-01T00:00+0100/2026-01-31T23:59+0100.",
            )
    try:
        first, last = sales.read_moment(start), sales.read_moment(end, end=True)
    except CatalogueError as error:
        raise RowError("bad value", f"The sale’s dates: {error}") from error
    if first and last and first >= last:
        raise RowError("bad value", f"The sale ends ({end}) before it starts ({start}).")
    notes = []
    if not all(sales.names_zone(each) for each in (start, end) if each):
        notes.append("The sale’s dates name no time zone and are read in UTC.")
    now = sales.now()
    if last and last <= now:
        notes.append(f"The sale is over since {last}.")
    elif first > now:
        notes.append(f"The sale starts at {first}.")
    return {"sale_from": first, "sale_until": last}, notes
