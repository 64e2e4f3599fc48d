"""Backups to a folder from the command line, and back."""

from __future__ import annotations

import json
import shutil

import pytest

from search import workspace
from search.catalogue import Catalogue
from search.cli import DONE, FAILED, PARTLY, main


@pytest.fixture
def filled(folder, capsys):
    assert main(["build", str(folder), "--catalogue", "shoes"]) == DONE
    capsys.readouterr()
    with Catalogue(workspace.data_folder() / "shoes") as opened:
        yield opened


@pytest.fixture
def backup(tmp_path):
    return tmp_path / "backup"


def said(capsys):
    return capsys.readouterr().out.splitlines()


def test_a_backup_is_made_brought_up_to_date_and_put_back(filled, backup, capsys):
    assert main(["backup", str(backup)]) == DONE
    assert said(capsys)[0].startswith(f"Revision {filled.revision()} with 5 photographs (5 ")
    assert main(["backup", str(backup), "--json"]) == DONE
    done = json.loads(said(capsys)[-1])
    assert (done["kept"], done["revision"]) == (5, filled.revision())
    rows = filled.products()
    filled.close()
    shutil.rmtree(filled.folder)
    assert main(["restore-backup", str(backup)]) == DONE
    assert "as a new catalogue" in said(capsys)[0]
    with Catalogue(filled.folder) as again:
        assert again.products() == rows
        assert again.check(thorough=True) == []
    assert main(["restore-backup", str(backup), "--json"]) == DONE
    (told,) = map(json.loads, said(capsys)[-1:])
    assert (told["catalogue"], told["photographs"], told["findings"]) == ("shoes", 5, 0)
    assert main(["restore-backup", str(backup), "--catalogue", "boots"]) == DONE
    assert workspace.names() == ["boots", "shoes"]


def test_over_an_emptied_catalogue(filled, backup, capsys):
    assert main(["backup", str(backup)]) == DONE
    filled.close()
    (filled.folder / "catalogue.db").write_bytes(b"")
    assert main(["restore-backup", str(backup), "--catalogue", "shoes"]) == DONE
    assert "in its folder “backups”" in capsys.readouterr().out
    assert len(filled.products()) == 5


def test_what_is_lost_is_told_and_left_out(filled, backup, capsys):
    filled.path(filled.photos()[0]).unlink()
    assert main(["backup", str(backup)]) == PARTLY
    captured = capsys.readouterr()
    assert "is gone or damaged" in captured.err
    assert "4 photographs" in captured.out
    assert main(["restore-backup", str(backup), "--catalogue", "again"]) == PARTLY
    captured = capsys.readouterr()
    assert "in the backup too" in captured.err
    assert "1 photograph to look at" in captured.out


def test_a_name_in_a_foreign_backup_leads_nowhere(filled, backup, capsys):
    assert main(["backup", str(backup)]) == DONE
    description = backup / "backup.json"
    description.write_text(description.read_text().replace('"shoes"', '"../outside"'))
    capsys.readouterr()
    assert main(["restore-backup", str(backup)]) == FAILED
    assert "cannot name a catalogue" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["backup", "HOME/inside"], "lies among the catalogues"),
        (["backup", "HOME/shoes/backups/x"], "lies among the catalogues"),
        (["backup", "FOLDER"], "no part of a backup"),
        (["restore-backup", "FOLDER"], "no part of a backup"),
        (["restore-backup", "HOME/nowhere/"], "is not a folder"),
        (["restore-backup", "nowhere"], "no backup “nowhere”"),
    ],
)
def test_what_cannot_be_used_is_a_sentence_and_left_alone(filled, folder, capsys, words, sentence):
    home = str(workspace.data_folder())
    before = sorted(folder.rglob("*"))
    given = [word.replace("HOME", home).replace("FOLDER", str(folder)) for word in words]
    assert main(given) == FAILED
    captured = capsys.readouterr()
    assert sentence in captured.err
    assert len(captured.err.splitlines()) == 1
    assert sorted(folder.rglob("*")) == before


def test_a_killed_restore_into_a_new_name_leaves_no_catalogue(filled, backup, monkeypatch):
    assert main(["backup", str(backup)]) == DONE

    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("search.catalogue.restoring._put", stop)
    assert main(["restore-backup", str(backup), "--catalogue", "again"]) == 130
    assert workspace.names() == ["shoes"]
    assert [p.name for p in workspace.data_folder().iterdir() if p.name.endswith(".part")] == []
