"""Files of every version open, and files that cannot be opened say what to do."""

import os
import sqlite3
import threading

import numpy as np
import pytest

from search.catalogue import Catalogue, CataloguePhoto, Product, schema, sums
from search.errors import CatalogueError
from tests.unit.catalogue.old_versions import SHA, VERSION_1, make


class TestMigration:
    def test_a_file_of_version_1_keeps_everything_and_learns_to_restore(self, tmp_path):
        with Catalogue(make(tmp_path / "old", VERSION_1)) as catalogue:
            old = Product(
                *("p1", "Boot", "shoes", "Acme", "black", 9900, "EUR", None, "withdrawn"),
                *("https://shop.example/p1", {"kind": "boot"}),
                *("2026-01-02T03:04:05Z", "2026-02-03T04:05:06Z"),
            )
            assert catalogue.products() == [old]
            assert catalogue.photos() == [
                CataloguePhoto(7, "p1", SHA, f"photos/ab/{SHA}.jpg", "in/boot.jpg", 640, 480)
            ]
            np.testing.assert_array_equal(catalogue.snapshot("vgg16-1").features, [[1.0, 2.0]])
            added = {"cd" + "0" * 62: np.array([0.6, 0.8], np.float32)}
            catalogue.save_features("vgg16-1", added)  # beside the old row, of half its size
            known = catalogue.known_features("vgg16-1", [SHA, *added])
            np.testing.assert_array_equal(known[SHA], [1.0, 2.0])
            np.testing.assert_allclose(known["cd" + "0" * 62], [0.6, 0.8], atol=3e-4)
            assert catalogue.stored_bytes() == {"vgg16-1": 8 + 4}
            assert catalogue.setting("network") == "vgg16"
            assert [(r.number, r.actor) for r in catalogue.revisions()] == [(2, "bob"), (1, "ann")]
            assert catalogue.oldest_restorable() == 2
            with pytest.raises(CatalogueError, match="too old"):
                catalogue.restore(1, "ann")
            with catalogue.change("ann", "remove") as change:
                change.delete("p1")
            catalogue.restore(2, "ann")
            assert catalogue.products() == [old]
            assert catalogue.revision() == 4

    def test_an_old_file_and_a_new_one_end_with_the_same_tables(self, tmp_path):
        def tables(folder):
            Catalogue(folder).close()
            connection = sqlite3.connect(folder / "catalogue.db")
            rows = connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY name")
            found = rows.fetchall()
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            connection.close()
            return version, found

        version, found = tables(tmp_path / "new")
        assert (version, found) == tables(make(tmp_path / "old", VERSION_1))
        assert version == schema.VERSION == 5

    def test_a_migration_that_fails_leaves_the_old_file(self, tmp_path, monkeypatch):
        folder = make(tmp_path / "old", VERSION_1)
        broken = (*schema.MIGRATIONS[:1], schema.MIGRATIONS[1] + "INSERT INTO nowhere VALUES (1);")
        with monkeypatch.context() as patched:
            patched.setattr(schema, "MIGRATIONS", broken)
            with pytest.raises(CatalogueError):
                Catalogue(folder)
        with Catalogue(folder) as catalogue:
            assert catalogue.oldest_restorable() == 2
            assert len(catalogue.products()) == 1

    @pytest.mark.parametrize("script", ["", VERSION_1], ids=["new", "version 1"])
    def test_many_may_open_it_first_at_the_same_time(self, tmp_path, script):
        folder = make(tmp_path / "c", script) if script else tmp_path / "c"
        errors, ready = [], threading.Barrier(8)

        def first():
            ready.wait()
            try:
                Catalogue(folder).close()
            except Exception as error:
                errors.append(error)

        threads = [threading.Thread(target=first) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert errors == []
        with Catalogue(folder) as catalogue:
            kinds = [finding.kind for finding in catalogue.check(thorough=True)]
            assert kinds == (["missing"] if script else [])
            assert len(catalogue.products()) == (1 if script else 0)


class TestFilesThatCannotBeOpened:
    def refused(self, folder, words):
        path = folder / "catalogue.db"
        before = path.read_bytes()
        with pytest.raises(CatalogueError, match=words) as caught:
            Catalogue(folder, patience=0.1).snapshot("f")
        assert str(path) in str(caught.value)
        assert path.read_bytes() == before

    def test_a_newer_version_asks_for_an_update(self, tmp_path):
        folder = tmp_path / "c"
        Catalogue(folder).close()
        connection = sqlite3.connect(folder / "catalogue.db")
        connection.execute("PRAGMA user_version = 99")
        connection.close()
        self.refused(folder, r"format 99; this one knows up to \d+\): update the program")

    def test_another_programs_file_is_left_alone(self, tmp_path):
        folder = make(tmp_path / "c", "CREATE TABLE places (id INTEGER);")
        self.refused(folder, "not a catalogue of this program")

    @pytest.mark.parametrize("content", [b"hello", b"\0" * 5000, os.urandom(20_000)])
    def test_what_is_no_database_is_damaged(self, tmp_path, content):
        (tmp_path / "c").mkdir()
        (tmp_path / "c" / "catalogue.db").write_bytes(content)
        self.refused(tmp_path / "c", "is damaged or was emptied: put the last backup back")

    def test_a_file_cut_short_is_damaged(self, tmp_path):
        folder = tmp_path / "c"
        with Catalogue(folder) as catalogue, catalogue.change("ann", "add") as change:
            for number in range(2000):
                change.put(Product(str(number), name="x" * 50))
        path = folder / "catalogue.db"
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        self.refused(folder, "is damaged or was emptied: put the last backup back")

    def test_an_empty_file_is_a_new_catalogue(self, tmp_path):
        (tmp_path / "c").mkdir()
        (tmp_path / "c" / "catalogue.db").touch()
        with Catalogue(tmp_path / "c") as catalogue:
            assert catalogue.revision() == 0

    @pytest.mark.parametrize("what", ["folder", "catalogue.db"])
    def test_something_else_of_that_name_is_a_sentence(self, tmp_path, what):
        if what == "folder":
            (tmp_path / "c").write_text("a file")
        else:
            (tmp_path / "c" / "catalogue.db").mkdir(parents=True)
        with pytest.raises(CatalogueError, match="catalogue"):
            Catalogue(tmp_path / "c")


def test_a_journal_from_before_sales_brings_back_a_product_without_one(tmp_path):
    folder = make(tmp_path / "old", VERSION_1)
    with Catalogue(folder) as catalogue, catalogue.change("ann", "edit") as change:
        change.update("p1", name="Boots")
    with sqlite3.connect(folder / "catalogue.db") as connection:  # as version 3 noted it
        connection.execute(
            "UPDATE journal SET before = json_remove(before, '$.sale_price', '$.sale_from',"
            " '$.sale_until', '$.item_group')"
        )
        sums.seal(connection, "journal")
    with Catalogue(folder) as catalogue:
        with catalogue.change("ann", "edit") as change:
            change.update("p1", sale_price=5000, item_group="G")
        catalogue.restore(2, "ann")
        restored = catalogue.product("p1")
        assert (restored.name, restored.sale_price, restored.item_group) == ("Boot", None, "")
