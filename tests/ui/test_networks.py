"""Networks side by side: only those that have encoded everything are offered."""

from __future__ import annotations

import numpy as np
import pytest

from search import workspace
from search.engine import SearchEngine
from search.network import registry, weights
from tests.helpers import FakeExtractor


@pytest.fixture
def two_networks(shop, extractor, monkeypatch):
    """The shop encoded by its own network, and in part by another."""
    own, other = FakeExtractor(), FakeExtractor()
    own.fingerprint = weights.fingerprint(registry.get("vgg16-fashion"))
    other.fingerprint = weights.fingerprint(registry.get("resnet50-imagenet"))
    known = shop.known_features(extractor.fingerprint, [p.sha256 for p in shop.photos()])
    shop.save_features(own.fingerprint, known)
    shop.save_features(other.fingerprint, dict(list(known.items())[:5]))

    def open_engine(name=None, *, network=None, **_):
        chosen = other if network == "resnet50-imagenet" else own
        return SearchEngine(workspace.open_catalogue(name), chosen)

    monkeypatch.setattr(SearchEngine, "open", open_engine)
    return other.fingerprint, {sha: np.roll(f, 3) for sha, f in known.items()}


def captions(app) -> str:
    return "\n".join(str(caption.value) for caption in app.caption)


def test_an_incomplete_network_is_named_with_what_to_run(two_networks, open_app):
    app = open_app(product="P00")
    assert not app.exception
    assert app.selectbox(key="set_network").options == ["VGG16, trained on fashion"]
    assert "ResNet50" in captions(app)
    assert "5 of 20 photographs" in captions(app)
    assert "--network resnet50-imagenet" in captions(app)


def test_a_link_to_an_incomplete_network_uses_the_catalogues_own(two_networks, open_app):
    app = open_app(product="P00", network="resnet50-imagenet")
    assert not app.exception
    assert app.selectbox(key="set_network").value == "vgg16-fashion"


def test_a_complete_network_can_be_chosen_and_is_in_the_link(shop, two_networks, open_app):
    fingerprint, features = two_networks
    shop.save_features(fingerprint, features)
    app = open_app(product="P00")
    app = app.selectbox(key="set_network").select("resnet50-imagenet").run()
    assert not app.exception
    assert app.query_params["network"] == "resnet50-imagenet"
    assert app.selectbox(key="set_network").value == "resnet50-imagenet"
