"""Similarity against saving: which cheaper look-alikes nothing else beats in both."""

from __future__ import annotations

from collections.abc import Iterable

from search.engine import Hit


def undominated(hits: Iterable[Hit]) -> frozenset[str]:
    """Return the ids of the products that no other beats in both similarity and saving (Pareto)."""
    best: set[str] = set()
    most_saved: int | None = None
    for hit in sorted(hits, key=lambda hit: (-hit.score, -(hit.saving or 0))):
        if hit.saving is not None and (most_saved is None or hit.saving > most_saved):
            most_saved = hit.saving
            best.add(hit.product.id)
    return frozenset(best)
