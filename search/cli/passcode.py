"""`passcode`: who may sign in on the pages, as what."""

from __future__ import annotations

import argparse
import getpass
import sys
from dataclasses import asdict
from typing import Any

from search.access import passcodes
from search.cli import arguments as shared
from search.cli.output import print_json, print_table
from search.errors import AccessError
from search.roles import Role


def add_commands(commands: Any) -> None:
    """Add `passcode set`, `passcode list` and `passcode remove`."""
    parser = commands.add_parser("passcode", help="passcodes of people who sign in on the pages")
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    setting = verbs.add_parser("set", help="set somebody's passcode; it is asked for, or made")
    setting.add_argument("name", help="whose it is: the name beside their changes")
    setting.add_argument(
        "--role", choices=tuple(Role), default=Role.MERCHANDISER.value,
        help="viewer: searches; merchandiser: keeps the catalogue (default); owner: everything",
    )  # fmt: skip
    setting.add_argument("--random", action="store_true", help="make one and show it, once")
    setting.set_defaults(run=put)
    listing = verbs.add_parser("list", help="name all who have one")
    shared.add_json(listing)
    listing.set_defaults(run=list_all)
    removing = verbs.add_parser("remove", help="remove somebody's passcode, and sign them out")
    removing.add_argument("name", help="as `passcode list` names them")
    removing.set_defaults(run=remove)


def put(arguments: argparse.Namespace) -> int:
    """Set a passcode."""
    passcode = passcodes.generate() if arguments.random else _asked()
    made = passcodes.put(arguments.name, passcode, Role(arguments.role), shared.actor())
    if arguments.random:
        print(passcode)
    print(f"“{made.name}” can sign in as {made.role}; the passcode itself is kept nowhere.")
    return 0


def list_all(arguments: argparse.Namespace) -> int:
    """Name all who have a passcode."""
    found = passcodes.listed()
    if arguments.json:
        for each in found:
            print_json(asdict(each))
    elif not found:
        print("Nobody has a passcode: set one with `python -m search passcode set NAME`.")
    else:
        print_table(("name", "role", "created"), [(p.name, p.role, p.created) for p in found])
    return 0


def remove(arguments: argparse.Namespace) -> int:
    """Remove a passcode."""
    passcodes.remove(arguments.name, shared.actor())
    print(f"“{arguments.name}” has no passcode any more.")
    return 0


def _asked() -> str:
    """Ask for a passcode twice, unseen; without a terminal it is the first line that comes in."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    first = getpass.getpass("Passcode: ")
    if getpass.getpass("Again: ") != first:
        raise AccessError("The two are not the same: nothing was changed, try it again.")
    return first
