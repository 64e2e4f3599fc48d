from __future__ import annotations

from search.catalogue import CataloguePhoto, Product
from search.engine import Hit
from search.engine.bands import Band
from search.insight.trade_off import undominated

PHOTO = CataloguePhoto(1, "x", "0" * 64, "x.png", "x.png", 8, 8)


def hit(
    id: str, score: float, saving: int | None, band: Band | None = "same type", category: str = ""
) -> Hit:
    return Hit(Product(id, category=category), PHOTO, score, 1 - score, 1, saving, band)


def test_undominated_are_those_nothing_beats_in_both():
    hits = [hit("near", 0.95, 100), hit("worse", 0.9, 50), hit("far", 0.7, 900)]
    hits += [hit("equal saving, less similar", 0.6, 900), hit("no saving known", 0.99, None)]
    assert undominated(hits) == {"near", "far"}
    assert undominated([]) == frozenset()


def test_what_is_not_called_of_the_type_is_never_best():
    hits = [hit("boot", 0.8, 100), hit("cap", 0.79, 5000, "not similar"), hit("?", 0.8, 900, None)]
    assert undominated(hits) == {"boot"}
    assert undominated(hits[1:]) == frozenset()


def test_where_nothing_is_called_anything_only_one_type_has_a_best():
    boots = [hit("one", 0.9, 10, None, "boots"), hit("two", 0.8, 20, None, "boots")]
    assert undominated(boots) == {"one", "two"}
    assert undominated([*boots, hit("cap", 0.7, 900, None, "caps")]) == frozenset()


def test_of_equals_in_similarity_the_larger_saving_counts():
    assert undominated([hit("less", 0.9, 10), hit("more", 0.9, 20)]) == {"more"}
