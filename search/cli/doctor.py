"""`doctor`: what is installed, found and consistent, what to do about it, and its repair."""

from __future__ import annotations

import argparse
import importlib.metadata
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from search.catalogue import Catalogue, Finding
from search.cli import arguments as shared
from search.cli.about import print_facts
from search.cli.output import progress
from search.engine import colours, own_network
from search.engine.encoding import encode_missing
from search.errors import QueryError, SearchError
from search.network import registry, weights
from search.network.extractor import served_by
from search.plural import counted

_PACKAGES = (
    "streamlit", "tensorflow", "keras", "openvino", "numpy", "scikit-learn", "pillow", "pillow-heif"
)  # fmt: skip


def add_commands(commands: Any) -> None:
    """Add the command of this module."""
    parser = commands.add_parser(
        "doctor", help="what is installed, found and consistent, and what to do"
    )
    shared.add_catalogue(parser)
    shared.add_json(parser)
    parser.add_argument(
        "--repair", action="store_true", help="put right what is wrong with rows and photographs"
    )
    parser.add_argument(
        "--originals",
        type=Path,
        metavar="DIR",
        help="with --repair: where to look for lost photographs",
    )
    parser.add_argument(
        "--thorough",
        action="store_true",
        help="read every photograph, thumbnail and backup to find damage",
    )
    parser.add_argument(
        "--accept",
        action="store_true",
        help="take over what other programs have changed in the database",
    )
    parser.set_defaults(run=doctor)


def doctor(arguments: argparse.Namespace) -> int:
    """Check packages, weights, what runs them, and the catalogue; 1 when something needs doing."""
    if arguments.originals and not arguments.repair:
        raise QueryError("--originals only applies to a repair; add --repair, or leave it out.")
    facts: dict[str, object] = {name: _version(name) for name in _PACKAGES}
    advice: list[str] = []
    for network in registry.NETWORKS.values():
        found = weights.find_weights(network)
        facts[network.name] = str(found.path) if found else "weights not found"
    facts["served_by"] = [f"{name}: {_served_by(name)}" for name in registry.NETWORKS]
    try:
        catalogue = shared.catalogue(arguments)
        facts["catalogue"] = str(catalogue.folder)
        facts["revision"] = catalogue.revision()
        last = next(iter(catalogue.backups()), None)
        facts["last_backup"] = f"{last.at:%Y-%m-%d %H:%M} UTC" if last else "none"
        if arguments.repair:
            facts["repaired"] = _repair(catalogue, arguments) or "nothing"
        if arguments.accept:
            facts["accepted"] = f"revision {catalogue.accept(shared.actor())}"
        advice += [f.sentence for f in catalogue.check(thorough=arguments.thorough)]
        advice += _network_advice(catalogue)
    except SearchError as error:
        if str(error) not in advice:
            advice.append(str(error))
    print_facts({**facts, "to_do": advice or "nothing"}, as_json=arguments.json)
    return 1 if advice else 0


def _repair(catalogue: Catalogue, arguments: argparse.Namespace) -> list[str]:
    findings = catalogue.repair(
        originals=arguments.originals, thorough=arguments.thorough, actor=shared.actor()
    )
    done = [finding.sentence for finding in findings if finding.repaired]
    return done + _encode_anew(catalogue, findings, as_json=arguments.json)


def _encode_anew(catalogue: Catalogue, findings: Sequence[Finding], *, as_json: bool) -> list[str]:
    """Encode the photographs whose features were damaged, by networks whose weights are here."""
    damaged = {finding.fingerprint for finding in findings if finding.kind == "feature"}
    done: list[str] = []
    for network in registry.NETWORKS.values():
        at_hand = weights.find_weights(network) is not None
        if not at_hand or weights.fingerprint(network) not in damaged:
            continue
        wanted = argparse.Namespace(network=network.name, weights=None, precision="auto")
        extractor = shared.extractor(wanted, catalogue)
        with progress("Encoding", as_json=as_json) as on_progress:
            encoded = encode_missing(
                catalogue, extractor, actor=shared.actor(), on_progress=on_progress
            )
        for sentence in encoded.failed:
            print(sentence, file=sys.stderr)
        if encoded.encoded:
            done.append(f"{counted(encoded.encoded, 'photograph')} encoded by {network.name}.")
    if colours.FINGERPRINT in damaged:
        seen = colours.save_missing(catalogue, actor=shared.actor())
        done.append(f"The colours of {counted(seen, 'photograph')} saved again.")
    return done


def _network_advice(catalogue: Catalogue) -> list[str]:
    name = own_network(catalogue)
    network = registry.get(name)
    advice = []
    missing = len(catalogue.without_feature(weights.fingerprint(network)))
    if missing:
        advice.append(
            f"{counted(missing, 'photograph')} still to be encoded by {name}; "
            f"run `python -m search encode --catalogue {catalogue.name}`."
        )
    colourless = len(catalogue.without_feature(colours.FINGERPRINT))
    if colourless and colours.FINGERPRINT in catalogue.fingerprints():
        advice.append(
            f"The colours of {counted(colourless, 'photograph')} are not known, so they are found "
            f"last where colour counts; run `python -m search encode --catalogue {catalogue.name}`."
        )
    if weights.find_weights(network) is None:
        advice.append(
            f"The weights of {name} are not on this machine: searching by the catalogue's own "
            "products works, new photographs need them; run `python -m search networks`."
        )
    return advice


def _served_by(name: str) -> str:
    try:
        return served_by(registry.get(name))
    except SearchError as error:
        return f"nothing: {error}"


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"
