"""What customers regret not having seen: products beside their much cheaper look-alikes."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from search.catalogue import CataloguePhoto, Product
from search.insight.price_gaps import PriceGap
from search.ui import leads, pictures
from search.ui.components.common import text, unseen
from search.ui.engines import View


def finds(view: View, gaps: Sequence[PriceGap]) -> None:
    """Draw pairs that look the same at very different prices; each leads to its look-alikes."""
    st.markdown("## Same look, lower price", anchors=False)
    st.caption("Pairs in this catalogue that a customer would want to know about before buying.")
    grid = st.grid(2, min_column_width=300, gap="small")
    for gap in gaps:
        with grid.container(border=True, gap="small", key=f"find_{gap.product.id}"):
            _pair(view, gap)


def _pair(view: View, gap: PriceGap) -> None:
    product, cheaper = st.columns(2, gap="small", wrap=False)
    with product:
        _side(view, gap.product, gap.photo)
    with cheaper:
        _side(view, gap.cheaper, gap.cheaper_photo)
    with st.container(horizontal=True, wrap=False, vertical_alignment="center"):
        st.badge(f"−{gap.percent}%", color="green")
        st.caption(f"{text.score(gap.score)} similar", width="content", wrap=False)
        st.space("stretch")
        st.button(
            unseen.label("See all", f"look-alikes of {text.title(gap.product)} for less"),
            key=f"find_all_{gap.product.id}",
            type="tertiary",
            icon=":material/arrow_forward:",
            icon_position="right",
            on_click=leads.ask_cheaper,
            args=(gap.product.id,),
        )


def _side(view: View, product: Product, photo: CataloguePhoto) -> None:
    name, price = text.title(product), text.price(product.price, product.currency)
    st.image(pictures.tile(view, photo), width="stretch", alt=f"{name}, {price}")
    with st.container(gap="xxsmall"):
        st.caption(text.plain(name), wrap=False)
        st.markdown(f"**{text.plain(price)}**")
