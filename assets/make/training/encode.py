"""What a network makes of photographs, a part at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from training import data

_BATCH = 64


def photographs(
    network: nn.Module, shown: Sequence[data.Photograph], side: int, device: torch.device
) -> NDArray[np.float32]:
    """Give the features (n, size) of photographs prepared as the search prepares them."""
    parts = (shown[start : start + _BATCH] for start in range(0, len(shown), _BATCH))
    return _features(network, (data.clean(part, side) for part in parts), device)


def pixels(
    network: nn.Module, values: NDArray[np.uint8], device: torch.device
) -> NDArray[np.float32]:
    """Give the features (n, size) of photographs (n, 3, side, side)."""
    parts = (values[start : start + _BATCH] for start in range(0, len(values), _BATCH))
    return _features(network, parts, device)


@torch.no_grad()
def _features(
    network: nn.Module, parts: Iterator[NDArray[np.uint8]], device: torch.device
) -> NDArray[np.float32]:
    rows = (network(torch.from_numpy(part).to(device).float()) for part in parts)
    return np.concatenate([row.float().cpu().numpy() for row in rows])
