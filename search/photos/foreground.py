"""What stands in front of a photograph's plain ground."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from search.photos.photo import Box

_SIDE = 160  # pixels that a photograph is shrunk to before it is looked at
_SHADE = 16  # levels that a plain ground may vary by, soft shadows apart
_DIGITS = np.array([65536, 256, 1])  # of a shade's red, green and blue
_FAR = 70  # levels from the ground's colour to the darkest of its shadows
_SLOPE, _SAME = 2.5, 4  # levels a pixel, and levels, below which there is no edge
_SEAM = 30  # levels of the blurred pixels between ground and product that go with the ground
_THING = 0.2  # of the largest thing's area: what is smaller is none
_AROUND = 0.05  # of the longer side, left around the product
_GAIN = 0.7  # share of the photograph above which a crop changes little
_FILLED = 0.2  # share of its box that a product fills at least
_SHARES = (0.03, 0.97)  # a product covers at least and at most so much


def product_box(image: Image.Image) -> Box | None:
    """Give the part of a photograph that the product takes: a square with a little ground around.

    A square, for a narrow frame would show the network the product larger than the catalogue does.
    None without a plain ground, where the product is not one thing in one place, or where it takes
    so much of the photograph that nothing is gained.
    """
    from scipy import ndimage

    mask = foreground_mask(image)
    if mask is None:
        return None
    mask.thumbnail((_SIDE, _SIDE))
    pixels = np.asarray(mask) >= 128
    labels, count = ndimage.label(pixels)
    if not count:
        return None
    sizes = ndimage.sum_labels(pixels, labels, range(1, count + 1))
    things = np.flatnonzero(sizes >= _THING * sizes.max()) + 1  # the rest are specks
    product = np.isin(labels, things)
    top, bottom = _reach(product, 1)
    left, right = _reach(product, 0)
    filled = product[int(top) : int(bottom), int(left) : int(right)].mean()
    side = max(right - left, bottom - top) * (1 + 2 * _AROUND)
    (left, right), (top, bottom) = (
        (max(0.0, (low + high - side) / 2 / length), min(1.0, (low + high + side) / 2 / length))
        for low, high, length in ((left, right, product.shape[1]), (top, bottom, product.shape[0]))
    )
    if filled < _FILLED or (right - left) * (bottom - top) > _GAIN:
        return None
    return round(left, 3), round(top, 3), round(right, 3), round(bottom, 3)


def _reach(product: NDArray[np.bool_], across: int) -> tuple[float, float]:
    """Give where a product (h, w) begins and ends, looking across the other axis."""
    places = np.flatnonzero(product.any(axis=across))
    return float(places[0]), float(places[-1] + 1)


def _slope(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
    """Give the gradient's magnitude of each channel (h, w, c), levels a pixel."""
    from scipy.ndimage import gaussian_filter1d

    # As gaussian_gradient_magnitude of each channel alone, in a third of the calls.
    down, across = (
        gaussian_filter1d(gaussian_filter1d(pixels, 0.7, 1 - axis), 0.7, axis, order=1)
        for axis in (0, 1)
    )
    magnitude: NDArray[np.float32] = np.hypot(down, across)
    return magnitude


def foreground_mask(image: Image.Image) -> Image.Image | None:
    """Give a soft mask ("L", as large as the image) of the product; None without a plain ground.

    The ground has the colour that is usual along the border, and reaches from there as far as it
    meets no edge. So its soft shadows belong to it, a white shirt on white does not, and neither
    does what a handle encloses.
    """
    from scipy import ndimage

    small = image.convert("RGB")
    small.thumbnail((_SIDE, _SIDE))
    pixels = np.asarray(small, dtype=np.float32)
    border = np.ones(pixels.shape[:2], bool)
    border[1:-1, 1:-1] = False
    rim = pixels[border]
    # One number a shade, for rows would be sorted much slower.
    shades, counts = np.unique(rim.astype(np.intp) // _SHADE @ _DIGITS, return_counts=True)
    usual = _SHADE * (shades[counts.argmax()] // _DIGITS % 256 + 0.5)
    plain = np.median(rim[np.abs(rim - usual).max(axis=1) <= _SHADE], axis=0)
    apart = np.abs(pixels - plain).max(axis=2)
    slope = _slope(pixels).max(axis=2)
    even = ((apart <= _FAR) & (slope <= _SLOPE)) | (apart <= _SAME)
    ground = ndimage.binary_propagation(border & even, mask=even)
    ground |= ndimage.binary_dilation(ground) & (apart <= _SEAM)
    if not _SHARES[0] <= 1 - ground.mean() <= _SHARES[1]:
        return None
    mask = Image.fromarray(~ground * np.uint8(255))
    return mask.resize(image.size, Image.Resampling.BILINEAR).filter(ImageFilter.GaussianBlur(0.6))
