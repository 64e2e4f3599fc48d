"""The networks of an extractor as one compiled function, from uint8 pixels to cells and means."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.network.registry import Network, Preprocess
from search.network.runtime import tensorflow
from search.network.vectors import Cells, Feature

Pixels = NDArray[np.uint8]
Encode = Callable[[Sequence[Pixels]], list[tuple[Cells, Feature]]]
"""Takes (n, size, size, 3) RGB for each network; gives its cells (n, h, w, d) and means (n, d)."""

# Multiplied and then subtracted, on RGB from 0 to 255; the modes of Keras's preprocess_input.
_SCALE_AND_MEAN: dict[Preprocess, tuple[Any, Any]] = {
    "caffe": (1.0, (103.939, 116.779, 123.68)),  # after the channels are turned to BGR
    "tf": (1 / 127.5, 1.0),
    "torch": (
        (1 / (255 * 0.229), 1 / (255 * 0.224), 1 / (255 * 0.225)),
        (0.485 / 0.229, 0.456 / 0.224, 0.406 / 0.225),
    ),
    "none": (1.0, 0.0),
}


def compiled(models: Sequence[tuple[Network, Any]]) -> Encode:
    """Compile networks with their Keras models to one function, which runs them side by side."""
    tf = tensorflow()
    steps = [_step(network, model) for network, model in models]

    @tf.function  # type: ignore[untyped-decorator]
    def encode(*pixels: Any) -> list[tuple[Any, Any]]:
        return [step(each) for step, each in zip(steps, pixels, strict=True)]

    traced: dict[int, Any] = {}  # for each batch size

    def run(pixels: Sequence[Pixels]) -> list[tuple[Cells, Feature]]:
        batch = len(pixels[0])
        if batch not in traced:
            shapes = [tf.TensorSpec(each.shape, tf.uint8) for each in pixels]
            traced[batch] = encode.get_concrete_function(*shapes)
        found = traced[batch](*map(tf.convert_to_tensor, pixels))
        return [(cells.numpy(), means.numpy()) for cells, means in found]

    return run


def _step(network: Network, model: Any) -> Callable[[Any], tuple[Any, Any]]:
    """Make the step of one network: preprocessing, the model, and the mean over its cells."""
    tf = tensorflow()
    scale, mean = _SCALE_AND_MEAN[network.preprocess]

    def step(pixels: Any) -> tuple[Any, Any]:
        channels = pixels[..., ::-1] if network.preprocess == "caffe" else pixels
        values = tf.cast(channels, tf.float32) * scale - mean
        cells = tf.cast(model(tf.cast(values, model.compute_dtype), training=False), tf.float32)
        return cells, tf.reduce_mean(cells, axis=(1, 2))

    return step
