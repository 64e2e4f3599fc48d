"""Product tiles: one look for every page that shows products."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from search.catalogue import CataloguePhoto, Product
from search.engine import Hit, Price
from search.ui import pictures, state
from search.ui.components.common import text
from search.ui.engines import View

if TYPE_CHECKING:
    from streamlit.elements.lib.grid_container import GridContainer

SEARCH_PAGE = "search/ui/pages/search.py"
MOST = 48  # tiles at once: what a browser draws without waiting
TILE_WIDTH = 164  # two fit a phone of 390 pixels


# Keeps a picture's place while it is on its way, and gives every name two lines.
_STYLE = """<style>
[class*="st-key-tile_"] img {aspect-ratio: 1; width: 100%;}
[class*="st-key-tile_"] p:has(> strong:only-child) {
  display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden;
  line-height: 1.35; height: 2.7em;
}
</style>"""


def tile_grid() -> GridContainer:
    """Make a grid that reflows by its own width.

    Make each tile in `with grid.cell(), st.container(key=f"tile_{product.id}"):`.
    """
    st.html(_STYLE)
    return st.grid("auto", min_column_width=TILE_WIDTH, gap="medium")


def product_tile(
    view: View,
    product: Product,
    photo: CataloguePhoto | None,
    *,
    alt: str = "",
    saving: int | None = None,
    reference: Price | None = None,
    notes: Sequence[str] = ("",),
) -> None:
    """Draw picture, name, price, saving and lines of small print, as high as any with as many."""
    price = text.price(product.price, product.currency)
    st.image(
        pictures.tile(view, photo),
        width="stretch",
        alt=alt or f"{text.title(product)}, {price}",
    )
    st.markdown(f"**{text.plain(text.title(product))}**")
    # In a catalogue without any price, saying so on each tile would only be noise.
    priced = view.table.currencies
    line = text.price_of(product) if priced else "\u00a0"
    if saving is not None and reference is not None and saving > 0:
        line += f" :green-badge[−{text.share_saved(saving, reference)}%]"
    st.markdown(line, wrap=False)
    for note in notes:
        st.caption(note or "\u00a0", wrap=False)


def result_tile(view: View, hit: Hit, reference: Price | None, *, variants: bool = False) -> None:
    """Draw a search result: a product tile with its score, “Find similar” and “Compare”.

    With `variants` it has a line for them, empty where there is only one.
    """
    product = hit.product
    words = f"Result {hit.rank}: {text.title(product)}"
    words += f", {text.price(product.price, product.currency)}, similarity {text.score(hit.score)}"
    notes = [" · ".join(filter(None, [text.score(hit.score), hit.band]))]
    if variants:
        listed = hit.variants.words if hit.variants else ""
        words += f", {listed}" if listed else ""
        notes.insert(0, text.plain(listed))
    if reference is not None:
        notes.append("")
    if hit.saving is not None and reference is not None:
        words += f", {text.saved(hit.saving, reference).lower()}"
        notes[-1] = text.plain(text.saved(hit.saving, reference))
    with st.container(gap="xsmall", key=f"tile_{product.id}"):
        product_tile(
            view,
            product,
            hit.photo,
            alt=words,
            saving=hit.saving,
            reference=reference,
            notes=notes,
        )
        tile_actions(product.id, compare=True)


def tile_actions(product_id: str, *, compare: bool = False) -> None:
    """Draw the buttons under a tile."""
    with st.container(horizontal=True, wrap=False, gap="xxsmall"):
        find_similar(product_id)
        if compare:
            st.button(
                "",
                icon=":material/compare:",
                help="Compare with the query",
                key=f"compare_{product_id}",
                on_click=state.open_product,
                args=(product_id,),
            )


def find_similar(product_id: str, *, elsewhere: bool = False) -> None:
    """Draw the button that searches by a product; from `elsewhere` it leads to the Search page."""
    pressed = st.button(
        "Find similar",
        key=f"similar_{product_id}",
        on_click=state.ask_product,
        args=(product_id,),
        width="stretch",
        wrap=False,
    )
    if pressed and elsewhere:
        st.switch_page(SEARCH_PAGE)


def showcase_grid(view: View, products: Iterable[tuple[Product, CataloguePhoto]]) -> None:
    """Draw products to start from."""
    grid = tile_grid()
    for product, photo in products:
        with grid.cell(), st.container(gap="xsmall", key=f"tile_{product.id}"):
            product_tile(view, product, photo, notes=[text.plain(product.category)])
            tile_actions(product.id)
