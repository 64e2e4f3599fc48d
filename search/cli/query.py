"""`query`: the most similar products to a photograph or a product, for people and for websites."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

from search import photos
from search.catalogue import Product
from search.cli import arguments as shared
from search.cli.output import print_json, print_paths, print_table
from search.engine import (
    Filters,
    Hit,
    Listing,
    Options,
    Query,
    SearchEngine,
    SearchResult,
    list_by_words,
)
from search.engine.filters import ProductTable
from search.engine.paths import cheaper_of, filters_of
from search.engine.query import METRICS, MOST_COLOUR, ORDERS
from search.errors import QueryError
from search.money import format_price
from search.photos import Box


def add_commands(commands: Any) -> None:
    """Add `query`."""
    parser = commands.add_parser("query", help="find the most similar products")
    parser.add_argument("photo", nargs="*", type=Path, help="photographs of one thing")
    parser.add_argument("--product", metavar="ID", help="search by a product of the catalogue")
    parser.add_argument(
        "--words", metavar="WORDS", help="what a product is called; alone, or narrowing a search"
    )
    parser.add_argument("--like", action="append", metavar="ID", help="more like this product")
    parser.add_argument("--dislike", action="append", metavar="ID", help="less like this product")
    parser.add_argument(
        "-k", type=shared.whole_number, default=12, help="how many products (default 12)"
    )
    parser.add_argument("--metric", choices=METRICS, default="cosine")
    parser.add_argument("--order", choices=ORDERS, default="similarity")
    parser.add_argument(
        "--colour-share",
        type=float,
        metavar="SHARE",
        help=f"of colours in the score, 0 to {MOST_COLOUR}; the rest is the network's",
    )
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
    if arguments.words and not arguments.photo and arguments.product is None:
        _print_listing(_list(engine, arguments), arguments)
        return 0
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


def _list(engine: SearchEngine, arguments: argparse.Namespace) -> Listing:
    """Find products by words alone; refuse what needs something to compare them with."""
    needing = {
        **{"--like": arguments.like, "--dislike": arguments.dislike, "--crop": arguments.crop},
        **{"--colour-share": arguments.colour_share, "--min-score": arguments.min_score},
        **{"--cheaper": arguments.cheaper, "--cheaper-than": arguments.cheaper_than},
        **{"--min-saving": arguments.min_saving},
    }
    given = [name for name, value in needing.items() if value not in (None, False)]
    if given:
        raise QueryError(
            f"Words alone have no similarity: leave {given[0]} out, or give a photograph or a "
            "product too."
        )
    loaded = engine.loaded()
    filters = _filters(loaded.table, arguments)
    cheaper_of(loaded.table, filters, cheaper=False)  # refuses a currency without an amount
    return list_by_words(loaded, filters, arguments.k, arguments.order)


def _print_listing(found: Listing, arguments: argparse.Namespace) -> None:
    if arguments.null:
        print_paths(found.paths(), end="\0")
    elif arguments.paths:
        print_paths(found.paths())
    elif arguments.json:
        print_json(found.to_dict())
    else:
        rows = [
            (
                hit.rank,
                _price(hit.product),
                hit.product.id,
                hit.product.name,
                hit.variants.words if hit.variants else "",
                hit.photo.source if hit.photo else "",
            )
            for hit in found.hits
        ]
        print_table(("", "price", "product", "name", "variants", "photograph"), rows)
        print(f"{len(found.hits):,} of {found.passed:,} found · {summary(found)}")


def summary(result: SearchResult | Listing) -> str:
    """One line on how the answer came about: times, sizes, and what was hidden and why."""
    parts = [f"searched {result.search_ms:.1f} ms", f"{result.products:,} products"]
    if isinstance(result, SearchResult) and result.encode_ms:
        parts.insert(0, f"encoded {result.encode_ms:.0f} ms")
    if hidden := sum(result.hidden.values()):
        reasons = ", ".join(f"{count} {reason}" for reason, count in result.hidden.items())
        parts.append(f"{hidden} hidden: {reasons}")
    return " · ".join(parts)


def _search(engine: SearchEngine, arguments: argparse.Namespace) -> SearchResult:
    loaded = engine.loaded()
    product = None if arguments.product is None else loaded.spelt(arguments.product)
    query = replace(
        Query.by(arguments.photo or None, product=product, crop=_box(arguments.crop)),
        liked=tuple(map(loaded.spelt, arguments.like or ())),
        disliked=tuple(map(loaded.spelt, arguments.dislike or ())),
    )
    options = Options(
        k=arguments.k,
        metric=arguments.metric,
        min_score=arguments.min_score,
        order=arguments.order,
        colour=arguments.colour_share or 0.0,
    )
    table = loaded.table
    filters = _filters(table, arguments)
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


def _filters(table: ProductTable, arguments: argparse.Namespace) -> Filters:
    return filters_of(
        table,
        category=arguments.category,
        brand=arguments.brand,
        colour=arguments.colour,
        words=arguments.words,
        price_min=arguments.price_min,
        price_max=arguments.price_max,
        currency=arguments.currency,
        in_stock=not arguments.include_out_of_stock,
        active=not arguments.include_withdrawn,
    )


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
