from __future__ import annotations

from search.catalogue import CataloguePhoto, Product
from search.engine import Hit
from search.insight.trade_off import undominated

PHOTO = CataloguePhoto(1, "x", "0" * 64, "x.png", "x.png", 8, 8)


def hit(id: str, score: float, saving: int | None) -> Hit:
    return Hit(Product(id), PHOTO, score, 1 - score, 1, saving)


def test_undominated_are_those_nothing_beats_in_both():
    hits = [hit("near", 0.95, 100), hit("worse", 0.9, 50), hit("far", 0.7, 900)]
    hits += [hit("equal saving, less similar", 0.6, 900), hit("no saving known", 0.99, None)]
    assert undominated(hits) == {"near", "far"}
    assert undominated([]) == frozenset()


def test_of_equals_in_similarity_the_larger_saving_counts():
    assert undominated([hit("less", 0.9, 10), hit("more", 0.9, 20)]) == {"more"}
