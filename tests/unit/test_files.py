"""A file is there whole or not at all, whatever happens while it is written."""

from __future__ import annotations

import hashlib
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from search import files
from search.files import atomic_file, write_atomically
from tests.helpers import ROOT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "in"
    made.mkdir()
    return made


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("durable", [True, False])
def test_a_file_is_written_and_written_over(folder, durable):
    for data in (b"first", b"", b"second" * 1000):
        write_atomically(folder / "a.bin", data, durable=durable)
        assert (folder / "a.bin").read_bytes() == data
        assert names(folder) == ["a.bin"]


def test_until_it_is_whole_the_old_one_is_seen(folder):
    write_atomically(folder / "a", b"old")
    with atomic_file(folder / "a") as file:
        file.write(b"new")
        file.flush()
        assert (folder / "a").read_bytes() == b"old"
    assert (folder / "a").read_bytes() == b"new"


def test_what_was_written_can_be_read_back_before_it_is_seen(folder):
    with atomic_file(folder / "a") as file:
        file.write(b"content")
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    assert digest == files.sha256(folder / "a")


@pytest.mark.parametrize("error", [OSError, ValueError, KeyboardInterrupt])
def test_an_error_leaves_the_old_file_and_nothing_else(folder, error):
    write_atomically(folder / "a", b"old")

    def break_off(name: str) -> None:
        with atomic_file(folder / name) as file:
            file.write(b"half")
            raise error

    for name in "ab":
        with pytest.raises(error):
            break_off(name)
    assert (names(folder), (folder / "a").read_bytes()) == (["a"], b"old")


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_disk_that_fails_at_the_end_leaves_the_old_file(folder, monkeypatch, step):
    def fail(*_: object) -> None:
        raise OSError(5, "the disk failed")

    write_atomically(folder / "a", b"old")
    with monkeypatch.context() as patched:
        patched.setattr(os if step == "fsync" else Path, step, fail)
        with pytest.raises(OSError, match="the disk failed"):
            write_atomically(folder / "a", b"new")
    assert (names(folder), (folder / "a").read_bytes()) == (["a"], b"old")


def test_only_what_must_survive_a_power_cut_waits_for_the_disk(folder, monkeypatch):
    synced = []
    monkeypatch.setattr(os, "fsync", synced.append)
    write_atomically(folder / "a", b"1", durable=False)
    assert synced == []
    write_atomically(folder / "a", b"2")
    assert len(synced) == (1 if os.name == "nt" else 2)  # the file, then its folder's names


def test_a_folder_that_is_not_there_is_not_made(folder):
    with pytest.raises(FileNotFoundError):
        write_atomically(folder / "gone" / "a", b"1")
    assert names(folder) == []


def test_long_and_foreign_names_are_written(folder):
    for name in ("日" * 80, "x" * 255):
        write_atomically(folder / name, b"1")
    assert len(names(folder)) == 2


@pytest.mark.skipif(os.name == "nt", reason="this system has no such permissions")
def test_others_may_read_it_as_the_user_allows(folder):
    write_atomically(folder / "a", b"1")
    (folder / "b").write_bytes(b"1")
    modes = [stat.S_IMODE((folder / name).stat().st_mode) for name in "ab"]
    assert modes[0] == modes[1]


def test_many_writers_at_once_leave_one_whole_file(folder):
    contents = [bytes([n]) * 100_000 for n in range(8)]
    ready = threading.Barrier(len(contents))

    def write(data: bytes) -> None:
        ready.wait()
        for _ in range(5):
            write_atomically(folder / "a", data, durable=False)

    threads = [threading.Thread(target=write, args=(data,)) for data in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (folder / "a").read_bytes() in contents
    assert names(folder) == ["a"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_written_to_and_stays(folder):
    os.mkfifo(folder / "pipe")
    got = []
    reader = threading.Thread(target=lambda: got.append((folder / "pipe").read_bytes()))
    reader.start()
    write_atomically(folder / "pipe", b"through")
    reader.join()
    assert got == [b"through"]
    assert (folder / "pipe").is_fifo()


def test_size_and_digest(folder):
    (folder / "a").write_bytes(b"abc")
    assert files.size(folder / "a") == 3
    assert files.size(folder / "none") == files.size(folder / "a" / "below") == 0
    assert files.sha256(folder / "a") == hashlib.sha256(b"abc").hexdigest()


HOLDING = """
import sys, time
from pathlib import Path
from search.files import atomic_file, draft_folder
with draft_folder(Path(sys.argv[1])) as folder, atomic_file(Path(sys.argv[1]) / "a") as file:
    (folder / "half").write_bytes(b"half")
    file.write(b"half")
    file.flush()
    print("ready", flush=True)
    time.sleep(600)
"""


@pytest.mark.skipif(os.name == "nt", reason="there a day decides")
def test_drafts_of_a_killed_process_go_and_those_of_a_living_one_stay(folder):
    with subprocess.Popen(
        [sys.executable, "-c", HOLDING, str(folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
        files.remove_abandoned(folder)
        assert len(names(folder)) == 2
        assert all(files.is_draft(name) for name in names(folder))
        writer.kill()
        writer.wait()
    (folder / "notes.part").write_text("somebody's")
    files.remove_abandoned(folder)
    assert names(folder) == ["notes.part"]


def test_writers_do_not_mind_that_drafts_are_cleared_meanwhile(folder):
    over, errors = threading.Event(), []

    def clear() -> None:
        while not over.is_set():
            files.remove_abandoned(folder)

    def write(name: str) -> None:
        try:
            for number in range(60):
                write_atomically(folder / name, str(number).encode(), durable=False)
                with files.draft_folder(folder) as draft:
                    (draft / "x").write_bytes(b"x")
                    (draft / "x").replace(folder / f"{name}-moved")
        except OSError as error:
            errors.append(error)

    clearing = threading.Thread(target=clear)
    writing = [threading.Thread(target=write, args=(name,)) for name in "abc"]
    for thread in (clearing, *writing):
        thread.start()
    for thread in writing:
        thread.join()
    over.set()
    clearing.join()
    assert errors == []
    assert names(folder) == ["a", "a-moved", "b", "b-moved", "c", "c-moved"]


def test_a_draft_may_lie_elsewhere_on_the_disk(folder):
    (folder / "deep").mkdir()
    with atomic_file(folder / "deep" / "a", drafts=folder) as file:
        file.write(b"a")
        assert names(folder / "deep") == []
    assert (folder / "deep" / "a").read_bytes() == b"a"
    assert names(folder) == ["deep"]


def test_a_pipe_or_link_named_as_a_draft_is_left_alone(folder, tmp_path):
    os.mkfifo(folder / ".a.part")
    (tmp_path / "kept").mkdir()
    (folder / ".b.part").symlink_to(tmp_path / "kept")
    files.remove_abandoned(folder)
    assert names(folder) == [".a.part", ".b.part"]
    files.remove_abandoned(folder / "not there")
