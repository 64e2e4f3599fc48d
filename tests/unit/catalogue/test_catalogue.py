"""What goes in comes out as it was; every change is one revision, or nothing."""

import dataclasses
import gc
import sqlite3
import threading
import warnings

import numpy as np
import pytest

from search import photos
from search.catalogue import Catalogue, NestedTransactionError, Product
from search.errors import BusyError, CatalogueError, FeatureError, MismatchError

SHOE = Product(
    id="SKU 1/é",
    name='Court "Classic" — ☂ 日本',
    category="shoes",
    brand="O'Neill",
    colour="off-white",
    price=129900,
    currency="EUR",
    stock=3,
    url="https://shop.example/1?a=b&c=%20",
    attributes={"material": "leather", "kind": "sneaker", "": "empty title"},
)


def add(catalogue, *products, photo=None):
    with catalogue.change("ann", "add") as change:
        for product in products:
            change.put(product)
            if photo is not None:
                change.add_photo(product.id, photo, source="in/a.png")


def facts(product):
    return dataclasses.replace(product, created="", updated="")


class TestProducts:
    def test_a_product_comes_back_as_it_was_put(self, catalogue):
        add(catalogue, SHOE)
        stored = catalogue.product(SHOE.id)
        assert facts(stored) == SHOE
        assert stored.created == stored.updated
        assert stored.created.endswith("Z")

    def test_an_update_keeps_the_creation_and_the_other_fields(self, catalogue):
        add(catalogue, dataclasses.replace(SHOE, created="1999-01-01T00:00:00Z"))
        created = catalogue.product(SHOE.id).created
        assert not created.startswith("1999")
        with catalogue.change("bob", "edit") as change:
            change.update(SHOE.id, price=None, stock=None, status="withdrawn", attributes={})
        stored = catalogue.product(SHOE.id)
        assert stored.created == created
        assert facts(stored) == dataclasses.replace(
            SHOE, price=None, stock=None, status="withdrawn", attributes={}
        )

    def test_products_are_ordered_by_id(self, catalogue):
        add(catalogue, *(Product(id) for id in ("b", "a", "C", "10", "9")))
        assert [p.id for p in catalogue.products()] == ["10", "9", "C", "a", "b"]

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"id": ""}, "needs an id"),
            ({"id": "  "}, "needs an id"),
            ({"id": "x" * 201}, "longer than 200"),
            ({"id": "a\nb"}, "control characters"),
            ({"id": "a\x7f"}, "control characters"),
            ({"price": -1}, "price .* between 0"),
            ({"price": 10**15 + 1}, "price .* between 0"),
            ({"price": 12.5}, "price .* whole number"),
            ({"price": True}, "price .* whole number"),
            ({"currency": ""}, "currency of three capital letters"),
            ({"currency": "eur"}, "currency of three capital letters"),
            ({"currency": "EURO"}, "currency of three capital letters"),
            ({"stock": -1}, "stock .* between 0"),
            ({"status": "gone"}, "active or withdrawn"),
            ({"name": "a\0b"}, "name .* not readable"),
            ({"name": "\ud800"}, "name .* not readable"),
            ({"name": None}, "name .* not readable"),
            ({"attributes": {"kind": 3}}, "kind.* not readable"),
        ],
    )
    def test_what_cannot_be_stored_is_refused_and_changes_nothing(self, catalogue, fields, words):
        add(catalogue, SHOE)
        with pytest.raises(CatalogueError, match=words):
            add(catalogue, Product("first"), dataclasses.replace(SHOE, **fields))
        assert [facts(p) for p in catalogue.products()] == [SHOE]
        assert catalogue.revision() == 1

    def test_limits_themselves_are_allowed(self, catalogue):
        edge = Product("x" * 200, price=0, currency="JPY", stock=0)
        add(catalogue, edge, Product("largest", price=10**15, currency="EUR", stock=10**15))
        assert facts(catalogue.product("x" * 200)) == edge

    def test_a_refused_row_may_be_skipped_and_the_rest_saved(self, catalogue):
        with catalogue.change("ann", "import") as change:
            for product in (Product("a"), Product("b", price=-1, currency="EUR"), Product("c")):
                try:
                    change.put(product)
                except CatalogueError:
                    continue
        assert [p.id for p in catalogue.products()] == ["a", "c"]

    @pytest.mark.parametrize(
        "act",
        [
            lambda change, photo: change.update("nobody", name="x"),
            lambda change, photo: change.delete("nobody"),
            lambda change, photo: change.add_photo("nobody", photo),
        ],
        ids=["update", "delete", "add_photo"],
    )
    def test_an_unknown_product_is_a_sentence(self, catalogue, photo, act):
        unknown = pytest.raises(CatalogueError, match="no product “nobody”")
        with catalogue.change("ann", "x") as change, unknown:
            act(change, photo(1))
        with pytest.raises(CatalogueError, match="no product “nobody”"):
            catalogue.product("nobody")


class TestRevisionsOfChanges:
    def test_each_change_is_one_revision_that_counts_its_rows(self, catalogue, photo):
        assert catalogue.revision() == 0
        with catalogue.change("ann", "import", "spring.csv") as change:
            for id in "abc":
                change.put(Product(id))
                change.add_photo(id, photo(id))
            change.update("a", name="twice touched, counted once")
        with catalogue.change("bob", "edit") as change:
            assert change.revision == 2
            change.update("b", name="B")
        newest, first = catalogue.revisions()
        assert (first.number, first.actor, first.action, first.detail) == (
            *(1, "ann", "import"),
            "spring.csv",
        )
        assert (first.products, first.photos) == (3, 3)
        assert (newest.number, newest.actor, newest.products, newest.photos) == (2, "bob", 1, 0)
        assert catalogue.revision() == 2
        assert catalogue.revisions(limit=1) == [newest]

    def test_a_change_that_touches_nothing_is_no_revision(self, catalogue, photo):
        add(catalogue, SHOE, photo=photo(1))
        before = catalogue.product(SHOE.id)
        add(catalogue, SHOE, photo=photo(1))
        with catalogue.change("ann", "look") as change:
            pass
        assert change.revision == catalogue.revision() == 1
        assert catalogue.product(SHOE.id) == before

    def test_an_error_in_the_middle_leaves_nothing(self, catalogue, photo):
        add(catalogue, SHOE)

        def half():
            with catalogue.change("ann", "import") as change:
                change.put(Product("new"))
                change.delete(SHOE.id)
                change.add_photo("new", photo(1))
                change.save_features("f", {photo(1).sha256: np.ones(3, np.float32)})
                change.set_setting("network", "other")
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            half()
        assert [facts(p) for p in catalogue.products()] == [SHOE]
        assert catalogue.revision() == 1
        assert catalogue.setting("network") is None
        assert catalogue.known_features("f", [photo(1).sha256]) == {}
        assert not [p for p in (catalogue.folder / "photos").rglob("*") if p.is_file()]

    def test_a_finished_change_takes_no_more(self, catalogue):
        with catalogue.change("ann", "add") as change:
            change.put(SHOE)
        with pytest.raises(CatalogueError, match="try it again"):
            change.put(Product("late"))
        with catalogue.change("ann", "add"), pytest.raises(CatalogueError, match="try it again"):
            change.put(Product("late"))

    def test_a_change_inside_a_change_is_a_mistake_of_the_program(self, catalogue):
        with (
            pytest.raises(NestedTransactionError),
            catalogue.change("ann", "outer"),
            catalogue.change("ann", "inner"),
        ):
            pass
        add(catalogue, SHOE)  # and leaves the catalogue usable


class TestPhotographs:
    def test_a_photograph_is_stored_by_its_content_not_its_name(self, catalogue, photo, picture):
        add(catalogue, SHOE, photo=photo(1))
        (stored,) = catalogue.photos(SHOE.id)
        assert stored.file == f"photos/{stored.sha256[:2]}/{stored.sha256}.png"
        assert (stored.source, stored.width, stored.height) == ("in/a.png", 64, 64)
        assert catalogue.path(stored).read_bytes() == picture(1)
        assert catalogue.photo(stored.id) == stored

    def test_one_photograph_may_belong_to_two_products(self, catalogue, photo):
        add(catalogue, Product("a"), Product("b"), photo=photo(1))
        first, second = catalogue.photos()
        assert first.file == second.file
        assert [p.product_id for p in catalogue.photos("b")] == ["b"]

    def test_a_product_has_several_and_deleting_it_leaves_their_files(self, catalogue, photo):
        add(catalogue, SHOE, photo=photo(1))
        with catalogue.change("ann", "add") as change:
            other = change.add_photo(SHOE.id, photo(2))
            again = change.add_photo(SHOE.id, photo(2))
        assert other == again
        paths = [catalogue.path(p) for p in catalogue.photos()]
        assert len(paths) == 2
        with catalogue.change("ann", "remove") as change:
            change.delete(SHOE.id)
        assert catalogue.photos() == []
        assert all(path.exists() for path in paths)

    def test_the_number_of_a_removed_photograph_is_never_used_again(self, catalogue, photo):
        add(catalogue, SHOE, photo=photo(1))
        (first,) = catalogue.photos()
        with catalogue.change("ann", "replace") as change:
            change.remove_photo(first.id)
            second = change.add_photo(SHOE.id, photo(2))
        assert second.id > first.id
        with pytest.raises(CatalogueError, match="no photograph number"):
            catalogue.photo(first.id)

    def test_adding_a_photograph_whose_file_was_lost_puts_it_back(self, catalogue, photo):
        add(catalogue, SHOE, photo=photo(1))
        (stored,) = catalogue.photos()
        catalogue.path(stored).unlink()
        add(catalogue, SHOE, photo=photo(1))
        assert catalogue.photos() == [stored]
        assert catalogue.revision() == 1
        assert catalogue.check(thorough=True) == []

    def test_a_cut_out_is_refused(self, catalogue, photo):
        add(catalogue, SHOE)
        cut = photos.crop(photo(1), (0.0, 0.0, 0.5, 0.5))
        with (
            pytest.raises(CatalogueError, match="whole photograph"),
            catalogue.change("ann", "add") as change,
        ):
            change.add_photo(SHOE.id, cut)

    def test_a_thumbnail_is_made_once(self, catalogue, photo):
        add(catalogue, SHOE, photo=photo(1))
        (stored,) = catalogue.photos()
        path = catalogue.thumbnail(stored)
        assert photos.read(path).format == "JPEG"
        catalogue.path(stored).unlink()
        assert catalogue.thumbnail(stored) == path

    def test_a_thumbnail_that_a_power_cut_emptied_is_made_again(self, catalogue, photo):
        add(catalogue, SHOE, photo=photo(1))
        (stored,) = catalogue.photos()
        catalogue.thumbnail(stored).write_bytes(b"")
        assert photos.read(catalogue.thumbnail(stored)).format == "JPEG"

    def test_a_thumbnail_that_cannot_be_stored_is_the_photograph(self, catalogue, photo):
        add(catalogue, SHOE, photo=photo(1))
        (stored,) = catalogue.photos()
        (catalogue.folder / "thumbs").write_bytes(b"a file in the way of the folder")
        assert catalogue.thumbnail(stored) == catalogue.path(stored)


class TestFeatures:
    def test_features_are_saved_before_their_photographs(self, catalogue, photo):
        feature = np.linspace(-1, 1, 512, dtype=np.float32)
        catalogue.save_features("vgg-1", {photo(1).sha256: feature})
        assert catalogue.revision() == 0
        known = catalogue.known_features("vgg-1", [photo(1).sha256, photo(2).sha256])
        assert list(known) == [photo(1).sha256]
        np.testing.assert_array_equal(known[photo(1).sha256], feature)
        assert catalogue.known_features("other", [photo(1).sha256]) == {}
        add(catalogue, SHOE, photo=photo(1))
        assert catalogue.fingerprints() == {"vgg-1": 1}
        np.testing.assert_array_equal(catalogue.snapshot("vgg-1").features, [feature])

    def test_unit_features_take_half_the_room_and_keep_their_order(self, catalogue, photo):
        rng = np.random.default_rng(0)
        rows = np.abs(rng.normal(size=(60, 512))).astype(np.float32) ** 3  # as spread as features
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        shas = [f"{n:064x}" for n in range(60)]
        catalogue.save_features("f", dict(zip(shas, rows, strict=True)))
        assert catalogue.stored_bytes() == {"f": 60 * 512 * 2}
        known = catalogue.known_features("f", shas)
        kept = np.stack([known[sha] for sha in shas])
        assert kept.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(kept, axis=1), 1, atol=1e-6)
        np.testing.assert_allclose(kept @ kept.T, rows @ rows.T, atol=1e-4)

    def test_features_gained_by_photographs_are_a_revision(self, catalogue, photo):
        add(catalogue, Product("a"), Product("b"), photo=photo(1))
        assert [p.product_id for p in catalogue.without_feature("f")] == ["a", "b"]
        features = {photo(1).sha256: np.ones(3, np.float32)}
        catalogue.save_features("f", features, "ann")
        (newest, _) = catalogue.revisions()
        assert (newest.action, newest.actor, newest.products, newest.photos) == (
            *("encode", "ann"),
            *(0, 2),
        )
        assert catalogue.without_feature("f") == []
        catalogue.save_features("f", features, "ann")
        assert catalogue.revision() == 2

    def test_features_may_be_part_of_a_change(self, catalogue, photo):
        with catalogue.change("ann", "import") as change:
            change.put(SHOE)
            change.save_features("f", {photo(1).sha256: np.ones(3, np.float32)})
            change.add_photo(SHOE.id, photo(1))
        assert catalogue.revision() == 1
        assert catalogue.fingerprints() == {"f": 1}

    def test_features_that_alone_are_a_change_are_a_revision(self, catalogue, photo):
        add(catalogue, SHOE, photo=photo(1))
        with catalogue.change("ann", "adopt") as change:
            change.save_features("f", {photo(n).sha256: np.ones(3, np.float32) for n in (1, 2)})
        assert change.revision == catalogue.revision() == 2
        assert catalogue.revisions(1)[0].photos == 1

    def test_a_photograph_that_is_added_and_encoded_counts_once(self, catalogue, photo):
        with catalogue.change("ann", "import") as change:
            change.put(SHOE)
            change.add_photo(SHOE.id, photo(1))
            change.save_features("f", {photo(1).sha256: np.ones(3, np.float32)})
        assert catalogue.revisions(1)[0].photos == 1

    def test_features_saved_in_the_middle_of_a_read_or_a_change_are_refused_not_lost(
        self, catalogue, photo
    ):
        features = {photo(1).sha256: np.ones(3, np.float32)}
        with catalogue._database.reading(), pytest.raises(NestedTransactionError):
            catalogue.save_features("f", features)
        with catalogue.change("ann", "add") as change:
            change.put(SHOE)
            with pytest.raises(NestedTransactionError, match="write through that change"):
                catalogue.save_features("f", features)
        assert catalogue.known_features("f", features) == {}
        assert catalogue.products() != []  # the change itself went on
        catalogue.save_features("f", features)
        assert list(catalogue.known_features("f", features)) == list(features)

    def test_features_saved_while_another_thread_reads_are_there(self, catalogue, photo):
        features = {photo(1).sha256: np.ones(3, np.float32)}

        def save():
            catalogue.save_features("f", features)
            catalogue.set_setting("network", "vgg16")

        with catalogue._database.reading():
            assert catalogue.fingerprints() == {}
            thread = threading.Thread(target=save)
            thread.start()
            thread.join()
            assert catalogue.known_features("f", features) == {}  # one state throughout
        assert list(catalogue.known_features("f", features)) == list(features)
        assert catalogue.setting("network") == "vgg16"

    def test_networks_never_mix(self, catalogue, photo):
        add(catalogue, SHOE, photo=photo(1))
        catalogue.save_features("small", {photo(1).sha256: np.ones(3, np.float32)})
        catalogue.save_features("large", {photo(1).sha256: np.ones(5, np.float32)})
        assert catalogue.snapshot("small").features.shape == (1, 3)
        assert catalogue.snapshot("large").features.shape == (1, 5)
        with pytest.raises(MismatchError, match="same network"):
            catalogue.save_features("small", {photo(2).sha256: np.ones(5, np.float32)})

    @pytest.mark.parametrize(
        "feature",
        [
            *(np.array([1, np.nan]), np.array([np.inf]), np.array([]), np.ones((2, 2))),
            *(np.zeros(3), np.full(3, 1e38)),
        ],
    )
    def test_an_unusable_feature_is_refused(self, catalogue, photo, feature):
        with pytest.raises(FeatureError, match="encode it again"):
            catalogue.save_features("f", {photo(1).sha256: feature})
        assert catalogue.known_features("f", [photo(1).sha256]) == {}


class TestSnapshot:
    def test_it_holds_all_in_order_and_only_features_of_its_network(self, catalogue, photo):
        for id in ("b", "a", "c"):
            add(catalogue, Product(id), photo=photo(id))
        features = {photo(id).sha256: np.full(4, ord(id), np.float32) for id in "ac"}
        catalogue.save_features("f", features)
        taken = catalogue.snapshot("f")
        assert (taken.revision, taken.fingerprint) == (4, "f")
        assert list(taken.products) == catalogue.products()
        assert list(taken.photos) == catalogue.photos()
        owner = {p.id: p.product_id for p in taken.photos}
        assert [owner[int(id)] for id in taken.photo_ids] == ["a", "c"]
        assert taken.features.tolist() == [[97.0] * 4, [99.0] * 4]
        assert (taken.photo_ids.dtype, taken.features.dtype) == (np.int64, np.float32)

    def test_of_an_empty_catalogue_it_is_empty(self, catalogue):
        taken = catalogue.snapshot("f")
        assert (taken.revision, taken.products, taken.photos) == (0, (), ())
        assert taken.photo_ids.shape == (0,)
        assert taken.features.shape[0] == 0

    def test_a_reader_sees_the_state_before_a_change_that_is_under_way(self, catalogue):
        add(catalogue, SHOE)
        with Catalogue(catalogue.folder, patience=0) as reader:
            with catalogue.change("ann", "edit") as change:
                change.update(SHOE.id, name="new")
                assert reader.snapshot("f").products[0].name == SHOE.name
                assert reader.revision() == 1
            assert reader.snapshot("f").products[0].name == "new"


class TestSettings:
    def test_a_setting_is_saved_and_is_no_revision(self, catalogue):
        assert catalogue.setting("network") is None
        catalogue.set_setting("network", "vgg16")
        catalogue.set_setting("network", "resnet")
        assert catalogue.setting("network") == "resnet"
        assert catalogue.revision() == 0

    def test_one_saved_in_the_middle_of_a_read_or_a_change_is_refused_not_lost(self, catalogue):
        with catalogue._database.reading(), pytest.raises(NestedTransactionError):
            catalogue.set_setting("network", "vgg16")
        with catalogue.change("ann", "add"), pytest.raises(NestedTransactionError):
            catalogue.set_setting("network", "vgg16")
        assert catalogue.setting("network") is None

    def test_it_may_be_part_of_a_change(self, catalogue):
        with catalogue.change("ann", "adopt") as change:
            change.set_setting("network", "vgg16")
            assert catalogue.setting("network") == "vgg16"
        assert (catalogue.setting("network"), catalogue.revision()) == ("vgg16", 0)


class TestOneWriterAtATime:
    def test_a_second_writer_waits_and_then_gets_a_sentence(self, catalogue):
        with (
            Catalogue(catalogue.folder, patience=0.05) as second,
            catalogue.change("ann", "long import") as change,
        ):
            change.put(SHOE)
            with (
                pytest.raises(BusyError, match=r"more than 0\.05 seconds.*nothing was changed"),
                second.change("bob", "edit") as other,
            ):
                other.put(Product("x"))
        assert [p.id for p in catalogue.products()] == [SHOE.id]

    def test_a_second_writer_goes_on_when_the_first_is_done(self, catalogue):
        started, errors = threading.Event(), []

        def second():
            started.set()
            try:
                add(catalogue, Product("second"))
            except Exception as error:
                errors.append(error)

        thread = threading.Thread(target=second)
        with catalogue.change("ann", "first") as change:
            thread.start()
            started.wait()
            change.put(Product("first"))
        thread.join()
        assert errors == []
        assert {p.id for p in catalogue.products()} == {"first", "second"}
        assert [r.number for r in catalogue.revisions()] == [2, 1]


class TestConnections:
    def test_threads_share_a_catalogue_and_close_their_connections(self, catalogue, monkeypatch):
        opened, connect = [], sqlite3.connect

        class Noted(sqlite3.Connection):
            closed = False

            def close(self):
                self.closed = True
                super().close()

        def noting(*args, **options):
            opened.append(connect(*args, factory=Noted, **options))
            return opened[-1]

        add(catalogue, SHOE)
        catalogue.backups()  # the first is finished
        monkeypatch.setattr(sqlite3, "connect", noting)
        names = []
        threads = [
            threading.Thread(target=lambda: names.append(catalogue.product(SHOE.id).name))
            for _ in range(5)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        del thread, threads
        gc.collect()
        assert names == [SHOE.name] * 5
        assert len(opened) == 5
        assert all(connection.closed for connection in opened)

    def test_a_closed_catalogue_opens_again_when_used(self, catalogue):
        add(catalogue, SHOE)
        catalogue.close()
        assert catalogue.revision() == 1
        catalogue.close()
        assert not (catalogue.folder / "catalogue.db-wal").exists()

    def test_a_catalogue_that_is_dropped_closes_by_itself(self, tmp_path):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            Catalogue(tmp_path / "dropped").revision()
            gc.collect()
        assert [w for w in caught if w.category is ResourceWarning] == []
        assert not (tmp_path / "dropped" / "catalogue.db-wal").exists()
