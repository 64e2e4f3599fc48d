"""Arguments that several commands share."""

from __future__ import annotations

import argparse
import getpass
from pathlib import Path

from search import workspace
from search.catalogue import Catalogue
from search.engine import SearchEngine, own_network
from search.errors import QueryError
from search.network import registry
from search.network.cluster import Workers
from search.network.extractor import NetworkExtractor, extractor_for
from search.network.precision import PRECISIONS
from search.roles import Person, Role

_LARGEST = 2**63 - 1
_LONGEST_NUMBER = 40  # letters
_MOST_WORKERS = 256


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
    parser.add_argument("--precision", choices=PRECISIONS, default="auto")


def add_workers(parser: argparse.ArgumentParser) -> None:
    """Add `--workers` and `--scheduler`, of which one alone may be given."""
    who = parser.add_mutually_exclusive_group()
    who.add_argument(
        "--workers", type=whole_number, metavar="N", help="encode in N processes of this machine"
    )
    who.add_argument(
        "--scheduler", metavar="ADDRESS", help="encode on a Dask cluster, as tcp://host:8786"
    )


def workers(arguments: argparse.Namespace) -> Workers | None:
    """Give who encodes, as the arguments say; None: this process.

    :raises QueryError: fewer than one worker, or more than could be meant.
    """
    if arguments.scheduler is not None:
        return Workers(scheduler=arguments.scheduler)
    if arguments.workers in (None, 1):
        return None
    if not 1 <= arguments.workers <= _MOST_WORKERS:
        raise QueryError(f"Encode with 1 to {_MOST_WORKERS} workers, one a processor core or less.")
    return Workers(arguments.workers)


def add_json(parser: argparse.ArgumentParser) -> None:
    """Add `--json`."""
    parser.add_argument("--json", action="store_true", help="print JSON, one object a line")


def whole_number(text: str) -> int:
    """Read a whole number of at most 64 bits, which is what a catalogue can store.

    :raises argparse.ArgumentTypeError: it is none.
    """
    try:
        number = int(text) if len(text) <= _LONGEST_NUMBER else _LARGEST + 1
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{_short(text)}” is not a whole number") from None
    if abs(number) > _LARGEST:
        raise argparse.ArgumentTypeError(f"“{_short(text)}” is too large a number")
    return number


def refuse_unreadable(arguments: argparse.Namespace) -> None:
    """Refuse words that are not in the letters of this system; of files they may be the names.

    :raises QueryError: naming the argument.
    """
    for name, value in vars(arguments).items():
        for word in value if isinstance(value, list) else [value]:
            if isinstance(word, str) and not _is_text(word):
                raise QueryError(
                    f"“{_short(word)}” ({name.replace('_', '-')}) is not readable text: type it"
                    " again, in UTF-8."
                )


def _is_text(word: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in word)


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"


def catalogue(arguments: argparse.Namespace, *, create: bool = False) -> Catalogue:
    """Open the catalogue that the arguments name."""
    return workspace.open_catalogue(arguments.catalogue, create=create)


def extractor(arguments: argparse.Namespace, of: Catalogue) -> NetworkExtractor:
    """Give the network that the arguments name, else the catalogue's own."""
    name = arguments.network or own_network(of)
    return extractor_for(name, arguments.weights, arguments.precision)


def engine(arguments: argparse.Namespace) -> SearchEngine:
    """Give a search engine for `--catalogue`, `--network`, `--weights` and `--precision`."""
    opened = catalogue(arguments)
    return SearchEngine(opened, extractor(arguments, opened))


def actor() -> Person:
    """Who acts: the account by its name, as the operator, who may do everything."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # an account without a name, as in some containers
        name = "command line"
    return Person(name, Role.OWNER)
