from __future__ import annotations

import numpy as np
import pytest

from search.engine.relevance import rocchio
from search.errors import FeatureError
from tests.unit.engine.features import unit_rows

NONE = np.empty((0, 3), np.float32)


def test_without_examples_the_query_stays():
    query = unit_rows(1, 3)[0]
    assert rocchio(query, NONE, NONE) == pytest.approx(query)


def test_it_is_the_weighted_sum_of_the_book():
    query, liked, other = unit_rows(3, 3)
    expected = query + 0.75 * (liked + other) / 2 - 0.15 * other
    expected /= np.linalg.norm(expected)
    assert rocchio(query, np.stack([liked, other]), other[None]) == pytest.approx(
        expected, abs=1e-6
    )


def test_it_comes_closer_to_what_is_liked_and_goes_from_what_is_not():
    query, liked, disliked = np.eye(3, dtype=np.float32)
    moved = rocchio(query, liked[None], disliked[None])
    assert moved @ liked > 0.5
    assert moved @ disliked < -0.1
    assert np.linalg.norm(moved) == pytest.approx(1, abs=1e-6)


def test_nothing_left_is_refused():
    query = np.array([1, 0, 0], np.float32)
    with pytest.raises(FeatureError):
        rocchio(query, NONE, query[None] * np.float32(1 / 0.15))
