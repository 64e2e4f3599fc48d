"""The bundled weights are the trained network: a plain VGG16 gives the features it was trained for.

vgg16-fashion-check.npz holds what the trained network, in PyTorch and in float32, made of ten of
the demo's photographs (assets/make/train_network.py --check): before its batch normalisation is
folded, or, where older weights are mixed in as with the present ones, after both.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from search import photos, workspace
from search.network import extractor, preparation, registry
from tests.helpers import ROOT

CHECK = Path(__file__).with_name("vgg16-fashion-check.npz")
WEIGHTS = ROOT / "assets" / "networks" / "vgg16-fashion.npz"


@pytest.fixture(scope="module")
def trained() -> np.ndarray:
    with np.load(CHECK, allow_pickle=False) as check:
        return check["features"]


@pytest.fixture(scope="module")
def shown() -> list[photos.Photo]:
    with np.load(CHECK, allow_pickle=False) as check:
        return [photos.read(workspace.DEMO / "photos" / str(name)) for name in check["files"]]


def cosines(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    lengths = np.linalg.norm(first, axis=1) * np.linalg.norm(second, axis=1)
    return (first * second).sum(axis=1) / lengths


def test_keras_own_vgg16_gives_the_features_that_were_trained(trained, shown):
    import keras

    network = registry.get("vgg16-fashion")
    side = network.input_size
    vgg16 = keras.applications.VGG16(
        weights=None, include_top=False, pooling="avg", input_shape=(side, side, 3)
    )
    with np.load(WEIGHTS, allow_pickle=False) as kept:
        assert json.loads(kept["__meta__"].tobytes())["input_size"] == side
        for layer in vgg16.layers:
            if layer.weights:
                layer.set_weights([kept[f"{layer.name}/{part}"] for part in ("kernel", "bias")])
    pixels = np.stack([preparation.prepare(photo, network) for photo in shown]).astype(np.float32)
    found = vgg16.predict(keras.applications.vgg16.preprocess_input(pixels), verbose=0)
    assert found.shape == trained.shape == (10, 512)
    assert cosines(found, trained).min() >= 0.999


def test_the_program_gives_them_too(trained, shown):
    assert cosines(extractor.KerasExtractor().embed(shown), trained).min() >= 0.999


def test_the_file_is_small_and_free_of_pickles():
    assert WEIGHTS.stat().st_size < 30e6
    with np.load(WEIGHTS, allow_pickle=False) as kept:
        kinds = {kept[name].dtype for name in kept.files}
    assert kinds == {np.dtype(np.float16), np.dtype(np.uint8)}
