"""Any number of photographs to features in constant memory, decoded while the network computes."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice

from search import photos
from search.errors import FeatureError, SearchError
from search.network.compiled import BATCHES
from search.network.extractor import Extractor, Source
from search.network.preparation import Prepared
from search.network.runtime import usable_cores
from search.network.vectors import Feature
from search.progress import OnProgress, Reporter

_DECODING_THREADS = 4


@dataclass(frozen=True, slots=True)
class Encoded:
    """One source of a stream: its unit feature (size,), or the error why it has none.

    `place` is its number among the sources, from 0. `width` and `height` are of the upright
    photograph, 0 where it cannot be read. `seen` is what was asked for beside the feature.
    """

    source: Source
    sha256: str | None
    feature: Feature | None
    error: SearchError | None
    width: int = 0
    height: int = 0
    seen: Feature | None = None
    place: int = 0


See = Callable[[Prepared], Feature | None]
"""Looks at what was prepared of a photograph, in the thread that decoded it."""

Decoded = tuple[Source, Prepared | SearchError, Feature | None]
"""A source, what was prepared of it or why it cannot be read, and what was seen of it."""


def stream(
    extractor: Extractor,
    sources: Iterable[Source],
    *,
    total: int | None = None,
    on_progress: OnProgress | None = None,
    see: See | None = None,
) -> Iterator[Encoded]:
    """Encode any number of photographs in constant memory, in their order.

    Threads decode the next batches while the network computes. A photograph that fails comes as
    an Encoded with its error, the rest go on. `on_progress` is called after every batch, and `see`
    for each photograph that can be read.

    :raises Cancelled: before the next batch, when `on_progress` returned False.
    :raises NetworkError: when the network cannot be loaded.
    """
    if total is None and isinstance(sources, Sized):
        total = len(sources)
    reporter = Reporter(on_progress, total or 0)
    done = failed = 0
    for batch in _decoded(extractor, sources, see):
        for encoded in embedded(extractor, batch, first=done):
            done += 1
            failed += encoded.error is not None
            yield encoded
        reporter.report(done, failed=failed)


def decoded(
    extractor: Extractor, source: Source, see: See | None, *, name: str | None = None
) -> Decoded:
    """Read and prepare a photograph; `name` is what a refusal calls one that is bytes."""
    try:
        if isinstance(source, Prepared):
            prepared = source
        else:
            prepared = extractor.prepare(photos.read(source, name=name, cached=False))
        return source, prepared, None if see is None else see(prepared)
    except SearchError as error:
        return source, error, None


def decoding_threads() -> int:
    """Tell how many threads may decode at once: each has a process decode, and waits for it."""
    return min(usable_cores(), _DECODING_THREADS)


def embedded(extractor: Extractor, batch: Sequence[Decoded], *, first: int) -> Iterator[Encoded]:
    """Encode what was decoded of a batch, whose places are numbered from `first`."""
    features = iter(_features(extractor, [p for _, p, _ in batch if isinstance(p, Prepared)]))
    for place, (source, photo, seen) in enumerate(batch, first):
        if isinstance(photo, SearchError):
            yield Encoded(source, None, None, photo, place=place)
            continue
        feature, error = next(features)
        size = photo.width, photo.height
        yield Encoded(source, photo.sha256, feature, error, *size, seen, place)


def _decoded(
    extractor: Extractor, sources: Iterable[Source], see: See | None
) -> Iterator[list[Decoded]]:
    """Read photographs in threads, at most two batches ahead, and give them in batches."""
    remaining = iter(sources)
    with ThreadPoolExecutor(decoding_threads(), "decode") as pool:
        waiting: deque[Future[Decoded]] = deque()
        try:
            while True:
                room = 2 * BATCHES[-1] - len(waiting)
                waiting.extend(
                    pool.submit(decoded, extractor, source, see)
                    for source in islice(remaining, room)
                )
                if not waiting:
                    return
                yield [waiting.popleft().result() for _ in range(min(BATCHES[-1], len(waiting)))]
        finally:
            for future in waiting:
                future.cancel()


def _features(
    extractor: Extractor, batch: list[Prepared]
) -> list[tuple[Feature | None, FeatureError | None]]:
    """Encode a batch; where one photograph is dead, one by one, to tell which."""
    if not batch:
        return []
    try:
        return [(feature, None) for feature in extractor.embed(batch)]
    except FeatureError as error:
        if len(batch) == 1:
            return [(None, error)]
        return [each for photo in batch for each in _features(extractor, [photo])]
