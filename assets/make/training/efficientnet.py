"""EfficientNet-Lite, only ever looked at: folded convolutions, one after the other.

Tan and Le, "EfficientNet: rethinking model scaling for convolutional neural networks", 2019; Lite
is Google's variant without squeeze and excitation, with ReLU6.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import conv2d, pad, relu6

_ADDED = 2  # in the plan: the block's input is added here


class EfficientNetLite(nn.Module):
    """Photographs (n, 3, h, w) RGB from 0 to 255 to the last cells.

    `plan` (layers, 6) holds each convolution's kernel, stride, whether it is depthwise, whether a
    block begins whose input is kept, whether that is added (2), and whether ReLU6 follows; `w<n>`
    and `b<n>` are its weights.
    """

    def __init__(self, arrays: dict[str, NDArray[Any]]) -> None:
        super().__init__()
        self.plan = [tuple(map(int, row)) for row in arrays["plan"]]
        for name, array in arrays.items():
            if name != "plan":
                self.register_buffer(name, torch.from_numpy(array.astype(np.float32)))
        self.size = len(self.get_buffer(f"b{len(self.plan) - 1}"))

    @torch.no_grad()
    def cells(self, pixels: Tensor) -> Tensor:
        """Give the last cells (n, size, h / 32, w / 32)."""
        values = (pixels - 127) / 128
        kept = values
        for n, (kernel, stride, depthwise, begins, added, active) in enumerate(self.plan):
            kept = values if begins else kept
            weight, bias = self.get_buffer(f"w{n}"), self.get_buffer(f"b{n}")
            values = conv2d(
                _same(values, kernel, stride), weight, bias, stride=stride,
                groups=values.shape[1] if depthwise else 1,
            )  # fmt: skip
            values = relu6(values) if active else values
            values = values + kept if added == _ADDED else values
        return values.float()


def _same(values: Tensor, kernel: int, stride: int) -> Tensor:
    """Pad as TensorFlow's SAME does: one more at the right and the bottom where it is odd."""
    down, across = (
        max((-(-length // stride) - 1) * stride + kernel - length, 0)
        for length in values.shape[-2:]
    )
    return pad(values, (across // 2, across - across // 2, down // 2, down - down // 2))
