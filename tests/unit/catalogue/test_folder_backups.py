"""A whole catalogue backed up to a folder while it is written to, and put back from there."""

from __future__ import annotations

import contextlib
import errno
import itertools
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import pytest

from search.catalogue import Catalogue, Product, backups, folder_backups, restore_backup
from search.catalogue.backing_up import back_up
from search.catalogue.restoring import restore_folder
from search.errors import BackupError, BusyError, Cancelled, DamagedError
from search.files import claimed, sha256
from tests.helpers import ROOT
from tests.unit.catalogue.disks import on_own_disk
from tests.unit.catalogue.shops import rename
from tests.unit.catalogue.stress import FINGERPRINT, faults

DATABASE = "catalogue.db"

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "backup"


def of(catalogue, folder, **options):
    return back_up(catalogue.folder / DATABASE, folder, **options)


def files(folder):
    return {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.png")}


def restored(folder, place):
    """The backup as a new catalogue."""
    restore_folder(place / DATABASE, folder, is_new=True)
    return Catalogue(place)


def assert_whole(folder):
    """What the folder holds is one state, with every photograph as its sha256 says."""
    backup = folder_backups.verified(folder)
    assert [p.name for p in folder.glob("*.db")] == [backup.database]
    for photo in folder_backups.wanted(folder / backup.database):
        if photo.is_current:
            assert sha256(folder / photo.file) == photo.sha256
    return backup


class TestMaking:
    def test_it_holds_everything_and_can_be_put_back_as_a_new_catalogue(
        self, stocked, folder, tmp_path
    ):
        done = of(stocked, folder)
        assert (done.revision, done.photographs, done.problems) == (stocked.revision(), 3, ())
        assert done.linked + done.copied == 3
        assert sorted(p.name for p in folder.iterdir()) == sorted(
            ["backup.json", "photos", assert_whole(folder).database]
        )
        with restored(folder, tmp_path / "new") as new:
            assert new.products() == stocked.products()
            assert new.photos() == stocked.photos()
            assert len(new.snapshot("f").photo_ids) == 3
            assert new.revision() == stocked.revision() + 1
            assert new.check(thorough=True) == []

    def test_the_second_one_adds_only_what_is_new_and_forgets_what_is_old(
        self, stocked, folder, photo
    ):
        of(stocked, folder)
        kept = {name: path.stat().st_ino for name, path in files(folder).items()}
        with stocked.change("ann", "add") as change:
            change.put(Product("d"))
            change.add_photo("d", photo("d"))
        done = of(stocked, folder)
        assert (done.kept, done.linked + done.copied) == (3, 1)
        assert kept.items() <= {n: p.stat().st_ino for n, p in files(folder).items()}.items()
        (folder / "photos" / "zz").mkdir()
        (folder / "photos" / "zz" / "old.png").write_bytes(b"of an earlier backup")
        of(stocked, folder)
        assert set(files(folder)) == {photo.file for photo in stocked.photos()}
        assert_whole(folder)

    def test_what_a_restorable_revision_needs_is_in_it(self, stocked, folder, tmp_path):
        stocked.close()
        with stocked.change("ann", "remove") as change:
            change.delete("a")
        of(stocked, folder)
        with restored(folder, tmp_path / "new") as new:
            new.undo("ann")
            assert len(new.photos()) == 3
            assert new.check(thorough=True) == []

    def test_without_links_photographs_are_copied(self, stocked, folder, monkeypatch, tmp_path):
        def refused(*_, **__):
            raise OSError(errno.EXDEV, "another disk")

        monkeypatch.setattr(os, "link", refused)
        assert of(stocked, folder).copied == 3
        assert all(path.stat().st_nlink == 1 for path in files(folder).values())
        with restored(folder, tmp_path / "new") as new:
            assert new.check(thorough=True) == []

    def test_a_photograph_damaged_in_the_backup_is_brought_again(self, stocked, folder):
        of(stocked, folder)
        damaged = folder / stocked.photos("a")[0].file
        damaged.unlink()
        damaged.write_bytes(b"rotten")
        done = of(stocked, folder)
        assert (done.kept, done.linked + done.copied) == (2, 1)
        assert_whole(folder)

    def test_a_photograph_that_the_catalogue_lost_is_kept_by_the_backup(self, stocked, folder):
        of(stocked, folder)
        stocked.path(stocked.photos("a")[0]).unlink()
        done = of(stocked, folder)
        assert (done.kept, done.problems) == (3, ())

    @pytest.mark.parametrize("how", ["gone", "damaged"])
    def test_a_lost_photograph_is_told_and_the_rest_is_backed_up(
        self, stocked, folder, tmp_path, how
    ):
        lost = stocked.path(stocked.photos("a")[0])
        lost.unlink()
        if how == "damaged":
            lost.write_bytes(b"rotten")
        done = of(stocked, folder)
        assert (done.photographs, len(done.problems)) == (2, 1)
        assert lost.name in done.problems[0]
        assert folder_backups.read(folder).missing == (stocked.photos("a")[0].file,)
        with restored(folder, tmp_path / "new") as new:
            assert [f.kind for f in new.check()] == ["missing"]

    def test_damaged_features_are_counted_and_go_along(self, stocked, folder):
        with closing(sqlite3.connect(stocked.folder / DATABASE)) as connection, connection:
            connection.execute("UPDATE feature SET sum = 0 WHERE rowid = 1")
        (problem,) = of(stocked, folder).problems
        assert "1 feature" in problem

    def test_a_damaged_catalogue_leaves_the_backup_from_before(self, stocked, folder):
        of(stocked, folder)
        before = folder_backups.read(folder)
        with closing(sqlite3.connect(stocked.folder / DATABASE)) as connection, connection:
            connection.execute("UPDATE revision SET actor = 'mallory', sum = 0")
        with pytest.raises(DamagedError, match="nothing was backed up"):
            of(stocked, folder)
        assert assert_whole(folder) == before

    def test_stopped_it_leaves_the_backup_from_before(self, stocked, folder):
        of(stocked, folder)
        before = folder_backups.read(folder)
        rename(stocked, "a", "Boot")
        with pytest.raises(Cancelled):
            of(stocked, folder, on_progress=lambda _: False)
        assert assert_whole(folder) == before

    def test_two_at_once_in_one_folder_are_refused(self, stocked, folder):
        folder.mkdir()
        with claimed(folder), pytest.raises(BusyError, match="Somebody else is using"):
            of(stocked, folder)


def test_nothing_writes_to_a_photograph_in_place(stocked, folder, photo, tmp_path):
    """So a linked one in a backup stays as it is, whatever becomes of the catalogue's."""
    if of(stocked, folder).copied:
        pytest.skip("this disk has no links")
    inodes = {name: path.stat().st_ino for name, path in files(folder).items()}
    contents = {name: path.read_bytes() for name, path in files(folder).items()}
    originals = tmp_path / "originals"
    originals.mkdir()
    shutil.copyfile(stocked.path(stocked.photos("a")[0]), originals / "a.png")
    for place, data in zip(
        [stocked.path(p) for p in stocked.photos()], (b"rotten", b"", b"cut"), strict=True
    ):
        place.unlink()  # a disk's damage would be the backup's too
        place.write_bytes(data)
    stocked.repair(originals=originals, thorough=True)
    for id in "bc":
        with stocked.change("ann", "again") as change:
            change.add_photo(id, photo(id))
    stocked.close()
    restore_backup(stocked.folder / DATABASE)
    restore_folder(stocked.folder / DATABASE, folder)
    with stocked.change("ann", "clear") as change:
        for product in stocked.products():
            change.delete(product.id)
    stocked.purge(yes_all=True)
    assert {name: path.stat().st_ino for name, path in files(folder).items()} == inodes
    assert {name: path.read_bytes() for name, path in files(folder).items()} == contents
    assert_whole(folder)


class TestRestoring:
    def test_over_a_damaged_catalogue_it_keeps_what_was_there(self, stocked, folder, photo):
        of(stocked, folder)
        with stocked.change("ann", "add") as change:
            change.put(Product("later"))
            later = change.add_photo("later", photo("later"))
        known = stocked.revision()
        rotten = stocked.path(stocked.photos("a")[0])
        rotten.unlink()
        rotten.write_bytes(b"rotten")
        gone = stocked.path(stocked.photos("b")[0])
        gone.unlink()
        stocked.close()
        database = stocked.folder / DATABASE
        before = os.urandom(50_000)
        database.write_bytes(before)
        done = restore_folder(database, folder, actor="ann")
        assert (done.photographs, done.problems) == (3, ())
        with Catalogue(stocked.folder) as again:
            assert [product.id for product in again.products()] == ["a", "b", "c"]
            assert again.revision() > known
            assert {f.kind for f in again.check(thorough=True)} == {"stray"}  # the later one's
            newest = again.revisions(1)[0]
            assert (newest.actor, newest.action) == ("ann", "restore backup")
        assert (stocked.folder / later.file).is_file()
        kept = [b for b in backups.listed(stocked.folder) if b.kind == "replaced"]
        assert kept[0].path.read_bytes() == before

    def test_a_sound_catalogue_can_be_had_back_after_it(self, stocked, folder):
        of(stocked, folder)
        rename(stocked, "a", "Today")
        restore_folder(stocked.folder / DATABASE, folder)
        assert stocked.product("a").name == ""
        (kept,) = [b for b in stocked.backups() if b.kind == "replaced"]
        restore_backup(stocked.folder / DATABASE, kept.name)
        assert stocked.product("a").name == "Today"

    def test_a_photograph_that_the_backup_lost_is_told(self, stocked, folder, tmp_path):
        of(stocked, folder)
        (folder / stocked.photos("a")[0].file).unlink()
        done = restore_folder(tmp_path / "new" / DATABASE, folder, is_new=True)
        assert (done.photographs, len(done.problems)) == (2, 1)

    def test_nothing_is_made_of_a_folder_without_a_finished_backup(self, stocked, folder, tmp_path):
        of(stocked, folder)
        (folder / "backup.json").unlink()
        with pytest.raises(BackupError, match="holds no finished backup"):
            restore_folder(tmp_path / "new" / DATABASE, folder, is_new=True)
        assert not (tmp_path / "new").exists()


def described(folder, **changed):
    file = folder / "backup.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), **changed}))


def resealed(folder, statement, *values):
    """Change the backup's database as somebody can who knows how it is checked."""
    from search.catalogue import sums

    file = folder / folder_backups.read(folder).database
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(statement, values)
        for table in ("photo", "journal"):
            sums.seal(connection, table)
    described(folder, sha256=sha256(file))


def link(at, to):
    if at.is_dir():
        shutil.rmtree(at)
    else:
        at.unlink(missing_ok=True)
    at.symlink_to(to)


FOREIGN = {
    "a link for the photographs": lambda f: link(f / "photos", "/etc"),
    "a link for one": lambda f: link(next(iter(files(f).values())), "/etc/passwd"),
    "a link for one to another inside": lambda f: link(
        next(iter(files(f).values())), sorted(files(f).values())[-1]
    ),
    "a link for the database": lambda f: link(next(f.glob("*.db")), "/etc/passwd"),
    "a link for the description": lambda f: link(f / "backup.json", "/etc/passwd"),
    "a pipe": lambda f: os.mkfifo(f / "photos" / "pipe.png"),
    "a photograph above": lambda f: resealed(f, "UPDATE photo SET file = '../../above.png'"),
    "an absolute photograph": lambda f: resealed(f, "UPDATE photo SET file = '/etc/passwd'"),
    "another part": lambda f: resealed(f, "UPDATE photo SET file = 'backups/x.png'"),
    "an older one above": lambda f: resealed(
        f, "UPDATE journal SET after = json_set(after, '$.file', '../x') WHERE entity = 'photo'"
    ),
    "a database above": lambda f: described(f, database="../catalogue.db"),
    "a database elsewhere": lambda f: described(f, database="/etc/passwd"),
    "another database": lambda f: described(f, sha256="0" * 64),
    "a database of noise": lambda f: next(f.glob("*.db")).write_bytes(os.urandom(9000)),
    "no JSON": lambda f: (f / "backup.json").write_bytes(b"\xff{"),
    "nested JSON": lambda f: (f / "backup.json").write_text("[" * 100_000),
    "a list": lambda f: (f / "backup.json").write_text("[]"),
    "a field too many": lambda f: described(f, execute="rm"),
    "a name that steers terminals": lambda f: described(f, catalogue="\x1b[2J"),
    "no text": lambda f: described(f, catalogue=7),
    "a newer format": lambda f: described(f, format=2),
    "other files": lambda f: (f / "notes.txt").write_text("mine"),
}


@pytest.mark.skipif(sys.platform == "win32", reason="links and pipes")
@pytest.mark.parametrize("spoil", FOREIGN.values(), ids=FOREIGN.keys())
def test_what_is_foreign_or_spoilt_is_refused_and_nothing_is_written(
    stocked, folder, tmp_path, spoil
):
    of(stocked, folder)
    spoil(folder)
    state = stocked.revision(), sorted(stocked.folder.rglob("*.png"))
    with pytest.raises(BackupError):
        restore_folder(stocked.folder / DATABASE, folder)
    assert (stocked.revision(), sorted(stocked.folder.rglob("*.png"))) == state
    with pytest.raises(BackupError):
        restore_folder(tmp_path / "new" / DATABASE, folder, is_new=True)
    assert not (tmp_path / "new").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="links")
@pytest.mark.parametrize("part", ["photos", "backup.json", "catalogue-1-0123456789ab.db"])
def test_a_backup_is_not_written_through_a_link(stocked, folder, tmp_path, part):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    folder.mkdir()
    (folder / part).symlink_to(elsewhere)
    with pytest.raises(BackupError, match="is a link"):
        of(stocked, folder)
    assert list(elsewhere.iterdir()) == []


class TestRefusals:
    def test_a_folder_with_anything_else(self, stocked, tmp_path):
        (tmp_path / "mine").mkdir()
        (tmp_path / "mine" / "letter.txt").write_text("dear")
        with pytest.raises(BackupError, match=r"holds .letter\.txt"):
            of(stocked, tmp_path / "mine")
        assert [p.name for p in (tmp_path / "mine").iterdir()] == ["letter.txt"]

    def test_another_catalogues_backup(self, stocked, folder, tmp_path):
        of(stocked, folder)
        with (
            Catalogue(tmp_path / "hats") as hats,
            pytest.raises(BackupError, match="a backup of “shoes”, not of “hats”"),
        ):
            of(hats, folder)

    def test_a_file_in_its_place(self, stocked, folder):
        folder.write_text("a file")
        with pytest.raises(BackupError, match="cannot be made"):
            of(stocked, folder)

    def test_a_row_that_names_a_place_outside(self, stocked, folder):
        with closing(sqlite3.connect(stocked.folder / DATABASE)) as connection, connection:
            connection.execute("UPDATE photo SET file = '../../x.png' WHERE product_id = 'a'")
        with pytest.raises(DamagedError, match="outside of it"):
            of(stocked, folder)

    @pytest.mark.parametrize(
        ("number", "words"), [(errno.ENOSPC, "disk is full"), (errno.EACCES, "allow this user")]
    )
    def test_what_the_disk_refuses_is_a_sentence(self, stocked, folder, monkeypatch, number, words):
        of(stocked, folder)
        before = folder_backups.read(folder)

        def refused(*_):
            raise OSError(number, os.strerror(number))

        with monkeypatch.context() as patched:
            patched.setattr("search.catalogue.backing_up.sync", refused)
            with pytest.raises(BackupError, match=words):
                of(stocked, folder)
        assert assert_whole(folder) == before


def stress(*command, within=()):
    program = [sys.executable, "-W", "error", "-m", "tests.unit.catalogue.stress"]
    return subprocess.Popen([*within, *program, *map(str, command)], cwd=ROOT)


@needs_fork
def test_while_two_processes_write_each_backup_is_one_revision_with_its_photographs(
    tmp_path, folder
):
    Catalogue(tmp_path / "busy").close()
    writers = [stress("write", tmp_path / "busy", seed) for seed in (1, 2)]
    revisions = []
    try:
        end = time.monotonic() + 5
        while time.monotonic() < end:
            done = back_up(tmp_path / "busy" / DATABASE, folder)
            assert done.problems == ()
            assert assert_whole(folder).revision == done.revision
            place = tmp_path / f"new {len(revisions)}"
            with restored(folder, place) as new:
                taken = new.snapshot(FINGERPRINT)
                assert faults(taken.products, taken.photos, taken.photo_ids.tolist()) == []
                assert new.check() == []
            revisions.append(done.revision)
        assert all(writer.poll() is None for writer in writers)
    finally:
        for writer in writers:
            writer.kill()
            writer.wait()
    assert revisions == sorted(revisions)
    assert len(set(revisions)) > 2


_STEPS = {"open", "os.mkdir", "os.link", "os.rename", "os.remove", "os.rmdir", "sqlite3.connect"}


def killed_before(step, act):
    """Do `act` in a process that is killed before its n-th step on the disk; whether it was."""
    child = os.fork()
    if child == 0:
        done = itertools.count()

        def count(event, _):
            if event in _STEPS and next(done) == step:
                os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(count)
        with contextlib.suppress(BaseException):
            act()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


@needs_fork
@pytest.mark.parametrize("is_first", [True, False])
def test_killed_at_any_moment_the_folder_holds_the_backup_from_before_or_the_new_one(
    stocked, folder, photo, is_first
):
    if not is_first:
        of(stocked, folder)
        rename(stocked, "a", "Boot")
    with stocked.change("ann", "add") as change:
        change.put(Product("d"))
        change.add_photo("d", photo("d"))
    newest = stocked.revision()
    stocked.close()
    before = None if is_first else folder_backups.read(folder)
    found = set()
    for step in itertools.count(step=3):
        place = folder.with_name(f"{step}")
        if not is_first:
            shutil.copytree(folder, place)
        killed = killed_before(step, lambda at=place: back_up(stocked.folder / DATABASE, at))
        held = folder_backups.read(place) if place.is_dir() else None
        assert held == before or held.revision == newest
        found.add((killed, held == before))
        if held is not None:
            folder_backups.verified(place)
            for wanted in folder_backups.wanted(place / held.database):
                assert sha256(place / wanted.file) == wanted.sha256
        if not killed:
            break
        back_up(stocked.folder / DATABASE, place)  # which goes on from there, and tidies up
        assert assert_whole(place).revision == newest
        assert not [path for path in place.iterdir() if path.name.startswith(".")]
    assert found == {(True, True), (True, False), (False, False)}


FULL = """
import sys
from pathlib import Path
from search.catalogue import folder_backups
from search.catalogue.backing_up import back_up
from search.errors import BackupError
database, disk = Path(sys.argv[1]), Path(sys.argv[2])
before = back_up(database, disk / "backup")
assert before.copied == 3, before
try:
    with (disk / "filler").open("wb", buffering=0) as filler:
        while True:
            filler.write(b"x" * 4096)
except OSError:
    pass
try:
    back_up(database, disk / "backup")
    raise SystemExit("the disk was not full")
except BackupError as error:
    print(error)
folder_backups.verified(disk / "backup")
(disk / "filler").unlink()
assert back_up(database, disk / "backup").kept == 3
"""


@needs_fork
def test_a_full_disk_is_a_sentence_and_leaves_the_backup_from_before(stocked, tmp_path):
    disk = tmp_path / "disk"
    within = on_own_disk(disk, f"mount -t tmpfs -o size=2M tmpfs '{disk}'")
    stocked.close()
    ran = subprocess.run(
        [*within, sys.executable, "-c", FULL, stocked.folder / DATABASE, disk],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "The disk is full" in ran.stdout


def as_nobody(act):
    """What `act` raises, done by a user who is not root."""
    receiving, sending = os.pipe()
    child = os.fork()
    if child == 0:
        said = "nothing was raised"
        try:
            if os.geteuid() == 0:
                os.setgid(65534)
                os.setuid(65534)
            act()
        except BaseException as error:
            said = f"{type(error).__name__}: {error}"
        os.write(sending, said.encode())
        os._exit(0)
    os.waitpid(child, 0)
    os.close(sending)
    with os.fdopen(receiving, "rb") as pipe:
        return pipe.read().decode()


@needs_fork
@pytest.mark.parametrize("mode", [0o500, 0o000])
def test_a_folder_that_may_not_be_used_is_a_sentence(stocked, mode):
    stocked.close()
    with tempfile.TemporaryDirectory() as place:  # which others may enter, unlike pytest's own
        shutil.copytree(stocked.folder, Path(place) / "shoes")
        database, folder = Path(place) / "shoes" / DATABASE, Path(place) / "backup"
        back_up(database, folder)
        nobody = 65534 if os.geteuid() == 0 else -1
        for path in (Path(place), *Path(place).rglob("*")):
            os.chown(path, nobody, -1)
        folder.chmod(mode)
        said = as_nobody(lambda: back_up(database, folder))
        folder.chmod(0o700)
        assert said.startswith("BackupError: ")
        assert "allow this user to read and write it" in said
        assert_whole(folder)
