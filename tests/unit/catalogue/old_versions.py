"""Databases as earlier versions wrote them."""

import sqlite3

SHA = "ab" + "0" * 62
VERSION_1 = f"""
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
    attributes TEXT NOT NULL DEFAULT '{{}}',
    created    TEXT NOT NULL,
    updated    TEXT NOT NULL
);
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
INSERT INTO product VALUES ('p1', 'Boot', 'shoes', 'Acme', 'black', 9900, 'EUR', NULL,
    'withdrawn', 'https://shop.example/p1', '{{"kind":"boot"}}',
    '2026-01-02T03:04:05Z', '2026-02-03T04:05:06Z');
INSERT INTO photo VALUES (7, 'p1', '{SHA}', 'photos/ab/{SHA}.jpg', 'in/boot.jpg', 640, 480);
INSERT INTO feature VALUES ('{SHA}', 'vgg16-1', 1767225600, X'0000803F00000040');
INSERT INTO revision VALUES (1, '2026-01-02T03:04:05Z', 'ann', 'import', 'first.csv', 1, 1);
INSERT INTO revision VALUES (2, '2026-02-03T04:05:06Z', 'bob', 'withdraw', '', 1, 0);
INSERT INTO setting VALUES ('network', 'vgg16');
PRAGMA application_id = 1448104753;
PRAGMA user_version = 1;
"""


def make(folder, script):
    folder.mkdir()
    connection = sqlite3.connect(folder / "catalogue.db")
    connection.executescript(script)
    connection.close()
    return folder
