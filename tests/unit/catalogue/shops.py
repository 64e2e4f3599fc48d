"""Small catalogues to damage, back up and bring back."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from search.catalogue import Product


def rename(catalogue, id, name):
    with catalogue.change("ann", "edit") as change:
        change.update(id, name=name)


def products(file):
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        return dict(connection.execute("SELECT id, name FROM product"))


def fill(catalogue, count):
    with catalogue.change("ann", "import") as change:
        for number in range(count):
            change.put(Product(f"p{number}"))
