"""An engine with no catalogue at hand: it answers from what was published to a vector database.

A query's photographs alone are encoded here. So any number of processes on any number of machines
answer alike, and keep nothing but the revision they have seen.
"""

from __future__ import annotations

import threading
import time
from pathlib import Path

from search.engine.milvus import Published, open_published
from search.engine.published import PublishedCatalogue
from search.engine.searcher import Searcher
from search.errors import IndexUnavailable, MismatchError
from search.network.extractor import Extractor, extractor_for

_LOOKED = 0.5  # seconds until a new publication is noticed


class PublishedEngine(Searcher):
    """Searches what is published at an address, at its newest revision; safe under threads."""

    def __init__(self, published: Published, extractor: Extractor) -> None:
        """Take what was opened, and the network whose features it has.

        :raises MismatchError: its features are another network's, or of other weights.
        """
        if extractor.fingerprint != published.fingerprint:
            raise MismatchError(
                f"The index {published.address} has features of {published.fingerprint}, this "
                f"process encodes by {extractor.fingerprint}, and features of different networks "
                "cannot be compared: give both the same weights, or publish the catalogue again."
            )
        super().__init__(extractor)
        self._lock = threading.Lock()
        self._newest, self._looked = published, time.monotonic()
        self._failure = ""
        self._loaded = PublishedCatalogue(published)

    @classmethod
    def open(cls, address: str, *, weights: Path | None = None) -> PublishedEngine:
        """Open an engine on what is published at an address, with the network of its features.

        :raises IndexUnavailable: nothing is published there, or the database does not answer.
        :raises NetworkError: the network is unknown or its weights are missing.
        :raises MismatchError: the weights are others than those of the features.
        """
        published = open_published(address)
        return cls(published, extractor_for(published.network, weights))

    @property
    def name(self) -> str:
        """The catalogue's name."""
        return self._newest.name

    def setting(self, key: str) -> str | None:
        """Give a setting that the catalogue had when it was published, or None."""
        return self._newest.settings.get(key)

    def loaded(self) -> PublishedCatalogue:
        """Give the catalogue at its newest published revision, with the prices of this moment.

        Where another network's features are published by now it is the last one of this network:
        another engine is needed then.

        :raises IndexUnavailable: the database does not answer.
        """
        newest = self.newest()
        with self._lock:
            known = self._loaded.published
            if newest is not known and newest.fingerprint == known.fingerprint:
                self._loaded = PublishedCatalogue(newest)
            return self._loaded

    def newest(self) -> Published:
        """Give what is published by now; the database is asked at most twice a second.

        :raises IndexUnavailable: it does not answer, or did not half a second ago.
        """
        with self._lock:
            if time.monotonic() - self._looked >= _LOOKED:
                try:
                    self._newest, self._failure = self._newest.newest(), ""
                except IndexUnavailable as error:
                    self._failure = str(error)
                self._looked = time.monotonic()
            if self._failure:
                raise IndexUnavailable(self._failure)
            return self._newest
