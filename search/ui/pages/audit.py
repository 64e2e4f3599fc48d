"""Price audit: expensive products with a much cheaper look-alike, and products listed twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from search.catalogue import Product
from search.insight.duplicates import Duplicate
from search.insight.price_gaps import NEAREST, PriceGap, gaps_table
from search.plural import counted
from search.ui import engines, insights, state
from search.ui.components.catalogue.pair import pair_actions
from search.ui.components.common import notices, text
from search.ui.components.common.header import header
from search.ui.components.common.paging import paged
from search.ui.components.results import pairs

PAGE = 20
ORDERS: dict[str, Callable[[PriceGap], Any]] = {
    "Gap in money": lambda gap: (gap.currency, -gap.gap),
    "Gap in per cent": lambda gap: (-gap.share, -gap.gap),
    "Similarity": lambda gap: (-gap.score, -gap.gap),
}


def of_chosen(*pair: Product) -> bool:
    """Tell whether a pair has a product of the categories chosen; of none means of any."""
    return not chosen or any(product.category in chosen for product in pair)


def list_gaps(gaps: Sequence[PriceGap]) -> None:
    """Draw the pairs with a gap in price, and the button for all of them as a file."""
    if not gaps:
        notices.empty(
            "verified", "No product has a much cheaper near twin", "None within these limits."
        )
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"{counted(len(gaps), 'pair')} of a product and a cheaper twin.")
        st.space("stretch")
        st.download_button(
            "Download CSV",
            gaps_table(gaps, view.bands),
            "price-audit.csv",
            "text/csv",
            icon=":material/download:",
            on_click="ignore",
        )
    with paged(gaps, PAGE, key="audit_page") as part:
        for gap in part:
            with pairs.gap_card(view, gap):
                pair_actions(view, (gap.product, gap.photo), (gap.cheaper, gap.cheaper_photo))


def list_duplicates(duplicates: Sequence[Duplicate]) -> None:
    """Draw what is listed twice, those with two prices first."""
    if not duplicates:
        notices.empty(
            "verified", "Nothing is listed twice", "Every photograph belongs to one product."
        )
        return
    st.caption(f"{counted(len(duplicates), 'pair')} that may be one product.")
    ordered = sorted(duplicates, key=lambda duplicate: not duplicate.two_prices)
    with paged(ordered, PAGE, key="duplicates_page") as part:
        for duplicate in part:
            with pairs.duplicate_card(view, duplicate):
                first = duplicate.first, duplicate.photo
                second = duplicate.second, duplicate.second_photo
                pair_actions(view, first, second, place="_twice")


header(
    "Price audit",
    "Products with a near twin at a much lower price: what a customer would find after buying.",
)
view = engines.view(state.current_catalogue())
same_type, same_style = view.bands.same_type, view.bands.same_style
with st.container(horizontal=True, vertical_alignment="bottom"):
    min_score = st.slider(
        "Minimum similarity",
        0.0,
        1.0,
        min(max(round(same_type, 2), 0.0), 1.0),
        0.01,
        key="audit_score",
        width=220,
        help=f"In this catalogue, pairs from {same_type:.2f} up are of the same type, "
        f"from {same_style:.2f} up of the same style.",
    )
    min_gap = st.slider("Minimum gap", 5, 90, 30, 5, format="%d%%", key="audit_gap", width=220)
    order = st.selectbox("Sort by", tuple(ORDERS), key="audit_order", width=180)
    in_stock = st.toggle("Twin in stock", value=True, key="audit_stock")
    closest = st.toggle(
        "Closest only",
        value=True,
        key="audit_closest",
        help=f"Each of the two is among the other's {NEAREST} nearest.",
    )
with st.spinner("Comparing the catalogue with itself…", show_time=True):
    gaps = insights.gaps(
        view, min_score, min_gap / 100, in_stock=in_stock, nearest=NEAREST if closest else 0
    )
    duplicates = insights.listed_twice(view, same_style)
both = [(gap.product, gap.cheaper) for gap in gaps] + [(d.first, d.second) for d in duplicates]
categories = sorted({product.category for pair in both for product in pair if product.category})
chosen = st.pills(
    "Category",
    categories,
    selection_mode="multi",
    format_func=text.plain,
    key="audit_categories",
    help="Pairs of which one product or both are of these categories, on both tabs.",
)
gaps = [gap for gap in gaps if of_chosen(gap.product, gap.cheaper)]
duplicates = [found for found in duplicates if of_chosen(found.first, found.second)]
twins, twice = st.tabs([f"Cheaper twins ({len(gaps):,})", f"Listed twice ({len(duplicates):,})"])
with twins:
    list_gaps(sorted(gaps, key=ORDERS[order]))
with twice:
    list_duplicates(duplicates)
