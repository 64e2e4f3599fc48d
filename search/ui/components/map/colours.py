"""Colours of the products on the map: one for each category, or a scale of prices."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence

from search.catalogue import Product

COLOURS = (
    "#0f766e", "#c2410c", "#1d4ed8", "#a16207", "#9333ea", "#be123c", "#4d7c0f", "#0369a1",
    "#86198f", "#57534e",
)  # fmt: skip
LOWEST, HIGHEST, UNPRICED = (45, 140, 130), (190, 60, 30), "#9ca3af"

Legend = list[tuple[str, str]]


def by_category(products: Sequence[Product]) -> tuple[list[str], Legend]:
    """Give each product the colour of its category; and what the colours mean."""
    categories = sorted({product.category for product in products})
    colour = {name: COLOURS[n % len(COLOURS)] for n, name in enumerate(categories)}
    legend = [(name or "no category", colour[name]) for name in categories]
    return [colour[product.category] for product in products], legend


def by_price(products: Sequence[Product]) -> tuple[list[str], Legend]:
    """Give each product a colour from low (green) to high (red) price, on a logarithmic scale."""
    prices = [math.log(product.price) for product in products if product.price]
    low, high = min(prices, default=0.0), max(prices, default=1.0)

    def colour(product: Product) -> str:
        if not product.price:
            return UNPRICED
        return _mixed((math.log(product.price) - low) / max(high - low, 1e-9))

    legend = [("low price", _mixed(0)), ("high price", _mixed(1)), ("no price", UNPRICED)]
    return [colour(product) for product in products], legend


def legend_html(legend: Legend) -> str:
    """Write a legend as a row of coloured squares with their names."""
    entries = (
        f'<span><span style="display:inline-block;width:.75em;height:.75em;border-radius:3px;'
        f'margin-right:.4em;background:{colour}"></span>{html.escape(name)}</span>'
        for name, colour in legend
    )
    style = "display:flex;flex-wrap:wrap;gap:.3rem 1rem;font-size:.9rem"
    return f'<div style="{style}">{"".join(entries)}</div>'


def _mixed(share: float) -> str:
    red, green, blue = (
        round(low + share * (high - low)) for low, high in zip(LOWEST, HIGHEST, strict=True)
    )
    return f"rgb({red}, {green}, {blue})"
