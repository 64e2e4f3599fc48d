"""`add`, `remove`, `withdraw`, `restore`, `revisions`, `rollback`, `purge`: keep a catalogue."""

from __future__ import annotations

import argparse
import dataclasses
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from search import photos
from search.catalogue import Catalogue, Product, Revision, editing
from search.cli import DONE, PARTLY
from search.cli import arguments as shared
from search.cli.output import print_json, print_table
from search.engine.encoding import keep
from search.errors import CatalogueError, FeatureError, PhotoError
from search.photos import Photo

_FIELDS = ("name", "category", "brand", "colour", "price", "currency", "stock", "url")


def add_commands(commands: Any) -> None:
    """Add the commands of this module."""
    parser = commands.add_parser("add", help="add products with their photographs")
    parser.add_argument("photographs", nargs="+", type=Path, metavar="PHOTOGRAPH")
    parser.add_argument(
        "--id", help="one product, new or known, for all of them (default: one each, by file name)"
    )
    for field in _FIELDS:
        parser.add_argument(f"--{field}", help="as 1299.00" if field == "price" else None)
    parser.add_argument(
        "--attribute", action="append", default=[], metavar="NAME=VALUE", help="a further field"
    )
    shared.add_network(parser)
    _finish(parser, add)

    for name, run, about in (
        ("remove", remove, "delete products; rollback brings them back until a purge"),
        ("withdraw", withdraw, "keep products out of search results"),
        ("restore", restore, "put withdrawn products back"),
    ):
        parser = commands.add_parser(name, help=about)
        parser.add_argument("ids", nargs="+", metavar="ID")
        _finish(parser, run)

    parser = commands.add_parser("revisions", help="who changed what and when")
    parser.add_argument("number", type=int, nargs="?", help="show what this revision changed")
    parser.add_argument("-n", type=int, default=20, dest="limit", help="how many (default: 20)")
    _finish(parser, list_revisions)

    parser = commands.add_parser("rollback", help="undo the last change, or restore a revision")
    parser.add_argument("number", type=int, nargs="?", help="the revision to go back to")
    _finish(parser, rollback)

    parser = commands.add_parser("purge", help="delete files that no kept revision needs")
    _finish(parser, purge)


def _finish(parser: argparse.ArgumentParser, run: Any) -> None:
    shared.add_catalogue(parser)
    shared.add_json(parser)
    parser.set_defaults(run=run)


def add(arguments: argparse.Namespace) -> int:
    """Add photographs as products, encoded first so that they are found at once."""
    catalogue = shared.catalogue(arguments)
    extractor = shared.extractor(arguments, catalogue)
    fields = _fields(arguments)
    owners = {photo.sha256: photo.product_id for photo in catalogue.photos()}
    accepted: list[tuple[Path, Photo]] = []
    skipped: list[str] = []
    for file in arguments.photographs:
        try:
            photo = photos.read(file)
            keep(catalogue, extractor, [photo])
        except (PhotoError, FeatureError) as error:
            skipped.append(str(error))
            continue
        owner = owners.get(photo.sha256)
        if owner is None or (arguments.id and owner != arguments.id):
            owners[photo.sha256] = arguments.id or file.stem
            accepted.append((file, photo))
        else:
            skipped.append(f"{file} is left out: product “{owner}” has this photograph already.")
    with catalogue.change(shared.actor(), "add", _listed([f.name for f, _ in accepted])) as change:
        present = {product.id: product for product in catalogue.products()}
        for file, photo in accepted:
            product_id = arguments.id or file.stem
            if product_id in present and arguments.id is None:
                raise CatalogueError(
                    f"There is a product “{product_id}” already: name another for {file} with --id,"
                    f" or add it to that product with `--id {product_id}`."
                )
            present[product_id] = _with(present.get(product_id, Product(product_id)), fields)
            change.put(present[product_id])
            change.add_photo(product_id, photo, source=file.name)
    for sentence in skipped:
        print(sentence, file=sys.stderr)
    added = f"{_count(len(accepted), 'photograph')} added."
    _tell(arguments, catalogue, added, added=len(accepted), skipped=len(skipped))
    return PARTLY if skipped else DONE


def _fields(arguments: argparse.Namespace) -> dict[str, Any]:
    """The fields that were given, as a product has them; a price waits for its currency."""
    fields = {name: getattr(arguments, name) for name in _FIELDS}
    fields = {name: value for name, value in fields.items() if value is not None}
    attributes = [text.partition("=") for text in arguments.attribute]
    for name, equals, _ in attributes:
        if not (name and equals):
            raise CatalogueError(f"“{name}” is no attribute; write it as NAME=VALUE.")
    if attributes:
        fields["attributes"] = {name: value for name, _, value in attributes}
    return fields


def _with(product: Product, fields: Mapping[str, Any]) -> Product:
    typed = {name: value for name, value in fields.items() if name != "attributes"}
    attributes = {**product.attributes, **fields.get("attributes", {})}
    return dataclasses.replace(product, **editing.fields_of(product, typed), attributes=attributes)


def remove(arguments: argparse.Namespace) -> int:
    """Delete products with their photographs; the files stay until purged."""
    catalogue = shared.catalogue(arguments)
    editing.delete(catalogue, arguments.ids, shared.actor())
    count = len(set(arguments.ids))
    sentence = f"{_count(count, 'product')} removed; `python -m search rollback` undoes this."
    return _tell(arguments, catalogue, sentence, removed=count)


def withdraw(arguments: argparse.Namespace) -> int:
    """Keep products out of search results."""
    return _set_status(arguments, "withdrawn", "withdrawn")


def restore(arguments: argparse.Namespace) -> int:
    """Put withdrawn products back."""
    return _set_status(arguments, "active", "restored")


def _set_status(arguments: argparse.Namespace, status: str, done: str) -> int:
    catalogue = shared.catalogue(arguments)
    editing.set_status(catalogue, arguments.ids, status, shared.actor())
    count = len(set(arguments.ids))
    return _tell(arguments, catalogue, f"{_count(count, 'product')} {done}.", **{done: count})


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
            print_json(dataclasses.asdict(change))
        return DONE
    rows = []
    for change in changes:
        before, after = change.before or {}, change.after or {}
        fields = [f for f in {**before, **after} if before.get(f) != after.get(f)]
        what = "added" if not before else "deleted" if not after else "changed"
        values = [f"{f}: {before[f]} → {after[f]}" for f in fields if before and after]
        rows.append((change.table, change.key, what, "; ".join(values)))
    print_table(("table", "key", "what", "fields"), rows)
    return DONE


def rollback(arguments: argparse.Namespace) -> int:
    """Undo the last change, or bring a revision's state back, as a new revision."""
    catalogue = shared.catalogue(arguments)
    if arguments.number is None:
        catalogue.undo(shared.actor())
        sentence = "The last change was undone."
    else:
        catalogue.restore(arguments.number, shared.actor())
        sentence = f"The catalogue is as it was after revision {arguments.number}."
    newest = catalogue.revisions(1)[0]
    return _tell(arguments, catalogue, sentence, detail=newest.detail)


def purge(arguments: argparse.Namespace) -> int:
    """Delete files and features that neither the catalogue nor a kept revision needs."""
    catalogue = shared.catalogue(arguments)
    report = catalogue.purge()
    sentence = (
        f"{_count(report.files, 'photograph file')}, {_count(report.thumbnails, 'thumbnail')} and "
        f"{_count(report.features, 'feature')} deleted, {report.bytes / 1e6:,.1f} MB freed; "
        f"revision {catalogue.oldest_restorable()} is the oldest that can be restored."
    )
    return _tell(arguments, catalogue, sentence, **dataclasses.asdict(report))


def _tell(
    arguments: argparse.Namespace, catalogue: Catalogue, sentence: str, **facts: object
) -> int:
    if arguments.json:
        print_json({"catalogue": catalogue.name, "revision": catalogue.revision(), **facts})
    else:
        print(sentence)
    return DONE


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:3])
    return shown if len(names) <= 3 else f"{shown} and {len(names) - 3} more"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
