"""`add`, `remove`, `withdraw`, `restore`, `revisions`, `rollback`, `redo` and `purge`."""

from __future__ import annotations

import argparse
import dataclasses
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from search.catalogue import Catalogue, Revision, editing
from search.cli import DONE, PARTLY
from search.cli import arguments as shared
from search.cli.output import print_json, print_table, progress
from search.errors import CatalogueError
from search.importing.add import add_products
from search.plural import counted

_FIELDS = tuple(name for name in editing.EDITABLE if name != "status")
_HELP = {
    "price": "as 1299.00",
    "sale_price": "as 999.00, below the price",
    "sale_from": "as 2026-01-31 or 2026-01-31T08:00+01:00",
    "sale_until": "likewise; a date alone is the end of its day",
    "item_group": "products of one name are variants of one thing",
}


def add_commands(commands: Any) -> None:
    """Add the commands of this module."""
    parser = commands.add_parser("add", help="add products with their photographs")
    parser.add_argument("photographs", nargs="+", type=Path, metavar="PHOTOGRAPH")
    parser.add_argument(
        "--id", help="one product, new or known, for all of them (default: one each, by file name)"
    )
    for field in _FIELDS:
        parser.add_argument(f"--{field.replace('_', '-')}", help=_HELP.get(field))
    parser.add_argument(
        "--attribute", action="append", default=[], metavar="NAME=VALUE", help="a further field"
    )
    shared.add_network(parser)
    _finish(parser, add)

    for name, run, about in (
        ("remove", remove, "delete products; rollback brings them back until a purge"),
        ("withdraw", withdraw, "leave products out of search results"),
        ("restore", restore, "put withdrawn products back"),
    ):
        parser = commands.add_parser(name, help=about)
        parser.add_argument("ids", nargs="+", metavar="ID")
        _finish(parser, run)

    parser = commands.add_parser("revisions", help="who changed what and when")
    parser.add_argument(
        "number", type=shared.whole_number, nargs="?", help="show what this revision changed"
    )
    parser.add_argument(
        "-n", type=shared.whole_number, default=20, dest="limit", help="how many (default: 20)"
    )
    _finish(parser, list_revisions)

    parser = commands.add_parser("rollback", help="undo the last change, or restore a revision")
    parser.add_argument(
        "number", type=shared.whole_number, nargs="?", help="the revision to go back to"
    )
    parser.add_argument(
        "--yes", action="store_true", help="also much, or what others changed, without asking"
    )
    _finish(parser, rollback)

    parser = commands.add_parser("redo", help="take the last rollback of a change back")
    _finish(parser, redo)

    parser = commands.add_parser("purge", help="delete files that no restorable revision needs")
    parser.add_argument(
        "--yes-all", action="store_true", help="even more than a tenth of the photograph files"
    )
    _finish(parser, purge)


def _finish(parser: argparse.ArgumentParser, run: Any) -> None:
    shared.add_catalogue(parser)
    shared.add_json(parser)
    parser.set_defaults(run=run)


def add(arguments: argparse.Namespace) -> int:
    """Add photographs as products, encoded first so that they are found at once."""
    catalogue = shared.catalogue(arguments)
    extractor = shared.extractor(arguments, catalogue)
    given = {name: getattr(arguments, name) for name in _FIELDS}
    with progress("Encoding", as_json=False) as on_progress:
        done = add_products(
            catalogue,
            extractor,
            arguments.photographs,
            shared.actor(),
            product_id=arguments.id,
            fields={name: value for name, value in given.items() if value is not None},
            attributes=_attributes(arguments.attribute),
            on_progress=on_progress,
        )
    for sentence in done.skipped:
        print(sentence, file=sys.stderr)
    sentence = f"{counted(done.photographs, 'photograph')} added."
    _report(arguments, catalogue, sentence, added=done.photographs, skipped=len(done.skipped))
    return PARTLY if done.skipped else DONE


def _attributes(given: Sequence[str]) -> dict[str, str]:
    attributes = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not (name and equals):
            raise CatalogueError(f"“{text}” is not an attribute; write it as NAME=VALUE.")
        attributes[name] = value
    return attributes


def remove(arguments: argparse.Namespace) -> int:
    """Delete products with their photographs; the files stay until purged."""
    catalogue = shared.catalogue(arguments)
    editing.delete(catalogue, arguments.ids, shared.actor())
    count = len(set(arguments.ids))
    sentence = f"{counted(count, 'product')} removed; `python -m search rollback` undoes this."
    return _report(arguments, catalogue, sentence, removed=count)


def withdraw(arguments: argparse.Namespace) -> int:
    """Leave products out of search results."""
    return _set_status(arguments, "withdrawn", "withdrawn")


def restore(arguments: argparse.Namespace) -> int:
    """Put withdrawn products back."""
    return _set_status(arguments, "active", "restored")


def _set_status(arguments: argparse.Namespace, status: str, done: str) -> int:
    catalogue = shared.catalogue(arguments)
    editing.set_status(catalogue, arguments.ids, status, shared.actor())
    count = len(set(arguments.ids))
    return _report(arguments, catalogue, f"{counted(count, 'product')} {done}.", **{done: count})


def list_revisions(arguments: argparse.Namespace) -> int:
    """Print the newest revisions, or what one of them changed."""
    catalogue = shared.catalogue(arguments)
    if arguments.number is not None:
        return _list_changes(catalogue, arguments)
    if arguments.limit < 1:
        raise CatalogueError("Ask for 1 revision or more.")
    found = catalogue.revisions(arguments.limit)
    if arguments.json:
        for revision in found:
            print_json(dataclasses.asdict(revision))
    else:
        columns = ("revision", "when", "who", "what", "detail", "products", "photographs")
        print_table(columns, map(_row, found))
    return DONE


def _row(revision: Revision) -> tuple[object, ...]:
    return (
        *(revision.number, revision.at, revision.actor, revision.action, revision.detail),
        *(revision.products, revision.photos),
    )


def _list_changes(catalogue: Catalogue, arguments: argparse.Namespace) -> int:
    changes = catalogue.changes(arguments.number)
    if arguments.json:
        for change in changes:
            print_json(change.to_dict())
        return DONE
    rows = []
    for change in changes:
        plain = change.to_dict()
        before, after = plain["before"], plain["after"]
        values = []
        if isinstance(before, Mapping) and isinstance(after, Mapping):
            fields = [f for f in before if before[f] != after.get(f)]
            values = [f"{f}: {before[f]} → {after.get(f)}" for f in fields]
        rows.append((change.table, change.key, change.kind, "; ".join(values)))
    print_table(("table", "key", "what", "fields"), rows)
    return DONE


def rollback(arguments: argparse.Namespace) -> int:
    """Undo the last change, or bring a revision's state back, as a new revision."""
    catalogue, actor, number = shared.catalogue(arguments), shared.actor(), arguments.number
    if number is None:
        step = catalogue.step("undo", actor)
        _agree(step.question, arguments)
        catalogue.undo(actor, step.question)
        sentence = f"Revision {step.change} was undone; `python -m search redo` brings it back."
    else:
        step = catalogue.step("restore", actor, number)
        _agree(step.question, arguments)
        catalogue.restore(number, actor, step.question)
        sentence = f"The catalogue is as it was after revision {number}."
    newest = catalogue.revisions(1)[0]
    return _report(arguments, catalogue, sentence, detail=newest.detail)


def _agree(question: str, arguments: argparse.Namespace) -> None:
    """Ask before a step that wants it, where somebody is there to answer.

    :raises CatalogueError: nobody agreed.
    """
    if not question or arguments.yes:
        return
    if not sys.stdin.isatty():
        raise CatalogueError(f"{question} Repeat the command with --yes to do it.")
    print(question, "[y/N]", end=" ", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise CatalogueError("Nothing was changed.")


def redo(arguments: argparse.Namespace) -> int:
    """Take the last undo back, as long as nothing else was changed since."""
    catalogue = shared.catalogue(arguments)
    catalogue.redo(shared.actor())
    detail = catalogue.revisions(1)[0].detail
    return _report(arguments, catalogue, "The last undo was taken back.", detail=detail)


def purge(arguments: argparse.Namespace) -> int:
    """Delete files and features that neither the catalogue nor a restorable revision needs."""
    catalogue = shared.catalogue(arguments)
    report = catalogue.purge(yes_all=arguments.yes_all, actor=shared.actor())
    sentence = (
        f"{counted(report.files, 'photograph file')}, "
        f"{counted(report.thumbnails, 'thumbnail')} and "
        f"{counted(report.features, 'feature')} deleted, {report.bytes / 1e6:,.1f} MB freed; "
        f"revision {catalogue.oldest_restorable()} is the oldest that can be restored."
    )
    return _report(arguments, catalogue, sentence, **dataclasses.asdict(report))


def _report(
    arguments: argparse.Namespace, catalogue: Catalogue, sentence: str, **facts: object
) -> int:
    if arguments.json:
        print_json({"catalogue": catalogue.name, "revision": catalogue.revision(), **facts})
    else:
        print(sentence)
    return DONE
