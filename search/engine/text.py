"""Products found by words: in names, kinds, categories, brands, colours, materials and ids.

SQLite's FTS5 holds the words of one revision in memory. Every word asked for must be in a product,
in any form ("boot", "boots") and from its beginning ("sneak"). A word that nothing begins with is
taken as a slip of one or two letters of the words that are there.
"""

from __future__ import annotations

import re
import sqlite3
import threading
import unicodedata
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice, takewhile
from typing import Final

import numpy as np
from numpy.typing import NDArray

from search.catalogue import Difference, Product

MOST_WORDS: Final = 12
LONGEST_WORDS: Final = 200  # letters of a query that are looked at

# Weights of the columns in BM25: what a thing is says more than how it is described.
_COLUMNS = {"id": 8.0, "what": 4.0, "name": 3.0, "brand": 2.0, "colour": 2.0, "facts": 1.0}
_INSERT = f"INSERT INTO product (rowid, {', '.join(_COLUMNS)}) VALUES (?{', ?' * len(_COLUMNS)})"
_WORD = re.compile(r"[^\W_]+")
_MOST_BEGUN = 256  # words that one beginning stands for
_SHORT = 2  # letters of a word that stands for itself alone where it is there, as in "T-shirt"
_LETTERS_A_SLIP = 4  # letters of a word to one slip; shorter words than three have none


class TextIndex:
    """The words of the products of one revision, in the order given; safe under threads."""

    def __init__(self, products: Sequence[Product]) -> None:
        connection = _in_memory()
        # The stemmer is for English; other languages' forms are found from their beginning.
        connection.execute(
            f"CREATE VIRTUAL TABLE product USING fts5({', '.join(_COLUMNS)},"
            " tokenize = 'porter unicode61 remove_diacritics 2')"
        )
        with connection:
            connection.executemany(_INSERT, ((n, *_texts(p)) for n, p in enumerate(products)))
        self._hold(connection, np.arange(len(products)))

    def _hold(self, connection: sqlite3.Connection, numbers: NDArray[np.int64]) -> None:
        """Take a table of words, in which each product (n,) has a number."""
        self._connection, self._numbers = connection, numbers
        self._count, self._lock = len(numbers), threading.Lock()
        self._place = np.empty(int(numbers.max(initial=-1)) + 1, np.int64)
        self._place[numbers] = np.arange(len(numbers))

    def followed(
        self, before: Sequence[Product], after: Sequence[Product], since: Difference
    ) -> TextIndex:
        """Give the index of the products after a change, by a copy of this one's table.

        It answers as one made anew: what FTS5 counts for BM25 is counted again with every row.
        """
        text, connection = TextIndex.__new__(TextIndex), _in_memory()
        with self._lock:
            self._connection.backup(connection)
        old = np.setdiff1d(np.arange(len(before)), self._staying(since))
        new = [after[n] for n in since.fresh.tolist()]
        first = len(self._place)
        with connection:
            connection.executemany(
                "DELETE FROM product WHERE rowid = ?", [(n,) for n in self._numbers[old].tolist()]
            )
            connection.executemany(
                _INSERT, ((first + n, *_texts(product)) for n, product in enumerate(new))
            )
        text._hold(connection, since.carried(self._numbers, first + np.arange(len(new))))
        if "_words" in self.__dict__:
            text._learn(self, [before[n] for n in old.tolist()], new)
        return text

    def _staying(self, since: Difference) -> NDArray[np.int64]:
        """Give the former positions of the products that are as they were."""
        now = since.moved(self._count)
        return np.flatnonzero((now >= 0) & ~np.isin(now, since.changed))

    def _learn(self, known: TextIndex, gone: Iterable[Product], came: Iterable[Product]) -> None:
        """Take over the words that are known of another index, but for what came and went."""
        words, vocabulary = known._words.copy(), known._vocabulary.copy()
        change: Counter[str] = Counter(word for p in came for word in _words_of(_texts(p)))
        change.subtract(word for p in gone for word in _words_of(_texts(p)))
        for word, times in change.items():
            had = words[word]
            words[word] += times
            if had and not words[word]:
                del words[word], vocabulary[bisect_left(vocabulary, word)]
            elif words[word] and not had:
                insort(vocabulary, word)
        self.__dict__ |= {"_words": words, "_vocabulary": vocabulary}

    def ranked(self, words: str) -> NDArray[np.int64]:
        """Give the positions (m,) of the products that have all the words, best first (BM25)."""
        if not self._count:
            return np.empty(0, np.int64)
        asked = words_of(words)
        with self._lock:
            terms = [self._term(word) for word in asked]
            if not terms or not all(terms):
                return np.empty(0, np.int64)
            found = self._connection.execute(
                f"SELECT rowid, bm25(product, {', '.join(map(str, _COLUMNS.values()))})"
                " FROM product WHERE product MATCH ?",
                (" AND ".join(terms),),
            ).fetchall()
        positions = self._place[[number for number, _ in found]]
        return positions[np.lexsort((positions, [score for _, score in found]))]

    def mask(self, words: str) -> NDArray[np.bool_]:
        """Tell which products (n,) have all the words; no words are in every product."""
        if not words_of(words):
            return np.ones(self._count, bool)
        has = np.zeros(self._count, bool)
        has[self.ranked(words)] = True
        return has

    def _term(self, word: str) -> str:
        """Write a word as FTS5 asks for it: its forms and what it begins, or what it is a slip of.

        Empty where nothing is near it.
        """
        meant = self.meant(word)
        alternatives = " OR ".join(f'"{each}"' for each in meant)
        return f"({alternatives})" if meant else ""

    def meant(self, word: str) -> list[str]:
        """Give what a word (see `words_of`) stands for, each in any form; none for nothing."""
        forms = [word] if self._is_there(word) else []
        begun = self._begun(word) if not forms or len(word) > _SHORT else []
        return [*forms, *begun] or self._slipped(word)

    def stems(self) -> list[frozenset[str]]:
        """Give the stems of all words of each product, in the order given."""
        with self._lock:
            self._connection.execute(
                "CREATE VIRTUAL TABLE IF NOT EXISTS stem USING fts5vocab(product, instance)"
            )
            rows = self._connection.execute("SELECT DISTINCT doc, term FROM stem").fetchall()
        found: list[set[str]] = [set() for _ in range(self._count)]
        for number, stem in rows:
            found[self._place[number]].add(stem)
        return [frozenset(stems) for stems in found]

    @property
    def vocabulary(self) -> list[str]:
        """The words that are there, sorted."""
        return self._vocabulary

    def _is_there(self, word: str) -> bool:
        found = self._connection.execute(
            "SELECT 1 FROM product WHERE product MATCH ? LIMIT 1", (f'"{word}"',)
        )
        return found.fetchone() is not None

    def _begun(self, word: str) -> list[str]:
        """Give words that begin with a word; a stem would begin others ("bots", "bottoms")."""
        first = bisect_left(self._vocabulary, word)
        rest = islice(self._vocabulary, first, first + _MOST_BEGUN)
        return list(takewhile(lambda each: each.startswith(word), rest))

    def _slipped(self, word: str) -> list[str]:
        """Give the words that are there and fewest slips away: a letter more, less or other."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        slips = min(2, (len(word) + 1) // _LETTERS_A_SLIP)
        if not slips:
            return []
        near = process.extract(
            word, self._vocabulary, scorer=OSA.distance, score_cutoff=slips, limit=None
        )
        least = min((distance for _, distance, _ in near), default=0)
        nearest = [found for found, distance, _ in near if distance == least]
        # People seldom get the first letter wrong.
        return [found for found in nearest if found[0] == word[0]] or nearest

    @cached_property
    def _words(self) -> Counter[str]:
        """How often each word is there, whole as it is written and without accents."""
        rows = self._connection.execute(f"SELECT {', '.join(_COLUMNS)} FROM product")
        words: Counter[str] = Counter()
        for text, times in Counter(text for row in rows for text in row).items():
            words.update(dict.fromkeys(words_of(text, len(text)), times))
        return words

    @cached_property
    def _vocabulary(self) -> list[str]:
        """The words that are there, in order."""
        return sorted(self._words)


def _in_memory() -> sqlite3.Connection:
    return sqlite3.connect(":memory:", check_same_thread=False)


def _words_of(texts: Iterable[str]) -> Iterator[str]:
    """Give the words of each text once."""
    for text in texts:
        yield from set(words_of(text, len(text)))


def words_of(text: str, longest: int = LONGEST_WORDS) -> list[str]:
    """Give the words of a text in small letters without accents, `MOST_WORDS` of a query's."""
    plain = unicodedata.normalize("NFKD", text[:longest]).lower()
    if not plain.isascii():
        plain = "".join(each for each in plain if not unicodedata.combining(each))
    words = _WORD.findall(plain)
    return words[:MOST_WORDS] if longest == LONGEST_WORDS else words


def _texts(product: Product) -> tuple[str, ...]:
    facts = dict(product.attributes)
    what = f"{facts.pop('kind', '')} {product.category}"
    described = " ".join(facts.values())
    return (product.id, what, product.name, product.brand, product.colour, described)
