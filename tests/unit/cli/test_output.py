from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from search.cli.output import print_json, print_paths, print_table, progress, save
from search.errors import SearchError
from search.plural import counted
from search.progress import Progress, Reporter
from tests.helpers import ROOT

SAID = (
    "from search.cli.output import *; import sys; prepare();"
    "print_json({'name': 'Größe 靴 👟'}); print_table(('name',), [('Платье 👟',)]);"
    "print('Größe \\udce9', file=sys.stderr); print_paths(['sk\\udcf8.jpg'])"
)


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


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "cp437", "utf-8", "latin-1:strict"])
def test_what_is_not_on_a_console_is_utf_8_whatever_that_would_use(encoding):
    environment = os.environ | {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    ran = subprocess.run(
        [sys.executable, "-c", SAID], cwd=ROOT, env=environment, capture_output=True, check=True
    )
    name, _, row, path = ran.stdout.split(b"\n", 3)
    assert json.loads(name) == {"name": "Größe 靴 👟"}
    assert row.decode().strip() == "Платье 👟"
    assert path == b"sk\xf8.jpg\n"
    assert ran.stderr.decode().strip() == "Größe ?"


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="this system has no such terminals")
def test_what_a_console_cannot_show_is_replaced():
    ours, theirs = os.openpty()
    environment = os.environ | {"PYTHONIOENCODING": "cp1252", "TERM": "dumb"}
    subprocess.run(
        [sys.executable, "-c", SAID], cwd=ROOT, env=environment, check=True,
        stdout=theirs, stderr=subprocess.PIPE,
    )  # fmt: skip
    os.close(theirs)
    assert "Größe ? ?" in os.read(ours, 10_000).decode("cp1252")
    os.close(ours)


def test_cells_are_shown_as_they_are_and_steer_no_terminal(capsys):
    print_table(("name",), [("[red]Shoe[/] :smile: \x1b[31m \u202e1",), ("x" * 400,)])
    shown = capsys.readouterr().out.splitlines()
    assert shown[1].strip() == "[red]Shoe[/] :smile:  [31m  1"
    assert shown[2].strip() == "x" * 400


def test_paths_can_be_parted_by_what_no_path_has(capsysbinary):
    print_paths(["a\nb.jpg", "c.jpg"], end="\0")
    assert capsysbinary.readouterr().out == b"a\nb.jpg\0c.jpg\0"
