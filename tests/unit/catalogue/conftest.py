from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from search import photos
from search.catalogue import Catalogue, Product
from search.photos import Photo


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    with Catalogue(tmp_path / "shoes") as opened:
        yield opened


@pytest.fixture
def photo(picture: Callable[..., bytes]) -> Callable[[int | str], Photo]:
    """A drawn photograph, by seed."""
    return lambda seed: photos.read(picture(seed))


@pytest.fixture
def stocked(catalogue: Catalogue, photo: Callable[[int | str], Photo]) -> Catalogue:
    """Three products with a photograph and a feature each."""
    with catalogue.change("ann", "import") as change:
        for id in "abc":
            change.put(Product(id))
            change.add_photo(id, photo(id), source=f"shots/{id}.png")
    features = {photo(id).sha256: np.ones(3, np.float32) for id in "abc"}
    catalogue.save_features("f", features)
    catalogue.backups()  # the first is finished
    return catalogue
