"""How far a long task is, in one shape for every task."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a long task is; `seconds_left` is None until it can be told."""

    done: int
    total: int
    seconds_left: float | None
    failed: int


OnProgress = Callable[[Progress], bool | None]
