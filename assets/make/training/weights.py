"""Networks as npz files: Keras's names and layouts, float16, without pickles."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from training.convnet import ConvNet, Layer
from training.efficientnet import EfficientNetLite
from training.mobilenet import MobileNet
from training.vgg import Vgg16

NETWORKS: dict[str, type[ConvNet]] = {"vgg16": Vgg16, "mobilenet": MobileNet}
_FIRST = {"vgg16": "block1_conv1/kernel", "mobilenet": "conv1/kernel"}
_EPSILON = 1e-3  # of Keras's MobileNet's batch normalisation
_NORM = ("gamma", "beta", "moving_mean", "moving_variance")

Arrays = dict[str, NDArray[Any]]


def kind(path: Path) -> str:
    """Tell which of the networks a file holds; "" if none."""
    with np.load(path, allow_pickle=False) as file:
        names = {name.replace("|", "/") for name in file.files}
    return next((each for each, first in _FIRST.items() if first in names), "")


def read(path: Path) -> ConvNet:
    """Read a plain network, its batch normalisation taken in.

    :raises ValueError: the file holds neither a VGG16 nor a MobileNet.
    """
    arrays, held = _arrays(path), kind(path)
    network: ConvNet
    if held == "vgg16":
        network = Vgg16(normalised=False)
    elif held == "mobilenet":
        pairs = [arrays[f"conv_pw_{n}/kernel"].shape[3] for n in range(1, 14)]
        network = MobileNet(normalised=False, widths=(arrays["conv1/kernel"].shape[3], *pairs))
    else:
        raise ValueError(f"{path.name} holds neither a VGG16 nor a MobileNet")
    for layer, convolution in zip(network.layers, network.convolutions, strict=True):
        kernel, bias = _folded(arrays, layer)
        with torch.no_grad():
            convolution.weight.copy_(kernel)
            convolution.bias.copy_(bias)
    return network.eval()


def read_any(path: Path) -> ConvNet | EfficientNetLite:
    """Read a network that is only to be looked at."""
    with np.load(path, allow_pickle=False) as file:
        if "plan" in file.files:
            return EfficientNetLite({name: file[name] for name in file.files})
    return read(path)


def write(network: ConvNet, path: Path, described: dict[str, Any]) -> None:
    """Write the folded network in float16, at once or not at all.

    :raises ValueError: a weight doesn't fit into float16.
    """
    with np.errstate(over="ignore"):
        kept = {name: array.astype(np.float16) for name, array in layout(network).items()}
    if not all(np.isfinite(array).all() for array in kept.values()):
        raise ValueError("weights too large for float16, or not numbers")
    kept["__meta__"] = np.frombuffer(json.dumps(described).encode(), np.uint8)
    partial = path.with_suffix(".partial")
    with partial.open("wb") as file:
        np.savez(file, **kept)
    partial.replace(path)


def layout(network: ConvNet) -> Arrays:
    """Give the folded network as Keras names and lays it out, in float32."""
    found: Arrays = {}
    plain = network.folded().cpu()
    for layer, convolution in zip(plain.layers, plain.convolutions, strict=True):
        found |= _written(layer, convolution.weight.detach(), convolution.bias.detach())
    return found


def meta(path: Path) -> dict[str, Any]:
    """Read what a file of weights says of itself; empty where it doesn't."""
    with np.load(path, allow_pickle=False) as file:
        if "__meta__" not in file.files:
            return {}
        found: dict[str, Any] = json.loads(file["__meta__"].tobytes())
    return found


def _arrays(path: Path) -> Arrays:
    """Read the arrays; older files of Keras's write `|` and `depthwise_kernel`."""
    with np.load(path, allow_pickle=False) as file:
        found = {name: file[name] for name in file.files if name != "__meta__"}
    return {
        name.replace("|", "/").replace("depthwise_kernel", "kernel"): array
        for name, array in found.items()
    }


def _folded(arrays: Arrays, layer: Layer) -> tuple[Tensor, Tensor]:
    kernel = torch.from_numpy(arrays[f"{layer.name}/kernel"].astype(np.float32))
    kernel = kernel.permute((2, 3, 0, 1) if layer.depthwise else (3, 2, 0, 1))
    if f"{layer.name}/bias" in arrays:
        return kernel, torch.from_numpy(arrays[f"{layer.name}/bias"].astype(np.float32))
    gamma, beta, mean, variance = (
        torch.from_numpy(arrays[f"{layer.name}_bn/{part}"].astype(np.float32)) for part in _NORM
    )
    scale = gamma / torch.sqrt(variance + _EPSILON)
    return kernel * scale[:, None, None, None], beta - mean * scale


def _written(layer: Layer, kernel: Tensor, bias: Tensor) -> Arrays:
    """Give a layer's arrays; a MobileNet's bias is its normalisation's, which does nothing else."""
    order = (2, 3, 0, 1) if layer.depthwise else (2, 3, 1, 0)
    found = {f"{layer.name}/kernel": kernel.permute(order).contiguous().numpy()}
    if layer.name.startswith("block"):
        found[f"{layer.name}/bias"] = bias.numpy()
    else:
        one, zero = np.ones(len(bias)), np.zeros(len(bias))
        values = (one, bias.numpy(), zero, one - _EPSILON)
        found |= {f"{layer.name}_bn/{part}": v for part, v in zip(_NORM, values, strict=True)}
    return found
