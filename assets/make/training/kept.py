"""The cells that frozen blocks make of some views of each photograph, computed once and kept.

Blocks that keep their weights make the same of the same view in each epoch; that is most of a
step's work where one block alone is trained.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import torch
from numpy.random import Generator
from numpy.typing import NDArray
from torch import Tensor

from training import alter, data, vgg

_BATCH = 64


class Cells:
    """Some views' cells of all photographs, each a tensor (photographs, h, w, channels)."""

    def __init__(self, views: Sequence[Tensor], blocks: int) -> None:
        self._views = views
        self.blocks = blocks  # how many made them

    def draw(self, rows: NDArray[np.int64], paired: NDArray[np.int64], rng: Generator) -> Tensor:
        """Give cells (n + pairs, channels, h, w): any view of `rows`, then another of the paired.

        `paired` are places in `rows`.
        """
        first = rng.integers(len(self._views), size=len(rows))
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
) -> Cells:
    """Compute the cells of so many views, in bfloat16, unless `folder` has them already.

    The first views, a share of `strength.mild`, are as they are or mirrored; the rest is altered.
    """
    device = network.mean.device
    shape = (len(photographs), side >> blocks, side >> blocks, vgg.BLOCKS[blocks - 1][-1])
    found = []
    for view in range(views):
        file = folder / f"cells-{view}.bin"
        if not file.is_file():
            partial = file.with_suffix(".partial")
            cells, done = _mapped(partial, shape), 0
            mild = view < round(views * strength.mild)
            for pixels in _drawn(photographs, view, mild, side, strength, seed):
                with torch.no_grad(), torch.autocast(device.type, torch.bfloat16):
                    made = network.below(torch.from_numpy(pixels).to(device).float(), blocks)
                cells[done : done + len(made)] = made.permute(0, 2, 3, 1).to(cells)
                done += len(made)
            partial.replace(file)
            print(f"kept the cells of view {view + 1} of {views}", flush=True)
        found.append(_mapped(file, shape))
    return Cells(found, blocks)


def _drawn(
    photographs: Sequence[data.Photograph],
    view: int,
    mild: bool,
    side: int,
    strength: alter.Strength,
    seed: int,
) -> Iterator[NDArray[np.uint8]]:
    """Give one view of all photographs, (n, 3, side, side) at a time, the next ones made ahead."""
    surroundings = [p for p in photographs if p.home]

    def draw(start: int) -> NDArray[np.uint8]:
        drawn = []
        for row in range(start, min(start + _BATCH, len(photographs))):
            if mild:
                image = alter.mild(photographs[row].image(), side, mirrored=(row + view) % 2 == 1)
            else:
                rng = np.random.default_rng([seed, view, row])
                image = data.altered(photographs[row], side, rng, strength, surroundings)
            drawn.append(data.pixels(image))
        return np.stack(drawn)

    with ThreadPoolExecutor(1) as ahead:
        following = ahead.submit(draw, 0)
        for start in range(_BATCH, len(photographs) + _BATCH, _BATCH):
            drawn = following.result()
            if start < len(photographs):
                following = ahead.submit(draw, start)
            yield drawn


def _mapped(file: Path, shape: tuple[int, ...]) -> Tensor:
    size = int(np.prod(shape))
    return torch.from_file(str(file), shared=True, size=size, dtype=torch.bfloat16).view(shape)
