"""What nobody waits for: readers for a writer, and what is learnt for the lock of the database."""

from __future__ import annotations

import os
import sqlite3
import threading

import pytest

from search.catalogue import Catalogue, Product, database
from search.errors import BusyError, CatalogueError, OutsideError


def put(catalogue, id):
    with catalogue.change("ann", "add") as change:
        change.put(Product(id))


class TestDerived:
    """What was learnt of a catalogue lies beside the database, where nobody waits for a writer."""

    def test_it_is_saved_and_read_during_somebody_elses_change(self, catalogue):
        with Catalogue(catalogue.folder, patience=0.0) as reader, catalogue.change("ann", "long"):
            with pytest.raises(BusyError):
                reader.set_setting("bands:net-1", "a setting waits")
            reader.save_derived("bands:net-1", "1 ≤ 2")
            assert reader.derived("bands:net-1") == "1 ≤ 2"
        assert catalogue.derived("bands:net-1") == "1 ≤ 2"
        assert catalogue.derived("bands:net-2") is None

    def test_what_a_catalogue_brings_along_counts_until_something_newer_is_learnt(self, catalogue):
        catalogue.set_setting("bands:net-1", "brought along")
        assert catalogue.derived("bands:net-1") == "brought along"
        catalogue.save_derived("bands:net-1", "newer")
        assert catalogue.derived("bands:net-1") == "newer"

    def test_a_damaged_one_is_none(self, catalogue):
        catalogue.save_derived("k", "text")
        (file,) = (catalogue.folder / "derived").iterdir()
        file.write_bytes(file.read_bytes()[:-1] + b"?")
        assert catalogue.derived("k") is None
        file.write_bytes(b"\xff\xfe")
        assert catalogue.derived("k") is None
        os.truncate(file, 2**33)  # 8 GiB, of which none is on the disk
        assert catalogue.derived("k") is None

    @pytest.mark.parametrize("key", ["../../k", "/etc/k", "a/b:c", "k" * 20 + "\0"])
    def test_no_key_leads_out_of_its_folder(self, catalogue, key):
        catalogue.save_derived(key, "text")
        assert catalogue.derived(key) == "text"
        assert len(list((catalogue.folder / "derived").iterdir())) == 1

    def test_a_link_is_not_followed(self, catalogue, tmp_path):
        (tmp_path / "elsewhere").mkdir()
        (catalogue.folder / "derived").symlink_to(tmp_path / "elsewhere")
        with pytest.raises(OutsideError):
            catalogue.save_derived("k", "text")
        assert list((tmp_path / "elsewhere").iterdir()) == []

    def test_where_it_cannot_be_written_is_a_sentence(self, catalogue):
        (catalogue.folder / "derived").write_text("a file")
        with pytest.raises(CatalogueError, match="cannot be used"):
            catalogue.save_derived("k", "text")


class TestLog:
    """A reader never waits for a writer, whatever kind of file the catalogue came as."""

    @pytest.fixture
    def without_log(self, catalogue):
        put(catalogue, "shoe")
        catalogue.close()
        connection = sqlite3.connect(catalogue.folder / "catalogue.db")
        assert connection.execute("PRAGMA journal_mode = DELETE").fetchone() == ("delete",)
        connection.close()
        return catalogue.folder

    def mode(self, folder):
        connection = sqlite3.connect(folder / "catalogue.db")
        (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
        connection.close()
        return mode

    def test_a_file_without_gets_one_when_it_is_opened(self, without_log):
        with Catalogue(without_log) as writer, writer.change("ann", "long") as change:
            change.put(Product("second"))
            with Catalogue(without_log, patience=0.0) as reader:
                assert [product.id for product in reader.products()] == ["shoe"]
        assert self.mode(without_log) == "wal"

    def test_one_in_use_is_opened_as_it_is(self, without_log):
        other = sqlite3.connect(without_log / "catalogue.db", isolation_level=None)
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM product").fetchone()
        with Catalogue(without_log, patience=0.0) as catalogue:
            assert len(catalogue.products()) == 1
        other.execute("ROLLBACK")
        other.close()
        assert self.mode(without_log) == "delete"
        Catalogue(without_log).close()
        assert self.mode(without_log) == "wal"

    def test_one_that_cannot_be_written_is_read_as_it_is(self, without_log, monkeypatch):
        before = (without_log / "catalogue.db").read_bytes()
        monkeypatch.setattr(database, "why_read_only", lambda _: "its disk is read-only")
        with Catalogue(without_log) as catalogue:
            assert len(catalogue.products()) == 1
        assert (without_log / "catalogue.db").read_bytes() == before

    def test_waiting_for_another_writer_is_as_long_as_asked_for(self, without_log):
        with Catalogue(without_log, patience=1.25) as catalogue:
            said: list[str] = []
            catalogue._database.connection().set_trace_callback(said.append)
            with catalogue.change("ann", "nothing"):
                pass
            assert said[said.index("BEGIN IMMEDIATE") - 1] == "PRAGMA busy_timeout = 1250"

    def test_a_reader_without_patience_waits_for_whoever_opens_the_file(self, without_log):
        other = sqlite3.connect(
            without_log / "catalogue.db", isolation_level=None, check_same_thread=False
        )
        other.execute("BEGIN EXCLUSIVE")
        opened = threading.Timer(0.3, lambda: other.execute("ROLLBACK"))
        opened.start()
        with Catalogue(without_log, patience=0) as catalogue:
            assert len(catalogue.products()) == 1
        opened.join()
        other.close()
