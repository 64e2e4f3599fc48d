"""Files that are seen whole or not at all, and that survive a power cut."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import secrets
import shutil
import stat
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BufferedRandom, BufferedWriter
from pathlib import Path

if sys.platform != "win32":
    import fcntl

PART = ".part"
"""How the name of an unfinished file ends."""

_ABANDONED = 24 * 3600  # seconds after which nobody writes any more, where that cannot be asked


@contextlib.contextmanager
def atomic_file(
    path: Path, *, durable: bool = True, drafts: Path | None = None
) -> Iterator[BufferedRandom | BufferedWriter]:
    """Open a new file for writing and reading, which takes the place of `path` at the end.

    Until then, and after an error, a file that was there stays as it was. Any number of writers
    may write to one path at once; the last to finish wins. A device or pipe is written directly.

    :param durable: wait until it survives a power cut; without, it may then be found empty.
    :param drafts: a folder of the same disk for the unfinished file; the path's own unless given.
    :raises OSError: when the folder is not there or cannot be written, or the disk is full.
    """
    if path.exists() and not path.is_file() and not path.is_dir():
        with path.open("wb") as device:
            yield device
        return
    part, file = _new_part(drafts or path.parent, path.name)
    try:
        with file:
            yield file
            file.flush()
            if durable:
                os.fsync(file.fileno())
            if sys.platform != "win32":  # while it is still known to be ours
                part.replace(path)
        if sys.platform == "win32":  # which moves no open file
            part.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise
    if durable:
        sync_folder(path.parent)


def write_atomically(
    path: Path, data: bytes, *, durable: bool = True, drafts: Path | None = None
) -> None:
    """Write a file of these bytes, which is seen whole or not at all; see `atomic_file`.

    :raises OSError: when the folder is not there or cannot be written, or the disk is full.
    """
    with atomic_file(path, durable=durable, drafts=drafts) as file:
        file.write(data)


@contextlib.contextmanager
def draft_folder(parent: Path) -> Iterator[Path]:
    """Make a folder for what is unfinished, which is gone at the end unless it was moved.

    That of a killed process is deleted by `remove_abandoned`.

    :raises OSError: when the folder cannot be made.
    """
    folder, held = _new_folder(parent)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if held is not None:
            os.close(held)


@contextlib.contextmanager
def claimed(folder: Path, *, shared: bool = False) -> Iterator[None]:
    """Keep a folder to oneself, or share it with others who share it too.

    Where the system or the disk has no such locks, nobody is kept out.

    :raises BlockingIOError: when somebody else has it.
    """
    if sys.platform == "win32":
        yield
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            raise
        except OSError:  # as on some network drives
            pass
        yield
    finally:
        os.close(descriptor)


def is_draft(name: str) -> bool:
    """Tell whether a file or folder of this name is a draft."""
    return name.startswith(".") and name.endswith(PART)


def remove_abandoned(folder: Path) -> None:
    """Delete the drafts that killed processes left in a folder; those of living ones stay.

    A living one holds a lock on its draft. Where the system has no such lock, a day decides.
    """
    with contextlib.suppress(OSError):
        for path in [path for path in folder.iterdir() if is_draft(path.name)]:
            with contextlib.suppress(OSError):  # somebody else was first, or may not be judged
                _remove_if_abandoned(path)


def _new_part(folder: Path, name: str) -> tuple[Path, BufferedRandom]:
    while True:
        part = folder / f".{name[:40]}.{secrets.token_hex(6)}{PART}"
        file = part.open("x+b")
        try:
            if _locked(file.fileno(), part):
                return part, file
        except BaseException:
            file.close()
            raise
        file.close()


def _new_folder(parent: Path) -> tuple[Path, int | None]:
    while True:
        folder = parent / f".{secrets.token_hex(6)}{PART}"
        folder.mkdir()
        if sys.platform == "win32":  # where no folder can be locked
            return folder, None
        with contextlib.suppress(FileNotFoundError):
            held = os.open(folder, os.O_RDONLY)
            if _locked(held, folder):
                return folder, held
            os.close(held)


def _locked(descriptor: int, path: Path) -> bool:
    """Mark a new draft as in use; False where it was taken for abandoned in the moment before."""
    if sys.platform != "win32":
        with contextlib.suppress(OSError):  # as on some network drives, where nobody can judge
            fcntl.flock(descriptor, fcntl.LOCK_EX)
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _remove_if_abandoned(path: Path) -> None:
    """Delete a draft that nobody holds.

    :raises OSError: when somebody does, or it cannot be told or deleted.
    """
    found = path.lstat()
    if not stat.S_ISREG(found.st_mode) and not stat.S_ISDIR(found.st_mode):
        return
    if sys.platform == "win32":
        if found.st_mtime < time.time() - _ABANDONED:
            _remove(path)
        return
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.samestat(path.lstat(), os.fstat(descriptor)):
            _remove(path)
    finally:
        os.close(descriptor)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()


def sync(path: Path) -> None:
    """Make the content of a file survive a power cut."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_all(paths: Iterable[Path]) -> None:
    """Make the content of many files survive a power cut, many times faster than one by one."""
    files = list(paths)
    with ThreadPoolExecutor(max_workers=max(1, min(8, len(files)))) as pool:
        list(pool.map(sync, files))


def sync_folder(path: Path) -> None:
    """Make the names in a folder survive a power cut, where the system leaves that to us."""
    if os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # as on some network drives
            raise
    finally:
        os.close(descriptor)


def size(path: Path) -> int:
    """Return the size of a file in bytes; 0 where there is none."""
    try:
        return path.stat().st_size
    except (FileNotFoundError, NotADirectoryError):
        return 0


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file's content, in hexadecimal digits.

    :raises OSError: when the file cannot be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
