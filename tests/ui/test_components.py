"""The parts the Search page is made of: settings in an address, words, downloads, trade-offs."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import numpy as np
import pytest

from search.catalogue import CataloguePhoto, Product
from search.engine import Hit, Price, SearchResult
from search.engine.results import COLUMNS
from search.ui.components.common import text, tiles
from search.ui.settings import Mode, Settings


def hit(name: str, score: float, saving: int | None = None, rank: int = 1) -> Hit:
    product = Product(name, name=name, price=5000, currency="EUR")
    photo = CataloguePhoto(1, name, "0" * 64, "photos/00/0.jpg", f"shoes/{name}.jpg", 10, 10)
    return Hit(product, photo, score, 1 - score, rank, saving)


def result(*hits: Hit) -> SearchResult:
    return SearchResult(
        hits=hits,
        eligible=len(hits),
        passed=len(hits),
        hidden={},
        products=len(hits),
        encode_ms=0.0,
        search_ms=0.1,
        revision=3,
        fingerprint="fake-0",
        metric="cosine",
        nothing_similar=False,
        looks_like=None,
        feature=np.zeros(3, np.float32),
        reference=Price(8000, "EUR"),
    )


def as_lists(params: dict[str, str | list[str]]) -> dict[str, list[str]]:
    return {name: [v] if isinstance(v, str) else v for name, v in params.items()}


@pytest.mark.parametrize(
    "settings",
    [
        Settings(),
        Settings(k=48, metric="correlation", sort="saving", min_score=73),
        Settings(mode=Mode.CHEAPER, to_beat=12999, min_saving=25),
        Settings(
            categories=frozenset({"Ankle boots", "Ballet & flats"}),
            brands=frozenset({"Ærø", "100%"}),
            colours=frozenset({"navy"}),
            price=(0, 129900),
            currency="SEK",
            in_stock=False,
            active=False,
        ),
    ],
)
def test_settings_survive_the_address(settings: Settings):
    assert Settings.from_params(as_lists(settings.to_params())) == settings


def test_the_default_needs_no_parameters():
    assert Settings().to_params() == {}


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("Plain dress", "Plain dress"),
        ("*Bold* _name_ [x](y)", r"\*Bold\* \_name\_ \[x\](y)"),
        ("$5 and $6", r"\$5 and \$6"),
        ("# no heading", r"\# no heading"),
        ("1. no list", r"1\. no list"),
        (":red[no colour]", r"\:red\[no colour\]"),
        ("<b>no tag</b>", r"\<b\>no tag\</b\>"),
        ("two\n\nlines", "two lines"),
        (":material/delete: :a:", "\\:\u2060material/delete: \\:\u2060a\\:"),
        ("www.a.b http://a a@b.c", "www\u2060.a.b http\u2060\\://a a@\u2060b.c"),
        ("a -- b -> c", "a -\u2060- b -\u2060\\> c"),
        ("\u202eturned\u202c \x07\u2066x", "turned x"),
        ("Sizes 3:4, well-known at 9:30", "Sizes 3\\:4, well-known at 9\\:30"),
    ],
)
def test_plain_text_stays_plain(raw: str, shown: str):
    assert text.plain(raw) == shown


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("Product “*x*” is gone.", "Product “\\*x\\*” is gone."),
        (
            "Run `python -m search use A_b` or `c_d`.",
            "Run `python -m search use A_b` or \\`c_d\\`.",
        ),
        ("`python -m search encode` helps *you*", "`python -m search encode` helps \\*you\\*"),
        ("` `python -m search x`` [a](b)", "\\` `python -m search x`\\` \\[a\\](b)"),
    ],
)
def test_a_sentence_stays_plain_but_for_its_commands(raw: str, shown: str):
    assert text.sentence(raw) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [(1.0000001, "1.000"), (-0.0001, "0.000"), (0.91249, "0.912"), (-1.2, "-1.000")],
)
def test_a_score_has_three_decimals_and_never_more_than_one(value: float, shown: str):
    assert text.score(value) == shown


def test_a_share_saved_is_never_rounded_up():
    assert text.share_saved(1999, Price(4000, "EUR")) == 49
    assert text.share_saved(10, Price(0, "EUR")) == 0


def test_csv_has_a_row_a_hit_and_no_formula():
    hits = (hit("=cmd()", 0.9, 3000), hit('a, "b"', 0.8, None, 2))
    rows = list(csv.DictReader(io.StringIO(result(*hits).to_csv().decode("utf-8-sig"))))
    assert [row["rank"] for row in rows] == ["1", "2"]
    assert rows[0]["name"] == "'=cmd()"
    assert rows[1]["name"] == 'a, "b"'
    assert (rows[0]["price"], rows[0]["saving"], rows[1]["saving"]) == ("50.00", "30.00", "")
    assert rows[0]["score"] == "0.9"


def test_json_says_where_the_answer_comes_from():
    answer = json.loads(result(hit("A", 0.9, 3000)).to_json())
    assert (answer["revision"], answer["network"], answer["metric"]) == (3, "fake-0", "cosine")
    assert answer["hits"][0]["path"] == "shoes/A.jpg"


def test_an_empty_answer_can_be_downloaded():
    assert list(csv.reader(io.StringIO(result().to_csv().decode("utf-8-sig")))) == [list(COLUMNS)]
    assert json.loads(result().to_json())["hits"] == []


def test_savings_order_only_where_there_is_a_price_to_compare_with():
    by_saving = Settings(sort="saving")
    assert by_saving.options(priced=True).order == "saving"
    assert by_saving.options(priced=False).order == "similarity"
    assert "saving" not in by_saving.orders(priced=False)
    assert replace(by_saving, mode=Mode.CHEAPER).options(priced=False).order == "similarity"


@pytest.mark.parametrize(
    ("name", "colour", "shown"),
    [
        ("Pacer Nine Narvik Retro Runner, sand", "sand", "Sand · Pacer Nine Narvik Retro Runner"),
        ("Boot (Dark Brown)", "dark brown", "Dark brown · Boot"),
        ("Red boot", "red", "Red boot"),
        ("Boot", "navy", "Navy · Boot"),
        ("Redwood", "red", "Redwood"),
        ("Sand", "sand", "Sand"),
        ("Short name", "", "Short name"),
    ],
)
def test_a_tile_names_the_colour_first(name: str, colour: str, shown: str):
    assert tiles.short_name(Product("1", name=name, colour=colour)) == shown


def test_a_long_name_without_a_colour_keeps_its_end():
    stem = "A very long name that any two lines of a tile would cut off"
    ends = [f"{stem} {end}" for end in ("for children", "for adults")]
    short = [tiles.short_name(Product(str(n), name=name)) for n, name in enumerate(ends)]
    assert short[0] != short[1]
    assert all(len(name) <= 42 for name in short)
    assert short[0].endswith("for children")
    assert short[0].startswith("A very long name")
