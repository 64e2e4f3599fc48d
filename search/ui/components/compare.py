"""One result beside the query: both pictures, the facts, the money."""

from __future__ import annotations

import streamlit as st

from search.engine import Hit, Price
from search.errors import SearchError
from search.ui import resources, state
from search.ui.components import notices, query_card, text
from search.ui.query import ProductQuery, Query


@st.dialog("Compare", width="medium", icon=":material/compare:")
def compare(catalogue: str, query: Query, hit: Hit, reference: Price | None) -> None:
    """Open a result beside the query."""
    asked, found = _pictures(catalogue, query, hit)
    for place, picture, words, name in zip(
        st.columns(2, gap="medium"),
        (asked, found),
        ("The query", "The result"),
        (query_card.title(catalogue, query), text.title(hit.product)),
        strict=True,
    ):
        with place:
            st.image(picture, width="stretch", alt=f"{words}: {name}")
            st.markdown(f"**{text.plain(name)}**")
    with st.container(horizontal=True):
        st.metric(
            "Similarity",
            text.score(hit.score),
            resources.bands(catalogue).of(hit.score),
            delta_color="off",
            delta_arrow="off",
            width="content",
        )
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


def _pictures(catalogue: str, query: Query, hit: Hit) -> tuple[bytes, bytes]:
    """Both pictures, as they are or with what matched left in full light."""
    places = st.empty()
    if st.toggle(
        "Show what matched",
        value=resources.warm_up(catalogue),
        key="compare_why",
        help="The lighter a part, the more of the similarity comes from it. "
        "The parts add up to the score exactly.",
    ):
        try:
            with places, st.spinner("Looking at what matches…"):
                why = resources.matched(catalogue, query, hit.photo)
        except SearchError as error:
            notices.error(error)
        else:
            return why.query, why.result
    if isinstance(query, ProductQuery):
        asked = resources.product_picture(catalogue, query.product_id)
    else:
        asked = resources.preview(query.pictures[0].data, query.crop, resources.TILE)
    return asked, resources.tile(catalogue, hit.photo)


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
