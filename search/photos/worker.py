"""The process that decodes photographs for another: `python -m search.photos.worker`.

Its arguments are the descriptor of the memory shared, -1 for none, and the bytes it may use.

It reads questions from its standard input and ends with it. It limits its own memory, and each
photograph's time by a clock that needs neither the interpreter's lock nor a living parent.
"""

from __future__ import annotations

import contextlib
import faulthandler
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from PIL import Image

from search.errors import PhotoError, UnreadablePhoto
from search.photos.channel import copy_pixels, mapped, open_region, read, receive, send
from search.photos.decoding import decode


def main(descriptor: int, memory: int) -> None:
    """Answer questions until there are no more."""
    _limit_memory(memory)
    questions, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # where a decoder may print what it likes
    region = open_region(descriptor)
    send(answers, {})
    with _clock() as limit:
        while True:
            try:
                question = receive(questions)
            except EOFError:
                return
            size = int(question["size"])
            data = region[:size] if region else read(questions, size)
            limit(question["seconds"])
            answer, image = _answer(question, data)
            if image is None or region is None:
                send(answers, answer, b"" if image is None else image.tobytes())
            else:
                place = mapped(region, image.size)
                copy_pixels(image, place)
                send(answers, answer)
                del place
            limit(0)
            del data, image


def _answer(question: dict[str, Any], data: bytes) -> tuple[dict[str, Any], Image.Image | None]:
    try:
        image, notes = decode(data, question["form"], question["label"])
    except PhotoError as error:
        is_costly = isinstance(error, UnreadablePhoto)
        return {"error": str(error), "is_costly": is_costly}, None
    own, side = image.size, question["side"]
    if side is not None:
        image = smaller(image, side)
    return {"own": own, "size": image.size, "notes": notes}, image


def smaller(image: Image.Image, side: int) -> Image.Image:
    """Shrink a picture to at most so many pixels a side; a smaller one stays as it is."""
    if max(image.size) > side:
        image.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=3.0)
    return image


@contextlib.contextmanager
def _clock() -> Iterator[Callable[[float], object]]:
    """Give what ends this process after so many seconds, never with 0; also in the midst of C."""
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)  # which ends it, as a parent could ignore it
        yield lambda seconds: signal.setitimer(signal.ITIMER_REAL, seconds)
        return
    with Path(os.devnull).open("w") as nowhere:
        yield (
            lambda seconds: (
                faulthandler.dump_traceback_later(seconds, exit=True, file=nowhere)
                if seconds
                else faulthandler.cancel_dump_traceback_later()
            )
        )


def _limit_memory(memory: int) -> None:
    """Limit what this process may allocate, where the system can."""
    with contextlib.suppress(ImportError, OSError, ValueError):  # Windows has no such limits
        import resource

        # On Linux, what is mapped from files or shared does not count; elsewhere all of it does.
        kind = resource.RLIMIT_DATA if sys.platform == "linux" else resource.RLIMIT_AS
        resource.setrlimit(kind, (memory, memory))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
