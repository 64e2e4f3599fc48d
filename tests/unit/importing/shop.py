"""A catalogue to import into, and what is imported."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from search.catalogue import Catalogue, Product
from search.importing.apply import ImportResult, apply_import
from search.importing.plan import ImportPlan, plan_import
from tests.helpers import FakeExtractor, draw, encode


def undated(product: Product) -> Product:
    return dataclasses.replace(product, created="", updated="")


class Shop:
    """A catalogue, an extractor that counts, and imports into them."""

    def __init__(self, catalogue: Catalogue, extractor: FakeExtractor) -> None:
        self.catalogue, self.extractor = catalogue, extractor

    def plan(
        self, table: str | bytes | None = None, photos: object = None, **options
    ) -> ImportPlan:
        data = table.encode() if isinstance(table, str) else table
        return plan_import(
            self.catalogue, self.extractor.fingerprint, table=data, photos=photos, **options
        )

    def apply(self, plan: ImportPlan, **options) -> ImportResult:
        return apply_import(self.catalogue, self.extractor, plan, actor="Ann", **options)

    def load(self, table: str | bytes | None = None, photos: object = None) -> ImportResult:
        return self.apply(self.plan(table, photos))

    def state(self) -> tuple:
        """All that an import may change."""
        products = [
            dataclasses.replace(p, created="", updated="") for p in self.catalogue.products()
        ]
        return products, [(p.product_id, p.sha256) for p in self.catalogue.photos()]


def uploads(*names: str) -> dict[str, bytes]:
    return {name: encode(draw(name)) for name in names}


def fill(folder: Path, *names: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).write_bytes(encode(draw(name)))
    return folder
