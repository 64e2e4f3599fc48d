from __future__ import annotations

import json

import pytest

from search.cli.output import print_json, progress, save
from search.errors import SearchError
from search.plural import counted
from search.progress import Progress, Reporter


def test_counts_are_read_aloud_rightly():
    assert [counted(n, "pair") for n in (0, 1, 2, 1200)] == [
        *("0 pairs", "1 pair", "2 pairs", "1,200 pairs"),
    ]


def test_progress_as_json_is_a_line_for_each_step(capsys):
    with progress("Encoding", as_json=True) as on_progress:
        reporter = Reporter(on_progress, 2)
        reporter.report(1)
        reporter.report(2)
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (first["event"], first["done"], first["total"]) == ("progress", 1, 2)
    assert second["seconds_left"] == 0


def test_without_a_terminal_nothing_is_shown(capsys):
    with progress("Encoding", as_json=False) as on_progress:
        assert on_progress is None
    assert capsys.readouterr() == ("", "")


def test_on_a_terminal_a_bar_is_shown(capsys, monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with progress("Encoding", as_json=False) as on_progress:
        assert on_progress is not None
        assert on_progress(Progress(3, 7)) is not False
    captured = capsys.readouterr()
    assert "3/7" in captured.err
    assert captured.out == ""


def test_not_a_number_is_never_printed():
    with pytest.raises(ValueError, match="not JSON compliant"):
        print_json({"score": float("nan")})


def test_a_file_that_cannot_be_written_is_a_sentence(tmp_path):
    with pytest.raises(SearchError, match=r"out.csv” cannot be written .* another folder"):
        save(tmp_path / "gone" / "out.csv", b"")
    save(tmp_path / "out.csv", b"x")
    assert (tmp_path / "out.csv").read_bytes() == b"x"
