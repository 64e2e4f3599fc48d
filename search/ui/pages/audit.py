"""Price audit: products with a much cheaper near twin, and products listed twice."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from search.catalogue import CataloguePhoto, Product
from search.insight.duplicates import Duplicate
from search.insight.price_gaps import NEAREST, PriceGap, gaps_table
from search.ui import resources, state
from search.ui.components import notices, text
from search.ui.components.header import header

PAGE = 20
ORDERS = {
    "Gap in money": lambda gap: (gap.currency, -gap.gap),
    "Gap in per cent": lambda gap: (-gap.share, -gap.gap),
    "Similarity": lambda gap: (-gap.score, -gap.gap),
}

# Keeps a picture's place while it is on its way, so that nothing jumps.
STYLE = """<style>
[class*="st-key-gap_"] img, [class*="st-key-duplicate_"] img {aspect-ratio: 1;}
</style>"""

name = state.current_catalogue()


def side(product: Product, photo: CataloguePhoto) -> None:
    """One product of a pair."""
    st.image(
        resources.tile(name, photo, (240, 240)),
        width=132,
        alt=f"{text.title(product)}, {text.price(product.price, product.currency)}",
    )
    with st.container(gap="xxsmall"):
        st.markdown(f"**{text.plain(text.title(product))}**")
        st.markdown(text.plain(text.price(product.price, product.currency)))
        st.caption(text.plain(" · ".join(filter(None, (product.brand, product.id)))))
        st.caption(text.plain(text.stock(product)))


def pair(*sides: tuple[Product, CataloguePhoto]) -> DeltaGenerator:
    """Two products beside each other; gives the place for what is between them."""
    *places, between = st.columns([4, 4, 2], vertical_alignment="center")
    for place, (product, photo) in zip(places, sides, strict=True):
        with place, st.container(horizontal=True, wrap=False):
            side(product, photo)
    return between


def gap_card(gap: PriceGap, band: str) -> None:
    """The expensive product, the cheaper twin, and the gap between them."""
    with (
        st.container(border=True, key=f"gap_{gap.product.id}_{gap.cheaper.id}"),
        pair((gap.product, gap.photo), (gap.cheaper, gap.cheaper_photo)),
    ):
        less = text.plain(text.price(gap.gap, gap.currency))
        st.markdown(f"**−{gap.share:.0%}** · {less} less")
        st.caption(f"{text.score(gap.score)} · {band}")


def duplicate_card(duplicate: Duplicate) -> None:
    """Two entries that may be one product."""
    with (
        st.container(border=True, key=f"duplicate_{duplicate.first.id}_{duplicate.second.id}"),
        pair((duplicate.first, duplicate.photo), (duplicate.second, duplicate.second_photo)),
    ):
        words = "The same photograph" if duplicate.same_photograph else "The same name and look"
        st.markdown(f"**{words}**" + (", two prices" if duplicate.two_prices else ""))
        st.caption(text.score(duplicate.score))


def shown(count: int, key: str) -> slice:
    """Which entries the page of a long list shows."""
    pages = -(-count // PAGE)
    number = min(st.pagination(pages, key=key), pages) if pages > 1 else 1
    return slice((number - 1) * PAGE, number * PAGE)


header(
    "Price audit",
    "Products with a near twin at a much lower price: what a customer would find after buying.",
)
st.html(STYLE)
bands = resources.bands(name)
with st.container(horizontal=True, vertical_alignment="bottom"):
    min_score = st.slider(
        "Least similarity",
        0.0,
        1.0,
        min(max(round(bands.same_type, 2), 0.0), 1.0),
        0.01,
        key="audit_score",
        width=220,
        help=f"Pairs are of one type from {bands.same_type:.2f} on in this catalogue, of one style "
        f"from {bands.same_style:.2f} on.",
    )
    min_gap = st.slider("Least gap", 5, 90, 30, 5, format="%d%%", key="audit_gap", width=220)
    order = st.selectbox("Sort by", tuple(ORDERS), key="audit_order", width=180)
    in_stock = st.toggle("Twin in stock", value=True, key="audit_stock")
    closest = st.toggle(
        "Closest only",
        value=True,
        key="audit_closest",
        help=f"Each of the two is among the other's {NEAREST} nearest.",
    )
with st.spinner("Comparing the catalogue with itself…", show_time=True):
    gaps = resources.gaps(
        name, min_score, min_gap / 100, in_stock=in_stock, nearest=NEAREST if closest else 0
    )
    duplicates = resources.listed_twice(name, bands.same_style)
categories = sorted({gap.product.category for gap in gaps if gap.product.category})
chosen = st.pills("Category", categories, selection_mode="multi", key="audit_categories")
gaps = [gap for gap in gaps if not chosen or gap.product.category in chosen]
gaps.sort(key=ORDERS[order])

pairs, twice = st.tabs([f"Cheaper twins ({len(gaps):,})", f"Listed twice ({len(duplicates):,})"])
with pairs:
    if not gaps:
        notices.empty(
            "verified", "No product has a much cheaper near twin", "At these limits all is well."
        )
    else:
        dear = len({gap.product.id for gap in gaps})
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(f"{text.count(dear, 'product')} with a cheaper twin.")
            st.space("stretch")
            st.download_button(
                "Download CSV",
                gaps_table(gaps),
                "price-audit.csv",
                "text/csv",
                icon=":material/download:",
                on_click="ignore",
            )
        place = st.container()
        part = shown(len(gaps), "audit_page")
        with place:
            for gap in gaps[part]:
                gap_card(gap, bands.of(gap.score))
with twice:
    if not duplicates:
        notices.empty("verified", "Nothing is listed twice", "Every photograph has one product.")
    place = st.container()
    part = shown(len(duplicates), "duplicates_page")
    with place:
        for duplicate in sorted(duplicates, key=lambda d: not d.two_prices)[part]:
            duplicate_card(duplicate)
