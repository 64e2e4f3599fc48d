"""Words as an expression of Milvus: the same products are found as by `search.engine.text`."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from search.catalogue import Product
from search.engine.milvus.expressions import NOTHING, all_of, any_of, quoted
from search.engine.text import TextIndex, words_of


class Vocabulary:
    """The words of all products; tells what a word that is asked for stands for."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        self.words = tuple(sorted(set(words)))

    @cached_property
    def _text(self) -> TextIndex:
        # Each word as the only one of a product, so that it is asked for as in the catalogue.
        return TextIndex([Product(word) for word in self.words])

    def condition(self, words: str) -> str:
        """Let through what has all the words; "" for none, which every product has."""
        asked = words_of(words)
        terms = [self._term(self._text.meant(word)) for word in asked]
        return all_of(*terms)

    def _term(self, meant: list[str]) -> str:
        """Let through what has one of these words in any form."""
        single: set[str] = set()
        several = []
        for stems in TextIndex([Product(word) for word in meant]).stems():
            if len(stems) == 1:
                single |= stems
            elif stems:  # one word of ours is several of its
                several.append(_has("all", stems))
        return any_of(_has("any", single) if single else "", *several) if meant else NOTHING


def _has(which: str, stems: Iterable[str]) -> str:
    return f"array_contains_{which}(words, [{', '.join(map(quoted, sorted(stems)))}])"
