"""Engines shared by all runs, and the view of a catalogue that a page takes once for each run."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import streamlit as st

from search.catalogue import Catalogue, CataloguePhoto, Product
from search.engine import (
    Cheaper,
    Filters,
    LoadedCatalogue,
    Options,
    Query,
    SearchEngine,
    SearchResult,
    colours,
    own_network,
)
from search.engine.bands import Bands
from search.engine.filters import ProductTable
from search.engine.learning import ensure_learnt
from search.errors import MismatchError, NetworkError, SearchError
from search.home import data_folder
from search.network import registry, weights
from search.ui import state

Key = tuple[str, str, int, str]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class View:
    """A catalogue at one revision with the engine to search it.

    A page takes one for each run and hands it down, so that all it shows belongs together. Changes
    go through `catalogue`; what they did is seen by the next run's view.
    """

    name: str
    engine: SearchEngine = field(repr=False)
    loaded: LoadedCatalogue = field(repr=False)

    @property
    def key(self) -> Key:
        """What tells this view from any other, for caches."""
        snapshot = self.loaded.snapshot
        return str(self.catalogue.folder), snapshot.fingerprint, self.revision, snapshot.moment

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue itself, to change it or to ask for its files and revisions."""
        return self.engine.catalogue

    @property
    def revision(self) -> int:
        """The revision that is seen."""
        return self.loaded.revision

    @property
    def products(self) -> Sequence[Product]:
        """All products by id."""
        return self.loaded.snapshot.products

    @property
    def table(self) -> ProductTable:
        """The products as columns, to filter and to count."""
        return self.loaded.table

    @property
    def bands(self) -> Bands:
        """What scores mean in this catalogue."""
        return self.loaded.bands

    @property
    def shared_names(self) -> frozenset[str]:
        """The names that more than one product has."""
        return _shared_names(self.key, self)

    def has(self, product_id: str) -> bool:
        """Tell whether the catalogue has a product."""
        return product_id in self.loaded.snapshot.position

    def product(self, product_id: str) -> Product:
        """Give a product by id.

        :raises QueryError: the catalogue has none of that id.
        """
        return self.loaded.product(product_id)

    def main_photo(self, product_id: str) -> CataloguePhoto | None:
        """Give a product's first photograph, None where it has none."""
        return self.loaded.snapshot.main_photo.get(product_id)

    def photos(self, product_id: str) -> list[CataloguePhoto]:
        """Give all photographs of a product."""
        return list(self.loaded.snapshot.photos_of.get(product_id, ()))

    def thumbnail(self, photo: CataloguePhoto | None) -> Path | None:
        """Give the place of a photograph's thumbnail, None where there is no photograph to read."""
        try:
            return None if photo is None else self.catalogue.thumbnail(photo)
        except (SearchError, OSError):
            return None

    def search(
        self, query: Query, filters: Filters, options: Options, cheaper: Cheaper | None = None
    ) -> SearchResult:
        """Search this revision, counting all scores; see `SearchEngine.search`.

        :raises SearchError: with a sentence for the user.
        """
        return self.engine.search(
            query, filters, options, cheaper, histogram=True, loaded=self.loaded
        )


@st.cache_resource(show_spinner=False, max_entries=32)
def _shared_names(key: Key, _view: View) -> frozenset[str]:  # noqa: ARG001
    counts = Counter(product.name or product.id for product in _view.products)
    return frozenset(name for name, number in counts.items() if number > 1)


def view(name: str, network: str | None = None) -> View:
    """Look at a catalogue as it is now, with the network chosen, or another; "" is its own.

    :raises SearchError: the catalogue or the network cannot be opened.
    """
    chosen = state.settings().network
    if network is not None or not chosen:
        return _view(name, network or "")
    try:
        return _view(name, chosen)
    except (NetworkError, MismatchError):  # a link's, or chosen for another catalogue
        state.change(network="")
        return _view(name, "")


def _view(name: str, network: str) -> View:
    engine = _open(str(data_folder()), name, network)
    return View(name, engine, engine.loaded())


@st.cache_resource(show_spinner=False, max_entries=32)
def _open(folder: str, name: str, network: str) -> SearchEngine:  # noqa: ARG001 (in the key)
    return SearchEngine.open(name, network=network or None)


# --- networks --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many of a catalogue's photographs a network has encoded, and in how many bytes."""

    network: registry.Network
    encoded: int
    total: int
    stored: int

    @property
    def is_complete(self) -> bool:
        """Whether every photograph can be found with this network."""
        return self.total > 0 and self.encoded == self.total


@dataclass(frozen=True, slots=True)
class Networks:
    """The name of a catalogue's own network, and every network with what it has encoded."""

    own: str
    coverage: tuple[Coverage, ...]

    @property
    def offered(self) -> tuple[registry.Network, ...]:
        """The networks to search with: the catalogue's own, and all that are complete."""
        return tuple(
            c.network for c in self.coverage if c.is_complete or c.network.name == self.own
        )

    def stored(self, network: str) -> int:
        """Give the bytes that a network's features take on disk."""
        return next((c.stored for c in self.coverage if c.network.name == network), 0)


def networks(view: View) -> Networks:
    """Give the networks that this catalogue can be searched with, and those that lack something."""
    return _networks(view.key, view)


@st.cache_resource(show_spinner=False, max_entries=16)
def _networks(key: Key, _view: View) -> Networks:  # noqa: ARG001
    covered, total = _view.catalogue.fingerprints(), len(_view.loaded.snapshot.photos)
    stored = _view.catalogue.stored_bytes()
    named = {weights.fingerprint(network): network for network in registry.NETWORKS.values()}
    return Networks(
        own_network(_view.catalogue),
        tuple(
            Coverage(network, covered.get(each, 0), total, stored.get(each, 0))
            for each, network in named.items()
        ),
    )


def has_colours(view: View) -> bool:
    """Tell whether the colours of any photograph are known."""
    return _has_colours(view.key, view)


@st.cache_resource(show_spinner=False, max_entries=16)
def _has_colours(key: Key, _view: View) -> bool:  # noqa: ARG001
    return _view.catalogue.fingerprints().get(colours.FINGERPRINT, 0) > 0


# --- in the background -----------------------------------------------------------------------


def warm_up(view: View) -> bool:
    """Start loading the network in the background; tell whether it is there already.

    Once it is, what a revision changed is learnt, in the background too.
    """
    folder, fingerprint, revision, _ = view.key
    ready = not _warmed(fingerprint, view.engine).is_alive()
    if ready:
        _learnt(folder, fingerprint, revision, view.engine)
    return ready


def await_network(view: View) -> None:
    """Wait until the network is loaded, so that the time of encoding is that and no more."""
    thread = _warmed(view.key[1], view.engine)
    if thread.is_alive():
        thread.join()


@st.cache_resource(show_spinner=False, max_entries=32)
def _warmed(fingerprint: str, _engine: SearchEngine) -> threading.Thread:  # noqa: ARG001
    """Load the network in the background, so that the first photograph need not wait."""
    return _in_background("warm-up", _engine.extractor.warm)


@st.cache_resource(show_spinner=False, max_entries=8)
def _learnt(
    folder: str,  # noqa: ARG001
    fingerprint: str,  # noqa: ARG001
    revision: int,  # noqa: ARG001
    _engine: SearchEngine,
) -> threading.Thread:
    """Learn in the background what the catalogue's photographs teach."""
    return _in_background("learning", lambda: ensure_learnt(_engine.catalogue, _engine.extractor))


def _in_background(name: str, work: Callable[[], object]) -> threading.Thread:
    def quietly() -> None:
        try:
            work()
        except SearchError as error:
            # Missing weights matter once somebody brings a photograph, and are reported then.
            _log.info("%s: %s", name, error)

    thread = threading.Thread(target=quietly, name=name, daemon=True)
    thread.start()
    return thread
