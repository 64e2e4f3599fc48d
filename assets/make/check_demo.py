"""Check the demo catalogue against what it promises: files, sizes, prices, planted groups.

    python assets/make/check_demo.py [FOLDER]

Needs nothing but Pillow; exits with 1 and one line a fault.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from PIL import Image

CATEGORIES = {"footwear", "tops", "outerwear", "bottoms", "dresses", "bags", "hats"}
PHOTO_SIZE = (448, 448)
MEAN_BYTES = 40_000
ALL_BYTES = 30_000_000


def faults(folder: Path) -> list[str]:
    """Everything that is wrong with the catalogue in `folder`, in sentences."""
    products = _rows(folder / "products.csv")
    by_id = {row["id"]: row for row in products}
    found = list(_rows_at_fault(products))
    found += _files_at_fault(folder, "photos", [row["file"] for row in products])
    shots = _rows(folder / "customers.csv")
    found += _files_at_fault(folder, "customers", [row["file"] for row in shots])
    found += [
        f"{row['file']} shows {row['product']}, which is not in products.csv."
        for row in shots
        if row["product"] not in by_id
    ]
    found += _customers_at_fault(shots, by_id)
    found += _photos_at_fault(folder)
    found += _groups_at_fault(_rows(folder / "lookalikes.csv"), by_id)
    for row in _rows(folder / "mislabelled.csv"):
        if by_id[row["product"]]["category"] != row["planted category"]:
            found.append(f"{row['product']} is not listed in {row['planted category']}.")
    return found


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _rows_at_fault(products: list[dict[str, str]]) -> Iterator[str]:
    if len(products) < 600:
        yield f"{len(products)} products; at least 600 are wanted."
    patterned = sum(row["pattern"] != "plain" for row in products)
    if patterned < 0.4 * len(products):
        yield f"{patterned} products are not plain; at least 40% are wanted."
    if len({row["id"] for row in products}) != len(products):
        yield "An id appears twice."
    for row in products:
        if row["category"] not in CATEGORIES:
            yield f"{row['id']}: no such category as {row['category']}."
        if row["price"] and not re.fullmatch(r"\d+\.\d\d", row["price"]):
            yield f"{row['id']}: {row['price']} is no price."
        if row["status"] not in {"active", "withdrawn"} or not row["stock"].isdigit():
            yield f"{row['id']}: status {row['status']}, stock {row['stock']}."


def _files_at_fault(folder: Path, place: str, listed: list[str]) -> Iterator[str]:
    there = {f"{place}/{path.name}" for path in (folder / place).iterdir()}
    for name in sorted(set(listed) - there):
        yield f"{name} is listed but not there."
    for name in sorted(there - set(listed)):
        yield f"{name} is there but not listed."


def _customers_at_fault(
    shots: list[dict[str, str]], by_id: dict[str, dict[str, str]]
) -> Iterator[str]:
    if len(shots) < 100:
        yield f"{len(shots)} customers' photographs; at least 100 are wanted."
    shown = Counter(by_id[row["product"]]["kind"] for row in shots if row["product"] in by_id)
    for kind in sorted({row["kind"] for row in by_id.values()}):
        if shown[kind] < 4:
            yield f"{shown[kind]} customers' photographs of {kind}; at least 4 are wanted."


def _photos_at_fault(folder: Path) -> Iterator[str]:
    photos = sorted((folder / "photos").glob("*.jpg"))
    for path in photos:
        with Image.open(path) as photo:
            if photo.size != PHOTO_SIZE:
                yield f"{path.name} is {photo.size[0]}x{photo.size[1]}."
    mean = sum(path.stat().st_size for path in photos) / max(len(photos), 1)
    if mean > MEAN_BYTES:
        yield f"A photograph has {mean:.0f} bytes on average."
    whole = sum(path.stat().st_size for path in folder.rglob("*.jpg"))
    if whole > ALL_BYTES:
        yield f"All photographs together have {whole} bytes."


def _groups_at_fault(
    roles: list[dict[str, str]], by_id: dict[str, dict[str, str]]
) -> Iterator[str]:
    groups: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in roles:
        groups[row["group"]].append(row)
    dearer = 0
    for name, members in groups.items():
        leaders = [by_id[row["product"]] for row in members if row["role"] == "dearer"]
        cheaper = [by_id[row["product"]] for row in members if row["role"] == "cheaper"]
        dearer += len(leaders)
        for leader in leaders:
            for row in cheaper:
                if Decimal(row["price"]) > Decimal("0.7") * Decimal(leader["price"]):
                    yield f"{name}: {row['id']} is not 30% cheaper than {leader['id']}."
                if row["brand"] == leader["brand"]:
                    yield f"{name}: {row['id']} and {leader['id']} are of one brand."
        twins = [by_id[row["product"]]["price"] for row in members if row["role"] == "duplicate"]
        if twins and len(set(twins)) < 2:
            yield f"{name}: duplicates under one price."
    if dearer < 40:
        yield f"{dearer} groups of look-alikes; at least 40 are wanted."


if __name__ == "__main__":
    here = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent / "demo"
    lines = faults(here)
    print("\n".join(lines) or "The demo catalogue is whole.")
    sys.exit(1 if lines else 0)
