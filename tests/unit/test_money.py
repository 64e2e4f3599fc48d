"""Prices are read as people write them and shown as people read them."""

import pytest

from search import money
from search.errors import CatalogueError


@pytest.mark.parametrize(
    ("amount", "currency", "shown", "written"),
    [
        (129900, "EUR", "€1,299.00", "1299.00"),
        (5, "GBP", "£0.05", "0.05"),
        (1299, "JPY", "¥1,299", "1299"),
        (1299000, "KWD", "KWD 1,299.000", "1299.000"),
        (-4100, "USD", "−$41.00", "-41.00"),
        (None, "EUR", "", ""),
        (10**15, "EUR", "€10,000,000,000,000.00", "10000000000000.00"),
    ],
)
def test_minor_units_are_shown_for_people_and_for_files(amount, currency, shown, written):
    assert money.format_price(amount, currency) == shown
    assert money.decimal_text(amount, currency) == written


@pytest.mark.parametrize(
    ("text", "currency", "units"),
    [
        ("1.299,00 €", "EUR", 129900),
        ("1,299.00", "EUR", 129900),
        ("EUR 1 299", "EUR", 129900),
        ("1’299.-", "CHF", 129900),
        ("1\u202f299,5\u00a0€", "EUR", 129950),
        ("$12.50", "USD", 1250),
        ("12.50 usd", "USD", 1250),
        ("1.299", "EUR", 129900),
        ("1,234,567", "EUR", 123456700),
        ("1.299", "KWD", 1299),
        ("¥1,299", "JPY", 1299),
        ("0", "EUR", 0),
        (41.1, "EUR", 4110),
        (0.1 + 0.2, "EUR", 30),
        (1, "JPY", 1),
        (1, "EUR", 100),
    ],
)
def test_amounts_are_read_as_people_write_them(text, currency, units):
    assert money.minor_units(text, currency) == units


@pytest.mark.parametrize(
    "text",
    [
        *("", "NaN", "inf", "-5", "free", "1e9", "12.345,678,9", "1,2.3,4", "0.125", "٣"),
        *("9" * 17, float("nan"), float("inf"), -1, "1..2", "=1+1"),
    ],
)
def test_what_is_no_price_is_refused_with_a_sentence(text):
    with pytest.raises(CatalogueError, match="write it "):
        money.minor_units(text, "EUR")


@pytest.mark.parametrize("currency", sorted(money.EXPONENTS))
def test_every_currency_comes_back_as_written(currency):
    assert money.minor_units(money.format_price(123456789, currency), currency) == 123456789
    assert money.minor_units(money.decimal_text(123456, currency), currency) == 123456


@pytest.mark.parametrize(
    ("saving", "price", "share"),
    [(1999, 4000, 49), (2000, 4000, 50), (29, 100, 29), (10, 0, 0), (-1, 3, -33), (-50, 100, -50)],
)
def test_a_share_saved_promises_no_more_than_there_is(saving, price, share):
    assert money.share_saved(saving, price) == share
