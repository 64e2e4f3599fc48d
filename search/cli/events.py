"""`events`: what customers did with the results, out to a file or gone."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from search.cli import arguments as shared
from search.cli.output import save
from search.errors import EventError
from search.feedback import export
from search.feedback.store import EventStore


def add_commands(commands: Any) -> None:
    """Add `events export` and `events delete`."""
    parser = commands.add_parser("events", help="what customers did with the results")
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    exporting = verbs.add_parser("export", help="write all events as JSON, one a line")
    exporting.add_argument("file", nargs="?", type=Path, help="where to (default: stdout)")
    shared.add_catalogue(exporting)
    exporting.set_defaults(run=export_all)
    deleting = verbs.add_parser("delete", help="delete events, for good")
    what = deleting.add_mutually_exclusive_group(required=True)
    what.add_argument("--all", action="store_true", help="all of them, and their sums")
    what.add_argument("--before", metavar="DAY", help="those before a day, such as 2026-01-31")
    shared.add_catalogue(deleting)
    deleting.set_defaults(run=delete)


def export_all(arguments: argparse.Namespace) -> int:
    """Write all events."""
    lines = export.lines(_store(arguments))
    if arguments.file is None:
        for line in lines:
            print(line)
    else:
        save(arguments.file, "".join(f"{line}\n" for line in lines).encode())
        print(f"Written to {arguments.file}.", file=sys.stderr)
    return 0


def delete(arguments: argparse.Namespace) -> int:
    """Delete events."""
    before = None if arguments.all else _midnight(arguments.before)
    count = _store(arguments).delete(before=before, actor=shared.actor())
    print(f"{count:,} searches and what was done with their products are deleted.")
    return 0


def _store(arguments: argparse.Namespace) -> EventStore:
    return EventStore(shared.catalogue(arguments).folder)


def _midnight(day: str) -> float:
    try:
        return datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=UTC).timestamp()
    except ValueError:
        raise EventError(f"“{day}” is no day: write it as 2026-01-31.") from None
