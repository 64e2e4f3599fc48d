from __future__ import annotations

import pytest

from search.feedback.intervals import needed, sign_test, wilson


@pytest.mark.parametrize(
    ("hits", "trials", "low", "high"),
    [  # Newcombe, "Two-sided confidence intervals for the single proportion", 1998, table I
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_is_what_is_published(hits, trials, low, high):
    share = wilson(hits, trials)
    assert (share.low, share.high) == pytest.approx((low, high), abs=1e-4)
    assert share.value == hits / trials


def test_nothing_tried_is_anything():
    assert (wilson(0, 0).low, wilson(0, 0).high, wilson(0, 0).value) == (0, 1, 0)


def test_all_hits_reach_one():
    assert wilson(10, 10).high == 1


def test_the_sign_test_is_exact():
    assert sign_test(9, 1) == pytest.approx(22 / 1024)
    assert sign_test(5, 5) == sign_test(0, 0) == 1


def test_the_closer_the_more_are_needed():
    assert needed(6, 4) > needed(8, 2) > 0
    assert needed(5, 5) is None
    assert needed(0, 0) is None
    # Power tables: 0.6 against 0.5 at 95% and 80% takes some 194.
    assert needed(60, 40) == pytest.approx(194, abs=2)
