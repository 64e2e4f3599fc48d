"""`experiment`: two settings compared on the live searches of a website."""

from __future__ import annotations

import argparse
from typing import Any

from search.cli import arguments as shared
from search.cli.output import print_json
from search.errors import EventError
from search.feedback import experiment
from search.feedback.interleaving import Verdict, verdict
from search.feedback.settings import Setting
from search.feedback.store import EventStore


def add_commands(commands: Any) -> None:
    """Add `experiment begin`, `experiment end` and `experiment verdict`."""
    parser = commands.add_parser("experiment", help="compare two settings on live searches")
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    beginning = verbs.add_parser("begin", help="draft answers from two settings from now on")
    beginning.add_argument("name", help="what to call the comparison")
    beginning.add_argument(
        "--a", default="usual", metavar="SETTING", help="such as metric=euclidean"
    )
    beginning.add_argument("--b", required=True, metavar="SETTING", help="such as colour=0.2")
    shared.add_catalogue(beginning)
    beginning.set_defaults(run=begin)
    ending = verbs.add_parser("end", help="answer as ever again; what was told stays")
    shared.add_catalogue(ending)
    ending.set_defaults(run=end)
    judging = verbs.add_parser("verdict", help="tell which is better, and how sure that is")
    judging.add_argument("name", nargs="?", help="of the comparison (default: the one that is on)")
    shared.add_catalogue(judging)
    shared.add_json(judging)
    judging.set_defaults(run=judge)


def begin(arguments: argparse.Namespace) -> int:
    """Begin a comparison."""
    catalogue = shared.catalogue(arguments)
    begun = experiment.begin(
        catalogue,
        arguments.name,
        Setting.read(arguments.a),
        Setting.read(arguments.b),
        shared.actor(),
    )
    print(f"“{begun.name}” compares a: {begun.a.name} with b: {begun.b.name} from now on.")
    return 0


def end(arguments: argparse.Namespace) -> int:
    """End the comparison."""
    experiment.end(shared.catalogue(arguments), shared.actor())
    print("Searches are answered as ever.")
    return 0


def judge(arguments: argparse.Namespace) -> int:
    """Print the verdict."""
    catalogue = shared.catalogue(arguments)
    running = experiment.running(catalogue)
    name = arguments.name or (running and running.name)
    if not name:
        raise EventError("No comparison is on: name one, or begin one.")
    found = verdict(EventStore(catalogue.folder), name)
    if arguments.json:
        print_json(
            {
                "name": name,
                "won_a": found.won_a,
                "won_b": found.won_b,
                "tied": found.tied,
                "p_value": round(found.p_value, 6),
                "winner": found.winner,
                "more": found.more,
            }
        )
    else:
        print(in_words(found))
    return 0


def in_words(found: Verdict) -> str:
    """Word a verdict in one line."""
    sessions = f"a won {found.won_a:,} visits, b {found.won_b:,}, {found.tied:,} were tied"
    sure = f"p = {found.p_value:.3f}"
    if found.winner:
        return f"{found.winner} is better: {sessions} ({sure})."
    more = "" if found.more is None else f"; some {found.more:,} more decided visits would tell"
    return f"Not sure yet: {sessions} ({sure}){more}."
