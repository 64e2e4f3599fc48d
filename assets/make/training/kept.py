"""The cells that frozen blocks make of some views of each photograph, computed once and kept.

Blocks that keep their weights make the same of the same view in each epoch; that is most of a
step's work where one block alone is trained.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.random import Generator
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from training import alter, data, vgg

_BATCH = 64


class Cells:
    """Some views' cells of all photographs, each a tensor (photographs, h, w, channels)."""

    def __init__(self, views: Sequence[Tensor], shares: Sequence[float]) -> None:
        self._views, self._shares = views, shares

    def draw(self, rows: NDArray[np.int64], paired: NDArray[np.int64], rng: Generator) -> Tensor:
        """Give cells (n + pairs, channels, h, w): a view of `rows`, then another of the paired.

        `paired` are places in `rows`. A first view is drawn by the views' shares.
        """
        first = rng.choice(len(self._views), size=len(rows), p=self._shares)
        further = rng.integers(1, len(self._views), size=len(paired))
        views = np.concatenate([first, (first[paired] + further) % len(self._views)])
        places = zip(views, np.concatenate([rows, rows[paired]]), strict=True)
        cells = torch.stack([self._views[view][int(row)] for view, row in places])
        return cells.permute(0, 3, 1, 2)


def keep(
    folder: Path,
    network: vgg.Vgg16,
    blocks: int,
    photographs: Sequence[data.Photograph],
    *,
    views: int,
    side: int,
    strength: alter.Strength,
    seed: int,
    workers: int,
) -> Cells:
    """Compute the cells of so many views, in bfloat16, unless `folder` has them already.

    The first ones, about a share of `strength.mild`, are as they are or mirrored, and drawn for
    that very share of the photographs; the rest is altered. `workers` processes make them ahead.
    """
    milds = round(views * strength.mild)
    if 0 < milds < views:
        shares = [strength.mild / milds] * milds
        shares += [(1 - strength.mild) / (views - milds)] * (views - milds)
    else:
        shares = [1 / views] * views
    device = network.mean.device
    shape = (len(photographs), side >> blocks, side >> blocks, vgg.BLOCKS[blocks - 1][-1])
    found = []
    for view in range(views):
        file = folder / f"cells-{view}.bin"
        if not file.is_file():
            partial = file.with_suffix(".partial")
            cells, done = _mapped(partial, shape), 0
            drawn = _View(photographs, view, view < milds, side, strength, seed)
            # a generator of its own, so that what is drawn later doesn't hang on what was kept
            loader = DataLoader(drawn, batch_size=_BATCH, num_workers=workers,
                                generator=torch.Generator())  # fmt: skip
            for pixels in loader:
                with torch.no_grad(), torch.autocast(device.type, torch.bfloat16):
                    made = network.below(pixels.to(device).float(), blocks)
                cells[done : done + len(made)] = made.permute(0, 2, 3, 1).to(cells)
                done += len(made)
            partial.replace(file)
            print(f"kept the cells of view {view + 1} of {views}", flush=True)
        found.append(_mapped(file, shape))
    return Cells(found, shares)


class _View(Dataset[Tensor]):
    """One view of each photograph, (3, side, side) in uint8."""

    def __init__(
        self,
        photographs: Sequence[data.Photograph],
        view: int,
        mild: bool,
        side: int,
        strength: alter.Strength,
        seed: int,
    ) -> None:
        self._photographs, self._view, self._mild = photographs, view, mild
        self._side, self._strength, self._seed = side, strength, seed
        self._surroundings = [p for p in photographs if p.home]

    def __len__(self) -> int:
        """Give how many photographs there are."""
        return len(self._photographs)

    def __getitem__(self, row: int) -> Tensor:
        """Draw one."""
        photograph = self._photographs[row]
        if self._mild:
            mirrored = (row + self._view) % 2 == 1
            image = alter.mild(photograph.image(), self._side, mirrored=mirrored)
        else:
            rng = np.random.default_rng([self._seed, self._view, row])
            image = data.altered(photograph, self._side, rng, self._strength, self._surroundings)
        return torch.from_numpy(data.pixels(image).copy())


def _mapped(file: Path, shape: tuple[int, ...]) -> Tensor:
    size = int(np.prod(shape))
    return torch.from_file(str(file), shared=True, size=size, dtype=torch.bfloat16).view(shape)
