"""The blind page of judgements, driven without a browser."""

from __future__ import annotations

import pytest

from search.engine import colours
from search.feedback.judgements import agreement, comparisons
from search.feedback.settings import Setting
from search.feedback.store import EventStore
from tests.ui.app import press, words

COLOUR, USUAL = sorted((Setting(colour=0.2).name, Setting().name))


@pytest.fixture
def coloured(shop):
    colours.save_missing(shop)
    return shop


def shown(app, side: str) -> list[str]:
    """The products of a side, which are all named after their number."""
    found = [t.key.rpartition("_")[2] for t in app.get("feedback")]
    assert found
    return found


def test_two_rankings_without_names(coloured, page):
    app = page("judge")
    headings = [heading.value for heading in app.header]
    assert headings == ["Left", "Right"]
    assert "What would a customer who looks at this want to see?" in words(app)
    assert "Colour" not in "".join(headings)


def test_a_preference_and_thumbs_are_kept_and_the_next_query_comes(coloured, page):
    app = page("judge")
    first = words(app)
    thumbs = app.get("feedback")
    app = thumbs[0].set_value(1).run()
    app = press(app, "Left is better")
    assert words(app) != first
    events = EventStore(coloured.folder)
    everybody, judge = comparisons(events, COLOUR, USUAL)
    assert everybody.queries == judge.queries == 1
    assert everybody.won_a + everybody.won_b == 1
    assert everybody.precise_a.trials + everybody.precise_b.trials >= 1
    assert [heading.value for heading in app.header][-1] == "What was found"
    app = press(app, "Equally good")
    assert comparisons(events, COLOUR, USUAL)[0].queries == 2


def test_a_query_can_be_skipped(coloured, page):
    app = page("judge")
    first = words(app)
    app = press(app, "Skip")
    assert words(app) != first
    assert comparisons(EventStore(coloured.folder), COLOUR, USUAL) == []


def test_a_setting_with_itself_is_no_comparison(coloured, page):
    app = page("judge")
    app = app.selectbox(key="judge_b").set_value(app.selectbox(key="judge_a").value).run()
    assert "Choose two settings that differ" in words(app)


def test_where_colours_are_not_known_it_says_so(shop, page):
    app = page("judge")
    assert "colours of this catalogue's photographs are not known" in app.error[0].value


def test_nobody_is_agreed_with_alone(coloured, page):
    app = page("judge")
    press(app.get("feedback")[0].set_value(0).run(), "Right is better")
    assert agreement(EventStore(coloured.folder)).beyond_chance is None
