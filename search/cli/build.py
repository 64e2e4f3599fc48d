"""`build` and `adopt`: a catalogue from a folder of photographs, or from a saved feature store."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import Any

from search import workspace
from search.catalogue import Catalogue
from search.cli import DONE, PARTLY
from search.cli import arguments as shared
from search.cli.output import print_json, progress
from search.engine.encoding import encode_missing
from search.engine.learning import ensure_learnt
from search.errors import ImportRefused
from search.importing import adopt as adopting
from search.importing.apply import ImportResult, apply_import
from search.importing.plan import ImportPlan, plan_import
from search.network import registry
from search.network.cluster import Workers
from search.network.extractor import Extractor
from search.plural import counted


def add_commands(commands: Any) -> None:
    """Add `build` and `adopt`."""
    parser = commands.add_parser("build", help="make a catalogue of a folder of photographs")
    parser.add_argument("folder", type=Path)
    shared.add_catalogue(parser)
    shared.add_network(parser)
    shared.add_workers(parser)
    shared.add_json(parser)
    parser.set_defaults(run=build)

    parser = commands.add_parser("encode", help="encode what a network has not encoded yet")
    shared.add_catalogue(parser)
    shared.add_network(parser)
    shared.add_workers(parser)
    shared.add_json(parser)
    parser.set_defaults(run=encode)

    parser = commands.add_parser("adopt", help="take in features and file names saved as pickles")
    parser.add_argument("features", type=Path, help="the pickled features, one row a photograph")
    parser.add_argument("names", type=Path, help="the pickled file names, in the same order")
    parser.add_argument("--photos", type=Path, required=True, metavar="DIR")
    parser.add_argument(
        "--network",
        choices=tuple(registry.NETWORKS),
        default="vgg16-imagenet",
        help="what made them",
    )
    parser.add_argument("--category", default="", help="the category of all these products")
    shared.add_catalogue(parser)
    shared.add_json(parser)
    parser.set_defaults(run=adopt)


def build(arguments: argparse.Namespace) -> int:
    """Take in every photograph of a folder, one product each, and make the catalogue current.

    A table (CSV) in the folder that names photographs says what their products are; see `import`
    for more of that.
    """
    folder: Path = arguments.folder
    if not folder.is_dir():
        raise ImportRefused(f"“{folder}” is not a folder; name the folder of your photographs.")
    arguments.catalogue = arguments.catalogue or catalogue_name(folder)
    catalogue = shared.catalogue(arguments, create=True)
    extractor = shared.extractor(arguments, catalogue)
    plan = plan_import(catalogue, extractor.fingerprint, photos=folder)
    workers = shared.workers(arguments)
    done = apply(
        catalogue, extractor, plan, skip_bad_rows=True, workers=workers, as_json=arguments.json
    )
    catalogue.set_setting("network", extractor.network.name, shared.actor())
    workspace.use(catalogue.name, shared.actor())
    left_out = len(done.skipped) + plan.left_out
    report(catalogue, added=done.photos_added, failed=left_out, as_json=arguments.json)
    return PARTLY if left_out else DONE


def apply(
    catalogue: Catalogue,
    extractor: Extractor,
    plan: ImportPlan,
    *,
    skip_bad_rows: bool,
    workers: Workers | None,
    as_json: bool,
) -> ImportResult:
    """Apply an import, learn from it, and name on stderr how it was read and the rows left out.

    :raises ImportRefused: the table's letters are a guess that nobody has confirmed.
    """
    for note in plan.notes:
        print(note, file=sys.stderr)
    if plan.guessed_encoding:
        raise ImportRefused(
            "Nothing was imported: see whether the letters are right, and say so with `import"
            f" --encoding {plan.guessed_encoding}`, or name another."
        )
    with progress("Encoding", as_json=as_json) as on_progress:
        done = apply_import(
            catalogue,
            extractor,
            plan,
            actor=shared.actor(),
            skip_bad_rows=skip_bad_rows,
            workers=workers,
            on_progress=on_progress,
        )
    learn(catalogue, extractor, as_json=as_json)
    for row in done.skipped:
        print(row.located, file=sys.stderr)
    return done


def learn(catalogue: Catalogue, extractor: Extractor, *, as_json: bool) -> None:
    """Learn what photographs of its products are like, where that is due."""
    with progress("Learning from altered photographs", as_json=as_json) as on_progress:
        ensure_learnt(catalogue, extractor, on_progress=on_progress)


def encode(arguments: argparse.Namespace) -> int:
    """Encode the catalogue's photographs with a network, beside the features it has already."""
    catalogue = shared.catalogue(arguments)
    extractor = shared.extractor(arguments, catalogue)
    with progress("Encoding", as_json=arguments.json) as on_progress:
        done = encode_missing(
            catalogue,
            extractor,
            workers=shared.workers(arguments),
            actor=shared.actor(),
            on_progress=on_progress,
        )
    learn(catalogue, extractor, as_json=arguments.json)
    for sentence in done.failed:
        print(sentence, file=sys.stderr)
    if arguments.json:
        print_json({"event": "done", "encoded": done.encoded, "failed": len(done.failed)})
    else:
        print(f"{counted(done.encoded, 'photograph')} encoded by {extractor.network.name}.")
    return PARTLY if done.failed else DONE


def adopt(arguments: argparse.Namespace) -> int:
    """Take in the saved objects of an earlier search, and make the catalogue current."""
    arguments.catalogue = arguments.catalogue or catalogue_name(arguments.photos)
    catalogue = shared.catalogue(arguments, create=True)
    with progress("Adopting", as_json=arguments.json) as on_progress:
        adopted = adopting.adopt(
            catalogue,
            arguments.features,
            arguments.names,
            arguments.photos,
            arguments.network,
            category=arguments.category,
            actor=shared.actor(),
            on_progress=on_progress,
        )
    workspace.use(catalogue.name, shared.actor())
    for name in adopted.missing:
        print(f"“{name}” is not in {arguments.photos}; it was left out.", file=sys.stderr)
    for name in adopted.repeated:
        print(f"“{name}” is listed more than once; the first was taken.", file=sys.stderr)
    for _, sentence in adopted.refused:
        print(sentence, file=sys.stderr)
    report(catalogue, added=adopted.photos, failed=adopted.left_out, as_json=arguments.json)
    return PARTLY if adopted.left_out else DONE


def catalogue_name(folder: Path) -> str:
    """Make a catalogue's name of a folder's."""
    return re.sub(r"[^a-z0-9_-]+", "-", folder.resolve().name.lower()).strip("-_") or "catalogue"


def report(catalogue: Catalogue, *, added: int, failed: int, as_json: bool) -> None:
    """Say what was built and what to do next."""
    if as_json:
        print_json(
            {
                "event": "done",
                "catalogue": catalogue.name,
                "revision": catalogue.revision(),
                "added": added,
                "failed": failed,
            }
        )
        return
    left_out = f", {failed:,} left out" if failed else ""
    photographs = counted(added, "photograph")
    print(f"{photographs} added to catalogue “{catalogue.name}”{left_out}; it is now in use.")
    print("Search it with `python -m search query PHOTO` or `streamlit run app.py`.")
