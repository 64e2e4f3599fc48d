"""How a column writes its prices: which mark stands before the decimals, by its own evidence."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from search import money

MIXED: Final = "mixed"
LONGEST_PRICE: Final = money.LONGEST
"""Letters at most in a cell that is read as a price."""

_SPACES = re.compile(r"[\s'’]")
_NUMBER = re.compile(r"\d[\d.,]*")
_OTHER: Final = {".": ",", ",": "."}


@dataclass(frozen=True, slots=True)
class PriceStyle:
    """The mark before the decimals: "" where no price tells, `MIXED` where they disagree.

    `note` tells the user what was found.
    """

    decimal_mark: str = ""
    note: str = ""


def is_ambiguous(price: str, currency: str, decimal_mark: str) -> bool:
    """Whether a price may be in thousands or not, in a column of that style.

    Where no price tells, "19.990" EUR may, but not "19.995": no price has such decimals.
    """
    mark, tail = _open(price)
    if not mark or decimal_mark in _OTHER:
        return False
    return decimal_mark == MIXED or (tail.endswith("0") and money.exponent(currency) == 2)


def may_group(price: str) -> bool:
    """Whether the one mark of a price has three digits after it, and so may group thousands."""
    return bool(_open(price)[0])


def price_style(prices: Iterable[tuple[str, str]]) -> PriceStyle:
    """Tell from prices and their currencies what the marks in them mean."""
    # Each holds marks, with the first price that shows them so.
    decimal: dict[str, str] = {}
    grouping: dict[str, str] = {}
    too_fine: dict[str, str] = {}  # as decimals, they would be finer than money is
    either: dict[str, str] = {}
    largest_plain = -1
    for price, currency in prices:
        number = _number(price)
        marks = [letter for letter in number if letter in _OTHER]
        mark, tail = _open(price)
        if mark:
            decimals = money.exponent(currency)
            is_fine = decimals < 2 or (decimals == 2 and not tail.endswith("0"))
            (too_fine if is_fine else either).setdefault(mark, price)
        elif not marks:
            largest_plain = max(largest_plain, int(number[:16] or -1))
        elif len(marks) > 1 and len(set(marks)) == 1:
            grouping.setdefault(marks[0], price)
        else:
            decimal.setdefault(marks[-1], price)
            if len(marks) > 1:
                grouping.setdefault(marks[0], price)
    if not decimal and not grouping:
        grouping = too_fine
    if not decimal and not grouping and 0 <= largest_plain < 1000:
        grouping = either  # small prices without a mark, large ones with it
    return _style(decimal, grouping)


def _style(decimal: dict[str, str], grouping: dict[str, str]) -> PriceStyle:
    marks = set(decimal) | {_OTHER[mark] for mark in grouping}
    if not marks:
        return PriceStyle()
    if len(marks) > 1:
        shown = list(dict.fromkeys((*decimal.values(), *grouping.values())))[:2]
        seen = " and ".join(f"“{price}”" for price in shown)
        return PriceStyle(MIXED, f"Prices are written in several ways, as {seen}.")
    (mark,) = marks
    if mark in decimal:
        how, price = f"“{mark}” before the decimals", decimal[mark]
    else:
        how, price = f"“{_OTHER[mark]}” between the thousands", grouping[_OTHER[mark]]
    return PriceStyle(mark, f"Prices were read with {how}, as “{price}” shows.")


def _number(price: str) -> str:
    found = _NUMBER.search(_SPACES.sub("", price))
    return found[0].rstrip(".,") if found else ""


@lru_cache(maxsize=4096)  # a shop has few prices, and many products
def _open(price: str) -> tuple[str, str]:
    """Return the only mark and the three digits after it, where it may group; else two ""."""
    number = _number(price)
    found = re.fullmatch(r"([1-9]\d{0,2})([.,])(\d{3})", number)
    return (found[2], found[3]) if found else ("", "")
