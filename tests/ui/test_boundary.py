"""Whatever goes wrong in a page, a dialog or a press is one sentence; the log keeps the rest."""

from __future__ import annotations

import pytest

from search.catalogue import Catalogue
from search.engine import LoadedCatalogue, SearchEngine
from search.errors import CatalogueError
from search.ui import boundary
from tests.ui.app import words

TITLES = {
    "search": "Find what looks like it",
    "catalogue": "Catalogue",
    "add": "Add products",
    "revisions": "Revisions",
    "audit": "Price audit",
    "health": "Health",
    "map": "Map",
}
LOCKED = "The catalogue is locked by another program: close it and try again."


def failing(error: Exception):
    def fail(*_: object, **__: object):
        raise error

    return fail


def logged(caplog: pytest.LogCaptureFixture) -> list[str]:
    """The tracebacks that the log has of pages, taken away from it."""
    ours = [record for record in caplog.records if record.name == boundary.__name__]
    caplog.clear()
    return [record.exc_text or str(record.exc_info) for record in ours]


@pytest.fixture
def at(open_app):
    """Go to a page, whatever becomes of it."""
    return lambda page: open_app().switch_page(f"search/ui/pages/{page}.py").run()


@pytest.mark.parametrize("page", TITLES)
def test_a_catalogue_that_cannot_be_opened_is_a_sentence(shop, at, monkeypatch, caplog, page):
    monkeypatch.setattr(SearchEngine, "open", failing(CatalogueError(LOCKED)))
    app = at(page)
    assert not app.exception
    assert [error.value for error in app.error] == [LOCKED]
    assert app.title[0].value == TITLES[page]
    assert logged(caplog) == []


@pytest.mark.parametrize("page", TITLES)
def test_a_catalogue_that_cannot_be_read_is_a_sentence(shop, at, monkeypatch, caplog, page):
    monkeypatch.setattr(Catalogue, "revision", failing(CatalogueError(LOCKED)))
    app = at(page)
    assert not app.exception
    assert [error.value for error in app.error] == [LOCKED]
    assert logged(caplog) == []


@pytest.mark.parametrize("page", TITLES)
def test_a_mistake_of_ours_is_logged_and_told_without_a_traceback(
    shop, at, monkeypatch, caplog, page
):
    monkeypatch.setattr(SearchEngine, "loaded", failing(ZeroDivisionError("by nought")))
    app = at(page)
    assert not app.exception
    assert [error.value for error in app.error] == [boundary.UNEXPECTED]
    assert "nought" not in words(app)
    assert any("nought" in text for text in logged(caplog))


@pytest.mark.parametrize(
    ("page", "owner", "part"),
    [
        ("search", LoadedCatalogue, "feature"),
        ("catalogue", Catalogue, "thumbnail"),
        ("revisions", Catalogue, "revisions"),
    ],
)
def test_what_fails_in_the_middle_of_a_page(shop, at, open_app, monkeypatch, page, owner, part):
    monkeypatch.setattr(owner, part, failing(CatalogueError(LOCKED)))
    app = open_app(product="P00") if page == "search" else at(page)
    assert not app.exception
    assert app.title[0].value == TITLES[page]
    if page == "catalogue":  # a picture that is gone leaves a grey tile, and the page goes on
        assert not app.error
    else:
        assert [error.value for error in app.error] == [LOCKED]


def test_a_press_that_fails_is_told_by_the_next_run(shop, at, monkeypatch, caplog):
    with shop.change("Ada", "reprice") as change:
        change.update("P06", price=100)
    app = at("revisions").text_input(key="actor").set_value("Ada").run()
    undo = next(b for b in app.button if b.label == "Undo the last change")
    monkeypatch.setattr(Catalogue, "undo", failing(CatalogueError(LOCKED)))
    app = undo.click().run()
    assert not app.exception
    assert [error.value for error in app.error] == [LOCKED]
    assert app.dataframe  # the page is there all the same
    monkeypatch.setattr(Catalogue, "undo", failing(KeyError("nothing there")))
    app = next(b for b in app.button if b.label == "Undo the last change").click().run()
    assert [error.value for error in app.error] == [boundary.UNEXPECTED]
    assert any("nothing there" in text for text in logged(caplog))
    assert not app.run().error  # told once


def test_a_dialog_that_fails_is_a_sentence_in_it(shop, at, monkeypatch, caplog):
    app = at("catalogue")
    monkeypatch.setattr(LoadedCatalogue, "product", failing(RuntimeError("nothing there")))
    app = app.button(key="photos_P06").click().run()
    assert not app.exception
    assert [error.value for error in app.error] == [boundary.UNEXPECTED]
    assert any("nothing there" in text for text in logged(caplog))
