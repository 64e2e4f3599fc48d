"""Photographs encoded by several processes at once: of this machine, or of a Dask cluster.

joblib sends them out in batches. Photographs travel as bytes, so nobody else needs the sender's
disk; they are decoded where they are encoded. Answers are given as they come, not in order. A
process that dies costs the batches it had: they are sent again, and no answer comes twice.
"""

from __future__ import annotations

import contextlib
import threading
import warnings
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from typing import Any

from search import photos
from search.errors import ClusterError, SearchError
from search.network import scheduler
from search.network.compiled import BATCHES
from search.network.extractor import Extractor, Source
from search.network.preparation import Prepared
from search.network.runtime import usable_cores
from search.network.stream import Encoded, See
from search.network.worker import Item, Sent, Work, encode_batch
from search.progress import OnProgress, Reporter

_BATCH_BYTES = 16_000_000  # or one photograph more
_PATIENCE = 3  # times that processes may end with no answer between


@dataclass(frozen=True, slots=True)
class Workers:
    """Who encodes: so many processes of this machine, or the workers of a Dask scheduler.

    `scheduler` is its address, as tcp://host:8786, or tls:// with what Dask's own settings say.
    """

    processes: int = 1
    scheduler: str | None = None


def spread(
    extractor: Extractor,
    sources: Iterable[Source],
    workers: Workers,
    *,
    total: int,
    on_progress: OnProgress | None = None,
    see: See | None = None,
) -> Iterator[Encoded]:
    """Encode any number of photographs as `stream` does, by several processes, in any order.

    The network is not loaded here. `see` must be a function that can be pickled.

    :raises Cancelled: before the next batch, when `on_progress` returned False.
    :raises ClusterError: when the processes cannot be reached, end again and again, or have another
        network.
    """
    reporter = Reporter(on_progress, total)
    batches = _Batches(sources)
    done = failed = 0
    with _runner(workers, extractor) as (parallel, cores):
        work = Work(extractor.recipe(), extractor.fingerprint, see, cores)
        # Closed while the processes can still be told to stop.
        with contextlib.closing(_answers(parallel, work, batches)) as coming:
            for number, answers in coming:
                for place, source, encoded in batches.answered(number, answers):
                    done += 1
                    failed += encoded.error is not None
                    yield replace(encoded, source=source, place=place)
                reporter.report(done, failed=failed)
        batches.refuse_broken()


class _Batches:
    """Sources in batches, each held until its answer is there, so that it can be sent again.

    joblib takes them in threads of its own.
    """

    def __init__(self, sources: Iterable[Source]) -> None:
        self._sources = iter(sources)
        self._held: dict[int, tuple[int, list[Source]]] = {}  # the first place, and the sources
        self._again: deque[int] = deque()
        self._numbered = self._placed = 0
        self._broken: BaseException | None = None
        self._lock = threading.Lock()

    def __iter__(self) -> Iterator[tuple[int, list[Item]]]:
        while (batch := self._next()) is not None:
            yield batch

    def _next(self) -> tuple[int, list[Item]] | None:
        with self._lock:
            if self._again:
                number = self._again.popleft()
                return number, [_item(source) for source in self._held[number][1]]
            chosen: list[Source] = []
            items: list[Item] = []
            size = 0
            while len(items) < BATCHES[-1] and size < _BATCH_BYTES and self._broken is None:
                try:
                    source = next(self._sources)
                except StopIteration:
                    break
                except BaseException as error:  # told in the sender's own thread, once all is in
                    self._broken = error
                    break
                chosen.append(source)
                items.append(_item(source))
                size += _size(items[-1])
            if not items:
                return None
            number, self._numbered = self._numbered, self._numbered + 1
            self._held[number] = self._placed, chosen
            self._placed += len(chosen)
            return number, items

    def answered(
        self, number: int, answers: list[Encoded]
    ) -> Iterator[tuple[int, Source, Encoded]]:
        """Let go of a batch, and give each of its sources with its place and what became of it."""
        first, sources = self._held.pop(number)
        for n, (source, encoded) in enumerate(zip(sources, answers, strict=True)):
            yield first + n, source, encoded

    def send_again(self) -> None:
        """Have what is held, and so was not answered, taken once more."""
        with self._lock:
            self._again = deque(self._held)

    def refuse_broken(self) -> None:
        """Raise what the sources broke off with."""
        if self._broken is not None:
            raise self._broken


def _item(source: Source) -> Item:
    if isinstance(source, Prepared):
        return source
    if isinstance(source, bytes):
        return Sent(source)
    try:
        return Sent(*photos.content(source))
    except SearchError as error:
        return error


def _size(item: Item) -> int:
    if isinstance(item, Sent):
        return len(item.data)
    return sum(each.nbytes for each in item.pixels) if isinstance(item, Prepared) else 0


def _answers(
    parallel: Callable[[], Any], work: Work, batches: _Batches
) -> Generator[tuple[int, list[Encoded]]]:
    """Have batches encoded; where processes of this machine die, others take what they had."""
    from joblib import delayed

    lost = 0
    while True:
        tasks = (delayed(encode_batch)(work, number, items) for number, items in batches)
        answers = parallel()(tasks)
        try:
            for answer in answers:
                lost = 0
                yield answer
            return
        except BrokenProcessPool:
            lost += 1
            if lost > _PATIENCE:
                raise
            batches.send_again()
        finally:
            with warnings.catch_warnings(action="ignore"):  # of what is not waited for
                answers.close()


@contextlib.contextmanager
def _runner(
    workers: Workers, extractor: Extractor
) -> Iterator[tuple[Callable[[], Any], int | None]]:
    """Reach the processes: what makes joblib's runner over them, and the cores for each, if known.

    :raises ClusterError: when they cannot be reached or do not fit.
    """
    from joblib import Parallel

    options = {"batch_size": 1, "return_as": "generator_unordered", "pre_dispatch": "2*n_jobs"}
    if workers.scheduler is not None:
        with scheduler.reached(workers.scheduler, extractor) as backend:
            yield lambda: Parallel(backend=backend, **options), None
        return
    cores = max(1, usable_cores() // workers.processes)
    try:
        yield lambda: Parallel(workers.processes, backend="loky", **options), cores
    except BrokenProcessPool as error:
        raise ClusterError(
            "The processes that encode end again and again, perhaps for want of memory: what is "
            f"encoded is saved; go on with fewer than {workers.processes} workers."
        ) from error
