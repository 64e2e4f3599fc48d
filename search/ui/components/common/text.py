"""Words on the page: prices, savings, scores, and text that must not be read as Markdown."""

from __future__ import annotations

import re
from collections.abc import Mapping

from search import money
from search.catalogue import Product
from search.engine import Price

# An underscore inside a word emphasises nothing, and a label is read aloud as it is written.
_INLINE = re.compile(r"([\\`*\[\]<>~$&|]|:(?!\s)|(?<![^\W_])_|_(?![^\W_]))")
_BLOCK = re.compile(r"^(\d*)([#+\-.)=])")
_GAPS = re.compile(r"\s+")
# Control characters, and those that turn the reading direction of what stands beside them.
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069]")
# What the browser makes of text after reading the Markdown, so that no backslash helps: addresses
# become links, `:name:` an icon or emoji, a lone `--` a dash. A mark that nobody sees parts them.
_MARK = "\u2060"
_FINISHED = re.compile(
    r"(?i:(?<=http)(?=s?://)|(?<=www)(?=\.))|(?<=@)(?=[-\w])|(?<=:)(?=[^\s:]+:)"
    r"|(?<=(?<!\S)[<>~-])(?=[=>-]{1,2}(?!\S))"
)
_COMMAND = re.compile(r"(`(?:python -m search|pip install) [^`]*`)")


def plain(text: str) -> str:
    """Make text of data, a link or a customer safe where Streamlit reads Markdown.

    It is shown as it is, on one line: no link, picture, icon, formula or directive comes of it.
    """
    one_line = _GAPS.sub(" ", _UNSEEN.sub("", text)).strip()
    return _BLOCK.sub(r"\1\\\2", _escaped(one_line))


def sentence(text: str) -> str:
    """Make a sentence safe as `plain` does; only commands to run keep their look of code."""
    one_line = _GAPS.sub(" ", _UNSEEN.sub("", text)).strip()
    parts = _COMMAND.split(one_line)
    safe = [part if at % 2 else _escaped(part) for at, part in enumerate(parts)]
    return _BLOCK.sub(r"\1\\\2", "".join(safe))


def _escaped(text: str) -> str:
    return _INLINE.sub(r"\\\1", _FINISHED.sub(_MARK, text))


def title(product: Product) -> str:
    """Call a product by its name, else by its id."""
    return product.name or product.id


def price(amount: int | None, currency: str) -> str:
    """Word an amount in minor units as customers read it; “No price” where there is none."""
    return "No price" if amount is None else money.format_price(amount, currency)


def price_of(product: Product) -> str:
    """Word what a product costs now, as Markdown; while a sale is on, with its regular price."""
    now = plain(price(product.price, product.currency))
    if product.was is None:
        return now
    return f"{now} ~~{plain(price(product.was, product.currency))}~~"


def share_saved(saving: int, reference: Price) -> int:
    """Give a saving in per cent of a price, see `search.money.share_saved`."""
    return money.share_saved(saving, reference.amount)


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
        "Regular price": "" if product.was is None else price(product.was, product.currency),
        "Sale until": "" if product.was is None else _moment(product.sale_until),
        "Category": product.category,
        "Brand": product.brand,
        "Colour": product.colour,
        **{label.replace("_", " ").capitalize(): v for label, v in product.attributes.items()},
        "Stock": "Withdrawn" if not product.active else stock,
        "Product": product.id,
        "Variant of": product.item_group,
    }
    return {label: value for label, value in known.items() if value}


def _moment(moment: str) -> str:
    """Word a moment of the catalogue: “2026-01-31 08:00 UTC”."""
    return f"{moment[:10]} {moment[11:16]} UTC" if moment else ""
