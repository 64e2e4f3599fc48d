"""Who may do what, in the one place that says so; and every write in search/ asks there."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from search.errors import AccessError
from search.roles import OPERATOR, Permission, Person, Role, person, require
from tests.helpers import ROOT

MERCHANDISERS = {Permission.EDIT}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", Permission)
def test_each_role_may_do_what_it_is_for(role, action):
    allowed = role is Role.OWNER or (role is Role.MERCHANDISER and action in MERCHANDISERS)
    acting = Person("Ann", role)
    assert acting.may(action) is allowed
    if allowed:
        assert require(acting, action) == acting
    else:
        with pytest.raises(AccessError, match=f"may {action.value}, and you are a {role} here"):
            require(acting, action)


def test_a_bare_name_is_the_operators():
    assert person("Ann") == Person("Ann", Role.OWNER)
    assert person("") == OPERATOR
    assert require("Ann", Permission.PURGE).name == "Ann"


def calls(package: str) -> Iterator[tuple[str, str, ast.Call]]:
    """Each call in a package: the module or value it is of, the function's name, and itself."""
    for file in (ROOT / "search" / package).rglob("*.py"):
        tree = list(ast.walk(ast.parse(file.read_text("utf-8"))))
        homes = {
            alias.name: (node.module or "").rpartition(".")[2]
            for node in tree
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        for call in (node for node in tree if isinstance(node, ast.Call)):
            place, _, name = ast.unparse(call.func).rpartition(".")
            yield place or homes.get(name, ""), name, call


def taking() -> set[tuple[str, str]]:
    """Modules and functions of the engine's side that are told who acts."""
    found = set()
    for file in (ROOT / "search").rglob("*.py"):
        if file.relative_to(ROOT / "search").parts[0] in ("ui", "cli", "roles.py"):
            continue
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                named = (each.arg for each in (*node.args.args, *node.args.kwonlyargs))
                if "actor" in named:
                    found.add((file.stem, node.name))
    return found


@pytest.mark.parametrize("package", ["ui", "cli"])
def test_whoever_calls_a_write_says_who_acts(package):
    """A page that forgot would act as the operator: that none does is seen here."""
    known, seen = taking(), set()
    for place, name, call in calls(package):
        if not any(named == name for _, named in known):
            continue
        if (place, name) not in known and not place.endswith("catalogue"):
            continue
        if name == "step" and ast.unparse(call.args[0]) == "'redo'":
            continue  # which asks nobody
        arguments = (*call.args, *(keyword.value for keyword in call.keywords))
        given = {ast.unparse(part) for each in arguments for part in ast.walk(each)}
        assert given & {"actor()", "who", "shared.actor()", "actor"}, ast.unparse(call)
        seen.add(name)
    assert {"delete", "set_status", "undo", "redo", "restore", "use", "apply_import"} <= seen
