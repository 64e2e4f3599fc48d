"""How this process and those that decode talk: short JSON through pipes, bytes through memory."""

from __future__ import annotations

import json
import mmap
import os
import struct
import sys
from collections.abc import Mapping
from typing import IO, Any, Final

from PIL import Image

REGION: Final = 160_000_000
"""Bytes of the memory that both map: 40 megapixels of 4 bytes."""
BROKEN: Final = (OSError, EOFError, ValueError)
"""What talking fails with when the other side has gone or says nonsense."""

_LENGTH = struct.Struct(">I")
_LONGEST = 1_000_000


def send(pipe: IO[bytes], message: Mapping[str, Any], data: bytes = b"") -> None:
    """Send a message, and bytes that it announces.

    :raises OSError: the other side has gone.
    """
    text = json.dumps(message).encode("ascii")
    pipe.write(_LENGTH.pack(len(text)) + text)
    pipe.write(data)
    pipe.flush()


def receive(pipe: IO[bytes]) -> dict[str, Any]:
    """Wait for a message.

    :raises EOFError: the other side has gone.
    :raises ValueError: what it says is no message.
    """
    (length,) = _LENGTH.unpack(read(pipe, _LENGTH.size))
    if length > _LONGEST:
        raise ValueError("a message without end")
    message = json.loads(read(pipe, length))
    if not isinstance(message, dict):
        raise ValueError("a message of another kind")
    return message


def read(pipe: IO[bytes], length: int) -> bytes:
    """Wait for bytes that a message announced.

    :raises EOFError: the other side has gone.
    """
    data = pipe.read(length)
    if len(data) < length:
        raise EOFError("the other side has gone")
    return data


def new_region() -> tuple[mmap.mmap, int] | None:
    """Make memory for both sides, and the descriptor to pass on; None where the system has none.

    Only pages that are written to take room. It is sealed, so that the other side cannot shrink it
    under our reading.
    """
    if sys.platform != "linux":
        return None
    import fcntl

    descriptor = os.memfd_create("photograph", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    os.ftruncate(descriptor, REGION)
    fcntl.fcntl(
        descriptor, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL
    )
    return mmap.mmap(descriptor, REGION), descriptor


def open_region(descriptor: int) -> mmap.mmap | None:
    """Map the memory that the other side passed on; None for a descriptor below 0."""
    return None if descriptor < 0 else mmap.mmap(descriptor, REGION)


def mapped(region: mmap.mmap, size: tuple[int, int]) -> Image.Image:
    """Return the picture, RGB and a byte that says nothing, whose pixels lie in a region."""
    pixels: Any = memoryview(region)[: 4 * size[0] * size[1]]
    return Image.frombuffer("RGBX", size, pixels, "raw", "RGBX", 0, 1)
