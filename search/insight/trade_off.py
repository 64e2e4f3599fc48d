"""Similarity against saving: which cheaper look-alikes nothing else beats in both."""

from __future__ import annotations

from collections.abc import Sequence

from search.engine import Hit
from search.engine.look_alikes import SIMILAR
from search.engine.votes import type_of


def undominated(hits: Sequence[Hit]) -> frozenset[str]:
    """Return the ids of the products that no other beats in both similarity and saving (Pareto).

    Only what is called of the query's type counts: something else may well cost less. Where nothing
    is called anything, products of several types cannot be told apart, so none of them is best.
    """
    alike: Sequence[Hit] = [hit for hit in hits if hit.band in SIMILAR]
    if not any(hit.band for hit in hits) and len({type_of(hit.product) for hit in hits}) == 1:
        alike = hits
    best: set[str] = set()
    most_saved: int | None = None
    for hit in sorted(alike, key=lambda hit: (-hit.score, -(hit.saving or 0))):
        if hit.saving is not None and (most_saved is None or hit.saving > most_saved):
            most_saved = hit.saving
            best.add(hit.product.id)
    return frozenset(best)
