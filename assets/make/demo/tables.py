"""The catalogue's rows, what was planted among them, and the CSV files they are written to."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from .spec import Spec


@dataclass(frozen=True, slots=True)
class Product:
    """One row of the catalogue with what renders it."""

    spec: Spec
    name: str
    category: str
    kind: str
    brand: str
    colour: str
    price: float | None
    stock: int
    status: str
    design: str
    view_seed: int

    @property
    def id(self) -> str:
        """The product's id, which is the spec's."""
        return self.spec.id


@dataclass(frozen=True, slots=True)
class Role:
    """A product's part in a planted group: dearer, cheaper or duplicate."""

    group: str
    product: str
    role: str


@dataclass(frozen=True, slots=True)
class Mislabelled:
    """A product that the catalogue lists in a wrong category."""

    product: str
    planted: str
    true: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All products and the ground truth about what was planted."""

    products: tuple[Product, ...]
    roles: tuple[Role, ...]
    mislabelled: tuple[Mislabelled, ...]


def write(drawn: Catalogue, folder: Path) -> None:
    """Write products.csv, lookalikes.csv and mislabelled.csv."""
    head = "id name category kind brand colour pattern material price currency stock status design"
    _table(
        folder / "products.csv",
        [*head.split(), "file"],
        (
            (
                p.id, p.name, p.category, p.kind, p.brand, p.colour, p.spec.pattern,
                p.spec.material, "" if p.price is None else f"{p.price:.2f}", "EUR", p.stock,
                p.status, p.design, f"photos/{p.id}.jpg",
            )
            for p in drawn.products
        ),
    )  # fmt: skip
    _table(
        folder / "lookalikes.csv",
        ["group", "product", "role"],
        ((r.group, r.product, r.role) for r in drawn.roles),
    )
    _table(
        folder / "mislabelled.csv",
        ["product", "planted category", "true category"],
        ((m.product, m.planted, m.true) for m in drawn.mislabelled),
    )


def _table(path: Path, head: list[str], rows: Iterable[Iterable[object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(head)
        table.writerows(rows)
