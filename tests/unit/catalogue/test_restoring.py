"""A database that was emptied, cut or lost is refused, and a backup put back in its place."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import sqlite3
import threading
import time
from contextlib import closing

import pytest

from search.catalogue import Catalogue, Product, backups, restore_backup
from search.catalogue.backups import Backup
from search.errors import BusyError, CatalogueError, DamagedError
from tests.unit.catalogue.old_versions import VERSION_1, make
from tests.unit.catalogue.shops import fill, products, rename


def empty(path):
    path.write_bytes(b"")


def one_byte(path):
    path.write_bytes(b"\0")


def lost(path):
    path.unlink()


def without_tables(path):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        ).fetchall():
            connection.execute(f"DROP TABLE {name}")


def without_photographs_table(path):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE photo")


def other_database(path):
    path.unlink()
    sqlite3.connect(path).close()
    path.touch()


def noise(path):
    path.write_bytes(os.urandom(50_000))


def half(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


DAMAGES = (
    *(empty, one_byte, lost, without_tables, without_photographs_table),
    *(other_database, noise, half),
)


def damage(catalogue, how):
    catalogue.close()
    path = catalogue.folder / "catalogue.db"
    how(path)
    for end in ("-wal", "-shm"):
        path.with_name(f"catalogue.db{end}").unlink(missing_ok=True)
    return path


@pytest.mark.parametrize("how", DAMAGES)
class TestDamage:
    def test_it_is_refused_with_a_sentence_and_left_as_it_is(self, stocked, how):
        path = damage(stocked, how)
        before = path.read_bytes() if path.exists() else None
        with pytest.raises(DamagedError, match=r"restore-backup --catalogue shoes"):
            Catalogue(stocked.folder).snapshot("f")
        assert (path.read_bytes() if path.exists() else None) == before

    def test_without_backups_the_photographs_tell(self, stocked, how):
        for backup in stocked.backups():
            backup.path.unlink()
        path = damage(stocked, how)
        with pytest.raises(DamagedError):
            Catalogue(stocked.folder).snapshot("f")
        with pytest.raises(CatalogueError, match="no sound backup"):
            restore_backup(path)
        assert len(list(stocked.folder.glob("photos/*/*.png"))) == 3

    def test_the_last_backup_puts_everything_back(self, stocked, how):
        rows, photos = stocked.products(), stocked.photos()
        backups.make(stocked.folder / "catalogue.db", "before")
        restored = restore_backup(damage(stocked, how), actor="ann")
        assert restored.kind == "before"
        with Catalogue(stocked.folder) as catalogue:
            assert catalogue.products() == rows
            assert catalogue.photos() == photos
            assert len(catalogue.snapshot("f").photo_ids) == 3
            assert catalogue.check(thorough=True) == []
            newest = catalogue.revisions(1)[0]
            assert (newest.actor, newest.action) == ("ann", "restore backup")
            assert newest.detail == restored.name
            rename(catalogue, "a", "Boot")
            catalogue.undo("ann")
            assert catalogue.product("a").name == ""


@pytest.mark.parametrize("how", [empty, one_byte, noise, half])
@pytest.mark.parametrize(
    "act",
    [
        lambda catalogue: catalogue.purge(yes_all=True),
        lambda catalogue: catalogue.repair(),
        lambda catalogue: catalogue.check(),
        lambda catalogue: catalogue.snapshot("f"),
        lambda catalogue: fill(catalogue, 1),
    ],
    ids=["purge", "repair", "check", "snapshot", "change"],
)
def test_emptied_under_an_open_catalogue_it_costs_no_photograph(stocked, how, act):
    stocked.close()
    path = stocked.folder / "catalogue.db"
    with Catalogue(stocked.folder) as opened:
        opened.products()
        how(path)
        with contextlib.suppress(CatalogueError):  # it may still answer from memory
            act(opened)
    assert len(list(stocked.folder.glob("photos/*/*.png"))) == 3
    with contextlib.suppress(CatalogueError), Catalogue(stocked.folder) as opened:
        opened.purge(yes_all=True)
    assert len(list(stocked.folder.glob("photos/*/*.png"))) == 3
    restore_backup(path)
    with Catalogue(stocked.folder) as opened:
        assert len(opened.products()) >= 3
        assert opened.check(thorough=True) == []


class TestRestoring:
    def test_nothing_derived_of_the_lost_state_is_taken_for_true(self, stocked, photo):
        backups.make(stocked.folder / "catalogue.db", "before")
        with stocked.change("ann", "add") as change:
            change.put(Product("lost"))
            lost_photo = change.add_photo("lost", photo("lost"))
        known = stocked.revision()
        restore_backup(stocked.folder / "catalogue.db")
        assert stocked.revision() > known
        with stocked.change("ann", "add") as change:
            change.put(Product("new"))
            assert change.add_photo("new", photo("new")).id > lost_photo.id

    def test_an_open_catalogue_sees_it_and_the_present_state_is_kept(self, stocked):
        backups.make(stocked.folder / "catalogue.db", "before")
        rename(stocked, "a", "Today")
        restore_backup(stocked.folder / "catalogue.db")
        assert stocked.product("a").name == ""
        (kept,) = [b for b in stocked.backups() if b.kind == "replaced"]
        assert products(kept.path)["a"] == "Today"
        restore_backup(stocked.folder / "catalogue.db", kept.name)
        assert stocked.product("a").name == "Today"

    def test_a_damaged_file_is_kept_as_it_was(self, stocked):
        path = damage(stocked, noise)
        before = path.read_bytes()
        restore_backup(path)
        (kept,) = [b for b in backups.listed(stocked.folder) if b.kind == "replaced"]
        assert kept.path.read_bytes() == before
        with pytest.raises(CatalogueError, match="damaged itself"):
            restore_backup(path, kept.name)

    def test_no_log_of_the_lost_file_is_played_back_into_it(self, stocked):
        path = damage(stocked, noise)
        for end in ("-wal", "-shm", "-journal"):
            path.with_name(f"catalogue.db{end}").write_bytes(os.urandom(9000))
        restore_backup(path)
        with Catalogue(stocked.folder) as catalogue:
            assert catalogue.check(thorough=True) == []
        kept = [b.path for b in backups.listed(stocked.folder) if b.kind == "replaced"]
        assert kept[0].with_name(f"{kept[0].name}-wal").stat().st_size == 9000

    def test_a_damaged_backup_is_passed_over(self, stocked):
        path = stocked.folder / "catalogue.db"
        rename(stocked, "a", "Old")
        sound: Backup | None = backups.make(path, "before")
        rename(stocked, "a", "New")
        damaged = backups.make(path, "before")
        noise(damaged.path)
        assert restore_backup(path) == sound
        assert stocked.product("a").name == "Old"

    def test_an_unknown_one_is_a_sentence(self, stocked):
        with pytest.raises(CatalogueError, match=r"no backup “x”.*--list"):
            restore_backup(stocked.folder / "catalogue.db", "x")

    def test_it_waits_for_no_writer_for_ever(self, stocked, monkeypatch):
        monkeypatch.setattr(backups, "_PATIENCE", 0.0)
        real = sqlite3.connect
        monkeypatch.setattr(sqlite3, "connect", lambda *a, **k: real(*a, **{**k, "timeout": 0.0}))
        with stocked.change("ann", "edit") as change:
            change.update("a", name="Mine")
            with pytest.raises(BusyError):
                restore_backup(stocked.folder / "catalogue.db")
        assert stocked.product("a").name == "Mine"

    def test_before_a_new_format_is_a_backup_of_the_old_one(self, tmp_path):
        with Catalogue(make(tmp_path / "old", VERSION_1)) as catalogue:
            (before,) = catalogue.backups()
            assert before.kind == "before"
            with closing(sqlite3.connect(before.path)) as connection:
                assert connection.execute("PRAGMA user_version").fetchone() == (1,)
            rename(catalogue, "p1", "Changed")
            restore_backup(catalogue.folder / "catalogue.db", before.name)
            assert catalogue.product("p1").name == "Boot"


def test_readers_never_see_half_a_restored_state(stocked):
    backups.make(stocked.folder / "catalogue.db", "before")
    with stocked.change("ann", "edit") as change:
        for id in "abc":
            change.update(id, name="new")
    seen, stop = set(), threading.Event()

    def read():
        while not stop.is_set():
            seen.add(tuple(product.name for product in stocked.products()))

    thread = threading.Thread(target=read)
    thread.start()
    restore_backup(stocked.folder / "catalogue.db")
    stop.set()
    thread.join()
    assert seen <= {("new",) * 3, ("",) * 3}


@pytest.mark.parametrize("how", [None, noise, empty])
def test_killed_at_any_moment_it_can_be_put_back_again(stocked, how):
    """What is there is then the old state or the backup, or is still refused; nothing is lost."""
    path = stocked.folder / "catalogue.db"
    chance = random.Random(7)
    backups.make(path, "before")
    stocked.close()
    for _ in range(8):
        if how is not None:
            damage(stocked, how)
        child = os.fork()
        if child == 0:
            with contextlib.suppress(BaseException):
                restore_backup(path)
            os._exit(0)
        time.sleep(chance.uniform(0, 0.06))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        with contextlib.suppress(DamagedError), Catalogue(stocked.folder) as opened:
            assert [product.id for product in opened.products()] == ["a", "b", "c"]
        restore_backup(path)
        with Catalogue(stocked.folder) as opened:
            assert [product.id for product in opened.products()] == ["a", "b", "c"]
            assert opened.check(thorough=True) == []
