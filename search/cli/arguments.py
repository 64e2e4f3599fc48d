"""Arguments that several commands share."""

from __future__ import annotations

import argparse
import getpass
from pathlib import Path

from search import workspace
from search.catalogue import Catalogue
from search.engine import SearchEngine, own_network
from search.network import registry
from search.network.extractor import KerasExtractor, extractor_for


def add_catalogue(parser: argparse.ArgumentParser) -> None:
    """Add `--catalogue NAME`."""
    parser.add_argument(
        "--catalogue", metavar="NAME", help="the catalogue (default: the one in use)"
    )


def add_network(parser: argparse.ArgumentParser) -> None:
    """Add `--network`, `--weights` and `--precision`."""
    parser.add_argument(
        "--network",
        choices=tuple(registry.NETWORKS),
        help="the network that encodes photographs (default: the catalogue's own)",
    )
    parser.add_argument(
        "--weights", type=Path, metavar="FILE", help="a local file with the network's weights"
    )
    parser.add_argument("--precision", choices=("auto", "bfloat16", "float32"), default="auto")


def add_json(parser: argparse.ArgumentParser) -> None:
    """Add `--json`."""
    parser.add_argument("--json", action="store_true", help="print JSON, one object a line")


def catalogue(arguments: argparse.Namespace, *, create: bool = False) -> Catalogue:
    """Open the catalogue that the arguments name."""
    return workspace.open_catalogue(arguments.catalogue, create=create)


def extractor(arguments: argparse.Namespace, of: Catalogue) -> KerasExtractor:
    """Give the network that the arguments name, else the catalogue's own."""
    name = arguments.network or own_network(of)
    return extractor_for(name, arguments.weights, arguments.precision)


def engine(arguments: argparse.Namespace) -> SearchEngine:
    """Give a search engine for `--catalogue`, `--network`, `--weights` and `--precision`."""
    opened = catalogue(arguments)
    return SearchEngine(opened, extractor(arguments, opened))


def actor() -> str:
    """Who to write down for a change: the account's name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # an account without a name, as in some containers
        return "command line"
