"""`audit` and `health`: the catalogue compared with itself."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from search.catalogue import Snapshot
from search.cli import DONE
from search.cli import arguments as shared
from search.cli.output import print_json, print_table, save
from search.engine.bands import bands_of
from search.errors import QueryError
from search.insight.duplicates import duplicates
from search.insight.health import Issue, file_health, health
from search.insight.price_gaps import MIN_GAP, NEAREST, PriceGap, gap_row, gaps_table, price_gaps
from search.money import format_price
from search.plural import counted


def add_commands(commands: Any) -> None:
    """Add `audit` and `health`."""
    parser = commands.add_parser(
        "audit", help="products that have a near twin at a much lower price"
    )
    parser.add_argument(
        "--min-score",
        type=float,
        metavar="COSINE",
        help="-1 to 1 (default: from “same type” on)",
    )
    parser.add_argument(
        "--nearest",
        type=shared.whole_number,
        metavar="K",
        help=f"each is among the other's K nearest (default {NEAREST}; 0: any pair)",
    )
    parser.add_argument(
        "--min-gap",
        type=float,
        metavar="SHARE",
        help=f"of the higher price, 0 to 1 (default {MIN_GAP})",
    )
    parser.add_argument("--in-stock", action="store_true", help="only twins that are in stock")
    parser.add_argument("--twice", action="store_true", help="products listed twice instead")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write a table for a spreadsheet")
    parser.set_defaults(run=audit)
    checked = commands.add_parser("health", help="what to put right in the catalogue")
    checked.set_defaults(run=list_issues)
    for added in (parser, checked):
        shared.add_catalogue(added)
        shared.add_network(added)
        shared.add_json(added)


def audit(arguments: argparse.Namespace) -> int:
    """Print price gaps between look-alikes, or products listed twice."""
    catalogue = shared.catalogue(arguments)
    snapshot = catalogue.snapshot(shared.extractor(arguments, catalogue).fingerprint)
    bands = bands_of(catalogue, snapshot)
    if arguments.twice:
        _refuse_with_twice(arguments)
        return _print_duplicates(snapshot, bands.same_style, as_json=arguments.json)
    gaps = price_gaps(
        snapshot,
        bands.same_type if arguments.min_score is None else arguments.min_score,
        min_gap=MIN_GAP if arguments.min_gap is None else arguments.min_gap,
        nearest=NEAREST if arguments.nearest is None else arguments.nearest,
        in_stock=arguments.in_stock,
    )
    if arguments.csv:
        save(arguments.csv, gaps_table(gaps, bands))
        if arguments.json:
            print_json({"event": "done", "pairs": len(gaps), "file": str(arguments.csv)})
        else:
            print(f"{counted(len(gaps), 'pair')} written to {arguments.csv}.")
    elif arguments.json:
        for gap in gaps:
            print_json(gap_row(gap, bands))
    else:
        rows = [_row(gap, bands.of(gap.score)) for gap in gaps]
        columns = ("product", "price", "cheaper", "its price", "gap", "share", "cosine", "band")
        print_table(columns, rows)
        print(f"{counted(len(gaps), 'pair')}.")
    return DONE


def _refuse_with_twice(arguments: argparse.Namespace) -> None:
    """Refuse options about price gaps beside --twice, which lists none.

    :raises QueryError: naming the option.
    """
    for name in ("min_score", "nearest", "min_gap", "in_stock", "csv"):
        if getattr(arguments, name) not in (None, False):
            raise QueryError(
                f"--{name.replace('_', '-')} only applies to gaps in price: leave it out."
            )


def list_issues(arguments: argparse.Namespace) -> int:
    """Print what is doubtful about the products."""
    catalogue = shared.catalogue(arguments)
    snapshot = catalogue.snapshot(shared.extractor(arguments, catalogue).fingerprint)
    found = [*health(snapshot), *file_health(catalogue, snapshot)]
    if arguments.json:
        for issue in found:
            print_json(_issue_json(issue))
    else:
        print_table(
            ("what", "product", "detail"), [(i.kind, i.product.id, i.detail) for i in found]
        )
    return DONE


def _row(gap: PriceGap, band: str | None) -> tuple[str, ...]:
    return (
        gap.product.id,
        format_price(gap.product.price, gap.currency),
        gap.cheaper.id,
        format_price(gap.cheaper.price, gap.currency),
        format_price(gap.gap, gap.currency),
        f"{gap.percent}%",
        f"{gap.score:.3f}",
        band or "",
    )


def _print_duplicates(snapshot: Snapshot, min_score: float, *, as_json: bool) -> int:
    for pair in duplicates(snapshot, min_score):
        why = "the same photograph" if pair.same_photograph else "the same name and look"
        if as_json:
            print_json(
                {
                    "first": pair.first.id,
                    "second": pair.second.id,
                    "same_photograph": pair.same_photograph,
                    "two_prices": pair.two_prices,
                    "score": round(pair.score, 6),
                }
            )
        else:
            prices = ", two prices" if pair.two_prices else ""
            print(f"{pair.first.id} and {pair.second.id}: {why}{prices}")
    return DONE


def _issue_json(issue: Issue) -> dict[str, object]:
    return {
        "what": issue.kind,
        "product": issue.product.id,
        "detail": issue.detail,
        "suggestion": issue.suggestion,
    }
