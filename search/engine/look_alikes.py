"""What may be called a look-alike: what the words on an answer call of the same style or type.

A score alone does not tell: among a thousand products some bag is more like a shoe than most shoes
are. The words on each product found follow the votes of the nearest products (search.engine.votes),
so what is let through follows the same votes, and the two never disagree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from search.catalogue import Product
from search.engine.bands import Band, Bands
from search.engine.filters import Types
from search.engine.votes import Voters, type_of

SIMILAR: frozenset[Band | None] = frozenset({"near-identical", "same style", "same type"})
"""The words for what is of the query's type."""

SAME_STYLE: frozenset[Band | None] = frozenset({"near-identical", "same style"})
"""The words for what looks the same."""

FEW = 6  # with fewer of the same style, those of the same type are shown too: a row of tiles


@dataclass(frozen=True, slots=True)
class LookAlikes:
    """Which products may be look-alikes, from which score on.

    `floors` are the bands with their lowest scores, the better first: the later is for where few
    pass the first. Without `types` only the score counts.
    """

    floors: tuple[tuple[Band, float], ...]
    types: Types | None = None


def look_alikes(
    bands: Bands | None, pairs: Bands, nearest: Voters, types: Sequence[str], all: Sequence[Product]
) -> LookAlikes:
    """Give what may be called a look-alike of a query.

    `bands` are those that the answer's words come from, None where it has none; `pairs` are the
    catalogue's. `nearest` are the products nearest to the query; by the positions that it has,
    `types` are their types and `all` themselves.
    """
    read = pairs if bands is None else bands
    floors: tuple[tuple[Band, float], ...] = (
        ("same style", read.same_style),
        ("same type", read.same_type),
    )
    # A border that was not found lets nothing through; that of the catalogue's pairs has to do.
    floors = tuple(each for each in floors if np.isfinite(each[1])) or (
        ("same type", pairs.same_type),
    )
    if bands is None or bands.agreement is None or not np.isfinite(bands.agreement):
        return LookAlikes(floors)
    agreed = frozenset(
        label
        for label in {types[position] for position in nearest.positions.tolist()}
        if label and nearest.share(types, label) >= bands.agreement
    )
    also, but = set(), set()
    for position, score in zip(nearest.positions.tolist(), nearest.scores.tolist(), strict=True):
        product = all[position]
        if score >= bands.near_identical:
            also.add(product.id)
        elif nearest.share(types, type_of(product), but=score) < bands.agreement:
            but.add(product.id)
    return LookAlikes(floors, Types(agreed, frozenset(also), frozenset(but)))
