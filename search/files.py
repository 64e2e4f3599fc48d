"""Files that are seen whole or not at all, and that survive a power cut."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import secrets
from collections.abc import Iterator
from io import BufferedRandom, BufferedWriter
from pathlib import Path

PART = ".part"
"""How the name of an unfinished file ends."""


@contextlib.contextmanager
def atomic_file(path: Path, *, durable: bool = True) -> Iterator[BufferedRandom | BufferedWriter]:
    """Open a new file for writing and reading, which takes the place of `path` at the end.

    Until then, and after an error, a file that was there stays as it was. Any number of writers
    may write to one path at once; the last to finish wins. A device or pipe is written directly.

    :param durable: wait until it survives a power cut; without, it may then be found empty.
    :raises OSError: when the folder is not there or cannot be written, or the disk is full.
    """
    if path.exists() and not path.is_file() and not path.is_dir():
        with path.open("wb") as device:
            yield device
        return
    part = path.with_name(f".{path.name[:40]}.{secrets.token_hex(6)}{PART}")
    try:
        with part.open("x+b") as file:
            yield file
            file.flush()
            if durable:
                os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise
    if durable:
        sync_folder(path.parent)


def write_atomically(path: Path, data: bytes, *, durable: bool = True) -> None:
    """Write a file of these bytes, which is seen whole or not at all; see `atomic_file`.

    :raises OSError: when the folder is not there or cannot be written, or the disk is full.
    """
    with atomic_file(path, durable=durable) as file:
        file.write(data)


def sync(path: Path) -> None:
    """Make the content of a file survive a power cut."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


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
