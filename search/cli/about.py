"""`info`, `networks`, `catalogues`, `use`, `doctor`: what is here, and what to do about it."""

from __future__ import annotations

import argparse
import importlib.metadata
from pathlib import Path
from typing import Any

from search import workspace
from search.catalogue import Catalogue
from search.cli import arguments as shared
from search.cli.output import print_json, print_table
from search.engine import own_network
from search.errors import QueryError, SearchError
from search.network import registry, weights
from search.network.precision import best_precision
from search.plural import counted

_PACKAGES = ("streamlit", "tensorflow", "keras", "numpy", "scikit-learn", "pillow", "pillow-heif")


def add_commands(commands: Any) -> None:
    """Add the commands of this module."""
    for name, run, about in (
        ("info", info, "what the catalogue holds"),
        ("networks", list_networks, "the networks, their weights, and what they have encoded"),
        ("doctor", doctor, "what is installed, found and consistent, and what to do"),
    ):
        parser = commands.add_parser(name, help=about)
        shared.add_catalogue(parser)
        shared.add_json(parser)
        parser.set_defaults(run=run)
        if run is doctor:
            parser.add_argument(
                "--repair", action="store_true", help="put right what is wrong with the photographs"
            )
            parser.add_argument(
                "--originals",
                type=Path,
                metavar="DIR",
                help="with --repair: where to look for lost photographs",
            )
            parser.add_argument(
                "--thorough", action="store_true", help="read every photograph to find damage"
            )
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
    _print_facts(facts, as_json=arguments.json)
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
    workspace.use(arguments.name)
    print(f"Catalogue “{arguments.name}” is now in use.")
    return 0


def doctor(arguments: argparse.Namespace) -> int:
    """Check packages, weights, precision and the catalogue; 1 when something needs doing."""
    if arguments.originals and not arguments.repair:
        raise QueryError("--originals only applies to a repair; add --repair, or leave it out.")
    facts: dict[str, object] = {name: _version(name) for name in _PACKAGES}
    facts["precision"] = best_precision()
    advice: list[str] = []
    for network in registry.NETWORKS.values():
        found = weights.find_weights(network)
        facts[network.name] = str(found.path) if found else "weights not found"
    try:
        catalogue = shared.catalogue(arguments)
        facts["catalogue"] = str(catalogue.folder)
        facts["revision"] = catalogue.revision()
        last = next(iter(catalogue.backups()), None)
        facts["last_backup"] = f"{last.at:%Y-%m-%d %H:%M} UTC" if last else "none"
        if arguments.repair:
            findings = catalogue.repair(originals=arguments.originals, thorough=arguments.thorough)
            facts["repaired"] = [f.sentence for f in findings if f.repaired] or "nothing"
        advice += _catalogue_advice(catalogue, thorough=arguments.thorough)
    except SearchError as error:
        advice.append(str(error))
    _print_facts({**facts, "to_do": advice or "nothing"}, as_json=arguments.json)
    return 1 if advice else 0


def _catalogue_advice(catalogue: Catalogue, *, thorough: bool) -> list[str]:
    name = own_network(catalogue)
    network = registry.get(name)
    advice = [finding.sentence for finding in catalogue.check(thorough=thorough)]
    missing = len(catalogue.without_feature(weights.fingerprint(network)))
    if missing:
        advice.append(
            f"{counted(missing, 'photograph')} still to be encoded by {name}; "
            f"run `python -m search encode --catalogue {catalogue.name}`."
        )
    if weights.find_weights(network) is None:
        advice.append(
            f"The weights of {name} are not on this machine: searching by the catalogue's own "
            "products works, new photographs need them; run `python -m search networks`."
        )
    return advice


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def _print_facts(facts: dict[str, Any], *, as_json: bool) -> None:
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
