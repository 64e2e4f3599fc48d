"""What the products nearest to a query say of it by their votes.

A score alone doesn't tell whether two things are of one type: a customer's photograph lies far
below studio pictures, by how much depends on its light and ground, and two shoes may be less alike
than a shoe and a bag. What most of the nearest products are tells much better. Each votes with a
weight that falls with its distance from the nearest (Dudani, "The distance-weighted k-nearest-
neighbor rule", 1976), here exponentially, as in neighbourhood components analysis (Goldberger and
others, 2005). From which share of the votes on to believe them is calibrated (see search.engine.
bands).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
from numpy.typing import NDArray

from search.catalogue import Product

VOTERS = 12
SAME = 1e-5  # what two scores of one photograph may differ by

# The difference of two scores that divides a vote's weight by e. With 0.02 to 0.1, and with 8 to 16
# voters, of the demo's customers' photographs as many hits are known to be of their kind.
_SOFTNESS = 0.05
LOOKED_AT = 4 * VOTERS  # nearest products to choose voters from: several may share a photograph


class Labels(Sequence[str]):
    """What is said of each product, by position, worked out where it is asked for."""

    def __init__(self, products: Sequence[Product], say: Callable[[Product], str]) -> None:
        self._products, self._say = products, say

    def __len__(self) -> int:
        return len(self._products)

    @overload
    def __getitem__(self, position: int) -> str: ...

    @overload
    def __getitem__(self, position: slice) -> list[str]: ...

    def __getitem__(self, position: int | slice) -> str | list[str]:
        """Give what is said of a product, or of some."""
        if isinstance(position, slice):
            return [self._say(product) for product in self._products[position]]
        return self._say(self._products[position])


@dataclass(frozen=True, slots=True, eq=False)
class Voters:
    """The nearest products, best first: their positions (m,) and scores (m,)."""

    positions: NDArray[np.int64]
    scores: NDArray[np.float32]

    @classmethod
    def of(cls, positions: NDArray[np.int64], scores: NDArray[np.float32]) -> Voters:
        """Choose the voters among products (n,) and their scores (n,), best first.

        A photograph that several products share, so that they have one score, votes once. One more
        than `VOTERS` is chosen, for one may be the product in question.
        """
        shared = np.zeros(len(scores), bool)
        shared[1:] = scores[:-1] - scores[1:] <= SAME
        chosen = np.flatnonzero(~shared)[: VOTERS + 1]
        return cls(positions[chosen], scores[chosen])

    def share(self, labels: Sequence[str], label: str, but: float | None = None) -> float:
        """Give the share of the votes, 0 to 1, for a label; `labels` are the products'.

        A product of the score `but` has no vote: it is the one in question.
        """
        return self._tally(labels, but).get(label, 0.0) if label else 0.0

    def winner(self, labels: Sequence[str], but: float | None = None) -> tuple[str, float]:
        """Give the label with most votes and its share, "" and 0 where no voter has a label."""
        tally = self._tally(labels, but)
        return max(tally.items(), key=lambda vote: vote[1], default=("", 0.0))

    def _tally(self, labels: Sequence[str], but: float | None) -> dict[str, float]:
        votes: dict[str, float] = {}
        if len(self.scores):
            weights = np.exp((self.scores - self.scores[0]) / _SOFTNESS)
            for position, score, weight in zip(self.positions, self.scores, weights, strict=True):
                label = labels[position]
                if label and (but is None or abs(float(score) - but) > SAME):
                    votes[label] = votes.get(label, 0.0) + float(weight)
        total = sum(votes.values())
        return {label: vote / total for label, vote in votes.items()} if total else {}


def voters(scores: NDArray[np.float32], owner: NDArray[np.int64]) -> Voters:
    """Choose the voters by the scores (n,) of all rows, of products `owner` (n,).

    Rows of a score of minus infinity are left out.
    """
    best = np.full(int(owner.max(initial=-1)) + 1, -np.inf, np.float32)
    np.maximum.at(best, owner, scores)
    most = min(LOOKED_AT, len(best))
    nearest = np.argpartition(-best, most - 1)[:most] if most else np.empty(0, np.int64)
    nearest = nearest[np.argsort(-best[nearest], kind="stable")]
    nearest = nearest[np.isfinite(best[nearest])]
    return Voters.of(nearest, best[nearest])


def type_of(product: Product) -> str:
    """Give what a product is: its kind, else its category, "" where neither is known."""
    return product.attributes.get("kind") or product.category
