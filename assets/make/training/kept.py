"""What the blocks that keep their weights make of the photographs, made once and kept on disk.

With most of a network frozen a step costs a fraction, so that two cores train in minutes.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor

from training import alter, data
from training.convnet import ConvNet
from training.pictures import Pictures

_PART = 64


class Kept:
    """The cells (photographs, views, channels, h, w) in float16 that the first blocks made.

    The first view is the photograph as it is, the others are altered as customers do.
    """

    def __init__(self, path: Path, blocks: int) -> None:
        self.blocks = blocks
        self._cells = np.load(path, mmap_mode="r")

    @property
    def views(self) -> int:
        """How many views there are of each photograph."""
        return int(self._cells.shape[1])

    def cells(self, rows: NDArray[np.int64], views: NDArray[np.int64] | int) -> Tensor:
        """Give one view's cells of each of the rows, (n, channels, h, w)."""
        found = torch.from_numpy(self._cells[rows, views]).float()
        return found.contiguous(memory_format=torch.channels_last)

    def drawn(self, batch: data.Batch, seed: list[int]) -> Tensor:
        """Give cells for a batch: the photograph as it is where the view is mild, else altered."""
        views = np.random.default_rng(seed).integers(1, self.views, len(batch.rows))
        return self.cells(batch.rows, np.where(batch.mild, 0, views))

    @torch.no_grad()
    def features(self, network: ConvNet, rows: NDArray[np.int64]) -> Tensor:
        """Give a network's features (n, size) of the photographs as they are."""
        device = network.convolutions[0].weight.device
        parts = np.array_split(rows, 1 + len(rows) // _PART)
        found = (network.after(self.cells(part, 0).to(device), self.blocks) for part in parts)
        return torch.cat([cells.mean(dim=(2, 3)) for cells in found])


@torch.no_grad()
def make(
    path: Path,
    network: ConvNet,
    blocks: int,
    pictures: Pictures,
    batches: data.Batches,
    *,
    views: int,
    side: int,
    strength: alter.Strength,
    seed: int,
) -> None:
    """Write the cells of so many views of all photographs, at once or not at all."""
    device = pictures.device
    partial = path.with_suffix(".partial")
    cells: NDArray[np.float16] | None = None
    for part in np.array_split(np.arange(pictures.count), 1 + pictures.count // _PART):
        for view in range(views):
            shown = alter.mild(pictures, part, side)
            if view:
                batch = batches.altered(part, [seed, view, int(part[0])])
                generator = Generator(device).manual_seed(seed + 1000 * view + int(part[0]))
                shown = alter.views(pictures, batch, side, strength, generator)
            made = network.before(shown, blocks).to(torch.float16).cpu().numpy()
            if cells is None:
                shape = (pictures.count, views, *made.shape[1:])
                cells = np.lib.format.open_memmap(partial, "w+", np.float16, shape)
            cells[part, view] = made
        print(f"cells of {part[-1] + 1} of {pictures.count} photographs", flush=True)
    del cells
    partial.replace(path)
