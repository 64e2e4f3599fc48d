from __future__ import annotations

import time

import pytest

from search.access import keys
from search.api import gate
from tests.ui.shop import photograph
from tests.unit.api.served import FROM_ELSEWHERE, served

SHOP = "https://shop.example"


@pytest.fixture
def elsewhere(catalogue, extractor, monkeypatch):
    """Somebody who asks from another machine."""
    monkeypatch.setattr("search.api.shop.extractor_for", lambda name: extractor)
    with served(FROM_ELSEWHERE) as client:
        yield client


def asked(client, **headers: str):
    return client.get("/api/v1/catalogue", headers=headers)


def test_from_elsewhere_a_key_is_needed(elsewhere):
    answer = asked(elsewhere)
    assert answer.status_code == 401
    assert answer.json()["code"] == "no-key"
    assert elsewhere.get("/api/v1/health").status_code == 200


@pytest.mark.parametrize("header", ["X-API-Key", "Authorization"])
def test_a_key_lets_in_until_it_is_revoked(elsewhere, header):
    key, secret = keys.add("website")
    headers = {header: secret if header == "X-API-Key" else f"Bearer {secret}"}
    assert asked(elsewhere, **headers).status_code == 200
    keys.revoke(key.id)
    assert asked(elsewhere, **headers).json()["code"] == "unknown-key"


def test_a_wrong_key_is_refused_even_here(client):
    _, secret = keys.add("website")
    wrong = secret[:-1] + ("A" if secret[-1] != "A" else "B")
    assert asked(client, **{"X-API-Key": wrong}).status_code == 401


def test_a_proxy_on_this_machine_is_not_somebody_here(client):
    assert asked(client).status_code == 200
    assert asked(client, **{"X-Forwarded-For": "192.0.2.7"}).status_code == 401


def test_a_key_belongs_to_pages_of_its_origins(elsewhere):
    _, secret = keys.add("website", origins=[SHOP])
    allowed = asked(elsewhere, Origin=SHOP, **{"X-API-Key": secret})
    assert allowed.status_code == 200
    assert allowed.headers["access-control-allow-origin"] == SHOP
    foreign = asked(elsewhere, Origin="https://other.example", **{"X-API-Key": secret})
    assert foreign.json()["code"] == "wrong-origin"
    assert "access-control-allow-origin" not in foreign.headers


def test_a_page_asks_first_whether_it_may(elsewhere):
    keys.add("website", origins=[SHOP])

    def preflight(origin: str):
        return elsewhere.options(
            "/api/v1/search",
            headers={
                "Origin": origin,
                "Access-Control-Request-Method": "POST",
                "Access-Control-Request-Headers": "x-api-key",
            },
        )

    assert preflight(SHOP).status_code == 200
    assert preflight("https://other.example").status_code == 400


def test_origins_of_the_operator_need_no_key(elsewhere, monkeypatch):
    monkeypatch.setenv(gate.ORIGINS, f"{SHOP} https://second.example")
    assert asked(elsewhere, Origin=SHOP).status_code == 200
    assert asked(elsewhere, Origin="https://other.example").status_code == 401


def test_a_key_has_a_rate_of_its_own(elsewhere):
    (_, slow), (_, fast) = keys.add("slow", rate=3), keys.add("fast")
    answers = [asked(elsewhere, **{"X-API-Key": slow}) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert answers[-1].json()["code"] == "too-many-requests"
    assert int(answers[-1].headers["retry-after"]) > 0
    assert asked(elsewhere, **{"X-API-Key": fast}).status_code == 200


def test_a_body_too_large_is_refused_before_it_is_read(client):
    def body():
        yield b"x"
        raise AssertionError("read on")

    answer = client.post(
        "/api/v1/search",
        content=body(),
        headers={"Content-Length": str(gate.LARGEST + 1), "Content-Type": "multipart/form-data"},
    )
    assert answer.status_code == 413


def test_a_body_of_unknown_size_is_cut_off(catalogue, extractor, monkeypatch):
    monkeypatch.setattr("search.api.shop.extractor_for", lambda name: extractor)
    monkeypatch.setattr(gate.Gate.__init__, "__kwdefaults__", {"largest": 1000, "seconds": 30.0})
    with served() as client:
        answer = client.post("/api/v1/search", files={"photo": b"x" * 5000})
        assert answer.status_code == 413
        assert answer.json()["code"] == "too-large"


def test_a_request_has_a_limit_of_time(catalogue, extractor, monkeypatch):
    monkeypatch.setattr("search.api.shop.extractor_for", lambda name: extractor)
    monkeypatch.setattr(gate.Gate.__init__, "__kwdefaults__", {"largest": 10**7, "seconds": 0.2})
    embed = extractor.cells
    with served() as client:
        monkeypatch.setattr(extractor, "cells", lambda photos: time.sleep(1) or embed(photos))
        answer = client.post("/api/v1/search", files={"photo": photograph(1)})
        assert answer.json()["code"] == "too-slow"
