from __future__ import annotations

import numpy as np
import pytest

from search.catalogue import Catalogue
from search.engine import Filters, Options, Query, SearchEngine, colours
from search.errors import EventError
from search.feedback import experiment
from search.feedback.settings import Setting, offered
from tests.ui.shop import fill, photograph

USUAL, OTHER = Setting(), Setting(metric="chebyshev")


@pytest.fixture
def engine(home, extractor):
    with Catalogue(home / "shop") as catalogue:
        fill(catalogue, extractor)
        yield SearchEngine(catalogue, extractor)


def ask(engine, session="visit-0001", query=None, **options):
    asked = query or Query(product="P00")
    return experiment.search(engine, asked, Filters(), Options(**options), session=session)


def ids(drafted) -> list[str]:
    return [hit.product.id for hit in drafted.result.hits]


def test_it_is_off_by_default(engine):
    assert experiment.running(engine.catalogue) is None
    found = ask(engine)
    assert (found.experiment, found.teams) == ("", ())


def test_both_settings_are_drafted_and_told(engine):
    experiment.begin(engine.catalogue, "metrics", USUAL, OTHER)
    found = ask(engine, k=8)
    assert found.experiment == "metrics"
    assert {*found.teams} == {"a", "b"}
    assert len(found.teams) == len(ids(found)) == len({*ids(found)}) == 8
    assert [hit.rank for hit in found.result.hits] == [*range(1, 9)]
    alone = {
        team: [
            h.product.id for h in engine.search(Query(product="P00"), None, s.of(Options())).hits
        ]
        for team, s in (("a", USUAL), ("b", OTHER))
    }
    for product, team in zip(ids(found), found.teams, strict=True):
        assert product in alone[team]


def test_a_session_sees_one_draft_and_more_of_it(engine):
    experiment.begin(engine.catalogue, "metrics", USUAL, OTHER)
    assert ids(ask(engine, k=4)) == ids(ask(engine, k=4))
    assert ids(ask(engine, k=8))[:4] == ids(ask(engine, k=4))
    photographs = Query((photograph(7),))
    assert ids(ask(engine, query=photographs)) == ids(ask(engine, query=photographs))
    drafts = {tuple(ask(engine, f"visit-{n:04d}", k=8).teams) for n in range(20)}
    assert len(drafts) > 3


def test_who_chooses_a_setting_gets_it(engine):
    experiment.begin(engine.catalogue, "metrics", USUAL, OTHER)
    for chosen in ({"metric": "euclidean"}, {"order": "price"}):
        assert ask(engine, **chosen).teams == ()
    assert ask(engine, session="").teams == ()


def test_colours_that_nobody_knows_are_not_compared(engine):
    experiment.begin(engine.catalogue, "colour", USUAL, Setting(colour=0.2))
    assert ask(engine).teams == ()
    colours.save_missing(engine.catalogue)
    assert ask(engine).teams


def test_it_ends_and_what_is_unreadable_is_over(engine):
    experiment.begin(engine.catalogue, "metrics", USUAL, OTHER)
    experiment.end(engine.catalogue)
    assert experiment.running(engine.catalogue) is None
    for kept in ("{", "[]", '{"name": "x", "a": "usual", "b": "magic"}'):
        engine.catalogue.set_setting("experiment", kept)
        assert experiment.running(engine.catalogue) is None


@pytest.mark.parametrize(
    ("name", "a", "b"),
    [
        ("", USUAL, OTHER),
        ("x" * 61, USUAL, OTHER),
        ("same", USUAL, USUAL),
        ("networks", USUAL, Setting("resnet50-imagenet")),
    ],
)
def test_what_cannot_be_compared_is_refused(engine, name, a, b):
    with pytest.raises(EventError):
        experiment.begin(engine.catalogue, name, a, b)


def test_settings_are_read_as_they_are_named():
    for setting in offered(["resnet50-imagenet"]):
        assert Setting.read(setting.name) == setting
    assert len({setting.name for setting in offered()}) == len(offered())
    assert np.isclose(Setting.read("colour=0.25").colour, 0.25)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "magic",
        "colour=2",
        "colour=x",
        "metric=magic",
        "metric=manhattan colour=0.1",
        "colour=0.1;",
    ],
)
def test_what_is_no_setting_is_refused(name):
    with pytest.raises(EventError):
        Setting.read(name)
