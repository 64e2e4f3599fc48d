"""The networks of an extractor as one function of TensorFlow's, from pixels to cells and means."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.network.preparation import SCALE_AND_MEAN
from search.network.registry import Network
from search.network.runtime import tensorflow
from search.network.vectors import Cells, Feature

Pixels = NDArray[np.uint8]
Encode = Callable[[Sequence[Pixels]], list[tuple[Cells, Feature]]]
"""Takes (n, size, size, 3) RGB for each network; gives its cells (n, h, w, d) and means (n, d)."""

# Compiled batch sizes; what is left over is padded to the next. Larger ones gain nothing on a
# processor and only cost memory.
BATCHES = (1, 4, 16)


def compiled(models: Sequence[tuple[Network, Any]]) -> Encode:
    """Compile networks with their Keras models to one function, which runs them side by side.

    Threads may share it. It takes at most BATCHES[-1] photographs at once.
    """
    tf = tensorflow()
    steps = [_step(network, model) for network, model in models]

    @tf.function  # type: ignore[untyped-decorator]
    def encode(*pixels: Any) -> list[tuple[Any, Any]]:
        return [step(each) for step, each in zip(steps, pixels, strict=True)]

    traced: dict[int, Any] = {}  # for each batch size

    # One at a time: TensorFlow spreads a single call over all cores, so two at once would only take
    # turns and hold twice the memory.
    lock = threading.Lock()

    def run(pixels: Sequence[Pixels]) -> list[tuple[Cells, Feature]]:
        count = len(pixels[0])
        batch = next(size for size in BATCHES if size >= count)
        padded = [np.concatenate([p, np.repeat(p[-1:], batch - count, axis=0)]) for p in pixels]
        with lock:
            if batch not in traced:
                shapes = [tf.TensorSpec(each.shape, tf.uint8) for each in padded]
                traced[batch] = encode.get_concrete_function(*shapes)
            found = traced[batch](*map(tf.convert_to_tensor, padded))
        return [(cells.numpy()[:count], means.numpy()[:count]) for cells, means in found]

    return run


def _step(network: Network, model: Any) -> Callable[[Any], tuple[Any, Any]]:
    """Make the step of one network: preprocessing, the model, and the mean over its cells."""
    tf = tensorflow()
    scale, mean = SCALE_AND_MEAN[network.preprocess]

    def step(pixels: Any) -> tuple[Any, Any]:
        channels = pixels[..., ::-1] if network.preprocess == "caffe" else pixels
        values = tf.cast(channels, tf.float32) * scale - mean
        cells = tf.cast(model(tf.cast(values, model.compute_dtype), training=False), tf.float32)
        return cells, tf.reduce_mean(cells, axis=(1, 2))

    return step
