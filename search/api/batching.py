"""Photographs of several waiting requests, encoded together."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass, field

import numpy as np

from search.errors import FeatureError, OverloadedError
from search.network.extractor import Extractor, Recipe
from search.network.preparation import Prepared
from search.network.registry import Network
from search.network.vectors import Cells, Feature
from search.photos import Photo

TOGETHER = 8  # photographs
LINGER = 0.010  # seconds that a batch waits for more, once photographs come faster than they go
WAITING = 64  # photographs at most that wait for the network
PATIENCE = 20.0  # seconds at most that one waits


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting:
    photo: Photo | Prepared
    cells: Future[Cells] = field(default_factory=Future)


class BatchingExtractor:
    """An `Extractor` whose callers share batches: one thread encodes for all who wait.

    A photograph that comes alone goes at once. Beyond `waiting` photographs a caller is refused,
    so that nobody waits for an answer that comes too late.
    """

    def __init__(
        self,
        extractor: Extractor,
        *,
        together: int = TOGETHER,
        linger: float = LINGER,
        waiting: int = WAITING,
        patience: float = PATIENCE,
    ) -> None:
        self._extractor = extractor
        self._together, self._linger, self._patience = together, linger, patience
        self._queue: queue.Queue[_Waiting | None] = queue.Queue(waiting)
        self._thread = threading.Thread(target=self._serve, name="encode", daemon=True)
        self._thread.start()

    @property
    def fingerprint(self) -> str:
        """What features must share to be compared."""
        return self._extractor.fingerprint

    @property
    def size(self) -> int:
        """Numbers in a feature."""
        return self._extractor.size

    @property
    def network(self) -> Network:
        """The network that encodes."""
        return self._extractor.network

    @property
    def waiting(self) -> int:
        """Photographs that wait for the network now."""
        return self._queue.qsize()

    def recipe(self) -> Recipe:
        """Tell what makes the extractor anew in another process, where nobody shares batches."""
        return self._extractor.recipe()

    def warm(self) -> None:
        """Load whatever the first photograph would have to wait for."""
        self._extractor.warm()

    def prepare(self, photo: Photo) -> Prepared:
        """Reduce a photograph to what the network sees of it."""
        return self._extractor.prepare(photo)

    def embed(self, photos: Sequence[Photo | Prepared]) -> Feature:
        """Give unit rows (n, size); what is encoded for the catalogue waits for nobody.

        :raises FeatureError: when one is all zero or not finite.
        """
        return self._extractor.embed(photos)

    def cells(self, photos: Sequence[Photo | Prepared]) -> Cells:
        """Give the last feature map (n, h, w, size).

        :raises FeatureError: when one is all zero or not finite.
        :raises OverloadedError: when too many photographs wait already, or this one did too long.
        """
        waiting = [_Waiting(photo) for photo in photos]
        try:
            for each in waiting:
                self._queue.put_nowait(each)
            return np.stack([each.cells.result(self._patience) for each in waiting])
        except (queue.Full, FutureTimeout):
            for each in waiting:
                each.cells.cancel()
            raise OverloadedError(
                "Too many photographs are being searched by at this moment: ask again in a few "
                "seconds."
            ) from None

    def close(self) -> None:
        """Encode what waits and stop; nothing may be asked any more."""
        self._queue.put(None)
        self._thread.join()

    def _serve(self) -> None:
        busy = False
        while True:
            batch, ended = self._batch(busy=busy)
            # One who was alone pays no wait; once several came together, more will.
            busy = len(batch) > 1
            batch = [each for each in batch if each.cells.set_running_or_notify_cancel()]
            self._encode(batch)
            if ended:
                return

    def _batch(self, *, busy: bool) -> tuple[list[_Waiting], bool]:
        """Wait for photographs; the second value tells that no more will come."""
        first = self._queue.get()
        if first is None:
            return [], True
        batch, until = [first], time.monotonic() + (self._linger if busy else 0.0)
        while len(batch) < self._together:
            try:
                left = until - time.monotonic()
                each = self._queue.get(timeout=left) if left > 0 else self._queue.get_nowait()
            except queue.Empty:
                break
            if each is None:
                return batch, True
            batch.append(each)
        return batch, False

    def _encode(self, batch: list[_Waiting]) -> None:
        """Encode a batch; where one photograph is refused, one by one, to tell which."""
        if not batch:
            return
        try:
            found = self._extractor.cells([each.photo for each in batch])
        except FeatureError as error:
            if len(batch) == 1:
                batch[0].cells.set_exception(error)
                return
            for each in batch:
                self._encode([each])
        except Exception as error:  # whatever it is, it is for those who asked
            for each in batch:
                each.cells.set_exception(error)
        else:
            for each, cells in zip(batch, found, strict=True):
                each.cells.set_result(cells)
