"""The whole catalogue on one map: similar products lie close together, a click searches."""

from __future__ import annotations

import html
import math

import streamlit as st

from search.ui import resources, state
from search.ui.components import notices, text, tiles
from search.ui.components.header import header
from search.ui.components.product_map import Point, product_map

COLOURS = (
    "#0f766e", "#c2410c", "#1d4ed8", "#a16207", "#9333ea", "#be123c", "#4d7c0f", "#0369a1",
    "#86198f", "#57534e",
)  # fmt: skip
CHEAP, DEAR, UNPRICED = (45, 140, 130), (190, 60, 30), "#9ca3af"

name = state.current_catalogue()


def price_colour(share: float) -> str:
    """From cheap (green) to dear (red)."""
    red, green, blue = (
        round(low + share * (high - low)) for low, high in zip(CHEAP, DEAR, strict=True)
    )
    return f"rgb({red}, {green}, {blue})"


header("Map", "Similar products lie close together. Zoom in, and press a product to search by it.")


@st.fragment(run_every=1.0)
def wait() -> None:
    """Look again until the map is drawn."""
    st.skeleton(height=480)
    st.caption("The map is being drawn in the background; you can go on meanwhile.")
    if resources.drawn_map(name) is not None:
        st.rerun()


def show(drawn: resources.DrawnMap) -> None:
    """The map itself, with what its colours mean."""
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
    loaded = resources.loaded(name)
    products = [loaded.product(product_id) for product_id in drawn.places.products]
    categories = sorted({p.category for p in products})
    colour = dict(zip(categories, COLOURS * (1 + len(categories) // len(COLOURS)), strict=False))
    prices = [math.log(p.price) for p in products if p.price]
    low, high = min(prices, default=0.0), max(prices, default=1.0)

    def colour_of(number: int) -> str:
        product = products[number]
        if by == "Category":
            return colour[product.category]
        if not product.price:
            return UNPRICED
        return price_colour((math.log(product.price) - low) / max(high - low, 1e-9))

    points = [
        Point(
            p.id,
            f"{text.title(p)}\n{text.price(p.price, p.currency)}",
            float(x),
            float(y),
            colour_of(n),
        )
        for n, (p, (x, y)) in enumerate(zip(products, drawn.places.places, strict=True))
    ]
    if by == "Category":
        legend = [(c or "no category", colour[c]) for c in categories]
    else:
        legend = [("cheap", price_colour(0)), ("dear", price_colour(1)), ("no price", UNPRICED)]
    legend_place.html(
        '<div style="display:flex;flex-wrap:wrap;gap:.3rem 1rem;font-size:.9rem">'
        + "".join(
            f'<span><span style="display:inline-block;width:.75em;height:.75em;border-radius:3px;'
            f'margin-right:.4em;background:{hue}"></span>{html.escape(label)}</span>'
            for label, hue in legend
        )
        + "</div>"
    )
    if chosen := product_map(points, drawn.sheet, key="map"):
        state.ask_product(chosen)
        st.switch_page(tiles.SEARCH_PAGE)


if not len(resources.loaded(name).index):
    notices.empty("map", "Nothing to draw yet", "Add products with photographs first.")
elif (drawn := resources.drawn_map(name)) is None:
    wait()
else:
    show(drawn)
