"""The server of the pages answers the API too."""

from __future__ import annotations

import json
import urllib.error
import urllib.request

import pytest


def test_the_server_of_the_pages_answers_the_api(address):
    with urllib.request.urlopen(f"{address}/api/v1/health", timeout=30) as answer:
        assert json.load(answer) == {"status": "ok"}
    with urllib.request.urlopen(f"{address}/api/v1/catalogue", timeout=60) as answer:
        assert json.load(answer)["products"] > 0
        assert answer.headers["etag"]
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{address}/api/v1/products/none", timeout=60)
    assert json.load(refused.value)["code"] == "no-such-product"
