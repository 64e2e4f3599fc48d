from __future__ import annotations

import numpy as np
import pytest

from search.errors import EventError
from search.feedback.judgements import (
    EVERYBODY,
    agreement,
    compared,
    comparisons,
    judge_product,
    prefer,
)
from search.feedback.store import EventStore


@pytest.fixture
def events(tmp_path):
    return EventStore(tmp_path)


RANKINGS = ([f"p{n}" for n in range(8)], [f"q{n}" for n in range(8)])


def test_nobody_has_judged(events):
    assert compared(events) == []
    assert comparisons(events, "one", "two") == []
    assert agreement(events).beyond_chance is None


def test_a_preference_is_recovered(events):
    rng = np.random.default_rng(0)
    for n in range(60):
        better = "a" if rng.random() < 0.8 else "b"
        prefer(events, f"judge{n % 3}", f"query{n}", ("colour", "plain"), RANKINGS, better)
    everybody, *judges = comparisons(events, "colour", "plain")
    assert everybody.judge == EVERYBODY
    assert everybody.queries == 60
    assert everybody.preferred.low <= 0.8 <= everybody.preferred.high
    assert everybody.p_value < 0.01
    assert [each.queries for each in judges] == [20, 20, 20]
    assert sum(each.won_a for each in judges) == everybody.won_a


def test_where_a_ranking_was_shown_does_not_matter(events):
    prefer(events, "ann", "q1", ("colour", "plain"), RANKINGS, "a")
    prefer(events, "ann", "q2", ("plain", "colour"), RANKINGS[::-1], "b")
    assert compared(events) == [("colour", "plain")]
    everybody, _ = comparisons(events, "colour", "plain")
    assert (everybody.won_a, everybody.won_b) == (2, 0)


def test_the_last_word_counts_and_equal_decides_nothing(events):
    for better in ("a", "b", "equal"):
        prefer(events, "ann", "q1", ("colour", "plain"), RANKINGS, better)
    everybody, _ = comparisons(events, "colour", "plain")
    assert (everybody.queries, everybody.won_a, everybody.won_b) == (1, 0, 0)


def test_precision_among_the_first_eight_that_were_judged(events):
    prefer(events, "ann", "q1", ("colour", "plain"), RANKINGS, "a")
    for n in range(8):
        judge_product(events, "ann", "q1", f"p{n}", good=n < 6)
    judge_product(events, "ann", "q1", "q0", good=False)
    judge_product(events, "bob", "q1", "q1", good=True)  # not the one who saw the rankings
    everybody, ann = comparisons(events, "colour", "plain")
    assert (everybody.precise_a.hits, everybody.precise_a.trials) == (6, 8)
    assert (ann.precise_b.hits, ann.precise_b.trials) == (0, 1)


def test_agreement_between_judges(events):
    for n in range(10):
        judge_product(events, "ann", "q", f"p{n}", good=n < 5)
        judge_product(events, "bob", "q", f"p{n}", good=n < 6)
    found = agreement(events)
    assert (found.same.hits, found.same.trials) == (9, 10)
    # Scott: by chance 0.55 ** 2 + 0.45 ** 2 agree.
    assert found.beyond_chance == pytest.approx((0.9 - 0.505) / (1 - 0.505))


@pytest.mark.parametrize(("judge", "better"), [("", "a"), ("x" * 101, "a"), ("ann", "left")])
def test_what_is_no_judgement_is_refused(events, judge, better):
    with pytest.raises(EventError):
        prefer(events, judge, "q", ("colour", "plain"), RANKINGS, better)
