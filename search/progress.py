"""How far a long task is, in one shape for every task, and how it is stopped."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from search.errors import Cancelled


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a long task is; `seconds_left` is None until it can be estimated."""

    done: int
    total: int
    seconds_left: float | None = None
    failed: int = 0


OnProgress = Callable[[Progress], bool | None]
"""Called after every part of a long task; returning False stops it."""


class Reporter:
    """Reports to a callback how far a task of `total` parts is; the callback may stop it."""

    def __init__(self, on_progress: OnProgress | None, total: int) -> None:
        self._on_progress = on_progress
        self._total = total
        self._started = time.monotonic()

    def report(self, done: int, *, failed: int = 0) -> None:
        """Say that so many parts are done, some of which may have failed.

        :raises Cancelled: the callback returned False.
        """
        if self._on_progress is None:
            return
        total = max(self._total, done)
        spent = time.monotonic() - self._started
        left = spent / done * (total - done) if done and self._total else None
        if self._on_progress(Progress(done, total, left, failed)) is False:
            raise Cancelled("Stopped; no product was changed.")
