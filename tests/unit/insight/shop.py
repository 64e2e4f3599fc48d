"""Catalogues whose features are angles, to compare with themselves."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from search.catalogue import CataloguePhoto, Product, Snapshot


def at(degrees: float) -> np.ndarray:
    """A unit feature (2,): the cosine of two is that of the angle between them."""
    return np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))], np.float32)


def snapshot(
    products: Sequence[Product],
    features: Sequence[np.ndarray],
    owners: Sequence[str] | None = None,
    shas: Sequence[str] | None = None,
) -> Snapshot:
    """One photograph for each feature, of the products in order unless `owners` says otherwise."""
    owners = [product.id for product in products] if owners is None else owners
    photos = tuple(
        CataloguePhoto(n + 1, owner, shas[n] if shas else f"{n:064}", f"{n}.jpg", f"{n}.jpg", 9, 9)
        for n, owner in enumerate(owners)
    )
    rows = np.stack(features) if features else np.empty((0, 0), np.float32)
    ordered = tuple(sorted(products, key=lambda product: product.id))
    return Snapshot(1, "fake-0", ordered, photos, np.arange(1, len(owners) + 1), rows)


def product(id: str, price: int | None = 10_000, **fields) -> Product:
    return Product(id, price=price, **{"currency": "EUR" if price is not None else "", **fields})
