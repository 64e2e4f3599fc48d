"""Text of the data and of links reaches the browser as text, wherever Streamlit reads Markdown."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from google.protobuf.message import Message
from streamlit.testing.v1 import AppTest

from search import photos
from search.catalogue import Catalogue
from search.insight.health import Issue
from search.ui import insights
from search.ui.components.common import text
from search.ui.components.common.tiles import short_name
from tests.helpers import FakeExtractor
from tests.ui import hostile
from tests.ui.app import press, tiles, until
from tests.ui.shop import photograph

HOST = "127.0.0.1:9"
SAID = {f"foe{at}": said for at, said in enumerate(hostile.texts(HOST), start=1)}

# What the browser shows as it is, or never shows. All else counts as Markdown, new fields too.
PLAIN = {
    "*.id", "*.form_id", "*.element_id", "*.url", "*.alt", "*.user_key", "*.fragment_id",
    "Selectbox.options", "MultiSelect.options", "MultiSelect.raw_values", "Selectbox.raw_value",
    "Selectbox.placeholder", "TextInput.value", "TextInput.default", "BidiComponent.json",
    "BidiComponent.html_content", "Html.body", "VegaLiteChart.spec", "Arrow.columns",
    "Arrow.column_order", "ButtonGroup.raw_values", "PageLink.page", "MultiSelect.placeholder",
}  # fmt: skip


@pytest.fixture
def hostile_shop(home: Path, extractor: FakeExtractor) -> Catalogue:
    catalogue = Catalogue(home / "shop")
    pictures = [photos.read(photograph(number)) for number in range(20)]
    hostile.fill(catalogue, HOST, pictures)
    features = zip((picture.sha256 for picture in pictures), extractor.embed(pictures), strict=True)
    catalogue.save_features(extractor.fingerprint, dict(features))
    hostile.rename(catalogue, HOST)
    return catalogue


@pytest.fixture(autouse=True)
def whole_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names are not cut, so that a text is found whole; what is cut has a test of its own."""
    monkeypatch.setattr("search.ui.components.common.tiles.short_name", text.title)


def messages(node) -> Iterator[Message]:
    """What a run sends to the browser, part by part."""
    if getattr(node, "proto", None) is not None:
        yield node.proto
    for child in getattr(node, "children", {}).values():
        yield from messages(child)


def strings(message: Message) -> Iterator[tuple[str, str]]:
    """The texts in a message, each with the name of its field."""
    name = message.DESCRIPTOR.name
    for field, value in message.ListFields():
        if field.type == field.TYPE_MESSAGE:
            parts = value if field.is_repeated else [value]
            if field.message_type.GetOptions().map_entry:
                continue
            for part in parts:
                yield from strings(part)
        elif field.type == field.TYPE_STRING:
            for said in value if field.is_repeated else [value]:
                yield f"{name}.{field.name}", said


def live(app: AppTest, texts: Mapping[str, str] = SAID) -> list[tuple[str, str]]:
    """Where a hostile text reaches a field that is read as Markdown without being escaped."""
    found = []
    for message in messages(app._tree):
        for place, shown in strings(message):
            if place in PLAIN or f"*.{place.partition('.')[2]}" in PLAIN:
                continue
            for word in re.findall(r"foe\d+", shown):
                # A text may be in the middle of a line: only at its start blocks are escaped.
                whole = text.plain(f"x {texts[word]}").removeprefix("x ")
                if whole not in shown.replace(text.plain(texts[word]), whole):
                    found.append((place, shown))
    return found


def seen(app: AppTest) -> int:
    return sum("foe" in said for each in messages(app._tree) for _, said in strings(each))


@pytest.mark.parametrize("name", ["search", "catalogue", "revisions", "audit"])
def test_every_page_shows_hostile_texts_as_text(hostile_shop, page, name):
    app = page(name)
    assert seen(app) > 0
    assert live(app) == []


@pytest.mark.parametrize("kind", ["other category", "no price"])
def test_what_is_doubtful_and_its_fix(hostile_shop, page, monkeypatch, kind):
    product, category = hostile.product(0, HOST), hostile.product(1, HOST).category
    suggested = category if kind == "other category" else ""
    issue = Issue(kind, product, "", suggestion=suggested, share=0.8)
    monkeypatch.setattr(insights, "issues", lambda view: [issue])
    app = page("health")
    assert seen(app) > 1
    assert live(app) == []
    if kind == "other category":
        app = next(b for b in app.button if b.label.startswith("Move to")).click().run()
        assert "foe" in app.toast[0].value
        assert live(app) == []


def test_the_catalogue_as_a_table_and_its_photographs(hostile_shop, page):
    app = page("catalogue")
    (button,) = [b for b in app.button if b.key == f"photos_{hostile.product(0, HOST).id}"]
    assert live(button.click().run()) == []
    app = app.segmented_control(key="browse_view").set_value("Table").run()
    assert not app.exception
    assert live(app) == []


@pytest.mark.parametrize("mode", ["similar", "cheaper"])
def test_an_answer_its_comparison_and_its_history(hostile_shop, open_app, mode):
    app = open_app(product=hostile.product(0, HOST).id, mode=mode)
    assert tiles(app)
    assert live(app) == []
    if mode == "similar":
        app.session_state["opened"] = tiles(app)[0]
        app = app.run()
        assert app.get("table")
        assert live(app) == []
        (similar, *_) = [b for b in app.button if str(b.key).startswith("similar_")]
        app = similar.click().run()
        assert live(app) == []
        assert "foe" in "".join(b.help for b in app.button if str(b.key).startswith("recent_"))


@pytest.mark.parametrize("said", SAID.values(), ids=SAID)
def test_a_link_to_a_product_that_is_not_there(hostile_shop, open_app, said):
    app = open_app(product=said)
    assert len(app.error) == 1
    assert "foe" in app.error[0].value
    assert live(app) == []


@pytest.mark.parametrize("name", ["category", "brand", "currency", "sample", "catalogue", "sort"])
def test_a_link_with_other_hostile_settings(hostile_shop, open_app, name):
    app = open_app(product=hostile.product(0, HOST).id, mode="cheaper", **{name: [*SAID.values()]})
    assert not app.exception
    assert live(app) == []


def test_names_of_files_that_are_brought(hostile_shop, page):
    app = page("add")
    names = {word: re.sub(r"[/\\]", "-", said)[:64] for word, said in SAID.items()}
    brought = [(f"{name}.png", b"no photograph", "image/png") for name in names.values()]
    app.file_uploader(key="add_photos_False_0").set_value(brought)
    app = until(press(app.run(), "Check"), lambda a: len(a.error) > 0)
    assert seen(app) > 5
    assert live(app, names) == []


def test_a_table_that_is_brought(hostile_shop, page):
    app = page("add")
    app = app.segmented_control(key="add_kind").set_value("A table with photographs").run()
    lines = io.StringIO()
    rows = csv.writer(lines)
    rows.writerow(["id", "price", *SAID.values()])
    rows.writerows([said, said, *SAID.values()] for said in SAID.values())
    app.file_uploader(key="add_table").set_value(("t.csv", lines.getvalue().encode(), "text/csv"))
    app = until(press(app.run(), "Check"), lambda a: len(a.metric) > 0 or len(a.error) > 0)
    assert live(app) == []


@pytest.mark.parametrize("number", range(10))
def test_a_name_is_cut_before_it_is_made_safe(monkeypatch, number):
    monkeypatch.setattr("search.ui.components.common.tiles._NAME", 30)
    shown = text.plain(short_name(hostile.product(number, HOST)))
    assert not re.search(r"(?<!\\)(?:\\\\)*[`*_\[\]<>~$&|]", shown)
