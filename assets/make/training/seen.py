"""What a step sees of its photographs: views made anew, or cells that were kept."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from training import alter, data, encode
from training.convnet import ConvNet
from training.kept import Kept
from training.pictures import Pictures
from training.teacher import Teacher

Autocast = Callable[[], AbstractContextManager[Any]]


@dataclass(frozen=True, slots=True)
class Seen:
    """What goes into a network after its first blocks, and the teacher's cells of the same views.

    The views of a batch come first, then mosaics, which have no labels.
    """

    inputs: Tensor
    shown: Tensor | None


class Sight(Protocol):
    """Where a training's views come from; `blocks` of the network have seen them already."""

    blocks: int

    def seen(self, batch: data.Batch, step: int, teacher: Teacher | None) -> Seen:
        """Show a batch."""

    def features(self, network: ConvNet, rows: NDArray[np.int64]) -> Tensor:
        """Give a network's features (n, size) of photographs as they are."""


class Views:
    """Views made for each step, and mosaics of four of them where there is a teacher."""

    blocks = 0

    def __init__(
        self,
        pictures: Pictures,
        side: Callable[[int], int],
        strength: alter.Strength,
        *,
        mosaics: int,
        seed: int,
        autocast: Autocast,
    ) -> None:
        self._pictures, self._side, self._strength = pictures, side, strength
        self._mosaics, self._seed, self._autocast = mosaics, seed, autocast

    def pixels(self, batch: data.Batch, step: int, side: int) -> Tensor:
        """Make a step's views, (n, 3, side, side) from 0 to 255."""
        state = np.random.SeedSequence([self._seed, step]).generate_state(2)
        generator = torch.Generator(self._pictures.device)
        generator.manual_seed(int(state[0]) << 31 | int(state[1]))
        return alter.views(self._pictures, batch, side, self._strength, generator)

    def seen(self, batch: data.Batch, step: int, teacher: Teacher | None) -> Seen:
        """Show a batch to the network and to the teacher."""
        views = self.pixels(batch, step, self._side(step))
        if not teacher:
            return Seen(views, None)
        views = torch.cat([views, alter.mosaics(views, self._mosaics)])
        with self._autocast():
            return Seen(views, teacher.cells(views))

    @torch.no_grad()
    def features(self, network: ConvNet, rows: NDArray[np.int64]) -> Tensor:
        """Give a network's features (n, size) of photographs as they are."""
        with self._autocast():
            return encode.pictures(network, self._pictures, rows, self._side(0))


class KeptViews:
    """Cells kept of each photograph's views; the teacher has seen the photograph as it is."""

    def __init__(self, kept: Kept, *, seed: int, device: torch.device) -> None:
        self.blocks = kept.blocks
        self._kept, self._seed, self._device = kept, seed, device

    def seen(self, batch: data.Batch, step: int, teacher: Teacher | None) -> Seen:
        """Show a batch; the teacher's features count as one cell."""
        cells = self._kept.drawn(batch, [self._seed, step]).to(self._device)
        rows = torch.from_numpy(batch.rows).to(self._device)
        return Seen(cells, teacher.known[rows][:, :, None, None] if teacher else None)

    def features(self, network: ConvNet, rows: NDArray[np.int64]) -> Tensor:
        """Give a network's features (n, size) of photographs as they are."""
        return self._kept.features(network, rows)
