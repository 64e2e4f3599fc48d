"""The file `access.db` beside the catalogues: what tells who somebody is, never in the clear."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

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


def rows(sql: str, *values: str) -> list[tuple[Any, ...]]:
    """Return what a query of one table finds, nothing where there is no file yet.

    A file of before there was that table has nothing either.

    :raises AccessError: when the file cannot be read.
    """
    file = place()
    if not file.is_file():
        return []
    with _told(file, "read"), contextlib.closing(sqlite3.connect(file, timeout=10)) as connection:
        try:
            return connection.execute(sql, values).fetchall()
        except sqlite3.OperationalError as error:
            if "no such table" in str(error):
                return []
            raise


@contextlib.contextmanager
def writing() -> Iterator[sqlite3.Connection]:
    """Give a connection in one transaction, to a file that is made where there is none.

    :raises AccessError: when the file cannot be written.
    """
    file = place()
    with _told(file, "written"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(0o600)  # digests are nobody else's business either
        with contextlib.closing(sqlite3.connect(file, timeout=10)) as connection, connection:
            connection.executescript(_TABLES)
            yield connection


@contextlib.contextmanager
def _told(file: Path, done: str) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise AccessError(
            f"The file {file} cannot be {done} ({error}): allow it, or move the file away and hand "
            "out new keys and passcodes."
        ) from error
