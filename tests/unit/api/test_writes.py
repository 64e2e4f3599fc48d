"""What can be written over HTTP: what customers did, and nothing else, by whoever may ask."""

from __future__ import annotations

import pytest

from search.access import keys
from search.feedback.recorder import recorder_of
from tests.unit.api.served import FROM_ELSEWHERE, served

TOLD = {"session": "session-1", "events": [{"kind": "click", "product": "P00"}]}
CALLERS = {
    "this machine": (("127.0.0.1", 50000), {}, True),
    "a key": (FROM_ELSEWHERE, {"X-API-Key": ""}, True),
    "a revoked key": (FROM_ELSEWHERE, {"X-API-Key": ""}, False),
    "anybody": (FROM_ELSEWHERE, {}, False),
    "anybody who says it is this machine": (
        *(FROM_ELSEWHERE, {"X-Forwarded-For": "127.0.0.1", "Host": "localhost"}),
        False,
    ),
    "a page that reaches this machine by its own name": (
        *(("127.0.0.1", 50000), {"Host": "shop.example"}),
        False,
    ),
    "a person's cookie": (FROM_ELSEWHERE, {"Cookie": "signed_in=anything"}, False),
}


@pytest.mark.parametrize("caller", CALLERS)
def test_events_are_written_by_whoever_may_ask(catalogue, extractor, monkeypatch, caller):
    monkeypatch.setattr("search.api.shop.extractor_for", lambda name: extractor)
    client, headers, allowed = CALLERS[caller]
    if "X-API-Key" in headers:
        key, secret = keys.add("website")
        headers = {"X-API-Key": secret}
        if not allowed:
            keys.revoke(key.id)
    before = catalogue.revision()
    with served(client) as asked:
        answer = asked.post("/api/v1/events", json=TOLD, headers=headers)
    assert answer.status_code == (202 if allowed else 401)
    recorder = recorder_of(catalogue.folder)
    recorder.flush()
    assert len(recorder.store.rows("SELECT 1 FROM action")) == int(allowed)
    assert catalogue.revision() == before


def test_no_other_request_writes(client):
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    writing = {
        (method, path)
        for path, methods in paths.items()
        for method in methods
        if method in ("post", "put", "patch", "delete")
    }
    # A search is sent as a body for its photograph; it writes nothing but that it was made.
    assert writing == {("post", "/v1/events"), ("post", "/v1/search")}
