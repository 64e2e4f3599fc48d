"""The pages that keep a catalogue, in headless Chromium; on a catalogue of their own."""

from __future__ import annotations

import csv
import io
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect

from search.catalogue import Catalogue
from tests.browser.windows import Open, settle, windows
from tests.helpers import draw, encode

pytestmark = pytest.mark.browser

WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
DARK = {"color_scheme": "dark"}
DOUBTFUL = "thing_09"
HEADER, ROW = 35, 56  # pixels of the editor's header and rows


@pytest.fixture(scope="module")
def kept(shop: Path) -> Iterator[Catalogue]:
    """A copy of the shop to change, beside it in the same home; one category is doubtful."""
    shutil.copytree(shop / "shop", shop / "kept")
    catalogue = Catalogue(shop / "kept")
    with catalogue.change("test", "edit") as change:
        for product in catalogue.products():
            change.update(product.id, category="Boots" if product.id == DOUBTFUL else "Trainers")
    yield catalogue
    catalogue.close()


@pytest.fixture
def visit(chromium: Browser, address: str, kept: Catalogue) -> Iterator[Open]:
    """Open a page of the app on that catalogue; a script error on the page fails the test."""
    with windows(chromium, address) as opened:

        def on_page(name: str, *size: int, **context: object) -> Page:
            page = opened(f"?catalogue={kept.name}", *size, **context)
            if name != "Search":
                go(page, name)
            return page

        yield on_page


def go(page: Page, name: str) -> None:
    """Follow the navigation, which a narrow window folds away."""
    size = page.viewport_size or WIDE
    page.set_viewport_size(WIDE)
    page.get_by_role("navigation").get_by_role("link", name=name, exact=True).click()
    title = {"Add": "Add products"}.get(name, name)
    expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible()
    page.set_viewport_size(size)
    settle(page)


def table_of(page: Page, words: str) -> Locator:
    """The editor of the products that have these words."""
    page.get_by_text("Table", exact=True).click()
    page.get_by_role("searchbox").or_(page.get_by_label("Search names")).first.fill(words)
    expect(page.get_by_text(re.compile(r"^1 product of"))).to_be_visible()
    settle(page)
    editor = page.get_by_test_id("stDataFrame")
    expect(editor).to_be_visible()
    return editor


def tick(editor: Locator) -> None:
    """Choose the first row."""
    editor.click(position={"x": 24, "y": HEADER + ROW / 2})
    settle(editor.page)


def photograph(name: str) -> FilePayload:
    data = encode(draw(name, (240, 240)))
    return {"name": f"{name}.png", "mimeType": "image/png", "buffer": data}


def test_a_price_edited_in_the_table_is_searched_by_at_once(visit: Open, kept: Catalogue):
    page = visit("Catalogue")
    editor = table_of(page, "thing_07")
    editor.click(position={"x": 150, "y": HEADER + ROW / 2})  # the id; five before the price
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.locator("#portal").locator("input, textarea").first.fill("12.34")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Save 1 change").click()
    expect(page.get_by_text("Saved; it can be searched now.")).to_be_visible()
    assert kept.product("thing_07").price == 1234
    page.goto(page.url.split("/catalogue")[0] + "/?catalogue=kept&product=thing_01&price=1200-1300")
    expect(page.get_by_role("img", name=re.compile(r"^Result 1: Thing 7, €12\.34"))).to_be_visible()
    expect(page.get_by_role("img", name=re.compile("^Result"))).to_have_count(1)


def test_a_product_is_withdrawn_on_a_phone_and_the_change_undone(visit: Open, kept: Catalogue):
    page = visit("Catalogue", **PHONE)
    tick(table_of(page, "thing_03"))
    page.get_by_role("button", name="Withdraw", exact=True).click()
    expect(page.get_by_text("1 product withdrawn.")).to_be_visible()
    assert kept.product("thing_03").status == "withdrawn"
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    go(page, "Revisions")
    page.get_by_role("button", name="Undo the last change").click()
    expect(page.get_by_text(re.compile("^Done: this is revision"))).to_be_visible()
    assert kept.product("thing_03").status == "active"


def test_somebody_elses_change_is_undone_after_a_question_and_redone_with_a_click(
    visit: Open, kept: Catalogue
):
    with kept.change("Bo", "edit") as change:
        change.update("thing_06", brand="Bo's")
    page = visit("Revisions", **DARK)
    undo = page.get_by_role("button", name="Undo the last change")
    undo.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("It takes back what others did: Bo.")).to_be_visible()
    dialog.get_by_role("button", name="Leave it as it is").click()
    expect(dialog).not_to_be_visible()
    assert kept.product("thing_06").brand == "Bo's"
    undo.click()
    dialog.get_by_role("button", name="Change 1 product").click()
    expect(page.get_by_text(re.compile("^Done: this is revision"))).to_be_visible()
    assert kept.product("thing_06").brand == "Arden"
    page.get_by_role("button", name="Redo").click()
    expect(page.get_by_role("button", name="Redo")).not_to_be_visible()
    assert kept.product("thing_06").brand == "Bo's"


def test_a_new_catalogue_is_made_filled_and_kept_for_this_browser(visit: Open, shop: Path):
    page = visit("Revisions")
    page.get_by_role("button", name="kept", exact=True).click()
    page.get_by_role("button", name="New catalogue").click()
    dialog = page.get_by_role("dialog", name="New catalogue")
    dialog.get_by_role("textbox", name="Name").fill("summer")
    page.keyboard.press("Tab")
    dialog.get_by_role("button", name="Make it").click()
    expect(page.get_by_role("heading", name="Add products")).to_be_visible()
    expect(page.get_by_role("button", name="summer", exact=True)).to_be_visible()
    page.locator("input[type=file]").set_input_files([photograph("first")])
    page.get_by_role("button", name="Check").click()
    page.get_by_role("button", name="Add 1 product").click()
    expect(page.get_by_text("They can be found now.")).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="summer", exact=True)).to_be_visible()
    assert not (shop / "current").is_file() or (shop / "current").read_text() != "summer"
    other = visit("Revisions")
    expect(other.get_by_role("button", name="kept", exact=True)).to_be_visible()


def test_the_table_fills_the_window_and_its_rows_are_changed_together(visit: Open, kept: Catalogue):
    page = visit("Catalogue")
    page.get_by_text("Table", exact=True).click()
    editor = page.get_by_test_id("stDataFrame")
    expect(editor).to_be_visible()
    settle(page)
    low = editor.bounding_box()["height"]
    page.set_viewport_size({"width": 1280, "height": 1300})
    page.wait_for_timeout(500)
    assert editor.bounding_box()["height"] == pytest.approx(low + 400, abs=30)
    tick(editor)
    page.get_by_role("button", name="Change together").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("spinbutton", name="Stock").fill("77")
    page.keyboard.press("Tab")
    dialog.get_by_role("button", name="Change 1 product").click()
    expect(page.get_by_text("1 product changed; Revisions undoes it.")).to_be_visible()
    assert [product.stock for product in kept.products()].count(77) == 1


def test_deleting_asks_first(visit: Open, kept: Catalogue):
    page = visit("Catalogue", **DARK)
    tick(table_of(page, "thing_05"))
    page.get_by_role("button", name="Delete").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("Delete 1 product with all photographs?")).to_be_visible()
    dialog.get_by_role("button", name="Keep").click()
    expect(dialog).not_to_be_visible()
    assert kept.product("thing_05").status == "active"


def test_a_photograph_is_added_and_found(visit: Open, kept: Catalogue):
    page = visit("Add", **PHONE)
    page.locator("input[type=file]").set_input_files([photograph("brand_new")])
    page.get_by_role("button", name="Check").click()
    page.get_by_role("button", name="Add 1 product").click()
    expect(page.get_by_text("They can be found now.")).to_be_visible()
    assert len(kept.photos("brand_new")) == 1
    page.get_by_role("button", name="Find similar").click()
    expect(page).to_have_url(re.compile("product=brand_new"))
    expect(page.get_by_role("img", name=re.compile("^Result 1:"))).to_be_visible()


def test_a_table_with_a_bad_row_is_imported_without_it(visit: Open, kept: Catalogue):
    page = visit("Add")
    page.get_by_text("A table with photographs", exact=True).click()
    expect(page.locator("input[type=file]")).to_have_count(2)
    table = (
        "id,name,price,currency,file\n"
        "N1,New one,25.00,EUR,n1.png\nN2,New two,free,EUR,n2.png\n"
    )  # fmt: skip
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        for name in ("n1", "n2"):
            zipped.writestr(f"{name}.png", photograph(name)["buffer"])
    chosen = page.locator("input[type=file]")
    chosen.first.set_input_files(
        [{"name": "new.csv", "mimeType": "text/csv", "buffer": table.encode()}]
    )
    settle(page)
    chosen.last.set_input_files(
        [{"name": "new.zip", "mimeType": "application/zip", "buffer": archive.getvalue()}]
    )
    expect(page.get_by_text("new.zip")).to_be_visible()
    settle(page)
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_text("Bad price", exact=True)).to_be_visible()
    add = page.get_by_role("button", name="Import 1 product")
    expect(add).to_be_disabled()
    page.get_by_text("Import the good rows only, leaving out 1").click()
    expect(add).to_be_enabled()
    add.click()
    expect(page.get_by_text("1 product added")).to_be_visible()
    known = {product.id for product in kept.products()}
    assert "N1" in known
    assert "N2" not in known


def test_the_audit_lists_pairs_and_downloads_them(visit: Open):
    page = visit("Price audit", **PHONE)
    cards = page.locator("[class*=st-key-gap_]")
    expect(cards.first).to_be_visible()
    box = cards.first.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Download CSV").click()
    text = Path(downloading.value.path()).read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) >= cards.count() > 0


def test_a_pair_of_the_audit_is_repriced_and_leads_to_its_look_alikes(visit: Open, kept: Catalogue):
    page = visit("Price audit", **DARK)
    card = page.locator("[class*=st-key-gap_]").first
    card.get_by_role("button", name="Reprice or withdraw").click()
    dialog = page.get_by_role("dialog")
    field = dialog.get_by_label(re.compile("^New price of")).first
    product = re.findall(r"New price of (\S+),", field.get_attribute("aria-label") or "")[0]
    product = product.replace("\\", "")
    field.fill("1.50")
    page.keyboard.press("Tab")
    dialog.get_by_role("button", name="Reprice").first.click()
    expect(page.get_by_text(f"{product} has a new price.")).to_be_visible()
    expect(dialog).not_to_be_visible()
    assert kept.product(product).price == 150
    page.get_by_role("button", name="All its look-alikes").first.click()
    expect(page.get_by_role("radio", name="Cheaper look-alikes")).to_be_checked()


def test_health_moves_a_category_with_one_press(visit: Open, kept: Catalogue):
    page = visit("Health", **DARK)
    page.get_by_role("button", name="Move to Trainers").click()
    expect(page.get_by_text(f"{DOUBTFUL} is now under Trainers.")).to_be_visible()
    assert kept.product(DOUBTFUL).category == "Trainers"


def test_tab_and_logo_say_page_and_catalogue_and_a_shopper_has_search_alone(
    visit: Open, chromium: Browser, address: str
):
    page = visit("Health")
    expect(page).to_have_title("Health · kept")
    logo = page.get_by_test_id("stHeaderLogo").locator("xpath=..")
    assert logo.evaluate("e => getComputedStyle(e, '::after').content") == '"kept"'
    go(page, "Revisions")
    expect(page).to_have_title("Revisions · kept")
    with windows(chromium, address) as opened:
        shopper = opened("?catalogue=kept&view=shop")
        expect(shopper).to_have_title("Search · kept")
        shopper.get_by_role("button", name="Find similar").first.click()
        expect(shopper).to_have_url(re.compile("product=.*view=shop"))
        expect(shopper.get_by_role("link", name="Catalogue")).to_have_count(0)
        shopper.reload()
        expect(shopper.get_by_role("img", name=re.compile("^Result 1:"))).to_be_visible()
        expect(shopper.get_by_role("button", name="kept", exact=True)).to_have_count(0)


def test_the_map_zooms_and_leads_to_search(visit: Open):
    page = visit("Map", **DARK)
    canvas = page.get_by_role("application", name=re.compile("^Map of the catalogue"))
    expect(canvas).to_be_visible()

    def drawn() -> str:
        page.wait_for_timeout(300)
        return str(canvas.evaluate("canvas => canvas.toDataURL()"))

    before = drawn()
    page.get_by_role("button", name="Zoom in").click()
    assert drawn() != before
    page.get_by_role("button", name="Zoom out").click()
    page.get_by_role("button", name="Show all").click()
    assert drawn() == before
    box = canvas.bounding_box()
    assert box is not None
    label = page.locator(".label")
    for n in range(400):  # a hand looking for a product
        x = box["x"] + box["width"] * (n % 20 + 0.5) / 20
        y = box["y"] + box["height"] * (n // 20 + 0.5) / 20
        page.mouse.move(x, y)
        if label.is_visible():
            break
    name = label.inner_text().splitlines()[0]
    page.mouse.click(x, y)
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
    expect(page.get_by_role("img", name=re.compile("^Result 1:"))).to_be_visible()
