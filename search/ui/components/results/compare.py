"""One result beside the query: both pictures, the facts, the money."""

from __future__ import annotations

import streamlit as st

from search.engine import Hit, Price
from search.errors import SearchError
from search.ui import engines, pictures, state
from search.ui.boundary import in_words
from search.ui.components.common import notices, text
from search.ui.components.query import query_card
from search.ui.components.results import heat
from search.ui.engines import View
from search.ui.pictures import Matched
from search.ui.query import ProductQuery, Query


@st.dialog("Compare", width="medium", icon=":material/compare:")
@in_words()
def compare(view: View, query: Query, hit: Hit, reference: Price | None) -> None:
    """Open a result beside the query."""
    why = _why(view, query, hit)
    own, found = _pictures(view, query, hit) if why is None else heat.coloured(why)
    for place, picture, words, name in zip(
        st.columns(2, gap="small", wrap=False),
        (own, found),
        ("The query", "The result"),
        (query_card.title(view, query), text.title(hit.product)),
        strict=True,
    ):
        with place:
            st.image(picture, width="stretch", alt=f"{words}: {name}")
            st.markdown(f"**{text.plain(name)}**")
    if why is not None:
        heat.legend(why)
    _figures(hit, reference)
    _facts(view, query, hit)
    with st.container(horizontal=True):
        if st.button("Find similar to this", icon=":material/image_search:", key="dialog_similar"):
            state.ask_product(hit.product.id)
            st.rerun()
        if hit.product.url.startswith(("https://", "http://")):
            st.link_button("Open in the shop", hit.product.url, icon=":material/open_in_new:")


def _why(view: View, query: Query, hit: Hit) -> Matched | None:
    """Offer to show where the match comes from; None where that is not wanted or cannot be had."""
    place = st.empty()
    if not st.toggle(
        "Show what matched",
        value=engines.warm_up(view),
        key="compare_why",
        help="Colours show where the similarity comes from. "
        "The shares of all parts add up to the score.",
    ):
        return None
    try:
        with place, st.spinner("Looking at what matches…"):
            return pictures.matched(view, query, hit.photo)
    except SearchError as error:  # the pictures can be compared all the same
        notices.error(error)
        return None


def _pictures(view: View, query: Query, hit: Hit) -> tuple[bytes, bytes]:
    """Give both pictures as they are."""
    if isinstance(query, ProductQuery):
        own = pictures.product_picture(view, query.product_id)
    else:
        own = pictures.preview(query.pictures[0].data, query.crop, pictures.TILE)
    return own, pictures.tile(view, hit.photo)


def _figures(hit: Hit, reference: Price | None) -> None:
    """Draw the similarity, the price and what is saved."""
    with st.container(horizontal=True):
        st.metric(
            "Similarity",
            text.score(hit.score),
            hit.band,
            delta_color="off",
            delta_arrow="off",
            width="content",
        )
        price = text.price(hit.product.price, hit.product.currency)
        st.metric("Price", text.plain(price), width="content")
        if hit.saving and reference is not None:
            more = hit.saving < 0
            st.metric(
                "Costs more" if more else "Saves",
                text.plain(text.price(abs(hit.saving), reference.currency)),
                f"{abs(text.share_saved(hit.saving, reference))}% of "
                f"{text.plain(text.price(reference.amount, reference.currency))}",
                delta_color="off" if more else "normal",
                delta_arrow="off",
                width="content",
            )


def _facts(view: View, query: Query, hit: Hit) -> None:
    """Draw what is known of both products, side by side."""
    theirs = text.facts(hit.product)
    ours: dict[str, str] = {}
    if isinstance(query, ProductQuery):
        ours = text.facts(view.product(query.product_id))
    rows = [
        {
            "": text.plain(label),
            "Query": text.plain(ours.get(label, "–")),
            "Result": text.plain(theirs.get(label, "–")),
        }
        for label in dict.fromkeys([*theirs, *ours])
    ]
    if not ours:
        rows = [{"": row[""], "Result": row["Result"]} for row in rows]
    st.table(rows, border="horizontal", hide_index=True)
