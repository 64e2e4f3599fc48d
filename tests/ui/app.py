"""Reading and pressing what a page of the app shows."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def words(app: AppTest) -> str:
    kinds = ("title", "markdown", "caption", "error", "success", "metric", "subheader")
    return "\n".join(str(element.value) for kind in kinds for element in app.get(kind))


def tiles(app: AppTest) -> list[str]:
    keys = [str(button.key) for button in app.button]
    return [key.removeprefix("similar_") for key in keys if key.startswith("similar_")]


def press(app: AppTest, label: str) -> AppTest:
    (button,) = [b for b in app.button if b.label == label]
    app = button.click().run()
    assert not app.exception
    return app
