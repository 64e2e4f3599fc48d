"""`keys`: who may ask over HTTP."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import Any

from search.access import keys
from search.cli import arguments as shared
from search.cli.output import print_json, print_table


def add_commands(commands: Any) -> None:
    """Add `keys add`, `keys list` and `keys revoke`."""
    parser = commands.add_parser("keys", help="keys for programs that search over HTTP")
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    adding = verbs.add_parser("add", help="make a key and show it, once")
    adding.add_argument("name", help="whose it is")
    adding.add_argument(
        "--origin", action="append", default=[], metavar="URL",
        help="a web page's origin that may use it, such as https://shop.example; may be repeated",
    )  # fmt: skip
    adding.add_argument(
        "--rate", type=shared.whole_number, default=keys.RATE, metavar="N",
        help=f"requests a minute (default {keys.RATE})",
    )  # fmt: skip
    shared.add_json(adding)
    adding.set_defaults(run=add)
    listing = verbs.add_parser("list", help="name all keys")
    shared.add_json(listing)
    listing.set_defaults(run=list_all)
    revoking = verbs.add_parser("revoke", help="end a key, for good")
    revoking.add_argument("id", help="as `keys list` names it")
    revoking.set_defaults(run=revoke)


def add(arguments: argparse.Namespace) -> int:
    """Make a key and show it."""
    key, secret = keys.add(
        arguments.name, origins=arguments.origin, rate=arguments.rate, actor=shared.actor()
    )
    if arguments.json:
        print_json({**asdict(key), "key": secret})
    else:
        print(secret)
        print(f"The key of “{key.name}” ({key.id}): it is shown this once and kept nowhere.")
    return 0


def list_all(arguments: argparse.Namespace) -> int:
    """Name all keys."""
    found = keys.listed()
    if arguments.json:
        for key in found:
            print_json(asdict(key))
    elif not found:
        print("There are no keys: make one with `python -m search keys add NAME`.")
    else:
        print_table(
            ("id", "name", "requests a minute", "origins", "created", "revoked"),
            [
                (k.id, k.name, k.rate, ", ".join(k.origins), k.created, k.revoked or "")
                for k in found
            ],
        )
    return 0


def revoke(arguments: argparse.Namespace) -> int:
    """End a key."""
    key = keys.revoke(arguments.id, shared.actor())
    print(f"The key of “{key.name}” ({key.id}) was revoked; it is refused from now on.")
    return 0
