"""One product, large: all its views, what is known of it, what it cost, and where to go from it."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from search.catalogue import CataloguePhoto, Product
from search.engine import Hit
from search.insight.price_history import price_history
from search.ui import address, leads, pictures, state
from search.ui.boundary import in_words
from search.ui.components.common import strip, text, tiles
from search.ui.engines import View

SEARCH = "Search"  # the page that answers


def opened(view: View, hits: tuple[Hit, ...] = ()) -> None:
    """Open the product whose picture was pressed; `hits` are those it can be compared with."""
    product_id = leads.take_opened()
    if product_id is not None and view.has(product_id):
        hit = next((hit for hit in hits if hit.product.id == product_id), None)
        product = view.product(product_id)
        dialog = st.dialog(text.plain(text.title(product)), width="large", icon=":material/sell:")
        dialog(in_words()(_draw))(view, product, hit)


def _draw(view: View, product: Product, hit: Hit | None) -> None:
    picture, about = st.columns(2, gap="large")
    with picture:
        _views(view, product, hit)
    with about:
        price = text.plain(text.price(product.price, product.currency))
        st.markdown(f"### {price}", anchors=False)
        if hit is not None:
            words = " · ".join(filter(None, [text.score(hit.score), hit.band]))
            st.caption(f"Similarity to the query: {words}")
        _actions(product, hit)
        facts = text.facts(product)
        st.table(
            [{"": text.plain(k), "What": text.plain(v)} for k, v in facts.items() if k != "Price"],
            border="horizontal",
            hide_index=True,
            hide_header=True,
        )
    _prices(view, product)


def _views(view: View, product: Product, hit: Hit | None) -> None:
    """Draw the chosen view large, and all of them to choose from."""
    views = view.photos(product.id)
    first = hit.photo if hit is not None else view.main_photo(product.id)
    chosen = state.value("product_view")
    shown = next((photo for photo in views if photo.id == chosen), first)
    number = next((n for n, photo in enumerate(views, start=1) if photo == shown), 1)
    name = text.title(product)
    st.image(
        pictures.large(view, shown),
        width="stretch",
        alt=f"{name}, view {number} of {len(views)}" if len(views) > 1 else name,
    )
    if len(views) > 1:
        strip.strip(
            "product_views",
            [_choice(view, photo, name, at) for at, photo in enumerate(views, start=1)],
        )


def _choice(view: View, photo: CataloguePhoto, name: str, number: int) -> strip.Choice:
    return strip.Choice(
        key=str(photo.id),
        picture=pictures.tile(view, photo, pictures.STRIP),
        alt=f"View {number} of {name}",
        on_click=state.set_value,
        args=("product_view", photo.id),
    )


def _actions(product: Product, hit: Hit | None) -> None:
    """Draw the ways on; each closes the dialog."""
    ways: list[tuple[str, str, str, Callable[[str], None]]] = [
        ("similar", "Find similar", "image_search", leads.ask_similar)
    ]
    if product.price is not None:
        ways.append(("cheaper", "Cheaper look-alikes", "savings", leads.ask_cheaper))
    if hit is not None:
        ways.append(("why", "Why it matches", "compare", leads.compare_product))
    with st.container(horizontal=True, gap="small"):
        pressed = [
            st.button(
                label,
                icon=f":material/{icon}:",
                key=f"product_{key}",
                on_click=lead,
                args=(product.id,),
            )
            for key, label, icon, lead in ways
        ]
        if product.url.startswith(("https://", "http://")):
            st.link_button("Open in the shop", product.url, icon=":material/open_in_new:")
    if any(pressed):
        if address.page() != SEARCH:
            st.switch_page(tiles.SEARCH_PAGE)
        st.rerun()


def _prices(view: View, product: Product) -> None:
    """Draw what the product cost since when."""
    past = price_history(view.catalogue, product.id)
    if not past:
        return
    st.markdown("### Price history", anchors=False)
    st.table(
        pd.DataFrame(
            [
                {
                    "Since": each.at[:10] or "Before",
                    "Price": text.plain(text.price(each.amount, each.currency)),
                    "By": text.plain(each.actor) or "–",
                    "Revision": f"{each.number}" if each.number else "–",
                }
                for each in reversed(past)
            ]
        ),
        border="horizontal",
        hide_index=True,
    )
