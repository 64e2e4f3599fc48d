"""Sixty and more kinds of damage to a catalogue's folder, each done to a copy of `rot.make`'s."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

import numpy as np

DATABASE = "catalogue.db"
Damage = Callable[[Path], None]


def _sql(*statements: str, quietly: bool = False) -> Damage:
    """Damage by statements of another program; `quietly`, without the file's triggers."""

    def damage(folder: Path) -> None:
        with closing(sqlite3.connect(folder / DATABASE)) as connection:
            connection.execute("PRAGMA foreign_keys = OFF")
            connection.execute("PRAGMA ignore_check_constraints = ON")
            triggers = []
            if quietly:
                triggers = connection.execute(
                    "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
                ).fetchall()
            for name, _ in triggers:
                connection.execute(f"DROP TRIGGER {name}")
            for statement in statements:
                connection.execute(statement)
            for _, sql in triggers:
                connection.execute(sql)
            connection.commit()

    return damage


def _bytes(start: int, data: bytes, file: str = DATABASE) -> Damage:
    def damage(folder: Path) -> None:
        with (folder / file).open("r+b") as opened:
            opened.seek(start)
            opened.write(data)

    return damage


def _file(pattern: str, damage_file: Callable[[Path], object]) -> Damage:
    """Damage the first file or folder that a pattern names."""

    def damage(folder: Path) -> None:
        damage_file(sorted(folder.glob(pattern))[0])

    return damage


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _noise(path: Path) -> None:
    path.write_bytes(np.random.default_rng(5).bytes(20_000))


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _plain_file(path: Path) -> None:
    if path.exists():
        shutil.rmtree(path)
    path.write_text("a file")


def _moved_for_a_file(path: Path) -> None:
    path.rename(path.parent.parent / "moved")
    path.write_text("a file")


def _pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _vector(numbers: object) -> Damage:
    def damage(folder: Path) -> None:
        with closing(sqlite3.connect(folder / DATABASE)) as connection, connection:
            connection.execute(
                "UPDATE feature SET vector = ? WHERE rowid ="
                " (SELECT min(rowid) FROM feature WHERE fingerprint LIKE 'fake%')",
                (numbers,),
            )

    return damage


def _half(value: float) -> bytes:
    return np.full(48, value, "<f2").tobytes()


ONE = "WHERE id = 'p4'"
DAMAGES: Mapping[str, Damage] = {
    # The database's file.
    "empty database": _file(DATABASE, lambda p: p.write_bytes(b"")),
    "one byte": _file(DATABASE, lambda p: p.write_bytes(b"\0")),
    "lost database": _file(DATABASE, Path.unlink),
    "half a database": _file(DATABASE, _cut),
    "noise": _file(DATABASE, _noise),
    "a folder in its place": _file(DATABASE, _folder),
    "first page zeros": _bytes(0, bytes(16_384)),
    "second page zeros": _bytes(16_384, bytes(16_384)),
    "last page noise": lambda f: _bytes((f / DATABASE).stat().st_size - 16_384, os.urandom(16_384))(
        f
    ),
    "magic": _bytes(0, b"SQLite format 4\0"),
    "page size": _bytes(16, b"\x20\x00"),
    "write version": _bytes(18, b"\x09\x09"),
    "text encoding": _bytes(56, b"\x00\x00\x00\x02"),
    "newer version": _bytes(60, b"\x00\x00\x00\x63"),
    "older version": _bytes(60, b"\x00\x00\x00\x02"),
    "no version": _bytes(60, b"\x00\x00\x00\x00"),
    "another program's": _bytes(68, b"\x00\x00\x00\x01"),
    "schema's text": lambda f: _bytes(
        (f / DATABASE).read_bytes().index(b"CREATE TABLE photo"), b"CR\xff"
    )(f),
    "log of noise": lambda f: (f / f"{DATABASE}-wal").write_bytes(os.urandom(5000)),
    "old journal of noise": lambda f: (f / f"{DATABASE}-journal").write_bytes(os.urandom(5000)),
    # Its tables.
    "no products": _sql("DROP TABLE product"),
    "no photographs": _sql("DROP TABLE photo"),
    "no features": _sql("DROP TABLE feature"),
    "no revisions": _sql("DROP TABLE revision"),
    "no settings": _sql("DROP TABLE setting"),
    "no journal": _sql("DROP TABLE journal"),
    "a trigger is gone": _sql("DROP TRIGGER journal_product_update"),
    "an index is gone": _sql("DROP INDEX photo_product"),
    # Rows, by another program.
    "a name": _sql(f"UPDATE product SET name = 'Other' {ONE}"),
    "a price of text": _sql(f"UPDATE product SET price = 'dear' {ONE}"),
    "a price below nothing": _sql(f"UPDATE product SET price = -5 {ONE}"),
    "a stock of bytes": _sql(f"UPDATE product SET stock = X'00FF' {ONE}", quietly=True),
    "a status": _sql(f"UPDATE product SET status = 'lost' {ONE}"),
    "an added product": _sql("INSERT INTO product (id, created, updated) VALUES ('new', '', '')"),
    "a deleted product": _sql(f"DELETE FROM product {ONE}"),
    "a deleted photograph": _sql("DELETE FROM photo WHERE product_id = 'p4'"),
    "all products deleted": _sql("DELETE FROM photo", "DELETE FROM product"),
    # Rows, as a disk damages them.
    "attributes that are no JSON": _sql(
        f"UPDATE product SET attributes = '{{\"a' {ONE}", quietly=True
    ),
    "attributes that are a list": _sql(
        f"UPDATE product SET attributes = '[1]' {ONE}", quietly=True
    ),
    "deep attributes": _sql(f"UPDATE product SET attributes = '{'[' * 9000}' {ONE}", quietly=True),
    "a name that is no text": _sql(
        f"UPDATE product SET name = CAST(X'FFFE' AS TEXT) {ONE}", quietly=True
    ),
    "another id": _sql(f"UPDATE product SET id = 'q4' {ONE}", quietly=True),
    "a photograph of nothing": _sql("UPDATE photo SET product_id = 'x' WHERE id = 5", quietly=True),
    "a photograph elsewhere": _sql("UPDATE photo SET file = '../x.png' WHERE id = 5", quietly=True),
    "another file": _sql("UPDATE photo SET file = 'photos/xx.png' WHERE id = 5", quietly=True),
    "another sha256": _sql("UPDATE photo SET sha256 = 'ab' WHERE id = 5", quietly=True),
    "a width of text": _sql("UPDATE photo SET width = 'wide' WHERE id = 5", quietly=True),
    "a revision's number": _sql("UPDATE revision SET number = 99 WHERE number = 2"),
    "a revision's text": _sql(
        "UPDATE revision SET detail = X'FF', products = 'x' WHERE number = 2"
    ),
    "a revision is gone": _sql("DELETE FROM revision WHERE number = 5"),
    "a journal's JSON": _sql("UPDATE journal SET before = '{', after = '{' WHERE revision = 3"),
    "a journal's key": _sql("UPDATE journal SET key = 'zz' WHERE revision = 3"),
    "a journal's revision": _sql("UPDATE journal SET revision = 'x' WHERE revision = 3"),
    "no entries": _sql("DELETE FROM journal"),
    "the network": _sql("UPDATE setting SET value = 'nonsense' WHERE key = 'network'"),
    "a learnt text": _sql("UPDATE setting SET value = '{' WHERE key LIKE 'bands%'"),
    "where the journal begins": _sql("UPDATE setting SET value = 'x' WHERE key = 'journal_from'"),
    "no settings' rows": _sql("DELETE FROM setting"),
    "numbers given before": _sql("DELETE FROM sqlite_sequence"),
    "no checksums": _sql(*(f"UPDATE {t} SET sum = NULL" for t in ("product", "photo", "feature"))),
    # Features.
    "a feature of zeros": _vector(_half(0)),
    "a feature of NaN": _vector(_half(float("nan"))),
    "an endless feature": _vector(_half(float("inf"))),
    "a feature of two bytes": _vector(b"\0\0"),
    "a feature of three bytes": _vector(b"abc"),
    "an empty feature": _vector(b""),
    "a feature of text": _vector("text"),
    "a feature's type": _sql("UPDATE feature SET dtype = 'O' WHERE rowid = 1"),
    "a feature's network": _sql("UPDATE feature SET fingerprint = X'FF' WHERE rowid = 1"),
    # Files.
    "a lost photograph": _file("photos/*/*", Path.unlink),
    "an empty photograph": _file("photos/*/*", lambda p: p.write_bytes(b"")),
    "half a photograph": _file("photos/*/*", _cut),
    "a folder for a photograph": _file("photos/*/*", _folder),
    "a pipe for a photograph": _file("photos/*/*", _pipe),
    "no folder of photographs": _file("photos", lambda p: p.rename(p.parent.parent / "moved")),
    "a file for photographs": _file("photos", _moved_for_a_file),
    "half a thumbnail": _file("thumbs/*/*", _cut),
    "a file for thumbnails": _file("thumbs", _plain_file),
    "a learnt file of noise": _file("derived/*", _noise),
    "a file for what is learnt": _file("derived", _plain_file),
    "half of the saved rows": _file("neighbours-*.npy", _cut),
    "a description of noise": _file("neighbours-*.json", _noise),
    "half of the saved columns": _file("snapshot.columns", _cut),
    "columns described by noise": _file("snapshot.json", _noise),
    "half a backup": _file("backups/*.db", _cut),
    "a file for backups": _file("backups", _plain_file),
    "a file for strays": lambda f: (f / "strays").write_text("a file"),
    "a leftover": lambda f: (f / "photos" / "x.png.part").write_bytes(b"half"),
}
