"""Photographs to features: the extractors, and the one that a process has of each network."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, Protocol
from weakref import WeakValueDictionary

import numpy as np

from search.network import openvino, registry, trial, weights
from search.network.compiled import BATCHES, Encode, Pixels, compiled
from search.network.joining import Part, joined_cells, joined_features
from search.network.precision import Precision, in_bfloat16, precision_of, read_precision
from search.network.preparation import Prepared
from search.network.registry import Network
from search.network.vectors import Cells, Feature
from search.photos import Photo
from search.photos import warm as warm_reading

Source = bytes | str | os.PathLike[str] | Prepared
"""A photograph's bytes, its file, or what was prepared of it ahead."""


Recipe = tuple[Callable[..., "Extractor"], tuple[Hashable, ...]]
"""A function and its arguments, both of which other processes can be told."""


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

    def recipe(self) -> Recipe:
        """Tell what makes this extractor anew in another process."""

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


@dataclass(frozen=True, slots=True)
class Running:
    """What runs a network: the runtime, the arithmetic of each of its parts, and a sentence why."""

    encode: Encode
    runtime: Literal["OpenVINO", "TensorFlow"]
    arithmetic: tuple[openvino.Arithmetic, ...]
    why: str


class NetworkExtractor:
    """A network of the registry, loaded on first use; threads may share it.

    It runs on OpenVINO where that is installed, can serve the network and answers rightly here,
    else on TensorFlow. `weights` names a local file instead of the bundled or downloaded one.
    `precision` "auto" follows the environment variable SEARCH_PRECISION, else it is what is fastest
    here: int8, where the network has it, once a trial has shown that it is.

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
        self._running: Running | None = None
        self._parts: tuple[Part, ...] = ()
        self._lock = threading.Lock()
        self._tried = threading.Lock()  # held once int8 was tried out, and never given back

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

    def recipe(self) -> Recipe:
        """Tell what makes this extractor anew in another process, which needs the same files."""
        local = self.weights and self.weights.absolute()
        return type(self), (self.network, local, self.chosen_precision)

    @property
    def running(self) -> Running:
        """What runs the network; it is loaded now if it is not yet.

        :raises NetworkError: when the network cannot be loaded.
        """
        with self._lock:
            if self._running is None:
                self._running = self._load()
            return self._running

    @property
    def precision(self) -> Precision:
        """The arithmetic in use: the least precise of the parts'."""
        used = self.running.arithmetic
        return next(each for each in ("int8", "bfloat16", "float32") if each in used)

    def warm(self) -> None:
        """Load the network and get ready for one photograph, ahead of the first.

        Int8 is tried out beside what goes on then, where that is due.
        """
        warm_reading()
        self._run(self._blank())
        # No daemon: one that computes while the interpreter ends could crash it.
        threading.Thread(target=self._try_int8, name="trial").start()

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
        if len(photos) >= BATCHES[-1]:
            self._try_int8()
        for start in range(0, len(photos), BATCHES[-1]):
            chunk = [
                (photo if isinstance(photo, Prepared) else self.prepare(photo)).pixels
                for photo in photos[start : start + BATCHES[-1]]
            ]
            found = self._run([np.stack(pixels) for pixels in zip(*chunk, strict=True)])
            yield [cells for cells, _ in found], [means for _, means in found]

    def _run(self, pixels: Sequence[Pixels]) -> list[tuple[Cells, Feature]]:
        """Run each part's (n, size, size, 3) through it."""
        return self.running.encode(pixels)

    def _load(self) -> Running:
        """Load every part."""
        running = self._load_running()
        self._parts = tuple(
            Part(part.share, weights.load_mean(part.network) if part.centred else None)
            for part in self.network.parts
        )
        self._loaded = weights.fingerprint(self.network, self.weights)
        return running

    def _load_running(self) -> Running:
        """Load every part on OpenVINO; where that is unfit, in another arithmetic or TensorFlow."""
        precision, why = self._precision_to_load()
        while True:
            try:
                served = openvino.serve(self.network, self.weights, precision)
            except openvino.UnfitError as error:
                if precision != "int8":
                    return self._on_tensorflow(str(error))
                precision, why = "auto", f"no int8: {error}"
            else:
                return Running(served.encode, "OpenVINO", served.arithmetic, why)

    def _precision_to_load(self) -> tuple[Precision, str]:
        """Give the precision chosen, or the one that a trial on this machine found faster."""
        if self.chosen_precision != "auto":
            return self.chosen_precision, "chosen"
        if openvino.why_not(self.network, self.weights) is None:
            times = trial.kept(openvino.key(self.network, self.weights))
            if times is not None:
                return ("int8" if _is_faster(times) else "auto"), _told(times)
        untried = openvino.has_int8(self.network, self.weights)
        return "auto", "int8 is not tried out here yet" if untried else "it needs no TensorFlow"

    def _try_int8(self) -> None:
        """Try int8 out where none was chosen, unless that was done on this machine; 2 seconds."""
        running = self.running
        if (
            self.chosen_precision != "auto"
            or running.runtime != "OpenVINO"
            or not openvino.has_int8(self.network, self.weights)
            or not self._tried.acquire(blocking=False)
        ):
            return
        key = openvino.key(self.network, self.weights)
        if trial.kept(key) is not None:
            return
        try:
            quick = openvino.serve(self.network, self.weights, "int8")
        except openvino.UnfitError as error:
            self._running = replace(running, why=f"no int8: {error}")
            return
        blank = self._blank()
        times = trial.try_out(
            key,
            {"int8": lambda: quick.encode(blank), self.precision: lambda: running.encode(blank)},
        )
        best = quick if _is_faster(times) else running
        self._running = Running(best.encode, "OpenVINO", best.arithmetic, _told(times))

    def _blank(self) -> list[Pixels]:
        sides = [part.network.input_size for part in self.network.parts]
        return [np.full((1, side, side, 3), 255, np.uint8) for side in sides]

    def _on_tensorflow(self, why: str) -> Running:
        """Load every part on TensorFlow."""
        models, arithmetic = [], []
        for network in (part.network for part in self.network.parts):
            model = weights.load(network, self.weights)
            used = precision_of(network.application, self.chosen_precision)
            models.append((network, in_bfloat16(model) if used == "bfloat16" else model))
            arithmetic.append(used)
        return Running(compiled(models), "TensorFlow", tuple(arithmetic), why)


class KerasExtractor(NetworkExtractor):
    """A network of the registry on TensorFlow, whatever else is installed: the reference."""

    @property
    def precision(self) -> Precision:
        """The arithmetic: "bfloat16" where any part runs in it, else "float32"."""
        parts = (part.network.application for part in self.network.parts)
        used = {precision_of(application, self.chosen_precision) for application in parts}
        return "bfloat16" if "bfloat16" in used else "float32"

    def _load_running(self) -> Running:
        return self._on_tensorflow("asked for")


def served_by(network: Network) -> str:
    """Say which runtime serves a network here, in which arithmetic, and why.

    What OpenVINO serves is loaded for it.

    :raises NetworkError: when a bundled network is damaged.
    """
    unfit = openvino.why_not(network)
    if unfit is not None:
        return f"TensorFlow: {unfit}"
    running = NetworkExtractor(network).running
    parts = zip(network.parts, running.arithmetic, strict=True)
    used = " and ".join(f"{part.network.application} in {each}" for part, each in parts)
    return f"{running.runtime}, {used}: {running.why}"


def _is_faster(times: Mapping[str, float]) -> bool:
    """Tell whether int8 took less time than the other way."""
    return times.get("int8", np.inf) <= min(times.values())


def _told(times: Mapping[str, float]) -> str:
    first, *others = sorted(times, key=times.__getitem__)
    beside = ", ".join(f"{times[name]:.1f} in {name}" for name in others)
    return f"fastest here: {times[first]:.1f} ms in {first}, {beside}"


_extractors: WeakValueDictionary[tuple[Network, str, Precision], NetworkExtractor] = (
    WeakValueDictionary()
)
_extractors_lock = threading.Lock()


def extractor_for(
    network: Network | str = registry.DEFAULT_NETWORK,
    weights_file: Path | None = None,
    precision: Precision = "auto",
) -> NetworkExtractor:
    """Give this process's extractor of a network, its weights and a precision: one for all who ask.

    It is loaded once and shared, for as long as anybody holds it.

    :raises NetworkError: when the network or precision is unknown, or the weights file is unusable.
    """
    made = NetworkExtractor(network, weights_file, precision)
    key = (made.network, made.fingerprint, made.chosen_precision)
    with _extractors_lock:
        return _extractors.setdefault(key, made)
