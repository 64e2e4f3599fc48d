"""Before the first search: photographs to choose from, striking finds, and the catalogue."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from search import workspace
from search.ui import insights, pictures, roles, state
from search.ui.address import Link, has_link, photograph, report_unknown
from search.ui.components.common import notices, tiles
from search.ui.components.query import query_card, sources
from search.ui.components.results import finds, product, refine
from search.ui.engines import View
from search.ui.query import ProductQuery

SHOWCASE = 18
FINDS = 4
GONE = (
    "The photograph of this link is not held here: only the browser that brought it finds it "
    "again, and only while the server keeps its page. Bring it again."
)


def follow(link: Link) -> None:
    """Take over what the address asks for."""
    if link.catalogue in workspace.names() and link.catalogue != state.current_catalogue():
        state.look_at(link.catalogue)
    report_unknown(link.catalogue)
    samples = pictures.samples(state.current_catalogue())
    wanted = next((sample for sample in samples if sample.file == link.sample), None)
    if link.product:
        state.ask(ProductQuery(link.product))
    elif wanted is not None:
        sources.ask_sample(wanted)
    elif link.photo:
        _find_again(link.photo)
    elif has_link():
        state.ask(None)
    # Last, for another query forgets the price to beat. What is withdrawn is no shopper's to see.
    state.put(link.settings if not roles.is_shop() else replace(link.settings, active=True))


def _find_again(name: str) -> None:
    """Search by a photograph that this browser has brought, or say that it is gone."""
    found = photograph(name)
    if found is None:
        state.report_problem(GONE)
        state.ask(None)
    elif found is not state.query():
        state.ask(found)


def start(view: View) -> None:
    """Draw everything there is to start from."""
    query_card.mode_switch()
    sources.sources(view)
    sources.refusals()
    sources.recent()
    found = insights.finds(view, FINDS)
    if found:
        finds.finds(view, found)
    products = insights.showcase(view, state.settings().filters(), SHOWCASE)
    st.markdown("## Or start from the catalogue", anchors=False)
    if products:
        tiles.showcase_grid(view, products)
    elif view.products:
        refine.nothing_passes()
    else:
        notices.empty(
            "inventory_2",
            "This catalogue is empty",
            "Add photographs on the Add page, or run `python -m search build FOLDER`.",
        )
    product.opened(view)
