"""Which customers' photographs the first screen offers: of ten kinds, the best found of each."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from search.engine import Options, Query, SearchEngine
from search.engine.votes import type_of

SAMPLES = 10
FIRST_ROW = 4  # hits on a screen of usual width


@dataclass(frozen=True, slots=True)
class Candidate:
    """A customer's photograph whose product is in the first row, and how well it is found.

    `alike` of the first eight hits are of its kind; `rank` and `score` are its product's.
    """

    file: str
    kind: str
    category: str
    rank: int
    alike: int
    score: float

    @property
    def worth(self) -> tuple[int, int, float]:
        """What the best have least of."""
        return self.rank, -self.alike, -self.score


def choose_samples(engine: SearchEngine, demo: Path) -> list[str]:
    """Choose the names of the files, the categories by turns.

    Left out are photographs whose product cannot be sold, is not in the first row, or of which
    something wrong is said: that nothing is similar, or another category.

    :raises ValueError: there are fewer than ten kinds.
    """
    with (demo / "customers.csv").open(encoding="utf-8", newline="") as lines:
        shots = list(csv.DictReader(lines))
    found = (_candidate(engine, demo / shot["file"], shot["product"]) for shot in shots)
    best: dict[str, Candidate] = {}
    for candidate in sorted(filter(None, found), key=lambda each: each.worth):
        best.setdefault(candidate.kind, candidate)
    chosen = list(best.values())[:SAMPLES]
    if len(chosen) < SAMPLES:
        raise ValueError(f"only {len(chosen)} kinds are found in the first row")
    return [each.file for each in _by_turns(chosen)]


def _candidate(engine: SearchEngine, file: Path, product_id: str) -> Candidate | None:
    """Search by a photograph; None where it is no sample."""
    result = engine.search(Query((file,)), options=Options(k=2 * FIRST_ROW))
    hit = next((hit for hit in result.hits[:FIRST_ROW] if hit.product.id == product_id), None)
    if hit is None or result.nothing_similar:
        return None
    product = hit.product
    if result.looks_like not in (None, product.category):
        return None
    kind = type_of(product)
    alike = sum(type_of(each.product) == kind for each in result.hits)
    return Candidate(file.name, kind, product.category, hit.rank, alike, hit.score)


def _by_turns(chosen: list[Candidate]) -> list[Candidate]:
    """Arrange the best first, but no category twice before each had its turn."""
    turns = Counter[str]()
    places = []
    for place, each in enumerate(chosen):
        places.append((turns[each.category], place))
        turns[each.category] += 1
    return [chosen[place] for _, place in sorted(places)]
