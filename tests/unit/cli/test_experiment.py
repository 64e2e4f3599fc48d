from __future__ import annotations

import json

import pytest

from search.catalogue import Catalogue
from search.cli import main
from search.feedback import experiment
from search.feedback.store import EventStore
from tests.unit.feedback.customers import interleaved


@pytest.fixture
def catalogue(home):
    with Catalogue(home / "shop") as opened:
        yield opened


def test_it_begins_tells_and_ends(catalogue, capsys):
    assert main(["experiment", "begin", "colour", "--b", "colour=0.2"]) == 0
    assert experiment.running(catalogue).b.colour == 0.2
    EventStore(catalogue.folder).write(interleaved(200, 0.2, 0.7))
    assert main(["experiment", "verdict"]) == 0
    assert "b is better" in capsys.readouterr().out
    assert main(["experiment", "end"]) == 0
    assert experiment.running(catalogue) is None
    assert main(["experiment", "verdict", "colour", "--json"]) == 0
    found = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert found["winner"] == "b"


def test_what_is_not_sure_says_how_many_more(catalogue, capsys):
    EventStore(catalogue.folder).write(interleaved(12, 0.4, 0.5, seed=3))
    assert main(["experiment", "verdict", "colour"]) == 0
    assert capsys.readouterr().out.startswith("Not sure yet")


@pytest.mark.parametrize(
    "arguments",
    [
        ["begin", "colour", "--b", "magic"],
        ["begin", "colour", "--b", "usual"],
        ["begin", "!", "--b", "colour=0.2"],
        ["verdict"],
    ],
)
def test_refusals_are_sentences(catalogue, capsys, arguments):
    assert main(["experiment", *arguments]) == 1
    assert capsys.readouterr().err.endswith(".\n")
