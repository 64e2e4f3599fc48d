"""A few flipped bits and kinds of damage; `python -m tests.benchmarks attack` does them all."""

from __future__ import annotations

import pytest

from tests.unit.catalogue import rot
from tests.unit.catalogue.commands import attack
from tests.unit.catalogue.damages import DAMAGES

SOME = (
    *("second page zeros", "older version", "no journal", "another sha256", "no entries"),
    *("a name that is no text", "a feature of zeros", "a feature of two bytes", "the network"),
    *("a file for photographs", "half a backup", "all products deleted"),
)
QUICK = (
    *(("query", "--product", "p4"), ("revisions", "3"), ("doctor", "--thorough"), ("purge",)),
    *(("rollback",), ("doctor", "--repair", "--accept"), ("restore-backup",), ("info",)),
)


@pytest.fixture(scope="module")
def pristine(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pristine") / "shop"
    rot.make(folder)
    return folder


def test_a_flipped_bit_is_seen_or_harmless(pristine, tmp_path):
    truth = rot.content(pristine)
    outcomes = [rot.trial(pristine, tmp_path / "c", 10_000 + n, truth) for n in range(24)]
    assert [where for found, where in outcomes if found == "UNSEEN"] == []
    assert {"seen", "refused"} & {found for found, _ in outcomes}


@pytest.mark.parametrize("kind", SOME)
def test_no_command_ends_in_a_traceback_or_loses_a_photograph(pristine, tmp_path, kind):
    assert attack(pristine, tmp_path / "home", DAMAGES[kind], QUICK) == []
