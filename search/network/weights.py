"""Where a network's weights are, what they are known by, and how a network is filled with them."""

from __future__ import annotations

import hashlib
import json
import os
import urllib.error
import urllib.request
import warnings
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from search.errors import NetworkError
from search.network.archive import UNREADABLE, bundled_file, open_arrays, read_meta, resize_of
from search.network.registry import DEFAULT_NETWORK, Network
from search.network.runtime import tensorflow

POOLING = "avg"


WEIGHT_FILES = (".weights.h5", ".h5", ".npz")


_KERAS_URL = "https://storage.googleapis.com/tensorflow/keras-applications"


_OPTIONS = {"MobileNet": {"alpha": 0.75}}  # its width; the others have one alone


_PATIENCE = 8.0  # seconds for the download's server to answer


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


def find_weights(network: Network, local: Path | None = None) -> Weights | None:
    """Find a network's weights: the local file named, the bundled file, or Keras's cache.

    A file in Keras's cache that is not the published one (half downloaded) counts as none.
    NetworkError where the local file named is not there or of another kind.
    """
    if local is not None:
        return _local_weights(network, local)
    if network.weights == "bundled":
        path = bundled_file(network.name)
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
            f"The bundled network {bundled_file(network.name).name} is missing; "
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
    options = _OPTIONS.get(network.application, {})
    return builder(include_top=False, weights=None, input_shape=shape, **options)


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
    except UNREADABLE as error:
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
    meta = read_meta(path)
    if meta:
        made_for = (int(meta["input_size"]), resize_of(meta), meta["preprocess"])
        if made_for != (network.input_size, network.resize, network.preprocess):
            raise ValueError(f"the file was made for {made_for}")
    with open_arrays(path) as file:
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
