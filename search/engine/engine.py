"""A query in, the most similar products out: filters, threshold, one tile per product, timings."""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from search import photos, workspace
from search.catalogue import Catalogue, CataloguePhoto, Product, Snapshot
from search.engine import explain
from search.engine.bands import Bands, bands_of, nothing_similar
from search.engine.filters import Candidates, Filters, ProductTable
from search.engine.index import SAME_ORDER_AS_COSINE, Index, open_index
from search.engine.no_match import Presence, presence_of
from search.errors import FeatureError, MismatchError, QueryError
from search.money import minor_units
from search.network import registry
from search.network.extractor import Extractor, KerasExtractor
from search.network.vectors import Cells, Feature

PhotoSource = bytes | str | os.PathLike[str]

_REMEMBERED_QUERIES = 256  # cells of 100 kB each at most
_ROUNDING = 1e-5  # more than a float32 score is off by


@dataclass(frozen=True, slots=True)
class Price:
    """An amount in minor units (cents) of one currency, and where the search took it from."""

    amount: int
    currency: str
    source: str = "typed"


@dataclass(frozen=True, slots=True)
class Hit:
    """One product found.

    `score` is the cosine similarity in [-1, 1] of its best photograph; `distance` is the chosen
    metric's own. `saving` is against the search's reference price, minor units, None where either
    has no price or the currencies differ.
    """

    product: Product
    photo: CataloguePhoto
    score: float
    distance: float
    rank: int
    saving: int | None = None


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a search answers.

    `eligible` products passed the filters, `passed` of them the minimum score too; `hidden` says
    how many were kept back and why. Times are milliseconds; `encode_ms` is what encoding took when
    the photograph was first asked by, 0 for a query without one. `bands` say what a score means in
    this catalogue; with `nothing_similar` the hits are only the least unlike. `scores` (eligible,)
    float32 are the best scores of all eligible products, unsorted.
    """

    hits: tuple[Hit, ...]
    eligible: int
    passed: int
    hidden: Mapping[str, int]
    products: int
    encode_ms: float
    search_ms: float
    revision: int
    fingerprint: str
    metric: str
    bands: Bands
    nothing_similar: bool
    feature: Feature = field(repr=False)
    scores: NDArray[np.float32] = field(repr=False)
    reference: Price | None = None

    def paths(self) -> list[str]:
        """The found photographs' paths, relative to the folder they were imported from."""
        return [hit.photo.source for hit in self.hits]


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """What a query's photograph looked like to the network: cells (h, w, d), its size, the time."""

    cells: Cells
    size: tuple[int, int]
    ms: float

    def feature(self, region: photos.Box | None, network: registry.Network) -> Feature:
        """The unit feature (d,) of all of it, or of a region."""
        if region is None:
            return explain.pooled(self.cells)
        return explain.region_feature(self.cells, self.size, region, network)


class LoadedCatalogue:
    """One revision of the catalogue, ready to be searched: immutable, shared by threads."""

    def __init__(self, catalogue: Catalogue, fingerprint: str) -> None:
        self.snapshot: Snapshot = catalogue.snapshot(fingerprint)
        self.index: Index = open_index(catalogue, self.snapshot)
        self.table = ProductTable(self.snapshot.products)
        self.position = {p.id: i for i, p in enumerate(self.snapshot.products)}
        self.photo = {photo.id: photo for photo in self.snapshot.photos}
        self._catalogue = catalogue
        self._presence: Presence | None = None
        self.row_product = np.array(
            [self.position[self.photo[int(i)].product_id] for i in self.index.ids], np.int64
        )

    @cached_property
    def main_photo(self) -> Mapping[str, CataloguePhoto]:
        """Each product's first photograph, by product id."""
        return {photo.product_id: photo for photo in reversed(self.snapshot.photos)}

    @cached_property
    def bands(self) -> Bands:
        """What scores mean in this catalogue for this network."""
        return bands_of(self._catalogue, self.snapshot)

    def shows_product(self, queries: Sequence[_Seen]) -> bool | None:
        """Whether any of the pictures shows a product at all; None while that was not learnt."""
        if self._presence is None:
            self._presence = presence_of(self._catalogue, self.snapshot.fingerprint)
        if self._presence is None or not queries:
            return None
        return any(self._presence.margin(query.cells[None])[0] > 0 for query in queries)

    @property
    def revision(self) -> int:
        """The catalogue revision this was read at."""
        return self.snapshot.revision

    def product(self, product_id: str) -> Product:
        """A product by id.

        :raises QueryError: when the catalogue has none of that id.
        """
        if product_id not in self.position:
            raise QueryError(
                f"The catalogue has no product “{product_id}”; it may have been removed."
            )
        return self.snapshot.products[self.position[product_id]]

    def feature(self, product_id: str) -> Feature:
        """A product's unit feature (d,): the mean over its photographs.

        :raises QueryError: when the product is unknown or none of its photographs is encoded.
        """
        self.product(product_id)
        rows = np.flatnonzero(self.row_product == self.position[product_id])
        if not len(rows):
            raise QueryError(
                f"Product “{product_id}” has no photograph encoded by this network yet; "
                "run `python -m search encode`."
            )
        return mean_feature(self.snapshot.features[rows])


class SearchEngine:
    """Searches one catalogue with one network, at its newest revision; safe under threads."""

    def __init__(self, catalogue: Catalogue, extractor: Extractor) -> None:
        self.catalogue = catalogue
        self.extractor = extractor
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
        """An engine on a named catalogue, or the one in use, with its own network or another.

        :raises CatalogueError: when the catalogue cannot be opened.
        :raises NetworkError: when the network is unknown or its weights are missing.
        """
        opened = workspace.open_catalogue(catalogue)
        name = network or own_network(opened)
        return cls(opened, KerasExtractor(registry.get(name), weights))

    def loaded(self) -> LoadedCatalogue:
        """The catalogue at its newest revision."""
        revision = self.catalogue.revision()
        with self._lock:
            if self._loaded is None or self._loaded.revision != revision:
                self._loaded = LoadedCatalogue(self.catalogue, self.extractor.fingerprint)
            return self._loaded

    def encode(
        self,
        sources: PhotoSource | Sequence[PhotoSource],
        crop: photos.Box | None = None,
        region: photos.Box | None = None,
    ) -> Feature:
        """The unit feature (d,) of one photograph, or of several of one thing (mean).

        Remembered by the photographs' bytes, so that asking again costs nothing. A part can be
        searched by in two ways, of the first photograph only (further ones are other views): `crop`
        encodes it afresh, `region` pools the cells the whole photograph has there, at once.

        :raises PhotoError, FeatureError: when a photograph cannot be used.
        """
        return self._encode(sources, crop, region)[0]

    def _encode(
        self,
        sources: PhotoSource | Sequence[PhotoSource],
        crop: photos.Box | None,
        region: photos.Box | None,
    ) -> tuple[Feature, list[_Seen]]:
        """The feature, and what each of the photographs looked like."""
        several = [sources] if isinstance(sources, bytes | str | os.PathLike) else list(sources)
        if not several:
            raise QueryError("Give a photograph or a product to search by.")
        first, *others = [
            self._see(source, None if n else crop) for n, source in enumerate(several)
        ]
        features = [first.feature(region, self.extractor.network)]
        features += [seen.feature(None, self.extractor.network) for seen in others]
        return mean_feature(np.stack(features)), [first, *others]

    def _see(self, source: PhotoSource, crop: photos.Box | None) -> _Seen:
        started = time.perf_counter()
        photo: photos.Photo | None = None
        if not isinstance(source, bytes):
            photo = photos.read(source)
            source = photo.data
        key = (hashlib.sha256(source).hexdigest(), crop)
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

    def search(
        self,
        photo: PhotoSource | Sequence[PhotoSource] | None = None,
        *,
        product: str | None = None,
        feature: Feature | None = None,
        crop: photos.Box | None = None,
        region: photos.Box | None = None,
        k: int = 12,
        filters: Filters | None = None,
        metric: str = "cosine",
        min_score: float | None = None,
        price: Price | None = None,
    ) -> SearchResult:
        """The k most similar products, or all that are eligible where there are fewer.

        Ask by one photograph (bytes or a path), several of one thing, a product's id, or a unit
        feature (d,). A product asked by is left out of its own answer. Savings are against `price`,
        else the product's own.

        :raises SearchError: with a sentence for the user; see the children for which.
        """
        if isinstance(k, bool) or not isinstance(k, int | np.integer) or k < 1:
            raise QueryError(f"The number of results must be 1 or more, not {k}.")
        filters = filters or Filters()
        loaded = self.loaded()
        if sum(given is not None for given in (photo, product, feature)) != 1:
            raise QueryError("Give either a photograph or a product to search by.")
        self._check_encoded(loaded)
        queries: list[_Seen] = []
        if product is not None:
            vector = loaded.feature(product)
            price = price or price_of(loaded.product(product))
        elif photo is not None:
            vector, queries = self._encode(photo, crop, region)
        else:
            vector = cast(Feature, feature)
        started = time.perf_counter()
        candidates = loaded.table.candidates(filters)
        if product is not None:
            candidates = candidates.without(loaded.position[product])
        hits, scores, passed = _nearest(loaded, vector, k, candidates, metric, min_score)
        return SearchResult(
            hits=tuple(replace(hit, saving=saving(price, hit.product)) for hit in hits),
            eligible=len(scores),
            passed=passed,
            hidden=candidates.hidden,
            products=len(loaded.snapshot.products),
            encode_ms=sum((query.ms for query in queries), 0.0),
            search_ms=(time.perf_counter() - started) * 1000,
            revision=loaded.revision,
            fingerprint=self.extractor.fingerprint,
            metric=metric,
            bands=loaded.bands,
            nothing_similar=product is None
            and len(scores) > 0
            and nothing_similar(loaded.bands, scores, loaded.shows_product(queries)),
            feature=vector,
            scores=scores,
            reference=price,
        )

    def _check_encoded(self, loaded: LoadedCatalogue) -> None:
        if len(loaded.index) or not loaded.snapshot.photos:
            return
        network = self.extractor.fingerprint.rpartition("-")[0]
        raise MismatchError(
            f"This catalogue's photographs are not encoded by {network}, and features of different "
            "networks cannot be compared; choose another network, or run `python -m search encode "
            f"--network {network} --catalogue {self.catalogue.name}`."
        )

    def cheaper(
        self,
        photo: PhotoSource | Sequence[PhotoSource] | None = None,
        *,
        product: str | None = None,
        feature: Feature | None = None,
        crop: photos.Box | None = None,
        region: photos.Box | None = None,
        price: Price | None = None,
        min_saving: float = 0.0,
        k: int = 12,
        filters: Filters | None = None,
        metric: str = "cosine",
        min_score: float | None = None,
    ) -> SearchResult:
        """Similar products that cost less than the query.

        The price to beat is `price`, else the product's own, else (for a photograph) that of the
        most similar product that has one, in stock or not. Currencies are never mixed.

        :raises QueryError: when there is no price to beat.
        """
        filters = filters or Filters()
        if product is not None:
            price = price or price_of(self.loaded().product(product))
        elif price is None:
            everything = Filters(in_stock=False, active=False, currency=filters.currency)
            best = self.search(
                photo, feature=feature, crop=crop, region=region, k=24, filters=everything
            )
            feature, photo = best.feature, None
            priced = (
                replace(p, source=h.product.id) for h in best.hits if (p := price_of(h.product))
            )
            price = next(priced, None)
        if price is None:
            raise QueryError("There is no price to compare with; type the price to beat.")
        return self.search(
            photo,
            product=product,
            feature=feature,
            crop=crop,
            region=region,
            k=k,
            filters=replace(
                filters,
                cheaper_than=price.amount,
                currency=price.currency,
                min_saving=min_saving,
            ),
            metric=metric,
            min_score=min_score,
            price=price,
        )

    def search_paths(
        self,
        photo: PhotoSource | None = None,
        k: int = 12,
        *,
        product: str | None = None,
        cheaper: bool = False,
        **filters: object,
    ) -> list[str]:
        """The found photographs' paths; see `search_paths`."""
        ask = self.cheaper if cheaper else self.search
        return ask(photo, product=product, k=k, filters=self.filters(**filters)).paths()

    def filters(self, **fields: object) -> Filters:
        """Filters in a website's words; see `search_paths` for the names.

        :raises QueryError: for an unknown name or a value that is no price.
        """
        currency = self.loaded().table.currency(str(fields.pop("currency", "") or ""))
        known: dict[str, object] = {"currency": currency}
        for word, value in fields.items():
            if value is None:
                continue
            if word in _FACET_WORDS:
                known[_FACET_WORDS[word]] = _names(value)
            elif word in ("price_min", "price_max", "cheaper_than"):
                known[word] = minor_units(cast(str, value), currency)
            elif word in ("in_stock", "active"):
                known[word] = bool(value)
            elif word == "min_saving":
                known[word] = float(cast(float, value))
            else:
                raise QueryError(f"There is no filter “{word}”; there are {', '.join(_WORDS)}.")
        return Filters(**known)  # type: ignore[arg-type]


_FACET_WORDS = {"category": "categories", "brand": "brands", "colour": "colours"}
_WORDS = (
    *_FACET_WORDS,
    "price_min",
    "price_max",
    "cheaper_than",
    "min_saving",
    "currency",
    "in_stock",
    "active",
)


def own_network(catalogue: Catalogue) -> str:
    """The name of the network a catalogue is searched with unless another is asked for."""
    return catalogue.setting("network") or registry.DEFAULT_NETWORK


def mean_feature(features: Feature) -> Feature:
    """The unit mean (d,) of unit features (n, d).

    :raises FeatureError: when they cancel out.
    """
    mean = features.mean(axis=0)
    norm = float(np.linalg.norm(mean))
    if norm < 1e-6:
        raise FeatureError("These photographs have nothing in common; search by one of them.")
    return cast(Feature, (mean / norm).astype(np.float32))


def price_of(product: Product) -> Price | None:
    """A product's price, where it has one."""
    if product.price is None:
        return None
    return Price(product.price, product.currency, product.id)


def saving(price: Price | None, product: Product) -> int | None:
    """What is saved by buying `product` instead, minor units; None where that has no meaning."""
    if price is None or product.price is None or product.currency != price.currency:
        return None
    return price.amount - product.price


_engines: dict[tuple[str | None, str | None, str], SearchEngine] = {}
_engines_lock = threading.Lock()


def search_paths(
    photo: PhotoSource | None = None,
    k: int = 12,
    *,
    product: str | None = None,
    cheaper: bool = False,
    catalogue: str | None = None,
    network: str | None = None,
    **filters: object,
) -> list[str]:
    """What a website asks: the paths of the most similar products' photographs, best first.

    Ask by a photograph or a product's id; with `cheaper`, only what costs less than that product,
    or than the photograph's best match. Filters: `category`, `brand`, `colour` (a name or several),
    `price_min`, `price_max`, `cheaper_than` (amounts in `currency`), `min_saving` (a share),
    `in_stock`, `active` (both true unless said otherwise). Paths are relative to the folder the
    photographs were imported from.

    :raises SearchError: with a sentence that says what to do.
    """
    key = (catalogue, network, str(workspace.home()))
    with _engines_lock:
        if key not in _engines:
            _engines[key] = SearchEngine.open(catalogue, network=network)
        engine = _engines[key]
    return engine.search_paths(photo, k, product=product, cheaper=cheaper, **filters)


def _nearest(
    loaded: LoadedCatalogue,
    vector: Feature,
    k: int,
    candidates: Candidates,
    metric: str,
    min_score: float | None,
) -> tuple[list[Hit], NDArray[np.float32], int]:
    """The k best products, the best scores of all eligible ones, and how many pass `min_score`."""
    index = loaded.index if loaded.index.metric == metric else loaded.index.with_metric(metric)
    rows = candidates.mask[loaded.row_product]
    _, row_scores = index.scores(vector, rows)
    best = np.full(len(loaded.snapshot.products), -np.inf, np.float32)
    np.maximum.at(best, loaded.row_product[rows], row_scores)
    scores = best[np.isfinite(best)]
    least = -np.inf if min_score is None else min_score
    passed = int((scores >= least).sum())
    if metric in SAME_ORDER_AS_COSINE and k < passed:
        # No row below the k-th best product's score can be shown: the index needn't look at it.
        least = max(least, float(np.partition(scores, -k)[-k]) - _ROUNDING)
    rows[rows] = row_scores >= least
    hits: dict[str, Hit] = {}
    wanted = k
    while True:
        found = index.query(vector, wanted, rows)
        for photo_id, score, distance in zip(
            found.ids[0], found.scores[0], found.distances[0], strict=True
        ):
            photo = loaded.photo[int(photo_id)]
            if photo.product_id not in hits:
                product = loaded.product(photo.product_id)
                rank = len(hits) + 1
                hits[product.id] = Hit(product, photo, float(score), float(distance), rank)
        # Several photographs of one product take one tile, so more rows may be needed for k tiles.
        if len(hits) >= min(k, passed) or found.ids.shape[1] < wanted:
            return list(hits.values())[:k], scores, passed
        wanted *= 2


def _names(value: object) -> frozenset[str]:
    if isinstance(value, str):
        return frozenset({value})
    return frozenset(str(name) for name in cast(Iterable[object], value))
