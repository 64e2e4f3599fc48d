"""Every page by axe-core, light and dark, by its buttons' names, by keys, and loaded again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect

from tests.browser.windows import Open, settle, windows
from tests.helpers import draw, encode

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")

pytestmark = pytest.mark.browser

GRAVE = {"moderate", "serious", "critical"}
# What Streamlit draws itself and gives no way to name: the arrow of each choice list, and the
# plus and minus of each number. The field they belong to has a name.
STREAMLITS_OWN = {"Open", "Increment", "Decrement"}
# Vega calls the group around a chart's marks a picture too, and gives it no words; the marks and
# the chart as a whole have theirs.
CONTEXT = {"exclude": [["g.role-mark"]]}
TITLE = "Find what looks like it"


def nothing(page: Page) -> None:
    """Look at the page as it opens."""


def table(page: Page) -> None:
    page.get_by_text("Table", exact=True).click()
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()


def together(page: Page) -> None:
    table(page)
    settle(page)
    page.locator("label").filter(has_text="Choose all").click()
    page.get_by_role("button", name="Change together").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def product(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Open Thing")).nth(1).click()
    expect(page.get_by_role("heading", name="Price history")).to_be_visible()


def comparison(page: Page) -> None:
    page.get_by_role("button", name=re.compile("Compare Thing")).first.click()
    expect(page.get_by_role("dialog").get_by_text("Similarity", exact=True)).to_be_visible()


def pair(page: Page) -> None:
    page.get_by_role("button", name=re.compile("Reprice or withdraw")).first.click()
    expect(page.get_by_role("dialog")).to_be_visible()


PLACES: dict[str, tuple[str, str, Callable[[Page], None]]] = {
    "start": ("?catalogue=demo", TITLE, nothing),
    "results": ("?catalogue=shop&product=thing_00", TITLE, nothing),
    "cheaper": ("?catalogue=shop&product=thing_00&mode=cheaper&min_score=1", TITLE, nothing),
    "product": ("?catalogue=shop&product=thing_00", TITLE, product),
    "comparison": ("?catalogue=shop&product=thing_00", TITLE, comparison),
    "catalogue": ("catalogue?catalogue=shop", "Catalogue", nothing),
    "opened": ("catalogue?catalogue=shop", "Catalogue", product),
    "table": ("catalogue?catalogue=shop", "Catalogue", table),
    "together": ("catalogue?catalogue=shop", "Catalogue", together),
    "add": ("add?catalogue=shop", "Add products", nothing),
    "revisions": ("revisions?catalogue=shop", "Revisions", nothing),
    "audit": ("audit?catalogue=demo", "Price audit", nothing),
    "pair": ("audit?catalogue=demo", "Price audit", pair),
    "health": ("health?catalogue=demo", "Health", nothing),
    "map": ("map?catalogue=shop", "Map", nothing),
    "analytics": ("analytics?catalogue=shop", "Analytics", nothing),
    "judge": ("judge?catalogue=demo", "Judge", nothing),
}


@pytest.mark.parametrize("place", PLACES)
def test_a_page_opened_directly_can_be_read_by_everybody(visit: Open, place: str):
    query, heading, act = PLACES[place]
    page = visit(query, heading=heading)
    act(page)
    settle(page)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(400)
        found = axe.Axe().run(page, context=CONTEXT).response["violations"]
        grave = [each for each in found if each["impact"] in GRAVE]
        assert [node["html"] for each in grave for node in each["nodes"]] == [], scheme
    dialog = page.get_by_role("dialog")
    names = buttons(dialog if dialog.count() else page.locator("body"))
    assert all(names)
    assert [name for name in names if "\\" in name] == []
    several = {name for name, number in Counter(names).items() if number > 1}
    assert several - STREAMLITS_OWN == set()


def buttons(part: Locator) -> list[str]:
    """Give the accessible names of the buttons in a part of the page."""
    lines = part.aria_snapshot().splitlines()
    found = [re.match(r'\s*- (\'?)button(?: "((?:[^"\\]|\\.)*)")?', line) for line in lines]
    return [(match[2] or "").replace('\\"', '"') for match in found if match]


def test_the_focus_is_seen_in_the_menu(visit: Open):
    page = visit("?catalogue=shop")
    link = page.get_by_role("navigation").get_by_role("link", name="Catalogue", exact=True)
    for _ in range(40):
        page.keyboard.press("Tab")
        if link.evaluate("e => e === document.activeElement"):
            break
    expect(link).to_be_focused()
    expect(link).not_to_have_css("outline-style", "none")  # styles come a moment after the focus
    assert link.evaluate("e => parseFloat(getComputedStyle(e).outlineWidth)") >= 2


def test_a_photograph_stays_when_its_page_is_loaded_again_and_is_nobody_elses(
    visit: Open, chromium: Browser, address: str
):
    page = visit("?catalogue=shop")
    data = encode(draw("mine", (240, 240)))
    mine: FilePayload = {"name": "mine.png", "mimeType": "image/png", "buffer": data}
    page.locator("input[type=file]").first.set_input_files([mine])
    expect(page.get_by_role("img", name=re.compile("^Result 1:"))).to_be_visible()
    expect(page).to_have_url(re.compile("photo="))
    page.reload()
    expect(page.get_by_role("heading", name="Your photograph")).to_be_visible()
    expect(page.get_by_role("img", name=re.compile("^Result 1:"))).to_be_visible()
    with windows(chromium, address) as opened:
        other = opened(page.url.removeprefix(f"{address}/"))
        expect(other.get_by_text(re.compile("only the browser that brought it"))).to_be_visible()
        expect(other.get_by_role("heading", name="Your photograph")).to_have_count(0)


def test_a_shopper_is_told_that_a_page_is_not_for_them(visit: Open):
    page = visit("health?catalogue=shop&view=shop", heading="This page is not for shoppers")
    expect(page.get_by_role("link", name="Health")).to_have_count(0)
    page.get_by_role("link", name="Search").last.click()
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    expect(page.get_by_text("Show withdrawn")).to_have_count(0)
