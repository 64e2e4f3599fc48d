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
from search.insight.audit import (
    MIN_GAP,
    NEAREST,
    Ailment,
    PriceGap,
    file_health,
    gaps_table,
    health,
    price_gaps,
)
from search.insight.audit import repeats as find_repeats
from search.money import format_price


def add_commands(commands: Any) -> None:
    """Add `audit` and `health`."""
    parser = commands.add_parser("audit", help="dear products that have a much cheaper near twin")
    parser.add_argument("--min-score", type=float, metavar="COSINE", help="default: same type")
    parser.add_argument(
        "--nearest",
        type=int,
        default=NEAREST,
        metavar="K",
        help=f"each is among the other's K nearest (default {NEAREST}; 0: any pair)",
    )
    parser.add_argument("--min-gap", type=float, default=MIN_GAP, metavar="SHARE")
    parser.add_argument("--in-stock", action="store_true", help="only twins that are in stock")
    parser.add_argument("--twice", action="store_true", help="products listed twice instead")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write a table for a spreadsheet")
    parser.set_defaults(run=audit)
    checked = commands.add_parser("health", help="what to put right in the catalogue")
    checked.set_defaults(run=list_ailments)
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
        return _print_repeats(snapshot, bands.same_style, as_json=arguments.json)
    gaps = price_gaps(
        snapshot,
        bands.same_type if arguments.min_score is None else arguments.min_score,
        min_gap=arguments.min_gap,
        nearest=arguments.nearest,
        in_stock=arguments.in_stock,
    )
    if arguments.csv:
        save(arguments.csv, gaps_table(gaps))
        print(f"{len(gaps)} pairs written to {arguments.csv}.")
    elif arguments.json:
        for gap in gaps:
            print_json(_as_json(gap, bands.of(gap.score)))
    else:
        rows = [_row(gap, bands.of(gap.score)) for gap in gaps]
        print_table(("product", "price", "cheaper", "price", "gap", "", "cosine", "band"), rows)
        print(f"{len(gaps)} pairs")
    return DONE


def list_ailments(arguments: argparse.Namespace) -> int:
    """Print what is doubtful about the products."""
    catalogue = shared.catalogue(arguments)
    snapshot = catalogue.snapshot(shared.extractor(arguments, catalogue).fingerprint)
    found = [*health(snapshot), *file_health(catalogue, snapshot)]
    if arguments.json:
        for ailment in found:
            print_json(_ailment_json(ailment))
    else:
        print_table(("what", "product", ""), [(a.kind, a.product.id, a.detail) for a in found])
    return DONE


def _row(gap: PriceGap, band: str) -> tuple[str, ...]:
    return (
        gap.product.id,
        format_price(gap.product.price, gap.currency),
        gap.cheaper.id,
        format_price(gap.cheaper.price, gap.currency),
        format_price(gap.gap, gap.currency),
        f"{gap.share:.0%}",
        f"{gap.score:.3f}",
        band,
    )


def _as_json(gap: PriceGap, band: str) -> dict[str, object]:
    return {
        "product": gap.product.id,
        "cheaper": gap.cheaper.id,
        "price": gap.product.price,
        "cheaper_price": gap.cheaper.price,
        "currency": gap.currency,
        "gap": gap.gap,
        "share": round(gap.share, 4),
        "score": round(gap.score, 6),
        "band": band,
    }


def _print_repeats(snapshot: Snapshot, min_score: float, *, as_json: bool) -> int:
    for repeat in find_repeats(snapshot, min_score):
        why = "the same photograph" if repeat.same_photograph else "the same name and look"
        if as_json:
            print_json(
                {
                    "first": repeat.first.id,
                    "second": repeat.second.id,
                    "same_photograph": repeat.same_photograph,
                    "two_prices": repeat.two_prices,
                    "score": round(repeat.score, 6),
                }
            )
        else:
            prices = ", two prices" if repeat.two_prices else ""
            print(f"{repeat.first.id} and {repeat.second.id}: {why}{prices}")
    return DONE


def _ailment_json(ailment: Ailment) -> dict[str, object]:
    return {
        "what": ailment.kind,
        "product": ailment.product.id,
        "detail": ailment.detail,
        "suggestion": ailment.suggestion,
    }
