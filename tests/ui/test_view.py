"""One view for each run: no page shows half of a change, no tile asks the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from search.catalogue import Catalogue
from search.catalogue.database import Database
from search.engine import SearchEngine
from search.ui import engines
from tests.ui.app import tiles, words


def rename_all(shop: Catalogue) -> None:
    """One change that every tile shows."""
    with shop.change("test", "rename") as change:
        for product in shop.products():
            change.update(product.id, name=product.name.replace("Thing", "Changed"))


def once(action):
    """Something to call that acts the first time only."""
    todo = [action]
    return lambda: todo.pop()() if todo else None


@pytest.mark.parametrize("page", ["search", "catalogue", "audit", "health"])
def test_a_change_after_the_view_is_taken_shows_in_the_next_run_only(
    twins, open_app, monkeypatch, page
):
    app = open_app().switch_page(f"search/ui/pages/{page}.py").run()
    take = engines.view
    change = once(lambda: rename_all(twins))

    def view(name: str) -> engines.View:
        taken = take(name)
        change()
        return taken

    monkeypatch.setattr(engines, "view", view)
    app = app.run()
    assert not app.error
    assert "Thing" in words(app)
    assert "Changed" not in words(app)
    app = app.run()
    assert "Changed" in words(app)
    assert "Thing" not in words(app)


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_change_beside_a_search_shows_in_the_next_run_only(shop, open_app, monkeypatch, when):
    search = SearchEngine.search
    change = once(lambda: rename_all(shop))

    def searching(engine: SearchEngine, *asked, **options):
        if when == "before":
            change()
        result = search(engine, *asked, **options)
        change()
        return result

    monkeypatch.setattr(SearchEngine, "search", searching)
    app = open_app(product="P00")
    assert not app.error
    assert len(tiles(app)) == 12
    assert "## Thing 0" in words(app)
    assert "Changed" not in words(app)
    app = app.run()
    assert "## Changed 0" in words(app)
    assert "Thing" not in words(app)


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The database's reading transactions."""
    reading, seen = Database.reading, []

    def read(database: Database):
        seen.append("read")
        return reading(database)

    with monkeypatch.context() as patch:
        patch.setattr(Database, "reading", read)
        yield seen


def test_no_tile_opens_a_transaction(shop, open_app, monkeypatch):
    app = open_app(product="P00", k="2")
    numbers = []
    for k in (3, 16):
        app.slider(key="set_k").set_value(k)
        with counted(monkeypatch) as seen:
            app = app.run()
        assert len(tiles(app)) == k
        numbers.append(len(seen))
    assert numbers[0] == numbers[1] <= 3
