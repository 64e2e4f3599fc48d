"""Networks on OpenVINO: what it can serve, whether it answers rightly here, and how it runs them.

OpenVINO is optional. It runs a network whose weights are an archive of arrays (.npz), as those of
the bundled networks are, without TensorFlow; in int8 where a quantised graph lies beside the
archive (made by assets/make/quantise.py). Before it is used its answer to three photographs is
compared with the one that comes with the program.
"""

from __future__ import annotations

import importlib.util
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import numpy as np

from search.errors import NetworkError
from search.files import sha256
from search.network import checks, weights
from search.network.compiled import Encode, Pixels
from search.network.graph import graph_of, has_graph
from search.network.precision import GAINING, Precision
from search.network.registry import Network
from search.network.runtime import MAX_THREADS, usable_cores
from search.network.vectors import Cells, Feature

Arithmetic = Literal["int8", "bfloat16", "float32"]

_HINTS = {"bfloat16": "bf16", "float32": "f32"}
SECTION, MADE_OF = "search", "made_of"
"""Where a quantised graph says which weights it was made of, by their identity."""


class UnfitError(Exception):
    """OpenVINO cannot serve a network here; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Served:
    """A network as OpenVINO runs it, and the arithmetic of each of its parts."""

    encode: Encode
    arithmetic: tuple[Arithmetic, ...]


def version() -> str | None:
    """Return OpenVINO's version, None where it is not installed or cannot be loaded."""
    if importlib.util.find_spec("openvino") is None:
        return None
    try:
        import openvino
    except (ImportError, OSError):
        return None
    return str(openvino.__version__).split("-")[0]


def why_not(network: Network, local: Path | None = None) -> str | None:
    """Say, without loading anything, why OpenVINO cannot serve a network; None where it can.

    :raises NetworkError: when the local file named cannot be used.
    """
    for part in network.parts:
        if not has_graph(part.network):
            return f"{part.network.title} is built by Keras alone"
        found = weights.find_weights(part.network, local)
        if found is None or found.path.suffix != ".npz":
            return f"the weights of {part.network.title} are not in an .npz file"
    if importlib.util.find_spec("openvino") is None:
        return "OpenVINO is not installed (`pip install openvino`)"
    if version() is None:
        return "OpenVINO is installed but cannot be loaded; install it again"
    return None


def has_int8(network: Network, local: Path | None = None) -> bool:
    """Tell whether any part of a network has a quantised graph beside its weights."""
    return any(_int8_file(part.network, local) is not None for part in network.parts)


def key(network: Network, local: Path | None = None) -> str:
    """Name all that the speed of a network depends on: its files, the processor, OpenVINO."""
    graphs = [_int8_file(part.network, local) for part in network.parts]
    digests = [sha256(graph)[:12] for graph in graphs if graph is not None]
    made_of = weights.fingerprint(network, local)
    name = _core().get_property("CPU", "FULL_DEVICE_NAME")
    return " ".join([made_of, *digests, f"{name} x {usable_cores()}", f"OpenVINO {version()}"])


def int8_file(archive: Path) -> Path:
    """Name the quantised graph that belongs to an archive of weights; its numbers are in a .bin."""
    return archive.with_name(f"{archive.stem}-int8.xml")


def serve(network: Network, local: Path | None, precision: Precision) -> Served:
    """Load a network and make sure that it answers as it should; "auto" takes no int8.

    :raises UnfitError: when OpenVINO cannot serve it, or gives another answer here.
    :raises NetworkError: when the weights are missing, damaged or another network's.
    """
    unfit = why_not(network, local)
    if unfit is not None:
        raise UnfitError(unfit)
    parts = [_Part.load(part.network, local, precision) for part in network.parts]

    def encode(pixels: Sequence[Pixels]) -> list[tuple[Cells, Feature]]:
        return [part(each) for part, each in zip(parts, pixels, strict=True)]

    return Served(encode, tuple(part.arithmetic for part in parts))


class _Part:
    """A network without members, compiled for one photograph, and on first need for many."""

    def __init__(self, graph: Any, arithmetic: Arithmetic, hint: str) -> None:
        self.arithmetic = arithmetic
        self._graph = graph
        self._hint = hint
        # One call at a time: each spreads over all cores, so two at once would only take turns.
        self._lock = threading.Lock()
        self._one = self._compiled("LATENCY").create_infer_request()
        self._queue: Any = None

    @classmethod
    def load(cls, network: Network, local: Path | None, precision: Precision) -> _Part:
        """Load a network, quantised where that is asked for and there is such a graph.

        :raises UnfitError, NetworkError: as `serve`.
        """
        found = weights.find_weights(network, local)
        if found is None:
            raise NetworkError(f"The weights of {network.title} are missing; install them again.")
        arithmetic = _arithmetic(network, local, precision)
        quantised = _int8_file(network, local) if arithmetic == "int8" else None
        graph = graph_of(network, found.path) if quantised is None else _read(quantised, found)
        hint = _float_arithmetic(network, precision)
        try:
            part = cls(graph, arithmetic, _HINTS[hint])
        except RuntimeError as error:
            raise UnfitError(f"OpenVINO cannot run {network.title} on this processor") from error
        _check(part, network, found)
        return part

    def __call__(self, pixels: Pixels) -> tuple[Cells, Feature]:
        """Encode (n, size, size, 3): cells (n, h, w, d) and their means (n, d)."""
        with self._lock:
            cells = self._run_one(pixels) if len(pixels) == 1 else self._run_many(pixels)
        return cells, cells.mean(axis=(1, 2))

    def _run_one(self, pixels: Pixels) -> Cells:
        self._one.infer([np.ascontiguousarray(pixels)])
        return np.array(self._one.get_output_tensor(0).data)

    def _run_many(self, pixels: Pixels) -> Cells:
        """Let several photographs through at once, each on its own part of the processor."""
        from openvino import AsyncInferQueue

        if self._queue is None:
            self._queue = AsyncInferQueue(self._compiled("THROUGHPUT"))
            self._queue.set_callback(_keep)
        shape = tuple(self._one.model_outputs[0].shape)
        cells = np.empty((len(pixels), *shape[1:]), np.float32)
        for row, each in zip(cells, pixels, strict=True):
            self._queue.start_async([np.ascontiguousarray(each[None])], row)
        self._queue.wait_all()
        return cells

    def _compiled(self, aim: Literal["LATENCY", "THROUGHPUT"]) -> Any:
        options = {
            "PERFORMANCE_HINT": aim,
            "INFERENCE_PRECISION_HINT": self._hint,
            "INFERENCE_NUM_THREADS": min(usable_cores(), MAX_THREADS),
            # Pinned threads wait for their own core where other programs are busy.
            "ENABLE_CPU_PINNING": False,
        }
        return _core().compile_model(self._graph, "CPU", options)


def _keep(request: Any, row: Cells) -> None:
    row[:] = request.get_output_tensor(0).data[0]


@cache
def _core() -> Any:
    from openvino import Core

    return Core()


@cache
def _has_bfloat16() -> bool:
    return "BF16" in _core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")


def _arithmetic(network: Network, local: Path | None, precision: Precision) -> Arithmetic:
    if precision == "int8" and _int8_file(network, local) is not None:
        return "int8"
    return _float_arithmetic(network, precision)


def _float_arithmetic(network: Network, precision: Precision) -> Literal["bfloat16", "float32"]:
    """Choose the arithmetic of a network, or of what is not quantised in it."""
    wanted = precision == "bfloat16" or (precision != "float32" and network.application in GAINING)
    return "bfloat16" if wanted and _has_bfloat16() else "float32"


def _int8_file(network: Network, local: Path | None) -> Path | None:
    found = weights.find_weights(network, local)
    if found is None or found.path.suffix != ".npz":
        return None
    file = int8_file(found.path)
    return file if file.is_file() and file.with_suffix(".bin").is_file() else None


def _read(file: Path, found: weights.Weights) -> Any:
    """Read a quantised graph.

    :raises UnfitError: when it is damaged, or was made of other weights.
    """
    again = "make it again with assets/make/quantise.py, or install this program again"
    try:
        graph = _core().read_model(file)
        made_of = graph.get_rt_info([SECTION, MADE_OF]).astype(str)
    except RuntimeError as error:
        raise UnfitError(f"the quantised graph {file.name} is damaged; {again}") from error
    if made_of != found.identity:
        raise UnfitError(f"the quantised graph {file.name} was made of other weights; {again}")
    return graph


def _check(part: _Part, network: Network, found: weights.Weights) -> None:
    """Compare the answer to the photographs that come with the program.

    :raises UnfitError: when it is another one.
    """
    known = checks.read(found, quantised=part.arithmetic == "int8")
    if known is None:
        return
    means = np.concatenate([part(pixels[None])[1] for pixels in known.pixels])
    cosine = checks.least_cosine(means, known.means)
    if not cosine >= checks.LEAST:  # also where it is not a number
        raise UnfitError(
            f"OpenVINO {version()} gives another answer here than it should for {network.name} "
            f"in {part.arithmetic} (a cosine of {cosine:.3f} instead of {checks.LEAST} or more)"
        )
