"""A shopper's view: Search alone, nothing to edit, kept along the way."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.app import tiles, words

KEEPING = ("catalogue", "add", "revisions", "audit", "health", "map")
SEARCH = "Find what looks like it"


def title(app: AppTest) -> str:
    (shown,) = app.title
    return str(shown.value)


def menu(app: AppTest) -> list[str]:
    return [str(box.key) for box in app.selectbox if box.key == "catalogue_switch"]


def test_a_shopper_searches_and_is_offered_no_editing(shop, open_app):
    app = open_app(view="shop")
    assert title(app) == SEARCH
    assert menu(app) == []
    assert menu(open_app()) == ["catalogue_switch"]
    app = app.button(key="similar_P00").click().run()
    assert not app.exception
    assert len(tiles(app)) == 12
    found = {name: app.query_params[name] for name in ("product", "view")}
    assert found == {"product": "P00", "view": "shop"}
    assert "Add" not in words(app)


@pytest.mark.parametrize("page", KEEPING)
def test_the_pages_that_keep_the_catalogue_are_not_a_shoppers(shop, open_app, page):
    assert open_app(view="all").switch_page(f"search/ui/pages/{page}.py").run().title
    known = r"Known pages: \['[^,]*search\.py'(, '[^,]*closed\.py')+\]"
    with pytest.raises(ValueError, match=known):
        open_app(view="shop").switch_page(f"search/ui/pages/{page}.py")
    closed = open_app(view="shop").switch_page("search/ui/pages/closed.py").run()
    assert [title.value for title in closed.title] == ["This page is not for shoppers"]


def test_the_role_lasts_for_the_session_until_the_address_says_another(shop, open_app):
    app = open_app(view="shop")
    app.query_params.clear()
    assert menu(app.run()) == []
    app.query_params["view"] = "all"
    assert menu(app.run()) == ["catalogue_switch"]
    app.query_params["view"] = "anything"
    assert menu(app.run()) == ["catalogue_switch"]
