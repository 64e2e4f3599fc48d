"""A query in, the most similar products out: encoding, policy, and the answer with its reasons."""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from search import photos, workspace
from search.catalogue import Catalogue, Snapshot
from search.engine import explain
from search.engine.exact import open_index
from search.engine.filters import Filters, Where
from search.engine.index import Index, IndexFactory, Neighbours, follow
from search.engine.loaded import LoadedCatalogue
from search.engine.query import Cheaper, Options, PhotoSource, Price, Query
from search.engine.results import Hit, SearchResult, in_order
from search.errors import MismatchError, QueryError
from search.network import registry
from search.network.extractor import Extractor, extractor_for
from search.network.vectors import Cells, Feature, mean_feature

_REMEMBERED_QUERIES = 256  # cells of 250 kB each at most
_PRICED = 24  # closest matches among which one with a price is looked for


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """What a query's photograph looked like to the network: cells (h, w, d), its size, the time."""

    cells: Cells
    size: tuple[int, int]
    ms: float

    def feature(self, region: photos.Box | None, network: registry.Network) -> Feature:
        """Give the unit feature (d,) of all of it, or of a region."""
        if region is None:
            return explain.pooled(self.cells)
        return explain.region_feature(self.cells, self.size, region, network)


class SearchEngine:
    """Searches one catalogue with one network, at its newest revision; safe under threads."""

    def __init__(
        self, catalogue: Catalogue, extractor: Extractor, *, index: IndexFactory = open_index
    ) -> None:
        self.catalogue = catalogue
        self.extractor = extractor
        self._open_index = index
        self._lock = threading.Lock()
        self._loaded: LoadedCatalogue | None = None
        self._remembered: OrderedDict[tuple[str, photos.Box | None], _Seen] = OrderedDict()

    @classmethod
    def open(
        cls,
        catalogue: str | None = None,
        *,
        network: str | None = None,
        weights: Path | None = None,
    ) -> SearchEngine:
        """Open an engine on a named catalogue, or the one in use, with its own network or another.

        :raises CatalogueError: the catalogue cannot be opened.
        :raises NetworkError: the network is unknown or its weights are missing.
        """
        opened = workspace.open_catalogue(catalogue)
        name = network or own_network(opened)
        return cls(opened, extractor_for(name, weights))

    def loaded(self) -> LoadedCatalogue:
        """Give the catalogue at its newest revision."""
        revision = self.catalogue.revision()
        with self._lock:
            if self._loaded is None or self._loaded.revision != revision:
                snapshot = self.catalogue.snapshot(self.extractor.fingerprint)
                index = self._index(snapshot)
                self._loaded = LoadedCatalogue(self.catalogue, snapshot, index)
            return self._loaded

    def _index(self, snapshot: Snapshot) -> Index:
        before = self._loaded
        if before is None or before.snapshot.fingerprint != snapshot.fingerprint:
            return self._open_index(self.catalogue, snapshot)
        return follow(before.index, before.snapshot, snapshot)

    def search(
        self,
        query: Query,
        filters: Filters | None = None,
        options: Options | None = None,
        cheaper: Cheaper | None = None,
        *,
        histogram: bool = False,
        loaded: LoadedCatalogue | None = None,
    ) -> SearchResult:
        """Find the most similar products, as many as asked for or all that are eligible.

        The product searched by is left out of the answer. With `cheaper` only look-alikes that cost
        less are found; savings are against its price, else against the query's product's own. With
        `histogram` the answer also counts all eligible products by score. What is searched is the
        newest revision, unless one that was `loaded` before is given.

        :raises SearchError: with a sentence for the user: the query cannot be answered, or a
            photograph cannot be used.
        """
        filters, options = filters or Filters(), options or Options()
        loaded = loaded or self.loaded()
        self._check_encoded(loaded)
        loaded.table.check(filters)
        vector, seen = self._vector(loaded, query)
        where, least, price = self._conditions(loaded, query, vector, filters, options, cheaper)
        started = time.perf_counter()
        found = loaded.index.search(
            vector, options.k, where, least, metric=options.metric, histogram=histogram
        )
        candidates = loaded.table.candidates(where)
        hits = _hits(loaded, found, price)
        ms = (time.perf_counter() - started) * 1000
        words = loaded.words(query, vector, [each.cells for each in seen], found.best)
        return SearchResult(
            hits=in_order(words.on(hits), options.order),
            eligible=found.eligible,
            passed=found.passed,
            hidden=candidates.hidden,
            products=len(loaded.snapshot.products),
            encode_ms=sum((each.ms for each in seen), 0.0),
            search_ms=ms,
            revision=loaded.revision,
            fingerprint=self.extractor.fingerprint,
            metric=options.metric,
            nothing_similar=found.eligible > 0 and words.nothing_similar,
            looks_like=words.looks_like if found.eligible else None,
            feature=vector,
            least=least,
            reference=price,
            histogram=found.histogram,
        )

    def encode(self, query: Query) -> Feature:
        """Give the unit feature (d,) of a query's photographs: of one, or the mean of several.

        Remembered by the photographs' bytes, so that asking again costs nothing.

        :raises PhotoError, FeatureError: a photograph cannot be used.
        """
        return self._vector(self.loaded(), query)[0]

    def _vector(self, loaded: LoadedCatalogue, query: Query) -> tuple[Feature, list[_Seen]]:
        """Give the query's feature, and what each of its photographs looked like."""
        if query.product is not None:
            return loaded.feature(query.product), []
        if query.feature is not None:
            return query.feature, []
        first, *others = [
            self._see(source, None if n else query.crop)
            for n, source in enumerate(query.photographs)
        ]
        features = [first.feature(query.region, self.extractor.network)]
        features += [seen.feature(None, self.extractor.network) for seen in others]
        return mean_feature(np.stack(features)), [first, *others]

    def _see(self, source: PhotoSource, crop: photos.Box | None) -> _Seen:
        started = time.perf_counter()
        photo: photos.Photo | None = None
        if not isinstance(source, bytes):
            photo = photos.read(source)
            source = photo.data
        key = (hashlib.sha256(source).hexdigest() if photo is None else photo.sha256, crop)
        with self._lock:
            if key in self._remembered:
                self._remembered.move_to_end(key)
                return self._remembered[key]
        photo = photo or photos.read(source)
        part = photo if crop is None else photos.crop(photo, crop)
        cells = self.extractor.cells([part])[0]
        seen = _Seen(cells, part.image.size, (time.perf_counter() - started) * 1000)
        with self._lock:
            self._remembered[key] = seen
            if len(self._remembered) > _REMEMBERED_QUERIES:
                self._remembered.popitem(last=False)
        return seen

    def _conditions(
        self,
        loaded: LoadedCatalogue,
        query: Query,
        vector: Feature,
        filters: Filters,
        options: Options,
        cheaper: Cheaper | None,
    ) -> tuple[Where, float | None, Price | None]:
        """Give what may be an answer, from which score on, and the price that savings are against.

        :raises QueryError: a price is needed and there is none, or its currency is unknown.
        """
        where, least = Where(filters, without=query.product), options.min_score
        price = Price.of(loaded.product(query.product)) if query.product is not None else None
        if cheaper is not None:
            price = cheaper.price or price or self._closest_price(loaded, query, vector, filters)
            loaded.table.currency(price.currency)  # refuses an unknown one
            where = replace(where, below=price, min_saving=cheaper.min_saving)
            least = self._floor(loaded, options, cheaper)
        if options.order == "saving" and price is None:
            raise QueryError(
                "There is no price to compare with, so nothing can be sorted by what it saves; ask "
                "for cheaper look-alikes, or choose another order."
            )
        return where, least, price

    def _check_encoded(self, loaded: LoadedCatalogue) -> None:
        if len(loaded.index) or not loaded.snapshot.photos:
            return
        network = self.extractor.fingerprint.rpartition("-")[0]
        raise MismatchError(
            f"This catalogue's photographs are not encoded by {network}, and features of different "
            "networks cannot be compared; choose another network, or run `python -m search encode "
            f"--network {network} --catalogue {self.catalogue.name}`."
        )

    def _closest_price(
        self, loaded: LoadedCatalogue, query: Query, vector: Feature, filters: Filters
    ) -> Price:
        """Give the price of the photograph's closest match that has one, in stock or not.

        It is in the filters' currency where they name one.

        :raises QueryError: nothing like it has a price.
        """
        everything = Where(Filters(in_stock=False, active=False), without=query.product)
        currencies = {filters.currency} if filters.currency else set(loaded.table.currencies)
        hits: Sequence[Hit] = ()
        if query.product is None:
            hits = _hits(loaded, loaded.index.search(vector, _PRICED, everything), None)
        prices = (Price.of(hit.product) for hit in hits)
        price = next((price for price in prices if price and price.currency in currencies), None)
        if price is None:
            raise QueryError("There is no price to compare with; type the price to beat.")
        return price

    @staticmethod
    def _floor(loaded: LoadedCatalogue, options: Options, cheaper: Cheaper) -> float | None:
        """Give the least score of a look-alike: the higher of those given, else "same type"."""
        given = [score for score in (cheaper.floor, options.min_score) if score is not None]
        return max(given) if given else loaded.bands.same_type


def own_network(catalogue: Catalogue) -> str:
    """Name the network a catalogue is searched with unless another is named.

    Where none was chosen it is the one that has encoded most; in an empty catalogue the default.
    """
    chosen = catalogue.setting("network")
    if chosen:
        return chosen
    encoded = {
        network.name: count
        for fingerprint, count in catalogue.fingerprints().items()
        if (network := registry.named_in(fingerprint)) is not None
    }
    names = (registry.DEFAULT_NETWORK, *registry.NETWORKS)
    return max(names, key=lambda name: encoded.get(name, 0))


def _hits(loaded: LoadedCatalogue, found: Neighbours, price: Price | None) -> list[Hit]:
    """Give the neighbours as hits, nearest first, with what each saves against a price."""
    hits = []
    for rank, (id, score, distance) in enumerate(
        zip(found.ids.tolist(), found.scores.tolist(), found.distances.tolist(), strict=True), 1
    ):
        photo = loaded.snapshot.photo[id]
        product = loaded.product(photo.product_id)
        saved = None if price is None else price.saving(product)
        hits.append(Hit(product, photo, score, distance, rank, saved))
    return hits
