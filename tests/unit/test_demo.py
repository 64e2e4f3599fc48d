"""The embedded demo catalogue agrees with its table, its photographs and the bundled network."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from search import money, photos, workspace
from search.engine import Options, Query, SearchEngine, colours, own_network
from search.engine.learning import photograph_bands_of
from search.engine.no_match import saved_classifier
from search.insight.health import health
from search.network import registry, weights
from search.network.extractor import KerasExtractor
from search.photos.palette import colour_histogram


@pytest.fixture
def demo(home: Path):
    catalogue = workspace.open_catalogue()
    yield catalogue
    catalogue.close()


def rows(name: str) -> list[dict[str, str]]:
    with (workspace.DEMO / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_its_rows_are_the_tables(demo):
    products = {p.id: p for p in demo.products()}
    table = rows("products.csv")
    assert [row["id"] for row in table] == sorted(products)
    assert len(table) >= 600
    for row in table:
        p = products[row["id"]]
        assert (p.name, p.category, p.brand, p.colour) == (
            row["name"],
            row["category"],
            row["brand"],
            row["colour"],
        )
        assert money.decimal_text(p.price, p.currency) == row["price"]
        assert (str(p.stock), p.status) == (row["stock"], row["status"])
        for name in ("kind", "pattern", "material", "design"):
            assert p.attributes.get(name, "") == row[name]


def test_its_photographs_are_the_files(demo):
    stored = {photo.source: photo.sha256 for photo in demo.photos()}
    files = {row["file"] for row in rows("products.csv")}
    assert set(stored) == files
    for source, sha256 in stored.items():
        assert hashlib.sha256((workspace.DEMO / source).read_bytes()).hexdigest() == sha256


@pytest.mark.parametrize("network", [registry.DEFAULT_NETWORK, "vgg16-fashion"])
def test_its_features_are_the_bundled_networks(demo, network):
    extractor = KerasExtractor(network)
    snapshot = demo.snapshot(extractor.fingerprint)
    assert len(snapshot.photo_ids) == len(snapshot.photos)
    some = list(range(0, len(snapshot.photos), len(snapshot.photos) // 12))
    features = extractor.embed([photos.read(demo.path(snapshot.photos[n])) for n in some])
    cosines = np.sum(features * snapshot.features[some], axis=1)
    assert cosines.min() >= 0.999


def test_its_colours_are_those_of_its_photographs(demo):
    stored = {photo.sha256: demo.path(photo) for photo in demo.photos()}
    saved = demo.known_features(colours.FINGERPRINT, stored)
    assert set(saved) == set(stored)
    for sha256 in sorted(stored)[::40]:
        seen = colour_histogram(photos.read(stored[sha256]).image)
        assert float(seen @ saved[sha256]) > 0.97


@pytest.mark.parametrize("network", [registry.DEFAULT_NETWORK, "vgg16-fashion"])
def test_what_is_learnt_of_photographs_comes_with_it(demo, network):
    fingerprint = weights.fingerprint(registry.get(network))
    assert photograph_bands_of(demo, fingerprint) is not None
    assert saved_classifier(demo, fingerprint) is not None


def test_it_is_searched_with_the_default_network(demo):
    assert demo.setting("network") == own_network(demo) == registry.DEFAULT_NETWORK


@pytest.mark.parametrize("network", [registry.DEFAULT_NETWORK, "vgg16-fashion"])
def test_doubtful_categories_are_the_planted_mistakes(demo, network):
    """Those are all the mistakes there are; suggestions but for them are wrong."""
    planted = {row["product"]: row["true category"] for row in rows("mislabelled.csv")}
    snapshot = demo.snapshot(weights.fingerprint(registry.get(network)))
    issues = [issue for issue in health(snapshot) if issue.kind == "other category"]
    wrong = [i for i in issues if planted.get(i.product.id) != i.suggestion]
    assert len(issues) - len(wrong) >= len(planted) - 1
    assert len(wrong) <= 1


def test_samples_are_of_ten_kinds_and_found_in_the_first_row(demo):
    products = {product.id: product for product in demo.products()}
    shown = {Path(row["file"]).name: row["product"] for row in rows("customers.csv")}
    samples = json.loads(demo.setting(workspace.SAMPLES))
    assert len({products[shown[name]].attributes["kind"] for name in samples}) == 10
    assert len(samples) == 10
    engine = SearchEngine.open()
    for name in samples:
        product = products[shown[name]]
        assert product.active, name
        assert product.in_stock, name
        result = engine.search(Query((workspace.DEMO / "customers" / name,)), options=Options(k=4))
        assert product.id in {hit.product.id for hit in result.hits}, name
        assert not result.nothing_similar, name
        assert result.looks_like in (None, product.category), name


def test_customers_photographs_show_products_that_are_there(demo):
    products = {p.id for p in demo.products()}
    customers = rows("customers.csv")
    assert len(customers) >= 100
    for row in customers:
        assert row["product"] in products
        photos.read(workspace.DEMO / row["file"])
