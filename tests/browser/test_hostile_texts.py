"""Pages full of hostile texts: the browser asks nobody else for anything and shows no link."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from search import photos
from search.catalogue import Catalogue
from tests.browser.windows import Open, settle, windows
from tests.ui import hostile

pytestmark = pytest.mark.browser

HOST = "127.0.0.1:9"
SAID = hostile.texts(HOST)
OWN = ("data:", "blob:", "about:")


@pytest.fixture(scope="module")
def foes(shop: Path) -> Iterator[Catalogue]:
    """A copy of the shop in which every product has become hostile, its photographs encoded."""
    shutil.copytree(shop / "shop", shop / "foes")
    catalogue = Catalogue(shop / "foes")
    before = catalogue.photos()
    pictures = [photos.read(catalogue.path(photo)) for photo in before]
    hostile.fill(catalogue, HOST, pictures)
    with catalogue.change("test", "delete") as change:
        for photo in before:
            change.delete(photo.product_id)
        change.update(hostile.product(5, HOST).id, stock=None)
    hostile.rename(catalogue, HOST)
    yield catalogue
    catalogue.close()


@pytest.fixture
def visit(chromium: Browser, address: str, foes: Catalogue) -> Iterator[Open]:
    """Open the app there; whatever is asked of anybody else fails the test."""
    foreign: list[str] = []
    with windows(chromium, address) as opened:

        def watched(query: str = "") -> Page:
            page = opened(f"?catalogue={foes.name}{query}", before=lambda page: watch(page))
            return page

        def watch(page: Page) -> None:
            page.on("request", lambda asked: note(asked.url))
            page.on("popup", lambda window: foreign.append(f"popup {window.url}"))
            page.on("dialog", lambda dialog: foreign.append(f"dialog {dialog.message}"))

        def note(url: str) -> None:
            if not url.startswith((address, address.replace("http", "ws"), *OWN)):
                foreign.append(url)

        yield watched
    assert foreign == []


SHOWN = """words => {
    const shown = document.body.innerText.replaceAll("\\u2060", "");
    return words.every(word => shown.includes(word));
}"""


def check(page: Page, *words: str) -> None:
    """See that the page shows these hostile texts as they are, and nothing that came of one."""
    settle(page)
    page.wait_for_function(SHOWN, arg=list(words))
    own = page.url.split("/?")[0].rstrip("/")
    own = re.match(r"https?://[^/]+", own).group()
    links = page.locator("a[href]").evaluate_all("all => all.map(a => a.href)")
    assert [link for link in links if not link.startswith(own)] == []
    for made in (".katex", "[aria-label='delete icon']", "img[alt='Streamlit logo']", "iframe"):
        expect(page.locator(made)).to_have_count(0)
    assert page.locator(".stMarkdownBadge", has_text="Verified").count() == 0
    assert page.locator("img[src*='127.0.0.1:9/'], script:has-text('alert')").count() == 0
    assert page.evaluate("getComputedStyle(document.body).display") == "block"


def go(page: Page, name: str) -> None:
    page.get_by_role("navigation").get_by_role("link", name=name, exact=True).click()
    title = {"Add": "Add products"}.get(name, name)
    expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible()
    settle(page)


def test_start_answers_tooltips_and_the_comparison(visit: Open):
    page = visit()
    check(page, "foe", ":material/delete: :red[foe5] :rainbow[x] :smile: :streamlit:")
    page.get_by_role("button", name="Find similar").first.click()
    expect(page.get_by_role("img", name=re.compile("^Result 1:"))).to_be_visible()
    check(page, "foe")
    page.get_by_role("button", name="Find similar").nth(3).click()
    expect(page.locator("[class*=st-key-recent_]").first).to_be_visible()
    settle(page)
    page.locator(".st-key-recent_1 button:visible").first.hover()
    expect(page.get_by_role("tooltip")).to_contain_text("foe")
    check(page)
    page.mouse.move(0, 0)
    page.locator("[class*=st-key-compare_] button").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("table").first).to_be_visible()
    check(page)
    facts = dialog.inner_text().replace("\u2060", "")
    for at in (2, 3, 4, 5, 6):
        assert f"foe{at}" in facts


def test_cheaper_products_and_their_chart(visit: Open):
    page = visit(f"&mode=cheaper&min_score=1&product={quote(hostile.product(0, HOST).id)}")
    expect(page.get_by_role("img", name=re.compile("^Result 1:"))).to_be_visible()
    check(page, "foe2")
    price = page.get_by_role("button", name=re.compile("^(sell)?Price to beat"))
    price.click()
    check(page, "Price to beat in USD")
    price.click()
    chart = page.get_by_test_id("stVegaLiteChart").last.locator("canvas, svg").first
    expect(chart).to_be_visible()
    chart.scroll_into_view_if_needed()
    settle(page)
    box = chart.bounding_box()
    assert box is not None
    tooltip = page.locator("#vg-tooltip-element.visible")
    for at in range(400):
        page.mouse.move(box["x"] + box["width"] * (at % 20 + 0.5) / 20,
                        box["y"] + box["height"] * (at // 20 + 0.5) / 20)  # fmt: skip
        if tooltip.count():
            break
    expect(tooltip).to_contain_text("foe")
    check(page)


def table(page: Page) -> None:
    page.get_by_text("Table", exact=True).click()
    editor = page.get_by_test_id("stDataFrame")
    expect(editor).to_be_visible()
    settle(page)
    box = editor.bounding_box()
    assert box is not None
    editor.hover(position={"x": box["width"] - 60, "y": 60})
    editor.click(position={"x": box["width"] - 60, "y": 60})


def photographs(page: Page) -> None:
    page.locator("[class*=st-key-photos_] button").first.click()
    expect(page.get_by_role("dialog")).to_contain_text("foe")
    check(page)
    page.keyboard.press("Escape")


def brought(page: Page) -> None:
    names = [re.sub(r"[/\\]", "-", said)[:60] for said in SAID]
    files = [{"name": f"{n}.png", "mimeType": "image/png", "buffer": b"no"} for n in names]
    page.locator("input[type=file]").set_input_files(files)
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    check(page, "foe5")


@pytest.mark.parametrize(
    ("name", "act"),
    [
        ("Catalogue", photographs),
        ("Catalogue", table),
        ("Add", brought),
        ("Revisions", check),
        ("Price audit", check),
        ("Health", check),
        ("Map", check),
    ],
)
def test_every_page(visit: Open, name: str, act: Callable[[Page], None]):
    page = visit()
    go(page, name)
    act(page)
    check(page)


@pytest.mark.parametrize("name", ["product", "category", "sample", "currency"])
def test_deep_links(visit: Open, name: str):
    for said in SAID if name == "product" else [SAID[1]]:
        page = visit(f"&{name}={quote(said)}")
        check(page, *(["foe"] if name in ("product", "category") else []))
        if name == "product":
            expect(page.get_by_role("alert")).to_contain_text("foe")
        page.close()
