"""The tables of `catalogue.db` and how older files are brought up to date."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import cache
from pathlib import Path

from search.catalogue import queries, sums
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


def journal_triggers(table: str, columns: Sequence[str], *, before_sums: bool = False) -> str:
    """Return SQL that notes every change of `table` under the newest revision.

    Attributes that are damaged are noted as a text, so that the row can still be put right.

    :param before_sums: as in files that had no checksums, whose change is none of the row.
    """

    def json(name: str) -> str:
        text = f"{name}.attributes"
        if before_sums:
            return f"json({text})"
        return f"CASE WHEN json_valid({text}) THEN json({text}) ELSE {text} END"

    def row(name: str) -> str:
        pairs = (
            f"'{column}', {json(name)}"
            if column == "attributes"
            else f"'{column}', {name}.{column}"
            for column in columns
        )
        return f"json_object({', '.join(pairs)})"

    def trigger(event: str, key: str, before: str, after: str) -> str:
        of = f" OF {', '.join(columns)}" if event == "UPDATE" and not before_sums else ""
        return f"""
CREATE TRIGGER journal_{table}_{event.lower()} AFTER {event}{of} ON {table} BEGIN
    INSERT INTO journal (revision, entity, key, before, after)
    VALUES ((SELECT max(number) FROM revision), '{table}', {key}, {before}, {after});
END;
"""

    return (
        trigger("INSERT", "NEW.id", "NULL", row("NEW"))
        + trigger("UPDATE", "NEW.id", row("OLD"), row("NEW"))
        + trigger("DELETE", "OLD.id", row("OLD"), "NULL")
    )


_PRODUCT = (
    *("id", "name", "category", "brand", "colour", "price", "currency"),
    *("stock", "status", "url", "attributes", "created", "updated"),
)
_PHOTO = ("id", "product_id", "sha256", "file", "source", "width", "height")

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
    + journal_triggers("product", _PRODUCT, before_sums=True)
    + journal_triggers("photo", _PHOTO, before_sums=True)
)

# The numbers of a vector: float16 or float32, little-endian; older rows are all float32.
DTYPE = """
ALTER TABLE feature ADD COLUMN dtype TEXT NOT NULL DEFAULT '<f4' CHECK (dtype IN ('<f2', '<f4'));
"""

# See sums.py. Entries of the journal without one are of edits by other programs.
SUMS = (
    "".join(
        f"ALTER TABLE {table} ADD COLUMN sum INTEGER;\n"
        for table in ("product", "photo", "feature", "revision", "setting", "journal")
    )
    + "CREATE INDEX journal_unsealed ON journal (entity, key) WHERE sum IS NULL;\n"
    + "".join(
        f"DROP TRIGGER journal_{table}_{event};\n"
        for table in ("product", "photo")
        for event in ("insert", "update", "delete")
    )
    + journal_triggers("product", _PRODUCT)
    + journal_triggers("photo", _PHOTO)
)

# Sales with their moments, and the group whose variants count as one product.
SALES = """
ALTER TABLE product ADD COLUMN sale_price INTEGER CHECK (sale_price > 0);
ALTER TABLE product ADD COLUMN sale_from TEXT NOT NULL DEFAULT '';
ALTER TABLE product ADD COLUMN sale_until TEXT NOT NULL DEFAULT '';
ALTER TABLE product ADD COLUMN item_group TEXT NOT NULL DEFAULT '';
DROP TRIGGER journal_product_insert;
DROP TRIGGER journal_product_update;
DROP TRIGGER journal_product_delete;
""" + journal_triggers(
    "product", (*_PRODUCT, "sale_price", "sale_from", "sale_until", "item_group")
)

MIGRATIONS = (TABLES, JOURNAL, DTYPE, SUMS, SALES)
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


@cache
def _expected() -> frozenset[tuple[str, str, str]]:
    with closing(sqlite3.connect(":memory:")) as connection:
        for script in MIGRATIONS:
            for statement in statements(script):
                connection.execute(statement)
        return frozenset(connection.execute("SELECT type, name, sql FROM sqlite_master").fetchall())


def is_whole(connection: sqlite3.Connection) -> bool:
    """Tell whether an up-to-date file has all tables, indexes and triggers, to the letter."""
    found = connection.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
    return _expected().issubset(found)


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
    """Bring an open file to `VERSION` in one transaction, keeping every row.

    :raises DamagedError: when its tables are not those of its version.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Looked up again under the lock: another process may have been first.
        scripts = MIGRATIONS[version(connection, path) :]
        damaged_rows = {table: sums.broken(connection, table) for table in sums.KEYS if scripts}
        for script in scripts:
            for statement in statements(script):
                connection.execute(statement)
        for table, rowids in damaged_rows.items():  # which cover columns that are new
            spared = rowids | (queries.illegal(connection) if table == "product" else set())
            sums.seal(connection, table, spared=spared)
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("COMMIT")
    except BaseException as error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR:
            raise damaged(path) from error  # it says that it is older than it is
        raise
