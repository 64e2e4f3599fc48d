"""Whether what is published is what the catalogue holds, and finds what the exact index finds."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from search.catalogue import Catalogue
from search.engine.exact import ExactIndex
from search.engine.filters import Filters, ProductTable, Where
from search.engine.milvus.address import Address
from search.engine.milvus.index import ENCODED
from search.engine.milvus.published import open_published
from search.engine.milvus.schema import FIRST
from search.errors import IndexUnavailable
from search.progress import OnProgress, Reporter

SAMPLE = 1_000
"""Photographs whose neighbours are compared."""

ENOUGH = 0.98
"""The least share of the exact neighbours that has to be found."""

_K = 10
_EVERYTHING = Where(Filters(in_stock=False, active=False))


@dataclass(frozen=True, slots=True)
class Verification:
    """Counts of the catalogue and of what is published of it, and how many neighbours are found.

    A count is (in the catalogue, published). `recall` is the share of the ten exact neighbours of
    `sampled` photographs that the published index finds, 1 without any.
    """

    revision: int
    products: tuple[int, int]
    buyable: tuple[int, int]
    photographs: tuple[int, int]
    sampled: int
    recall: float

    @property
    def holds(self) -> bool:
        """Whether all counts agree and enough is found."""
        counts = (self.products, self.buyable, self.photographs)
        return all(own == theirs for own, theirs in counts) and self.recall >= ENOUGH

    def to_dict(self) -> dict[str, Any]:
        """Give it as plain values."""
        return {**asdict(self), "holds": self.holds}


def verify(
    catalogue: Catalogue,
    fingerprint: str,
    address: Address,
    *,
    sample: int = SAMPLE,
    seed: int = 0,
    on_progress: OnProgress | None = None,
) -> Verification:
    """Compare what is published with the catalogue's newest revision.

    :raises IndexUnavailable: nothing, or another revision or network, is published there; or Milvus
        does not answer.
    """
    snapshot = catalogue.snapshot(fingerprint)
    published = open_published(address, consistency="Strong")
    if (published.fingerprint, published.revision) != (fingerprint, snapshot.revision):
        raise IndexUnavailable(
            f"Revision {published.revision} of {published.fingerprint} is published at {address}, "
            f"the catalogue is at revision {snapshot.revision} of {fingerprint}: publish it first."
        )
    table, exact, index = (
        ProductTable(snapshot.products, snapshot.group),
        ExactIndex.of(snapshot),
        published.index,
    )
    buyable = len(np.unique(table.group[table.candidates(Where()).mask]))
    chosen = np.random.default_rng(seed).permutation(len(exact))[:sample]
    reporter, found = Reporter(on_progress, len(chosen)), 0
    wanted = 0
    for done, row in enumerate(chosen.tolist(), 1):
        vector = snapshot.vectors[row]
        own = set(exact.search(vector, _K, _EVERYTHING).ids.tolist())
        found += len(own & set(index.search(vector, _K, _EVERYTHING).ids.tolist()))
        wanted += len(own)
        reporter.report(done)
    collection = published.collection
    return Verification(
        snapshot.revision,
        (len(snapshot.products), collection.count(FIRST)),
        (buyable, published.count(Where())),
        (len(exact), collection.count(ENCODED)),
        len(chosen),
        found / wanted if wanted else 1.0,
    )
