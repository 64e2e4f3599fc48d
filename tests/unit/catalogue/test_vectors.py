"""Rows held in little memory, and changed without a copy of all of them."""

from __future__ import annotations

import numpy as np
import pytest

from search.catalogue import Vectors, vectors
from tests.unit.engine.features import SIZE, unit_rows


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    monkeypatch.setattr(vectors, "BLOCK", 8)


def held(kind: str, rows: np.ndarray) -> Vectors:
    if kind == "compact":
        return Vectors.compact(rows)
    if kind == "plain":
        return Vectors.of(rows)
    half = len(rows) // 2
    return Vectors.joined([Vectors.compact(rows[:half]), Vectors.of(rows[half:])], SIZE)


KINDS = ("compact", "plain", "mixed")


@pytest.mark.parametrize("kind", KINDS)
def test_rows_are_those_that_were_given(kind):
    rows = unit_rows(50)
    found = held(kind, rows)
    assert (found.shape, len(found)) == ((50, SIZE), 50)
    np.testing.assert_allclose(found[:], rows, atol=2e-5)
    np.testing.assert_allclose(np.linalg.norm(found[:], axis=1), 1, atol=1e-6)
    assert ((found[:] * rows).sum(axis=1) > 1 - 1e-6).all()
    whole = found[:]
    for chosen in (3, -1, np.int64(49), [4, 4, 40], slice(3, 30, 2), np.arange(50) % 3 == 0):
        np.testing.assert_array_equal(found[chosen], whole[chosen])
    np.testing.assert_array_equal(np.asarray(found), whole)
    np.testing.assert_array_equal(np.concatenate(list(found.parts())), whole)
    assert found[:].dtype == found[0].dtype == np.float32


@pytest.mark.parametrize("kind", KINDS)
def test_products_are_those_of_the_rows(kind, monkeypatch):
    monkeypatch.setattr(vectors, "_AT_ONCE", 3 * SIZE)
    found, queries = held(kind, unit_rows(50)), unit_rows(4, seed=3)
    np.testing.assert_allclose(found.products(queries), queries @ found[:].T, atol=1e-6)


def test_half_the_bytes_of_float32():
    rows = unit_rows(50)
    assert Vectors.compact(rows).nbytes * 2 == Vectors.of(rows).nbytes == rows.nbytes


def test_a_row_of_zeros_stays_one_and_is_found():
    rows = unit_rows(20)
    rows[[3, 17]] = 0
    found = Vectors.compact(rows)
    assert not found[[3, 17]].any()
    assert found.zeros().tolist() == found.not_unit().tolist() == [3, 17]
    assert found.any()
    assert not Vectors.compact(rows[[3, 17]]).any()


def test_what_is_not_of_length_one_is_found():
    rows = unit_rows(20)
    rows[4] *= 2
    rows[9, 1] = np.nan
    assert Vectors.of(rows).not_unit().tolist() == [4, 9]
    assert Vectors([], 0).not_unit().tolist() == []


@pytest.mark.parametrize("seed", range(30))
def test_a_change_is_as_of_an_array(seed):
    rng = np.random.default_rng(seed)
    before = held(KINDS[seed % 3], unit_rows(int(rng.integers(0, 60)), seed=seed))
    new = held(KINDS[seed // 3 % 3], unit_rows(int(rng.integers(0, 40)), seed=seed + 100))
    gone = np.flatnonzero(rng.random(len(before)) < rng.choice([0, 0.1, 1]))
    count = len(before) - len(gone) + len(new)
    came = np.sort(rng.permutation(count)[: len(new)])
    after = before.changed(gone, came, new)
    expected = np.empty((count, SIZE), np.float32)
    stays = np.ones(count, bool)
    stays[came] = False
    if len(before):
        expected[stays] = np.delete(before[:], gone, axis=0)
    if len(new):
        expected[came] = new[:]
    assert after.shape == (count, SIZE if count else 0)
    if count:
        np.testing.assert_array_equal(after[:], expected)
        assert max(map(len, after.blocks)) < 60
        places = rng.integers(0, count, 25)
        np.testing.assert_array_equal(after.taken(places)[:], expected[places])


def test_only_the_blocks_that_are_touched_are_copied():
    before, new = Vectors.compact(unit_rows(80)), Vectors.compact(unit_rows(2, seed=1))
    after = before.changed(np.array([20]), np.array([60, 81]) - 1, new)
    same = [block for block in after.blocks if any(block is each for each in before.blocks)]
    assert len(same) == len(before.blocks) - 3


def test_the_same_numbers_are_the_same_rows():
    before = Vectors.compact(unit_rows(50))
    again = Vectors.of_numbers(before.numbers(), SIZE)
    np.testing.assert_array_equal(again[:], before[:])
