from __future__ import annotations

import os
import sqlite3
import stat

import pytest

from search.access import keys, store
from search.errors import AccessError


def test_a_key_is_known_by_its_secret_alone():
    key, secret = keys.add("website", origins=["https://shop.example"], rate=30)
    found = keys.known(secret)
    assert found == key
    assert (found.name, found.origins, found.rate) == ("website", ("https://shop.example",), 30)
    assert keys.known(secret[:-1]) is None
    assert keys.known("") is None
    assert keys.known("vps_" + key.id + "_" + "A" * 43) is None


def test_the_secret_is_kept_nowhere():
    _, secret = keys.add("website")
    content = store.place().read_bytes()
    assert secret.encode() not in content
    assert secret.rpartition("_")[2].encode() not in content
    if os.name == "posix":
        assert stat.S_IMODE(store.place().stat().st_mode) == 0o600


def test_a_revoked_key_is_listed_and_unknown():
    (first, one), (second, two) = keys.add("one"), keys.add("two")
    assert keys.revoke(first.id).revoked
    assert keys.known(one) is None
    assert keys.known(two) == second
    assert [(key.name, key.revoked is None) for key in keys.listed()] == [
        ("one", False),
        ("two", True),
    ]


def test_before_the_first_key_there_is_no_file():
    assert keys.listed() == []
    assert keys.known("vps_" + "0" * 12 + "_" + "A" * 43) is None
    assert not store.place().exists()


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("", {}),
        ("x" * 101, {}),
        ("a\nb", {}),
        ("shop", {"rate": 0}),
        ("shop", {"origins": ["shop.example"]}),
        ("shop", {"origins": ["https://shop.example/path"]}),
        ("shop", {"origins": ["*"]}),
    ],
)
def test_what_is_not_legal_is_refused(name, options):
    with pytest.raises(AccessError):
        keys.add(name, **options)
    assert keys.listed() == []


def test_an_unknown_key_cannot_be_revoked():
    with pytest.raises(AccessError, match="keys list"):
        keys.revoke("0" * 12)


def test_a_damaged_file_is_a_sentence():
    keys.add("website")
    store.place().write_bytes(b"no database at all, but long enough to look at" * 20)
    with pytest.raises(AccessError, match="hand out new keys"):
        keys.listed()
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(store.place()).execute("SELECT * FROM key")
