from __future__ import annotations

import pytest

from search.access.places import is_here


@pytest.mark.parametrize("address", ["127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1"])
@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "[::1]", "LOCALHOST"])
def test_this_machine_is_here(address, name):
    headers = {"host": f"{name}:8501", "origin": f"http://{name}:8501"}
    assert is_here(address, headers)
    assert is_here(address, {})


@pytest.mark.parametrize("address", ["192.0.2.7", "2001:db8::1", "::ffff:192.0.2.7", "", "socket"])
def test_another_machine_is_not(address):
    assert not is_here(address, {"host": "localhost", "origin": "http://localhost"})


@pytest.mark.parametrize(
    "headers",
    [
        {"x-forwarded-for": "127.0.0.1"},
        {"forwarded": "for=127.0.0.1"},
        {"x-real-ip": "127.0.0.1"},
        {"via": "1.1 proxy"},
        {"host": "shop.example"},
        {"host": "localhost.evil.example"},
        {"host": "localhost", "origin": "https://shop.example"},
        {"host": "localhost", "origin": "null"},
        {"host": "localhost", "origin": "http://[broken"},
        {"host": "[::1"},
    ],
)
def test_a_proxy_or_a_foreign_page_at_this_machine_is_not(headers):
    assert not is_here("127.0.0.1", headers)
