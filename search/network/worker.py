"""What runs in a process that encodes for another: on this machine or elsewhere in a cluster.

It is sent photographs as bytes and needs no disk of the sender's, but this program in the same
version, and the network's weights.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from search.errors import ClusterError, SearchError
from search.network.extractor import Extractor, Recipe
from search.network.preparation import Prepared
from search.network.runtime import share_cores
from search.network.stream import Decoded, Encoded, See, decoded, decoding_threads, embedded


@dataclass(frozen=True, slots=True, eq=False)
class Sent:
    """A photograph's bytes, and what a refusal calls it."""

    data: bytes
    name: str | None = None


Item = Sent | Prepared | SearchError
"""A photograph as a worker gets it, or why the sender could not read it."""


@dataclass(frozen=True, slots=True)
class Work:
    """What a worker has to know beside the photographs.

    `fingerprint` is what its features must share with the sender's; `see` can be pickled, as the
    recipe can. `cores` is how many it may use; None: one for each thread that Dask gave it.
    """

    recipe: Recipe
    fingerprint: str
    see: See | None = None
    cores: int | None = None


_held: dict[tuple[Recipe, str], Extractor] = {}  # the one in use: it is loaded once
_holding = threading.Lock()


def encode_batch(work: Work, batch: int, items: Sequence[Item]) -> tuple[int, list[Encoded]]:
    """Encode a batch: its number, and for each item what became of it, without its source.

    Photographs are decoded within the same bounds as anywhere else (see `search.photos`).

    :raises ClusterError: when this process makes features of another fingerprint.
    :raises NetworkError: when the network cannot be loaded here.
    """
    extractor = _extractor(work)

    def read(item: Item) -> Decoded:
        if isinstance(item, SearchError):
            return b"", item, None
        if isinstance(item, Sent):
            return decoded(extractor, item.data, work.see, name=item.name)
        return decoded(extractor, item, work.see)

    with ThreadPoolExecutor(decoding_threads(), "decode") as pool:
        found = list(pool.map(read, items))
    return batch, [replace(each, source=b"") for each in embedded(extractor, found, first=0)]


def _extractor(work: Work) -> Extractor:
    with _holding:
        extractor = _held.get((work.recipe, work.fingerprint))
        if extractor is None:
            share_cores(work.cores or _threads_of_this_worker())
            make, values = work.recipe
            extractor = make(*values)
            refuse_another(socket.gethostname(), extractor.fingerprint, work.fingerprint)
            _held.clear()
            _held[work.recipe, work.fingerprint] = extractor
        return extractor


def is_here() -> bool:
    """Tell, by being found at all, that a process has this program."""
    return True


def fingerprint_here(recipe: Recipe) -> str:
    """Tell what the features share that an extractor makes here.

    :raises NetworkError: when it cannot be made here.
    """
    make, values = recipe
    return make(*values).fingerprint


def refuse_another(place: str, found: str, wanted: str) -> None:
    """Refuse a worker that makes other features.

    :raises ClusterError: saying what to do.
    """
    if found != wanted:
        raise ClusterError(
            f"The worker at {place} has another network ({found} instead of {wanted}): install the "
            "same version of this program, and the same weights, there; then start it anew."
        )


def _threads_of_this_worker() -> int:
    from distributed import get_worker

    return int(get_worker().state.nthreads)
