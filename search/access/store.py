"""The file `access.db` beside the catalogues: what tells who somebody is, never in the clear."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from search import home
from search.errors import AccessError

FILE = "access.db"

_TABLES = """
CREATE TABLE IF NOT EXISTS key (
    id      TEXT PRIMARY KEY NOT NULL,
    name    TEXT NOT NULL,
    digest  TEXT NOT NULL,
    origins TEXT NOT NULL,
    rate    INTEGER NOT NULL,
    created TEXT NOT NULL,
    revoked TEXT
);
CREATE TABLE IF NOT EXISTS passcode (
    name    TEXT PRIMARY KEY NOT NULL,
    role    TEXT NOT NULL,
    hash    TEXT NOT NULL,
    created TEXT NOT NULL
) WITHOUT ROWID;
"""


def place() -> Path:
    """Return where the file lies."""
    return home.data_folder() / FILE


@contextlib.contextmanager
def opened(*, write: bool = False) -> Iterator[sqlite3.Connection | None]:
    """Give a connection in one transaction; None to a reader where there is no file yet.

    :raises AccessError: when the file cannot be read or written.
    """
    file = place()
    if not write and not file.is_file():
        yield None
        return
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if write:
            file.touch(0o600)  # digests are nobody else's business either
        with contextlib.closing(sqlite3.connect(file, timeout=10)) as connection, connection:
            if write:
                connection.executescript(_TABLES)
            yield connection
    except (sqlite3.Error, OSError) as error:
        raise AccessError(
            f"The file {file} cannot be {'written' if write else 'read'} ({error}): allow it, or "
            "move the file away and hand out new keys and passcodes."
        ) from error
