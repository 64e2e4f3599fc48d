from __future__ import annotations

import pytest

from search.feedback.interleaving import team_draft, verdict
from search.feedback.store import EventStore
from tests.unit.feedback.customers import interleaved


def test_teams_pick_in_turns_their_best_that_is_left():
    drafted = team_draft((["p", "q", "r"], ["q", "s", "t"]), 4, "seed")
    items = [item for item, _ in drafted]
    assert len(set(items)) == 4
    assert {*items[:2]} <= {"p", "q", "s"}
    for start in (0, 2):
        assert {team for _, team in drafted[start : start + 2]} == {"a", "b"}


def test_a_seed_drafts_the_same_and_chance_is_fair():
    rankings = ([f"a{n}" for n in range(8)], [f"b{n}" for n in range(8)])
    assert team_draft(rankings, 8, "one") == team_draft(rankings, 8, "one")
    first = [team_draft(rankings, 1, str(seed))[0][1] for seed in range(2000)]
    assert first.count("a") == pytest.approx(1000, abs=120)


def test_equal_rankings_are_one_list_and_short_ones_end():
    assert [item for item, _ in team_draft((["p", "q"], ["p", "q"]), 8, "s")] == ["p", "q"]
    assert team_draft(([], []), 8, "s") == []
    assert [item for item, _ in team_draft((["p"], ["q", "r"]), 8, "s")].count("r") == 1


@pytest.mark.parametrize(("good_a", "good_b", "winner"), [(0.6, 0.2, "a"), (0.2, 0.6, "b")])
def test_what_customers_prefer_wins(tmp_path, good_a, good_b, winner):
    events = EventStore(tmp_path)
    events.write(interleaved(300, good_a, good_b))
    found = verdict(events, "colour")
    assert found.winner == winner
    assert found.p_value < 0.01
    assert found.more == 0


def test_equal_settings_have_no_winner_and_need_many_more(tmp_path):
    wrong = 0
    for seed in range(20):
        folder = tmp_path / str(seed)
        folder.mkdir()
        events = EventStore(folder)
        events.write(interleaved(120, 0.4, 0.4, seed=seed))
        found = verdict(events, "colour")
        wrong += found.winner is not None
        assert found.more is None or found.more > 0 or found.winner
    assert wrong <= 3  # one in twenty is to be expected


def test_without_sessions_nothing_is_said(tmp_path):
    found = verdict(EventStore(tmp_path), "colour")
    assert (found.winner, found.p_value, found.more) == (None, 1.0, None)
