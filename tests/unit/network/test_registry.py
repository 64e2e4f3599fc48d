"""The registry of networks, their fingerprints and their weights."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from search import photos
from search.errors import NetworkError
from search.network import official, preparation, registry, weights
from tests.helpers import ROOT, draw, encode

IMAGENET = [name for name, network in registry.NETWORKS.items() if network.weights == "imagenet"]


@pytest.fixture(autouse=True)
def keras_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache of Keras's, and nobody to download from."""

    def refuse(*_: object, **__: object) -> None:
        raise urllib.error.URLError("no network in tests")

    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setattr(urllib.request, "urlopen", refuse)
    (tmp_path / "keras" / "models").mkdir(parents=True)
    return tmp_path / "keras"


@pytest.fixture(scope="session")
def small():
    """MobileNetV2 at 64 pixels, quick to build."""
    return replace(registry.get("mobilenetv2-imagenet"), input_size=64)


@pytest.fixture(scope="session")
def random_model(small):
    return weights.build(small)


# Keras's own saving meets a newer numpy.
saving = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


def official_file(name: str) -> official.OfficialFile:
    return official.OFFICIAL[registry.get(name).application]


def npz_of(model, path: Path, **extra: np.ndarray) -> Path:
    arrays = {f"{la.name}/{v.name}": v.numpy() for la in model.layers for v in la.weights}
    np.savez(path, **{**arrays, **extra})
    return path


def meta(**fields: object) -> np.ndarray:
    import json

    return np.frombuffer(json.dumps(fields).encode(), np.uint8)


def test_the_registry_is_read_without_tensorflow_or_streamlit():
    code = (
        "import sys; from search.network import extractor, registry, weights;"
        "weights.fingerprint(registry.get('vgg16-fashion'));"
        "sys.exit(bool({'tensorflow', 'keras', 'streamlit'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_an_unknown_network_is_answered_with_the_known_ones():
    with pytest.raises(NetworkError) as refused:
        registry.get("vgg19")
    assert all(name in str(refused.value) for name in registry.NETWORKS)


def test_the_bundled_network_is_described_by_its_own_file(tmp_path, monkeypatch):
    described = meta(
        input_size=160, resize="squash", preprocess="caffe", feature_size=512, pooling="avg"
    )
    np.savez(tmp_path / "other.npz", __meta__=described)
    monkeypatch.setattr(registry, "_ASSETS", tmp_path)
    network = registry._bundled("other", "Other", "VGG16")
    assert (network.input_size, network.resize, network.feature_size) == (160, "squash", 512)


def test_a_damaged_bundled_file_leaves_the_other_networks(tmp_path, monkeypatch):
    (tmp_path / "vgg16-fashion.npz").write_bytes(b"PK\x03\x04 no longer a file")
    monkeypatch.setattr(registry, "_ASSETS", tmp_path)
    assert registry._bundled("vgg16-fashion", "", "VGG16") is None
    network = registry.get("vgg16-fashion")
    with pytest.raises(NetworkError, match="damaged"):
        weights.load(network)


@pytest.mark.parametrize("gone", ["vgg16-fashion", "mobilenet-fashion"])
def test_what_is_missing_of_the_joined_network_is_named(gone, monkeypatch):
    left = {name: n for name, n in registry.NETWORKS.items() if name not in ("fashion", gone)}
    monkeypatch.setattr(registry, "NETWORKS", left)
    for name in ("fashion", gone):
        with pytest.raises(NetworkError, match=rf"{gone}\.npz is missing or damaged; install"):
            registry.get(name)


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (["vgg16-fashion", "mobilenet-fashion"], "fashion"),
        (["vgg16-fashion"], "vgg16-fashion"),
        ([], "vgg16-fashion"),
    ],
)
def test_the_default_is_both_networks_or_the_first_alone(files, expected, tmp_path):
    folder = tmp_path / "assets" / "networks"
    folder.mkdir(parents=True)
    for name in files:
        (folder / f"{name}.npz").symlink_to(registry.bundled_file(name))
    shutil.copytree(ROOT / "search", tmp_path / "search", ignore=shutil.ignore_patterns("__pyc*"))
    code = "from search.network import registry; print(registry.DEFAULT_NETWORK)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    assert done.stdout.strip() == expected


def test_a_fingerprint_differs_when_anything_differs(tmp_path):
    network = registry.get("vgg16-fashion")
    file = tmp_path / "w.npz"
    file.write_bytes(b"some weights")
    seen = {weights.fingerprint(network), weights.fingerprint(network, file)}
    seen |= {
        weights.fingerprint(replace(network, **{field: value}))
        for field, value in {
            "name": "another",
            "input_size": 97,
            "feature_size": 513,
            "preprocess": "tf",
            "resize": "squash",
        }.items()
    }
    file.write_bytes(b"other weights")
    seen.add(weights.fingerprint(network, file))
    assert len(seen) == 8
    assert weights.fingerprint(network) == weights.fingerprint(registry.get("vgg16-fashion"))
    assert len({weights.fingerprint(n) for n in registry.NETWORKS.values()}) == len(
        registry.NETWORKS
    )


def test_the_official_file_has_keras_s_identity_wherever_it_lies(keras_home, tmp_path, monkeypatch):
    """An adopted store keeps its fingerprint when the weights arrive later."""
    content = b"pretend these are the official weights"
    published = replace(official_file("vgg16-imagenet"), md5=hashlib.md5(content).hexdigest())
    monkeypatch.setitem(official.OFFICIAL, "VGG16", published)
    network = registry.get("vgg16-imagenet")
    assert weights.find_weights(network) is None
    absent = weights.fingerprint(network)
    (keras_home / "models" / published.file).write_bytes(content)
    local = tmp_path / "elsewhere.h5"
    local.write_bytes(content)
    assert weights.find_weights(network).identity == f"md5:{published.md5}"
    assert weights.fingerprint(network) == weights.fingerprint(network, local) == absent


def test_a_half_downloaded_file_counts_as_none(keras_home):
    file = official_file("vgg16-imagenet").file
    (keras_home / "models" / file).write_bytes(b"half")
    assert weights.find_weights(registry.get("vgg16-imagenet")) is None


def test_absent_weights_are_told_in_one_sentence(keras_home):
    with pytest.raises(NetworkError) as refused:
        weights.load(registry.get("vgg16-imagenet"))
    for said in (official_file("vgg16-imagenet").file, str(keras_home / "models"), "--weights"):
        assert said in str(refused.value)
    assert f"{registry.DEFAULT_NETWORK} work without" in str(refused.value)


@saving
@pytest.mark.parametrize("kind", [".weights.h5", ".h5", ".npz"])
def test_a_local_file_fills_the_network(kind, small, random_model, tmp_path):
    path = tmp_path / f"mine{kind}"
    if kind == ".npz":
        npz_of(random_model, path)
    elif kind == ".h5":
        random_model.save(path)
    else:
        random_model.save_weights(path)
    loaded = weights.load(small, path)
    for ours, theirs in zip(loaded.get_weights(), random_model.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def _cut(path: Path, model) -> None:
    npz_of(model, path)
    path.write_bytes(path.read_bytes()[:-5000])


def _pickled(path: Path, model) -> None:
    layer = next(layer for layer in model.layers if layer.weights)
    key = f"{layer.name}/{layer.weights[0].name}"
    npz_of(model, path, **{key: np.array([{"a": "pickle"}], dtype=object)})


def _not_numbers(path: Path, model) -> None:
    layer = next(layer for layer in model.layers if layer.weights)
    shape = layer.weights[0].shape
    npz_of(model, path, **{f"{layer.name}/{layer.weights[0].name}": np.full(shape, np.nan)})


SPOILED = {
    "cut short": _cut,
    "pickled": _pickled,
    "not numbers": _not_numbers,
    "too much": lambda path, model: npz_of(model, path, **{"top/kernel": np.zeros(3)}),
    "other size": lambda path, model: npz_of(
        model, path, __meta__=meta(input_size=96, resize="letterbox", preprocess="tf")
    ),
    "no archive": lambda path, _: path.write_bytes(b"<html>not found</html>"),
    "empty": lambda path, _: path.write_bytes(b""),
}


@pytest.mark.parametrize("spoil", SPOILED.values(), ids=SPOILED.keys())
def test_a_spoiled_file_is_refused(spoil, small, random_model, tmp_path):
    path = tmp_path / "mine.npz"
    spoil(path, random_model)
    with pytest.raises(NetworkError, match="damaged or made for another network"):
        weights.load(small, path)


@saving
@pytest.mark.parametrize("kind", [".weights.h5", ".h5"])
def test_another_network_s_file_is_refused(kind, random_model, tmp_path):
    path = tmp_path / f"mine{kind}"
    random_model.save_weights(path) if kind != ".h5" else random_model.save(path)
    other = replace(registry.get("vgg16-imagenet"), input_size=64)
    with pytest.raises(NetworkError, match="damaged or made for another network"):
        weights.load(other, path)


@saving
def test_a_file_that_lacks_a_layer_is_refused(small, random_model, tmp_path):
    """Keras itself would leave that layer with its random weights."""
    import h5py

    path = tmp_path / "mine.weights.h5"
    random_model.save_weights(path)
    with h5py.File(path, "r+") as file:
        layers = [name for name in file["layers"] if len(file[f"layers/{name}/vars"])]
        del file[f"layers/{layers[-1]}"]
    with pytest.raises(NetworkError, match="damaged or made for another network"):
        weights.load(small, path)


@pytest.mark.parametrize("name", ["weights.pt", "gone.npz"])
def test_a_path_that_cannot_be_weights_is_told(name, small, tmp_path):
    if name == "weights.pt":
        (tmp_path / name).write_bytes(b"x")
    with pytest.raises(NetworkError, match=name):
        weights.find_weights(small, tmp_path / name)


@pytest.mark.parametrize("name", IMAGENET)
def test_the_published_file_is_the_one_keras_loads(name, monkeypatch):
    import keras
    from keras.src.utils import file_utils

    fetched = {}

    class Fetched(Exception):
        pass

    def get_file(file, url, file_hash=None, **_):
        fetched.update(file=file, url=url, md5=file_hash)
        raise Fetched

    monkeypatch.setattr(file_utils, "get_file", get_file)
    network = registry.get(name)
    builder = getattr(keras.applications, network.application)
    shape = (network.input_size, network.input_size, 3)
    with pytest.raises(Fetched):
        builder(include_top=False, weights="imagenet", input_shape=shape)
    ours = official_file(name)
    assert fetched == {"file": ours.file, "url": ours.url, "md5": ours.md5}


@pytest.mark.parametrize("size", [(313, 207), (150, 400), (224, 224)])
@pytest.mark.parametrize("file_format", ["PNG", "JPEG"])
def test_squash_nearest_is_what_the_client_s_notebook_did(size, file_format, tmp_path):
    import keras

    path = tmp_path / "picture"
    path.write_bytes(encode(draw(7, size), file_format))
    theirs = keras.utils.img_to_array(keras.utils.load_img(path, target_size=(224, 224)))
    ours = preparation.prepare(photos.read(path), registry.get("vgg16-imagenet"))
    assert ours.dtype == np.uint8
    np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("size", [(300, 100), (99, 301), (40, 40), (3000, 17)])
def test_letterbox_keeps_the_whole_photograph_on_white(size):
    network = registry.get("vgg16-fashion")
    photo = photos.read(encode(draw(1, size).point(lambda value: value // 2)))
    pixels = preparation.prepare(photo, network)
    side = network.input_size
    assert pixels.shape == (side, side, 3)
    left, top, width, height = preparation.letterbox(size, side)
    inside = np.zeros((side, side), bool)
    inside[top : top + height, left : left + width] = True
    assert (pixels[~inside] == 255).all()
    assert pixels[inside].max() < 140
    assert max(width, height) == side
    assert abs(width * size[1] - height * size[0]) <= max(size)


def test_a_photograph_at_the_network_s_size_stays_as_it_is():
    for network in registry.NETWORKS.values():
        picture = draw(3, (network.input_size, network.input_size))
        np.testing.assert_array_equal(preparation.fit(picture, network), np.asarray(picture))
