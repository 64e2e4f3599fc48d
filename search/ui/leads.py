"""Ways on from a product: opened large, beside the query, or searched for what costs less."""

from __future__ import annotations

from search.ui import state, telling
from search.ui.settings import Mode

_OPENED, _COMPARED = "opened", "compared"


def ask_similar(product_id: str) -> None:
    """Search by a product (a callback)."""
    telling.chosen("similar", product_id)
    state.ask_product(product_id)


def ask_cheaper(product_id: str) -> None:
    """Search for what looks like a product and costs less (a callback)."""
    telling.chosen("cheaper", product_id)
    state.ask_product(product_id)
    state.change(mode=Mode.CHEAPER)


def open_product(product_id: str) -> None:
    """Open a product, large and with all that is known of it (a callback)."""
    telling.chosen("click", product_id)
    state.set_value(_OPENED, product_id)


def compare_product(product_id: str) -> None:
    """Open a product beside the query (a callback)."""
    state.set_value(_COMPARED, product_id)


def take_opened() -> str | None:
    """Give the product to open now, once: the next run does not open it again."""
    opened: str | None = state.take(_OPENED)
    return opened


def take_compared() -> str | None:
    """Give the product to compare now, once."""
    compared: str | None = state.take(_COMPARED)
    return compared
