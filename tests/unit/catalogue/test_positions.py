"""Positions followed through changes are those of the ids in order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.catalogue import positions
from search.catalogue.positions import Positions

some_ids = st.sets(st.text("abc", min_size=1, max_size=3), max_size=12)


@given(some_ids, st.lists(st.tuples(some_ids, some_ids), max_size=6))
def test_they_are_those_of_the_ids_in_order(first, changes):
    there = set(first)
    followed = Positions(sorted(there))
    for gone, came in changes:
        gone, came = gone & there, came - there
        before = dict(followed)
        later = followed.changed(gone, came)
        assert dict(followed) == before
        there = there - gone | came
        followed = later
        assert list(followed) == sorted(there)
        assert len(followed) == len(there)
        assert followed.several(list(followed)).tolist() == list(range(len(there)))
        assert {id: followed[id] for id in there} == {id: n for n, id in enumerate(sorted(there))}
        for id in gone - came:
            assert id not in followed
            with pytest.raises(KeyError):
                followed[id]


def test_many_changes_are_numbered_anew(monkeypatch):
    monkeypatch.setattr(positions, "_MANY", 3)
    followed = Positions(["b", "d"])
    for id in ("a", "c", "e", "f", "g"):
        followed = followed.changed((), {id})
    assert dict(followed) == {id: n for n, id in enumerate("abcdefg")}


def test_nothing_else_is_among_them():
    assert 3 not in Positions(["a"])
    assert [] not in Positions(["a"])
