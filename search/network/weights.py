"""Where a network's weights are, what they are known by, and how a network is filled with them."""

from __future__ import annotations

import hashlib
import json
import warnings
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from search.errors import NetworkError
from search.network.archive import MEAN, META, UNREADABLE, open_arrays, read_meta
from search.network.official import OFFICIAL, download
from search.network.registry import Network, bundled_file, resize_of
from search.network.runtime import tensorflow
from search.network.vectors import Feature

POOLING = "avg"
WEIGHT_FILES = (".weights.h5", ".h5", ".npz")
_OPTIONS = {"MobileNet": {"alpha": 0.75}}  # its width; the others have one alone


@dataclass(frozen=True, slots=True)
class Weights:
    """A file of weights, or the folder with those of a network's members.

    `identity` is "md5:..." as Keras publishes it where the file is the official one, else
    "sha256:..." of the file; for members it names the fingerprint, share and mean of each.
    """

    path: Path
    identity: str


def find_weights(network: Network, local: Path | None = None) -> Weights | None:
    """Find a network's weights: the local file named, the bundled file, or Keras's cache.

    A file in Keras's cache that is not the published one (half downloaded) counts as none.

    :raises NetworkError: when the local file named is not there or of another kind, or the network
        has members, which have a file each.
    """
    if network.members:
        return _members_weights(network, local)
    if local is not None:
        return _local_weights(network, local)
    if network.weights == "bundled":
        path = bundled_file(network.name)
        return Weights(path, _identity(path, None)) if path.is_file() else None
    official = OFFICIAL[network.application]
    if not official.cached.is_file():
        return None
    identity = _identity(official.cached, official.md5)
    return Weights(official.cached, identity) if official.md5 in (None, identity[4:]) else None


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


def load(network: Network, local: Path | None = None) -> Any:
    """Build the network (a keras.Model, float32) up to its last feature map and fill its weights.

    Input (n, size, size, 3) float32 as its preprocessing gives; output (n, h, w, feature_size).

    :raises NetworkError: when the weights are missing, damaged or another network's.
    """
    found = find_weights(network, local)
    if found is None and network.weights == "bundled":
        raise NetworkError(
            f"The bundled network {bundled_file(network.name).name} is missing; "
            "install this program again."
        )
    path = found.path if found else download(network)
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


def load_mean(network: Network) -> Feature:
    """Read the mean of unit features (feature_size,) stored with a bundled network's weights.

    :raises NetworkError: when it is missing, not numbers, or of another size.
    """
    path = bundled_file(network.name)
    try:
        with open_arrays(path) as file:
            mean = np.asarray(file[MEAN], np.float32)
        if mean.shape != (network.feature_size,) or not np.isfinite(mean).all():
            raise ValueError(f"a mean of shape {mean.shape}, or not numbers")
    except UNREADABLE as error:
        raise NetworkError(
            f"The bundled network {path.name} is damaged; install this program again."
        ) from error
    return mean


def check_made_for(network: Network, path: Path) -> None:
    """Make sure that an archive which describes itself was made for photographs like a network's.

    :raises ValueError: when it was not, or as `read_meta`.
    """
    meta = read_meta(path)
    if meta:
        made_for = (int(meta["input_size"]), resize_of(meta), meta["preprocess"])
        if made_for != (network.input_size, network.resize, network.preprocess):
            raise ValueError(f"the file was made for {made_for}")


def _members_weights(network: Network, local: Path | None) -> Weights | None:
    if local is not None:
        raise NetworkError(
            f"{network.title} has a weights file for each of its members; leave out --weights."
        )
    members = network.members
    if not all(find_weights(member.network) for member in members):
        return None
    described = [[fingerprint(each.network), each.share, each.centred] for each in members]
    return Weights(bundled_file(network.name).parent, f"members:{json.dumps(described)}")


def _local_weights(network: Network, local: Path) -> Weights:
    if not local.name.endswith(WEIGHT_FILES):
        raise NetworkError(
            f"“{local.name}” is not a weights file; give one that ends in .weights.h5, .h5 or .npz."
        )
    if not local.is_file():
        raise NetworkError(f"There is no weights file “{local}”; check the path.")
    md5 = OFFICIAL[network.application].md5 if network.weights == "imagenet" else None
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
    official = OFFICIAL[network.application]
    return f"md5:{official.md5}" if official.md5 else f"absent:{official.file}"


def _fill(model: Any, path: Path, network: Network) -> None:
    """Fill a model's weights from a file.

    :raises NetworkError: when they are damaged or do not fit.
    """
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
    check_made_for(network, path)
    with open_arrays(path) as file:
        names = set(file.files) - {META, MEAN}
        for layer in model.layers:
            keys = [f"{layer.name}/{variable.name}" for variable in layer.weights]
            arrays = [np.asarray(file[key], np.float32) for key in keys]
            if not all(np.isfinite(array).all() for array in arrays):
                raise ValueError(f"{layer.name} has weights that are not numbers")
            layer.set_weights(arrays)
            names -= set(keys)
    if names:
        raise ValueError(f"arrays of another network: {sorted(names)}")
