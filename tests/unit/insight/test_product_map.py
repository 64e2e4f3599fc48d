from __future__ import annotations

import numpy as np
import pytest

from search import photos
from search.catalogue import Catalogue, Product
from search.engine import SearchEngine
from search.insight import product_map as product_maps
from search.insight.product_map import product_map, project


def clusters(count: int, rng: np.random.Generator) -> np.ndarray:
    """Three groups of features, far apart; row n is of group n % 3."""
    centres = np.eye(3, 24) * 5
    return (centres[np.arange(count) % 3] + rng.normal(0, 0.1, (count, 24))).astype(np.float32)


def test_similar_products_lie_close_together():
    places = project(clusters(90, np.random.default_rng(1)))
    assert places.shape == (90, 2)
    assert places.min() == 0
    assert places.max() == 1
    group = np.arange(90) % 3
    distance = np.linalg.norm(places[:, None] - places[None], axis=2) + 9 * np.eye(90)
    assert (group[distance.argmin(axis=1)] == group).all()


def test_the_same_features_give_the_same_map():
    features = clusters(30, np.random.default_rng(2))
    assert (project(features) == project(features)).all()


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 5])
def test_few_products_have_places_too(count):
    places = project(clusters(count, np.random.default_rng(3)))
    assert places.shape == (count, 2)
    assert ((places >= 0) & (places <= 1)).all()
    assert len({tuple(place) for place in places}) == count


@pytest.fixture
def catalogue(home, extractor, picture):
    opened = Catalogue(home / "shop")
    features = {}
    with opened.change("test", "fill") as change:
        for n in range(8):
            change.put(Product(f"P{n}"))
            for view in range(1 + n % 2):
                photo = photos.read(picture(f"{n}-{view}"))
                change.add_photo(f"P{n}", photo)
                features[photo.sha256] = extractor.embed([photo])[0]
    opened.save_features(extractor.fingerprint, features)
    yield opened
    opened.close()


def test_the_map_is_fitted_once_until_a_photograph_changes(
    catalogue, extractor, picture, monkeypatch
):
    fits = []
    monkeypatch.setattr(product_maps, "project", lambda f: fits.append(len(f)) or project(f))

    def read():
        return product_map(catalogue, SearchEngine(catalogue, extractor).loaded())

    first = read()
    assert first.products == tuple(f"P{n}" for n in range(8))
    with catalogue.change("test", "price") as change:
        change.update("P1", price=100, currency="EUR")
    assert (read().places == first.places).all()
    assert fits == [8]
    next(catalogue.folder.glob("map-*")).write_bytes(b"damaged")
    assert (read().places == first.places).all()
    photo = photos.read(picture("another"))
    catalogue.save_features(extractor.fingerprint, {photo.sha256: extractor.embed([photo])[0]})
    with catalogue.change("test", "add") as change:
        change.put(Product("Q"))
        change.add_photo("Q", photo)
    assert "Q" in read().products
    assert fits == [8, 8, 9]


def test_a_map_that_cannot_be_saved_is_drawn_all_the_same(catalogue, extractor, monkeypatch):
    def refuse(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(product_maps, "write_atomically", refuse)
    loaded = SearchEngine(catalogue, extractor).loaded()
    assert len(product_map(catalogue, loaded).products) == 8
    assert not list(catalogue.folder.glob("map-*"))
