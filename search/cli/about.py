"""`info`, `networks`, `catalogues`, `use`: what is here."""

from __future__ import annotations

import argparse
from typing import Any

from search import workspace
from search.cli import arguments as shared
from search.cli.output import print_json, print_table
from search.engine import own_network
from search.network import registry, weights


def add_commands(commands: Any) -> None:
    """Add the commands of this module."""
    for name, run, about in (
        ("info", info, "what the catalogue holds"),
        ("networks", list_networks, "the networks, their weights, and what they have encoded"),
    ):
        parser = commands.add_parser(name, help=about)
        shared.add_catalogue(parser)
        shared.add_json(parser)
        parser.set_defaults(run=run)
    parser = commands.add_parser("catalogues", help="the catalogues present")
    shared.add_json(parser)
    parser.set_defaults(run=list_catalogues)
    parser = commands.add_parser("use", help="choose the catalogue that is used when none is named")
    parser.add_argument("name")
    parser.set_defaults(run=use)


def info(arguments: argparse.Namespace) -> int:
    """Print what the catalogue holds."""
    catalogue = shared.catalogue(arguments)
    products, stored = catalogue.products(), catalogue.photos()
    facts = {
        "catalogue": catalogue.name,
        "folder": str(catalogue.folder),
        "revision": catalogue.revision(),
        "products": len(products),
        "withdrawn": sum(not p.active for p in products),
        "out_of_stock": sum(not p.in_stock for p in products),
        "without_price": sum(p.price is None for p in products),
        "photographs": len(stored),
        "network": own_network(catalogue),
        "encoded": catalogue.fingerprints(),
    }
    print_facts(facts, as_json=arguments.json)
    return 0


def list_networks(arguments: argparse.Namespace) -> int:
    """Print the registry: sizes, weights, and how much of the catalogue each has encoded."""
    catalogue = shared.catalogue(arguments)
    covered, total = catalogue.fingerprints(), len(catalogue.photos())
    rows = []
    for network in registry.NETWORKS.values():
        found = weights.find_weights(network)
        encoded = covered.get(weights.fingerprint(network), 0)
        rows.append(
            {
                "network": network.name,
                "title": network.title,
                "input": network.input_size,
                "feature": network.feature_size,
                "resize": network.resize,
                "weights": str(found.path) if found else None,
                "encoded": encoded,
                "photographs": total,
            }
        )
    if arguments.json:
        for row in rows:
            print_json(row)
    else:
        print_table(
            tuple(rows[0]),
            [tuple("not found" if v is None else v for v in row.values()) for row in rows],
        )
    return 0


def list_catalogues(arguments: argparse.Namespace) -> int:
    """Print the catalogues present and mark the one in use."""
    in_use = workspace.current()
    for name in workspace.names():
        if arguments.json:
            print_json({"catalogue": name, "in_use": name == in_use})
        else:
            print(f"{'*' if name == in_use else ' '} {name}")
    return 0


def use(arguments: argparse.Namespace) -> int:
    """Make a catalogue the one in use."""
    workspace.use(arguments.name, shared.actor())
    print(f"Catalogue “{arguments.name}” is now in use.")
    return 0


def print_facts(facts: dict[str, Any], *, as_json: bool) -> None:
    """Print facts by name, one a line, or as one JSON object."""
    if as_json:
        print_json(facts)
        return
    width = max(map(len, facts))
    for key, value in facts.items():
        name = key.replace("_", " ")
        lines = value if isinstance(value, list) else [_plain(value)]
        print(f"{name:<{width}}  {lines[0]}")
        for line in lines[1:]:
            print(f"{'':<{width}}  {line}")


def _plain(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name}: {count}" for name, count in value.items()) or "none"
    return str(value)
