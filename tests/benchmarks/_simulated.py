"""Features as the bundled network gives them, as many as wanted, and products to them.

The mean and the covariance of the demo's own features are taken, and rows are drawn from the normal
distribution that has both: in the basis of the covariance's eigenvectors, each number with the
spread of its eigenvalue. Then they are brought to length 1. Drawn so, rows are hardly ever nearly
alike, which a shop's photographs are (colours and sizes of one thing, photographed alike): so as
large a share of the rows as in the demo lies beside an earlier one, as far from it as the demo's
near-duplicates are from each other (median cosine). What is near what decides how hard it is to
find the ten nearest; that real photographs lie in clusters of other kinds too is not simulated.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from search import workspace
from search.catalogue import Catalogue, Product
from search.network import registry, weights

FINGERPRINT = "simulated-000000000000"
NEAR = 0.98  # cosine of the demo's near-duplicates, at least
CHUNK = 4096


@dataclass(frozen=True)
class Spectrum:
    """What is taken of the demo: the mean (d,), the basis (r, d) and what rows lie beside others.

    `share` of the rows are near-duplicates, of this `cosine` with another row. `products` are the
    demo's, whose names and categories are given on.
    """

    mean: np.ndarray
    basis: np.ndarray
    share: float
    cosine: float
    products: tuple[Product, ...]

    @classmethod
    def of_demo(cls) -> Spectrum:
        """Take them from the demo catalogue, whose features come with it."""
        before = os.environ.get("SEARCH_HOME")
        with tempfile.TemporaryDirectory() as home:
            os.environ["SEARCH_HOME"] = home
            try:
                fingerprint = weights.fingerprint(registry.get(registry.DEFAULT_NETWORK))
                with workspace.open_catalogue("demo") as catalogue:
                    demo = catalogue.snapshot(fingerprint)
            finally:
                os.environ.pop("SEARCH_HOME")
                if before is not None:
                    os.environ["SEARCH_HOME"] = before
        rows = demo.features.astype(np.float64)
        mean = rows.mean(axis=0)
        _, spread, vectors = np.linalg.svd(rows - mean, full_matrices=False)
        basis = vectors * (spread / np.sqrt(len(rows) - 1))[:, None]
        scores = rows @ rows.T
        np.fill_diagonal(scores, -1)
        nearest = scores.max(axis=1)
        near = nearest[nearest >= NEAR]
        cosine = float(np.median(near)) if len(near) else 1.0
        return cls(
            mean.astype(np.float32),
            basis.astype(np.float32),
            len(near) / len(rows),
            cosine,
            demo.products,
        )

    @property
    def size(self) -> int:
        """Numbers in a feature."""
        return len(self.mean)

    def chunks(self, count: int, seed: int = 0) -> Iterator[np.ndarray]:
        """Draw so many unit rows, some (b, d) float32 at a time; the same for the same seed."""
        for n, start in enumerate(range(0, count, CHUNK)):
            yield self._drawn(min(CHUNK, count - start), np.random.default_rng((seed, n)))

    def _drawn(self, count: int, rng: np.random.Generator) -> np.ndarray:
        numbers = rng.standard_normal((count, len(self.basis)), np.float32)
        rows = _unit(numbers @ self.basis + self.mean)
        beside = np.flatnonzero(rng.random(count) < self.share)
        beside = beside[beside > 0]
        if len(beside):
            like = rows[(beside * rng.random(len(beside))).astype(np.int64)]
            away = rng.standard_normal((len(beside), len(self.basis)), np.float32) @ self.basis
            away = _unit(away - (away * like).sum(axis=1, keepdims=True) * like)
            rows[beside] = _unit(like + np.sqrt(1 / self.cosine**2 - 1) * away)
        return rows

    def product(self, n: int) -> Product:
        """Give the n-th product: one of the demo's under another name and at another price.

        A tenth of all cost 10.00 at most.
        """
        like = self.products[n % len(self.products)]
        price = 1 + n * 7919 % 10_000
        return replace(
            like.regular(), id=f"L{n:07}", name=f"{like.name} {n}", price=price, currency="EUR",
            stock=None, status="active", url="", item_group="", sale_price=None, sale_from="",
            sale_until="",
        )  # fmt: skip


def fill(catalogue: Catalogue, spectrum: Spectrum, count: int) -> None:
    """Put products in a catalogue, each with the row of a photograph and its feature."""
    done = 0
    for rows in spectrum.chunks(count):
        with catalogue.change("benchmark", "import") as change:
            features = {}
            for row in rows:
                put(change, spectrum.product(done), sha(done))
                features[sha(done)] = row
                done += 1
            change.save_features(FINGERPRINT, features)


def put(change, product: Product, sha256: str) -> None:
    """Put a product with a photograph whose file is not needed here."""
    change.put(product)
    change._execute(
        "INSERT INTO photo (product_id, sha256, file, source, width, height)"
        " VALUES (?, ?, ?, ?, 800, 800)",
        (product.id, sha256, f"photos/{sha256[:2]}/{sha256}.jpg", f"shop/{product.id}.jpg"),
    )


def sha(n: int) -> str:
    """Name the n-th photograph."""
    return hashlib.sha256(str(n).encode()).hexdigest()


def _unit(rows: np.ndarray) -> np.ndarray:
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def size_of(folder: Path) -> int:
    """Give the bytes of the files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
