"""What a network makes of photographs, a part at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from training import alter, data
from training.pictures import Pictures

_BATCH = 64


def photographs(
    network: nn.Module, shown: Sequence[data.Photograph], side: int, device: torch.device
) -> NDArray[np.float32]:
    """Give the features (n, size) of photographs prepared exactly as the search prepares them."""
    parts = (shown[start : start + _BATCH] for start in range(0, len(shown), _BATCH))
    pixels = (torch.from_numpy(data.clean(part, side)).to(device).float() for part in parts)
    return views(network, pixels).cpu().numpy()


def pictures(network: nn.Module, shown: Pictures, rows: NDArray[np.int64], side: int) -> Tensor:
    """Give the features (n, size) of photographs as they are, prepared on the device."""
    parts = np.array_split(rows, 1 + len(rows) // _BATCH)
    return views(network, (alter.mild(shown, part, side) for part in parts))


@torch.no_grad()
def views(network: nn.Module, parts: Iterable[Tensor]) -> Tensor:
    """Give the features (n, size) of parts (n, 3, side, side), from 0 to 255."""
    return torch.cat([network(part).float() for part in parts])
