"""Where the API's answers come from: the catalogue in use on this machine, or a published index."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol

from search import workspace
from search.catalogue.files import PHOTOS
from search.engine import SearchEngine, Searcher, own_network
from search.engine.milvus import Published, open_published
from search.engine.published_engine import PublishedEngine
from search.errors import IndexUnavailable
from search.home import HOME, data_folder
from search.network.extractor import Extractor

INDEX: Final = "SEARCH_INDEX"
"""Environment variable with the address of a published index, to answer from that alone."""

CATALOGUE: Final = "SEARCH_CATALOGUE"
"""Environment variable that names the catalogue to answer from; else it is the one in use."""

_LOOKED = 1.0  # seconds until something else in use is noticed, or a failure is tried again

Encoders = Callable[[str], Extractor]
"""Gives the extractor of a network, by its name."""


class Source(Protocol):
    """What the API answers from."""

    def engine(self, encoders: Encoders) -> Searcher:
        """Give the engine to ask now: the one given before, unless something else is in use.

        :raises SearchError: it cannot be opened, or its network not be loaded.
        """

    def photographs(self) -> Path | None:
        """Give the catalogue's folder that photographs lie in; None where they are elsewhere."""

    def events(self) -> Path | None:
        """Give the folder that events are kept in; None where this process keeps none."""


class InUse:
    """The catalogue in use on this machine, with its own network."""

    def __init__(self) -> None:
        self._engine: SearchEngine | None = None
        self._network = ""
        self._looked = float("-inf")

    def engine(self, encoders: Encoders) -> SearchEngine:
        """Give the engine of the catalogue in use.

        :raises SearchError: the catalogue cannot be opened, or its network not be loaded.
        """
        before = self._engine
        if before is not None and time.monotonic() - self._looked <= _LOOKED:
            return before
        name = os.environ.get(CATALOGUE) or workspace.current()
        same = before is not None and before.name == name
        catalogue = before.catalogue if before and same else workspace.open_catalogue(name)
        network = own_network(catalogue)
        if before is None or not same or network != self._network:
            before = self._engine = SearchEngine(catalogue, encoders(network))
            self._network = network
        self._looked = time.monotonic()
        return before

    def photographs(self) -> Path | None:
        """Give the catalogue's folder."""
        return None if self._engine is None else self._engine.catalogue.folder

    events = photographs


class PublishedIndex:
    """What is published at an address, with no catalogue at hand.

    Photographs, events and keys are the shop's own: they are looked for where SEARCH_HOME says, and
    where it says nothing this process has none.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        self._engine: PublishedEngine | None = None
        self._failure, self._failed = "", float("-inf")

    def engine(self, encoders: Encoders) -> PublishedEngine:
        """Give the engine of what is published; of another network's once that is published.

        :raises SearchError: the database does not answer, nothing is published there, or the
            network cannot be loaded.
        """
        published = self._opened() if self._engine is None else self._engine.newest()
        if self._engine is None or published.fingerprint != self._engine.extractor.fingerprint:
            self._engine = PublishedEngine(published, encoders(published.network))
        return self._engine

    def photographs(self) -> Path | None:
        """Give the catalogue's folder where SEARCH_HOME has one with photographs."""
        folder = self._folder()
        return folder if folder is not None and (folder / PHOTOS).is_dir() else None

    def events(self) -> Path | None:
        """Give the catalogue's folder in SEARCH_HOME, made where there is none."""
        folder = self._folder()
        if folder is not None:
            with contextlib.suppress(OSError):  # whoever writes there says so
                folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _opened(self) -> Published:
        """Open the index, tried once a second where that fails."""
        if time.monotonic() - self._failed <= _LOOKED:
            raise IndexUnavailable(self._failure)
        try:
            return open_published(self._address)
        except IndexUnavailable as error:
            self._failure, self._failed = str(error), time.monotonic()
            raise

    def _folder(self) -> Path | None:
        if self._engine is None or not os.environ.get(HOME, "").strip():
            return None
        return data_folder() / workspace.check_name(self._engine.name)


def source_of_answers() -> Source:
    """Give the published index that the environment names, else the catalogue in use."""
    address = os.environ.get(INDEX, "").strip()
    return PublishedIndex(address) if address else InUse()
