"""A query in, the most similar products out: encoding, policy, and the answer with its reasons."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from search.engine.bands import Band
from search.engine.filters import Filters, Where
from search.engine.index import Neighbours
from search.engine.look_alikes import FEW
from search.engine.query import Cheaper, Options, Price, Query
from search.engine.query_encoder import QueryEncoder
from search.engine.results import Hit, SearchResult, in_order
from search.engine.revision import EVERYTHING, LoadedRevision
from search.errors import MismatchError, QueryError
from search.network.extractor import Extractor
from search.network.vectors import Feature

_PRICED = 24  # closest matches among which one with a price is looked for

Floors = Sequence[tuple[Band | None, float | None]]


class Searcher(ABC):
    """Searches one catalogue with one network, at its newest revision; safe under threads.

    Where the catalogue is, is told by who makes one of this.
    """

    def __init__(self, extractor: Extractor) -> None:
        self.extractor = extractor
        self._encoder = QueryEncoder(extractor)

    @property
    @abstractmethod
    def name(self) -> str:
        """The catalogue's name."""

    @abstractmethod
    def loaded(self) -> LoadedRevision:
        """Give the catalogue at its newest revision, with the prices of this moment."""

    @abstractmethod
    def setting(self, key: str) -> str | None:
        """Give a setting of the catalogue, or None."""

    def search(
        self,
        query: Query,
        filters: Filters | None = None,
        options: Options | None = None,
        cheaper: Cheaper | None = None,
        *,
        histogram: bool = False,
        loaded: LoadedRevision | None = None,
    ) -> SearchResult:
        """Find the most similar products, as many as asked for or all that are eligible.

        The product searched by is left out, with its variants; those of one thing are one hit. With
        `cheaper` only look-alikes that cost less are found; savings are against its price, else
        against the query's product's own. With `histogram` all eligible products are counted by
        score too. The newest revision is searched, unless one that was `loaded` before is given.

        :raises SearchError: the query cannot be answered, or a photograph cannot be used.
        """
        filters, options = filters or Filters(), options or Options()
        loaded = loaded or self.loaded()
        self._check(loaded, filters)
        encoded = self._encoder.encode(loaded, query)
        vector, colours = encoded.feature, encoded.colours(options.colour)
        where, price = self._conditions(loaded, query, vector, filters, options, cheaper)
        floors: Floors = ((None, None if cheaper is None else cheaper.floor),)
        if cheaper is not None and cheaper.floor is None and options.min_score is None:
            alike = loaded.look_alikes(query, vector, encoded.pictures)
            floors, where = alike.floors, replace(where, types=alike.types)
        started = time.perf_counter()
        find = partial(loaded.index.search, vector, options.k, where, options.min_score)
        find = partial(find, metric=options.metric, histogram=histogram, beside=colours)
        found, look_alike, floor = _first_with_enough(floors, find)
        hits = _hits(loaded, found, price, where)
        search_ms = (time.perf_counter() - started) * 1000
        words = loaded.words(query, vector, encoded.pictures, found.best)
        hits = words.on(hits)
        if colours is not None:  # the words were about the network's score alone
            hits = [replace(hit, score=1 - hit.distance) for hit in hits]
        return SearchResult(
            hits=in_order(hits, options.order),
            eligible=found.eligible,
            passed=found.passed,
            hidden=loaded.hidden(where),
            products=loaded.held.products,
            encode_ms=encoded.ms,
            search_ms=search_ms,
            revision=loaded.revision,
            fingerprint=self.extractor.fingerprint,
            metric=options.metric,
            nothing_similar=found.eligible > 0 and words.nothing_similar,
            looks_like=words.looks_like if found.eligible else None,
            feature=vector,
            least=max((s for s in (options.min_score, floor) if s is not None), default=None),
            look_alike=look_alike,
            reference=price,
            histogram=found.histogram,
        )

    def encode(self, query: Query) -> Feature:
        """Give the unit feature (d,) of a query's photographs: of one, or the mean of several.

        Remembered by the photographs' bytes, so that asking again costs nothing.

        :raises PhotoError, FeatureError: a photograph cannot be used.
        """
        return self._encoder.encode(self.loaded(), query).feature

    def _conditions(
        self,
        loaded: LoadedRevision,
        query: Query,
        vector: Feature,
        filters: Filters,
        options: Options,
        cheaper: Cheaper | None,
    ) -> tuple[Where, Price | None]:
        """Give what may be an answer, and the price that savings are against.

        :raises QueryError: a price is needed and there is none, or its currency is unknown.
        """
        where = Where(filters, without=query.left_out)
        price = Price.of(loaded.product(query.product)) if query.product is not None else None
        if cheaper is not None:
            price = cheaper.price or price or self._closest_price(loaded, query, vector, filters)
            loaded.table.currency(price.currency)  # refuses an unknown one
            where = replace(where, below=price, min_saving=cheaper.min_saving)
        if options.order == "saving" and price is None:
            raise QueryError(
                "There is no price to compare with, so nothing can be sorted by what it saves; ask "
                "for cheaper look-alikes, or choose another order."
            )
        return where, price

    def _check(self, loaded: LoadedRevision, filters: Filters) -> None:
        """Refuse filters that can find nothing, and a catalogue that the network has not encoded.

        :raises QueryError, MismatchError: naming what is known, or what to run.
        """
        loaded.table.check(filters)
        if len(loaded.index) or not loaded.held.photographs:
            return
        network = self.extractor.fingerprint.rpartition("-")[0]
        raise MismatchError(
            f"This catalogue's photographs are not encoded by {network}, and features of different "
            "networks cannot be compared; choose another network, or run `python -m search encode "
            f"--network {network} --catalogue {self.name}`."
        )

    def _closest_price(
        self, loaded: LoadedRevision, query: Query, vector: Feature, filters: Filters
    ) -> Price:
        """Give the price of the photograph's closest match that has one, in stock or not.

        It is in the filters' currency where they name one.

        :raises QueryError: nothing like it has a price.
        """
        everything = Where(EVERYTHING, without=query.left_out)
        currencies = {filters.currency} if filters.currency else set(loaded.table.currencies)
        hits: Sequence[Hit] = ()
        if query.product is None:
            nearest = loaded.index.search(vector, _PRICED, everything)
            hits = _hits(loaded, nearest, None, everything)
        prices = (Price.of(hit.product) for hit in hits)
        price = next((price for price in prices if price and price.currency in currencies), None)
        if price is None:
            raise QueryError("There is no price to compare with; type the price to beat.")
        return price


def _first_with_enough(
    floors: Floors, search: Callable[..., Neighbours]
) -> tuple[Neighbours, Band | None, float | None]:
    """Give what the first floor lets through that lets enough through, else the last, and it."""
    for band, floor in floors[:-1]:
        found = search(floor=floor)
        if found.passed >= FEW:
            return found, band, floor
    band, floor = floors[-1]
    return search(floor=floor), band, floor


def _hits(
    loaded: LoadedRevision, found: Neighbours, price: Price | None, where: Where
) -> list[Hit]:
    """Give the neighbours as hits, nearest first, with what each saves against a price.

    Those variants of it that may be answers, by `where`, are named with a hit.
    """
    ids = found.ids.tolist()
    near = loaded.found(ids, where)
    scored = zip(ids, found.scores.tolist(), found.distances.tolist(), strict=True)
    there = [(near[id], score, distance) for id, score, distance in scored if id in near]
    hits = []
    for rank, (each, score, distance) in enumerate(there, 1):
        assert each.photo is not None  # it was found by
        saved = None if price is None else price.saving(each.product)
        hits.append(
            Hit(each.product, each.photo, score, distance, rank, saved, variants=each.variants)
        )
    return hits
