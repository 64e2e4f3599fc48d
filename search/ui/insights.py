"""The catalogue compared with itself, once for each revision: gaps, health, the map."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import streamlit as st

from search.catalogue import CataloguePhoto, Product
from search.engine import Filters
from search.insight import suggestions
from search.insight.duplicates import Duplicate, duplicates
from search.insight.health import Issue, file_health, health
from search.insight.price_gaps import PriceGap, price_gaps
from search.insight.product_map import ProductMap, product_map
from search.ui.components.map.product_map import sheet
from search.ui.engines import Key, View


def gaps(
    view: View, min_score: float, min_gap: float, *, in_stock: bool, nearest: int = 0
) -> list[PriceGap]:
    """List products with a much cheaper look-alike; `min_gap` is a share of the higher price."""
    return list(_gaps(view.key, min_score, min_gap, in_stock, nearest, view))


@st.cache_resource(show_spinner=False, max_entries=16)
def _gaps(
    key: Key,  # noqa: ARG001
    min_score: float,
    min_gap: float,
    in_stock: bool,
    nearest: int,
    _view: View,
) -> list[PriceGap]:
    return price_gaps(
        _view.loaded.snapshot, min_score, min_gap=min_gap, in_stock=in_stock, nearest=nearest
    )


def finds(view: View, count: int) -> list[PriceGap]:
    """Choose the catalogue's most striking cheaper look-alikes."""
    return list(_finds(view.key, count, view))


@st.cache_resource(show_spinner=False, max_entries=16)
def _finds(key: Key, count: int, _view: View) -> list[PriceGap]:  # noqa: ARG001
    return suggestions.finds(_view.loaded, count)


def showcase(view: View, filters: Filters, count: int) -> list[tuple[Product, CataloguePhoto]]:
    """Choose products to begin with."""
    return list(_showcase(view.key, repr(filters), count, filters, view))


@st.cache_resource(show_spinner=False, max_entries=16)
def _showcase(
    key: Key,  # noqa: ARG001
    named: str,  # noqa: ARG001
    count: int,
    _filters: Filters,
    _view: View,
) -> list[tuple[Product, CataloguePhoto]]:
    return suggestions.showcase(_view.loaded, _filters, count)


def listed_twice(view: View, min_score: float) -> list[Duplicate]:
    """List products that are listed twice."""
    return list(_listed_twice(view.key, min_score, view))


@st.cache_resource(show_spinner=False, max_entries=4)
def _listed_twice(key: Key, min_score: float, _view: View) -> list[Duplicate]:  # noqa: ARG001
    return duplicates(_view.loaded.snapshot, min_score)


def issues(view: View) -> list[Issue]:
    """List what is doubtful about the products."""
    return list(_issues(view.key, view))


@st.cache_resource(show_spinner=False, max_entries=4)
def _issues(key: Key, _view: View) -> list[Issue]:  # noqa: ARG001
    snapshot = _view.loaded.snapshot
    return [*health(snapshot), *file_health(_view.catalogue, snapshot)]


@dataclass(frozen=True, slots=True)
class DrawnMap:
    """The map and one picture of all its thumbnails, as an address."""

    places: ProductMap
    sheet: str


def drawn_map(view: View) -> DrawnMap | None:
    """Give the map of a catalogue; None while it is drawn in the background.

    :raises SearchError: it cannot be drawn.
    """
    job = _map(view.key, view)
    return job.result() if job.done() else None


@st.cache_resource(show_spinner=False, max_entries=4)
def _map(key: Key, _view: View) -> Future[DrawnMap]:  # noqa: ARG001
    def draw() -> DrawnMap:
        places = product_map(_view.catalogue, _view.loaded)
        photos = [_view.main_photo(product_id) for product_id in places.products]
        return DrawnMap(places, sheet([_view.thumbnail(photo) for photo in photos]))

    return _drawing().submit(draw)


@st.cache_resource(show_spinner=False)
def _drawing() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix="map")
