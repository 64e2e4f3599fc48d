"""Where the API's answers come from: the catalogue in use on this machine, or a published index."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol

from search import workspace
from search.engine import SearchEngine, Searcher, own_network
from search.network.extractor import Extractor

CATALOGUE: Final = "SEARCH_CATALOGUE"
"""Environment variable that names the catalogue to answer from; else it is the one in use."""

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

    def engine(self, encoders: Encoders) -> SearchEngine:
        """Give the engine of the catalogue in use.

        :raises SearchError: the catalogue cannot be opened, or its network not be loaded.
        """
        name, before = os.environ.get(CATALOGUE) or workspace.current(), self._engine
        same = before is not None and before.name == name
        catalogue = before.catalogue if before and same else workspace.open_catalogue(name)
        network = own_network(catalogue)
        if before is None or not same or network != self._network:
            before = self._engine = SearchEngine(catalogue, encoders(network))
            self._network = network
        return before

    def photographs(self) -> Path | None:
        """Give the catalogue's folder."""
        return None if self._engine is None else self._engine.catalogue.folder

    events = photographs
