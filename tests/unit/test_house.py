"""What keeps the project in order: light imports, layers, and no files that do not belong."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers import ROOT

HEAVY = {"streamlit", "tensorflow", "keras", "sklearn", "scipy", "joblib", "pandas"}
TOP = {"app.py", "search", "tests", "assets", "requirements.txt"}
USUAL = {"README.md", "LICENSE", "SECURITY.md", "pyproject.toml"}


def loaded_by(statement: str) -> set[str]:
    code = f"{statement}; import sys; print(*{{m.split('.')[0] for m in sys.modules}})"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return set(done.stdout.split())


def test_importing_search_loads_nothing_heavy():
    assert loaded_by("import search").isdisjoint(HEAVY | {"numpy", "PIL"})


@pytest.mark.parametrize(
    "statement",
    [
        "import search.engine",
        "from search import *",
        "import search.importing.plan, search.insight.health",
    ],
)
def test_the_engine_loads_neither_streamlit_nor_tensorflow(statement):
    assert loaded_by(statement).isdisjoint({"streamlit", "tensorflow", "keras"})


def test_the_api_loads_no_pages_and_no_network():
    assert loaded_by("from search.api import app").isdisjoint({"streamlit", "tensorflow", "keras"})


def test_only_the_front_end_imports_streamlit():
    package = ROOT / "search"
    outside = [f for f in package.rglob("*.py") if f.relative_to(package).parts[0] != "ui"]
    assert len(outside) > 30
    for file in outside:
        assert not re.search(r"^\s*(import|from) streamlit", file.read_text("utf-8"), re.M), file


LAYERS = (  # lowest first: a package imports only from itself and from lower layers
    {"errors"},
    {"filenames", "files", "home", "money", "plural", "progress", "roles", "spreadsheet"},
    {"photos"},
    {"catalogue", "network"},
    {"workspace"},
    {"engine"},
    {"importing", "insight", "access"},
    {"feedback"},
    {"api", "cli", "ui"},
)


def test_a_package_imports_only_from_below():
    level = {package: n for n, packages in enumerate(LAYERS) for package in packages}
    seen = set()
    for file in (ROOT / "search").rglob("*.py"):
        package = file.relative_to(ROOT / "search").parts[0].removesuffix(".py")
        if package in ("__init__", "__main__"):
            continue
        seen.add(package)
        for target in imported(file):
            assert target == package or level[target] < level[package], f"{file} imports {target}"
    assert seen == set(level)


def imported(file: Path) -> set[str]:
    """The packages of search/ that a file imports from."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module == "search":
            names = [f"search.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        found |= {name.split(".")[1] for name in names if name.startswith("search.")}
    return found


def test_modules_and_functions_of_search_stay_short():
    for file in (ROOT / "search").rglob("*.py"):
        text = file.read_text("utf-8")
        assert text.count("\n") <= 350, file
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert (node.end_lineno or 0) - node.lineno < 60, f"{file}: {node.name}"


def test_tests_share_by_modules_of_their_own():
    """What one test needs of another stands in a module that is neither a test nor a conftest."""
    for file in (ROOT / "tests").rglob("*.py"):
        found = re.search(
            r"^from tests\.(\S*\.)?(conftest|test_\w+) import", file.read_text("utf-8"), re.M
        )
        assert found is None, f"{file}: {found}"


def test_public_names_are_there_and_few():
    import search

    assert len(search.__all__) <= 8
    for name in search.__all__:
        assert getattr(search, name).__name__ == name
    with pytest.raises(AttributeError):
        _ = search.missing


def tracked() -> list[str]:
    done = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode or not done.stdout:
        pytest.skip("not a git checkout: the list of its files is not at hand")
    return done.stdout.splitlines()


def test_the_top_level_holds_what_the_design_names():
    top = {file.split("/")[0] for file in tracked()}
    assert {name for name in top if not name.startswith(".")} <= TOP | USUAL


def test_no_file_is_too_large_and_none_names_a_machine():
    for file in tracked():
        path = ROOT / file
        if not path.is_file() or file.startswith("tests/"):
            continue
        assert path.stat().st_size <= 30_000_000, file
        if path.suffix in {".py", ".md", ".toml", ".txt", ".csv", ".js", ".css"}:
            text = path.read_text("utf-8")
            assert not re.search(r"/(home|root|Users|work)/\w", text), file
