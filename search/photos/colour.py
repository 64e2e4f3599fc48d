"""Decoded pictures of any mode, depth and colour profile to upright 8-bit RGB in sRGB."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageOps

_BACKGROUND = (255, 255, 255)
_PROFILE_SPACES = {"L": "GRAY", "RGB": "RGB", "CMYK": "CMYK"}
_BITS, _PHOTOMETRIC, _WHITE_IS_ZERO = 258, 262, 0  # TIFF 6.0, section 3
_STRIP = 1_000_000  # pixels of deep samples that are scaled at once
_UNSEEN = 2  # levels of 255 by which a profile's colours may differ from sRGB and count as it


def to_srgb(opened: Image.Image) -> tuple[Image.Image, tuple[str, ...]]:
    """Turn a decoded picture of any mode into upright RGB on white, without metadata.

    The second value are sentences for the user on what was ignored.
    """
    profile = opened.info.get("icc_profile")
    _turn_upright(opened)
    colour, alpha = _eight_bits(opened, getattr(opened, "tag_v2", {}))
    notes: tuple[str, ...] = ()
    if alpha is not None and not _has_any(alpha):  # unused, or written as 0 by mistake
        alpha, notes = None, ("Its transparency hides everything and was ignored.",)
    if profile:
        try:
            colour = _through_profile(colour, profile)
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            notes = (*notes, "Its colour profile is damaged and was ignored.")
    rgb = colour if colour.mode == "RGB" else colour.convert("RGB")
    if alpha is not None:
        ground = Image.new("RGB", rgb.size, _BACKGROUND)
        ground.paste(rgb, mask=alpha)
        rgb = ground
    clean = rgb.copy() if rgb is opened else rgb
    clean.info = {}  # JPEG comments, profiles and EXIF end here: nothing personal goes on
    return clean, notes


def shows_anything(image: Image.Image) -> bool:
    """Whether any pixel of a decoded picture is not wholly transparent."""
    if not image.has_transparency_data:
        return True
    alpha = _eight_bits(image)[1]
    return alpha is None or _has_any(alpha)


def _has_any(alpha: Image.Image) -> bool:
    return alpha.getbbox() is not None


def _turn_upright(opened: Image.Image) -> None:
    """Turn a picture as its EXIF says, in place, as one of 40 megapixels takes 160 MB."""
    # Damaged EXIF costs the orientation, not the photograph.
    with contextlib.suppress(Exception):
        ImageOps.exif_transpose(opened, in_place=True)


def _eight_bits(
    image: Image.Image, tags: Mapping[int, Any] | None = None
) -> tuple[Image.Image, Image.Image | None]:
    """Part into the colours as L, RGB or CMYK of 8 bits, and the alpha as L, None where opaque."""
    if image.mode.startswith("I") or image.mode == "F":
        colour, alpha = _scaled(image, is_12_bits=(tags or {}).get(_BITS) == (12,))
        # Pillow itself turns only samples that are not deep.
        is_negative = (tags or {}).get(_PHOTOMETRIC) == _WHITE_IS_ZERO
        return ImageOps.invert(colour) if is_negative else colour, alpha
    if image.mode == "LAB":
        lab = ImageCms.createProfile("LAB")
        srgb = ImageCms.createProfile("sRGB")
        turned = ImageCms.profileToProfile(image, lab, srgb, outputMode="RGB")
        return turned or image, None
    if image.mode in ("L", "RGB", "CMYK") and not image.has_transparency_data:
        return image, None
    if image.mode == "1" and not image.has_transparency_data:
        return image.convert("L"), None
    if image.mode in ("LA", "La"):
        grey, alpha = image.convert("LA").split()
        return grey, alpha
    if image.has_transparency_data:
        rgba = image if image.mode == "RGBA" else image.convert("RGBA")
        return rgba.convert("RGB"), rgba.getchannel("A")
    return image.convert("RGB"), None


def _scaled(image: Image.Image, *, is_12_bits: bool) -> tuple[Image.Image, Image.Image | None]:
    """Scale deep grey to 8 bits: white is the sample type's own white, as a file never says it.

    12 bits: 4095. 16 bits: 65535. 32-bit integers and floats: the smallest of 1 (floats only),
    255, 65535 and 4294967295 that holds the brightest sample; what is not finite counts as black.
    """
    if image.mode.startswith("I;16"):
        white = 4095.0 if is_12_bits else 65535.0
    else:
        brightest = max(float(_finite(strip).max()) for _, strip in _strips(image))
        whites = (1.0, 255.0, 65535.0) if image.mode == "F" else (255.0, 65535.0)
        white = next((w for w in whites if brightest <= w), max(4294967295.0, brightest))
    clear: Any = image.info.get("transparency")
    grey = Image.new("L", image.size)
    alpha = Image.new("L", image.size, 255) if isinstance(clear, int) else None
    for top, strip in _strips(image):
        values = _finite(strip)
        np.divide(values, white, out=values)
        np.clip(values, 0, 1, out=values)
        shades = np.rint(np.multiply(values, 255, out=values), out=values).astype(np.uint8)
        grey.paste(Image.fromarray(shades), (0, top))
        if alpha is not None:
            alpha.paste(
                Image.fromarray(np.where(strip == clear, 0, 255).astype(np.uint8)), (0, top)
            )
    return grey, alpha


def _strips(image: Image.Image) -> Iterator[tuple[int, NDArray[Any]]]:
    """Give a deep picture in parts, as whole it takes gigabytes: the first row, the samples."""
    rows = max(1, _STRIP // image.width)
    for top in range(0, image.height, rows):
        bottom = min(top + rows, image.height)
        yield top, np.asarray(image.crop((0, top, image.width, bottom)))


def _finite(samples: NDArray[Any]) -> NDArray[np.floating[Any]]:
    """Return samples as new floats, of which those that are not finite are 0."""
    if samples.dtype.kind != "f":
        return samples.astype(np.float64 if samples.itemsize > 2 else np.float32)
    values = samples.astype(np.float64)
    values[~np.isfinite(values)] = 0.0
    return values


def _through_profile(colour: Image.Image, profile: bytes) -> Image.Image:
    embedded = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    if embedded.profile.xcolor_space.strip() != _PROFILE_SPACES.get(colour.mode):
        return colour  # a profile of another space says nothing about these samples
    if colour.mode == "RGB" and _is_srgb(profile):
        return colour
    return _to_srgb(colour, embedded)


@lru_cache(maxsize=8)
def _is_srgb(profile: bytes) -> bool:
    """Whether a profile leaves colours as they are: what it contains counts, not its name."""
    levels = np.linspace(0, 255, 6).round().astype(np.uint8)
    colours = np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(1, -1, 3)
    embedded = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    turned = np.asarray(_to_srgb(Image.fromarray(colours), embedded)).astype(int)
    return bool(np.abs(turned - colours).max() <= _UNSEEN)


def _to_srgb(colour: Image.Image, embedded: ImageCms.ImageCmsProfile) -> Image.Image:
    """Convert as image editors do: relative colorimetric with black point compensation."""
    turned = ImageCms.profileToProfile(
        colour,
        embedded,
        ImageCms.createProfile("sRGB"),
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        outputMode="RGB",
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )
    return turned or colour
