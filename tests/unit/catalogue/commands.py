"""All commands on a damaged catalogue: what they say, and whether anything is lost by them."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import shutil
import traceback
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

from search.cli import main
from search.network import registry
from tests.helpers import FakeExtractor, draw
from tests.unit.catalogue.damages import Damage

NAME = "shop"
CODES = {0, 1, 3, 4}
COMMANDS = (
    ("info",),
    ("networks",),
    ("catalogues",),
    ("doctor",),
    ("doctor", "--thorough"),
    ("query", "--product", "p4"),
    ("query", "PHOTO"),
    ("revisions",),
    *(("revisions", str(number)) for number in range(1, 7)),
    ("health",),
    ("export", "OUT/table.csv"),
    ("export", "OUT/all.zip"),
    ("restore-backup", "--list"),
    ("backup", "OUT/backup"),
    ("encode",),
    ("add", "PHOTO", "--id", "added"),
    ("import", "PHOTOS"),
    ("withdraw", "p3"),
    ("restore", "p3"),
    ("remove", "p5"),
    ("rollback",),
    ("rollback", "2"),
    ("rollback",),
    ("purge",),
    ("doctor", "--accept"),
    ("doctor", "--repair", "--thorough"),
    ("doctor", "--repair", "--accept"),
    ("purge", "--yes-all"),
    ("restore-backup",),
    ("backup", "OUT/backup"),
    ("doctor", "--repair", "--thorough"),
    ("query", "--product", "p4"),
)


class _Named:
    """The fake extractor under the catalogue's own network's name."""

    def __call__(self, network, weights=None, precision="auto"):
        extractor = FakeExtractor()
        extractor.network = registry.get(network)
        return extractor


def attack(pristine: Path, home: Path, damage: Damage, commands=COMMANDS) -> list[str]:
    """Damage a copy and run all commands on it; return the tracebacks and what was lost."""
    shutil.rmtree(home, ignore_errors=True)
    folder = home / "data" / NAME
    folder.parent.mkdir(parents=True)
    shutil.copytree(pristine, folder)
    (home / "OUT").mkdir()
    (home / "PHOTOS").mkdir()
    draw("new", (40, 40)).save(home / "PHOTO.png")
    draw("newer", (40, 40)).save(home / "PHOTOS" / "newer.png")
    damage(folder)
    kept = _photographs(home)
    found = []
    with _as_command_line(home):
        for command in commands:
            code, said = _run(home, command)
            shown = " ".join(command)
            if code not in CODES:
                found.append(f"{shown}: exit code {code}: {said[-2000:]}")
            if "--yes-all" not in command and (lost := kept - _photographs(home)):
                found.append(f"{shown}: {len(lost)} photographs are lost")
            kept = _photographs(home)
    return found


def _run(home: Path, command: tuple[str, ...]) -> tuple[object, str]:
    words = [
        str(home / word) if word.startswith("OUT") or word == "PHOTOS" else word for word in command
    ]
    words = [str(home / "PHOTO.png") if word == "PHOTO" else word for word in words]
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            code: object = main([*words, *_catalogue(command)])
        except SystemExit as error:
            code = f"usage {error.code}"
        except BaseException:
            code = traceback.format_exc()
    return code, said.getvalue()


def _catalogue(command: tuple[str, ...]) -> tuple[str, ...]:
    return () if command[0] in ("catalogues", "use") else ("--catalogue", NAME)


def _photographs(home: Path) -> set[str]:
    """The contents of all photograph files there are, wherever they lie."""
    places = [path for path in home.rglob("*.png") if path.is_file()]
    return {hashlib.sha256(path.read_bytes()).hexdigest() for path in places}


@contextlib.contextmanager
def _as_command_line(home: Path) -> Iterator[None]:
    with (
        mock.patch.dict(os.environ, {"SEARCH_HOME": str(home / "data")}),
        mock.patch("search.cli.arguments.extractor_for", _Named()),
    ):
        yield
