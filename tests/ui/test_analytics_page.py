"""Analytics, driven without a browser."""

from __future__ import annotations

import time

import pytest

from search.feedback.events import Action, Search, Shown
from search.feedback.sample import sample_events
from search.feedback.store import EventStore
from tests.ui.app import words


def metrics(app) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


@pytest.fixture
def told(shop):
    """Thirty searches that showed three products; the first was chosen each time."""
    events = []
    for n in range(30):
        shown = tuple(
            Shown(place, product, 1000 * place, "EUR")
            for place, product in enumerate(("P06", "P07", "P08"), 1)
        )
        events += [
            Search(
                f"search-{n:04d}", f"visit-{n // 2:04d}", "product", "cheaper", n == 0, "fake",
                shown, "P00", 0.5, at=time.time() - n * 3600,
            ),
            Action("cheaper", f"visit-{n // 2:04d}", "P06", f"search-{n:04d}"),
        ]  # fmt: skip
    EventStore(shop.folder).write(events)


def test_before_anybody_has_searched_the_page_says_what_it_will_tell(shop, page):
    app = page("analytics")
    assert "Nobody has searched in this time" in words(app)
    assert not app.metric


def test_sample_data_is_marked_and_nothing_is_kept(shop, page):
    app = page("analytics").toggle(key="analytics_sample").set_value(True).run()
    assert not app.exception
    assert "no customer did any of it" in app.warning[0].value
    assert int(metrics(app)["Searches"]) > 100
    assert not EventStore(shop.folder).path.exists()


def test_what_customers_did_is_summed_up(told, page):
    app = page("analytics")
    assert metrics(app) == {
        "Searches": "30",
        "Visits": "15",
        "Led to a choice": "100.0%",
        "Nothing similar": "3.3%",
        "No result": "0.0%",
        "Shown": "€900.00",
        "Chosen": "€300.00",
    }
    tables = [frame.value for frame in app.dataframe]
    assert list(tables[0]["Product"]) == ["Thing 7 (P07)", "Thing 8 (P08)", "Thing 6 (P06)"]
    assert list(tables[1]["Product"]) == ["Thing 0 (P00)"]


def test_another_time_counts_anew(told, shop, page):
    long_ago = time.time() - 60 * 86_400
    EventStore(shop.folder).write([
        Search("search-old1", "visit-old1", "product", "similar", False, "f", (), at=long_ago)
    ])  # fmt: skip
    app = page("analytics")
    assert metrics(app)["Searches"] == "30"
    app = app.segmented_control(key="analytics_time").set_value("90 days").run()
    assert metrics(app)["Searches"] == "31"


def test_what_happens_now_is_seen_at_once(told, shop, page):
    app = page("analytics")
    EventStore(shop.folder).write([
        Search("search-new1", "visit-new1", "photograph", "similar", False, "fake", ())
    ])  # fmt: skip
    assert metrics(app.run())["Searches"] == "31"


def test_switched_off_it_says_so(shop, page, monkeypatch):
    monkeypatch.setenv("SEARCH_EVENTS", "off")
    assert "SEARCH_EVENTS is off" in page("analytics").info[0].value


def test_sample_events_are_always_the_same(shop, tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    one, two = (sample_events(tmp_path / name, shop.products()) for name in ("one", "two"))
    sql = "SELECT id, product, results FROM search ORDER BY id"
    assert one.rows(sql) == two.rows(sql) != []
