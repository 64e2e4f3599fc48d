"""Photographs are decoded in processes set apart, so that a hostile one costs only itself.

Decoders are large programs in C. A file of a few kilobytes can keep them busy for minutes, make
them ask for gigabytes, or crash them. So every photograph, a visitor's, an import's and the
catalogue's own, is decoded by one of a few worker processes (`search.photos.worker`), which stay
warm. One that takes longer than `SECONDS` is ended, and its memory is limited where the system can
do that; the photograph is then refused in a sentence.

A worker is a program of its own, started afresh and not forked: neither TensorFlow's threads nor
Streamlit's main module are in it. It ends when this process does: with its standard input, or
while it is busy, by its own clock.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from PIL import Image

from search.errors import PhotoError, UnreadablePhoto
from search.photos.bounds import MEMORY, SECONDS
from search.photos.channel import (
    BROKEN,
    CAN_WAIT,
    REGION,
    copy_pixels,
    mapped,
    new_region,
    read,
    receive,
    send,
)
from search.photos.formats import Format

_MOST_WORKERS = 4
_START = 60.0  # seconds that a worker may take to start on a busy machine
_GRACE = 0.3  # seconds by which a worker's own clock comes first
_KEPT_PIXELS = 16_000_000  # a larger photograph's memory goes back to the system with its worker
_PROGRAM = ("-m", "search.photos.worker")
_SETTINGS = {
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"),  # take less memory
    # Memory given back and asked for again is emptied page by page, which costs more than decoding.
    # So each worker keeps what a photograph of 12 megapixels needs.
    "PILLOW_BLOCKS_MAX": "4",  # of 16 MB
    "MALLOC_MMAP_THRESHOLD_": "33554432",
    "MALLOC_TRIM_THRESHOLD_": "67108864",
}
_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Decoded:
    """A photograph's upright RGB image, sentences for the user, and its own size in pixels.

    The image is smaller than that where the caller asked for no more.
    """

    image: Image.Image
    notes: tuple[str, ...]
    width: int
    height: int


class Pool:
    """A few worker processes, started when first needed and used again; threads may share it."""

    def __init__(self, workers: int, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self._seconds = seconds
        self._memory = memory
        self._waiting: list[_Worker] = []
        self._room = threading.BoundedSemaphore(workers)
        self._lock = threading.Lock()

    def decode(self, data: bytes, form: Format, label: str, side: int | None = None) -> Decoded:
        """Decode a photograph as `search.photos.decoding` does.

        :param side: give an image of at most so many pixels a side, where not all are needed.
        :raises PhotoError: when it is refused.
        :raises UnreadablePhoto: when it took too long or too much memory, or broke the decoder.
        """
        with self._worker() as worker:
            question = {"form": form, "label": label, "side": side, "seconds": self._seconds}
            started = time.monotonic()
            try:
                answer = worker.ask(question, data, self._seconds + _GRACE)
                if "error" not in answer:
                    return worker.picture(answer)
            except BROKEN as error:
                worker.end()
                is_late = time.monotonic() - started >= self._seconds
                self.warm()  # so that the next need not wait for a new one
                raise _unreadable(label, self._seconds, is_late=is_late) from error
        kind = UnreadablePhoto if answer.get("is_costly") else PhotoError
        raise kind(str(answer["error"]))

    def warm(self) -> None:
        """Start a worker where none waits, and go on: the first photograph finds it ready."""
        with contextlib.suppress(UnreadablePhoto), self._lock:
            if not self._waiting:
                self._waiting.append(_Worker(self._memory))

    def close(self) -> None:
        """End the workers that wait."""
        with self._lock:
            waiting, self._waiting = self._waiting, []
        for worker in waiting:
            worker.end()

    @contextlib.contextmanager
    def _worker(self) -> Iterator[_Worker]:
        """Lend a living worker, and take it back where it still lives."""
        with self._room:
            with self._lock:
                worker = self._waiting.pop() if self._waiting else None
            if worker is None or not worker.is_alive:  # somebody may have killed it meanwhile
                if worker is not None:
                    worker.end()
                worker = _Worker(self._memory)
            try:
                worker.await_start()
                yield worker
            except BaseException:  # as Ctrl+C in the middle of an answer
                worker.end()
                raise
            if worker.is_alive:
                with self._lock:
                    self._waiting.append(worker)


class _Worker:
    """One process that decodes, one photograph after the other."""

    def __init__(self, memory: int) -> None:
        made = new_region()
        self._region = made[0] if made else None
        descriptor = made[1] if made else -1
        paths = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-W", "ignore", *_PROGRAM, str(descriptor), str(memory)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
                pass_fds=() if made is None else (descriptor,),
                env={**os.environ, **_SETTINGS, "PYTHONPATH": os.pathsep.join(paths)},
            )
        except OSError as error:
            raise _not_started(error.strerror) from error
        finally:
            if made is not None:
                os.close(descriptor)  # what is mapped stays
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._to: IO[bytes] = self._process.stdin
        self._from: IO[bytes] = self._process.stdout
        self._is_started = False

    @property
    def is_alive(self) -> bool:
        """Whether the process can still be asked."""
        return not self._from.closed and self._process.poll() is None

    def await_start(self) -> None:
        """Wait until the process can be asked.

        :raises UnreadablePhoto: it does not start.
        """
        if self._is_started:
            return
        try:
            with self._ended_after(_START) as deadline:
                receive(self._from, deadline)
        except BROKEN as error:
            raise _not_started("it ended at once") from error
        self._is_started = True

    def ask(self, question: Mapping[str, Any], data: bytes, seconds: float) -> dict[str, Any]:
        """Have a photograph decoded; one of `BROKEN` is raised when the process dies of it."""
        with self._ended_after(seconds) as deadline:
            if self._region is not None:
                self._region[: len(data)] = data
            rest = b"" if self._region is not None else data
            send(self._to, {**question, "size": len(data)}, rest)
            return receive(self._from, deadline)

    def picture(self, answer: Mapping[str, Any]) -> Decoded:
        """Take over the picture of an answer, of which nothing is trusted; else raise `BROKEN`."""
        try:
            (width, height), own = map(int, answer["size"]), tuple(map(int, answer["own"]))
            notes = tuple(map(str, answer["notes"]))
        except (KeyError, TypeError) as error:
            raise ValueError("no answer to this question") from error
        if len(own) != 2 or min(width, height, *own) < 1 or 4 * width * height > REGION:
            raise ValueError("a picture of an impossible size")
        if self._region is None:
            with self._ended_after(SECONDS) as deadline:
                samples = read(self._from, 3 * width * height, deadline)
            image = Image.frombytes("RGB", (width, height), samples)
        else:
            # A copy of our own: what is mapped is written over by the next photograph.
            image = Image.new("RGB", (width, height), None)
            copy_pixels(mapped(self._region, image.size), image)
        if own[0] * own[1] > _KEPT_PIXELS:
            self.end()
        return Decoded(image, notes, own[0], own[1])

    def end(self) -> None:
        """Kill the process, and let go of the memory shared with it."""
        self._process.kill()
        for pipe in (self._to, self._from):
            with contextlib.suppress(OSError):
                pipe.close()
        self._process.wait()
        self._region = None

    @contextlib.contextmanager
    def _ended_after(self, seconds: float) -> Iterator[float]:
        """Give the time by which an answer has to be there; no process outlives it by much."""
        deadline = time.monotonic() + seconds
        if CAN_WAIT and self._region is not None:  # what is written is short and never waits
            yield deadline
            return
        timer = threading.Timer(seconds, self._process.kill)
        timer.daemon = True
        timer.start()
        try:
            yield deadline
        finally:
            timer.cancel()
            timer.join()  # so that it cannot strike at the next photograph


def _unreadable(label: str, seconds: float, *, is_late: bool) -> UnreadablePhoto:
    why = f"takes longer to read than {seconds:.0f} seconds" if is_late else "breaks its decoder"
    return UnreadablePhoto(f"{label} {why}: save it again as a JPEG.")


def _not_started(why: str | None) -> UnreadablePhoto:
    return UnreadablePhoto(
        f"Photographs cannot be read now, as the process that reads them does not start ({why}):"
        " start this program anew, and look whether memory and processes are free."
    )


def _new_pool() -> Pool:
    return Pool(max(2, min(_MOST_WORKERS, os.cpu_count() or 1)))


POOL = _new_pool()
"""The workers of this process."""


def _forget() -> None:
    """In a forked process, leave the parent's workers to it."""
    global POOL
    _PARENTS.append(POOL)
    POOL = _new_pool()


_PARENTS: list[Pool] = []


atexit.register(lambda: POOL.close())
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
