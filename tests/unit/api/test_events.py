from __future__ import annotations

import pytest

from search.feedback.analytics import click_through, overview
from search.feedback.recorder import recorder_of
from tests.ui.shop import photograph

SESSION = "visit-0001"


def told(client, *events: dict, session: str = SESSION, status: int = 202):
    answer = client.post("/api/v1/events", json={"session": session, "events": list(events)})
    assert answer.status_code == status, answer.text
    return answer.json()


def test_a_search_and_what_came_of_it_are_told(client, catalogue):
    answer = client.get(f"/api/v1/products/P00/similar?k=4&session={SESSION}")
    name = answer.headers["x-search-id"]
    first = answer.json()["hits"][0]["id"]
    assert told(client, {"kind": "click", "product": first, "search": name}) == {"accepted": 1}
    recorder = recorder_of(catalogue.folder)
    recorder.flush()
    assert [(s.hits, s.trials) for _, s in click_through(recorder.store)] == [
        *[(1, 1), (0, 1), (0, 1), (0, 1)],
    ]


def test_a_search_by_words_is_told_where_the_visit_is_named(client, catalogue):
    answer = client.get(f"/api/v1/products?words=thing&k=3&session={SESSION}")
    assert "x-search-id" in answer.headers
    assert "x-search-id" not in client.get("/api/v1/products?words=thing&k=3").headers
    recorder = recorder_of(catalogue.folder)
    recorder.flush()
    assert [(s.hits, s.trials) for _, s in click_through(recorder.store)] == [(0, 1)] * 3


def test_an_answer_from_a_cache_was_shown_too(client, catalogue):
    place = f"/api/v1/products/P00/similar?session={SESSION}"
    tag = client.get(place).headers["etag"]
    again = client.get(place, headers={"If-None-Match": tag})
    assert again.status_code == 304
    assert again.headers["x-search-id"]
    recorder = recorder_of(catalogue.folder)
    recorder.flush()
    assert overview(recorder.store).searches == 2


def test_a_second_page_begins_where_the_first_ended(client, catalogue):
    first = client.get(f"/api/v1/products/P00/similar?k=4&session={SESSION}").json()
    more = f"k=4&cursor={first['next']}&session={SESSION}"
    client.get(f"/api/v1/products/P00/similar?{more}")
    recorder = recorder_of(catalogue.folder)
    recorder.flush()
    assert [position for position, _ in click_through(recorder.store)] == [*range(1, 9)]


def test_without_a_session_nothing_is_told(client, catalogue):
    client.post("/api/v1/search", files={"photo": photograph(1)})
    recorder = recorder_of(catalogue.folder)
    recorder.flush()
    assert not recorder.store.path.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "stare", "product": "P1"},
        {"kind": "click", "product": ""},
        {"kind": "click", "product": "P1", "email": "a@example.org"},
    ],
)
def test_anything_else_is_refused(client, wrong):
    told(client, wrong, status=422)
    told(client, {"kind": "click", "product": "P1"}, session="me@example.org", status=422)
