"""The tables of `catalogue.db` and how older files are brought up to date."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from search.errors import CatalogueError, DamagedError

APPLICATION = 0x56505331  # "VPS1": tells our file from any other SQLite file

TABLES = """
CREATE TABLE product (
    id         TEXT PRIMARY KEY NOT NULL,
    name       TEXT NOT NULL DEFAULT '',
    category   TEXT NOT NULL DEFAULT '',
    brand      TEXT NOT NULL DEFAULT '',
    colour     TEXT NOT NULL DEFAULT '',
    price      INTEGER CHECK (price >= 0),
    currency   TEXT NOT NULL DEFAULT '',
    stock      INTEGER CHECK (stock >= 0),
    status     TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'withdrawn')),
    url        TEXT NOT NULL DEFAULT '',
    attributes TEXT NOT NULL DEFAULT '{}',
    created    TEXT NOT NULL,
    updated    TEXT NOT NULL
);
-- AUTOINCREMENT: the number of a deleted photograph never comes to mean another one.
CREATE TABLE photo (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    product_id TEXT NOT NULL REFERENCES product (id),
    sha256     TEXT NOT NULL,
    file       TEXT NOT NULL,
    source     TEXT NOT NULL DEFAULT '',
    width      INTEGER NOT NULL,
    height     INTEGER NOT NULL,
    UNIQUE (sha256, product_id)
);
CREATE INDEX photo_product ON photo (product_id);
-- Addressed by content, so an interrupted import finds its features again.
CREATE TABLE feature (
    sha256      TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    kept        INTEGER NOT NULL DEFAULT (CAST(strftime('%s', 'now') AS INTEGER)),
    vector      BLOB NOT NULL,
    PRIMARY KEY (sha256, fingerprint)
);
CREATE TABLE revision (
    number   INTEGER PRIMARY KEY,
    at       TEXT NOT NULL,
    actor    TEXT NOT NULL,
    action   TEXT NOT NULL,
    detail   TEXT NOT NULL DEFAULT '',
    products INTEGER NOT NULL DEFAULT 0,
    photos   INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE setting (key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL);
"""


def journal_triggers(table: str, columns: Sequence[str]) -> str:
    """Return SQL that notes every change of `table` under the newest revision."""

    def row(name: str) -> str:
        pairs = (
            f"'{column}', json({name}.attributes)"
            if column == "attributes"
            else f"'{column}', {name}.{column}"
            for column in columns
        )
        return f"json_object({', '.join(pairs)})"

    def trigger(event: str, key: str, before: str, after: str) -> str:
        return f"""
CREATE TRIGGER journal_{table}_{event.lower()} AFTER {event} ON {table} BEGIN
    INSERT INTO journal (revision, entity, key, before, after)
    VALUES ((SELECT max(number) FROM revision), '{table}', {key}, {before}, {after});
END;
"""

    return (
        trigger("INSERT", "NEW.id", "NULL", row("NEW"))
        + trigger("UPDATE", "NEW.id", row("OLD"), row("NEW"))
        + trigger("DELETE", "OLD.id", row("OLD"), "NULL")
    )


JOURNAL = (
    """
CREATE TABLE journal (
    id       INTEGER PRIMARY KEY,
    revision INTEGER NOT NULL,
    entity   TEXT NOT NULL,
    key      TEXT NOT NULL,
    before   TEXT,
    after    TEXT
);
CREATE INDEX journal_revision ON journal (revision);
ALTER TABLE revision ADD COLUMN restored INTEGER;
-- Revisions older than the journal are remembered but cannot be restored.
INSERT INTO setting (key, value)
SELECT 'journal_from', coalesce(max(number), 0) + 1 FROM revision;
"""
    + journal_triggers(
        "product",
        (
            *("id", "name", "category", "brand", "colour", "price", "currency"),
            *("stock", "status", "url", "attributes", "created", "updated"),
        ),
    )
    + journal_triggers("photo", ("id", "product_id", "sha256", "file", "source", "width", "height"))
)

# The numbers of a vector: float16 or float32, little-endian; older rows are all float32.
DTYPE = """
ALTER TABLE feature ADD COLUMN dtype TEXT NOT NULL DEFAULT '<f4' CHECK (dtype IN ('<f2', '<f4'));
"""

MIGRATIONS = (TABLES, JOURNAL, DTYPE)
"""Entry `n` turns a file of version `n` into one of version `n + 1`; never edit one."""

VERSION = len(MIGRATIONS)


def damaged(path: Path) -> DamagedError:
    """Say that a catalogue file is damaged, and what to do."""
    name = path.parent.absolute().name
    return DamagedError(
        f"The catalogue file {path} is damaged or was emptied: put the last backup back with "
        f"`python -m search restore-backup --catalogue {name}`; the photographs beside it are "
        "untouched."
    )


def statements(script: str) -> Iterator[str]:
    """Split an SQL script, leaving the bodies of triggers whole."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def version(connection: sqlite3.Connection, path: Path) -> int:
    """Return the schema version of an open file; 0 is a new, empty one.

    :raises CatalogueError: when the file is another program's or a newer version's.
    :raises DamagedError: when a table that its version has is gone.
    """
    # All three of one state of the file: another process may be creating it at this moment.
    alone = not connection.in_transaction
    if alone:
        connection.execute("BEGIN")
    try:
        names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        (found,) = connection.execute("PRAGMA user_version").fetchone()
        (application,) = connection.execute("PRAGMA application_id").fetchone()
    finally:
        if alone and connection.in_transaction:
            connection.execute("ROLLBACK")
    if application != APPLICATION and (names or found):
        raise CatalogueError(
            f"{path} is not a catalogue of this program: choose another folder or move the file."
        )
    if found > VERSION:
        raise CatalogueError(
            f"The catalogue {path} was written by a newer version of this program "
            f"(format {found}; this one knows up to {VERSION}): update the program to open it."
        )
    expected = re.findall(r"^CREATE TABLE (\w+)", "".join(MIGRATIONS[: max(found, 0)]), re.M)
    if found < 0 or not names.issuperset(expected) or (names and not found):
        raise damaged(path)
    return int(found)


def migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Bring an open file to `VERSION` in one transaction, keeping every row."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Looked up again under the lock: another process may have been first.
        for script in MIGRATIONS[version(connection, path) :]:
            for statement in statements(script):
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
