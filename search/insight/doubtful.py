"""Products whose category is doubtful: what looks like them, and what they are called, say so."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.catalogue import Product
from search.engine.votes import Voters

# One other category needs at least this share of the votes, counted and weighed, and so many times
# the votes of the product's own.
_COUNTED, _WEIGHED, _TIMES = 0.4, 0.6, 2

# A word belongs to one of two categories if so many other products there have it, and they are this
# share of those that have it in the two.
_HEARD, _PURE = 4, 0.9
_WORD = re.compile(r"[^\W\d_]{3,}")

_SHOWN = 4  # of the nearest products of the other category, as evidence

Label = Callable[[Product], str]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A product that seems to be of another category; `share` is 0 to 1, `reason` a sentence.

    `evidence` are the nearest products of that category, the nearest first.
    """

    product: Product
    category: str
    share: float
    reason: str
    evidence: tuple[Product, ...]


def doubtful_categories(
    products: Sequence[Product],
    nearest: NDArray[np.intp],
    scores: NDArray[np.float32],
    label: Label,
) -> Iterator[Doubt]:
    """Give the products whose neighbours agree on another category that their name doesn't deny.

    `nearest` (n, k) are the places of each product's nearest others, best first, and `scores`
    (n, k) their cosines. They vote twice: each alike (the rule by which Wilson, "Asymptotic
    properties of nearest neighbor rules using edited data", 1972, drops a sample; ours asks for
    twice as many votes), and each by its closeness (see `search.engine.votes`). A kind of thing
    with few products is outvoted in the first, a single stranger that lies nearest wins the second;
    seldom both err. A product is not doubted if its name has a word that belongs to its own
    category rather than to the other, as “jacket”; brands and colours don't count.
    """
    labels = [label(product) for product in products]
    words = _Words(products, labels)
    for place, (product, own) in enumerate(zip(products, labels, strict=True)):
        around = [labels[n] for n in nearest[place]]
        counted = Counter(filter(None, around))
        if not own or not counted:
            continue
        winner, votes = min(counted.items(), key=lambda vote: (-vote[1], vote[0]))
        weighed = Voters(nearest[place].astype(np.int64), scores[place]).winner(labels)
        share = min(votes / counted.total(), weighed[1])
        agreed = winner == weighed[0] != own and votes >= _TIMES * counted[own]
        if not agreed or votes < _COUNTED * counted.total() or weighed[1] < _WEIGHED:
            continue
        if words.of(place, own, winner):
            continue
        reason = f"{votes} of its {counted.total()} nearest products are under {winner}"
        said = words.of(place, winner, own)
        if said:
            reason += f", and its name says “{said}”."
        else:
            reason += f", and no word of its name belongs to {own}."
        like = [products[n] for n, of in zip(nearest[place], around, strict=True) if of == winner]
        yield Doubt(product, winner, share, reason, tuple(like[:_SHOWN]))


class _Words:
    """The words of all names, and in which categories they occur."""

    def __init__(self, products: Sequence[Product], labels: Sequence[str]) -> None:
        self._labels = labels
        self._words = [_words(product) for product in products]
        self._times = Counter(
            (word, label)
            for words, label in zip(self._words, labels, strict=True)
            for word in words
        )

    def of(self, place: int, label: str, other: str) -> str:
        """Give a word of a product's name that belongs to one category, not to the other, or "".

        The product itself is no witness.
        """
        own = self._labels[place]
        for word in self._words[place]:
            here = self._times[word, label] - (label == own)
            there = self._times[word, other] - (other == own)
            if here >= _HEARD and here >= _PURE * (here + there):
                return word
        return ""


def _words(product: Product) -> tuple[str, ...]:
    """Give the words of a name that may say what the product is."""
    others = {*_WORD.findall(f"{product.brand} {product.colour}".lower())}
    words = dict.fromkeys(_WORD.findall(product.name.lower()))
    return tuple(word for word in words if word not in others)
