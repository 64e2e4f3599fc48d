"""The ImageNet teacher: MobileNet v1 as keras.applications builds it, only ever looked at."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d, interpolate, normalize, pad, relu6

_HALVED = (2, 4, 6, 12)  # the depthwise layers that halve the picture
_EPSILON = 1e-3
_TEMPERATURE = 0.05  # of neighbours: a photograph itself has 1, like ones 0.8


class MobileNet(nn.Module):
    """Photographs (n, 3, h, w) RGB from 0 to 255 to features; the width is what the file has."""

    def __init__(self, path: Path, side: int) -> None:
        super().__init__()
        self.side = side
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: torch.from_numpy(file[name].astype(np.float32)) for name in file.files}
        self.size = arrays["conv_pw_13|kernel"].shape[3]
        for name in ("conv1", *(f"conv_{kind}_{n}" for n in range(1, 14) for kind in ("dw", "pw"))):
            weight, bias = _folded(arrays, name)
            self.register_buffer(f"{name}_weight", weight)
            self.register_buffer(f"{name}_bias", bias)

    def forward(self, pixels: Tensor) -> Tensor:
        """Give the mean of the last cells (n, size)."""
        return self.cells(pixels).mean(dim=(2, 3))

    @torch.no_grad()
    def cells(self, pixels: Tensor) -> Tensor:
        """Give the last cells (n, size, h, w)."""
        size = (self.side, self.side)
        values = interpolate(pixels, size, mode="bilinear", align_corners=False) / 127.5 - 1
        values = self._layer(values, "conv1", halved=True)
        for n in range(1, 14):
            values = self._layer(values, f"conv_dw_{n}", halved=n in _HALVED)
            values = self._layer(values, f"conv_pw_{n}")
        return values.float()

    def _layer(self, values: Tensor, name: str, *, halved: bool = False) -> Tensor:
        weight, bias = self.get_buffer(f"{name}_weight"), self.get_buffer(f"{name}_bias")
        if weight.shape[2] == 3:  # Keras pads at the right and the bottom where it halves
            values = pad(values, (0, 1, 0, 1) if halved else (1, 1, 1, 1))
        groups = values.shape[1] if name.startswith("conv_dw") else 1
        return relu6(conv2d(values, weight, bias, stride=2 if halved else 1, groups=groups))


def _folded(arrays: dict[str, Tensor], name: str) -> tuple[Tensor, Tensor]:
    """Give a layer's weight and bias, its batch normalisation taken in."""
    depthwise = arrays.get(f"{name}|depthwise_kernel")
    kernel = arrays[f"{name}|kernel"] if depthwise is None else depthwise
    order = (3, 2, 0, 1) if depthwise is None else (2, 3, 0, 1)
    norm = {part: arrays[f"{name}_bn|{part}"] for part in
            ("gamma", "beta", "moving_mean", "moving_variance")}  # fmt: skip
    scale = norm["gamma"] / torch.sqrt(norm["moving_variance"] + _EPSILON)
    weight = kernel.permute(order) * scale[:, None, None, None]
    return weight.contiguous(), norm["beta"] - norm["moving_mean"] * scale


class Teacher(nn.Module):
    """What a network makes of any view, by the principal components of what it made of `features`.

    Features (n, size) of the photographs to train on; the first `size` components are kept, of
    which the mean was taken off: a teacher's features are all positive, so that their cosines
    differ little before.
    """

    def __init__(self, network: MobileNet, features: Tensor, size: int) -> None:
        super().__init__()
        self.network, self.size = network, min(size, features.shape[1])
        centred = features - features.mean(dim=0)
        directions = torch.linalg.eigh(centred.T @ centred).eigenvectors[:, -self.size :]
        self.register_buffer("mean", features.mean(dim=0))
        self.register_buffer("directions", directions)
        self.register_buffer("known", normalize(centred @ directions))

    @torch.no_grad()
    def cells(self, views: Tensor) -> Tensor:
        """Give the components (n, size, h, w) of each cell of views (n, 3, side, side)."""
        cells = self.network.cells(views) - self.mean[:, None, None]
        return torch.einsum("nchw,cs->nshw", cells, self.directions)

    @torch.no_grad()
    def neighbours(self, rows: Tensor) -> Tensor:
        """Give how much each photograph is like those of `rows`, (n, photographs); shares of 1."""
        return torch.softmax(self.known[rows] @ self.known.T / _TEMPERATURE, dim=1)
