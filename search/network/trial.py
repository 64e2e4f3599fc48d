"""Which of two ways is faster on this machine: tried for two seconds, and kept."""

from __future__ import annotations

import contextlib
import json
import statistics
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from search.files import write_atomically
from search.home import machine_folder

SECONDS = 2.0

_known: dict[str, dict[str, float]] = {}  # of this process, where nothing can be written
_lock = threading.Lock()


def kept(key: str) -> dict[str, float] | None:
    """Give the milliseconds of each way that were measured under a key, None where none were."""
    with _lock:
        return _known.get(key) or _read(_file()).get(key)


def try_out(key: str, ways: Mapping[str, Callable[[], object]]) -> dict[str, float]:
    """Run the ways by turns for two seconds, keep the median milliseconds of each, and give them.

    By turns, so that a busy moment hits all alike; each runs once before, uncounted.
    """
    file = _file()
    times: dict[str, list[float]] = {name: [] for name in ways}
    for way in ways.values():
        way()
    end = time.perf_counter() + SECONDS
    while time.perf_counter() < end or not all(times.values()):
        for name, way in ways.items():
            started = time.perf_counter()
            way()
            times[name].append((time.perf_counter() - started) * 1000)
    found = {name: round(statistics.median(each), 2) for name, each in times.items()}
    with _lock:
        _known[key] = found
        with contextlib.suppress(OSError):
            file.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(file, json.dumps(_read(file) | {key: found}, indent=1).encode())
    return found


def _file() -> Path:
    return machine_folder() / "trials.json"


def _read(file: Path) -> dict[str, dict[str, float]]:
    """Read what was kept; nothing where it is missing or damaged."""
    try:
        found = json.loads(file.read_bytes())
        return {
            str(key): {str(name): float(ms) for name, ms in times.items()}
            for key, times in found.items()
        }
    except (OSError, ValueError, AttributeError, TypeError):
        return {}
