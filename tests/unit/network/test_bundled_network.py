"""The bundled weights are the trained networks: Keras's own give the features they were made for.

*-check.npz hold what the trained networks, in PyTorch and in float32, made of the photographs in
checked/, ten of the demo as it was then (assets/make/train_network.py --check), their batch
normalisation folded and older weights mixed in, before they were rounded to float16.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from search import photos
from search.network import extractor, preparation, registry
from tests.helpers import ROOT

# The builder's options, how many bytes the file may have, and the least cosine in bfloat16, where
# a depthwise network's many thin layers lose more than VGG16's few thick ones.
BUNDLED: dict[str, tuple[dict[str, Any], float, float]] = {
    "vgg16-fashion": ({}, 30e6, 0.999),
    "mobilenet-fashion": ({"alpha": 0.75}, 4e6, 0.995),
}


@pytest.fixture(params=BUNDLED)
def network(request) -> registry.Network:
    return registry.get(request.param)


@pytest.fixture
def weights(network) -> Path:
    return ROOT / "assets" / "networks" / f"{network.name}.npz"


@pytest.fixture
def check(network) -> dict[str, np.ndarray]:
    with np.load(Path(__file__).with_name(f"{network.name}-check.npz"), allow_pickle=False) as file:
        return dict(file)


@pytest.fixture
def shown(check) -> list[photos.Photo]:
    return [photos.read(Path(__file__).with_name("checked") / str(name)) for name in check["files"]]


def cosines(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    lengths = np.linalg.norm(first, axis=1) * np.linalg.norm(second, axis=1)
    return (first * second).sum(axis=1) / lengths


def test_keras_own_network_gives_the_features_that_were_trained(network, weights, check, shown):
    import keras

    side = network.input_size
    model = getattr(keras.applications, network.application)(
        weights=None, include_top=False, pooling="avg", input_shape=(side, side, 3),
        **BUNDLED[network.name][0],
    )  # fmt: skip
    with np.load(weights, allow_pickle=False) as kept:
        assert json.loads(kept["__meta__"].tobytes())["input_size"] == side
        for layer in model.layers:
            if layer.weights:
                layer.set_weights([kept[f"{layer.name}/{v.name}"] for v in layer.weights])
    pixels = np.stack([preparation.prepare(photo, network) for photo in shown]).astype(np.float32)
    module = getattr(keras.applications, network.application.lower())
    found = model.predict(module.preprocess_input(pixels), verbose=0)
    assert found.shape == check["features"].shape == (10, network.feature_size)
    assert cosines(found, check["features"]).min() >= 0.999


def test_the_program_gives_them_too(network, check, shown):
    found = extractor.KerasExtractor(network.name, precision="float32").embed(shown)
    assert cosines(found, check["features"]).min() >= 0.999


def test_whatever_is_fastest_here_gives_nearly_them(network, check, shown):
    found = extractor.KerasExtractor(network.name).embed(shown)
    assert cosines(found, check["features"]).min() >= BUNDLED[network.name][2]


def test_the_file_is_small_and_free_of_pickles(network, weights):
    assert weights.stat().st_size < BUNDLED[network.name][1]
    with np.load(weights, allow_pickle=False) as kept:
        kinds = {kept[name].dtype for name in kept.files if name != "__mean__"}
    assert kinds == {np.dtype(np.float16), np.dtype(np.uint8)}
