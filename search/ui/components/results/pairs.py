"""Pairs of the price audit: a product beside its cheaper look-alike, or one listed twice."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from search.catalogue import CataloguePhoto, Product
from search.insight.duplicates import Duplicate
from search.insight.price_gaps import PriceGap
from search.ui import pictures
from search.ui.components.common import text
from search.ui.engines import View


def gap_card(view: View, gap: PriceGap) -> DeltaGenerator:
    """Draw the expensive product, the cheaper look-alike, and the gap between them.

    Give the card, to draw under the pair.
    """
    card = st.container(border=True, key=f"gap_{gap.product.id}_{gap.cheaper.id}")
    with card, _pair(view, (gap.product, gap.photo), (gap.cheaper, gap.cheaper_photo)):
        less = text.plain(text.price(gap.gap, gap.currency))
        st.markdown(f"**−{gap.percent}%** · {less} less")
        st.caption(" · ".join(filter(None, [text.score(gap.score), view.bands.of(gap.score)])))
    return card


def duplicate_card(view: View, duplicate: Duplicate) -> DeltaGenerator:
    """Draw two entries that may be one product; give the card, to draw under them."""
    card = st.container(border=True, key=f"duplicate_{duplicate.first.id}_{duplicate.second.id}")
    first, second = (duplicate.first, duplicate.photo), (duplicate.second, duplicate.second_photo)
    with card, _pair(view, first, second):
        words = "The same photograph" if duplicate.same_photograph else "The same name and look"
        st.markdown(f"**{words}**" + (", two prices" if duplicate.two_prices else ""))
        st.caption(text.score(duplicate.score))
    return card


def _pair(view: View, *sides: tuple[Product, CataloguePhoto]) -> DeltaGenerator:
    """Draw two products beside each other; give the place for what is between them."""
    *places, between = st.columns([4, 4, 2], vertical_alignment="center")
    for place, (product, photo) in zip(places, sides, strict=True):
        with place, st.container(horizontal=True, wrap=False):
            _side(view, product, photo)
    return between


def _side(view: View, product: Product, photo: CataloguePhoto) -> None:
    price = text.price(product.price, product.currency)
    st.image(
        pictures.tile(view, photo, (240, 240)), width=132, alt=f"{text.title(product)}, {price}"
    )
    with st.container(gap="xxsmall"):
        st.markdown(f"**{text.plain(text.title(product))}**")
        st.markdown(text.price_of(product))
        st.caption(text.plain(" · ".join(filter(None, (product.brand, product.id)))))
        st.caption(text.plain(text.stock(product)))
