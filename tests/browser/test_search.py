"""The Search page in headless Chromium, journey by journey."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from search import workspace
from tests.browser.windows import Open, settle

pytestmark = pytest.mark.browser


def results(page: Page) -> list[str]:
    """The alternative texts of the result tiles."""
    pictures = page.get_by_role("img", name=re.compile(r"^Result \d+:")).all()
    return [picture.get_attribute("alt") or "" for picture in pictures]


def upload(page: Page, *files: Path) -> None:
    page.locator("input[type=file]").first.set_input_files([str(file) for file in files])


def first_result(page: Page, name: str) -> None:
    expect(page.get_by_role("img", name=re.compile(rf"^Result 1: {name},"))).to_be_visible()
    settle(page)


def test_the_first_page_shows_products(visit: Open):
    page = visit()
    expect(page.get_by_role("button", name="Find similar")).to_have_count(17)
    expect(page.get_by_role("radio", name="Cheaper look-alikes")).to_be_visible()


def test_upload_finds_the_same_photograph(visit: Open, photographs: Path):
    page = visit()
    upload(page, photographs / "thing_07.png")
    first_result(page, "Thing 7")
    assert "similarity 1.000" in results(page)[0]
    expect(page.get_by_text(re.compile(r"encoded \d+ ms"))).to_be_visible()


def test_another_photograph_replaces_and_views_are_added_apart(visit: Open, photographs: Path):
    page = visit()
    upload(page, *(photographs / f"thing_0{n}.png" for n in (2, 3, 4)))
    expect(page.get_by_role("heading", name="Your 3 photographs")).to_be_visible()
    page.get_by_text("Search by another photograph").click()
    another = page.get_by_test_id("stPopoverBody").locator("input[type=file]")
    another.set_input_files(photographs / "thing_07.png")
    first_result(page, "Thing 7")
    expect(page.get_by_role("heading", name="Your photograph", exact=True)).to_be_visible()
    page.get_by_role("button", name="Add views of this thing").click()
    views = page.get_by_test_id("stPopoverBody").locator("input[type=file]")
    views.set_input_files(photographs / "thing_08.png")
    expect(page.get_by_role("heading", name="Your 2 photographs")).to_be_visible()
    page.get_by_role("button", name="Remove view 1").click()
    first_result(page, "Thing 8")
    expect(page.get_by_role("heading", name="Your photograph", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Remove view"))).to_have_count(0)


def test_the_slider_changes_the_number_without_encoding(visit: Open, photographs: Path):
    page = visit()
    upload(page, photographs / "thing_07.png")
    first_result(page, "Thing 7")
    encoded = page.get_by_text(re.compile(r"encoded \d+ ms")).inner_text()
    page.get_by_role("slider", name="Results").focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("button", name="Find similar")).to_have_count(9)
    now = page.get_by_text(re.compile(r"encoded \d+ ms")).inner_text()
    assert re.findall(r"encoded \d+ ms", now) == re.findall(r"encoded \d+ ms", encoded)


def test_a_filter_is_obeyed_and_goes_into_the_address(visit: Open):
    page = visit("?product=thing_00")
    page.get_by_role("combobox", name="Category").click()
    page.get_by_role("option", name=re.compile("^Boots")).click()
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile("category=Boots"))
    expect(page.get_by_role("button", name="Find similar")).to_have_count(5)


def test_find_similar_goes_to_the_top_and_back_returns(visit: Open):
    page = visit(height=600)
    last = page.get_by_role("button", name="Find similar").last
    last.scroll_into_view_if_needed()
    last.click()
    expect(page).to_have_url(re.compile(r"product=thing_"))
    heading = page.get_by_role("heading", name="Find what looks like it")
    expect(heading).to_be_in_viewport()
    page.go_back()
    expect(page.get_by_text("Or start from the catalogue")).to_be_visible()


def test_a_drag_crops(visit: Open, photographs: Path):
    page = visit()
    upload(page, photographs / "thing_07.png")
    first_result(page, "Thing 7")
    before = results(page)
    area = page.get_by_role("img", name=re.compile("^Your photograph")).bounding_box()
    assert area is not None
    page.mouse.move(area["x"] + 5, area["y"] + 5)
    page.mouse.down()
    page.mouse.move(area["x"] + area["width"] / 2, area["y"] + area["height"] / 2, steps=4)
    page.mouse.up()
    expect(page.get_by_role("radio", name="Crop")).to_be_checked()
    settle(page)
    assert results(page) != before


def test_a_pasted_picture_is_searched(visit: Open, photographs: Path):
    page = visit()
    expect(page.locator("button[data-listening]", has_text="Paste a picture")).to_be_visible()
    data = list((photographs / "thing_05.png").read_bytes())
    page.evaluate(
        """(bytes) => {
            const clipboard = new DataTransfer();
            const file = new File([new Uint8Array(bytes)], "it.png", {type: "image/png"});
            clipboard.items.add(file);
            const paste = new ClipboardEvent("paste", {clipboardData: clipboard, bubbles: true});
            document.dispatchEvent(paste);
        }""",
        data,
    )
    first_result(page, "Thing 5")


def test_downloads(visit: Open):
    page = visit("?product=thing_00&k=5")

    def download(kind: str) -> str:
        button = page.locator(f".st-key-download_{kind} button")
        if not button.is_visible():
            page.get_by_test_id("stPopoverButton").filter(has_text="Download").click()
        with page.expect_download() as downloading:
            button.click()
        return Path(downloading.value.path()).read_text(encoding="utf-8-sig")

    rows = list(csv.DictReader(io.StringIO(download("csv"))))
    assert [row["rank"] for row in rows] == ["1", "2", "3", "4", "5"]
    answer = json.loads(download("json"))
    assert [hit["id"] for hit in answer["hits"]] == [row["id"] for row in rows]
    assert download("txt").split() == [row["path"] for row in rows]


def test_a_deep_link_brings_everything_back(visit: Open):
    page = visit("?product=thing_02&k=4&brand=Luma&mode=cheaper&min_score=1")
    expect(page.get_by_role("button", name="Find similar")).to_have_count(4)
    expect(page.get_by_role("heading", name="Thing 2", exact=True)).to_be_visible()
    expect(page.get_by_role("radio", name="Cheaper look-alikes")).to_be_checked()
    assert all("saves" in result for result in results(page))
    page.reload()
    expect(page.get_by_role("button", name="Find similar")).to_have_count(4)


def test_a_point_of_the_chart_opens_that_product(visit: Open):
    page = visit("?product=thing_00&mode=cheaper&min_score=1", height=1200)
    point = page.locator("[role=graphics-symbol][aria-label*='Product: ']").first
    label = point.get_attribute("aria-label") or ""
    name = re.findall(r"Product: ([^;]+);", label)[0]
    point.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("img", name=f"The result: {name}", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).not_to_be_visible()


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_cheaper_shows_products_first_and_the_chart_below(visit: Open, width: int, height: int):
    page = visit("?product=thing_00&mode=cheaper&min_score=1", width=width, height=height)
    first = page.get_by_role("img", name=re.compile("^Result 1:"))
    chart = page.get_by_role("heading", name="Similarity against saving")
    expect(chart).to_be_attached()
    settle(page)
    tile, below = first.bounding_box(), chart.bounding_box()
    assert tile["y"] + tile["height"] < height
    assert below["y"] > tile["y"]
    page.get_by_role("button", name=re.compile("Price to beat")).click()
    typed = page.get_by_role("spinbutton", name="Price to beat in EUR")
    typed.fill("1e99")
    typed.press("Enter")
    settle(page)
    expect(page.get_by_test_id("stAlert")).to_have_count(0)
    expect(first).to_be_attached()


def test_compare_shows_both_photographs(visit: Open):
    page = visit("?product=thing_00")
    page.locator("[class*=st-key-compare_] button").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("img", name="The query: Thing 0")).to_be_visible()
    expect(dialog.get_by_role("img", name=re.compile("^The result: Thing"))).to_be_visible()
    expect(dialog.get_by_text(re.compile(r"strongest cell: 0\.\d{3}"))).to_be_visible()
    expect(dialog.get_by_text(re.compile(r"shares add up to [01]\.\d{3}"))).to_be_visible()
    dialog.get_by_role("button", name="Find similar to this").click()
    expect(dialog).not_to_be_visible()
    expect(page).not_to_have_url(re.compile("product=thing_00"))


def test_a_picture_opens_its_product_by_hand_and_by_key(visit: Open):
    page = visit("?product=thing_00")
    for opened in (lambda button: button.click(), lambda button: button.press("Enter")):
        button = page.get_by_role("button", name=re.compile("^Open Thing")).nth(1)
        name = (button.text_content() or "").removeprefix("Open ").strip()
        opened(button)
        dialog = page.get_by_role("dialog", name=re.compile(f"{name}$"))
        expect(dialog.get_by_role("img", name=name, exact=True)).to_be_visible()
        expect(dialog.get_by_role("heading", name="Price history")).to_be_visible()
        page.keyboard.press("Escape")
        expect(dialog).not_to_be_visible()
    page.get_by_role("button", name=re.compile("^Open Thing")).nth(1).click()
    dialog.get_by_role("button", name="Cheaper look-alikes").click()
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
    expect(page.get_by_role("radio", name="Cheaper look-alikes")).to_be_checked()


ALIGNED = """() => {
    const rows = {};
    for (const tile of document.querySelectorAll("[class*=st-key-tile_thing]")) {
        const top = tile.getBoundingClientRect().y;
        const button = tile.querySelector("[class*=st-key-similar_]");
        (rows[Math.round(top)] ??= []).push(button.getBoundingClientRect().y - top);
    }
    const all = Object.values(rows);
    return Math.max(...all.map((row) => row.length)) > 2
        && all.every((row) => Math.max(...row) - Math.min(...row) <= 1);
}"""


def test_the_tiles_of_a_row_align_and_every_button_has_a_name_of_its_own(visit: Open):
    page = visit("?product=thing_00&k=18")  # one has no price
    expect(page.get_by_text("No price")).to_be_visible()
    settle(page)
    page.wait_for_function(ALIGNED)  # once each picture has its size
    expect(page.locator("[class*=st-key-tile_] button").nth(18)).to_be_visible()
    names = page.evaluate(
        """() => [...document.querySelectorAll("[class*=st-key-tile_] button")]
            .filter((button) => button.checkVisibility())
            .map((button) => (button.ariaLabel ?? button.textContent).trim())"""
    )
    assert len(names) == len(set(names)) > 18
    hidden = page.locator("[aria-label^='Fullscreen'], [data-testid=stElementToolbar] button")
    assert [each for each in hidden.all() if each.is_visible()] == []


def test_a_phone_shows_two_tiles_a_row_and_nothing_overflows(visit: Open):
    page = visit("?product=thing_00", width=390, height=844)
    expect(page.get_by_role("img", name=re.compile("^Result 3:"))).to_be_visible()
    page.wait_for_function(  # the tiles settle while their pictures arrive
        """() => {
            const [first, second, third] = [...document.querySelectorAll("img[alt^='Result']")]
                .slice(0, 3).map((image) => image.getBoundingClientRect());
            return first.y === second.y && second.y < third.y && second.right <= 390
                && first.width === second.width && first.width === first.height
                && document.documentElement.scrollWidth <= 390;
        }"""
    )


def test_dark_and_light_differ_and_dark_is_dark(visit: Open):
    def background(page: Page) -> list[int]:
        app = page.locator("[data-testid=stApp]")
        colour = app.evaluate("e => getComputedStyle(e).backgroundColor")
        return [int(part) for part in re.findall(r"\d+", colour)[:3]]

    assert max(background(visit(color_scheme="dark"))) < 60
    assert min(background(visit(color_scheme="light"))) > 200


def test_nothing_is_fetched_from_elsewhere(visit: Open, chromium: Browser, address: str):
    page = visit()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/?product=thing_00&mode=cheaper&min_score=1")
    expect(page.get_by_role("button", name="Find similar").first).to_be_visible()
    settle(page)
    elsewhere = [u for u in asked if not u.startswith((address, "data:", "blob:"))]
    assert elsewhere == []


def test_a_sample_is_chosen_and_a_cheaper_pair_is_opened(visit: Open):
    if not (workspace.DEMO / workspace.DATABASE).is_file():
        pytest.skip("assets/demo has no catalogue.db: build it with assets/make")
    page = visit("?catalogue=demo")
    expect(page.get_by_role("heading", name="Same look, lower price")).to_be_visible()
    page.locator(".st-key-strip_sample button").first.click()
    expect(page.get_by_role("heading", name="Sample photograph")).to_be_visible()
    expect(page).to_have_url(re.compile("sample="))
    expect(page.get_by_role("img", name=re.compile("^Result 12:"))).to_be_visible()
    page.get_by_role("button", name="Start over").click()
    page.get_by_role("button", name="See all").first.click()
    expect(page.get_by_role("radio", name="Cheaper look-alikes")).to_be_checked()
    expect(page.get_by_role("img", name=re.compile("^Result 1: .* saves "))).to_be_visible()


def test_networks_are_switched_and_compared_beside_the_query(visit: Open):
    if not (workspace.DEMO / workspace.DATABASE).is_file():
        pytest.skip("assets/demo has no catalogue.db: build it with assets/make")
    page = visit("?catalogue=demo&product=P0001")
    expect(page.get_by_role("img", name=re.compile("^Result 12:"))).to_be_visible()
    page.get_by_role("radio", name="VGG16, trained on fashion").click()
    expect(page).to_have_url(re.compile("network=vgg16-fashion"))
    page.locator("label").filter(has_text="Compare networks").click()
    expect(
        page.get_by_text(re.compile(r"of the first 6 are found by both networks"))
    ).to_be_visible()
    expect(page).to_have_url(re.compile("beside=fashion"))
    expect(page.get_by_text(re.compile("1,280 numbers a feature"))).to_be_visible()
    expect(page.get_by_text(re.compile("512 numbers a feature"))).to_be_visible()
    titles = "VGG16, trained on fashion", "VGG16 and MobileNet, trained on fashion"
    first, second = (page.get_by_role("heading", name=title, exact=True) for title in titles)
    expect(second).to_be_visible()
    settle(page)
    left, right = first.bounding_box(), second.bounding_box()
    assert left["x"] < right["x"]
    assert abs(left["y"] - right["y"]) < 5
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_timeout(500)
    above, below = first.bounding_box(), second.bounding_box()
    assert above["y"] < below["y"]
    assert abs(above["x"] - below["x"]) < 5
    assert page.evaluate("document.documentElement.scrollWidth <= 390")


def test_no_picture_is_without_words(visit: Open):
    page = visit("?product=thing_00&mode=cheaper&min_score=1")
    expect(page.get_by_role("img", name=re.compile("^Result 1:"))).to_be_visible()
    settle(page)
    assert page.locator("[data-testid=stMain] img:not([alt])").count() == 0
    assert page.locator("[data-testid=stMain] img[alt='']").count() == 0


def test_words_find_and_thumbs_refine(visit: Open):
    page = visit()
    words = page.get_by_role("searchbox", name="Search by words")
    words.fill("thing 7")
    words.press("Enter")
    expect(page.get_by_role("button", name="Find similar")).to_have_count(1)
    assert "words=thing+7" in page.url
    page.get_by_role("button", name="Find similar").click()
    settle(page)
    words = page.get_by_role("searchbox", name="Narrow by words")
    expect(words).to_have_value("thing 7")
    words.fill("")
    words.press("Enter")
    expect(page.get_by_role("img", name=re.compile(r"^Result 2:"))).to_be_visible()
    settle(page)
    worst = re.match(r"Result 1: (Thing \d+),", results(page)[0])[1]
    page.get_by_role("button", name=f"Less like {worst}", exact=True).click()
    chip = page.get_by_role("button", name="Less like it: take this back")
    expect(chip).to_be_visible()
    settle(page)
    assert "disliked=" in page.url
    assert not any(f": {worst}," in result for result in results(page))
    chip.click()
    expect(chip).to_have_count(0)
    settle(page)
    assert any(f": {worst}," in result for result in results(page))
