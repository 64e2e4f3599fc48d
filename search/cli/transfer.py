"""`import` and `export`: tables and photographs in and out, in bulk."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from search.cli import DONE, PARTLY
from search.cli import arguments as shared
from search.cli.build import apply
from search.cli.output import print_json, print_table, progress, save
from search.errors import ImportRefused
from search.importing.export import export_table, export_zip
from search.importing.plan import ImportPlan, plan_import
from search.plural import counted


def add_commands(commands: Any) -> None:
    """Add `import` and `export`."""
    parser = commands.add_parser("import", help="take in a table (CSV), photographs, or both")
    parser.add_argument("table", type=Path, nargs="?", help="the CSV; see the README for columns")
    parser.add_argument("--photos", type=Path, metavar="DIR|ZIP", help="where its files lie")
    parser.add_argument("--currency", default="", metavar="CODE", help="of prices that name none")
    parser.add_argument("--encoding", default="", metavar="NAME", help="of the table's letters")
    parser.add_argument("--zip-encoding", default="", metavar="NAME", help="of the names in a zip")
    parser.add_argument(
        "--decimal-mark", choices=(".", ","), default="", help="what stands before prices' decimals"
    )
    parser.add_argument("--dry-run", action="store_true", help="only report what would happen")
    parser.add_argument("--skip-bad-rows", action="store_true", help="import the good rows only")
    parser.add_argument("--report", type=Path, metavar="FILE", help="write the report as CSV")
    shared.add_network(parser)
    shared.add_workers(parser)
    parser.set_defaults(run=take_in)
    exported = commands.add_parser("export", help="write the catalogue as a CSV, or as a zip")
    exported.add_argument("file", type=Path, help="a .csv, or a .zip with the photographs")
    exported.set_defaults(run=export)
    for added in (parser, exported):
        shared.add_catalogue(added)
        shared.add_json(added)


def take_in(arguments: argparse.Namespace) -> int:
    """Check an import, report, and apply it unless it is a dry run."""
    catalogue = shared.catalogue(arguments)
    extractor = shared.extractor(arguments, catalogue)
    with progress("Checking", as_json=arguments.json) as on_progress:
        plan = plan_import(
            catalogue,
            extractor.fingerprint,
            table=arguments.table,
            photos=arguments.photos,
            default_currency=arguments.currency,
            encoding=arguments.encoding,
            zip_encoding=arguments.zip_encoding,
            decimal_mark=arguments.decimal_mark,
            on_progress=on_progress,
        )
    if arguments.report:
        save(arguments.report, plan.to_csv())
    if arguments.dry_run:
        _report(plan, as_json=arguments.json)
        return PARTLY if plan.bad or plan.left_out else DONE
    skip = arguments.skip_bad_rows
    workers = shared.workers(arguments)
    done = apply(
        catalogue, extractor, plan, skip_bad_rows=skip, workers=workers, as_json=arguments.json
    )
    if arguments.json:
        print_json(
            {
                "event": "done",
                "revision": done.revision,
                "new": done.products_new,
                "changed": done.products_changed,
                "photographs": done.photos_added,
                "skipped": len(done.skipped),
                "left_out": plan.left_out,
                "seconds": round(done.seconds, 3),
            }
        )
    else:
        print(
            f"{counted(done.products_new, 'new product')}, {done.products_changed:,} changed, "
            f"{counted(done.photos_added, 'photograph')} added; revision {done.revision}."
        )
    return PARTLY if done.skipped or plan.left_out else DONE


def export(arguments: argparse.Namespace) -> int:
    """Write products, and with a zip their photographs."""
    catalogue = shared.catalogue(arguments)
    file: Path = arguments.file
    if file.suffix.lower() == ".zip":
        with progress("Exporting", as_json=arguments.json) as on_progress:
            export_zip(catalogue, file, on_progress=on_progress)
    elif file.suffix.lower() == ".csv":
        save(file, export_table(catalogue))
    else:
        raise ImportRefused(f"“{file.name}” must end in .csv, or in .zip with the photographs.")
    if arguments.json:
        print_json({"event": "done", "file": str(file)})
    else:
        print(f"Written to {file}.")
    return DONE


def _report(plan: ImportPlan, *, as_json: bool) -> None:
    if as_json:
        for note in plan.notes:
            print_json({"event": "note", "sentence": note})
        for row in plan.rows:
            print_json(
                {
                    "line": row.line,
                    "product": row.id,
                    "verdict": row.verdict,
                    "sentence": row.sentence,
                }
            )
        return
    rows = [(row.line or "", row.id, row.verdict, row.sentence) for row in plan.rows]
    print_table(("line", "product", "verdict", "what"), rows)
    print(", ".join(f"{count} {verdict}" for verdict, count in plan.counts.items()))
    for note in plan.notes:
        print(note)
