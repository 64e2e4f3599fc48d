"""Photographs to features: the extractors, and the one that a process has of each network."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol
from weakref import WeakValueDictionary

import numpy as np

from search.network import registry, weights
from search.network.compiled import Encode, Pixels, compiled
from search.network.joining import Part, joined_cells, joined_features
from search.network.precision import Precision, in_bfloat16, precision_of, read_precision
from search.network.preparation import Prepared
from search.network.registry import Network
from search.network.vectors import Cells, Feature
from search.photos import Photo
from search.photos import warm as warm_reading

Source = bytes | str | os.PathLike[str] | Prepared
"""A photograph's bytes, its file, or what was prepared of it ahead."""

# Compiled batch sizes; what is left over is padded to the next. Larger ones gain nothing on a
# processor and only cost memory.
BATCHES = (1, 4, 16)


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
        self.chosen_precision = read_precision(precision)
        self._loaded: str | None = None  # the fingerprint of the weights in memory
        self._encode: Encode | None = None
        self._parts: tuple[Part, ...] = ()
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
        """The arithmetic in use: "bfloat16" where any part runs in it, else "float32"."""
        used = {self._precision_of(part.network) for part in self.network.parts}
        return "bfloat16" if "bfloat16" in used else "float32"

    def warm(self) -> None:
        """Load TensorFlow and the network and compile for one photograph, ahead of the first."""
        warm_reading()
        sides = [part.network.input_size for part in self.network.parts]
        self._run([np.full((1, side, side, 3), 255, np.uint8) for side in sides])

    def prepare(self, photo: Photo) -> Prepared:
        """Reduce a photograph to what the network sees of it."""
        return Prepared.of(photo, self.network)

    def embed(self, photos: Sequence[Photo | Prepared]) -> Feature:
        """Give unit rows (n, size).

        :raises FeatureError: when one is all zero or not finite.
        :raises NetworkError: when the network cannot be loaded.
        """
        found = [means for _, means in self._batches(photos)]
        if not found:
            return np.empty((0, self.size), np.float32)
        means = [np.concatenate(each) for each in zip(*found, strict=True)]
        return joined_features(means, self._parts)

    def cells(self, photos: Sequence[Photo | Prepared]) -> Cells:
        """Give the last feature map (n, h, w, size), not normalised; of members, joined.

        :raises FeatureError: when a member's is all zero or not finite.
        :raises NetworkError: when the network cannot be loaded.
        """
        maps = [
            joined_cells(cells, means, self._parts) if self.network.members else cells[0]
            for cells, means in self._batches(photos)
        ]
        return np.concatenate(maps) if maps else np.empty((0, 1, 1, self.size), np.float32)

    def _batches(
        self, photos: Sequence[Photo | Prepared]
    ) -> Iterator[tuple[list[Cells], list[Feature]]]:
        """Give the cells and means of every part, a batch at a time."""
        for start in range(0, len(photos), BATCHES[-1]):
            chunk = [
                (photo if isinstance(photo, Prepared) else self.prepare(photo)).pixels
                for photo in photos[start : start + BATCHES[-1]]
            ]
            found = self._run([np.stack(pixels) for pixels in zip(*chunk, strict=True)])
            yield [cells for cells, _ in found], [means for _, means in found]

    def _run(self, pixels: Sequence[Pixels]) -> list[tuple[Cells, Feature]]:
        """Run each part's (n, size, size, 3) through it, padded to the next compiled batch."""
        count = len(pixels[0])
        batch = next(size for size in BATCHES if size >= count)
        padded = [np.concatenate([p, np.repeat(p[-1:], batch - count, axis=0)]) for p in pixels]
        # One at a time: TensorFlow spreads a single call over all cores, so two at once would
        # only take turns and hold twice the memory.
        with self._lock:
            if self._encode is None:
                self._encode = self._load()
            return [(cells[:count], means[:count]) for cells, means in self._encode(padded)]

    def _load(self) -> Encode:
        """Load and compile every part."""
        parts = self.network.parts
        models = []
        for network in (part.network for part in parts):
            model = weights.load(network, self.weights)
            bfloat16 = self._precision_of(network) == "bfloat16"
            models.append((network, in_bfloat16(model) if bfloat16 else model))
        self._parts = tuple(
            Part(part.share, weights.load_mean(part.network) if part.centred else None)
            for part in parts
        )
        self._loaded = weights.fingerprint(self.network, self.weights)
        return compiled(models)

    def _precision_of(self, network: Network) -> Precision:
        return precision_of(network.application, self.chosen_precision)


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
    key = (made.network, made.fingerprint, made.chosen_precision)
    with _extractors_lock:
        return _extractors.setdefault(key, made)
