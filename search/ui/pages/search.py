"""The Search page: a photograph or a product in, the most similar or the cheaper products out."""

from __future__ import annotations

import streamlit as st

from search import workspace
from search.engine import SearchResult, price_of
from search.errors import NetworkError, SearchError
from search.insight.suggestions import showcase
from search.ui import resources, state
from search.ui.components import (
    cheaper,
    compare,
    downloads,
    finds,
    header,
    notices,
    query_card,
    refine,
    scroll,
    sources,
    text,
    tiles,
)
from search.ui.query import PhotoQuery, ProductQuery, Query
from search.ui.settings import Mode, Sort
from search.ui.state import Asked, Link

SHOWCASE = 18
FINDS = 4

_ORDERS = {
    Sort.SIMILARITY: lambda hit: hit.rank,
    Sort.PRICE: lambda hit: (hit.product.price is None, hit.product.price, hit.rank),
    Sort.SAVING: lambda hit: (hit.saving is None, -(hit.saving or 0), hit.rank),
}


def follow(link: Link) -> None:
    """Take over what the address asks for."""
    if link.catalogue in workspace.names() and link.catalogue != state.current_catalogue():
        state.look_at(link.catalogue)
    state.put(link.settings)
    samples = resources.samples(state.current_catalogue())
    wanted = next((sample for sample in samples if sample.file == link.sample), None)
    if link.product:
        state.ask(ProductQuery(link.product))
    elif wanted is not None:
        sources.ask_sample(wanted)
    elif state.has_link():
        state.ask(None)


def start(catalogue: str) -> None:
    """Before anything was asked: photographs to choose from and the catalogue itself."""
    query_card.mode_switch()
    sources.sources(catalogue)
    sources.refusals()
    sources.recent()
    found = resources.finds(catalogue, FINDS)
    if found:
        finds.finds(catalogue, found)
    filters = state.settings().filters()
    products = showcase(resources.loaded(catalogue), filters, SHOWCASE)
    st.markdown("#### Or start from the catalogue", anchors=False)
    if products:
        tiles.showcase_grid(catalogue, products)
    elif resources.loaded(catalogue).snapshot.products:
        nothing_passes()
    else:
        notices.empty(
            "inventory_2",
            "This catalogue is empty",
            "Drop photographs on the page Add, or run `python -m search build FOLDER`.",
        )


def answer(catalogue: str, query: Query) -> None:
    """The query, then what was found."""
    with st.expander("Search by another photograph", icon=":material/add_a_photo:"):
        sources.sources(catalogue)
    sources.refusals()
    try:
        query_card.query_card(catalogue, query)
    except SearchError as error:  # the product of a link may be gone
        notices.error(error)
        query_card.start_over()
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        query_card.mode_switch()
        query_card.start_over()
        st.space("stretch")
        files = st.container(width="content")
    settings = state.settings()
    if settings.mode is Mode.CHEAPER:
        if not resources.loaded(catalogue).table.currencies:
            notices.empty(
                "sell",
                "This catalogue has no prices",
                "Cheaper look-alikes need them: type them in on the page Catalogue, "
                "or import a table with prices on the page Add.",
            )
            return
        known = None
        if isinstance(query, ProductQuery):
            known = price_of(resources.loaded(catalogue).product(query.product_id))
        cheaper.cheaper_controls(catalogue, known)
    try:
        result = ask(catalogue, query)
    except SearchError as error:
        notices.error(error)
        if isinstance(error, NetworkError):
            st.caption("Searching by the catalogue's own products still works.")
        return
    with under_minimum:
        least = resources.least_score(catalogue, settings)
        refine.threshold(result.scores, result.passed, least)
    state.remember(
        Asked(
            query,
            settings,
            query_card.title(catalogue, query),
            query_card.thumbnail(catalogue, query),
        )
    )
    if isinstance(query, PhotoQuery):
        if result.nothing_similar:
            notices.empty(
                "image_not_supported",
                "Nothing here is similar",
                "This catalogue has nothing like your photograph; these are merely the closest.",
            )
        else:
            query_card.suggestion(catalogue, result)
    if settings.mode is Mode.CHEAPER:
        cheaper.cheaper_summary(catalogue, result)
        cheaper.trade_off(result)
    elif not result.hits:
        nothing_passes()
    if result.hits:
        with files:
            downloads.downloads(result)
    show(catalogue, result)
    sources.recent()
    opened = state.take_opened()
    hit = next((h for h in result.hits if h.product.id == opened), None)
    if hit is not None:
        compare.compare(catalogue, query, hit, result.reference)


def ask(catalogue: str, query: Query) -> SearchResult:
    """Search; a spinner says so where a photograph must be encoded first."""
    settings = state.settings()
    k = settings.k + state.more()
    if isinstance(query, ProductQuery):
        return resources.search(catalogue, query, settings, k)
    ready = resources.warm_up(catalogue)
    words = "Encoding the photograph" if ready else "Loading the network, once"
    with st.spinner(f"{words}…"):
        return resources.search(catalogue, query, settings, k)


def show(catalogue: str, result: SearchResult) -> None:
    """The tiles, the way to more of them, and the small print."""
    hits = sorted(result.hits, key=_ORDERS[state.settings().sort])
    grid = tiles.tile_grid()
    for hit in hits:
        with grid.cell():
            tiles.result_tile(catalogue, hit, result.reference)
    if result.hits and len(result.hits) < result.passed:
        with st.container(horizontal=True, horizontal_alignment="center"):
            st.button(
                "Show more",
                icon=":material/expand_more:",
                on_click=state.show_more,
                key="show_more",
            )
    st.caption(small_print(result))


def small_print(result: SearchResult) -> str:
    """How long it took, over how many products, and which are hidden."""
    parts = [f"{len(result.hits):,} of {result.passed:,} shown"]
    if isinstance(state.query(), PhotoQuery):
        parts.append(f"encoded {result.encode_ms:.0f} ms")
    parts += [f"searched {result.search_ms:.1f} ms", text.count(result.products, "product")]
    return " · ".join(filter(None, [*parts, text.hidden(result.hidden)]))


def nothing_passes() -> None:
    """No product is left."""
    notices.empty(
        "filter_alt_off",
        "No product passes",
        "Take a filter off, widen the price range or lower the minimum similarity.",
    )
    st.button("Clear filters", on_click=refine.clear_filters, key="clear_here")


link = state.arrive("search")
if link is not None:
    follow(link)
header.header(
    "Find what looks like it",
    "A photograph in, the most similar products out, and the cheaper look-alikes one click away.",
)
catalogue = state.current_catalogue()
scroll.top_on_change(str(state.asked_times()))
try:
    under_minimum = refine.refine(catalogue)
    query = state.query()
    if query is None:
        start(catalogue)
    else:
        answer(catalogue, query)
    state.write_link(catalogue if len(workspace.names()) > 1 else "")
    resources.warm_up(catalogue)
except SearchError as error:
    notices.error(error)
