from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import closing

import pytest

from search.access import keys, passcodes, store
from search.errors import AccessError
from search.roles import Person, Role

COST = passcodes.COST


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(passcodes, "COST", (2, 1, 1))


def test_a_passcode_belongs_to_a_name_and_gives_its_role():
    passcodes.put("Ann", "correct horse", Role.OWNER)
    passcodes.put("Ben", "battery staple", Role.VIEWER)
    person, kept = passcodes.known(" Ann ", "correct horse ")
    assert person == Person("Ann", Role.OWNER)
    assert passcodes.still("Ann", kept) == person
    assert passcodes.known("Ben", "correct horse") is None
    assert passcodes.known("Ann", "correct hors") is None
    assert passcodes.known("Cleo", "correct horse") is None
    assert passcodes.known("Ann", "") is None
    assert [(each.name, each.role) for each in passcodes.listed()] == [
        ("Ann", Role.OWNER),
        ("Ben", Role.VIEWER),
    ]


def test_another_passcode_or_none_ends_what_the_first_gave():
    passcodes.put("Ann", "correct horse", Role.OWNER)
    _, kept = passcodes.known("Ann", "correct horse")
    passcodes.put("Ann", "battery staple", Role.VIEWER)
    assert passcodes.still("Ann", kept) is None
    assert passcodes.known("Ann", "correct horse") is None
    passcodes.remove("Ann")
    assert passcodes.known("Ann", "battery staple") is None
    assert passcodes.listed() == []
    with pytest.raises(AccessError, match="passcode list"):
        passcodes.remove("Ann")


def test_only_a_salted_scrypt_hash_is_kept(monkeypatch):
    monkeypatch.setattr(passcodes, "COST", (2**10, 8, 1))
    passcodes.put("Ann", "correct horse", Role.OWNER)
    passcodes.put("Ben", "correct horse", Role.OWNER)
    assert b"correct horse" not in store.place().read_bytes()
    if os.name == "posix":
        assert stat.S_IMODE(store.place().stat().st_mode) == 0o600
    with closing(sqlite3.connect(store.place())) as connection:
        hashes = [row[0] for row in connection.execute("SELECT hash FROM passcode")]
    assert len(set(hashes)) == 2
    assert all(each.startswith("scrypt$1024$8$1$") for each in hashes)
    # A cost that is raised later leaves the passcodes of before as they are.
    monkeypatch.setattr(passcodes, "COST", (2**11, 8, 1))
    assert passcodes.known("Ann", "correct horse") is not None


def test_the_cost_is_what_is_recommended():
    n, r, p = COST  # 2**15, 8, 3 is one of OWASP's
    assert n * r * p >= 2**15 * 8 * 3


@pytest.mark.parametrize(
    ("name", "passcode"),
    [("", "long enough"), ("x" * 61, "long enough"), ("a\nb", "long enough"), ("Ann", "short")],
)
def test_what_is_not_legal_is_refused(name, passcode):
    with pytest.raises(AccessError):
        passcodes.put(name, passcode, Role.VIEWER)
    with pytest.raises(AccessError):
        passcodes.put("Ann", "x" * 201, Role.VIEWER)
    assert passcodes.listed() == []


def test_a_file_of_before_there_were_passcodes_has_none():
    keys.add("website")
    with closing(sqlite3.connect(store.place())) as connection:
        connection.execute("DROP TABLE passcode")
    assert passcodes.listed() == []
    assert passcodes.known("Ann", "correct horse") is None
    passcodes.put("Ann", "correct horse", Role.VIEWER)
    assert len(passcodes.listed()) == 1
    assert len(keys.listed()) == 1


def test_a_damaged_file_is_a_sentence():
    passcodes.put("Ann", "correct horse", Role.VIEWER)
    store.place().write_bytes(b"no database" * 100)
    with pytest.raises(AccessError, match="cannot be read"):
        passcodes.listed()


def test_random_passcodes_differ_and_are_legal():
    made = {passcodes.generate() for _ in range(50)}
    assert len(made) == 50
    for each in made:
        assert len(each) == 19
        passcodes.put("Ann", each, Role.VIEWER)
        assert passcodes.known("Ann", each) is not None
