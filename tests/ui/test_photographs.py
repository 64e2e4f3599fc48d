"""The dialog with a product's photographs, driven without a browser."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from tests.helpers import draw, encode
from tests.ui.app import press, words

OPEN = """
from search.ui import engines
from search.ui.components.catalogue import photographs

photographs.edit(engines.view("shop"), "P06")
"""


@pytest.fixture
def dialog(shop) -> AppTest:
    """The dialog, opened by every run, as a fragment's run would leave it open."""
    return AppTest.from_string(OPEN, default_timeout=60).run()


def choose(app: AppTest, *names: str) -> AppTest:
    files = [(name, encode(draw(name)), "image/png") for name in names]
    app.file_uploader(key="more_photos_P06").set_value(files)
    return app.run()


def sources(shop) -> list[str]:
    return [photo.source for photo in shop.photos("P06")]


def test_photographs_are_added_and_encoded(shop, dialog, extractor):
    app = press(choose(dialog, "side.png", "back.png"), "Add")
    assert not app.exception
    assert sources(shop) == ["things/06.png", "side.png", "back.png"]
    assert shop.without_feature(extractor.fingerprint) == []


def test_they_take_the_place_of_the_present_ones_when_asked(shop, dialog):
    press(choose(dialog, "side.png"), "Replace")
    assert sources(shop) == ["side.png"]


def test_one_can_be_removed_once_confirmed(shop, dialog):
    (stored,) = shop.photos("P06")
    assert "Without one the product cannot be found" in words(dialog)
    app = dialog.button(key=f"remove_{stored.id}").click().run()
    assert sources(shop) == []
    assert app.session_state["done"] == ("A photograph of P06 was removed; Revisions undoes it.")


def test_replacing_says_how_many_go_and_come(shop, dialog):
    app = choose(dialog, "side.png", "back.png")
    assert "Replace 1 photograph with 2 new?" in words(app)
    app = press(app, "Replace")
    assert app.session_state["done"].startswith("2 photographs of P06 added in place of 1;")


def test_a_file_that_is_not_a_photograph_is_a_sentence_and_changes_nothing(shop, dialog):
    before = shop.revision()
    dialog.file_uploader(key="more_photos_P06").set_value([("x.png", b"nothing", "image/png")])
    app = press(dialog.run(), "Add")
    assert "“x.png”" in app.error[0].value
    assert shop.revision() == before
