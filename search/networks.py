"""The networks a photograph can be encoded with: their sizes, preprocessing and weights.

Reading this registry, finding weights and fingerprints need no TensorFlow; only `load` does.
"""

from __future__ import annotations

import hashlib
import json
import os
import urllib.error
import urllib.request
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from search.backend import tensorflow
from search.errors import NetworkError
from search.photos import Photo

Preprocess = Literal["caffe", "tf", "torch", "none"]
Resize = Literal["letterbox", "squash", "squash-nearest"]

DEFAULT_NETWORK = "vgg16-fashion"
POOLING = "avg"
WEIGHT_FILES = (".weights.h5", ".h5", ".npz")

_ASSETS = Path(__file__).resolve().parent.parent / "assets" / "networks"
_KERAS_URL = "https://storage.googleapis.com/tensorflow/keras-applications"
_PATIENCE = 8.0  # seconds for the download's server to answer
_UNREADABLE = (OSError, EOFError, ValueError, KeyError, TypeError, zipfile.BadZipFile)


@dataclass(frozen=True, slots=True)
class Network:
    """A network without its classifier, and how a photograph is prepared for it.

    `application` is the builder's name in keras.applications, `input_size` the side in pixels,
    `feature_size` the channels of the last feature map. `preprocess` are the modes of Keras's
    `preprocess_input`. `resize`: the whole photograph on white (letterbox), stretched to a square
    (squash), or stretched by nearest-neighbour sampling, as Keras's `load_img` does.
    """

    name: str
    title: str
    application: str
    input_size: int
    feature_size: int
    preprocess: Preprocess
    resize: Resize
    weights: Literal["bundled", "imagenet"]


@dataclass(frozen=True, slots=True)
class Weights:
    """A file of weights.

    `identity` is "md5:..." as Keras publishes it where the file is the official one, else
    "sha256:..." of the file.
    """

    path: Path
    identity: str


@dataclass(frozen=True, slots=True)
class _Official:
    """Keras's own file of ImageNet weights; it publishes no md5 for MobileNetV2's."""

    folder: str
    file: str
    md5: str | None

    @property
    def url(self) -> str:
        return f"{_KERAS_URL}/{self.folder}/{self.file}"


_OFFICIAL = {
    "VGG16": _Official(
        "vgg16",
        "vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5",
        "6d6bbae143d832006294945121d1f1fc",
    ),
    "ResNet50": _Official(
        "resnet",
        "resnet50_weights_tf_dim_ordering_tf_kernels_notop.h5",
        "4d473c1dd8becc155b73f8504c6f6626",
    ),
    "InceptionV3": _Official(
        "inception_v3",
        "inception_v3_weights_tf_dim_ordering_tf_kernels_notop.h5",
        "bcbd6486424b2319ff4ef7d526e38f63",
    ),
    "DenseNet121": _Official(
        "densenet",
        "densenet121_weights_tf_dim_ordering_tf_kernels_notop.h5",
        "30ee3e1110167f948a6b9946edeeb738",
    ),
    "MobileNetV2": _Official(
        "mobilenet_v2",
        "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224_no_top.h5",
        None,
    ),
    "EfficientNetV2B0": _Official(
        "efficientnet_v2",
        "efficientnetv2-b0_notop.h5",
        "893217f2bb855e2983157299931e43ff",
    ),
}


def _bundled(name: str, title: str, application: str) -> Network | None:
    """Read how to prepare a photograph from the bundled file itself; None where it is damaged."""
    try:
        meta = _read_meta(_bundled_file(name))
        return Network(
            name,
            title,
            application,
            input_size=int(meta["input_size"]),
            feature_size=int(meta["feature_size"]),
            preprocess=meta["preprocess"],
            resize=_resize_of(meta),
            weights="bundled",
        )
    except _UNREADABLE:
        return None


def _bundled_file(name: str) -> Path:
    return _ASSETS / f"{name}.npz"


@contextmanager
def _arrays(path: Path) -> Iterator[Any]:
    """Open an archive of arrays; one that holds pickled objects or is none is a ValueError."""
    # Opened here, since numpy leaves a damaged file open.
    with path.open("rb") as opened:
        archive = np.load(opened, allow_pickle=False)
        if not isinstance(archive, np.lib.npyio.NpzFile):
            raise ValueError("a single array, not an archive of arrays")
        with archive:
            yield archive


def _read_meta(path: Path) -> dict[str, Any]:
    """Read `__meta__` of a weights file; empty where it has none."""
    with _arrays(path) as file:
        if "__meta__" not in file.files:
            return {}
        meta = json.loads(np.asarray(file["__meta__"]).tobytes())
    if not isinstance(meta, dict):
        raise ValueError("the description in the file is not a JSON object")
    return meta


def _resize_of(meta: Mapping[str, Any]) -> Resize:
    resize: Resize = {"letterbox-white": "letterbox"}.get(meta["resize"], meta["resize"])
    if resize not in ("letterbox", "squash", "squash-nearest"):
        raise ValueError(f"unknown resize {resize}")
    return resize


def _imagenet(
    name: str, title: str, application: str, size: int, feature: int, preprocess: Preprocess,
    resize: Resize = "letterbox",
) -> Network:  # fmt: skip
    return Network(name, title, application, size, feature, preprocess, resize, "imagenet")


NETWORKS: dict[str, Network] = {
    network.name: network
    for network in (
        _bundled(DEFAULT_NETWORK, "VGG16, trained on fashion", "VGG16"),
        _imagenet(
            "vgg16-imagenet", "VGG16, ImageNet", "VGG16", 224, 512, "caffe", "squash-nearest"
        ),
        _imagenet("resnet50-imagenet", "ResNet50, ImageNet", "ResNet50", 224, 2048, "caffe"),
        _imagenet("inceptionv3-imagenet", "InceptionV3, ImageNet", "InceptionV3", 299, 2048, "tf"),
        _imagenet(
            "densenet121-imagenet", "DenseNet121, ImageNet", "DenseNet121", 224, 1024, "torch"
        ),
        _imagenet("mobilenetv2-imagenet", "MobileNetV2, ImageNet", "MobileNetV2", 224, 1280, "tf"),
        _imagenet(
            "efficientnetv2b0-imagenet",
            "EfficientNetV2-B0, ImageNet",
            "EfficientNetV2B0",
            224,
            1280,
            "none",
        ),
    )
    if network is not None
}


def get(name: str) -> Network:
    """Look a network up; NetworkError naming those there are."""
    if name in NETWORKS:
        return NETWORKS[name]
    if name == DEFAULT_NETWORK:
        raise NetworkError(
            f"The bundled network {_bundled_file(name).name} is missing or damaged; "
            "install this program again."
        )
    raise NetworkError(f"There is no network “{name}”; choose one of {', '.join(NETWORKS)}.")


def find_weights(network: Network, local: Path | None = None) -> Weights | None:
    """Find a network's weights: the local file named, the bundled file, or Keras's cache.

    A file in Keras's cache that is not the published one (half downloaded) counts as none.
    NetworkError where the local file named is not there or of another kind.
    """
    if local is not None:
        return _local_weights(network, local)
    if network.weights == "bundled":
        path = _bundled_file(network.name)
        return Weights(path, _identity(path, None)) if path.is_file() else None
    official = _OFFICIAL[network.application]
    path = _keras_cache() / official.file
    if not path.is_file():
        return None
    identity = _identity(path, official.md5)
    return Weights(path, identity) if official.md5 in (None, identity[4:]) else None


def fingerprint(network: Network, local: Path | None = None) -> str:
    """Name what features must share to be compared: "<name>-<12 hex digits>".

    ImageNet weights that are not here yet count with the md5 that Keras publishes, so features
    taken over from elsewhere have a fingerprint without the file.
    """
    found = find_weights(network, local)
    described = {
        "name": network.name,
        "weights": found.identity if found else _absent_identity(network),
        "input_size": network.input_size,
        "resize": network.resize,
        "preprocess": network.preprocess,
        "pooling": POOLING,
        "feature_size": network.feature_size,
    }
    digest = hashlib.sha256(json.dumps(described, sort_keys=True).encode()).hexdigest()
    return f"{network.name}-{digest[:12]}"


def load(network: Network, local: Path | None = None, *, download: bool = True) -> Any:
    """Build the network (a keras.Model, float32) up to its last feature map and fill its weights.

    Input (n, size, size, 3) float32 as its preprocessing gives; output (n, h, w, feature_size).
    NetworkError where weights are missing, damaged or another network's; never other weights.
    """
    found = find_weights(network, local)
    if found is None and network.weights == "bundled":
        raise NetworkError(
            f"The bundled network {_bundled_file(network.name).name} is missing; "
            "install this program again."
        )
    path = found.path if found else _download(network, download)
    model = build(network)
    _fill(model, path, network)
    return model


def build(network: Network) -> Any:
    """Build the network (a keras.Model, float32) with random weights."""
    tensorflow()
    import keras

    builder = getattr(keras.applications, network.application)
    shape = (network.input_size, network.input_size, 3)
    return builder(include_top=False, weights=None, input_shape=shape)


def prepare(photo: Photo, network: Network) -> NDArray[np.uint8]:
    """Resize a photograph to the network's input, (size, size, 3) RGB, 0 to 255."""
    return np.asarray(fit(photo.image, network))


def fit(image: Image.Image, network: Network) -> Image.Image:
    """Resize a picture to the network's square; one that has its size already stays as it is."""
    side = network.input_size
    if image.size == (side, side):
        return image
    if network.resize == "squash-nearest":
        return image.resize((side, side), Image.Resampling.NEAREST)
    if network.resize == "squash":
        return image.resize((side, side), Image.Resampling.BILINEAR, reducing_gap=3)
    left, top, width, height = letterbox(image.size, side)
    smaller = image.resize((width, height), Image.Resampling.BILINEAR, reducing_gap=3)
    square = Image.new("RGB", (side, side), "white")
    square.paste(smaller, (left, top))
    return square


def letterbox(size: tuple[int, int], side: int) -> tuple[int, int, int, int]:
    """Where a picture of `size` (width, height) lies in its square: left, top, width, height."""
    scale = side / max(size)
    width, height = (max(1, round(length * scale)) for length in size)
    return (side - width) // 2, (side - height) // 2, width, height


def _local_weights(network: Network, local: Path) -> Weights:
    if not local.name.endswith(WEIGHT_FILES):
        raise NetworkError(
            f"“{local.name}” is not a weights file; give one that ends in .weights.h5, .h5 or .npz."
        )
    if not local.is_file():
        raise NetworkError(f"There is no weights file “{local}”; check the path.")
    md5 = _OFFICIAL[network.application].md5 if network.weights == "imagenet" else None
    return Weights(local, _identity(local, md5))


def _identity(path: Path, md5: str | None) -> str:
    try:
        state = path.stat()
        return _hashed(path, state.st_mtime_ns, state.st_size, md5)
    except OSError as error:
        raise NetworkError(
            f"The weights file “{path}” cannot be read; check its permissions."
        ) from error


@lru_cache(maxsize=64)
def _hashed(path: Path, _changed: int, _size: int, md5: str | None) -> str:
    """Hash a file, once for each state of it; the md5 only where it is the expected one."""
    if md5 is not None:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False))
        if digest.hexdigest() == md5:
            return f"md5:{md5}"
    with path.open("rb") as file:
        return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"


def _absent_identity(network: Network) -> str:
    if network.weights == "bundled":
        return "absent"
    official = _OFFICIAL[network.application]
    return f"md5:{official.md5}" if official.md5 else f"absent:{official.file}"


def _keras_cache() -> Path:
    return Path(os.environ.get("KERAS_HOME") or "~/.keras").expanduser() / "models"


def _download(network: Network, allowed: bool) -> Path:
    """Fetch the official weights as keras.applications does, into Keras's cache."""
    official = _OFFICIAL[network.application]
    missing = NetworkError(
        f"{network.title} needs the file {official.file}, which is not on this computer and "
        f"cannot be downloaded: fetch it from {official.url} and put it into "
        f"{_keras_cache()}, or name it with --weights; searching by a product already encoded "
        f"and the network {DEFAULT_NETWORK} work without it."
    )
    if not allowed:
        raise missing
    try:
        # Keras's download waits without limit, so ask first whether anybody answers.
        request = urllib.request.Request(official.url, method="HEAD")
        urllib.request.urlopen(request, timeout=_PATIENCE).close()
    except (OSError, urllib.error.URLError) as error:
        raise missing from error
    tensorflow()
    from keras.utils import get_file

    try:
        return Path(
            get_file(official.file, official.url, cache_subdir="models", file_hash=official.md5)
        )
    except Exception as error:  # get_file raises bare Exception when the connection breaks
        raise missing from error


def _fill(model: Any, path: Path, network: Network) -> None:
    """Fill a model's weights from a file; NetworkError where they are damaged or do not fit."""
    try:
        if path.suffix == ".npz":
            _fill_from_npz(model, path, network)
        else:
            _fill_from_h5(model, path)
    except _UNREADABLE as error:
        raise NetworkError(
            f"The weights file “{path.name}” is damaged or made for another network than "
            f"{network.title}; fetch it again or choose the network it belongs to."
        ) from error


def _fill_from_h5(model: Any, path: Path) -> None:
    """Fill as Keras does, and make sure that it left nothing out.

    Keras only warns where a file lacks a layer, and leaves that layer with its random weights.
    """
    for variable in model.weights:
        variable.assign(np.full(variable.shape, np.nan, np.float32))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.load_weights(path)
    if not all(np.isfinite(array).all() for array in model.get_weights()):
        raise ValueError("weights are left out or not numbers")


def _fill_from_npz(model: Any, path: Path, network: Network) -> None:
    """Fill from arrays named "layer/variable", any float type."""
    meta = _read_meta(path)
    if meta:
        made_for = (int(meta["input_size"]), _resize_of(meta), meta["preprocess"])
        if made_for != (network.input_size, network.resize, network.preprocess):
            raise ValueError(f"the file was made for {made_for}")
    with _arrays(path) as file:
        names = set(file.files) - {"__meta__"}
        for layer in model.layers:
            keys = [f"{layer.name}/{variable.name}" for variable in layer.weights]
            arrays = [np.asarray(file[key], np.float32) for key in keys]
            if not all(np.isfinite(array).all() for array in arrays):
                raise ValueError(f"{layer.name} has weights that are not numbers")
            layer.set_weights(arrays)
            names -= set(keys)
    if names:
        raise ValueError(f"arrays of another network: {sorted(names)}")
