"""One door for all photographs, of query and catalogue: bytes or a path in, upright RGB out.

Every limit and every refusal lives here. What a photograph claims in its header (format, width,
height) is checked before a single pixel is decoded; only the formats below are ever tried, whatever
the file's name says.
"""

import hashlib
import io
import os
import stat
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    ImageCms,
    ImageFile,
    ImageOps,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from search.errors import PhotoError

MAX_PIXELS: Final = 40_000_000
MAX_BYTES: Final = 20_000_000
MIN_SIDE: Final = 16
EXTENSIONS: Final = frozenset(
    {".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".avif", ".heic", ".heif", ".hif"}
    | {".gif", ".bmp", ".tif", ".tiff"}
)

Box = tuple[float, float, float, float]
"""Left, top, right, bottom as shares 0..1 of the upright photograph."""

_ACCEPTED = "JPEG, PNG, WebP, AVIF, HEIC, GIF, BMP or TIFF"
_BACKGROUND = (255, 255, 255)
_SHOWN_NAME = 80
_HEIF_BRANDS = frozenset(
    (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1")
)
_PROFILE_SPACES = {"L": "GRAY", "RGB": "RGB", "CMYK": "CMYK"}


@dataclass(frozen=True, slots=True)
class Photo:
    """A photograph that passed the door.

    `image` is upright, decoded, mode RGB in sRGB, and shared: never change it in place.
    `sha256` is the digest of the original bytes in hex; for a crop, of the parent's and the box.
    `data` are the original bytes; for a crop, the parent's. `notes` are sentences for the user.
    """

    image: Image.Image
    sha256: str
    data: bytes
    format: str
    notes: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        """Pixels of the upright photograph."""
        return self.image.width

    @property
    def height(self) -> int:
        """Pixels of the upright photograph."""
        return self.image.height


@dataclass(frozen=True, slots=True)
class PhotoFile:
    """A photograph that passed the door before, without its pixels: all a catalogue keeps of it."""

    sha256: str
    data: bytes
    format: str
    width: int
    height: int


def read(source: bytes | os.PathLike[str] | str, *, name: str | None = None) -> Photo:
    """Read a photograph from its bytes or from a file.

    `name` is what the sentence of a refusal calls it; by default the file's own name. Embedded
    colour profiles are converted to sRGB, transparency is laid on white, EXIF orientation is
    applied, deeper samples are scaled to 8 bits, and of several frames the first is taken.

    Raises PhotoError: not a photograph, damaged, over 20 MB, over 40 megapixels, or a side under
    16 pixels.
    """
    if isinstance(source, bytes | bytearray | memoryview):
        data, shown = bytes(source), plain_name(name or "")
        if len(data) > MAX_BYTES:
            raise _too_heavy(shown, len(data))
    else:
        path = Path(source)
        shown = plain_name(name if name is not None else path.name)
        data = _read_file(path, shown)
    label = f"“{shown}”" if shown else "This photograph"
    form = _sniff(data, label)
    try:
        with _OPENERS[form](io.BytesIO(data)) as opened:
            _check_size(opened.size, label)
            notes = _frame_notes(opened, form)
            opened.load()
            _check_size(opened.size, label)
            image, profile_note = _to_srgb(opened)
    except PhotoError:
        raise
    except Image.DecompressionBombError as error:
        raise _too_large(label) from error
    except MemoryError as error:
        raise PhotoError(
            f"{label} needs more memory than there is: save it smaller and try again."
        ) from error
    # Decoders meet hostile bytes here and fail with whatever they have, from SyntaxError to
    # struct.error: all of it means the same to the user.
    except Exception as error:
        raise PhotoError(
            f"{label} is damaged or cut off: copy or download it again, or save it anew as JPEG."
        ) from error
    return Photo(image, hashlib.sha256(data).hexdigest(), data, form, (*notes, *profile_note))


def crop(photo: Photo, box: Box) -> Photo:
    """Cut a part out of a photograph; the whole photograph comes back as it is.

    Raises PhotoError when the box is empty, reaches outside 0..1, or is under 16 pixels a side.
    """
    box = (
        round(float(box[0]), 6),
        round(float(box[1]), 6),
        round(float(box[2]), 6),
        round(float(box[3]), 6),
    )
    left, top, right, bottom = box
    if not (0 <= left < right <= 1 and 0 <= top < bottom <= 1):
        raise PhotoError("The chosen part lies outside the photograph or is empty: choose again.")
    pixels = (
        round(left * photo.width),
        round(top * photo.height),
        round(right * photo.width),
        round(bottom * photo.height),
    )
    if pixels == (0, 0, photo.width, photo.height):
        return photo
    if pixels[2] - pixels[0] < MIN_SIDE or pixels[3] - pixels[1] < MIN_SIDE:
        raise PhotoError(
            f"The chosen part is too small: choose one of at least {MIN_SIDE} pixels a side."
        )
    digest = hashlib.sha256(f"{photo.sha256}:{box}".encode()).hexdigest()
    return Photo(photo.image.crop(pixels), digest, photo.data, photo.format, photo.notes)


def thumbnail(photo: Photo, side: int = 320) -> bytes:
    """Return a JPEG in sRGB without metadata, its longest side at most `side` pixels."""
    small = photo.image.copy()
    small.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=3.0)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=85, optimize=True)
    return out.getvalue()


def plain_name(name: str) -> str:
    """Return a file's name fit for a sentence: no control or bidirectional marks, 80 characters."""
    visible = "".join(c for c in name if unicodedata.category(c)[0] != "C").strip()
    return visible if len(visible) <= _SHOWN_NAME else visible[: _SHOWN_NAME - 1] + "…"


def _read_file(path: Path, shown: str) -> bytes:
    label = f"“{shown}”" if shown else "This photograph"
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # a pipe or a device would never end
            raise PhotoError(f"{label} is not a file: choose a photograph.")
        if status.st_size > MAX_BYTES:
            raise _too_heavy(shown, status.st_size)
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)  # it may have grown meanwhile
    except (FileNotFoundError, NotADirectoryError) as error:
        raise PhotoError(f"{label} is not there: check the name and the folder.") from error
    except PermissionError as error:
        raise PhotoError(f"{label} may not be read: ask for the right to read the file.") from error
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the path
        raise PhotoError(f"{label} cannot be read from the disk: copy it again.") from error
    if len(data) > MAX_BYTES:
        raise _too_heavy(shown, len(data))
    return data


def _too_heavy(shown: str, size: int) -> PhotoError:
    label = f"“{shown}”" if shown else "This photograph"
    return PhotoError(
        f"{label} has {size / 1e6:.1f} MB, more than the {MAX_BYTES // 1_000_000} MB allowed:"
        " save it smaller or compress it more."
    )


def _too_large(label: str, size: tuple[int, int] | None = None) -> PhotoError:
    measured = f"{size[0]} × {size[1]} pixels" if size else "too many pixels"
    return PhotoError(
        f"{label} has {measured}, more than the {MAX_PIXELS // 1_000_000} megapixels allowed:"
        " save it smaller."
    )


def _check_size(size: tuple[int, int], label: str) -> None:
    if size[0] * size[1] > MAX_PIXELS:
        raise _too_large(label, size)
    if min(size) < MIN_SIDE:
        raise PhotoError(
            f"{label} has only {size[0]} × {size[1]} pixels: choose one of at least"
            f" {MIN_SIDE} pixels a side."
        )


def _open_heif(file: io.BytesIO) -> ImageFile.ImageFile:
    from pillow_heif.as_plugin import HeifImageFile  # late: its libraries are large

    opened: ImageFile.ImageFile = HeifImageFile(file)
    return opened


# The classes themselves rather than Image.open: nothing but the sniffed format is tried, a phone's
# multi-picture JPEG is its first picture, and Pillow's bomb warning, which depends on global
# state, is replaced by _check_size.
_OPENERS: Final[dict[str, Callable[[io.BytesIO], ImageFile.ImageFile]]] = {
    "JPEG": JpegImagePlugin.JpegImageFile,
    "PNG": PngImagePlugin.PngImageFile,
    "WEBP": WebPImagePlugin.WebPImageFile,
    "AVIF": AvifImagePlugin.AvifImageFile,
    "HEIF": _open_heif,
    "GIF": GifImagePlugin.GifImageFile,
    "BMP": BmpImagePlugin.BmpImageFile,
    "TIFF": TiffImagePlugin.TiffImageFile,
}


def _sniff(data: bytes, label: str) -> str:
    """Return the format by its first bytes; the name is never believed."""
    head = data[:1024]
    if not data:
        raise PhotoError(f"{label} is empty: copy or download it again.")
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head[:6] in (b"GIF87a", b"GIF89a"):
        return "GIF"
    if head[:2] == b"BM" and len(data) > 26:
        return "BMP"
    if head[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return "TIFF"
    if head[4:8] == b"ftyp":
        end = min(int.from_bytes(head[:4]), len(head))
        brands = {head[8:12], *(head[at : at + 4] for at in range(16, end, 4))}
        if brands & {b"avif", b"avis"}:
            return "AVIF"
        if brands & _HEIF_BRANDS:
            return "HEIF"
    raise PhotoError(f"{label} is {_what(head)}: choose a photograph as {_ACCEPTED}.")


def _what(head: bytes) -> str:
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "a zip archive, not a photograph"
    if head.startswith(b"%PDF"):
        return "a PDF document, not a photograph"
    if b"<svg" in text:
        return "an SVG drawing, not a photograph"
    if text.startswith((b"<!doctype html", b"<html")) or b"<html" in text:
        return "a web page, not a photograph"
    if head[4:8] == b"ftyp":
        return "a video, not a photograph"
    if b"\0" not in head and sum(byte < 9 or 13 < byte < 32 for byte in head) == 0:
        return "a text, not a photograph"
    return "not a photograph in a known format"


def _frame_notes(opened: ImageFile.ImageFile, form: str) -> tuple[str, ...]:
    if form not in ("GIF", "TIFF", "WEBP", "AVIF", "PNG"):
        return ()  # further pictures of a JPEG or HEIC are thumbnails, depth maps and bursts
    frames = int(getattr(opened, "n_frames", 1))
    return (f"Only the first of {frames} frames is used.",) if frames > 1 else ()


def _to_srgb(opened: Image.Image) -> tuple[Image.Image, tuple[str, ...]]:
    """Turn a decoded picture of any mode into upright RGB on white, without metadata."""
    turned = _upright(opened)
    profile = opened.info.get("icc_profile")
    colour, alpha = _eight_bits(turned)
    notes: tuple[str, ...] = ()
    if profile:
        try:
            colour = _through_profile(colour, profile)
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            notes = ("Its colour profile is damaged and was left out.",)
    rgb = colour if colour.mode == "RGB" else colour.convert("RGB")
    if alpha is not None:
        rgb = Image.composite(rgb, Image.new("RGB", rgb.size, _BACKGROUND), alpha)
    clean = rgb.copy() if rgb is opened else rgb
    clean.info = {}  # JPEG comments, profiles and EXIF end here: nothing personal goes on
    return clean, notes


def _upright(opened: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(opened)
    except Exception:  # damaged EXIF costs the orientation, not the photograph
        return opened


def _eight_bits(image: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    """Return the colours as L, RGB or CMYK of 8 bits, and the alpha as L, None where opaque."""
    if image.mode.startswith("I") or image.mode == "F":
        return _scaled(image)
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
        rgba = image.convert("RGBA")
        return rgba.convert("RGB"), rgba.getchannel("A")
    return image.convert("RGB"), None


def _scaled(image: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    """Scale deep grey to 8 bits: white is the sample type's own white, as a file never says it.

    16 bits: 65535. 32-bit integers and floats: the smallest of 1 (floats only), 255, 65535 and
    4294967295 that holds the brightest sample; what is not finite counts as black.
    """
    deep = np.asarray(image)
    if image.mode.startswith("I;16"):
        white = 65535.0
        values = deep.astype(np.float32)
    else:
        values = np.nan_to_num(deep.astype(np.float64), nan=0.0, posinf=0.0, neginf=0.0)
        whites = (1.0, 255.0, 65535.0) if image.mode == "F" else (255.0, 65535.0)
        white = next((w for w in whites if values.max() <= w), max(4294967295.0, values.max()))
    grey = np.rint(np.clip(values / white, 0, 1) * 255).astype(np.uint8)
    clear: Any = image.info.get("transparency")
    alpha = np.where(deep == clear, 0, 255).astype(np.uint8) if isinstance(clear, int) else None
    return Image.fromarray(grey), None if alpha is None else Image.fromarray(alpha)


def _through_profile(colour: Image.Image, profile: bytes) -> Image.Image:
    """Convert to sRGB as image editors do: relative colorimetric with black point compensation."""
    embedded = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    if embedded.profile.xcolor_space.strip() != _PROFILE_SPACES.get(colour.mode):
        return colour  # a profile of another space says nothing about these samples
    if "srgb" in (embedded.profile.profile_description or "").lower():
        return colour
    turned = ImageCms.profileToProfile(
        colour,
        embedded,
        ImageCms.createProfile("sRGB"),
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        outputMode="RGB",
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )
    return turned or colour
