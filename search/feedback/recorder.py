"""Events written in batches by a thread of their own, so that no search waits for them."""

from __future__ import annotations

import atexit
import contextlib
import logging
import os
import queue
import threading
import time
from pathlib import Path
from typing import Final

from search.errors import EventError
from search.feedback.events import Event
from search.feedback.store import EventStore

SWITCH: Final = "SEARCH_EVENTS"
"""Environment variable: `off` records nothing."""

EVERY = 0.5  # seconds between two writes: what a crash loses at most, with the write itself
_SUMMED_UP_EVERY = 86_400.0  # seconds between looks at what is old enough to be summed up
_WAITING = 100_000  # events; beyond that the disk does not follow and new ones are dropped

_log = logging.getLogger(__name__)


class Recorder:
    """Takes events of one catalogue and writes them soon; safe under threads."""

    def __init__(self, folder: Path, *, every: float = EVERY) -> None:
        self.store = EventStore(folder)
        self._every = every
        self._waiting: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._stopped = threading.Event()
        self._writing = threading.Lock()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._dropped = 0

    def record(self, event: Event) -> None:
        """Take an event; it is written within a second. Nothing is kept where that is off."""
        if not recording():
            return
        if self._waiting.qsize() >= _WAITING:
            self._dropped += 1
            return
        self._waiting.put(event)
        if self._thread is None:
            self._start()

    def flush(self) -> None:
        """Write what waits now."""
        with self._writing:
            events = []
            while True:
                try:
                    events.append(self._waiting.get_nowait())
                except queue.Empty:
                    break
            if not events:
                return
            try:
                self.store.write(events)
            except EventError as error:  # a search is worth more than what is told of it
                _log.warning("%s %d events were lost.", error, len(events))

    def close(self) -> None:
        """Write what waits and stop."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()
        self.flush()

    def _start(self) -> None:
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._serve, name="events", daemon=True)
                self._thread.start()
                atexit.register(self.close)

    def _serve(self) -> None:
        summed_up = float("-inf")
        while not self._stopped.wait(self._every):
            self.flush()
            if time.monotonic() - summed_up > _SUMMED_UP_EVERY:
                summed_up = time.monotonic()
                with contextlib.suppress(EventError):
                    self.store.sum_up()
            if self._dropped:
                _log.warning("%d events were dropped: the disk is too slow.", self._dropped)
                self._dropped = 0


def recording() -> bool:
    """Tell whether events are recorded at all."""
    return os.environ.get(SWITCH, "").strip().lower() not in ("off", "0", "no", "false")


_recorders: dict[Path, Recorder] = {}
_recorders_lock = threading.Lock()


def recorder_of(folder: Path) -> Recorder:
    """Give this process's recorder of a catalogue's folder: one for all who ask."""
    with _recorders_lock:
        if folder not in _recorders:
            _recorders[folder] = Recorder(folder)
        return _recorders[folder]
