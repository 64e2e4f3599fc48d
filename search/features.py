"""Photographs to features: one compiled function from uint8 pixels to cells and their mean."""

from __future__ import annotations

import os
import platform
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, Literal, Protocol, cast, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from search import networks, photos
from search.backend import tensorflow, usable_cores
from search.errors import Cancelled, FeatureError, NetworkError, SearchError
from search.networks import Network
from search.photos import Photo

Precision = Literal["auto", "bfloat16", "float32"]
Feature = NDArray[np.float32]
Cells = NDArray[np.float32]
Source = bytes | str | os.PathLike[str]

# Compiled batch sizes; what is left over is padded to the next. Larger ones gain nothing on a
# processor and only cost memory.
BATCHES = (1, 4, 16)
_DECODING_THREADS = 4

# Multiplied and then subtracted, on RGB from 0 to 255; the modes of Keras's preprocess_input.
_SCALE_AND_MEAN: dict[networks.Preprocess, tuple[Any, Any]] = {
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

    def embed(self, photos: Sequence[Photo]) -> Feature:
        """Give unit rows (n, size); FeatureError where one is all zero or not finite."""

    def cells(self, photos: Sequence[Photo]) -> Cells:
        """Give the last feature map (n, h, w, size); its mean over h and w is the feature."""


@runtime_checkable
class Shrinks(Protocol):
    """An extractor that can shrink a photograph to its input ahead, in the decoding threads."""

    def shrink(self, photo: Photo) -> Photo:
        """Give a photograph with the same feature that takes no more memory than needed."""


class KerasExtractor:
    """A network of the registry, loaded with TensorFlow on first use; threads may share it.

    `weights` names a local file instead of the bundled or downloaded one. `precision` "auto"
    follows the environment variable SEARCH_PRECISION, else `best_precision`.
    """

    def __init__(
        self,
        network: Network | str = networks.DEFAULT_NETWORK,
        weights: Path | None = None,
        precision: Precision = "auto",
    ) -> None:
        self.network = networks.get(network) if isinstance(network, str) else network
        self.weights = weights
        self._precision = _asked_precision(precision)
        self._encode: Callable[[NDArray[np.uint8]], tuple[Any, Any]] | None = None
        self._lock = threading.Lock()

    @property
    def fingerprint(self) -> str:
        """What features must share to be compared."""
        return networks.fingerprint(self.network, self.weights)

    @property
    def size(self) -> int:
        """Numbers in a feature."""
        return self.network.feature_size

    @property
    def precision(self) -> Precision:
        """The arithmetic in use: "bfloat16" or "float32"."""
        return best_precision() if self._precision == "auto" else self._precision

    def warm(self) -> None:
        """Load TensorFlow and the network and compile for one photograph, ahead of the first."""
        side = self.network.input_size
        self._run(np.full((1, side, side, 3), 255, np.uint8))

    def shrink(self, photo: Photo) -> Photo:
        """Give the photograph at the network's input size and without its original bytes."""
        return replace(photo, image=networks.fit(photo.image, self.network), data=b"")

    def embed(self, photos: Sequence[Photo]) -> Feature:
        """Give unit rows (n, size); FeatureError where one is all zero or not finite."""
        features = np.empty((len(photos), self.size), np.float32)
        for rows, _, means in self._batches(photos):
            features[rows] = means
        return unit_rows(features)

    def cells(self, photos: Sequence[Photo]) -> Cells:
        """Give the last feature map (n, h, w, size), not normalised."""
        maps = [cells for _, cells, _ in self._batches(photos)]
        return np.concatenate(maps) if maps else np.empty((0, 1, 1, self.size), np.float32)

    def _batches(self, photos: Sequence[Photo]) -> Iterator[tuple[slice, Cells, Feature]]:
        for start in range(0, len(photos), BATCHES[-1]):
            chunk = photos[start : start + BATCHES[-1]]
            pixels = np.stack([networks.prepare(photo, self.network) for photo in chunk])
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
        model = networks.load(self.network, self.weights)
        if self.precision == "bfloat16":
            model = _in_bfloat16(model)
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


def unit_rows(features: Feature) -> Feature:
    """Scale rows to length 1; FeatureError where one is all zero or not finite."""
    lengths = np.linalg.norm(features, axis=1)
    dead = np.flatnonzero(~np.isfinite(lengths) | (lengths == 0))
    if dead.size:
        which = "This photograph"
        if len(features) > 1:
            which = f"Photograph {dead[0] + 1} of {len(features)}"
        raise FeatureError(
            f"{which} shows nothing that the network responds to; choose another photograph."
        )
    return cast(Feature, (features / lengths[:, None]).astype(np.float32))


def best_precision() -> Literal["bfloat16", "float32"]:
    """Tell which arithmetic is fastest here: bfloat16 with AMX, AVX512-BF16 or a recent GPU."""
    return "bfloat16" if _processor_has_bfloat16() or _gpu_has_bfloat16() else "float32"


@cache
def _processor_has_bfloat16() -> bool:
    if platform.system() != "Linux" or platform.machine() not in ("x86_64", "AMD64"):
        return False
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return False
    flags = next((line for line in lines if line.startswith("flags")), "").split()
    return "avx512_bf16" in flags or "amx_bf16" in flags


@cache
def _gpu_has_bfloat16() -> bool:
    tf = tensorflow()
    details = map(tf.config.experimental.get_device_details, tf.config.list_physical_devices("GPU"))
    # NVIDIA's tensor cores compute in bfloat16 since capability 8.0.
    return any(detail.get("compute_capability", (0, 0)) >= (8, 0) for detail in details)


def _asked_precision(precision: str) -> Precision:
    if precision == "auto":
        precision = os.environ.get("SEARCH_PRECISION", "").strip().lower() or "auto"
    if precision not in ("auto", "bfloat16", "float32"):
        raise NetworkError(
            f"There is no precision “{precision}”; choose auto, bfloat16 or float32 "
            "(the environment variable is SEARCH_PRECISION)."
        )
    return cast(Precision, precision)


def _in_bfloat16(model: Any) -> Any:
    """Copy a model with weights and arithmetic in bfloat16.

    Keeping float32 weights (Keras's mixed policy, TensorFlow's automatic mixed precision) costs a
    conversion of all weights at every call, which eats the gain.
    """
    import keras

    def copy(layer: Any) -> Any:
        return layer.__class__.from_config({**layer.get_config(), "dtype": "bfloat16"})

    clone = keras.models.clone_model(model, clone_function=copy)
    clone.set_weights(model.get_weights())
    return clone


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a long task is; `seconds_left` is None until it can be told."""

    done: int
    total: int
    seconds_left: float | None
    failed: int


OnProgress = Callable[[Progress], bool | None]


@dataclass(frozen=True, slots=True)
class Encoded:
    """One source of a stream: its unit feature (size,), or the error why it has none.

    `width` and `height` are of the upright photograph, 0 where it cannot be read.
    """

    source: Source
    sha256: str | None
    feature: Feature | None
    error: SearchError | None
    width: int = 0
    height: int = 0


def sums_by(rows: Feature, owner: NDArray[np.int64]) -> tuple[NDArray[np.int64], Feature]:
    """Sum the rows (n, d) of each owner (n,): the owners there are, rising, and a row for each."""
    owners, group = np.unique(owner, return_inverse=True)
    sums = np.zeros((len(owners), rows.shape[1]), np.float32)
    np.add.at(sums, group, rows)
    return owners, sums


def stream(
    extractor: Extractor,
    sources: Iterable[Source],
    *,
    total: int | None = None,
    on_progress: OnProgress | None = None,
) -> Iterator[Encoded]:
    """Encode any number of photographs in constant memory, in their order.

    Threads decode the next batches while the network computes. A photograph that fails comes as
    an Encoded with its error, the rest go on. `on_progress` is called after every batch; Cancelled
    is raised before the next one when it returns False.
    """
    if total is None and isinstance(sources, Sized):
        total = len(sources)
    start, done, failed = time.monotonic(), 0, 0
    for batch in _decoded(extractor, sources):
        for encoded in _embedded(extractor, batch):
            done += 1
            failed += encoded.error is not None
            yield encoded
        expected = max(total or 0, done)
        left = (time.monotonic() - start) / done * (expected - done) if total else None
        if on_progress and on_progress(Progress(done, expected, left, failed)) is False:
            raise Cancelled("Stopped as you asked; nothing was changed.")


_Decoded = tuple[Source, Photo | SearchError, tuple[int, int]]


def _decoded(extractor: Extractor, sources: Iterable[Source]) -> Iterator[list[_Decoded]]:
    """Read photographs in threads, at most two batches ahead, and give them in batches."""

    def read(source: Source) -> _Decoded:
        try:
            photo = photos.read(source)
        except SearchError as error:
            return source, error, (0, 0)
        size = photo.width, photo.height
        return source, extractor.shrink(photo) if isinstance(extractor, Shrinks) else photo, size

    remaining = iter(sources)
    with ThreadPoolExecutor(min(usable_cores(), _DECODING_THREADS), "decode") as pool:
        waiting: deque[Future[_Decoded]] = deque()
        try:
            while True:
                room = 2 * BATCHES[-1] - len(waiting)
                waiting.extend(pool.submit(read, source) for source in islice(remaining, room))
                if not waiting:
                    return
                yield [waiting.popleft().result() for _ in range(min(BATCHES[-1], len(waiting)))]
        finally:
            for future in waiting:
                future.cancel()


def _embedded(extractor: Extractor, batch: list[_Decoded]) -> Iterator[Encoded]:
    features = iter(_features(extractor, [p for _, p, _ in batch if isinstance(p, Photo)]))
    for source, photo, (width, height) in batch:
        if isinstance(photo, SearchError):
            yield Encoded(source, None, None, photo)
            continue
        feature = next(features)
        if isinstance(feature, SearchError):
            yield Encoded(source, photo.sha256, None, feature, width, height)
        else:
            yield Encoded(source, photo.sha256, feature, None, width, height)


def _features(extractor: Extractor, batch: list[Photo]) -> list[Feature | SearchError]:
    """Encode a batch; where one photograph is dead, one by one, to tell which."""
    if not batch:
        return []
    try:
        return list(extractor.embed(batch))
    except FeatureError as error:
        if len(batch) == 1:
            return [error]
        return [each for photo in batch for each in _features(extractor, [photo])]
