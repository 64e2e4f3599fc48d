"""The whole catalogue on one map: similar products lie close together, a click searches."""

from __future__ import annotations

import streamlit as st

from search.ui import boundary, engines, insights, state
from search.ui.components.common import notices, text, tiles
from search.ui.components.common.header import header
from search.ui.components.map import colours
from search.ui.components.map.product_map import Point, product_map


@st.fragment(run_every=1.0)
@boundary.in_words()
def wait() -> None:
    """Look again until the map is drawn."""
    st.skeleton(height=480)
    st.caption("The map is being drawn in the background; you can go on meanwhile.")
    if insights.drawn_map(view) is not None:
        st.rerun()


def show(drawn: insights.DrawnMap) -> None:
    """Draw the map with what its colours mean."""
    with st.container(horizontal=True, vertical_alignment="center"):
        by = st.segmented_control(
            "Colour",
            ("Category", "Price"),
            default="Category",
            required=True,
            key="map_colour",
            label_visibility="collapsed",
        )
        legend_place = st.container(width="content")
    products = [view.product(product_id) for product_id in drawn.places.products]
    colour = colours.by_category if by == "Category" else colours.by_price
    shades, legend = colour(products)
    legend_place.html(colours.legend_html(legend))
    places = drawn.places.places.tolist()
    points = [
        Point(p.id, f"{text.title(p)}\n{text.price(p.price, p.currency)}", x, y, shade)
        for p, (x, y), shade in zip(products, places, shades, strict=True)
    ]
    if chosen := product_map(points, drawn.sheet, key="map"):
        state.ask_product(chosen)
        st.switch_page(tiles.SEARCH_PAGE)


header("Map", "Similar products lie close together. Zoom in, and press a product to search by it.")
view = engines.view(state.current_catalogue())
if not len(view.loaded.index):
    notices.empty("map", "Nothing to draw yet", "Add products with photographs first.")
elif (drawn := insights.drawn_map(view)) is None:
    wait()
else:
    show(drawn)
