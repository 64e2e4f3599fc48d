"""Price audit and Health, driven without a browser."""

from __future__ import annotations

from dataclasses import replace

import pytest

from search import photos
from search.catalogue import Catalogue
from search.engine import LoadedCatalogue, bands
from tests.ui.app import press, strip_signs, tiles, words
from tests.ui.shop import photograph, product


def test_a_dear_product_with_a_cheap_twin_is_listed_with_the_gap(twins, page):
    app = page("audit")
    app = app.slider(key="audit_score").set_value(0.95).run()
    app = app.toggle(key="audit_stock").set_value(False).run()
    assert not app.exception
    shown = strip_signs(words(app))
    assert "Thing 0" in shown
    assert "Thing 1" in shown
    assert "−60%" in shown
    assert "€120.00 less" in shown
    app = app.slider(key="audit_gap").set_value(65).run()
    assert "−60%" not in strip_signs(words(app))


@pytest.mark.parametrize("border", [0.31, 0.83])
def test_similarity_starts_where_the_command_does(twins, page, monkeypatch, border):
    found = bands.Bands(0.99, 0.9, border, "categories", photos=2, last_photo=2)
    monkeypatch.setattr(LoadedCatalogue, "bands", found)
    assert page("audit").slider(key="audit_score").value == pytest.approx(border)


def test_a_twin_out_of_stock_counts_only_when_asked(twins, page):
    with twins.change("test", "sold out") as change:
        change.update("P01", stock=0)
    app = page("audit").slider(key="audit_score").set_value(0.99).run()
    assert "Thing 1\n" not in strip_signs(words(app)).replace("**", "")
    app = app.toggle(key="audit_stock").set_value(False).run()
    assert "Thing 1\n" in strip_signs(words(app)).replace("**", "")


def test_the_same_photograph_under_two_prices_is_told(shop, page):
    with shop.change("test", "twice") as change:
        change.put(replace(product(6), id="X06", price=100))
        change.add_photo("X06", photos.read(photograph(6)), source="x.png")
    shown = words(page("audit"))
    assert "The same photograph" in shown
    assert "two prices" in shown


def starting(app, label: str) -> list:
    """The buttons that are called so, each with the name of its product behind it."""
    return [button for button in app.button if button.label.startswith(label)]


def pairs(app) -> list[str]:
    return [str(b.key) for b in app.button if str(b.key).startswith("pair_")]


def test_headline_tab_and_cards_count_the_same_pairs_of_the_chosen_category(twins, page):
    with twins.change("test", "twice") as change:
        change.put(replace(product(7), id="X07", price=100))  # boots, P00 and P01 are trainers
        change.add_photo("X07", photos.read(photograph(7)), source="x.png")
    app = page("audit").slider(key="audit_score").set_value(0.95).run()
    assert {tab.label for tab in app.tabs} == {"Cheaper twins (2)", "Listed twice (1)"}
    assert "2 pairs of a product and a cheaper twin." in words(app)
    assert "1 pair that may be one product." in words(app)
    assert len(pairs(app)) == 3
    app = app.pills(key="audit_categories").set_value(["Trainers"]).run()
    assert {tab.label for tab in app.tabs} == {"Cheaper twins (1)", "Listed twice (0)"}
    assert pairs(app) == ["pair_P00_P01"]
    app = app.pills(key="audit_categories").set_value(["Boots"]).run()
    assert {tab.label for tab in app.tabs} == {"Cheaper twins (1)", "Listed twice (1)"}
    assert pairs(app) == ["pair_P07_X07", "pair_P07_X07_twice"]


def test_a_pair_leads_to_both_products_and_to_its_look_alikes(twins, page):
    app = page("audit").slider(key="audit_score").set_value(0.95).run()
    app = starting(app, "Reprice or withdraw")[0].click().run()
    assert not app.exception
    assert [field.value for field in app.text_input if "New price" in field.label] == [
        "200.00",
        "80.00",
    ]
    assert len(starting(app, "Withdraw")) == 2


def test_nothing_to_audit(home, page):
    Catalogue(home / "shop").close()
    assert "No product has a much cheaper near twin" in words(page("audit"))


@pytest.fixture
def kinds(shop, page):
    """The page showing one kind of trouble."""

    def shown(kind: str):
        return page("health").pills(key="health_kind").set_value(kind).run()

    return shown


def test_a_product_without_a_price_leads_to_the_table(kinds):
    app = kinds("no price")
    assert [b.key for b in starting(app, "Edit")] == ["edit_no price_P05"]


def test_a_missing_file_is_told_and_leads_to_its_photographs(shop, kinds):
    shop.path(shop.photos("P08")[0]).unlink()
    app = kinds("missing file")
    assert [b.key for b in starting(app, "Add a photograph")] == ["photo_P08"]


def test_photographs_not_encoded_yet_are_encoded_from_here(shop, kinds, extractor):
    with shop.change("test", "new") as change:
        change.put(replace(product(6), id="N1"))
        change.add_photo("N1", photos.read(photograph(77)), source="n1.png")
    app = kinds("not encoded")
    assert tiles(app) == ["N1"]
    press(app, "Encode them now")
    for _ in range(100):
        if not shop.without_feature(extractor.fingerprint):
            break
        app = app.run()
    assert shop.without_feature(extractor.fingerprint) == []


def test_a_doubt_shows_its_reason(shop, page):
    with shop.change("test", "relabel") as change:
        for number in range(20):
            change.update(f"P{number:02}", category="Boots" if number == 9 else "Trainers")
    app = page("health").pills(key="health_kind").set_value("other category").run()
    assert "of its 15 nearest products are under Trainers" in strip_signs(words(app))


def test_a_mislabelled_product_moves_with_one_press(shop, page):
    with shop.change("test", "relabel") as change:
        for number in range(20):
            change.update(f"P{number:02}", category="Boots" if number == 9 else "Trainers")
    app = page("health").pills(key="health_kind").set_value("other category").run()
    assert "move_P09" in [b.key for b in app.button]
    app.button(key="move_P09").click().run()
    assert shop.product("P09").category == "Trainers"
