from __future__ import annotations

import getpass
import io
import json
import sys

import pytest

from search.access import passcodes
from search.cli import main
from search.roles import Person, Role


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(passcodes, "COST", (2, 1, 1))


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_random_passcode_is_shown_once_listed_and_removed(capsys):
    assert main(["passcode", "set", "Ann", "--role", "owner", "--random"]) == 0
    made = capsys.readouterr().out.splitlines()[0]
    assert passcodes.known("Ann", made)[0] == Person("Ann", Role.OWNER)
    assert main(["passcode", "list"]) == 0
    listed = capsys.readouterr().out
    assert "Ann" in listed
    assert "owner" in listed
    assert made not in listed
    assert main(["passcode", "list", "--json"]) == 0
    assert set(json.loads(capsys.readouterr().out)) == {"name", "role", "created"}
    assert main(["passcode", "remove", "Ann"]) == 0
    assert passcodes.listed() == []


def test_a_passcode_is_asked_for_twice(capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdin", Terminal())
    given = iter(["correct horse", "correct horse", "one", "another"])
    monkeypatch.setattr(getpass, "getpass", lambda _: next(given))
    assert main(["passcode", "set", "Ann"]) == 0
    assert passcodes.known("Ann", "correct horse")[0].role is Role.MERCHANDISER
    assert "correct horse" not in capsys.readouterr().out
    assert main(["passcode", "set", "Ann"]) == 1
    assert "not the same" in capsys.readouterr().err
    assert passcodes.known("Ann", "correct horse") is not None


def test_without_a_terminal_it_is_the_first_line(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("correct horse\n"))
    assert main(["passcode", "set", "Ann", "--role", "viewer"]) == 0
    assert passcodes.known("Ann", "correct horse")[0].role is Role.VIEWER


def test_refusals_are_sentences(capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("short\n"))
    assert main(["passcode", "set", "Ann"]) == 1
    assert main(["passcode", "remove", "nobody"]) == 1
    assert "Traceback" not in capsys.readouterr().err
