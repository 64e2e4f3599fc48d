"""Nothing is lost when processes are killed, crowd each other, or meet a full or locked disk."""

import errno
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from search import photos
from search.catalogue import Catalogue, Product, files
from search.catalogue.database import Database
from search.errors import CatalogueError
from tests.unit.catalogue.disks import on_own_disk

ROOT = Path(__file__).resolve().parents[3]
KILLS = os.environ.get("CATALOGUE_KILLS", "200")
SECONDS = os.environ.get("CATALOGUE_CROWD_SECONDS", "5")  # 60 for the long run

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")


def stress(*command, within=()):
    """Run tests.unit.catalogue.stress, which prints every problem and then fails."""
    program = [sys.executable, "-W", "error", "-m", "tests.unit.catalogue.stress"]
    ran = subprocess.run(
        [*within, *program, *map(str, command)], cwd=ROOT, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


@pytest.fixture
def public_folder():
    """A folder that any user may enter, which pytest's own is not."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    for path in (folder, *folder.rglob("*")):
        if path.is_dir():
            path.chmod(0o755)
    shutil.rmtree(folder)


@needs_fork
def test_processes_killed_at_random_moments_lose_nothing_and_leave_nothing_half_done(tmp_path):
    stress("kill", tmp_path / "c", KILLS, 20261123)


@needs_fork
def test_two_writers_and_ten_readers_at_once_meet_no_error_and_no_mixed_state(tmp_path):
    stress("crowd", tmp_path / "c", SECONDS, 2, 10)


@needs_fork
def test_a_disk_that_is_full_is_a_sentence_and_does_no_damage(tmp_path):
    disk = tmp_path / "disk"
    within = on_own_disk(disk, f"mount -t tmpfs -o size=3M tmpfs '{disk}'")
    said = stress("full-disk", disk / "in", within=within)
    assert said.count("is full: free some space") >= 4


@needs_fork
def test_a_file_that_may_not_grow_is_a_sentence_and_does_no_damage(tmp_path):
    said = stress("full-disk", tmp_path / "in", 1_000_000)
    assert said.count("has space left") >= 4


@needs_fork
def test_a_disk_mounted_for_reading_can_be_searched_and_refuses_changes(tmp_path):
    stress("prepare", tmp_path / "disk")
    disk = tmp_path / "disk"
    within = on_own_disk(disk, f"mount --bind '{disk}' '{disk}'; mount -o remount,bind,ro '{disk}'")
    stress("read-only-disk", disk, within=within)


@needs_fork
@pytest.mark.parametrize("name", ["closed", "killed"])
def test_a_folder_that_may_not_be_written_can_be_searched_and_refuses_changes(public_folder, name):
    stress("prepare", public_folder)
    before = sorted(path.name for path in (public_folder / name).iterdir())
    for folder in (public_folder, public_folder / name):
        folder.chmod(0o555)
    stress("read-only", public_folder / name)
    assert sorted(path.name for path in (public_folder / name).iterdir()) == before


@needs_fork
def test_a_disk_that_cannot_lock_can_be_searched_and_refuses_changes(tmp_path, monkeypatch):
    """A network drive without locks: every lock fails as SQLite and the system report it."""
    stress("prepare", tmp_path)
    prepare_file = Database._prepare

    def refused(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    def without_locks(database: Database, connection: sqlite3.Connection) -> None:
        address = connection.execute("PRAGMA database_list").fetchone()[2]
        if not database._cannot_lock and address.startswith(str(tmp_path)):
            raise locked()
        prepare_file(database, connection)

    def locked() -> sqlite3.OperationalError:
        error = sqlite3.OperationalError("database is locked")
        error.sqlite_errorcode = sqlite3.SQLITE_BUSY
        return error

    monkeypatch.setattr("fcntl.lockf", refused)
    monkeypatch.setattr(Database, "_prepare", without_locks)
    for name in ("closed", "killed"):
        with Catalogue(tmp_path / name) as catalogue:
            assert catalogue.photos()
            with (
                pytest.raises(CatalogueError, match=r"cannot lock files\).*another folder"),
                catalogue.change("ann", "edit") as change,
            ):
                change.put(Product("x"))


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "is full"), (errno.EACCES, "allow writing"), (errno.EIO, "check that it")],
)
@pytest.mark.parametrize("step", ["write", "sync"])
def test_a_photograph_that_cannot_be_written_changes_nothing(
    tmp_path, picture, monkeypatch, number, words, step
):
    def fail(*_):
        raise OSError(number, os.strerror(number))

    def add():
        with catalogue.change("ann", "add") as change:
            change.put(Product("a"))
            change.add_photo("a", photos.read(picture(1)))

    with Catalogue(tmp_path / "c") as catalogue:
        with monkeypatch.context() as patched:
            if step == "write":
                patched.setattr(Path, "write_bytes", fail)
            else:
                patched.setattr(files.os, "fsync", fail)
            with pytest.raises(CatalogueError, match=words):
                add()
        assert (catalogue.products(), catalogue.revision()) == ([], 0)
        assert catalogue.check() == []
        add()
        assert catalogue.check(thorough=True) == []
