from __future__ import annotations

import json

import pytest

from search.catalogue import Catalogue
from search.cli import main
from search.feedback.events import Action, Shown
from search.feedback.judgements import judge_product, prefer
from search.feedback.store import EventStore
from tests.unit.feedback.customers import search

DAY = 86_400


@pytest.fixture
def events(home):
    Catalogue(home / "shop").close()
    store = EventStore(home / "shop")
    store.write([
        search("session-1", 1, [Shown(1, "P1")], 1.0),
        Action("click", "session-1", "P1", "search-00000001", 2.0),
        search("session-1", 2, [], 5 * DAY),
    ])  # fmt: skip
    judge_product(store, "ann", "q", "P1", good=True)
    prefer(store, "ann", "q", ("one", "two"), (["P1"], ["P2"]), "a")
    return store


def test_everything_is_exported(events, capsys, tmp_path):
    assert main(["events", "export"]) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {each["event"] for each in told} == {
        *("search", "shown", "action", "judgement", "preference"),
    }
    assert main(["events", "export", str(tmp_path / "events.jsonl")]) == 0
    written = (tmp_path / "events.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line) for line in written] == told


def test_events_before_a_day_are_deleted_then_all(events, capsys):
    assert main(["events", "delete", "--before", "1970-01-03"]) == 0
    assert capsys.readouterr().out.startswith("1 searches")
    assert main(["events", "delete", "--all"]) == 0
    assert events.rows("SELECT * FROM search") == []


def test_no_events_and_no_day(home, capsys):
    Catalogue(home / "shop").close()
    assert main(["events", "export"]) == 0
    assert main(["events", "delete", "--all"]) == 0
    assert main(["events", "delete", "--before", "soon"]) == 1
    assert "2026-01-31" in capsys.readouterr().err
    assert main(["events", "export", "nowhere/at/all.jsonl"]) == 1
