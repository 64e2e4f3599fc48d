"""`query`: the most similar products to a photograph or a product, for people and for websites."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from search import photos
from search.catalogue import Product
from search.cli import arguments as shared
from search.cli.output import print_json, print_paths, print_table
from search.engine import Hit, Options, Query, SearchEngine, SearchResult
from search.engine.paths import cheaper_of, filters_of
from search.engine.query import METRICS, ORDERS
from search.errors import QueryError
from search.money import format_price
from search.photos import Box


def add_commands(commands: Any) -> None:
    """Add `query`."""
    parser = commands.add_parser("query", help="find the most similar products")
    parser.add_argument("photo", nargs="*", type=Path, help="photographs of one thing")
    parser.add_argument("--product", metavar="ID", help="search by a product of the catalogue")
    parser.add_argument(
        "-k", type=shared.whole_number, default=12, help="how many products (default 12)"
    )
    parser.add_argument("--metric", choices=METRICS, default="cosine")
    parser.add_argument("--order", choices=ORDERS, default="similarity")
    parser.add_argument("--min-score", type=float, metavar="COSINE", help="-1 to 1")
    parser.add_argument("--crop", metavar="L,T,R,B", help="part of the photograph, shares 0 to 1")
    for facet in ("category", "brand", "colour"):
        parser.add_argument(f"--{facet}", action="append", metavar="NAME", help="may be repeated")
    parser.add_argument("--price-min", metavar="AMOUNT")
    parser.add_argument("--price-max", metavar="AMOUNT")
    parser.add_argument("--currency", metavar="CODE", help="where the catalogue has several")
    parser.add_argument("--include-out-of-stock", action="store_true")
    parser.add_argument("--include-withdrawn", action="store_true")
    parser.add_argument(
        "--cheaper", action="store_true", help="only what costs less than the query"
    )
    parser.add_argument("--cheaper-than", metavar="AMOUNT", help="only what costs less than this")
    parser.add_argument("--min-saving", type=float, metavar="SHARE", help="0 to 1")
    shared.add_catalogue(parser)
    shared.add_network(parser)
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print the whole answer as JSON")
    form.add_argument("--paths", action="store_true", help="print the photographs' paths only")
    form.add_argument(
        "--null", "-0", action="store_true", help="the same, each ended by a zero byte"
    )
    parser.set_defaults(run=query)


def query(arguments: argparse.Namespace) -> int:
    """Search and print the answer."""
    if arguments.photo:
        photos.warm()
    engine = shared.engine(arguments)
    result = _search(engine, arguments)
    if arguments.null:
        print_paths(result.paths(), end="\0")
    elif arguments.paths:
        print_paths(result.paths())
    elif arguments.json:
        print_json(result.to_dict())
    else:
        if result.nothing_similar:
            print("Nothing in this catalogue is similar; these are the least unlike.")
        rows = [_row(hit) for hit in result.hits]
        columns = ("", "cosine", "band", "price", "saving", "product", "name", "variants")
        print_table((*columns, "photograph"), rows)
        print(summary(result))
    return 0


def summary(result: SearchResult) -> str:
    """One line on how the answer came about: times, sizes, and what was hidden and why."""
    parts = [f"searched {result.search_ms:.1f} ms", f"{result.products:,} products"]
    if result.encode_ms:
        parts.insert(0, f"encoded {result.encode_ms:.0f} ms")
    if hidden := sum(result.hidden.values()):
        reasons = ", ".join(f"{count} {reason}" for reason, count in result.hidden.items())
        parts.append(f"{hidden} hidden: {reasons}")
    return " · ".join(parts)


def _search(engine: SearchEngine, arguments: argparse.Namespace) -> SearchResult:
    loaded = engine.loaded()
    product = None if arguments.product is None else loaded.spelt(arguments.product)
    query = Query.by(arguments.photo or None, product=product, crop=_box(arguments.crop))
    options = Options(
        k=arguments.k,
        metric=arguments.metric,
        min_score=arguments.min_score,
        order=arguments.order,
    )
    table = loaded.table
    filters = filters_of(
        table,
        category=arguments.category,
        brand=arguments.brand,
        colour=arguments.colour,
        price_min=arguments.price_min,
        price_max=arguments.price_max,
        currency=arguments.currency,
        in_stock=not arguments.include_out_of_stock,
        active=not arguments.include_withdrawn,
    )
    table.check(filters)
    cheaper = cheaper_of(
        table,
        filters,
        cheaper=arguments.cheaper,
        than=arguments.cheaper_than,
        min_saving=arguments.min_saving,
    )
    for file in arguments.photo:  # refuse before the wait for the network, which is timed apart
        photos.check(file)
    if arguments.photo:
        engine.extractor.warm()
    return engine.search(query, filters, options, cheaper)


def _box(text: str | None) -> Box | None:
    if text is None:
        return None
    try:
        left, top, right, bottom = map(float, text.split(","))
    except ValueError:
        raise QueryError(
            f"“{text}” is not a crop; give left,top,right,bottom as shares, such as 0.1,0,0.9,1."
        ) from None
    return left, top, right, bottom


def _row(hit: Hit) -> tuple[object, ...]:
    product = hit.product
    return (
        hit.rank,
        f"{hit.score:.3f}",
        hit.band or "",
        _price(product),
        "" if hit.saving is None else format_price(hit.saving, product.currency),
        product.id,
        product.name,
        hit.variants.words if hit.variants else "",
        hit.photo.source,
    )


def _price(product: Product) -> str:
    """Word what a product costs now, and what it did before a sale."""
    now = format_price(product.price, product.currency)
    if product.was is None:
        return now
    return f"{now}, regularly {format_price(product.was, product.currency)}"
