"""A query's photographs, product or feature turned into what an index is asked by."""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass

import numpy as np

from search import photos
from search.engine import explain
from search.engine.colours import mean_colours
from search.engine.index import Beside
from search.engine.query import PhotoSource, Query
from search.engine.relevance import rocchio
from search.engine.revision import LoadedRevision
from search.errors import QueryError
from search.network import registry
from search.network.extractor import Extractor
from search.network.preparation import Prepared, picture
from search.network.vectors import Cells, Feature, mean_feature
from search.photos.palette import colour_histogram

_REMEMBERED_QUERIES = 256  # cells of 250 kB each at most


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """What a query's photograph looked like to the network: cells (h, w, d), its size, the time.

    `prepared` is the photograph as the network saw it.
    """

    cells: Cells
    size: tuple[int, int]
    ms: float
    prepared: Prepared

    def feature(self, region: photos.Box | None, network: registry.Network) -> Feature:
        """Give the unit feature (d,) of all of it, or of a region."""
        if region is None:
            return explain.pooled(self.cells)
        return explain.region_feature(self.cells, self.size, region, network)

    def colours(self, region: photos.Box | None, network: registry.Network) -> Feature:
        """Give the colours of all of it, or of a region."""
        return colour_histogram(picture(self.prepared, network, region))


@dataclass(frozen=True, slots=True, eq=False)
class EncodedQuery:
    """A query's unit feature (d,), and what it was made of."""

    query: Query
    loaded: LoadedRevision
    network: registry.Network
    feature: Feature
    seen: tuple[_Seen, ...] = ()

    @property
    def ms(self) -> float:
        """Milliseconds that encoding its photographs took when each was first searched by."""
        return sum((each.ms for each in self.seen), 0.0)

    @property
    def pictures(self) -> list[Cells]:
        """The cells (h, w, d) of its photographs."""
        return [each.cells for each in self.seen]

    def colours(self, share: float) -> Beside | None:
        """Give how alike the colours of every photograph are to the query's; None for no share.

        :raises QueryError: the query has no picture to take colours from, or the catalogue's
            photographs have none yet.
        """
        if not share:
            return None
        query = self.query
        if len(self.loaded.index) and not self.loaded.knows_colours:
            raise QueryError(
                "The colours of this catalogue's photographs are not known yet: run "
                "`python -m search encode`, or leave colour out."
            )
        if query.product is not None:
            wanted = self.loaded.colours_of(query.product)
        elif not self.seen:
            raise QueryError("A feature alone has no colours: leave colour out.")
        else:
            first, *others = self.seen
            found = [first.colours(query.region, self.network)]
            found += [each.colours(None, self.network) for each in others]
            wanted = mean_colours(np.stack(found))
        return self.loaded.beside(wanted, share)


class QueryEncoder:
    """Encodes queries with one network, each photograph once; safe under threads."""

    def __init__(self, extractor: Extractor) -> None:
        self._extractor = extractor
        self._lock = threading.Lock()
        self._warm = False
        self._remembered: OrderedDict[tuple[str, photos.Box | None], _Seen] = OrderedDict()

    def encode(self, loaded: LoadedRevision, query: Query) -> EncodedQuery:
        """Give the unit feature of a query: of one photograph, or the mean of several.

        It is moved by the products that were liked and disliked.

        :raises PhotoError, FeatureError: a photograph cannot be used.
        :raises QueryError: a product is not in the catalogue, or not encoded.
        """
        network, seen = self._extractor.network, tuple[_Seen, ...]()
        if query.product is not None:
            feature = loaded.feature(query.product)
        elif query.feature is not None:
            feature = query.feature
        else:
            seen = tuple(
                self._see(source, None if n else query.crop)
                for n, source in enumerate(query.photographs)
            )
            features = [seen[0].feature(query.region, network)]
            features += [each.feature(None, network) for each in seen[1:]]
            feature = mean_feature(np.stack(features))
        if query.liked or query.disliked:
            liked, disliked = (
                np.array([loaded.feature(id) for id in ids]).reshape(len(ids), len(feature))
                for ids in (query.liked, query.disliked)
            )
            feature = rocchio(feature, liked, disliked)
        return EncodedQuery(query, loaded, network, feature, seen)

    def _see(self, source: PhotoSource, crop: photos.Box | None) -> _Seen:
        photo: photos.Photo | None = None
        if not isinstance(source, bytes):
            photo = photos.read(source)
            source = photo.data
        key = (hashlib.sha256(source).hexdigest() if photo is None else photo.sha256, crop)
        with self._lock:
            if key in self._remembered:
                self._remembered.move_to_end(key)
                return self._remembered[key]
        if not self._warm:  # or the first photograph would remember the loading as its own time
            self._extractor.warm()
            self._warm = True
        started = time.perf_counter()
        photo = photo or photos.read(source)
        part = photo if crop is None else photos.crop(photo, crop)
        prepared = self._extractor.prepare(part)
        cells = self._extractor.cells([prepared])[0]
        ms = (time.perf_counter() - started) * 1000
        seen = _Seen(cells, part.image.size, ms, prepared)
        with self._lock:
            self._remembered[key] = seen
            if len(self._remembered) > _REMEMBERED_QUERIES:
                self._remembered.popitem(last=False)
        return seen
