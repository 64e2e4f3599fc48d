"""The catalogue as a map: every product at a place, similar ones near each other."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from search.catalogue import Catalogue
from search.engine import LoadedCatalogue
from search.engine.derived import load_or_make
from search.files import write_atomically
from search.network.vectors import sums_by

_NEIGHBOURHOOD = 30  # t-SNE's perplexity: about how many neighbours each place answers to
_COMPONENTS = 50  # t-SNE's authors advise PCA to 30-50 numbers first, for speed and less noise


@dataclass(frozen=True, slots=True)
class ProductMap:
    """Places of products: `products` their ids, `places` (n, 2) float32 in [0, 1]."""

    products: tuple[str, ...]
    places: NDArray[np.float32]


def product_map(catalogue: Catalogue, loaded: LoadedCatalogue) -> ProductMap:
    """Return the saved map of these products and features, or make and save a new one.

    A new one takes time. Prices, names and stock do not move a product: only photographs and
    networks make a new map.
    """
    products, features = product_features(loaded)
    key = hashlib.sha256("\n".join(products).encode() + features.tobytes()).hexdigest()
    file = catalogue.folder / f"map-{loaded.snapshot.fingerprint}.npz"
    places = load_or_make(
        load=lambda: _saved(file, key),
        make=lambda: project(features),
        save=lambda made: _save(file, key, made),
    )
    return ProductMap(products, places)


def product_features(loaded: LoadedCatalogue) -> tuple[tuple[str, ...], NDArray[np.float32]]:
    """Return the ids of the products that have a feature and their mean features (n, d).

    The means are not of unit length.
    """
    snapshot = loaded.snapshot
    products, sums = sums_by(snapshot.features, snapshot.row_product)
    counts = np.bincount(snapshot.row_product)[products].astype(np.float32)
    means: NDArray[np.float32] = sums / counts[:, None]
    return tuple(snapshot.products[i].id for i in products), means


def project(features: NDArray[np.float32]) -> NDArray[np.float32]:
    """Find places (n, 2) in [0, 1] for features (n, d): t-SNE after PCA.

    The same features always get the same places.

    Source: van der Maaten and Hinton, Visualizing Data using t-SNE, JMLR 9 (2008).
    """
    count = len(features)
    if count < 4:  # too few to have neighbourhoods: side by side
        return np.stack([(np.arange(count) + 0.5) / max(count, 1), np.full(count, 0.5)], 1).astype(
            np.float32
        )
    from sklearn.decomposition import PCA
    from sklearn.manifold import TSNE

    components = min(_COMPONENTS, count, features.shape[1])
    reduced = PCA(components, random_state=0).fit_transform(features)
    perplexity = min(_NEIGHBOURHOOD, (count - 1) / 3)
    places = TSNE(perplexity=perplexity, init="pca", random_state=0).fit_transform(reduced)
    low, high = places.min(axis=0), places.max(axis=0)
    spread: NDArray[np.float32] = ((places - low) / np.maximum(high - low, 1e-9)).astype(np.float32)
    return spread


def _save(file: Path, key: str, places: NDArray[np.float32]) -> None:
    buffer = io.BytesIO()
    np.savez(buffer, key=np.array(key), places=places)
    write_atomically(file, buffer.getvalue())


def _saved(file: Path, key: str) -> NDArray[np.float32] | None:
    try:
        with np.load(file, allow_pickle=False) as saved:
            return cast(NDArray[np.float32], saved["places"]) if saved["key"] == key else None
    except (OSError, ValueError, KeyError):  # missing, damaged or of another layout: made anew
        return None
