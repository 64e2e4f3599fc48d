"""One result beside the query: both pictures, the facts, the money."""

from __future__ import annotations

import streamlit as st

from search.engine import Hit, Price
from search.ui import resources, state
from search.ui.components import query_card, text
from search.ui.state import ProductQuery, Query


@st.dialog("Compare", width="medium", icon=":material/compare:")
def compare(catalogue: str, query: Query, hit: Hit, reference: Price | None) -> None:
    """Open a result beside the query."""
    left, right = st.columns(2, gap="large")
    with left:
        _query_side(catalogue, query)
    with right:
        name = text.title(hit.product)
        st.image(resources.tile(catalogue, hit.photo), width="stretch", alt=f"The result: {name}")
        st.markdown(f"**{text.plain(name)}**")
    with st.container(horizontal=True):
        st.metric("Similarity", text.score(hit.score), width="content")
        price = text.price(hit.product.price, hit.product.currency)
        st.metric("Price", price, width="content")
        if hit.saving is not None and reference is not None:
            more = hit.saving < 0
            st.metric(
                "Costs more" if more else "Saves",
                text.price(abs(hit.saving), reference.currency),
                f"{abs(text.share_saved(hit.saving, reference))}% of "
                f"{text.price(reference.amount, reference.currency)}",
                delta_color="off" if more else "normal",
                delta_arrow="off",
                width="content",
            )
    _facts(catalogue, query, hit)
    with st.container(horizontal=True):
        if st.button("Find similar to this", icon=":material/image_search:", key="dialog_similar"):
            state.ask_product(hit.product.id)
            st.rerun()
        if hit.product.url.startswith(("https://", "http://")):
            st.link_button("Open in the shop", hit.product.url, icon=":material/open_in_new:")


def _query_side(catalogue: str, query: Query) -> None:
    name = query_card.title(catalogue, query)
    if isinstance(query, ProductQuery):
        picture = resources.product_picture(catalogue, query.product_id)
    else:
        picture = resources.preview(query.pictures[0].data, query.crop, resources.TILE)
    st.image(picture, width="stretch", alt=f"The query: {name}")
    st.markdown(f"**{text.plain(name)}**")


def _facts(catalogue: str, query: Query, hit: Hit) -> None:
    theirs = text.facts(hit.product)
    ours: dict[str, str] = {}
    if isinstance(query, ProductQuery):
        ours = text.facts(resources.loaded(catalogue).product(query.product_id))
    rows = [
        {"": label, "Query": ours.get(label, "–"), "Result": theirs.get(label, "–")}
        for label in dict.fromkeys([*theirs, *ours])
    ]
    if not ours:
        rows = [{"": row[""], "Result": row["Result"]} for row in rows]
    st.table(rows, border="horizontal", hide_index=True)
