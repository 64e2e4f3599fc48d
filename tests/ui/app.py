"""Reading and pressing what a page of the app shows."""

from __future__ import annotations

import time
from collections.abc import Callable

from streamlit.testing.v1 import AppTest


def words(app: AppTest) -> str:
    kinds = ("title", "markdown", "caption", "error", "success", "metric", "subheader")
    return "\n".join(str(element.value) for kind in kinds for element in app.get(kind))


def strip_signs(text: str) -> str:
    """Text without the signs that keep it from being read as Markdown."""
    return text.replace("\\", "")


def tiles(app: AppTest) -> list[str]:
    keys = [str(button.key) for button in app.button]
    return [key.removeprefix("similar_") for key in keys if key.startswith("similar_")]


def press(app: AppTest, label: str) -> AppTest:
    (button,) = [b for b in app.button if b.label == label]
    app = button.click().run()
    assert not app.exception
    return app


def until(app: AppTest, done: Callable[[AppTest], bool]) -> AppTest:
    """Look again, as the page does by itself, until a task beside it is done."""
    patience = time.monotonic() + 120
    while time.monotonic() < patience:
        if done(app):
            return app
        time.sleep(0.1)
        app = app.run()
        assert not app.exception
    raise AssertionError(words(app))
