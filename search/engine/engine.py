"""The engine of a catalogue on this machine: it follows its revisions."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from pathlib import Path

from search import workspace
from search.catalogue import Catalogue, Snapshot, Vectors, sales
from search.catalogue.reading import Listed
from search.engine import saved_rows, saved_tables
from search.engine.exact import open_index
from search.engine.index import IndexFactory, Local, follow
from search.engine.loaded import LoadedCatalogue
from search.engine.searcher import Searcher
from search.network import registry
from search.network.extractor import Extractor, extractor_for

_log = logging.getLogger(__name__)
_NAMED = 5  # damaged rows that are named one by one


class SearchEngine(Searcher):
    """Searches one catalogue with one network, at its newest revision; safe under threads."""

    def __init__(
        self, catalogue: Catalogue, extractor: Extractor, *, index: IndexFactory = open_index
    ) -> None:
        super().__init__(extractor)
        self.catalogue = catalogue
        self._open_index = index
        self._lock = threading.Lock()
        self._loaded: LoadedCatalogue | None = None

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

    @property
    def name(self) -> str:
        """The catalogue's name."""
        return self.catalogue.name

    def setting(self, key: str) -> str | None:
        """Give a setting of the catalogue, or None."""
        return self.catalogue.setting(key)

    def loaded(self) -> LoadedCatalogue:
        """Give the catalogue at its newest revision, with the prices of this moment."""
        revision = self.catalogue.revision()
        with self._lock:
            before, moment = self._loaded, sales.now()
            if before is None or before.revision != revision:
                self._loaded = self._load(before, self._snapshot(before))
            elif before.snapshot.is_over(moment):  # a sale has started or ended since
                self._loaded = self._load(before, before.snapshot.at(moment))
            assert self._loaded is not None
            return self._loaded

    def _snapshot(self, before: LoadedCatalogue | None) -> Snapshot:
        """Give the newest revision, by what was changed since the one before where there is one."""
        fingerprint = self.extractor.fingerprint
        known = before.snapshot if before and before.snapshot.fingerprint == fingerprint else None

        saved = SavedBeside(self.catalogue.folder, fingerprint, known)
        snapshot = self.catalogue.snapshot(fingerprint, known, saved)
        for sentence in snapshot.left_out[:_NAMED]:
            _log.warning(sentence)
        return snapshot

    def _load(self, before: LoadedCatalogue | None, snapshot: Snapshot) -> LoadedCatalogue:
        if before is None or before.snapshot.fingerprint != snapshot.fingerprint:
            return self._opened(snapshot)
        if snapshot.since is None and isinstance(before.index, Local):
            return self._opened(snapshot)  # as quick as finding out what differs
        return before.followed(snapshot, follow(before.index, before.snapshot, snapshot))

    def _opened(self, snapshot: Snapshot) -> LoadedCatalogue:
        return LoadedCatalogue(self.catalogue, snapshot, self._open_index(self.catalogue, snapshot))


@dataclass(frozen=True, slots=True)
class SavedBeside:
    """What is in memory or beside the catalogue; see `search.catalogue.reading.Saved`."""

    folder: Path
    fingerprint: str
    known: Snapshot | None = None

    def features(self, photos: int) -> tuple[list[str], Vectors] | None:
        """Give features; those in memory where a snapshot is known that cannot be followed."""
        if self.known is not None:
            return self.known.by_content()
        return saved_rows.load(self.folder, self.fingerprint, photos)

    def listed(self, rows: int) -> Listed | None:
        """Give products and photographs, unless newer ones could not be followed."""
        return None if self.known is not None else saved_tables.load(self.folder, rows)


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
