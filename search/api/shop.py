"""What the API answers from, opened once: an engine, encoding threads, and the shop's own files."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

from search.api.batching import BatchingExtractor
from search.api.problems import Refused
from search.api.sources import Source, source_of_answers
from search.catalogue import CataloguePhoto, files, thumbnails
from search.engine import Searcher
from search.errors import SearchError
from search.feedback.recorder import Recorder, recorder_of
from search.network.extractor import extractor_for

_log = logging.getLogger(__name__)


class Shop:
    """The engine behind the API, of what is in use and its network; safe under threads."""

    def __init__(self, source: Source | None = None) -> None:
        self._source = source or source_of_answers()
        self._lock = threading.Lock()
        self._encoders: dict[str, BatchingExtractor] = {}
        self._warm, self._warming = threading.Event(), threading.Lock()
        self._warmer: threading.Thread | None = None

    def engine(self) -> Searcher:
        """Give the engine of what is in use.

        :raises SearchError: it cannot be opened, or its network not be loaded.
        """
        with self._lock:
            return self._source.engine(self._encoder)

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

    def photo_file(self, photo: CataloguePhoto, *, thumbnail: bool) -> Path:
        """Return the file of a photograph, or of a small JPEG of it.

        :raises PhotoError: the file is gone, damaged or outside the catalogue's folder.
        :raises Refused: this process has no photographs.
        """
        self.engine()
        folder = self._source.photographs()
        if folder is None:
            raise Refused(
                404,
                "photographs-elsewhere",
                "This server searches a published index and has no photographs: they lie in the "
                f"folder {files.PHOTOS} of the shop's catalogue. Let this address lead there, or "
                "name a folder that has a copy of them in SEARCH_HOME.",
            )
        original = files.inside(folder, photo.file, files.PHOTOS)
        return thumbnails.thumbnail(folder, photo.sha256, original) if thumbnail else original

    def recorder(self) -> Recorder | None:
        """Return who writes down what customers do; None where this process keeps no events."""
        self.engine()
        folder = self._source.events()
        return None if folder is None else recorder_of(folder)

    def close(self) -> None:
        """End the encoding threads."""
        for encoder in self._encoders.values():
            encoder.close()

    def _encoder(self, network: str) -> BatchingExtractor:
        if network not in self._encoders:
            self._encoders[network] = BatchingExtractor(extractor_for(network))
        return self._encoders[network]
