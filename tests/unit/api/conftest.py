from __future__ import annotations

import pytest

from search.catalogue import Catalogue
from search.workspace import data_folder
from tests.unit.api.served import CATALOGUE, served


@pytest.fixture
def catalogue(home, extractor):
    """A small shop, the one in use."""
    from tests.ui.shop import fill

    opened = Catalogue(data_folder() / CATALOGUE)
    fill(opened, extractor)
    yield opened
    opened.close()


@pytest.fixture
def client(catalogue, extractor, monkeypatch):
    """Somebody on this machine who asks the API."""
    monkeypatch.setattr("search.api.shop.extractor_for", lambda name: extractor)
    with served() as client:
        yield client
