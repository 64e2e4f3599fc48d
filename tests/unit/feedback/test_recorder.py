from __future__ import annotations

import subprocess
import sys
import threading
import time

import pytest

from search.errors import EventError
from search.feedback.events import Action, Search, Shown
from search.feedback.recorder import Recorder, recorder_of
from search.feedback.store import EventStore
from tests.helpers import ROOT
from tests.unit.feedback.customers import search

NOW = time.time()  # events of long ago are summed up


def count(store: EventStore) -> int:
    rows = store.rows("SELECT count(*) FROM search")
    return rows[0][0] if rows else 0


def test_events_are_written_soon(tmp_path):
    recorder = Recorder(tmp_path, every=0.02)
    recorder.record(search("session-1", 1, [Shown(1, "P1")], NOW))
    until = time.monotonic() + 10
    while count(recorder.store) == 0 and time.monotonic() < until:
        time.sleep(0.01)
    assert count(recorder.store) == 1
    recorder.close()


def test_threads_lose_nothing(tmp_path):
    recorder = Recorder(tmp_path, every=0.01)

    def tell(start: int) -> None:
        for n in range(start, start + 200):
            recorder.record(search("session-1", n, [Shown(1, "P1")], NOW))

    threads = [threading.Thread(target=tell, args=(1000 * n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    recorder.close()
    assert count(recorder.store) == 800


def test_a_process_that_ends_has_written_what_it_took(tmp_path):
    code = f"""
from pathlib import Path
from search.feedback.recorder import recorder_of
from tests.unit.feedback.customers import search
recorder_of(Path({str(tmp_path)!r})).record(search("session-1", 1, [], {NOW}))
"""
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
    assert count(EventStore(tmp_path)) == 1


@pytest.mark.parametrize("word", ["off", "OFF", "0"])
def test_it_can_be_switched_off(tmp_path, monkeypatch, word):
    monkeypatch.setenv("SEARCH_EVENTS", word)
    recorder = Recorder(tmp_path)
    recorder.record(search("session-1", 1, [], NOW))
    recorder.close()
    assert not recorder.store.path.exists()


def test_a_disk_that_refuses_costs_events_and_nothing_else(tmp_path, caplog):
    recorder = Recorder(tmp_path / "gone")
    recorder.record(search("session-1", 1, [], NOW))
    recorder.flush()
    assert "1 events were lost" in caplog.text
    recorder.close()


def test_a_folder_has_one_recorder(tmp_path):
    assert recorder_of(tmp_path) is recorder_of(tmp_path)


def test_a_search_told_twice_is_one(tmp_path):
    store = EventStore(tmp_path)
    found = search("session-1", 1, [Shown(1, "P1")], NOW)
    store.write([found, found])
    assert count(store) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "stare"},
        {"product": ""},
        {"product": "x" * 201},
        {"session": "me"},
        {"session": "somebody@example.org"},
        {"search": "'; DROP TABLE"},
    ],
)
def test_what_is_no_event_is_refused(wrong):
    legal = {"kind": "click", "session": "session-1", "product": "P1", "search": None}
    Action(**legal)
    with pytest.raises(EventError):
        Action(**legal | wrong)


def test_events_are_deleted_and_what_is_newer_stays(tmp_path):
    store = EventStore(tmp_path)
    store.write([search("session-1", n, [Shown(1, "P1")], float(n)) for n in range(1, 11)])
    assert store.delete(before=6.0) == 5
    assert count(store) == 5
    assert store.delete() == 5
    assert count(store) == 0


def test_a_damaged_file_is_a_sentence(tmp_path):
    store = EventStore(tmp_path)
    store.path.write_bytes(b"not a database, however long one looks at it" * 50)
    with pytest.raises(EventError, match="move the file away"):
        store.rows("SELECT count(*) FROM search")
    with pytest.raises(EventError):
        store.write([search("session-1", 1, [], 1.0)])


def test_an_answer_is_told_without_what_was_uploaded(home, extractor):
    from search.catalogue import Catalogue
    from search.engine import Query, SearchEngine
    from tests.ui.shop import fill, photograph

    with Catalogue(home / "shop") as catalogue:
        fill(catalogue, extractor)
        query = Query((photograph(7),))
        result = SearchEngine(catalogue, extractor).search(query)
        told = Search.of(query, result, session="session-1")
    assert told.asked == "photograph"
    assert told.product is None
    assert [each.product for each in told.shown] == [hit.product.id for hit in result.hits]
    assert [each.position for each in told.shown] == [*range(1, len(result.hits) + 1)]


def test_what_was_done_may_be_told_before_what_was_shown(tmp_path):
    store = EventStore(tmp_path)
    found = search("session-1", 1, [Shown(1, "P1"), Shown(2, "P2")], NOW)
    store.write([Action("click", "session-1", "P2", found.id), found])
    assert store.rows("SELECT product FROM shown WHERE chosen") == [("P2",)]
    assert store.rows("SELECT chosen FROM search") == [(1,)]
