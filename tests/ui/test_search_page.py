"""The Search page, driven without a browser: start, results, filters, cheaper mode, each error."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from search import photos, workspace
from search.catalogue import Catalogue
from search.engine import Query, SearchEngine
from search.engine.bands import Bands, bands_key
from search.engine.query import MOST_MONEY
from search.errors import NetworkError
from tests.helpers import ROOT, FakeExtractor, draw, encode
from tests.ui.shop import PRODUCTS, fill, photograph, product

Open = Callable[..., AppTest]


def words(app: AppTest) -> str:
    """All text on the page."""
    kinds = ("title", "markdown", "caption", "error", "metric")
    return "\n".join(str(element.value) for kind in kinds for element in app.get(kind))


def shown(app: AppTest) -> list[str]:
    """Ids of the products with a tile, in order."""
    keys = [str(button.key) for button in app.button]
    return [key.removeprefix("similar_") for key in keys if key.startswith("similar_")]


def press(app: AppTest, key: str) -> AppTest:
    app = app.button(key=key).click().run()
    assert not app.exception
    return app


def upload(app: AppTest, *files: tuple[str, bytes]) -> AppTest:
    another = next(each for each in app.file_uploader if not str(each.key).endswith("_views"))
    another.set_value([(name, data, "image/png") for name, data in files])
    app = app.run()
    assert not app.exception
    return app


def add_views(app: AppTest, *files: tuple[str, bytes]) -> AppTest:
    (views,) = [each for each in app.file_uploader if str(each.key).endswith("_views")]
    views.set_value([(name, data, "image/png") for name, data in files])
    app = app.run()
    assert not app.exception
    return app


def tell(shop: Catalogue, extractor: FakeExtractor, **borders: float) -> None:
    """Have scores mean something of one's own in the shop."""
    given = {"near_identical": 0.99995, "same_style": 0.9, "same_type": 0.1, "agreement": 0.5}
    told = Bands(**(given | borders), method="categories", photos=PRODUCTS, last_photo=PRODUCTS)
    shop.save_derived(bands_key(extractor.fingerprint), told.to_text())


def params(app: AppTest) -> dict[str, list[str]]:
    given = {name: app.query_params[name] for name in app.query_params}
    return {name: [v] if isinstance(v, str) else list(v) for name, v in given.items()}


# --- opening ---------------------------------------------------------------------------------


def test_opens_on_products_without_encoding(shop: Catalogue, open_app: Open, extractor):
    app = open_app()
    assert not app.exception
    assert len(shown(app)) == PRODUCTS - 2  # one is out of stock, one withdrawn
    assert {"P03", "P04"}.isdisjoint(shown(app))
    assert len(app.file_uploader) == 1
    assert extractor.encoded == 0
    assert params(app) == {}


def test_says_what_to_do_without_any_catalogue(home: Path, open_app: Open):
    app = open_app()
    assert not app.exception
    assert "There is no catalogue yet" in words(app)
    assert "python -m search build FOLDER" in words(app)


def test_says_what_to_do_with_an_empty_catalogue(home: Path, open_app: Open):
    Catalogue(home / "shop").close()
    app = open_app()
    assert not app.exception
    assert "This catalogue is empty" in words(app)


def test_samples_can_be_chosen(
    home: Path, open_app: Open, extractor: FakeExtractor, tmp_path, monkeypatch
):
    demo = tmp_path / "bundle"
    (demo / "customers").mkdir(parents=True)
    (demo / "customers" / "one.png").write_bytes(photograph(7))
    (demo / "customers.csv").write_text("file,product,view\ncustomers/one.png,P07,street\n")
    monkeypatch.setattr(workspace, "DEMO", demo)
    fill(Catalogue(home / workspace.DEMO_NAME), extractor)
    app = press(open_app(), "sample_one.png")
    assert shown(app)[0] == "P07"
    assert extractor.encoded == 1
    assert params(app) == {"sample": ["one.png"]}
    again = open_app(sample="one.png")
    assert shown(again)[0] == "P07"


def test_the_samples_are_those_chosen_in_their_order_and_links_reach_all(
    home: Path, open_app: Open, extractor: FakeExtractor, tmp_path, monkeypatch
):
    demo = tmp_path / "bundle"
    (demo / "customers").mkdir(parents=True)
    for number in range(4):
        (demo / "customers" / f"{number}.png").write_bytes(photograph(number + 6))
    listed = "".join(f"customers/{n}.png,P{n + 6:02d},street\n" for n in range(4))
    (demo / "customers.csv").write_text(f"file,product,view\n{listed}")
    monkeypatch.setattr(workspace, "DEMO", demo)
    catalogue = Catalogue(home / workspace.DEMO_NAME)
    fill(catalogue, extractor)
    catalogue.set_setting(workspace.SAMPLES, '["3.png", "gone.png", "1.png"]')
    keys = [str(button.key) for button in open_app().button]
    assert [key for key in keys if key.startswith("sample_")] == ["sample_3.png", "sample_1.png"]
    assert shown(open_app(sample="0.png"))[0] == "P06"


# --- results ---------------------------------------------------------------------------------


def test_find_similar_leaves_the_product_itself_out(shop, open_app: Open, extractor):
    app = press(open_app(), "similar_P00")
    assert shown(app)[0] == "P01"
    assert "P00" not in shown(app)
    assert len(shown(app)) == 12
    assert extractor.encoded == 0
    assert params(app) == {"product": ["P00"]}


def test_every_picture_has_alternative_text_with_the_score(shop, open_app: Open):
    app = open_app(product="P00")
    alts = [picture.proto.imgs[0].alt for picture in app.image]
    assert all(alts)
    first = next(alt for alt in alts if alt.startswith("Result 1:"))
    assert first.startswith("Result 1: Thing 1, €80.00, similarity 1.000")
    assert "saves €120.00" in first


def test_tells_time_number_and_what_is_hidden(shop, open_app: Open):
    line = next(c.value for c in open_app(product="P00").caption if "searched" in c.value)
    assert "12 of 17 shown" in line
    assert "20 products" in line
    assert "2 hidden: 1 withdrawn, 1 out of stock" in line


def test_an_upload_is_encoded_once_whatever_is_moved(shop, open_app: Open, extractor):
    app = upload(open_app(), ("mine.png", photograph(6)))
    assert shown(app)[0] == "P06"
    assert "1.000 · near-identical" in words(app)
    assert extractor.encoded == 1
    app.slider(key="set_k").set_value(3)
    app = app.run()
    assert len(shown(app)) == 3
    app.multiselect(key="set_categories").set_value(["Boots"])
    app = app.run()
    app.selectbox(key="set_metric").set_value("manhattan")
    app = app.run()
    app.segmented_control(key="set_mode").set_value("cheaper")
    app = app.run()
    assert not app.exception
    assert extractor.encoded == 1


def test_several_files_are_views_of_one_thing(shop, open_app: Open, extractor):
    app = upload(open_app(), ("a.png", photograph(6)), ("b.png", photograph(9)))
    assert extractor.encoded == 2
    expected = SearchEngine(shop, extractor).search(Query((photograph(6), photograph(9))))
    assert shown(app) == [hit.product.id for hit in expected.hits]
    assert "Your 2 photographs" in words(app)


def test_another_photograph_replaces_what_was_searched_for(shop, open_app: Open, extractor):
    app = upload(open_app(), ("a.png", photograph(6)))
    app = upload(app, ("b.png", photograph(9)))
    assert shown(app)[0] == "P09"
    expected = SearchEngine(shop, extractor).search(Query((photograph(9),)))
    assert shown(app) == [hit.product.id for hit in expected.hits]
    assert "Your photograph" in words(app)
    app = upload(app, ("a.png", photograph(6)), ("c.png", photograph(11)))
    assert "Your 2 photographs" in words(app)


def test_what_cannot_be_used_does_not_end_the_search(shop, open_app: Open):
    app = upload(open_app(), ("a.png", photograph(6)))
    app = upload(app, ("notes.png", b"just some text"))
    assert "notes.png" in app.error[0].value
    assert shown(app)[0] == "P06"


def test_views_are_added_and_taken_away_by_an_action_of_their_own(shop, open_app: Open, extractor):
    def asked(*numbers: int) -> list[str]:
        query = Query(tuple(photograph(number) for number in numbers))
        return [hit.product.id for hit in SearchEngine(shop, extractor).search(query).hits]

    app = upload(open_app(), ("a.png", photograph(6)))
    assert not [b for b in app.button if str(b.key).startswith("remove_view_")]
    app = add_views(app, ("b.png", photograph(9)), ("again.png", photograph(6)))
    assert "Your 2 photographs" in words(app)  # the same one twice is one view
    assert shown(app) == asked(6, 9)
    app = add_views(app, ("c.png", photograph(11)), ("bad.png", b"text"))
    assert shown(app) == asked(6, 9, 11)
    assert "bad.png" in app.error[0].value
    app = press(app, "remove_view_2")
    assert shown(app) == asked(6, 11)
    app = press(app, "remove_view_1")
    assert shown(app) == asked(11)
    assert not [b for b in app.button if str(b.key).startswith("remove_view_")]


def test_a_crop_stays_as_long_as_the_view_it_is_of(shop, open_app: Open):
    app = upload(open_app(), ("a.png", photograph(6)))
    app.slider(key="crop_right").set_value(50)
    app = add_views(app.run(), ("b.png", photograph(9)))
    assert app.slider(key="crop_right").value == 50
    app = press(app, "remove_view_1")
    assert app.slider(key="crop_right").value == 100


def test_no_more_views_than_are_searched_by(shop, open_app: Open):
    app = upload(open_app(), *((f"{n}.png", photograph(n)) for n in range(4, 10)))
    assert "Your 6 photographs" in words(app)
    app = upload(app, *((f"{n}.png", photograph(n)) for n in range(4, 12)))
    assert "Your 6 photographs" in words(app)
    assert "Only the first 6 photographs" in app.error[0].value


def test_a_crop_searches_by_the_part(shop, open_app: Open, extractor):
    left = draw(6).resize((64, 64))
    both = draw(9).resize((128, 64))
    both.paste(left, (0, 0))
    app = upload(open_app(), ("both.png", encode(both)))
    before = extractor.encoded
    app.slider(key="crop_right").set_value(50)
    app = app.run()
    assert not app.exception
    assert extractor.encoded == before + 1
    assert shown(app)[0] == "P06"
    assert "1.000 · near-identical" in words(app)
    app = press(app, "crop_reset")
    assert app.slider(key="crop_right").value == 100
    assert extractor.encoded == before + 1  # the whole is remembered


def on_plain_ground(number: int) -> bytes:
    """A drawn thing, small in the middle of a plain grey ground."""
    ground = Image.new("RGB", (200, 160), (200, 200, 200))
    ground.paste(draw(number).resize((60, 60)), (40, 50))
    return encode(ground)


def test_where_the_product_is_clear_one_press_searches_within_its_frame(
    shop, open_app: Open, extractor
):
    app = upload(open_app(), ("mine.png", on_plain_ground(6)))
    before = extractor.encoded
    app = press(app, "crop_frame")
    assert extractor.encoded == before + 1
    assert "Searched within the suggested frame." in words(app)
    assert shown(app)[0] == "P06"
    left, right = (app.slider(key=f"crop_{side}").value for side in ("left", "right"))
    assert (left, right) == pytest.approx((20, 50), abs=4)
    app.slider(key="crop_right").set_value(90)
    app = app.run()
    assert "Searched within the suggested frame." not in words(app)
    app = press(press(press(app, "crop_reset"), "crop_frame"), "crop_whole")
    assert app.slider(key="crop_right").value == 100


def test_no_frame_is_suggested_where_the_product_is_not_clear(shop, open_app: Open):
    app = upload(open_app(), ("mine.png", encode(Image.effect_noise((96, 96), 90).convert("RGB"))))
    assert "crop_frame" not in [button.key for button in app.button]


def test_a_region_searches_without_encoding_again(shop, open_app: Open, extractor):
    app = upload(open_app(), ("mine.png", photograph(6)))
    app.slider(key="crop_right").set_value(50)
    app = app.run()
    assert "A crop is encoded afresh" in words(app)
    cropped = shown(app)
    app.segmented_control(key="part_kind").set_value("Region")
    app = app.run()
    assert "A region is taken from what the network saw" in words(app)
    before = extractor.encoded
    assert shown(app) != cropped
    app.slider(key="crop_bottom").set_value(75)
    app = app.run()
    assert not app.exception
    assert extractor.encoded == before


def test_show_more(shop, open_app: Open):
    app = open_app(product="P00", k="4")
    assert len(shown(app)) == 4
    app = press(app, "show_more")
    assert len(shown(app)) == 16
    app = press(app, "show_more")
    assert len(shown(app)) == 17
    assert "show_more" not in [button.key for button in app.button]


def test_the_category_is_suggested_not_forced(shop, extractor, open_app: Open):
    told = Bands(0.99, 0.9, 0.1, "altered copies", 20, 20, agreement=0.5, category=0.5)
    shop.save_derived(f"photographs:{extractor.fingerprint}", json.dumps(asdict(told)))
    app = upload(open_app(), ("mine.png", photograph(6)))
    assert "Looks like **Trainers**" in words(app)
    before = shown(app)
    assert any(int(found[1:]) % 4 == 3 for found in before)
    app = press(app, "take_suggestion")
    assert params(app)["category"] == ["Trainers"]
    assert not any(int(found[1:]) % 4 == 3 for found in shown(app))


def test_compare_shows_both_and_the_facts(shop, open_app: Open):
    app = press(open_app(product="P00"), "compare_P01")
    alts = [picture.proto.imgs[0].alt for picture in app.image]
    assert "The query: Thing 0" in alts
    assert "The result: Thing 1" in alts
    assert {m.label: m.value for m in app.metric}["Saves"] == "€120.00"
    assert app.toggle(key="compare_why").value  # the network is there, so what matched is shown
    assert not app.error
    app = app.run()
    assert "The result: Thing 1" not in [picture.proto.imgs[0].alt for picture in app.image]


def test_a_picture_opens_its_product(shop, open_app: Open):
    with shop.change("ann", "sale") as change:
        change.update("P01", price=7000)
        change.add_photo("P01", photos.read(photograph(12)), source="again.png")
    app = press(open_app(product="P00"), "open_P01")
    alts = [picture.proto.imgs[0].alt for picture in app.image]
    assert "Thing 1, view 1 of 2" in alts
    assert "Similarity to the query: 1.000 · near-identical" in words(app)
    tables = [table.value.astype(str).to_numpy().tolist() for table in app.table]
    assert ["Material", "felt"] in tables[0]
    (history,) = [table for table in tables if any("ann" in row for row in table)]
    assert [row[1] for row in history] == ["€70.00", "€80.00"]
    view = next(b for b in app.button if str(b.key).startswith("product_views_")
                and b.proto.help == "View 2 of Thing 1")  # fmt: skip
    app = view.click().run()
    assert not app.exception
    assert app.session_state["product_view"] == shop.photos("P01")[1].id


@pytest.mark.parametrize(
    ("action", "leads_to"),
    [
        ("product_similar", {"product": ["P01"]}),
        ("product_cheaper", {"product": ["P01"], "mode": ["cheaper"]}),
        ("product_why", {"product": ["P00"]}),
    ],
)
def test_an_opened_product_leads_on(shop, open_app: Open, action, leads_to):
    app = press(open_app(product="P00"), "open_P01")
    app.button(key=action).click()
    app = app.run()
    assert not app.exception
    assert params(app) == leads_to
    result = "The result: Thing 1" in [picture.proto.imgs[0].alt for picture in app.image]
    assert result == (action == "product_why")


def test_the_query_and_a_product_to_start_from_open_too(shop, open_app: Open):
    app = press(open_app(product="P00"), "open_query")
    assert "Thing 0" in [picture.proto.imgs[0].alt for picture in app.image]
    assert "product_why" not in [button.key for button in app.button]
    app = press(open_app(), "open_P07")
    assert "Thing 7" in [picture.proto.imgs[0].alt for picture in app.image]


@pytest.mark.parametrize(
    ("asked", "offered"),
    [
        ({}, False),
        ({"mode": "cheaper"}, False),
        ({"product": "P00"}, True),
        ({"product": "P05"}, False),
        ({"product": "P05", "mode": "cheaper"}, False),
        ({"product": "P05", "mode": "cheaper", "to_beat": "9000"}, True),
    ],
)
def test_largest_saving_first_only_where_there_is_a_price_to_beat(
    shop, open_app: Open, asked, offered
):
    app = open_app(**asked)
    assert not app.exception
    assert ("Largest saving first" in app.selectbox(key="set_sort").options) == offered


def test_what_matched_is_told_in_numbers_that_add_up(shop, open_app: Open):
    app = press(open_app(product="P00"), "compare_P06")
    shares = [table.value.astype(float).to_numpy() for table in app.table if len(table.value) == 4]
    assert [share.shape for share in shares] == [(4, 4), (4, 4)]
    (told,) = re.findall(r"shares add up to (\d\.\d{3})", words(app))
    assert told == {m.label: m.value for m in app.metric}["Similarity"]
    for share in shares:
        assert share.sum() == pytest.approx(float(told), abs=16 * 0.0005)
    app = press(open_app(product="P00"), "compare_P06").toggle(key="compare_why").set_value(False)
    assert "shares add up" not in words(app.run())


# --- refining --------------------------------------------------------------------------------


def test_filters_carry_counts_and_stay_when_the_counts_change(shop, open_app: Open):
    app = open_app(product="P00")
    facet = app.multiselect(key="set_categories")
    assert facet.options == ["Trainers · 14", "Boots · 4"]
    facet.set_value(["Boots"])
    app = app.run()
    app.multiselect(key="set_brands").set_value(["Luma"])
    app = app.run()
    app.toggle(key="set_in_stock").set_value(True)
    app = app.run()
    assert app.multiselect(key="set_categories").value == ["Boots"]
    assert app.multiselect(key="set_categories").options == ["Boots · 5", "Trainers · 5"]
    assert set(shown(app)) == {"P03", "P07", "P11", "P15", "P19"}


def test_withdrawn_and_out_of_stock_appear_when_asked_for(shop, open_app: Open):
    app = open_app(product="P00", k="48")
    app.toggle(key="set_in_stock").set_value(True)
    app.toggle(key="set_active").set_value(True)
    app = app.run()
    assert {"P03", "P04"} <= set(shown(app))
    assert params(app) == {"product": ["P00"], "k": ["48"], "stock": ["any"], "status": ["any"]}


def test_a_price_range_leaves_out_what_has_no_price(shop, open_app: Open):
    app = open_app(product="P00", k="48")
    assert "P05" in shown(app)
    app.slider(key="set_price").set_value((10, 130))
    app = app.run()
    inside = {p.id for p in shop.products() if p.price is not None and p.price <= 13000}
    assert set(shown(app)) == inside - {"P00", "P03", "P04"}
    assert "1 without a price" in words(app)
    assert params(app)["price"] == ["1000-13000"]


def test_minimum_similarity_says_how_many_pass(shop, open_app: Open):
    app = open_app(product="P00")
    assert "17 of 17 pass" in words(app)
    app.slider(key="set_min_score").set_value(0.99)
    app = app.run()
    assert shown(app) == ["P01"]
    assert "1 of 17 pass" in words(app)
    app.slider(key="set_min_score").set_value(1.0)
    app = app.run()
    assert shown(app) == []
    assert "No product passes" in words(app)
    assert "The minimum similarity of 1.00 hides 17 products" in words(app)
    assert "17 less similar than 1.00" in words(app)
    app = press(app, "clear_here")
    assert len(shown(app)) == 12


def test_sorting_by_price_keeps_the_same_products(shop, open_app: Open):
    app = open_app(product="P00", k="6")
    before = shown(app)
    app.selectbox(key="set_sort").set_value("price")
    app = app.run()
    prices = {p.id: p.price or 10**9 for p in shop.products()}  # without a price: last
    assert set(shown(app)) == set(before)
    assert [prices[i] for i in shown(app)] == sorted(prices[i] for i in before)


def test_the_metric_says_which_rank_alike(shop, open_app: Open):
    app = open_app(product="P00")
    before = shown(app)
    app.selectbox(key="set_metric").set_value("euclidean")
    app = app.run()
    assert shown(app) == before
    assert "ranks exactly as cosine" in words(app)


# --- cheaper look-alikes ---------------------------------------------------------------------


def test_cheaper_shows_only_what_costs_less(shop, open_app: Open, extractor):
    tell(shop, extractor, same_style=0.5, agreement=0.05)
    app = open_app(product="P06", mode="cheaper", k="48")
    price = product(6).price
    prices = {p.id: p.price for p in shop.products()}
    assert shown(app)
    assert all(prices[i] is not None and prices[i] < price for i in shown(app))
    best = price - min(prices[i] for i in shown(app))
    assert f"Save up to :green[€{best / 100:.2f}] ({100 * best // price}%)" in words(app)


def test_a_link_brings_the_price_to_beat_back(shop, open_app: Open):
    app = open_app(product="P06", mode="cheaper", to_beat="9100")
    assert app.number_input(key="set_to_beat").value == 91.0
    assert params(app)["to_beat"] == ["9100"]


def test_a_saving_is_promised_only_on_the_same_style(shop, open_app: Open, extractor):
    tell(shop, extractor, same_style=0.9999, same_type=0.1, agreement=0.05)
    app = open_app(product="P06", mode="cheaper", k="48")
    assert "Save up to" not in words(app)
    assert re.search(r"\d+ products of the same type for less, from :green\[€", words(app))
    assert "look-alikes are of the same type: from 0.10 on" in words(app)
    tell(shop, extractor, same_style=0.995, same_type=0.1, agreement=0.05)
    app = open_app(product="P00", mode="cheaper", k="48")  # its twin alone is of the same style
    assert "Save up to :green[€120.00] (60%) on the same style; " in words(app)


def test_cheaper_minimum_saving(shop, open_app: Open, extractor):
    tell(shop, extractor, same_style=0.5, agreement=0.05)
    app = open_app(product="P00", mode="cheaper", k="48")
    before = len(shown(app))
    app.slider(key="set_min_saving").set_value(50)
    app = app.run()
    prices = {p.id: p.price for p in shop.products()}
    assert shown(app)
    assert all(prices[i] <= 10000 for i in shown(app))
    assert params(app)["min_saving"] == ["50"]
    assert f"{before - len(shown(app))} saving less than asked" in words(app)


def test_minimums_that_hide_all_say_how_many_they_hide(shop, open_app: Open, extractor):
    tell(shop, extractor, same_style=0.5, agreement=0.05)
    before = len(shown(open_app(product="P06", mode="cheaper", k="48")))
    assert before > 1
    app = open_app(product="P06", mode="cheaper", min_saving="90", to_beat="9100")
    assert f"Left out: {before} look-alikes saving less than 90%." in words(app)
    app = open_app(product="P06", mode="cheaper", min_score="100")
    assert re.search(r"Left out: \d+ cheaper products less similar than 1.00\.", words(app))


@pytest.mark.parametrize("typed", [1e99, -5.0])
def test_a_price_to_beat_has_bounds(shop, open_app: Open, typed):
    app = open_app(product="P00", mode="cheaper")
    app.number_input(key="set_to_beat").set_value(typed)
    app = app.run()
    assert not app.exception
    assert not app.error
    assert 0 <= app.number_input(key="set_to_beat").value <= MOST_MONEY / 100


def test_nothing_cheaper_is_good_news(shop, open_app: Open):
    app = open_app(product="P02", mode="cheaper")
    assert not app.exception
    assert "Nothing close enough is cheaper" in words(app)
    assert not app.error


def test_a_photograph_is_compared_with_its_closest_match(shop, open_app: Open):
    app = upload(open_app(mode="cheaper"), ("mine.png", photograph(0)))
    assert "Compared with **Thing 0** at **€200" in words(app)
    assert shown(app)[0] == "P01"


def test_a_typed_price_is_the_one_to_beat(shop, open_app: Open):
    app = upload(open_app(mode="cheaper", k="48"), ("mine.png", photograph(0)))
    app.number_input(key="set_to_beat").set_value(95.0)
    app = app.run()
    prices = {p.id: p.price for p in shop.products()}
    assert "the price you typed, **€95" in words(app)
    assert all(prices[i] < 9500 for i in shown(app))
    assert params(app)["to_beat"] == ["9500"]


def test_without_any_price_it_says_what_is_missing(shop, open_app: Open):
    with shop.change("test", "edit") as change:
        for number in range(PRODUCTS):
            change.put(replace(product(number), price=None, currency=""))
    app = open_app(product="P00", mode="cheaper")
    assert not app.exception
    assert "This catalogue has no prices" in words(app)
    assert not app.error


# --- links, history, catalogues --------------------------------------------------------------


def test_a_link_brings_product_number_and_filters(shop, open_app: Open):
    app = open_app(product="P00", k="5", brand=["Luma"], metric="manhattan", sort="price")
    assert len(shown(app)) == 5
    assert all(int(found[1:]) % 2 for found in shown(app))
    assert app.slider(key="set_k").value == 5
    assert app.selectbox(key="set_metric").value == "manhattan"


@pytest.mark.parametrize(
    "link",
    [
        {"k": "many", "metric": "magic", "mode": "?", "price": "1-2-3", "sort": "up"},
        {"k": "-4", "min_score": "1e9", "stock": "", "to_beat": "-1", "price": "-"},
        {"k": "999999999999999999999", "category": "", "sample": "../../etc/passwd"},
    ],
)
def test_a_broken_link_still_opens(shop, open_app: Open, link):
    app = open_app(product="P00", **link)
    assert not app.exception
    assert not app.error
    assert shown(app)


def test_a_link_to_a_product_that_is_gone_says_so(shop, open_app: Open):
    app = open_app(product="P99")
    assert not app.exception
    assert "The catalogue has no product “P99”" in app.error[0].value
    app = press(app, "start_over")
    assert not app.error
    assert shown(app)


def test_an_unknown_category_in_a_link_is_named_and_can_be_cleared(shop, open_app: Open):
    app = open_app(product="P00", category="Hats")
    assert "no category “Hats”" in app.error[0].value
    assert "“Boots”" in app.error[0].value
    assert shown(press(app, "clear_here"))


def test_going_back_in_the_browser_follows_the_address(shop, open_app: Open):
    app = press(open_app(), "similar_P00")
    app.query_params.clear()
    app = app.run()
    assert len(shown(app)) == PRODUCTS - 2


def test_another_page_and_back_keeps_what_was_searched_for(shop, open_app: Open):
    app = open_app(product="P00", k="5")
    before = shown(app)
    app = app.switch_page("search/ui/pages/catalogue.py").run()
    app.query_params.clear()  # as the browser does where a page is chosen
    app = app.switch_page("search/ui/pages/search.py").run()
    assert shown(app) == before
    assert params(app) == {"product": ["P00"], "k": ["5"]}


def test_earlier_queries_can_be_run_again(shop, open_app: Open, extractor):
    app = upload(open_app(), ("mine.png", photograph(6)))
    first = shown(app)
    app = press(app, f"similar_{first[1]}")
    assert shown(app) != first
    app = press(app, "recent_1")
    assert shown(app) == first
    assert extractor.encoded == 1
    assert len([b for b in app.button if str(b.key).startswith("recent_")]) == 2


def test_a_catalogue_is_switched_for_this_session_alone(
    shop, home: Path, open_app: Open, extractor
):
    other = Catalogue(home / "zoo")
    fill(other, extractor, 3)
    app = press(open_app(), "similar_P00")
    app.selectbox(key="catalogue_switch").set_value("zoo")
    app = app.run()
    assert not app.exception
    assert sorted(shown(app)) == ["P00", "P01", "P02"]
    assert params(app) == {"catalogue": ["zoo"]}
    assert workspace.current() == "shop"
    assert open_app().selectbox(key="catalogue_switch").value == "shop"
    linked = open_app(catalogue="zoo", product="P00")
    assert linked.selectbox(key="catalogue_switch").value == "zoo"
    assert len(shown(linked)) == 2
    unknown = open_app(catalogue="../zoo")
    assert unknown.selectbox(key="catalogue_switch").value == "shop"
    assert "/zoo” here: this is “shop”." in unknown.error[0].value


def test_the_uploaded_photograph_goes_along_to_another_catalogue(
    shop, home: Path, open_app: Open, extractor
):
    other = Catalogue(home / "zoo")
    fill(other, extractor, 8)
    app = upload(open_app(), ("mine.png", photograph(6)))
    assert shown(app)[0] == "P06"
    app = app.selectbox(key="catalogue_switch").set_value("zoo").run()
    assert len(shown(app)) == 6
    assert shown(app)[0] == "P06"


def test_another_default_is_a_step_of_its_own_that_says_what_follows(
    shop, home: Path, open_app: Open, extractor
):
    fill(Catalogue(home / "zoo"), extractor, 3)
    app = open_app()
    assert "shop is everybody's default." in words(app)
    app = app.selectbox(key="catalogue_switch").set_value("zoo").run()
    (button,) = [b for b in app.button if b.label == "Make it everybody's default"]
    app = button.click().run()
    for what in ("New visitors see zoo first", "Commands without", "The website's search"):
        assert what in words(app)
    assert workspace.current() == "shop"


@pytest.mark.parametrize("name", ["catalogue", "add", "revisions", "audit", "health", "map"])
def test_every_page_obeys_the_catalogue_of_its_address(shop, home: Path, name: str):
    Catalogue(home / "zoo").close()
    workspace.use("zoo")
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.switch_page(f"search/ui/pages/{name}.py")
    app.query_params["catalogue"] = "shop"
    app = app.run()
    assert not app.exception
    assert app.selectbox(key="catalogue_switch").value == "shop"
    app = app.selectbox(key="catalogue_switch").set_value("zoo").run()
    assert app.selectbox(key="catalogue_switch").value == "zoo"
    assert params(app) == {"catalogue": ["zoo"]}
    app.query_params["catalogue"] = "gone"
    app = app.run()
    assert app.selectbox(key="catalogue_switch").value == "zoo"
    assert "no catalogue “gone” here: this is “zoo”" in app.error[0].value


def test_a_change_of_the_catalogue_is_seen_at_once(shop, open_app: Open):
    app = open_app(product="P00")
    assert "P01" in shown(app)
    with shop.change("test", "withdraw") as change:
        change.update("P01", status="withdrawn")
    assert "P01" not in shown(app.run())


def test_the_start_page_shows_a_cheaper_look_alike_and_opens_it(twins, open_app: Open):
    app = press(open_app(), "find_all_P00")
    assert shown(app)[0] == "P01"
    assert params(app) == {"mode": ["cheaper"], "product": ["P00"]}


def test_a_photograph_of_nothing_we_sell_is_told_so(shop, open_app: Open):
    app = upload(open_app(), ("night.png", encode(Image.new("RGB", (64, 64), (0, 0, 90)))))
    assert "Nothing here is similar" in words(app)
    assert "Looks like" not in words(app)
    assert len(shown(app)) == 12  # the closest are shown all the same


# --- errors ----------------------------------------------------------------------------------


def test_what_is_no_photograph_is_named_and_the_rest_goes_on(shop, open_app: Open):
    app = upload(open_app(), ("notes.png", b"just some text"), ("mine.png", photograph(6)))
    assert "notes.png" in app.error[0].value
    assert shown(app)[0] == "P06"
    app = press(app, "similar_P00")
    assert not app.error


def test_only_bad_files_leave_the_start_page(shop, open_app: Open, extractor):
    app = upload(open_app(), ("empty.png", b""))
    assert "empty" in app.error[0].value
    assert len(shown(app)) == PRODUCTS - 2
    assert extractor.encoded == 0


def test_without_weights_products_can_still_be_searched(
    shop, open_app: Open, extractor, monkeypatch
):
    def cells(photos):
        raise NetworkError("The weights are missing: put them there.")

    monkeypatch.setattr(extractor, "cells", cells)
    app = upload(open_app(), ("mine.png", photograph(6)))
    assert app.error[0].value == "The weights are missing: put them there."
    assert "Searching by the catalogue's own products still works." in words(app)
    app = press(app, "start_over")
    assert shown(press(app, "similar_P00"))[0] == "P01"


def test_a_damaged_catalogue_is_an_error_in_words(home: Path, open_app: Open):
    folder = home / "shop"
    folder.mkdir(parents=True)
    (folder / workspace.DATABASE).write_bytes(b"this is no database" * 100)
    app = open_app()
    assert not app.exception
    assert len(app.error) == 1
