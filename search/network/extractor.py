"""Photographs to features: one compiled function from uint8 pixels to cells and their mean."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol, cast
from weakref import WeakValueDictionary

import numpy as np
from numpy.typing import NDArray

from search.network import registry, weights
from search.network.precision import Precision, asked_precision, best_precision, in_bfloat16
from search.network.preparation import Prepared
from search.network.registry import Network
from search.network.runtime import tensorflow
from search.network.vectors import Cells, Feature, unit_rows
from search.photos import Photo

Source = bytes | str | os.PathLike[str] | Prepared
"""A photograph's bytes, its file, or what was prepared of it ahead."""

# Compiled batch sizes; what is left over is padded to the next. Larger ones gain nothing on a
# processor and only cost memory.
BATCHES = (1, 4, 16)

# Multiplied and then subtracted, on RGB from 0 to 255; the modes of Keras's preprocess_input.
_SCALE_AND_MEAN: dict[registry.Preprocess, tuple[Any, Any]] = {
    "caffe": (1.0, (103.939, 116.779, 123.68)),  # after the channels are turned to BGR
    "tf": (1 / 127.5, 1.0),
    "torch": (
        (1 / (255 * 0.229), 1 / (255 * 0.224), 1 / (255 * 0.225)),
        (0.485 / 0.229, 0.456 / 0.224, 0.406 / 0.225),
    ),
    "none": (1.0, 0.0),
}


class Extractor(Protocol):
    """Turns photographs into features that can be compared with others of its fingerprint."""

    @property
    def fingerprint(self) -> str:
        """What features must share to be compared."""

    @property
    def size(self) -> int:
        """Numbers in a feature."""

    @property
    def network(self) -> Network:
        """The network that encodes."""

    def warm(self) -> None:
        """Load whatever the first photograph would have to wait for."""

    def prepare(self, photo: Photo) -> Prepared:
        """Reduce a photograph to what the network sees of it, which is enough to encode it."""

    def embed(self, photos: Sequence[Photo | Prepared]) -> Feature:
        """Give unit rows (n, size).

        :raises FeatureError: when one is all zero or not finite.
        """

    def cells(self, photos: Sequence[Photo | Prepared]) -> Cells:
        """Give the last feature map (n, h, w, size); its mean over h and w is the feature."""


class KerasExtractor:
    """A network of the registry, loaded with TensorFlow on first use; threads may share it.

    `weights` names a local file instead of the bundled or downloaded one. `precision` "auto"
    follows the environment variable SEARCH_PRECISION, else `best_precision`.

    :raises NetworkError: when the network or the precision is unknown.
    """

    def __init__(
        self,
        network: Network | str = registry.DEFAULT_NETWORK,
        weights: Path | None = None,
        precision: Precision = "auto",
    ) -> None:
        self.network = registry.get(network) if isinstance(network, str) else network
        self.weights = weights
        self.asked_precision = asked_precision(precision)
        self._loaded: str | None = None  # the fingerprint of the weights in memory
        self._encode: Callable[[NDArray[np.uint8]], tuple[Any, Any]] | None = None
        self._lock = threading.Lock()

    @property
    def fingerprint(self) -> str:
        """What features must share to be compared.

        Once the weights are loaded it stays what it was, whatever becomes of their file.
        """
        return self._loaded or weights.fingerprint(self.network, self.weights)

    @property
    def size(self) -> int:
        """Numbers in a feature."""
        return self.network.feature_size

    @property
    def precision(self) -> Precision:
        """The arithmetic in use: "bfloat16" or "float32"."""
        return best_precision() if self.asked_precision == "auto" else self.asked_precision

    def warm(self) -> None:
        """Load TensorFlow and the network and compile for one photograph, ahead of the first."""
        side = self.network.input_size
        self._run(np.full((1, side, side, 3), 255, np.uint8))

    def prepare(self, photo: Photo) -> Prepared:
        """Reduce a photograph to what the network sees of it."""
        return Prepared.of(photo, self.network)

    def embed(self, photos: Sequence[Photo | Prepared]) -> Feature:
        """Give unit rows (n, size).

        :raises FeatureError: when one is all zero or not finite.
        :raises NetworkError: when the network cannot be loaded.
        """
        features = np.empty((len(photos), self.size), np.float32)
        for rows, _, means in self._batches(photos):
            features[rows] = means
        return unit_rows(features)

    def cells(self, photos: Sequence[Photo | Prepared]) -> Cells:
        """Give the last feature map (n, h, w, size), not normalised.

        :raises NetworkError: when the network cannot be loaded.
        """
        maps = [cells for _, cells, _ in self._batches(photos)]
        return np.concatenate(maps) if maps else np.empty((0, 1, 1, self.size), np.float32)

    def _batches(
        self, photos: Sequence[Photo | Prepared]
    ) -> Iterator[tuple[slice, Cells, Feature]]:
        for start in range(0, len(photos), BATCHES[-1]):
            chunk = [
                photo if isinstance(photo, Prepared) else self.prepare(photo)
                for photo in photos[start : start + BATCHES[-1]]
            ]
            pixels = np.stack([prepared.pixels for prepared in chunk])
            yield slice(start, start + len(chunk)), *self._run(pixels)

    def _run(self, pixels: NDArray[np.uint8]) -> tuple[Cells, Feature]:
        """Run (n, size, size, 3) through the network, padded to the next compiled batch."""
        count = len(pixels)
        batch = next(size for size in BATCHES if size >= count)
        padded = np.concatenate([pixels, np.repeat(pixels[-1:], batch - count, axis=0)])
        # One at a time: TensorFlow spreads a single call over all cores, so two at once would
        # only take turns and hold twice the memory.
        with self._lock:
            if self._encode is None:
                self._encode = self._compile()
            cells, means = self._encode(padded)
            return cells.numpy()[:count], means.numpy()[:count]

    def _compile(self) -> Callable[[NDArray[np.uint8]], tuple[Any, Any]]:
        tf = tensorflow()
        model = weights.load(self.network, self.weights)
        self._loaded = weights.fingerprint(self.network, self.weights)
        if self.precision == "bfloat16":
            model = in_bfloat16(model)
        scale, mean = _SCALE_AND_MEAN[self.network.preprocess]
        bgr = self.network.preprocess == "caffe"

        # Traced once for each batch size.
        @tf.function  # type: ignore[untyped-decorator]
        def encode(pixels: Any) -> tuple[Any, Any]:
            channels = pixels[..., ::-1] if bgr else pixels
            values = tf.cast(channels, tf.float32) * scale - mean
            cells = tf.cast(model(tf.cast(values, model.compute_dtype), training=False), tf.float32)
            return cells, tf.reduce_mean(cells, axis=(1, 2))

        return lambda pixels: cast(tuple[Any, Any], encode(tf.convert_to_tensor(pixels)))


_extractors: WeakValueDictionary[tuple[Network, str, Precision], KerasExtractor] = (
    WeakValueDictionary()
)
_extractors_lock = threading.Lock()


def extractor_for(
    network: Network | str = registry.DEFAULT_NETWORK,
    weights_file: Path | None = None,
    precision: Precision = "auto",
) -> KerasExtractor:
    """Give this process's extractor of a network, its weights and a precision: one for all who ask.

    It is loaded once and shared, for as long as anybody holds it.

    :raises NetworkError: when the network or precision is unknown, or the weights file is unusable.
    """
    made = KerasExtractor(network, weights_file, precision)
    key = (made.network, made.fingerprint, made.asked_precision)
    with _extractors_lock:
        return _extractors.setdefault(key, made)
