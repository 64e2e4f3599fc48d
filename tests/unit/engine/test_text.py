from __future__ import annotations

import threading

import numpy as np
import pytest

from search.catalogue import Product
from search.engine.text import TextIndex, words_of

PRODUCTS = (
    Product("A1", "Leather ankle boot", "footwear", "Tessaro", "red", attributes={"kind": "boots"}),
    Product("A2", "Suede ankle boot", "footwear", "Marlo", "navy", attributes={"kind": "boots"}),
    Product("B1", "Court sneaker", "footwear", "Dunmoor", "red", attributes={"kind": "sneakers"}),
    Product("C1", "Crew T-shirt", "tops", "Plainday", "red", attributes={"material": "cotton"}),
    Product("D1", "Wide trousers", "bottoms", "Café Noir", "tan"),
    Product("E1", "Tote", "bags", "Orvelle", "red", attributes={"note": "goes with red boots"}),
)


@pytest.fixture(scope="module")
def index():
    return TextIndex(PRODUCTS)


def found(index: TextIndex, words: str) -> list[str]:
    return [PRODUCTS[position].id for position in index.ranked(words)]


def test_every_word_must_be_there_and_what_a_thing_is_comes_first(index):
    assert found(index, "red boots") == ["A1", "E1"]
    assert found(index, "red boots navy") == []


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("boot", {"A1", "A2", "E1"}),
        ("BOOTS", {"A1", "A2", "E1"}),
        ("sneak", {"B1"}),
        ("footwear navy", {"A2"}),
        ("cotton", {"C1"}),
        ("t-shirt", {"C1"}),
        ("a2", {"A2"}),
        ("cafe", {"D1"}),
        ("CAFÉ", {"D1"}),
    ],
)
def test_forms_beginnings_and_accents(index, words, ids):
    assert set(found(index, words)) == ids


@pytest.mark.parametrize(
    ("slip", "ids"),
    [
        ("rde sneaker", {"B1"}),  # two letters exchanged
        ("snaeker", {"B1"}),
        ("bots", {"A1", "A2", "E1"}),  # not the bottoms, which share the stem
        ("trosers", {"D1"}),
        ("leathr", {"A1"}),
    ],
)
def test_slips_of_the_pen(index, slip, ids):
    assert set(found(index, slip)) == ids


@pytest.mark.parametrize("words", ["zebra", "qq", "re dx"])
def test_what_is_not_there_is_not_found(index, words):
    assert found(index, words) == []


@pytest.mark.parametrize(
    "words", ['"', "red AND", "NEAR(", "name:red", "*", "'; DROP", "-", "^red"]
)
def test_what_fts5_would_take_as_its_own_language_is_text(index, words):
    index.ranked(words)


def test_no_words_are_in_every_product(index):
    assert index.mask("").all()
    assert index.mask(" - ").all()
    assert index.mask("red").tolist() == [True, False, True, True, False, True]


def test_an_empty_catalogue_has_no_words():
    assert TextIndex(()).ranked("red").tolist() == []
    assert TextIndex(()).mask("red").tolist() == []


def test_words_of_a_long_query_are_few():
    assert len(words_of("a " * 500)) == 12


def test_threads_may_share_it(index):
    answers: list[list[str]] = []
    threads = [
        threading.Thread(target=lambda: answers.append(found(index, "rde boots"))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [["A1", "E1"]] * 8


def test_positions_are_those_of_the_products(index):
    assert index.ranked("navy").dtype == np.int64
    assert PRODUCTS[index.ranked("navy")[0]].id == "A2"
