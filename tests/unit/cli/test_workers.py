"""Commands that encode by several processes, and what they refuse."""

from __future__ import annotations

import pytest

from search import workspace
from search.catalogue import Catalogue
from search.cli import DONE, FAILED, USAGE, main
from search.network.cluster import Workers


@pytest.fixture
def asked(monkeypatch):
    """Who was asked to encode; the encoding itself is this process's."""
    from search.engine import encoding

    found, real = [], encoding._coming

    def coming(catalogue, extractor, sources, workers, total, on_progress):
        found.append(workers)
        return real(catalogue, extractor, sources, None, total, on_progress)

    monkeypatch.setattr(encoding, "_coming", coming)
    return found


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ([], None),
        (["--workers", "1"], None),
        (["--workers", "2"], Workers(2)),
        (["--scheduler", "tcp://host:8786"], Workers(scheduler="tcp://host:8786")),
    ],
)
@pytest.mark.parametrize("command", ["build", "import", "encode"])
def test_who_encodes_is_passed_on(folder, extractor, asked, command, words, wanted):
    with Catalogue(workspace.data_folder() / "shoes"):
        given = {"build": [str(folder)], "import": ["--photos", str(folder)], "encode": []}[command]
        assert main([command, *given, "--catalogue", "shoes", *words]) == DONE
    assert asked == [wanted]


@pytest.mark.parametrize("number", ["0", "-3", "1000"])
def test_a_number_that_cannot_be_meant_is_a_sentence(folder, capsys, number):
    with Catalogue(workspace.data_folder() / "shoes"):
        assert main(["encode", "--catalogue", "shoes", "--workers", number]) == FAILED
    assert "1 to 256 workers" in capsys.readouterr().err


def test_both_at_once_is_wrong_usage():
    with pytest.raises(SystemExit) as stopped:
        main(["encode", "--workers", "2", "--scheduler", "tcp://host:8786"])
    assert stopped.value.code == USAGE


def test_two_processes_encode_a_folder(folder, capsys):
    assert main(["build", str(folder), "--catalogue", "shoes", "--workers", "2"]) == DONE
    assert "5 photographs added" in capsys.readouterr().out
