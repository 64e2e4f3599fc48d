"""The search for a client's website: a photograph or a product in, file paths out."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from typing import Any, cast

from search.engine.engine import SearchEngine
from search.engine.filters import FACETS, Filters
from search.engine.query import Cheaper, Options, PhotoSource, Price, Query
from search.engine.revision import Table
from search.errors import QueryError
from search.filenames import same_letters
from search.home import data_folder
from search.money import minor_units

FACET_WORDS = {column: facet for facet, column in FACETS.items()}
WORDS = (*FACET_WORDS, "words", "price_min", "price_max", "currency", "in_stock", "active")

_engines: dict[tuple[str | None, str | None, str], SearchEngine] = {}
_engines_lock = threading.Lock()


def search_paths(
    photo: PhotoSource | Sequence[PhotoSource] | None = None,
    k: int = 12,
    *,
    product: str | None = None,
    min_score: float | None = None,
    cheaper: bool = False,
    cheaper_than: str | float | None = None,
    min_saving: float | None = None,
    catalogue: str | None = None,
    network: str | None = None,
    engine: SearchEngine | None = None,
    **filters: object,
) -> list[str]:
    """Give the paths of the most similar products' photographs, best first.

    Ask by a photograph, several of one thing, or a product's id. With `cheaper`, only look-alikes
    that cost less than that product, or than the photograph's closest match; with `cheaper_than`
    (an amount in `currency`), than that; `min_saving` is the smallest saving worth showing, a share
    of the price. Filters: `category`, `brand`, `colour` (a name or several), `words` (a product has
    all of them), `price_min`, `price_max` (amounts in `currency`), `in_stock`, `active` (both true
    unless said otherwise).
    Paths are relative to the folder the photographs were imported from, and open the very files
    also where a name is no text (see `SearchResult.paths`). The engine of the named
    catalogue and network is opened once for all calls, unless one is given.

    :raises SearchError: with a sentence that says what to do.
    """
    engine = engine or _opened(catalogue, network)
    loaded = engine.loaded()
    table = loaded.table
    product = None if product is None else loaded.spelt(product)
    read = filters_of(table, **filters)
    wanted = cheaper_of(table, read, cheaper=cheaper, than=cheaper_than, min_saving=min_saving)
    query, options = Query.by(photo, product=product), Options(k=k, min_score=min_score)
    return engine.search(query, read, options, wanted).paths()


def filters_of(table: Table, **words: object) -> Filters:
    """Read filters in plain words; None leaves one out. See `search_paths` for the words.

    :raises QueryError: a word is unknown, `in_stock` or `active` is neither true nor false, or an
        amount needs a currency to be named.
    :raises CatalogueError: a value is not a price.
    """
    currency = str(words.pop("currency", None) or "").upper()
    bounds = {"price_min", "price_max"} & {word for word, v in words.items() if v is not None}
    if bounds:
        currency = table.currency(currency)
    known: dict[str, Any] = {"currency": currency}
    for word, value in words.items():
        if word not in WORDS:
            raise QueryError(f"There is no filter “{word}”; there are {', '.join(WORDS)}.")
        if value is None:
            continue
        if word in FACET_WORDS:
            known[FACET_WORDS[word]] = _names(value)
        elif word in bounds:
            known[word] = minor_units(cast(str, value), currency)
        elif word == "words":
            known[word] = str(value)
        elif isinstance(value, bool):
            known[word] = value
        else:
            raise QueryError(f"The filter “{word}” is either true or false, not {value!r}.")
    return Filters(**known)


def cheaper_of(
    table: Table,
    filters: Filters,
    *,
    cheaper: bool,
    than: str | float | None = None,
    min_saving: float | None = None,
) -> Cheaper | None:
    """Read what cheaper look-alikes have to be; None where they are not wanted.

    :raises QueryError: a smallest saving without look-alikes to apply it to, a currency without an
        amount, or an amount that needs a currency to be named.
    :raises CatalogueError: the amount is not a price.
    """
    if not cheaper and than is None:
        if min_saving:
            raise QueryError(
                "A smallest saving only applies to cheaper look-alikes; ask for them too, or name "
                "the price to beat."
            )
        if filters.currency and filters.price_min is None and filters.price_max is None:
            raise QueryError(
                "A currency only applies to prices; name a price in it, or leave the currency out."
            )
        return None
    price = None
    if than is not None:
        code = table.currency(filters.currency)
        price = Price(minor_units(cast(str, than), code), code)
    return Cheaper(price, min_saving or 0.0)


def _opened(catalogue: str | None, network: str | None) -> SearchEngine:
    key = (catalogue, network, str(data_folder()))
    with _engines_lock:
        if key not in _engines:
            _engines[key] = SearchEngine.open(catalogue, network=network)
        return _engines[key]


def _names(value: object) -> frozenset[str]:
    several = [value] if isinstance(value, str) or not isinstance(value, Iterable) else value
    return frozenset(same_letters(str(name)) for name in several)
