"""ImageNet weights as Keras publishes them: its files, its cache, and its download."""

from __future__ import annotations

import os
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from search.errors import NetworkError
from search.network.registry import DEFAULT_NETWORK, Network
from search.network.runtime import tensorflow

_KERAS_URL = "https://storage.googleapis.com/tensorflow/keras-applications"
_PATIENCE = 8.0  # seconds for the download's server to answer


@dataclass(frozen=True, slots=True)
class OfficialFile:
    """Keras's own file of ImageNet weights; it publishes no md5 for MobileNetV2's."""

    folder: str
    file: str
    md5: str | None

    @property
    def url(self) -> str:
        """Where Keras downloads it from."""
        return f"{_KERAS_URL}/{self.folder}/{self.file}"

    @property
    def cached(self) -> Path:
        """Where Keras keeps it once downloaded."""
        return _keras_cache() / self.file


OFFICIAL = {
    "VGG16": OfficialFile(
        "vgg16",
        "vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5",
        "6d6bbae143d832006294945121d1f1fc",
    ),
    "ResNet50": OfficialFile(
        "resnet",
        "resnet50_weights_tf_dim_ordering_tf_kernels_notop.h5",
        "4d473c1dd8becc155b73f8504c6f6626",
    ),
    "InceptionV3": OfficialFile(
        "inception_v3",
        "inception_v3_weights_tf_dim_ordering_tf_kernels_notop.h5",
        "bcbd6486424b2319ff4ef7d526e38f63",
    ),
    "DenseNet121": OfficialFile(
        "densenet",
        "densenet121_weights_tf_dim_ordering_tf_kernels_notop.h5",
        "30ee3e1110167f948a6b9946edeeb738",
    ),
    "MobileNetV2": OfficialFile(
        "mobilenet_v2",
        "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224_no_top.h5",
        None,
    ),
    "EfficientNetV2B0": OfficialFile(
        "efficientnet_v2",
        "efficientnetv2-b0_notop.h5",
        "893217f2bb855e2983157299931e43ff",
    ),
}
"""The file of each application of Keras's that the registry names."""


def download(network: Network) -> Path:
    """Fetch the official weights as keras.applications does, into Keras's cache.

    :raises NetworkError: when the server does not answer or the file does not arrive whole.
    """
    official = OFFICIAL[network.application]
    try:
        # Keras's download waits without limit, so ask first whether anybody answers.
        request = urllib.request.Request(official.url, method="HEAD")
        urllib.request.urlopen(request, timeout=_PATIENCE).close()
    except (OSError, urllib.error.URLError) as error:
        raise _missing(network) from error
    tensorflow()
    from keras.utils import get_file

    try:
        return Path(
            get_file(official.file, official.url, cache_subdir="models", file_hash=official.md5)
        )
    except Exception as error:  # get_file raises bare Exception when the connection breaks
        raise _missing(network) from error


def _missing(network: Network) -> NetworkError:
    official = OFFICIAL[network.application]
    return NetworkError(
        f"{network.title} needs the file {official.file}, which is not on this computer and "
        f"cannot be downloaded: fetch it from {official.url} and put it into "
        f"{_keras_cache()}, or name it with --weights; searching by a product already encoded "
        f"and the network {DEFAULT_NETWORK} work without it."
    )


def _keras_cache() -> Path:
    return Path(os.environ.get("KERAS_HOME") or "~/.keras").expanduser() / "models"
