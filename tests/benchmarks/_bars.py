"""The network's own figures beside what is wanted of each bundled network."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from assets.make.training.held_out import is_held_out
from search import photos
from search.catalogue import Product
from search.insight import evaluation
from search.network.extractor import NetworkExtractor
from tests.helpers import ROOT, SHARED

WANTED = {
    "fashion": {"design": 0.72, "shoes": 0.90, "shop": 0.76},
    "mobilenet-fashion": {"design": 0.751, "shoes": 0.883, "shop": 0.70},
}
_BATCH = 64


def bars(products: Sequence[Product], features: np.ndarray, extractor: NetworkExtractor) -> None:
    """Print designs of the demo, and kinds of shoes and of held-out shop products where at hand."""
    wanted = WANTED.get(extractor.network.name, {})
    print("\nThe network, by leave-one-out")
    designs = [product.attributes["design"] for product in products]
    found_first = evaluation.leave_one_out(features, designs).precision_at_1
    _line("demo, designs in any colour, P@1", found_first, wanted.get("design"))
    for name, title, found in (
        ("shoes", "the client's shoes by kind, P@8", shoes()),
        ("shop", "held-out shop products by type, P@8", shop()),
    ):
        if found is None:
            print(f"  {title}: not measured, the photographs are not at hand")
            continue
        sources, labels = found
        rows = np.concatenate(
            [
                extractor.embed([photos.read(each) for each in sources[n : n + _BATCH]])
                for n in range(0, len(sources), _BATCH)
            ]
        )
        _line(title, _precision(rows, labels), wanted.get(name))


def _precision(rows: np.ndarray, labels: Sequence[str]) -> evaluation.Figure:
    """Give P@8 over all rows; one whose label nothing else has counts as 0."""
    scores = rows @ rows.T
    np.fill_diagonal(scores, -np.inf)
    nearest, named = np.argsort(-scores, axis=1)[:, :8], np.array(labels)
    relevant = named[nearest] == named[:, None]
    return evaluation.interval(evaluation.precision_at(relevant, 8))


def _line(title: str, figure: evaluation.Figure, least: float | None) -> None:
    bar = ""
    if least is not None:
        held = "held" if figure.mean >= least else f"MISSED by {least - figure.mean:.3f}"
        bar = f" (at least {least}: {held})"
    print(f"  {title}: {figure}{bar}")


def shoes() -> tuple[Sequence[Path | bytes], Sequence[str]] | None:
    folder = SHARED / "photos" / "footwear"
    if not folder.is_dir():
        return None
    return evaluation.labelled(ROOT / "tests" / "benchmarks" / "footwear.csv", folder)


def shop() -> tuple[Sequence[Path | bytes], Sequence[str]] | None:
    folder = SHARED / "training"
    if not (folder / "products.csv").is_file():
        return None
    archives = [zipfile.ZipFile(path) for path in sorted(folder.glob("products*.zip"))]
    place = {name: archive for archive in archives for name in archive.namelist()}
    with (folder / "products.csv").open(encoding="utf-8-sig", newline="") as text:
        rows = [
            row
            for row in csv.DictReader(text)
            if is_held_out(row["file"]) and row["article_type"] and row["file"] in place
        ]
    sources = [place[row["file"]].read(row["file"]) for row in rows]
    return sources, [row["article_type"] for row in rows]
