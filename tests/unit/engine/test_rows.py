"""One contract for every metric."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from sklearn.metrics import pairwise_distances
from sklearn.neighbors import NearestNeighbors

from search.engine import rows as exact
from search.engine.query import METRICS
from search.engine.rows import METRIC_NOTES, SAME_ORDER_AS_COSINE, FeatureRows
from search.errors import FeatureError, QueryError
from tests.unit.engine.features import SIZE, unit_rows


@pytest.fixture(params=METRICS)
def metric(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def rows() -> np.ndarray:
    return unit_rows(300)


@pytest.fixture
def ids() -> np.ndarray:
    return np.random.default_rng(1).permutation(1000)[:300].astype(np.int64)


def brute(ids: np.ndarray, rows: np.ndarray, query: np.ndarray, metric: str) -> list[tuple]:
    """The answer by the definition: all float64 distances, sorted with the id."""
    distances = pairwise_distances(query[None].astype(float), rows.astype(float), metric=metric)[0]
    return sorted(zip(np.round(distances, 6), ids.tolist(), strict=True))


class TestContract:
    def test_agrees_with_scikit_learn(self, metric, ids, rows):
        queries = unit_rows(20, seed=2)
        found = FeatureRows.fit(ids, rows, metric).query(queries, 10)
        expected, positions = (
            NearestNeighbors(metric=metric, algorithm="brute")
            .fit(rows.astype(float))
            .kneighbors(queries.astype(float), 10)
        )
        np.testing.assert_allclose(found.distances, expected, atol=1e-6)
        np.testing.assert_array_equal(found.ids, ids[positions])

    def test_scores_are_cosines_whatever_the_metric(self, metric, ids, rows):
        query = unit_rows(1, seed=3)[0]
        found = FeatureRows.fit(ids, rows, metric).query(query, 12)
        cosine = dict(zip(ids.tolist(), rows @ query, strict=True))
        expected = [cosine[i] for i in found.ids[0].tolist()]
        np.testing.assert_allclose(found.scores[0], expected, atol=1e-6)

    def test_a_row_finds_itself_first_at_distance_0(self, metric, ids, rows):
        found = FeatureRows.fit(ids, rows, metric).query(rows, 1)
        np.testing.assert_array_equal(found.ids[:, 0], ids)
        np.testing.assert_allclose(found.distances, 0, atol=1e-7)
        np.testing.assert_allclose(found.scores, 1, atol=1e-7)

    def test_the_length_of_a_query_does_not_matter(self, metric, ids, rows):
        index = FeatureRows.fit(ids, rows, metric)
        query = unit_rows(1, seed=4)[0]
        for scale in (1e-12, 3.7, 1e12):
            np.testing.assert_array_equal(
                index.query(query * np.float64(scale), 9).ids, index.query(query, 9).ids
            )

    @pytest.mark.parametrize("share", [0.02, 0.5, 1.0])
    def test_candidates_are_masked_before_the_best(self, metric, ids, rows, share):
        index = FeatureRows.fit(ids, rows, metric)
        mask = np.random.default_rng(5).random(len(ids)) < share
        query = unit_rows(1, seed=6)[0]
        found = index.query(query, 4, mask)
        expected = brute(ids[mask], rows[mask], query, metric)[:4]
        assert found.ids[0].tolist() == [i for _, i in expected]

    def test_k_above_the_number_eligible_gives_all_of_them(self, metric, ids, rows):
        index = FeatureRows.fit(ids, rows, metric)
        mask = np.zeros(len(ids), dtype=bool)
        mask[[3, 50, 299]] = True
        assert set(index.query(rows[0], 8, mask).ids[0].tolist()) == set(ids[mask].tolist())
        assert index.query(rows[0], 10_000).ids.shape == (1, len(ids))

    def test_no_candidates_give_no_neighbours(self, metric, ids, rows):
        found = FeatureRows.fit(ids, rows, metric).query(rows[:3], 5, np.zeros(len(ids), bool))
        assert found.ids.shape == found.scores.shape == found.distances.shape == (3, 0)

    def test_an_empty_index_gives_no_neighbours(self, metric):
        for size in (0, SIZE):
            index = FeatureRows.fit(np.empty(0, np.int64), np.empty((0, size)), metric)
            assert len(index) == 0
            assert index.query(unit_rows(2), 5).ids.shape == (2, 0)
            assert index.scores(unit_rows(1)[0])[0].shape == (0,)

    def test_one_product(self, metric, rows):
        found = FeatureRows.fit([7], rows[:1], metric).query(rows[1], 5)
        assert found.ids.tolist() == [[7]]

    def test_ties_go_by_id_in_any_order_of_rows(self, metric, rows):
        """Twelve equal photographs among others, at the border of the k best too."""
        same = np.repeat(rows[:1], 12, axis=0)
        mixed = np.concatenate([rows[1:150], same, rows[150:]])
        ids = np.random.default_rng(7).permutation(len(mixed))
        twins = np.sort(ids[149:161])
        for k in (1, 5, 12):
            found = FeatureRows.fit(ids, mixed, metric).query(rows[0], k)
            assert found.ids[0].tolist() == twins[:k].tolist()
            assert len(set(found.distances[0].tolist())) == 1

    def test_equal_distances_among_different_rows_go_by_id(self, metric):
        corners = np.eye(8, dtype=np.float32)
        query = np.ones(8)
        query[0] = 2
        found = FeatureRows.fit([9, 5, 3, 8, 1, 7, 2, 6], corners, metric).query(query, 4)
        assert found.ids.tolist() == [[9, 1, 2, 3]]

    def test_more_equal_rows_than_are_measured_at_once(self, metric, monkeypatch):
        monkeypatch.setattr(exact, "_ROWS", 16)
        same = np.repeat(unit_rows(1), 100, axis=0)
        found = FeatureRows.fit(np.arange(100)[::-1], same, metric).query(unit_rows(1, seed=1), 40)
        assert found.ids[0].tolist() == list(range(40))

    def test_many_queries_in_blocks_equal_one_by_one(self, metric, ids, rows, monkeypatch):
        index = FeatureRows.fit(ids, rows, metric)
        queries = unit_rows(31, seed=8)
        single = [index.query(query, 6) for query in queries]
        monkeypatch.setattr(exact, "_BLOCK", 7 * len(ids))
        monkeypatch.setattr(exact, "_ROWS", 64)
        many = index.query(queries, 6)
        for part, whole in zip(zip(*single, strict=True), many, strict=True):
            np.testing.assert_array_equal(np.concatenate(part), whole)

    def test_answers_do_not_depend_on_the_thread(self, metric, ids, rows):
        index = FeatureRows.fit(ids, rows, metric)
        queries = unit_rows(24, seed=9)
        with ThreadPoolExecutor(6) as pool:
            found = list(pool.map(lambda query: index.query(query, 5).ids[0], queries))
        np.testing.assert_array_equal(found, index.query(queries, 5).ids)

    @pytest.mark.parametrize("k", [0, -1, 2.5, None, True, "8"])
    def test_k_must_be_a_whole_number_from_1(self, metric, ids, rows, k):
        with pytest.raises(QueryError, match="whole number, 1 or more"):
            FeatureRows.fit(ids, rows, metric).query(rows[0], k)

    @pytest.mark.parametrize(
        ("query", "sentence"),
        [
            (np.full(SIZE, np.nan), "not finite"),
            (np.full(SIZE, np.inf), "not finite"),
            (np.zeros(SIZE), "empty"),
            (np.ones(SIZE + 1), "25"),
            (np.ones((2, 2, SIZE)), "network"),
            (np.float32(1), "network"),
            (["a"] * SIZE, "numbers"),
        ],
    )
    def test_queries_that_cannot_be_answered(self, metric, ids, rows, query, sentence):
        with pytest.raises(QueryError, match=sentence):
            FeatureRows.fit(ids, rows, metric).query(query, 3)

    @pytest.mark.parametrize("mask", [np.ones(299, bool), np.ones(300, int), np.arange(3)])
    def test_masks_that_do_not_fit(self, metric, ids, rows, mask):
        with pytest.raises(QueryError, match="300 rows"):
            FeatureRows.fit(ids, rows, metric).query(rows[0], 3, mask)

    def test_scores_of_all_candidates(self, metric, ids, rows):
        index = FeatureRows.fit(ids, rows, metric)
        query = unit_rows(1, seed=10)[0]
        mask = np.random.default_rng(11).random(len(ids)) < 0.3
        for chosen in (None, mask):
            take = slice(None) if chosen is None else chosen
            found, scores = index.scores(query, chosen)
            np.testing.assert_array_equal(found, ids[take])
            np.testing.assert_allclose(scores, rows[take] @ query, atol=1e-6)

    def test_every_metric_is_explained(self, metric):
        assert METRIC_NOTES[metric].endswith(".")


def test_metrics_said_to_rank_as_cosine_do_and_the_others_do_not(ids, rows):
    queries = unit_rows(20, seed=12)
    cosine = FeatureRows.fit(ids, rows)
    for metric in METRICS:
        same = cosine.with_metric(metric).query(queries, 50).ids == cosine.query(queries, 50).ids
        assert same.all() == (metric in SAME_ORDER_AS_COSINE), metric


def test_another_metric_shares_the_rows(ids, rows):
    index = FeatureRows.fit(ids, rows)
    other = index.with_metric("manhattan")
    assert other.metric == "manhattan"
    assert np.shares_memory(index.rows, other.rows)


def test_an_unknown_metric_is_refused(ids, rows):
    with pytest.raises(QueryError, match="cosine, euclidean"):
        FeatureRows.fit(ids, rows, "hamming")


def test_a_constant_feature_correlates_with_none():
    rows = np.stack([np.full(SIZE, SIZE**-0.5), unit_rows(1)[0]])
    index = FeatureRows.fit([1, 2], rows, "correlation")
    assert index.query(np.ones(SIZE), 2).distances.tolist() == [[1, 1]]
    found = index.query(rows[1], 2)
    assert found.ids.tolist() == [[2, 1]]
    np.testing.assert_allclose(found.distances, [[0, 1]], atol=1e-6)


@pytest.mark.parametrize(
    ("ids", "rows", "sentence"),
    [
        ([1, 2], unit_rows(3), "2 photographs"),
        ([1, 2], unit_rows(2)[0], "2 photographs"),
        ([1, 1], unit_rows(2), "listed twice"),
        ([1, 2], unit_rows(2) * 2, "length 1"),
        ([1, 2], unit_rows(2) * [[1], [np.nan]], "photograph 2 is not finite"),
        ([1, 2], unit_rows(2) * [[0], [1]], "photograph 1"),
    ],
)
def test_rows_that_are_not_an_index(ids, rows, sentence):
    with pytest.raises(FeatureError, match=sentence):
        FeatureRows.fit(ids, rows)


def test_nearest_neighbors_of_scikit_learn_gives_the_same_answers(ids, rows):
    index = FeatureRows.fit(ids, rows)
    queries = unit_rows(20, seed=21)
    distances, positions = index.estimator().kneighbors(queries, 10)
    found = index.with_metric("euclidean").query(queries, 10)
    np.testing.assert_array_equal(ids[positions], found.ids)
    np.testing.assert_allclose(distances, found.distances, atol=1e-6)
    np.testing.assert_array_equal(index.query(queries, 10).ids, found.ids)
