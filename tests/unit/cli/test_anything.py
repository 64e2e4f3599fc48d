"""Whatever is typed: a documented exit code, a sentence, and no traceback."""

from __future__ import annotations

import argparse
import bz2
import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search import workspace
from search.cli import BUSY, DONE, FAILED, PARTLY, STOPPED, USAGE, main, parser
from search.filenames import as_id
from tests.helpers import ROOT

CODES = {DONE, FAILED, USAGE, PARTLY, BUSY, STOPPED}
ODD = (
    *("", " ", "-1", "0", "1", "2", "9" * 25, "9" * 5000, "1e999", "nan", "inf", "1_0", "٣", "0.5"),
    *("a", "é", "\udcff", "a\udcff.png", "☃" * 300, "\u202egnp.exe", "-", "--", "%s", "{0}"),
    *("[b]x[/b]", "[/nope]", "EUR", "1.299,00", "a=b", "=", "0,0,1,1", "1,1,0,0", "nan,0,1,1"),
    *("demo", ".", "..", "shoe 1", "shoe 1.png", "missing.png", "table.csv", "out.csv", "out.zip"),
    *("folder", "zip.zip"),
)  # fmt: skip


def commands() -> dict[str, argparse.ArgumentParser]:
    """Every command, and what `keys add` and its like are called, by name."""
    found: dict[str, argparse.ArgumentParser] = {}

    def gather(made: argparse.ArgumentParser, words: str) -> None:
        for action in made._actions:
            if isinstance(action, argparse._SubParsersAction):
                for name, inner in action.choices.items():
                    gather(inner, f"{words} {name}".strip())
                return
        found[words] = made

    gather(parser(), "")
    return found


COMMANDS = commands()
values = st.sampled_from(ODD) | st.text(st.characters(exclude_characters="/\0"), max_size=6)


@st.composite
def lines(draw: st.DrawFn, words: str) -> list[str]:
    """A command with some of its options and arguments, each of any value."""
    typed = words.split()
    for action in COMMANDS[words]._actions:
        if isinstance(action, argparse._HelpAction):
            continue
        is_needed = action.required or not action.option_strings
        if not ((is_needed and draw(st.integers(0, 9))) or draw(st.booleans())):
            continue
        choices = st.sampled_from([str(c) for c in action.choices]) if action.choices else values
        count = {0: 0, None: 1}.get(action.nargs, draw(st.integers(0, 2)))
        typed += [action.option_strings[0]] if action.option_strings else []
        typed += [draw(choices | values if action.choices else values) for _ in range(count)]
    return typed


@pytest.fixture
def shop(folder: Path, tmp_path: Path, picture, monkeypatch, capsys) -> Path:
    """A catalogue in use, and files of the odd names in the folder that is worked in."""
    assert main(["build", str(folder), "--catalogue", "shop"]) == DONE
    work = tmp_path / "work"
    (work / "folder").mkdir(parents=True)
    monkeypatch.chdir(work)
    Path("shoe 1.png").write_bytes(picture(1))
    Path("table.csv").write_text("id,price,currency,file\nshoe 1,12,EUR,\nx,1,,missing.png\n")
    with zipfile.ZipFile("zip.zip", "w") as archive:
        archive.writestr("a.png", picture(8))
    Path(os.fsdecode(b"a\xff.png")).write_bytes(picture(9))
    capsys.readouterr()
    return work


@pytest.mark.parametrize("words", sorted(COMMANDS))
def test_any_arguments_end_in_a_documented_code(words: str, shop: Path, capsys) -> None:
    @settings(
        max_examples=25,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(lines(words))
    def check(typed: list[str]) -> None:
        try:
            code = main(typed)
        except SystemExit as ended:  # argparse: wrong usage, or help
            code = int(ended.code or 0)
        printed = capsys.readouterr()
        assert code in CODES, typed
        assert code in (DONE, PARTLY) or printed.err or words == "doctor", typed
        assert len(printed.err) < 20_000, typed

    check()


def test_a_report_that_cannot_be_written(shop: Path, capsys) -> None:
    targets = [("missing/report.csv", "missing"), ("folder", "folder")]
    if Path("/dev/full").exists():
        targets.append(("/dev/full", "full"))
    for target, said in targets:
        for typed in (
            ["import", "table.csv", "--dry-run", "--report", target],
            ["audit", "--csv", target],
        ):
            assert main(typed) == FAILED, typed
            assert said in capsys.readouterr().err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_output_onto_a_full_disk(home: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "search", "catalogues"], cwd=ROOT, stdout=full,
            stderr=subprocess.PIPE, text=True, env={**os.environ, "SEARCH_HOME": str(home)},
        )  # fmt: skip
    assert done.returncode == FAILED
    assert "Traceback" not in done.stderr
    assert "No space left" in done.stderr


@pytest.mark.parametrize(
    "typed",
    [
        ["revisions", "9" * 20],
        ["revisions", "-n", "9" * 5000],
        ["rollback", "9" * 20],
        ["query", "--product", "shoe 1", "-k", "9" * 20],
        ["audit", "--nearest", "9" * 20],
    ],
)
def test_numbers_beyond_64_bits(typed: list[str], shop: Path, capsys) -> None:
    with pytest.raises(SystemExit) as ended:
        main(typed)
    assert ended.value.code == USAGE
    assert "number" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are bytes only there")
def test_names_that_are_not_utf8(shop: Path, picture, capsys) -> None:
    odd = os.fsdecode(b"caf\xe9.png")
    Path(odd).write_bytes(picture("odd"))
    assert main(["query", odd, "--paths"]) == DONE
    assert main(["add", odd, "--id", "café"]) == DONE
    assert main(["add", os.fsdecode(b"a\xff.png")]) == DONE
    assert main(["remove", as_id("a\udcff")]) == DONE
    assert main(["remove", "\udcff"]) == FAILED
    assert "not readable text" in capsys.readouterr().err
    (Path("folder") / odd).write_bytes(picture("folder"))
    assert main(["build", "folder", "--catalogue", "odd"]) in (DONE, PARTLY)
    assert main(["import", "--photos", "folder", "--dry-run"]) in (DONE, PARTLY)


@pytest.mark.parametrize("digits", ["9" * 5000, "1" + "0" * 30])
def test_a_stock_of_many_digits(digits: str, shop: Path, capsys) -> None:
    Path("stock.csv").write_text(f"id,stock\nshoe 1,{digits}\n")
    assert main(["import", "stock.csv"]) == FAILED
    assert "is not a whole number" in capsys.readouterr().err
    assert main(["add", "shoe 1.png", "--id", "n", "--stock", digits]) == FAILED
    assert len(capsys.readouterr().err) < 400


def test_a_damaged_entry_of_a_zip_has_not_vanished(shop: Path, picture, capsys) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("a.png", picture("a", (200, 200)))
    data = bytearray(packed.getvalue())
    start = data.index(b"BZh") + 10
    data[start : start + 8] = b"\xff" * 8
    with pytest.raises(OSError, match="Invalid data"):
        bz2.decompress(bytes(data[start - 10 :]))
    Path("bad.zip").write_bytes(data)
    assert main(["import", "--photos", "bad.zip"]) == FAILED
    assert "damaged inside the zip" in capsys.readouterr().err


def test_a_database_that_cannot_be_read_is_not_called_unwritable(
    shop: Path, capsys, monkeypatch
) -> None:
    database = workspace.data_folder() / "shop" / "catalogue.db"
    database.chmod(0)
    if os.access(database, os.R_OK):  # root reads everything
        allowed = os.access
        monkeypatch.setattr(
            os, "access", lambda p, m: m != os.R_OK and allowed(p, m) if p == database else True
        )
        from search.catalogue.database import _not_allowed

        assert "cannot be read" in str(_not_allowed(database))
        return
    assert main(["info"]) == FAILED
    assert "cannot be read" in capsys.readouterr().err


def test_a_folder_in_the_databases_place(shop: Path, capsys) -> None:
    place = workspace.data_folder() / "other" / "catalogue.db"
    place.mkdir(parents=True)
    assert main(["info", "--catalogue", "other"]) == FAILED
    assert "is a folder" in capsys.readouterr().err


def test_names_that_look_like_markup_are_printed_as_they_are(shop: Path, capsys) -> None:
    for name in ("[/nope]", "[b]bold[/b]", "[link=http://x]y[/link]"):
        assert main(["add", "shoe 1.png", "--id", "n", "--name", name]) in (DONE, PARTLY)
    for name in ("[/nope]", "[b]bold[/b]"):
        Path("names.csv").write_text(f"id,name\nshoe 2,{name}\n")
        assert main(["import", "names.csv"]) == DONE
        capsys.readouterr()
        assert main(["query", "--product", "shoe 1"]) == DONE
        assert name in capsys.readouterr().out
        assert main(["health"]) == DONE
