"""Names of files survive as text, whatever bytes they are."""

from __future__ import annotations

import json
import sqlite3

import pytest

from search import filenames

NAMES = [
    b"plain.jpg",
    "Screenshot 9.41\u202fAM.jpg".encode(),
    "no\u00a0break  two.jpg".encode(),
    "soft\u00adhyphen.jpg".encode(),
    b"tab\there.jpg",
    b"line\nbreak.jpg",
    "e\u0301 and \u00e9.jpg".encode(),
    b"sk\xe5.jpg",
    b"sk\xf8.jpg",
    b"\xff\xfe.jpg",
    "private \uef80\uefff use.jpg".encode(),
    "private \uef80".encode() + b"\xe9.jpg",
    b"\xee\xbe",
    b"\xed\xa0\x80.jpg",
    "\U0001f45f.jpg".encode(),
]


@pytest.fixture(params=NAMES, ids=[str(n) for n in range(len(NAMES))])
def name(request: pytest.FixtureRequest) -> str:
    return request.param.decode("utf-8", "surrogateescape")


def test_a_stored_name_comes_back_whole(name: str) -> None:
    text = filenames.stored(name)
    assert filenames.restored(text) == name
    with sqlite3.connect(":memory:") as connection:
        assert connection.execute("SELECT ?", (text,)).fetchone() == (text,)
    assert json.loads(json.dumps(text, ensure_ascii=False).encode()) == text


def test_a_name_becomes_the_path_that_the_system_opens(name: str) -> None:
    assert filenames.name_of(filenames.system_path(name)) == name


def test_text_is_stored_as_it_is() -> None:
    text = "Größe\u202f42\t.jpg"
    assert filenames.stored(text) == filenames.restored(text) == text


def test_what_was_stored_before_is_read_as_it_is() -> None:
    assert filenames.restored("Schuh\ud800.jpg") == "Schuh\ud800.jpg"


def test_names_have_ids_of_their_own_that_hold_nothing_unsafe() -> None:
    names = [name.decode("utf-8", "surrogateescape") for name in NAMES]
    ids = [filenames.as_id(name) for name in names]
    assert len(set(ids)) == len(ids)
    for each in ids:
        each.encode()
        assert not {"\t", "\n", "\u202e"} & set(each)


def test_accents_written_either_way_are_one_id() -> None:
    assert filenames.as_id("cafe\u0301") == filenames.as_id("caf\u00e9") == "caf\u00e9"
