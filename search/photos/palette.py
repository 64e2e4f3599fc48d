"""How much of which colour a photograph's product has, as a histogram that can be compared."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from search.photos.foreground import foreground_mask

_SIDE = 64  # pixels that a photograph is shrunk to; its colours are all there, and twice as soon
_LIGHTNESS = np.array([12.5, 37.5, 62.5, 87.5])  # centres of the bins, CIE L* of 0 to 100
_OPPONENT = np.arange(-75.0, 76, 25)  # centres of the bins of a* and b*; sRGB reaches about 100
_SHAPE = (len(_LIGHTNESS), len(_OPPONENT), len(_OPPONENT))
_SPREAD = 0.3  # standard deviation of the middle's weight, in sides, where no ground is plain

COLOURS: Final = int(np.prod(_SHAPE))
"""Numbers in a colour histogram."""

# IEC 61966-2-1 (sRGB) to CIE XYZ, rows over the white point D65: white is (1, 1, 1).
_TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
) / np.array([[0.95047], [1.0], [1.08883]])


def colour_histogram(image: Image.Image) -> NDArray[np.float32]:
    """Give the colours of what an RGB picture shows, a unit row (COLOURS,) float32.

    Only the product counts where it stands before a plain ground, else the middle more than the
    rim. Each pixel is shared by the bins around it in CIE L*a*b*, so that a shade beside a border
    is like its neighbour beyond it. Of the shares the root is taken: the product of two such rows
    is the Bhattacharyya coefficient, 1 for equal colours and 0 for none in common.
    """
    small = image.convert("RGB")
    small.thumbnail((_SIDE, _SIDE), reducing_gap=2)
    weights = _weights(small).ravel()
    lab = to_lab(np.asarray(small).reshape(-1, 3)[weights > 0])
    weights = weights[weights > 0]
    histogram = np.zeros(COLOURS)
    sides = [
        _beside(lab[:, n], centres) for n, centres in enumerate((_LIGHTNESS, *[_OPPONENT] * 2))
    ]
    for corner in range(8):
        chosen = [side[corner >> n & 1] for n, side in enumerate(sides)]
        bins = np.ravel_multi_index(tuple(place for place, _ in chosen), _SHAPE)
        share = weights * chosen[0][1] * chosen[1][1] * chosen[2][1]
        histogram += np.bincount(bins, share, COLOURS)
    rooted: NDArray[np.float32] = np.sqrt(histogram / histogram.sum()).astype(np.float32)
    return rooted


def to_lab(rgb: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Turn sRGB (n, 3) uint8 into CIE 1976 L*a*b* (n, 3) under D65 (ISO/CIE 11664-4)."""
    curve = np.arange(256) / 255
    linear = np.where(curve <= 0.04045, curve / 12.92, ((curve + 0.055) / 1.055) ** 2.4)
    xyz = linear[rgb] @ _TO_XYZ.T
    root = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    x, y, z = root.T
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=1)


def _weights(image: Image.Image) -> NDArray[np.float64]:
    """Give what each pixel (h, w) counts: 0 to 1, more than 0 somewhere."""
    mask = foreground_mask(image)
    if mask is not None:
        product = np.asarray(mask, np.float64) / 255
        product[product < 0.5] = 0  # the seam is a mixture with the ground
        if product.any():
            return product
    across, down = (
        np.exp(-(((np.arange(n) + 0.5) / n - 0.5) ** 2) / (2 * _SPREAD**2)) for n in image.size
    )
    return np.outer(down, across)


_Side = tuple[NDArray[np.intp], NDArray[np.float64]]


def _beside(values: NDArray[np.float64], centres: NDArray[np.float64]) -> tuple[_Side, _Side]:
    """Give the bins below and above each value, and the share that each takes of it."""
    step = centres[1] - centres[0]
    place = np.clip((values - centres[0]) / step, 0, len(centres) - 1)
    below = np.minimum(place.astype(np.intp), len(centres) - 2)
    above = place - below
    return (below, 1 - above), (below + 1, above)
