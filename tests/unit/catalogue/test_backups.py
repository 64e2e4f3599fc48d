"""Backups make themselves: each whole, of a day or before a large change, the last ones kept."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from search.catalogue import Product, backups, transaction
from search.errors import OutsideError
from tests.helpers import ROOT
from tests.unit.catalogue.shops import fill, products, rename


@pytest.fixture
def clock(monkeypatch):
    """A clock that the test sets: `clock.day += 1`."""

    class Clock:
        day = 0

        def now(self, zone):
            return datetime(2026, 3, 1, 9, tzinfo=zone) + timedelta(days=self.day)

        strptime = staticmethod(datetime.strptime)

    made = Clock()
    monkeypatch.setattr(backups, "datetime", made)
    return made


def kinds(catalogue):
    return [backup.kind for backup in catalogue.backups()]


class TestMaking:
    def test_a_new_catalogue_has_none_until_its_first_change(self, catalogue):
        assert catalogue.backups() == []
        with catalogue.change("ann", "nothing"):
            pass
        assert catalogue.backups() == []

    def test_one_a_day_after_the_first_change_and_seven_are_kept(self, stocked, clock):
        for backup in stocked.backups():
            backup.path.unlink()
        for clock.day in range(9):
            for hour in ("morning", "evening"):
                rename(stocked, "a", f"{hour} {clock.day}")
                backups.finish(stocked.folder / "catalogue.db")
        found = stocked.backups()
        assert [b.at.day for b in found] == [9, 8, 7, 6, 5, 4, 3]
        assert {b.kind for b in found} == {"daily"}
        assert products(found[0].path)["a"] == "morning 8"
        assert sorted(p.name for p in (stocked.folder / "backups").iterdir()) == sorted(
            b.name for b in found
        )

    def test_a_backup_is_whole_in_one_file(self, stocked):
        (backup,) = stocked.backups()
        assert backups.is_sound(backup.path)
        with closing(sqlite3.connect(backup.path)) as connection:
            assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert list(products(backup.path)) == ["a", "b", "c"]

    def test_before_a_change_that_deletes_much(self, catalogue):
        fill(catalogue, 40)
        with catalogue.change("ann", "few") as change:
            for number in range(4):
                change.delete(f"p{number}")
        assert kinds(catalogue) == ["daily"]
        with catalogue.change("ann", "many") as change:
            for number in range(4, 40):
                change.delete(f"p{number}")
        (before,) = [b for b in catalogue.backups() if b.kind == "before"]
        assert len(products(before.path)) == 36

    def test_an_import_that_only_adds_needs_none_before(self, catalogue):
        fill(catalogue, 5)
        with catalogue.change("ann", "import") as change:
            for number in range(50):
                change.put(Product(f"new {number}"))
        assert kinds(catalogue) == ["daily"]

    @pytest.mark.parametrize("error", [OSError(28, "full"), sqlite3.OperationalError("locked")])
    def test_one_that_cannot_be_made_costs_nothing_else(self, catalogue, monkeypatch, error):
        def fail(*_):
            raise error

        monkeypatch.setattr(backups, "make", fail)
        fill(catalogue, 20)
        with catalogue.change("ann", "clear") as change:
            for product in catalogue.products():
                change.delete(product.id)
        assert catalogue.products() == []
        assert catalogue.backups() == []

    def test_an_error_while_copying_leaves_no_half_file(self, stocked, monkeypatch):
        monkeypatch.setattr(backups, "sync", lambda _: (_ for _ in ()).throw(OSError(28)))
        with pytest.raises(OSError, match="28"):
            backups.make(stocked.folder / "catalogue.db", "before")
        assert len(list((stocked.folder / "backups").iterdir())) == 1

    def test_a_stop_while_one_is_made_keeps_the_change_and_its_photographs(
        self, catalogue, photo, monkeypatch
    ):
        def stop(_):
            raise KeyboardInterrupt

        monkeypatch.setattr(transaction.backups, "after_change", stop)

        def add():
            with catalogue.change("ann", "add") as change:
                change.put(Product("p"))
                change.add_photo("p", photo(1))

        with pytest.raises(KeyboardInterrupt):
            add()
        assert len(catalogue.photos()) == 1
        assert catalogue.check(thorough=True) == []

    def test_a_damaged_database_pushes_no_sound_backup_out(self, stocked, clock):
        path = stocked.folder / "catalogue.db"
        stocked.close()
        data = bytearray(path.read_bytes())
        data[20_000:40_000] = os.urandom(20_000)
        path.write_bytes(data)
        before = backups.listed(stocked.folder)
        clock.day = 1
        backups.after_change(path)
        backups.finish(path)
        assert backups.listed(stocked.folder) == before

    def test_the_change_does_not_wait_for_it(self, catalogue, monkeypatch):
        go_on, make = threading.Event(), backups.make

        def later(*asked):
            go_on.wait()
            return make(*asked)

        monkeypatch.setattr(backups, "make", later)
        fill(catalogue, 3)
        rename(catalogue, "p1", "Renamed")  # neither does the next
        assert backups.listed(catalogue.folder) == []
        go_on.set()
        (backup,) = catalogue.backups()  # which does
        assert products(backup.path)["p1"] == "Renamed"

    def test_a_program_that_ends_at_once_makes_it_all_the_same(self, tmp_path):
        program = (
            "import sys; from pathlib import Path; from search.catalogue import Catalogue, Product;"
            "change = Catalogue(Path(sys.argv[1])).change('ann', 'add');"
            "change.__enter__().put(Product('a')); change.__exit__(None, None, None)"
        )
        ran = [sys.executable, "-c", program, str(tmp_path / "c")]
        subprocess.run(ran, cwd=ROOT, check=True)
        (backup,) = backups.listed(tmp_path / "c")
        assert products(backup.path) == {"a": ""}

    def test_writers_go_on_while_one_is_made(self, stocked):
        with stocked.change("ann", "edit") as change:
            change.update("a", name="Not yet")
            backup = backups.make(stocked.folder / "catalogue.db", "before")
        assert products(backup.path)["a"] == ""

    def test_two_of_one_moment_have_two_names(self, stocked, clock):
        path = stocked.folder / "catalogue.db"
        first, second = backups.make(path, "before"), backups.make(path, "before")
        assert first.name != second.name
        assert first in stocked.backups()
        assert second in stocked.backups()

    def test_a_folder_of_backups_that_leads_elsewhere_is_not_used(self, catalogue, tmp_path):
        (tmp_path / "elsewhere").mkdir()
        (catalogue.folder / "backups").symlink_to(tmp_path / "elsewhere")
        fill(catalogue, 1)
        assert list((tmp_path / "elsewhere").iterdir()) == []
        with pytest.raises(OutsideError):
            catalogue.backups()

    def test_what_is_no_backup_is_not_listed(self, stocked):
        folder = stocked.folder / "backups"
        (folder / "notes.txt").write_text("notes")
        (folder / "2026-99-99T00-00-00Z-daily.db").write_text("no date")
        (folder / "2026-01-01T00-00-00Z-daily.db").symlink_to(stocked.folder / "catalogue.db")
        assert len(stocked.backups()) == 1


def test_the_clock_is_utc(stocked):
    (backup,) = stocked.backups()
    assert backup.at.tzinfo is UTC
