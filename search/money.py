"""Prices: whole minor units inside, symbols and decimals for people."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from search.errors import CatalogueError

# ISO 4217's active codes by the decimals of their minor unit.
_CURRENCIES = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF",
    2: """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF
    CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD
    HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA
    MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN
    QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP
    TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG
    """,
    3: "BHD IQD JOD KWD LYD OMR TND",
}
EXPONENTS = {code: decimals for decimals, codes in _CURRENCIES.items() for code in codes.split()}

SYMBOLS = {
    "EUR": "€",
    "GBP": "£",
    "USD": "$",
    "JPY": "¥",
    "CNY": "CN¥",
    "INR": "₹",
    "KRW": "₩",
    "VND": "₫",
    "ILS": "₪",
    "TRY": "₺",
    "UAH": "₴",
    "PHP": "₱",
    "NGN": "₦",
    "BRL": "R$",
    "CAD": "CA$",
    "AUD": "A$",
    "NZD": "NZ$",
    "HKD": "HK$",
    "MXN": "MX$",
}

LONGEST = 60
"""Letters at most of what is read as an amount."""

_LARGEST = 10**15
_AMOUNT = re.compile(r"\d+(?:[.,]\d+)*")
_SIGN = "|".join(map(re.escape, sorted({*SYMBOLS.values(), *EXPONENTS}, key=len)[::-1]))
_SIGNS = re.compile(rf"^(?:{_SIGN})|(?:{_SIGN})$", re.IGNORECASE)


def is_currency(code: str) -> bool:
    """Whether ``code`` is an active ISO 4217 currency."""
    return code in EXPONENTS


def exponent(currency: str) -> int:
    """Return the decimals of a currency: 2 for EUR, 0 for JPY, 3 for KWD; 2 where unknown."""
    return EXPONENTS.get(currency, 2)


def decimal_text(amount: int | None, currency: str) -> str:
    """Write minor units as a plain decimal for a file: ``129900`` EUR is "1299.00"; None is ""."""
    if amount is None:
        return ""
    decimals = exponent(currency)
    return f"{Decimal(amount).scaleb(-decimals):.{decimals}f}"


def format_price(amount: int | None, currency: str) -> str:
    """Write minor units for a person: ``129900`` EUR is "€1,299.00"; None is ""."""
    if amount is None:
        return ""
    decimals = exponent(currency)
    number = f"{Decimal(abs(amount)).scaleb(-decimals):,.{decimals}f}"
    sign = "−" if amount < 0 else ""
    return f"{sign}{SYMBOLS.get(currency, f'{currency} ' if currency else '')}{number}"


def share_saved(saving: int, price: int) -> int:
    """Give a saving in per cent of a price, both in minor units, without the decimals.

    So it never promises too much, and one pair has one figure wherever it is shown. What costs more
    has a negative share; of a price of 0 nothing can be saved.
    """
    whole = 100 * abs(saving) // price if price else 0
    return whole if saving >= 0 else -whole


def minor_units(amount: str | float | Decimal, currency: str, decimal_mark: str = "") -> int:
    """Read an amount of a currency, as a number or as people write it, into minor units.

    "1.299,00 €", "1,299.00", "EUR 1 299" and "1’299.-" all are 129900 in EUR. One separator with
    three digits after it groups thousands, unless the currency has three decimals or it is the
    `decimal_mark`, "." or ",", that is known to stand before the decimals.

    :raises CatalogueError: no amount, below zero, too large, or finer than the currency's decimals.
    """
    decimals = exponent(currency)
    if isinstance(amount, str) and len(amount) > LONGEST:
        raise CatalogueError(
            f"“{amount[:20]}…” is too long for a price: write it as {_example(decimals)}."
        )
    number = _decimal(amount, decimals, decimal_mark)
    units = None if number is None else number.scaleb(decimals)
    if units is None or not units.is_finite() or not 0 <= units <= _LARGEST:
        raise CatalogueError(f"“{amount}” is not a price: write it as {_example(decimals)}.")
    if units != units.to_integral_value():
        raise CatalogueError(
            f"“{amount}” is finer than {currency or 'the currency'} allows: write it with at most "
            f"{decimals} decimals, as {_example(decimals)}."
        )
    return int(units)


def _example(decimals: int) -> str:
    return f"{1299:.{decimals}f}"


def _decimal(amount: str | float | Decimal, decimals: int, decimal_mark: str) -> Decimal | None:
    if not isinstance(amount, str):
        return Decimal(str(round(amount, 9)))  # 41.1 may arrive as 41.1000000000000014
    # What stands around or inside the number for the eye only.
    text = re.sub(r"[\s'’]", "", amount).removesuffix("-").removesuffix("–")
    text = text.removesuffix(".").removesuffix(",")
    text = _SIGNS.sub("", text)
    if not text.isascii() or not _AMOUNT.fullmatch(text):
        return None
    mark = max(text.rfind("."), text.rfind(","))
    if mark < 0:
        return Decimal(text)
    head, tail = text[:mark], text[mark + 1 :]
    both = "." in text and "," in text
    groups = len(tail) == 3 and 1 <= len(head) <= 3 and head[0] != "0"
    groups = groups and (text[mark] != decimal_mark if decimal_mark else decimals != 3)
    if not both and (text.count(text[mark]) > 1 or groups):
        head, tail = head + text[mark] + tail, ""
    if not re.fullmatch(r"\d+|\d{1,3}(?:\.\d{3})+|\d{1,3}(?:,\d{3})+", head):
        return None
    try:
        return Decimal(f"{re.sub('[.,]', '', head)}.{tail or 0}")
    except InvalidOperation:
        return None
