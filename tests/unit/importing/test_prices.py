"""What the marks in a column's prices mean."""

import pytest

from search.errors import CatalogueError
from search.importing.fields import fields_of
from search.importing.tables import Feed, read_feed
from search.importing.verdicts import RowError
from search.money import minor_units


def feed_of(*prices: str, currency: str = "EUR", **options: str) -> Feed:
    rows = "".join(f"{n};{price};{currency}\n" for n, price in enumerate(prices))
    return read_feed(f"id;price;currency\n{rows}".encode(), **options)


def amounts(feed: Feed) -> list[object]:
    found: list[object] = []
    for row in feed.rows:
        try:
            found.append(fields_of(row, None)[0]["price"])
        except RowError as error:
            found.append("refused" if error.verdict == "bad price" else error.verdict)
    return found


@pytest.mark.parametrize(
    ("prices", "expected"),
    [
        (["19.990", "105.50"], [1999, 10550]),
        (["19,990", "105,5"], [1999, 10550]),
        (["19.990", "0.990"], [1999, 99]),
        (["19.990", "1250.000"], [1999, 125000]),
        (["19.990", "1,250.00"], [1999, 125000]),
        (["19,990", "1.250.000"], [1999, 125000000]),
        (["19.990", "105,50"], [1999000, 10550]),
        (["1.990", "499", "89"], [199000, 49900, 8900]),
        (["1.990", "2.499"], [199000, 249900]),
        (["1.299"], [129900]),
        (["€ 19.990", "EUR 105.50"], [1999, 10550]),
    ],
)
def test_a_column_tells_how_its_prices_are_read(prices: list[str], expected: list[int]) -> None:
    feed = feed_of(*prices)
    assert amounts(feed) == expected
    (note,) = feed.notes
    assert note.startswith("Prices were read with ")


def test_the_note_shows_what_told() -> None:
    assert feed_of("19.990", "105.50").notes == (
        "Prices were read with “.” before the decimals, as “105.50” shows.",
    )
    assert feed_of("19.990", "105,50").notes == (
        "Prices were read with “,” before the decimals, as “105,50” shows.",
    )
    assert feed_of("1.990", "2.499").notes == (
        "Prices were read with “.” between the thousands, as “2.499” shows.",
    )


@pytest.mark.parametrize(
    "prices",
    [["19.990", "105.500", "9.900"], ["1.200"], ["19.990", "1500"]],
)
def test_what_no_price_tells_is_refused(prices: list[str]) -> None:
    feed = feed_of(*prices)
    assert amounts(feed)[0] == "refused"
    assert feed.notes == ()


@pytest.mark.parametrize("price", ["19.990", "1.299", "1,299"])
def test_where_prices_disagree_none_is_guessed(price: str) -> None:
    feed = feed_of(price, "1.50", "1,50", "1.234,00")
    assert amounts(feed) == ["refused", 150, 150, 123400]
    assert feed.notes == ("Prices are written in several ways, as “1.50” and “1,50”.",)


def test_the_mark_named_is_obeyed() -> None:
    assert amounts(feed_of("19.990", "105.500", decimal_mark=".")) == [1999, 10550]
    assert amounts(feed_of("19.990", "105.500", decimal_mark=",")) == [1999000, 10550000]


def test_currencies_of_none_or_three_decimals_are_not_ambiguous() -> None:
    assert amounts(feed_of("19.990", currency="JPY")) == [19990]
    assert amounts(feed_of("19.990", currency="KWD")) == [19990]
    assert amounts(feed_of("1.299", "1,5", currency="KWD")) == [1299000, 1500]


def test_decimals_finer_than_the_currency_are_still_refused() -> None:
    assert amounts(feed_of("19.995", "105.50")) == ["refused", 10550]
    with pytest.raises(CatalogueError, match="finer"):
        minor_units("19.995", "EUR", ".")


def test_a_price_without_end_is_refused_at_once() -> None:
    feed = read_feed(b"id,price\n1,1" + b" " * 100_000 + b"x\n")
    with pytest.raises(RowError, match="too long"):
        fields_of(feed.rows[0], None, "EUR")
