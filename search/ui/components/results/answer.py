"""The query, then what was found: the tiles, the trade-off, and the small print."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from search import engine
from search.engine import Price, SearchResult
from search.errors import NetworkError, SearchError
from search.plural import counted
from search.ui import engines, leads, state, telling
from search.ui.components.common import notices, text, tiles
from search.ui.components.query import query_card, sources, words
from search.ui.components.results import (
    cheaper,
    compare,
    downloads,
    examples,
    networks,
    product,
    refine,
)
from search.ui.engines import View
from search.ui.query import PhotoQuery, ProductQuery, Query
from search.ui.settings import Mode
from search.ui.state import PastQuery


def answer(view: View, query: Query, under_minimum: DeltaGenerator) -> None:
    """Draw a query and its answer; `under_minimum` is the place that `refine` left free."""
    sources.refusals()
    try:
        query_card.query_card(view, query)
    except SearchError as error:  # the product of a link may be gone
        notices.error(error)
        query_card.start_over()
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        query_card.mode_switch()
        key = f"another_{state.times_searched()}"  # closed again for the next query
        with st.popover("Search by another photograph", icon=":material/add_a_photo:", key=key):
            sources.sources(view)
        words.box()
        query_card.start_over()
    with st.container(
        horizontal=True, gap="medium", vertical_alignment="center", key="tools_of_answer"
    ):
        networks.switch(view)
        st.space("stretch")
        files = st.container(width="content")
    examples.examples(view)
    summary = st.container(horizontal=True, gap="medium", vertical_alignment="center")
    if state.settings().mode is Mode.CHEAPER and not _price_to_beat(view, query, summary):
        return
    try:
        result = search(view, query)
    except SearchError as error:
        notices.error(error)
        if isinstance(error, NetworkError):
            st.caption("Searching by the catalogue's own products still works.")
        elif state.filtered():  # a link may name a category that no product has any more
            refine.clear_here()
        return
    with under_minimum:
        refine.threshold(result)
    telling.shown(view, _asked(query), result, _cheaper(view))
    _remember(view, query)
    _about(view, query, result, summary)
    if result.hits:
        with files:
            downloads.downloads(result)
    other = networks.beside(view)
    if other is None:
        _tiles(view, result)
    else:
        _side_by_side(view, query, other)
    if state.settings().mode is Mode.CHEAPER:
        cheaper.trade_off(result)
    sources.recent()
    product.opened(view, result.hits)
    compared = leads.take_compared()
    hit = next((hit for hit in result.hits if hit.product.id == compared), None)
    if hit is not None:
        compare.compare(view, query, hit, result.reference)


def search(view: View, query: Query, least: int = 0) -> SearchResult:
    """Search for at least so many; a spinner says so where a photograph must be encoded first.

    :raises SearchError: with a sentence for the user.
    """
    if isinstance(query, ProductQuery):
        return _search(view, query, least)
    said = "Encoding the photograph" if engines.warm_up(view) else "Loading the network, once"
    with st.spinner(f"{said}…"):
        engines.await_network(view)
        return _search(view, query, least)


def _side_by_side(view: View, query: Query, other: str) -> None:
    """Draw the answers of two networks; where the other has none, say why."""
    try:
        networks.side_by_side(view, other, lambda each: search(each, query, networks.DEPTH))
    except SearchError as error:
        notices.error(error)


def _search(view: View, query: Query, least: int) -> SearchResult:
    settings = state.settings()
    options = settings.options(priced=query_card.can_save(view, query), more=state.more())
    options = replace(options, k=max(options.k, least))
    if not engines.has_colours(view):
        options = replace(options, colour=0.0)
    return view.search(_asked(query), settings.filters(), options, _cheaper(view))


def _asked(query: Query) -> engine.Query:
    """Give the query in the engine's terms, with what was liked and disliked since."""
    settings = state.settings()
    return replace(query.to_engine(), liked=settings.liked, disliked=settings.disliked)


def _cheaper(view: View) -> engine.Cheaper | None:
    settings = state.settings()
    if settings.mode is not Mode.CHEAPER:
        return None
    return settings.cheaper(view.table.currency(settings.currency))


def _price_to_beat(view: View, query: Query, place: DeltaGenerator) -> bool:
    """Ask for the price to beat; tell whether the catalogue has any prices."""
    if not view.table.currencies:
        notices.empty(
            "sell",
            "This catalogue has no prices",
            "Cheaper look-alikes need them: type them in on the Catalogue page, "
            "or import a table with prices on the Add page.",
        )
        return False
    known = None
    if isinstance(query, ProductQuery):
        known = Price.of(view.product(query.product_id))
    with place:
        cheaper.cheaper_controls(view, known)
    return True


def _remember(view: View, query: Query) -> None:
    """Put the query on the session's history."""
    name, picture = query_card.title(view, query), query_card.thumbnail(view, query)
    state.remember(PastQuery(query, state.settings(), name, picture))


def _about(view: View, query: Query, result: SearchResult, summary: DeltaGenerator) -> None:
    """Say what the answer is worth, before the tiles show it."""
    if result.nothing_similar:
        notices.empty(
            "image_not_supported",
            "Nothing here is similar",
            "This catalogue has nothing like your photograph; these are only the closest.",
        )
    elif isinstance(query, PhotoQuery):
        query_card.suggestion(result)
    if state.settings().mode is Mode.CHEAPER:
        cheaper.cheaper_summary(view, result, summary)
    elif not result.hits:
        refine.nothing_passes(result)


def _tiles(view: View, result: SearchResult) -> None:
    """Draw the tiles, the way to more of them, and the small print."""
    grid = tiles.tile_grid()
    several = any(hit.variants for hit in result.hits)
    for hit in result.hits:
        with grid:
            tiles.result_tile(view, hit, result.reference, variants=several)
    tiles.more_button(len(result.hits), result.passed)
    st.caption(text.plain(small_print(result)))


def small_print(result: SearchResult) -> str:
    """Word how long it took, over how many products, and which are hidden."""
    parts = [f"{len(result.hits):,} of {result.passed:,} shown"]
    if isinstance(state.query(), PhotoQuery):
        parts.append(f"encoded {result.encode_ms:.0f} ms")
    if below := result.eligible - result.passed:
        parts.append(f"{below:,} less similar than {result.least:.2f}")
    parts += [f"searched {result.search_ms:.1f} ms", counted(result.products, "product")]
    return " · ".join(filter(None, [*parts, text.hidden(result.hidden)]))
