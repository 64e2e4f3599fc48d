"""How this process and those that decode talk: short JSON through pipes, bytes through memory."""

from __future__ import annotations

import json
import mmap
import os
import select
import struct
import sys
import time
from collections.abc import Mapping
from typing import IO, Any, Final

from PIL import Image

REGION: Final = 160_000_000
"""Bytes of the memory that both map: 40 megapixels of 4 bytes."""
BROKEN: Final = (OSError, EOFError, ValueError)
"""What talking fails with when the other side has gone or says nonsense."""
CAN_WAIT: Final = hasattr(select, "poll")
"""Whether one can wait for a pipe until a given time, as Windows cannot."""

_LENGTH = struct.Struct(">I")
_LONGEST = 1_000_000


def send(pipe: IO[bytes], message: Mapping[str, Any], data: bytes = b"") -> None:
    """Send a message, and bytes that it announces.

    :raises OSError: the other side has gone.
    """
    text = json.dumps(message).encode("ascii")
    for part in (_LENGTH.pack(len(text)) + text, data):
        rest = memoryview(part)
        while rest:
            rest = rest[pipe.write(rest) :]
    pipe.flush()


def receive(pipe: IO[bytes], deadline: float | None = None) -> dict[str, Any]:
    """Wait for a message.

    :raises EOFError: the other side has gone.
    :raises ValueError: what it says is no message.
    :raises TimeoutError: there is none by `deadline`, see `read`.
    """
    (length,) = _LENGTH.unpack(read(pipe, _LENGTH.size, deadline))
    if length > _LONGEST:
        raise ValueError("a message without end")
    message = json.loads(read(pipe, length, deadline))
    if not isinstance(message, dict):
        raise ValueError("a message of another kind")
    return message


def read(pipe: IO[bytes], length: int, deadline: float | None = None) -> bytes:
    """Wait for bytes that a message announced.

    :param deadline: of `time.monotonic`, for a pipe without a buffer where `CAN_WAIT`.
    :raises EOFError: the other side has gone.
    :raises TimeoutError: they are not there by then.
    """
    parts = []
    while length > 0:
        if deadline is not None and CAN_WAIT:
            waiting = select.poll()
            waiting.register(pipe, select.POLLIN)
            if not waiting.poll(max(0, 1000 * (deadline - time.monotonic()))):
                raise TimeoutError
        part = pipe.read(length)
        if not part:
            raise EOFError("the other side has gone")
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


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


def copy_pixels(source: Image.Image, target: Image.Image) -> None:
    """Copy between pictures of one size, RGB or RGBX: both take 4 bytes a pixel, so none turns."""
    target.im.paste(source.im, (0, 0, *source.size))
