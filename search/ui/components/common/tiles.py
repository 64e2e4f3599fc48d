"""Product tiles: one look for every page that shows products."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from search.catalogue import CataloguePhoto, Product
from search.engine import Hit, Price
from search.ui import leads, pictures, refining, state
from search.ui.components.common import text, unseen
from search.ui.engines import View

if TYPE_CHECKING:
    from streamlit.elements.lib.grid_container import GridContainer

SEARCH_PAGE = "search/ui/pages/search.py"
MOST = 48  # tiles at once: what a browser draws without waiting
TILE_WIDTH = 164  # two fit a phone of 390 pixels
_EMPTY = "&nbsp;"  # a line as high as any; the letter itself would be stripped as a gap
_NAME = 42  # letters of a name that two lines of a tile hold


def tile_grid() -> GridContainer:
    """Make a grid that reflows by its own width.

    Make each tile in `with grid.container(key=f"tile_{product.id}"):`.
    """
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
    opens: str = "",
) -> None:
    """Draw picture, name, price, saving and lines of small print, as high as any with as many.

    With `opens`, a key for the button over it, the picture opens the product (see
    `results.product.opened`).
    """
    price = text.price(product.price, product.currency)
    st.image(
        pictures.tile(view, photo),
        width="stretch",
        alt=alt or f"{text.title(product)}, {price}",
    )
    if opens:
        open_button(product, opens, call(view, product))
    # In a catalogue without any price, saying so on each tile would only be noise.
    priced = view.table.currencies
    line = text.price_of(product) if priced else _EMPTY
    if saving is not None and reference is not None and saving > 0:
        line += f" :green-badge[−{text.share_saved(saving, reference)}%]"
    # One text for all lines: a browser takes as long over each text as over all of a tile's lines.
    name = f"**{text.plain(short_name(product))}**"
    st.markdown("\n\n".join([name, line, *(note or _EMPTY for note in notes)]))


def call(view: View, product: Product) -> str:
    """Call a product so that no other has that name: with its id where another is named alike."""
    name = text.title(product)
    return f"{name}, {product.id}" if name in view.shared_names else name


def open_button(product: Product, key: str, name: str = "") -> None:
    """Draw the button that lies over a tile's picture and opens the product."""
    st.button(
        unseen.label("", f"Open {name or text.title(product)}"),
        key=f"open_{key}",
        on_click=leads.open_product,
        args=(product.id,),
    )


def short_name(product: Product) -> str:
    """Call a product so that what tells it from its neighbours stands before where a tile cuts.

    That is its colour; without one, the end of a long name stays and its middle goes.
    """
    name, colour = text.title(product), product.colour.strip()
    if colour and len(colour) <= _NAME // 2:
        ending = re.compile(rf"[\s,;:/|–—-]*[(\[]?\b{re.escape(colour)}\b[)\]]?$", re.IGNORECASE)
        rest = ending.sub("", name)
        if not rest or name.casefold().startswith(colour.casefold()):
            return name
        return f"{colour[0].upper()}{colour[1:]} · {rest}"
    if len(name) <= _NAME:
        return name
    words = name[-_NAME // 3 :]
    ending_words = words.partition(" ")[2] or words
    return f"{name[: _NAME - len(ending_words) - 2].rstrip()}… {ending_words}"


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
            opens=product.id,
        )
        tile_actions(view, product)
        _result_actions(view, product)


def tile_actions(view: View, product: Product) -> None:
    """Draw the button under a tile."""
    find_similar(product.id, name=call(view, product))


def _result_actions(view: View, product: Product) -> None:
    """Draw what can be said of a result, and the way to compare it."""
    name, settings = call(view, product), state.settings()
    liked, disliked = product.id in settings.liked, product.id in settings.disliked
    with st.container(horizontal=True, wrap=False, gap="xxsmall"):
        for key, icon, words, called, on in (
            ("like", "thumb_up", f"More like {name}", refining.like, liked),
            ("dislike", "thumb_down", f"Less like {name}", refining.dislike, disliked),
            ("compare", "compare", f"Compare {name}", leads.compare_product, False),
        ):
            st.button(
                unseen.label("", words),
                icon=f":material/{icon}:",
                key=f"{key}_{product.id}",
                type="primary" if on else "secondary",
                on_click=called,
                args=(product.id,),
                width="stretch",
            )


def more_button(shown: int, passed: int) -> None:
    """Draw the way to more tiles, where there are more."""
    if 0 < shown < passed:
        with st.container(horizontal=True, horizontal_alignment="center"):
            st.button(
                "Show more",
                icon=":material/expand_more:",
                on_click=state.show_more,
                key="show_more",
            )


def find_similar(product_id: str, *, elsewhere: bool = False, name: str = "") -> None:
    """Draw the button that searches by a product; from `elsewhere` it leads to the Search page."""
    pressed = st.button(
        unseen.label("Find similar", f"to {name or product_id}"),
        key=f"similar_{product_id}",
        on_click=leads.ask_similar,
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
        with grid.container(gap="xsmall", key=f"tile_{product.id}"):
            product_tile(
                view, product, photo, notes=[text.plain(product.category)], opens=product.id
            )
            tile_actions(view, product)
