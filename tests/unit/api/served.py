"""The API served in this process, and who asks it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from search.api.application import create_app

CATALOGUE = "shop"
FROM_ELSEWHERE = ("192.0.2.7", 40000)  # an address for documentation (RFC 5737)

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient


@contextmanager
def served(
    client: tuple[str, int] = ("127.0.0.1", 50000), *, warm: bool = True, **options: Any
) -> Iterator[TestClient]:
    """Serve the API; the network is loaded when this begins, unless it cannot be."""
    app = create_app()
    options.setdefault("base_url", "http://localhost")
    with TestClient(app, client=client, raise_server_exceptions=False, **options) as asked:
        api = app.routes[0].app  # type: ignore[attr-defined]
        assert not warm or api.state.shop.is_warm(30)
        yield asked
