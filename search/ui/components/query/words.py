"""Searching by words: alone they list products, beside a photograph or a product they narrow."""

from __future__ import annotations

import streamlit as st

from search.engine import Listed, Listing, list_by_words
from search.engine.text import LONGEST_WORDS
from search.plural import counted
from search.ui import state, telling
from search.ui.components.common import text, tiles
from search.ui.components.query import query_card, sources
from search.ui.components.results import product, refine
from search.ui.engines import View

_KEY = "search_words"


def box() -> None:
    """Ask for words, beside a query in little room."""
    asked = state.query() is not None
    words = state.settings().words
    if state.value(_KEY) != words:  # a link's, or cleared; else what is being typed would be lost
        state.set_value(_KEY, words)
    st.text_input(
        "Narrow by words" if asked else "Search by words",
        key=_KEY,
        type="search",
        max_chars=LONGEST_WORDS,
        placeholder="Narrow by words: red boots" if asked else "red boots",
        label_visibility="collapsed" if asked else "visible",
        width=230 if asked else "stretch",
        icon=":material/search:",
        help="In names, kinds, categories, brands, colours, materials and ids; slips are forgiven."
        + (" The query ranks what is left." if asked else ""),
        on_change=_typed,
    )


def _typed() -> None:
    state.change(words=state.value(_KEY) or "")


def listing(view: View) -> None:
    """Draw the products that the words find, best first.

    :raises SearchError: with a sentence for the user.
    """
    settings = state.settings()
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        with st.popover("Search by a photograph", icon=":material/add_a_photo:", key="by_photo"):
            sources.sources(view)
        query_card.start_over()
    sources.refusals()
    found = list_by_words(
        view.loaded,
        settings.filters(),
        settings.k + state.more(),
        settings.order(priced=False),
    )
    telling.listed(view, found)
    if not found.hits:
        refine.nothing_found(settings.words)
    grid = tiles.tile_grid()
    several = any(hit.variants for hit in found.hits)
    for hit in found.hits:
        with grid:
            _tile(view, hit, several=several)
    tiles.more_button(len(found.hits), found.passed)
    st.caption(text.plain(_small_print(found)))
    sources.recent()
    product.opened(view)


def _tile(view: View, hit: Listed, *, several: bool) -> None:
    notes = [text.plain(hit.product.category)]
    if several:
        notes.insert(0, text.plain(hit.variants.words) if hit.variants else "")
    with st.container(gap="xsmall", key=f"tile_{hit.product.id}"):
        tiles.product_tile(view, hit.product, hit.photo, notes=notes, opens=hit.product.id)
        tiles.tile_actions(view, hit.product)


def _small_print(found: Listing) -> str:
    parts = [f"{len(found.hits):,} of {found.passed:,} shown"]
    parts += [f"searched {found.search_ms:.1f} ms", counted(found.products, "product")]
    return " · ".join(filter(None, [*parts, text.hidden(found.hidden)]))
