"""Photographs as tensors on the device, from which views are cut there."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor
from torch.nn.functional import avg_pool2d, grid_sample

if TYPE_CHECKING:
    from training import data

_SIDES = (96, 224)  # of the squares that photographs are kept in; larger ones are shrunk
_WHITE = 236  # a background pixel of a shop photograph is at least this light in each channel
_CUT_OUT = (0.05, 0.85)  # a product on white covers at least and at most this share


@dataclass(frozen=True, slots=True)
class Frame:
    """Which part of each photograph a square view shows; pixels of the photograph as kept."""

    centre: Tensor  # (n, 2) x and y
    reach: Tensor  # (n, 2) from the centre to the view's borders
    angle: Tensor  # (n,) radians
    mirrored: Tensor  # (n,) whether left and right are exchanged


class Pictures:
    """Photographs in squares of two sizes, RGB and whether a pixel is the product's.

    `sizes` (n, 2) are width and height as kept, `products` (n, 4) left, top, right and bottom of
    the product where a white background tells it apart (`cut_out`), else the whole photograph.
    """

    def __init__(self, photographs: Sequence[data.Photograph], device: torch.device) -> None:
        self.device, self.count = device, len(photographs)
        with ThreadPoolExecutor() as threads:
            decoded = list(threads.map(_decoded, photographs))
        sizes = np.array([pixels.shape[1::-1] for pixels in decoded])
        self.sizes = torch.from_numpy(sizes).float().to(device)
        self.products = torch.zeros(len(decoded), 4, device=device)
        self.cut_out = np.zeros(len(decoded), bool)
        self._square = np.searchsorted(_SIDES[:-1], sizes.max(axis=1))
        self._place = np.zeros(len(decoded), np.int64)
        self._squares: list[Tensor] = []
        for square, side in enumerate(_SIDES):
            rows = np.flatnonzero(self._square == square)
            self._place[rows] = np.arange(len(rows))
            kept = torch.full((len(rows), 4, side, side), 255, dtype=torch.uint8)
            for place, row in enumerate(rows):
                width, height = sizes[row]
                pixels = torch.from_numpy(decoded[row]).permute(2, 0, 1)
                kept[place, :3, :height, :width] = pixels
            self._squares.append(kept.to(device))
            for part in np.array_split(rows, 1 + len(rows) // 1000):
                self._find_products(part, square)
        shop = np.array([not photograph.home for photograph in photographs])
        self.cut_out &= shop  # what lies behind a product at home is seldom white

    def shown(self, rows: NDArray[np.int64], frame: Frame, side: int) -> Tensor:
        """Give views (n, 4, side, side) from 0 to 255: RGB and the product's mask.

        Beyond a photograph its border goes on. Bilinear, of four samples where it is shrunk.
        """
        found = torch.empty(len(rows), 4, side, side, device=self.device)
        for square, kept in enumerate(self._squares):
            here = np.flatnonzero(self._square[rows] == square)
            if here.size:
                finer = 2 if side < kept.shape[-1] else 1
                places = _grid(frame, here, self.sizes[rows[here]], side * finer)
                views = grid_sample(
                    kept[self._place[rows[here]]].float(), places * (2 / kept.shape[-1]) - 1,
                    padding_mode="border", align_corners=False,
                )  # fmt: skip
                found[here] = avg_pool2d(views, finer) if finer > 1 else views
        return found

    def _find_products(self, rows: NDArray[np.int64], square: int) -> None:
        if not rows.size:
            return
        places, sizes = self._place[rows], self.sizes[rows]
        kept = self._squares[square]
        mask = product_mask(kept[places, :3])
        share = mask.sum(dim=(1, 2)) / sizes.prod(dim=1)
        told = (share > _CUT_OUT[0]) & (share < _CUT_OUT[1])
        kept[places, 3] = mask.to(torch.uint8) * 255
        across, down = (_extent(mask.any(dim=dim)) for dim in (1, 2))
        boxes = torch.stack([across[0], down[0], across[1], down[1]], dim=1)
        whole = torch.cat([torch.zeros_like(sizes), sizes], dim=1)
        self.products[rows] = torch.where(told[:, None], boxes.float(), whole)
        self.cut_out[rows] = told.cpu().numpy()


def product_mask(pixels: Tensor) -> Tensor:
    """Tell products from a white background (n, h, w): what no straight line of white reaches.

    Photographs (n, 3, h, w) in uint8. Lines come from the four borders, so a white print inside a
    product stays with it.
    """
    white = (pixels.amin(dim=1) >= _WHITE).to(torch.uint8)
    reached = torch.zeros_like(white)
    for axis in (1, 2):
        reached |= white.cumprod(dim=axis, dtype=torch.uint8)
        reached |= white.flip(axis).cumprod(dim=axis, dtype=torch.uint8).flip(axis)
    return reached == 0


def _grid(frame: Frame, chosen: NDArray[np.int64], sizes: Tensor, side: int) -> Tensor:
    """Give where each pixel of the views lies in the photographs, (n, side, side, 2)."""
    steps = (torch.arange(side, device=sizes.device) + 0.5) * (2 / side) - 1
    down, across = torch.meshgrid(steps, steps, indexing="ij")
    sign = 1 - 2 * frame.mirrored[chosen].float()[:, None, None]
    reach, angle = frame.reach[chosen], frame.angle[chosen][:, None, None]
    x = across * reach[:, 0, None, None]
    y = down * reach[:, 1, None, None]
    turned = torch.stack(
        [sign * (x * angle.cos() - y * angle.sin()), x * angle.sin() + y * angle.cos()], dim=3
    )
    # Half a pixel inside the border, where bilinear sampling meets nothing but the photograph.
    places = turned + frame.centre[chosen][:, None, None, :]
    limits = sizes[:, None, None, :] - 0.5
    return torch.minimum(places.clamp_min(0.5), limits)


def _extent(any_along: Tensor) -> tuple[Tensor, Tensor]:
    """Give the first and one past the last True of each row."""
    along = any_along.to(torch.uint8)
    return along.argmax(dim=1), along.shape[1] - along.flip(1).argmax(dim=1)


def _decoded(photograph: data.Photograph) -> NDArray[np.uint8]:
    image = photograph.image()
    image.thumbnail((_SIDES[-1], _SIDES[-1]), Image.Resampling.BILINEAR, reducing_gap=3)
    return np.asarray(image).copy()
