"""A pair of products beside each other, large, with what can be done about their prices."""

from __future__ import annotations

import streamlit as st

from search import money
from search.catalogue import CataloguePhoto, Product, editing
from search.ui import pictures, state
from search.ui.announcements import announce
from search.ui.boundary import in_words
from search.ui.components.common import text, tiles, unseen
from search.ui.components.common.actor import actor
from search.ui.engines import View
from search.ui.query import ProductQuery
from search.ui.settings import Mode

Side = tuple[Product, CataloguePhoto]


def pair_actions(view: View, first: Side, second: Side, *, place: str = "") -> None:
    """Draw the buttons under a pair: to the pair itself, and to its look-alikes on Search.

    A pair that a page shows twice is told apart by its `place`.
    """
    name = f"{first[0].id}_{second[0].id}{place}"
    both = f"{first[0].id} and {second[0].id}"
    with st.container(horizontal=True, gap="small"):
        label = unseen.label("Reprice or withdraw", both)
        if st.button(label, icon=":material/sell:", key=f"pair_{name}"):
            open_pair(view, first, second)
        pressed = st.button(
            unseen.label("All its look-alikes", f"of {first[0].id}, beside {second[0].id}"),
            icon=":material/image_search:",
            key=f"alike_{name}",
            on_click=_search_cheaper,
            args=(first[0].id,),
        )
        if pressed:
            st.switch_page(tiles.SEARCH_PAGE)


@st.dialog("Reprice or withdraw", width="medium")
@in_words()
def open_pair(view: View, first: Side, second: Side) -> None:
    """Show both products of a pair, each with a price to type and a withdrawal."""
    for place, side in zip(st.columns(2, gap="medium", wrap=False), (first, second), strict=True):
        with place:
            _side(view, *side)
    st.caption("Each is one revision: the Revisions page undoes it.")


def _side(view: View, product: Product, photo: CataloguePhoto) -> None:
    st.image(pictures.tile(view, photo), width="stretch", alt=text.title(product))
    st.markdown(f"**{text.plain(text.title(product))}**")
    st.markdown(text.plain(text.price(product.price, product.currency)))
    known = (product.brand, product.colour, product.category, product.attributes.get("material"))
    for line in (known, (product.id, text.stock(product))):
        st.caption(text.plain(" · ".join(filter(None, line))))
    typed = st.text_input(
        f"New price of {text.plain(product.id)}, {text.plain(product.currency)}",
        money.decimal_text(product.price, product.currency),
        key=f"reprice_{product.id}_{view.revision}",
    )
    with st.container(horizontal=True):
        if st.button(
            unseen.label("Reprice", product.id), type="primary", key=f"set_price_{product.id}"
        ):
            editing.save(view.catalogue, {product.id: {"price": typed}}, actor())
            _done(f"{product.id} has a new price.")
        withdraw = unseen.label("Withdraw", product.id)
        if product.active and st.button(withdraw, key=f"pair_withdraw_{product.id}"):
            editing.set_status(view.catalogue, [product.id], "withdrawn", actor())
            _done(f"{product.id} is withdrawn.")


def _done(sentence: str) -> None:
    announce(sentence)
    st.rerun()


def _search_cheaper(product_id: str) -> None:
    """Search for the cheaper look-alikes of a product (a callback)."""
    state.ask(ProductQuery(product_id))
    state.change(mode=Mode.CHEAPER)
