from __future__ import annotations

import numpy as np
import pytest

from search.errors import Cancelled, FeatureError
from search.network import vectors
from search.network.vectors import (
    cosine_blocks,
    mean_feature,
    sums_by,
    unit_means,
    unit_rows,
    unit_rows_or_zero,
)
from search.progress import Progress


def random_rows(count: int, size: int = 5, seed: int = 0) -> np.ndarray:
    return unit_rows(np.random.default_rng(seed).normal(size=(count, size)))


def test_rows_of_any_float_become_unit_rows():
    rows = unit_rows(np.array([[3.0, 4.0], [0.0, 1e-3]]))
    assert rows.dtype == np.float32
    assert rows == pytest.approx(np.array([[0.6, 0.8], [0, 1]]))


@pytest.mark.parametrize("dead", [0.0, np.nan, np.inf])
def test_a_dead_row_is_named(dead):
    with pytest.raises(FeatureError, match="Photograph 2 of 2"):
        unit_rows(np.array([[1.0, 0], [dead, 0]], np.float32))
    with pytest.raises(FeatureError, match="This photograph"):
        unit_rows(np.array([[dead, 0]], np.float32))


def test_zeros_may_stay_zeros():
    rows = unit_rows_or_zero(np.array([[0.0, 0.0], [0.0, 2.0]]))
    assert rows.dtype == np.float32
    assert rows.tolist() == [[0, 0], [0, 1]]


def test_the_mean_of_two_lies_between_them():
    assert mean_feature(np.eye(2, dtype=np.float32)) == pytest.approx(np.full(2, 0.5**0.5))
    with pytest.raises(FeatureError, match="nothing in common"):
        mean_feature(np.array([[1, 0], [-1, 0]], np.float32))


def test_means_by_owner_are_those_of_each_owner_alone():
    rows, owner = random_rows(9), np.array([7, 2, 7, 7, 5, 2, 9, 9, 9])
    owners, means = unit_means(rows, owner)
    assert owners.tolist() == [2, 5, 7, 9]
    for number, mean in zip(owners, means, strict=True):
        assert mean == pytest.approx(mean_feature(rows[owner == number]), abs=1e-6)
    _, sums = sums_by(rows, owner)
    assert sums[1] == pytest.approx(rows[4])


def test_an_owner_whose_rows_cancel_out_has_a_zero_row():
    _, means = unit_means(np.array([[1, 0], [-1, 0]], np.float32), np.array([3, 3]))
    assert means.tolist() == [[0, 0]]


def test_blocks_together_are_the_whole_product(monkeypatch):
    monkeypatch.setattr(vectors, "_BLOCK", 4)
    rows, others = random_rows(10), random_rows(6, seed=1)
    blocks = list(cosine_blocks(rows, others))
    assert [len(numbers) for numbers, _ in blocks] == [4, 4, 2]
    assert np.concatenate([numbers for numbers, _ in blocks]).tolist() == list(range(10))
    assert np.concatenate([cosines for _, cosines in blocks]) == pytest.approx(
        rows @ others.T, abs=1e-6
    )


def test_some_rows_are_compared_and_told_by_their_numbers(monkeypatch):
    monkeypatch.setattr(vectors, "_BLOCK", 2)
    rows = random_rows(6)
    blocks = list(cosine_blocks(rows, rows, np.array([5, 0, 3])))
    assert [numbers.tolist() for numbers, _ in blocks] == [[5, 0], [3]]
    assert blocks[1][1] == pytest.approx(rows[[3]] @ rows.T, abs=1e-6)


@pytest.mark.parametrize(("rows", "others"), [(0, 3), (3, 0), (0, 0)])
def test_nothing_to_compare_gives_no_block(rows, others):
    assert list(cosine_blocks(random_rows(5)[:rows], random_rows(5)[:others])) == []


def test_progress_is_told_after_each_block_and_stops_it(monkeypatch):
    monkeypatch.setattr(vectors, "_BLOCK", 2)
    told: list[Progress] = []
    list(cosine_blocks(random_rows(5), random_rows(1), on_progress=told.append))
    assert [(p.done, p.total) for p in told] == [(2, 5), (4, 5), (5, 5)]
    with pytest.raises(Cancelled):
        list(cosine_blocks(random_rows(5), random_rows(1), on_progress=lambda _: False))
