from __future__ import annotations

import time

import numpy as np
import pytest

from search.feedback import analytics
from search.feedback.events import Action, Search, Shown
from search.feedback.store import EventStore
from tests.unit.feedback.customers import LOOKED, clicks, search

NOW = 1_800_000_000.0
DAY = 86_400


@pytest.fixture
def events(tmp_path):
    return EventStore(tmp_path)


def test_without_events_everything_is_empty(events):
    assert analytics.overview(events).searches == 0
    assert analytics.click_through(events) == []
    assert analytics.by_day(events) == analytics.savings(events) == []
    assert analytics.never_chosen(events) == analytics.lonely(events) == []
    assert not events.path.exists()


def test_click_through_recovers_what_customers_do(events):
    rng = np.random.default_rng(0)
    told = []
    for number in range(2000):
        shown = [Shown(place, f"P{place}") for place in range(1, 9)]
        found = search(f"session-{number}", number, shown, NOW + number)
        told += [found, *clicks(found, [0.5] * 8, rng)]
    events.write(told)
    measured = analytics.click_through(events)
    assert [position for position, _ in measured] == [*range(1, 9)]
    inside = sum(
        share.low <= LOOKED[position - 1] / 2 <= share.high for position, share in measured
    )
    assert inside >= 7  # of eight intervals of 95%
    assert measured[0][1].value == pytest.approx(0.45, abs=0.04)


def test_two_clicks_on_one_tile_count_once(events):
    found = search("session-1", 1, [Shown(1, "P1"), Shown(2, "P2")], NOW)
    events.write([found, *[Action("click", "session-1", "P1", found.id, NOW)] * 3])
    assert [share.hits for _, share in analytics.click_through(events)] == [1, 0]


def test_the_overview_counts_searches_that_found_nothing(events):
    shown = [Shown(1, "P1")]
    events.write([
        search("session-1", 1, shown, NOW),
        search("session-1", 2, [], NOW),
        Search("search-3x", "session-2", "photograph", "similar", True, "n", (*shown,), at=NOW),
        Action("basket", "session-1", "P1", "search-00000001", NOW),
    ])  # fmt: skip
    found = analytics.overview(events)
    assert (found.searches, found.sessions) == (3, 2)
    assert [s.hits for s in (found.nothing_similar, found.no_result, found.chosen)] == [1, 1, 1]
    assert analytics.overview(events, NOW + 1).searches == 0


def test_savings_shown_and_chosen_in_money(events):
    def cheaper(number: int, *savings: int, currency: str = "EUR") -> Search:
        shown = [Shown(n, f"P{n}", saved, currency) for n, saved in enumerate(savings, 1)]
        return Search(
            f"search-{number:08d}", "session-1", "product", "cheaper", False, "n", tuple(shown),
            product="P00", at=NOW,
        )  # fmt: skip

    events.write([
        cheaper(1, 500, 2000),
        cheaper(2, 300),
        cheaper(3, 900, currency="USD"),
        Action("cheaper", "session-1", "P1", "search-00000001", NOW),
        Action("click", "session-1", "P1", "search-00000001", NOW),
    ])  # fmt: skip
    euro, dollar = analytics.savings(events)
    assert (euro.currency, euro.searches, euro.shown, euro.chosen, euro.choices) == (
        *("EUR", 2, 2300, 500, 1),
    )
    assert (dollar.shown, dollar.chosen, dollar.choices) == (900, 0, 0)


def test_products_often_seen_and_never_chosen(events):
    told = []
    for number in range(30):
        found = search(f"session-{number}", number, [Shown(1, "loved"), Shown(2, "dull")], NOW)
        told += [found, Action("click", found.session, "loved", found.id, NOW)]
    events.write([*told, search("session-x1", 99, [Shown(1, "rare")], NOW)])
    names = [each.product for each in analytics.never_chosen(events)]
    assert names == ["dull", "loved"]


def test_products_that_find_nothing_good(events):
    events.write([
        Search(f"lonely-{n}", "session-1", "product", "similar", n < 3, "n", (), "odd", 0.2, at=NOW)
        for n in range(4)
    ] + [search("session-2", 50, [Shown(1, "P1")], NOW)])  # fmt: skip
    (found,) = analytics.lonely(events)
    assert (found.product, found.searches, found.nothing_similar) == ("odd", 4, 4)
    assert found.best == pytest.approx(0.2)


def test_old_days_are_summed_and_still_counted(events):
    old = search("session-1", 1, [Shown(1, "P1")], NOW - 500 * DAY)
    events.write([
        old, Action("click", "session-1", "P1", old.id, NOW - 500 * DAY),
        search("session-2", 2, [], NOW - 500 * DAY), search("session-3", 3, [], NOW),
    ])  # fmt: skip
    before = analytics.by_day(events)
    assert events.sum_up(now=NOW) == 2
    assert events.sum_up(now=NOW) == 0
    assert analytics.by_day(events) == before
    assert [day.searches for day in before] == [2, 1]
    assert before[0].chosen == 1
    assert events.rows("SELECT count(*) FROM shown") == [(0,)]


def test_days_are_sorted_and_limited(events):
    events.write([search("session-1", n, [], NOW - n * DAY) for n in range(5)])
    days = analytics.by_day(events, NOW - 2.5 * DAY)
    assert len(days) == 3
    assert [day.day for day in days] == sorted(day.day for day in days)


def test_rows_for_a_spreadsheet(events):
    events.write([search("session-1", 1, [Shown(1, "P1")], time.time())])
    text = analytics.table(analytics.by_day(events), ("day", "searches")).decode("utf-8-sig")
    assert text.splitlines()[0] == "day,searches"
    rows = analytics.table([analytics.overview(events)], ("searches", "chosen"))
    assert rows.decode("utf-8-sig").splitlines() == [
        "searches,chosen,chosen of,chosen low,chosen high",
        "1,0,1,0.0,0.7935",
    ]
