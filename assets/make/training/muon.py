"""Muon for the kernels of convolutions, which PyTorch's own takes as matrices alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn


class Muon(torch.optim.Muon):
    """Steps whose directions all count alike: the momentum's nearest orthogonal matrix.

    A kernel (out, in, h, w) is the matrix (out, h * w * in) it is multiplied as. The rate is that
    of AdamW, whose steps are as long (Jordan et al., "Muon", 2024; Liu et al., "Muon is scalable
    for LLM training", 2025).

    :raises ValueError: a kernel isn't laid out as channels_last.
    """

    def __init__(self, kernels: Iterable[nn.Parameter], **options: Any) -> None:
        self._kernels = list(kernels)
        matrices = [nn.Parameter(_matrix(kernel.data)) for kernel in self._kernels]
        for kernel, matrix in zip(self._kernels, matrices, strict=True):
            if kernel.data_ptr() != matrix.data_ptr():
                raise ValueError("Muon's kernels are to be laid out as channels_last.")
        super().__init__(matrices, adjust_lr_fn="match_rms_adamw", **options)

    def step(self, closure: None = None) -> None:
        """Move the kernels, whose memory the matrices share."""
        for kernel, matrix in zip(self._kernels, self.param_groups[0]["params"], strict=True):
            matrix.grad = None if kernel.grad is None else _matrix(kernel.grad)
        super().step(closure)

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the kernels' gradients."""
        super().zero_grad(set_to_none)
        for kernel in self._kernels:
            kernel.grad = None


def takes(parameter: nn.Parameter) -> bool:
    """Tell whether it is a kernel that mixes channels, which a depthwise one does not."""
    return parameter.ndim > 1 and parameter.shape[1] > 1


def _matrix(kernel: Tensor) -> Tensor:
    return kernel.permute(0, 2, 3, 1).reshape(len(kernel), -1)
