"""Networks side by side: those that have encoded everything, and their answers to one query."""

from __future__ import annotations

import re

import numpy as np
import pytest

from search import workspace
from search.engine import SearchEngine
from search.network import registry, weights
from tests.helpers import FakeExtractor
from tests.ui.app import tiles, words


@pytest.fixture
def two_networks(shop, extractor, monkeypatch):
    """The shop encoded by its own network, and in part by another."""
    own, other = FakeExtractor(), FakeExtractor()
    own.network, other.network = (registry.get(n) for n in ("vgg16-fashion", "resnet50-imagenet"))
    own.fingerprint, other.fingerprint = map(weights.fingerprint, (own.network, other.network))
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
    shop.save_features(*two_networks)
    app = open_app(product="P00")
    app = app.selectbox(key="set_network").select("resnet50-imagenet").run()
    assert not app.exception
    assert app.query_params["network"] == "resnet50-imagenet"
    assert app.selectbox(key="set_network").value == "resnet50-imagenet"


def test_one_network_alone_has_no_switch(two_networks, open_app):
    app = open_app(product="P00")
    assert not app.exception
    assert "set_beside" not in [toggle.key for toggle in app.toggle]
    assert "set_network_here" not in [each.key for each in app.segmented_control]


def test_the_switch_beside_the_query_changes_the_answer_and_the_link(shop, two_networks, open_app):
    shop.save_features(*two_networks)
    app = open_app(product="P00")
    before = tiles(app)
    app = app.segmented_control(key="set_network_here").set_value("resnet50-imagenet").run()
    assert not app.exception
    assert app.query_params["network"] == "resnet50-imagenet"
    assert app.selectbox(key="set_network").value == "resnet50-imagenet"
    assert set(tiles(app)) != set(before) or tiles(app) != before


def test_both_answers_side_by_side_say_what_each_costs(shop, two_networks, open_app):
    shop.save_features(*two_networks)
    app = open_app(product="P00")
    app = app.toggle(key="set_beside").set_value(True).run()
    assert not app.exception
    assert app.query_params["beside"] == "resnet50-imagenet"
    shown = words(app)
    assert "### VGG16, trained on fashion" in shown
    assert "### ResNet50, ImageNet" in shown
    assert "of the first 6 are found by both networks" in shown
    assert "nothing to encode · 512 numbers a feature" in shown
    assert "2,048 numbers a feature · 0.0 MB on disk" in shown
    assert len([m for m in app.markdown if re.search("other|same place", m.value)]) == 12


def test_a_link_opens_the_comparison_and_switching_keeps_it(shop, two_networks, open_app):
    shop.save_features(*two_networks)
    app = open_app(product="P00", beside="resnet50-imagenet", network="resnet50-imagenet")
    assert not app.exception
    headings = [str(m.value) for m in app.markdown if str(m.value).startswith("### ")]
    assert headings == ["### ResNet50, ImageNet", "### VGG16, trained on fashion"]


def test_a_link_to_a_comparison_with_an_incomplete_network_shows_one_answer(two_networks, open_app):
    app = open_app(product="P00", beside="resnet50-imagenet")
    assert not app.exception
    assert "both networks" not in words(app)
    assert tiles(app)
