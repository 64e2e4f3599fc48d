"""Catalogue, Add and Revisions: what a merchandiser does, driven without a browser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from search import photos
from search.catalogue import Catalogue
from search.engine import Options, Query, SearchEngine
from tests.helpers import draw, encode
from tests.ui.app import press, strip_signs, tiles, until, words
from tests.ui.shop import PRODUCTS, fill, photograph

Page = Callable[[str], AppTest]


class TestCatalogue:
    def test_shows_every_product_with_its_state(self, shop, page):
        app = page("catalogue")
        assert sorted(tiles(app)) == [f"P{n:02}" for n in range(PRODUCTS)]
        assert f"{PRODUCTS} products of {PRODUCTS}" in words(app)
        assert "Withdrawn" in words(app)
        assert "Out of stock" in words(app)

    def test_finds_by_words_category_and_state(self, shop, page):
        app = page("catalogue")
        app = app.text_input(key="browse_words").set_value("luma red").run()
        assert set(tiles(app)) == {"P01", "P07", "P13", "P19"}
        app = app.multiselect(key="browse_categories").set_value(["Boots"]).run()
        assert set(tiles(app)) == {"P07", "P19"}
        app = app.text_input(key="browse_words").set_value("nothing like it").run()
        assert "No product matches" in words(app)
        app = app.text_input(key="browse_words").set_value("").run()
        app = app.multiselect(key="browse_categories").set_value([]).run()
        for state, expected in (("Withdrawn", "P04"), ("Out of stock", "P03"), ("No price", "P05")):
            app = app.pills(key="browse_status").set_value(state).run()
            assert tiles(app) == [expected]

    @pytest.mark.parametrize(
        ("sort", "first"), [("Price, low first", "P02"), ("Price, high first", "P00")]
    )
    def test_sorts(self, shop, page, sort, first):
        app = page("catalogue").selectbox(key="browse_sort").set_value(sort).run()
        assert tiles(app)[0] == first
        assert tiles(app)[-1] == "P05"  # without a price, wherever the others are

    def test_edits_are_saved_as_one_revision_and_searched_at_once(self, shop, page, extractor):
        engine = SearchEngine(shop, extractor)
        before = shop.revision()
        app = page("catalogue")
        app = app.segmented_control(key="browse_view").set_value("Table").run()
        assert not app.exception
        (editor,) = app.get("data_editor")
        rows = list(editor.value["id"])
        app.session_state[editor.key] = {
            "edited_rows": {
                rows.index("P06"): {"price": "12,50", "stock": 0},
                rows.index("P07"): {"colour": "green"},
            },
            "added_rows": [],
            "deleted_rows": [],
        }
        app = press(app.run(), "Save 2 changes")
        assert shop.product("P06").price == 1250
        assert shop.product("P07").colour == "green"
        assert shop.revision() == before + 1
        assert "P06" not in [
            hit.product.id
            for hit in engine.search(Query(product="P08"), options=Options(k=48)).hits
        ]

    def test_all_found_are_changed_together_after_a_dry_run(self, shop, page):
        app = page("catalogue").segmented_control(key="browse_view").set_value("Table").run()
        app = app.text_input(key="browse_words").set_value("luma red").run()
        assert [b.disabled for b in app.button if b.label == "Change together"] == [True]
        app = app.toggle(key="choose_all").set_value(True).run()
        assert "4 products chosen." in words(app)
        app = press(app, "Change together")
        assert "Nothing would change yet" in app.info[0].value
        app.number_input(key="bulk_percent").set_value(-20.0)
        app.number_input(key="bulk_stock").set_value(9)
        app = press(app, "Change together")
        (preview,) = [t.value for t in app.dataframe if "New price" in t.value]
        assert list(preview["Id"]) == ["P01", "P13", "P19", "P07"]  # by name
        assert preview["New price"][0] == "€64.00"
        assert shop.product("P01").price == 8000
        assert [b.label for b in app.button if b.label.startswith("Change 4")]

    def test_a_product_without_a_feature_says_so(self, shop, page, open_app):
        with shop.change("test", "new") as change:
            change.put(replace(shop.product("P06"), id="N1", name="Nothing to see"))
            change.put(replace(shop.product("P06"), id="N2", name="Not yet seen"))
            change.add_photo("N2", photos.read(photograph(77)), source="n2.png")
        app = page("catalogue").text_input(key="browse_words").set_value("seen").run()
        assert "Not encoded: cannot be found yet" in words(app)
        app = app.text_input(key="browse_words").set_value("nothing").run()
        assert "No photograph: cannot be found" in words(app)
        for product, why in (("N1", "has no photograph"), ("N2", "is encoded by this network yet")):
            app = open_app(product=product)
            assert why in app.error[0].value

    def test_a_wrong_edit_is_a_sentence_and_nothing_is_saved(self, shop, page):
        before = shop.revision()
        app = page("catalogue").segmented_control(key="browse_view").set_value("Table").run()
        (editor,) = app.get("data_editor")
        row = list(editor.value["id"]).index("P06")
        app.session_state[editor.key] = {
            "edited_rows": {row: {"price": "a lot"}},
            "added_rows": [],
            "deleted_rows": [],
        }
        app = press(app.run(), "Save 1 change")
        assert "“a lot”" in app.error[0].value
        assert shop.revision() == before


class TestAdd:
    def added(self, app: AppTest) -> AppTest:
        app = press(app, "Check")
        return until(app, lambda a: any(b.label.startswith(("Add ", "Import ")) for b in a.button))

    def test_photographs_are_checked_filled_in_and_found(self, shop, page, extractor):
        app = page("add")
        new = encode(draw("new shoe"))
        files = [
            ("new_shoe.png", new, "image/png"),
            ("again.png", photograph(2), "image/png"),
            ("broken.png", new[:200], "image/png"),
        ]
        app.file_uploader[0].set_value(files)
        app = self.added(app.run())
        assert "“broken.png” is damaged" in app.error[0].value
        assert "belongs to P02 already" in words(app)
        (editor,) = app.get("data_editor")
        assert list(editor.value["id"]) == ["new_shoe"]
        assert editor.value["picture"][0].startswith("data:image/jpeg;base64,")
        assert editor.value["category"][0] in ("Boots", "Trainers")  # as its neighbours vote
        app.session_state[editor.key] = {
            "edited_rows": {0: {"name": "New shoe", "price": "49.90", "stock": "3"}},
            "added_rows": [],
            "deleted_rows": [],
        }
        app = press(app.run(), "Add 1 product")
        app = until(app, lambda a: len(a.success) > 0)
        assert tiles(app) == ["new_shoe"]
        product = shop.product("new_shoe")
        assert (product.name, product.price, product.stock) == ("New shoe", 4990, 3)
        hit = SearchEngine(shop, extractor).search(Query((new,))).hits[0]
        assert (hit.product.id, round(hit.score, 5)) == ("new_shoe", 1)
        assert not page("add").success  # a fresh page begins anew

    def test_uploads_of_one_name_and_of_odd_names_all_become_products(self, shop, page):
        app = page("add")
        names = ["image.png", "image.png", "image.png", "a|b.png", " led.png"]
        app.file_uploader[0].set_value(
            [(name, encode(draw(f"odd {n}")), "image/png") for n, name in enumerate(names)]
        )
        app = press(self.added(app.run()), "Add 5 products")
        until(app, lambda a: len(a.success) > 0)
        added = {product.id for product in shop.products()}
        assert added >= {"image (1)", "image (2)", "image (3)", "a|b", " led"}

    def test_a_table_cannot_mean_one_of_several_of_a_name(self, shop, page):
        app = page("add")
        app = app.segmented_control(key="add_kind").set_value("A table with photographs").run()
        table = b"id,file\nX1,image.png\n"
        app.file_uploader(key="add_table").set_value(("t.csv", table, "text/csv"))
        app = app.run()
        photographs = next(w for w in app.file_uploader if w.key != "add_table")
        images = [("image.png", encode(draw(f"image {n}")), "image/png") for n in range(3)]
        photographs.set_value(images)
        app = self.added(app.run())
        assert "could be 3 photographs" in app.dataframe[0].value["What"][0]
        assert "No row names 3 photographs" in words(app)

    def test_a_wrong_price_is_told_and_nothing_is_added(self, shop, page):
        before = shop.revision()
        app = page("add")
        app.file_uploader[0].set_value([("new.png", encode(draw("new")), "image/png")])
        app = self.added(app.run())
        (editor,) = app.get("data_editor")
        app.session_state[editor.key] = {
            "edited_rows": {0: {"price": "cheap"}},
            "added_rows": [],
            "deleted_rows": [],
        }
        app = press(app.run(), "Add 1 product")
        assert "cheap" in app.error[0].value
        assert shop.revision() == before

    def test_a_table_is_reported_first_and_its_bad_rows_can_be_left_out(self, shop, page):
        app = page("add")
        app = app.segmented_control(key="add_kind").set_value("A table with photographs").run()
        table = (
            "id,name,price,currency,file\n"
            "P06,Thing six,11.00,EUR,\n"
            "N1,New one,25.00,EUR,n1.png\n"
            "N2,New two,free,EUR,\n"
            "N3,New three,5.00,EUR,../n1.png\n"
        )
        app.file_uploader(key="add_table").set_value(("shop.csv", table.encode(), "text/csv"))
        app = app.run()
        photographs = next(w for w in app.file_uploader if w.key != "add_table")
        photographs.set_value([("n1.png", encode(draw("n1")), "image/png")])
        app = self.added(app.run())
        counts = {metric.label: metric.value for metric in app.metric}
        assert counts == {"New": "1", "Changed": "1", "Bad price": "1", "Outside folder": "1"}
        report = app.dataframe[0].value.set_index("Product")["Photograph"]
        assert report["N1"].startswith("data:image/jpeg;base64,")
        assert isinstance(report["P06"], float)  # none
        (button,) = [b for b in app.button if b.label.startswith("Import ")]
        assert button.disabled
        app = app.checkbox[0].check().run()
        app = until(press(app, "Import 2 products"), lambda a: len(a.success) > 0)
        told = [strip_signs(error.value) for error in app.error]
        assert [sentence[:11] for sentence in told] == ["Line 4, N2:", "Line 5, N3:"]
        assert shop.product("P06").name == "Thing six"
        assert shop.photos("N1")
        assert {p.id for p in shop.products()}.isdisjoint({"N2", "N3"})

    def test_what_a_table_leaves_open_is_shown_and_can_be_chosen(self, shop, page):
        app = page("add")
        app = app.segmented_control(key="add_kind").set_value("A table with photographs").run()
        table = "id;name;price;currency\nN1;Платье;19.990;EUR\nN2;Ботинок;9.900;EUR\n"
        data = table.encode("cp1251")
        app.file_uploader(key="add_table").set_value(("t.csv", data, "text/csv"))
        app = self.added(app.run())
        assert ": “Платье”, “Ботинок”" in app.warning[0].value
        assert {metric.label: metric.value for metric in app.metric} == {"Bad price": "2"}
        app = press(app, "Cancel")
        app.file_uploader(key="add_table").set_value(("t.csv", data, "text/csv"))
        app.selectbox(key="add_encoding").set_value("cp1251")
        app.selectbox(key="add_decimal_mark").set_value(".")
        app = self.added(app.run())
        assert not app.warning
        app = until(press(app, "Import 2 products"), lambda a: len(a.success) > 0)
        assert (shop.product("N1").name, shop.product("N1").price) == ("Платье", 1999)

    def test_an_unreadable_table_is_a_sentence(self, shop, page):
        app = page("add")
        app = app.segmented_control(key="add_kind").set_value("A table with photographs").run()
        app.file_uploader(key="add_table").set_value(("t.csv", b"\x00\x01\x02\xff", "text/csv"))
        app = until(press(app.run(), "Check"), lambda a: len(a.error) > 0)
        assert app.error[0].value.endswith(".")
        app = press(app, "Start again")
        assert not app.error


class TestRevisions:
    def test_lists_what_happened_and_goes_back(self, shop: Catalogue, page: Page):
        app = self.as_ada(page)
        with shop.change("Bo", "reprice") as change:
            change.update("P06", price=100)
        with shop.change("Ada", "delete") as change:
            change.delete("P07")
        app = app.run()
        listed = app.dataframe[0].value
        assert list(listed["Who"])[:2] == ["Ada", "Bo"]
        app = press(app, "Undo the last change")
        assert shop.product("P07")
        app = press(app, "Redo")
        assert "P07" not in {product.id for product in shop.products()}
        app = press(app, "Undo the last change")
        app = press(app, "Undo the last change")  # Bo's
        assert "takes back what others did: Bo" in strip_signs(words(app))
        assert shop.product("P06").price == 100

    def as_ada(self, page: Page) -> AppTest:
        return page("revisions").text_input(key="actor").set_value("Ada").run()

    def test_the_first_import_cannot_be_undone(self, shop: Catalogue, page: Page):
        (button,) = [b for b in page("revisions").button if b.label == "Undo the last change"]
        assert button.disabled
        assert "no products" in button.help

    def test_much_is_asked_about_by_number_and_redone_with_one_click(
        self, home, extractor, page: Page
    ):
        catalogue = Catalogue(home / "shop")
        fill(catalogue, extractor, 22)
        with catalogue.change("Ada", "withdraw") as change:
            for product in catalogue.products():
                change.update(product.id, status="withdrawn")
        app = press(self.as_ada(page), "Undo the last change")
        assert "That changes 21 products." in words(app)  # one was withdrawn before
        assert not catalogue.product("P06").active
        catalogue.undo("Bo")
        press(app.run(), "Redo")
        assert not catalogue.product("P06").active

    def test_two_without_a_name_are_told_apart(self, shop: Catalogue, page: Page):
        one, other = page("catalogue"), page("revisions")
        one = one.segmented_control(key="browse_view").set_value("Table").run()
        (editor,) = one.get("data_editor")
        row = list(editor.value["id"]).index("P06")
        one.session_state[editor.key] = {
            "edited_rows": {row: {"colour": "green"}},
            "added_rows": [],
            "deleted_rows": [],
        }
        press(one.run(), "Save 1 change")
        app = press(other.run(), "Undo the last change")
        assert "takes back what others did: merchandiser" in strip_signs(words(app))
        assert shop.product("P06").colour == "green"

    def test_a_catalogue_never_changed(self, home, page):
        Catalogue(home / "shop").close()
        assert "Nothing has changed yet" in words(page("revisions"))


def test_the_map_is_drawn_beside_the_page(shop, page):
    app = until(page("map"), lambda a: len(a.get("bidi_component")) > 0)
    legend = " ".join(str(element.proto.body) for element in app.get("html"))
    assert "Boots" in legend
    assert "Trainers" in legend


def test_an_empty_catalogue_has_no_map(home, page):
    Catalogue(home / "shop").close()
    assert "Nothing to draw yet" in words(page("map"))
