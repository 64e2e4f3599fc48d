"""What the API answers from: the catalogue in use, with its own network, opened once."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from search import workspace
from search.api.batching import BatchingExtractor
from search.catalogue import CataloguePhoto
from search.engine import LoadedCatalogue, SearchEngine, own_network
from search.errors import SearchError
from search.network.extractor import extractor_for

CATALOGUE = "SEARCH_CATALOGUE"
"""Environment variable that names the catalogue to answer from; else it is the one in use."""

_log = logging.getLogger(__name__)

_LOOKED = 1.0  # seconds until another catalogue in use is noticed


class Shop:
    """The engine behind the API, of the catalogue in use and its network; safe under threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._engine: SearchEngine | None = None
        self._encoders: dict[str, BatchingExtractor] = {}
        self._chosen: tuple[str, str] | None = None
        self._looked = float("-inf")
        self._warm, self._warming = threading.Event(), threading.Lock()
        self._warmer: threading.Thread | None = None
        self._by_sha256 = lru_cache(maxsize=2)(_by_sha256)

    def engine(self) -> SearchEngine:
        """Give the engine of the catalogue in use.

        :raises SearchError: the catalogue cannot be opened, or its network not be loaded.
        """
        with self._lock:
            if self._engine is None or time.monotonic() - self._looked > _LOOKED:
                self._engine = self._opened(self._engine)
                self._looked = time.monotonic()
            return self._engine

    def warm_up(self) -> None:
        """Begin to load the catalogue and the network, unless that was begun already."""
        with self._warming:
            if self._warmer is None or not (self._warm.is_set() or self._warmer.is_alive()):
                self._warmer = threading.Thread(target=self._load, name="warm", daemon=True)
                self._warmer.start()

    def is_warm(self, patience: float = 0.0) -> bool:
        """Tell whether the network is loaded, by now or within some seconds."""
        return self._warm.wait(patience)

    def _load(self) -> None:
        try:
            engine = self.engine()
            engine.loaded()
            engine.extractor.warm()
        except SearchError as error:
            _log.warning("%s", error)
        else:
            self._warm.set()

    @property
    def waiting(self) -> int:
        """Photographs that wait for a network now."""
        return sum(encoder.waiting for encoder in list(self._encoders.values()))

    def photo(self, loaded: LoadedCatalogue, sha256: str) -> CataloguePhoto | None:
        """Give a photograph of a product that is sold, by its content; None where there is none."""
        return self._by_sha256(loaded).get(sha256)

    def photo_file(self, photo: CataloguePhoto, *, thumbnail: bool) -> Path:
        """Return the file of a photograph, or of a small JPEG of it.

        :raises PhotoError: the file is gone, damaged or outside the catalogue's folder.
        """
        catalogue = self.engine().catalogue
        return catalogue.thumbnail(photo) if thumbnail else catalogue.path(photo)

    def close(self) -> None:
        """End the encoding threads."""
        for encoder in self._encoders.values():
            encoder.close()

    def _opened(self, before: SearchEngine | None) -> SearchEngine:
        name = os.environ.get(CATALOGUE) or workspace.current()
        catalogue = before.catalogue if before and before.catalogue.name == name else None
        catalogue = catalogue or workspace.open_catalogue(name)
        network = own_network(catalogue)
        if before is not None and (name, network) == self._chosen:
            return before
        if network not in self._encoders:
            self._encoders[network] = BatchingExtractor(extractor_for(network))
        self._chosen = (name, network)
        return SearchEngine(catalogue, self._encoders[network])


def _by_sha256(loaded: LoadedCatalogue) -> Mapping[str, CataloguePhoto]:
    return {
        photo.sha256: photo
        for photo in loaded.snapshot.photos
        if loaded.product(photo.product_id).active
    }
