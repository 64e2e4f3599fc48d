"""A small shop to show on the pages: a real catalogue, drawn photographs, no network."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from search import workspace
from search.catalogue import Catalogue
from search.engine import SearchEngine
from search.ui import boundary, engines, visitors
from tests.helpers import ROOT, FakeExtractor
from tests.ui.shop import fill, product


@pytest.fixture(autouse=True)
def _fresh(
    monkeypatch: pytest.MonkeyPatch, extractor: FakeExtractor, caplog: pytest.LogCaptureFixture
) -> Iterator[None]:
    """Caches emptied, the fake extractor behind every engine, nothing done in the background.

    What only the log would tell fails a test, unless it takes the record away.
    """

    def open_engine(name: str | None = None, **_: object) -> SearchEngine:
        return SearchEngine(workspace.open_catalogue(name), extractor)

    monkeypatch.setattr(SearchEngine, "open", open_engine)
    monkeypatch.setattr(visitors, "connection", lambda: visitors.Connection("127.0.0.1", {}, {}))
    monkeypatch.setattr(workspace, "DEMO", Path("nowhere"))
    monkeypatch.setattr(engines, "_warmed", lambda *_: threading.Thread())
    monkeypatch.setattr(engines, "_learnt", lambda *_: threading.Thread())
    st.cache_data.clear()
    st.cache_resource.clear()
    yield
    st.cache_data.clear()
    st.cache_resource.clear()
    assert [record for record in caplog.records if record.name == boundary.__name__] == []


@pytest.fixture
def shop(home: Path, extractor: FakeExtractor) -> Catalogue:
    """A catalogue of twenty drawn products."""
    catalogue = Catalogue(home / "shop")
    fill(catalogue, extractor)
    return catalogue


@pytest.fixture
def twins(shop: Catalogue) -> Catalogue:
    """The shop whose dear product and cheap twin have one colour: facts would part them else."""
    with shop.change("test", "dye") as change:
        change.update("P01", colour=product(0).colour)
    return shop


@pytest.fixture
def open_app() -> Callable[..., AppTest]:
    """Open the app, at an address if one is given."""

    def opened(**params: str | list[str]) -> AppTest:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        for name, value in params.items():
            app.query_params[name] = value
        return app.run()

    return opened


@pytest.fixture
def page(open_app: Callable[..., AppTest]) -> Callable[[str], AppTest]:
    """Open one page of the app."""

    def opened(name: str) -> AppTest:
        app = open_app().switch_page(f"search/ui/pages/{name}.py").run()
        assert not app.exception
        return app

    return opened
