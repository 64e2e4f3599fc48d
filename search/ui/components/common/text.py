"""Words on the page: prices, savings, scores, and text that must not be read as Markdown."""

from __future__ import annotations

import re
from collections.abc import Mapping

from search import money
from search.catalogue import Product
from search.engine import Price

_INLINE = re.compile(r"([\\`*_\[\]<>~$:&|])")
_BLOCK = re.compile(r"^(\d*)([#+\-.)=])")
_GAPS = re.compile(r"\s+")


def plain(text: str) -> str:
    """Make text of the catalogue or a customer safe inside Markdown."""
    one_line = _GAPS.sub(" ", text).strip()
    return _BLOCK.sub(r"\1\\\2", _INLINE.sub(r"\\\1", one_line))


def title(product: Product) -> str:
    """Call a product by its name, else by its id."""
    return product.name or product.id


def price(amount: int | None, currency: str) -> str:
    """Word an amount in minor units as customers read it; “No price” where there is none."""
    return "No price" if amount is None else money.format_price(amount, currency)


def share_saved(saving: int, reference: Price) -> int:
    """Give a saving in per cent of a price, rounded down: never promise too much."""
    return int(100 * saving / reference.amount) if reference.amount else 0


def saved(saving: int, reference: Price) -> str:
    """Word a saving as money: “Saves €41.00”, “€5.00 more”, “Same price”."""
    if saving > 0:
        return f"Saves {price(saving, reference.currency)}"
    return f"{price(-saving, reference.currency)} more" if saving else "Same price"


def score(value: float) -> str:
    """Word a cosine similarity to three decimals; rounding never shows more than 1."""
    return f"{round(min(1.0, max(-1.0, value)), 3) + 0.0:.3f}"  # adding 0 turns −0 into 0


def hidden(reasons: Mapping[str, int]) -> str:
    """Word what is hidden: “7 hidden: 5 out of stock, 2 withdrawn”; empty when nothing is."""
    if not reasons:
        return ""
    listed = ", ".join(f"{number:,} {reason}" for reason, number in reasons.items())
    return f"{sum(reasons.values()):,} hidden: {listed}"


def stock(product: Product) -> str:
    """Word the stock: “12 in stock”, “Out of stock”, “Withdrawn”, “Stock unknown”."""
    if not product.active:
        return "Withdrawn"
    if product.stock is None:
        return "Stock unknown"
    return f"{product.stock:,} in stock" if product.in_stock else "Out of stock"


def facts(product: Product) -> dict[str, str]:
    """List what is known of a product, label by label, in the order to show it."""
    stock = "Unknown" if product.stock is None else f"{product.stock:,}"
    known = {
        "Price": price(product.price, product.currency),
        "Category": product.category,
        "Brand": product.brand,
        "Colour": product.colour,
        **{label.replace("_", " ").capitalize(): v for label, v in product.attributes.items()},
        "Stock": "Withdrawn" if not product.active else stock,
        "Product": product.id,
    }
    return {label: value for label, value in known.items() if value}
