"""The graph of a network for OpenVINO, made straight of an archive of weights: no TensorFlow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.errors import NetworkError
from search.network.archive import MEAN, META, UNREADABLE, open_arrays
from search.network.preparation import SCALE_AND_MEAN
from search.network.registry import Network
from search.network.weights import check_made_for

_VGG16 = (2, 2, 3, 3, 3)  # convolutions in each block, before its pooling
_MOBILENET = (1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1)  # each block's stride, after a first of 2
_EPSILON = 1e-3  # of Keras's batch normalisation in MobileNet

Arrays = Mapping[str, NDArray[Any]]


def has_graph(network: Network) -> bool:
    """Tell whether a graph can be made of a network without members."""
    return network.application in _BODIES


def graph_of(network: Network, path: Path) -> Any:
    """Make the graph (an openvino.Model) of a network without members and an archive's weights.

    Input "pixels" (1, size, size, 3) uint8 RGB; output "cells" (1, h, w, feature_size) float32, the
    last feature map. Convolutions have the names of Keras's layers.

    :raises NetworkError: when the archive is damaged or another network's.
    """
    from openvino import Model
    from openvino import opset13 as op

    try:
        check_made_for(network, path)
        arrays = _read(path)
        pixels = op.parameter([1, network.input_size, network.input_size, 3], np.uint8, "pixels")
        last, used = _BODIES[network.application](_preprocessed(pixels, network), arrays)
        cells = op.transpose(last, [0, 2, 3, 1])
        if used != set(arrays):
            raise ValueError(f"arrays of another network: {sorted(set(arrays) - used)}")
        if cells.get_output_shape(0)[3] != network.feature_size:
            raise ValueError(f"features of another size than {network.feature_size}")
    except (*UNREADABLE, RuntimeError) as error:  # the latter where shapes do not fit
        raise NetworkError(
            f"The weights file “{path.name}” is damaged or made for another network than "
            f"{network.title}; fetch it again or choose the network it belongs to."
        ) from error
    return Model([op.result(cells, "cells")], [pixels], network.name)


def _read(path: Path) -> dict[str, NDArray[np.float32]]:
    with open_arrays(path) as file:
        arrays = {
            name: np.asarray(file[name], np.float32) for name in set(file.files) - {META, MEAN}
        }
    for name, array in arrays.items():
        if not np.isfinite(array).all():
            raise ValueError(f"{name} has weights that are not numbers")
    return arrays


def _preprocessed(pixels: Any, network: Network) -> Any:
    """Give the network's input (1, 3, size, size) float32."""
    from openvino import opset13 as op

    scale, mean = (np.float32(each) for each in SCALE_AND_MEAN[network.preprocess])
    if network.preprocess == "caffe":
        pixels = op.gather(pixels, np.array([2, 1, 0]), np.array(3))
    values = op.convert(pixels, "f32")
    if np.any(scale != 1):
        values = op.multiply(values, op.constant(scale))
    return op.transpose(op.subtract(values, op.constant(mean)), [0, 3, 1, 2])


def _vgg16(x: Any, arrays: Arrays) -> tuple[Any, set[str]]:
    from openvino import opset13 as op

    used: set[str] = set()
    for block, convolutions in enumerate(_VGG16, 1):
        for number in range(1, convolutions + 1):
            name = f"block{block}_conv{number}"
            kernel, bias = arrays[f"{name}/kernel"], arrays[f"{name}/bias"]
            x = op.relu(_convolution(x, name, kernel, bias))
            used |= {f"{name}/kernel", f"{name}/bias"}
        x = op.max_pool(x, [2, 2], [1, 1], [0, 0], [0, 0], [2, 2]).output(0)
    return x, used


def _mobilenet(x: Any, arrays: Arrays) -> tuple[Any, set[str]]:
    from openvino import opset13 as op

    layers = [("conv1", 2)]
    for block, stride in enumerate(_MOBILENET, 1):
        layers += [(f"conv_dw_{block}", stride), (f"conv_pw_{block}", 1)]
    used: set[str] = set()
    for name, stride in layers:
        kernel, depthwise = arrays[f"{name}/kernel"], "_dw_" in name
        gamma, beta, mean, variance = (
            arrays[f"{name}_bn/{each}"] for each in ("gamma", "beta", "moving_mean",
                                                     "moving_variance")
        )  # fmt: skip
        factor = gamma / np.sqrt(variance + _EPSILON)
        kernel = kernel * (factor[:, None] if depthwise else factor)
        x = _convolution(x, name, kernel, beta - mean * factor, stride, depthwise=depthwise)
        x = op.clamp(x, 0.0, 6.0)
        used |= {key for key in arrays if key.split("/")[0] in (name, f"{name}_bn")}
    return x, used


def _convolution(
    x: Any,
    name: str,
    kernel: NDArray[Any],
    bias: NDArray[Any],
    stride: int = 1,
    *,
    depthwise: bool = False,
) -> Any:
    """Convolve as TensorFlow does with padding "SAME"; `kernel` (h, w, in, out) as Keras has it.

    A depthwise one is (h, w, channels, 1): a group of its own for each channel.
    """
    from openvino import opset13 as op

    if depthwise:
        weights, apply = kernel.transpose(2, 3, 0, 1)[:, :, None], op.group_convolution
    else:
        weights, apply = kernel.transpose(3, 2, 0, 1), op.convolution
    constant = op.constant(np.ascontiguousarray(weights, np.float32))
    nothing = [0, 0]
    found = apply(
        x, constant, [stride, stride], nothing, nothing, [1, 1], auto_pad="same_upper", name=name
    )
    return op.add(found, op.constant(np.asarray(bias, np.float32).reshape(1, -1, 1, 1)))


_BODIES: Mapping[str, Callable[[Any, Arrays], tuple[Any, set[str]]]] = {
    "VGG16": _vgg16,
    "MobileNet": _mobilenet,
}
