"""Browse and edit the catalogue: tiles to look at, a table to edit, photographs, withdrawals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from search.catalogue import Product
from search.insight import listing
from search.insight.listing import Sort, State
from search.insight.rows import row_photos
from search.plural import counted
from search.ui import engines, state
from search.ui.components.catalogue import photographs
from search.ui.components.catalogue.table import table
from search.ui.components.common import notices, text, tiles, unseen
from search.ui.components.common.header import header
from search.ui.components.common.paging import paged
from search.ui.components.results.product import opened

PAGE, ROWS = 48, 100  # tiles and rows of the table at once
STATES: Mapping[str, State] = {state.capitalize(): state for state in listing.STATES}
SORTS: Mapping[str, Sort] = {sort.capitalize(): sort for sort in listing.SORTS}


@dataclass(frozen=True, slots=True)
class Controls:
    """What to show, how, and in which order."""

    words: str
    categories: frozenset[str]
    state: State | None
    sort: Sort
    shape: str


def controls() -> Controls:
    """Ask what to show; on a phone the narrow ones share a row."""
    known = sorted({p.category for p in view.products if p.category})
    with st.container(horizontal=True, vertical_alignment="bottom"):
        words = st.text_input(
            "Search by words",
            key="browse_words",
            type="search",
            live=True,
            width=300,
            placeholder="red boots, a brand, an id",
        )
        categories = st.multiselect("Category", known, key="browse_categories", width=190)
        sort = st.selectbox("Sort", tuple(SORTS), key="browse_sort", width=155)
    with st.container(horizontal=True, vertical_alignment="center"):
        shape = st.segmented_control(
            "View",
            ("Grid", "Table"),
            default="Grid",
            required=True,
            key="browse_view",
            label_visibility="collapsed",
        )
        only = st.pills(
            "Show only",
            tuple(STATES),
            key="browse_status",
            label_visibility="collapsed",
            width="stretch",
        )
    return Controls(
        words or "", frozenset(categories), STATES[only] if only else None, SORTS[sort], shape
    )


def grid(page: Sequence[Product]) -> None:
    """Draw tiles, each with its photographs and a search for similar ones."""
    cells = tiles.tile_grid()
    encoded = {found.product_id for found in row_photos(view.loaded.snapshot)}
    for product in page:
        with cells.container(gap="xsmall", key=f"tile_{product.id}"):
            photo = view.main_photo(product.id)
            note = text.plain(product.brand)
            if photo is None:
                note = ":orange-badge[No photograph: cannot be found]"
            elif product.id not in encoded:
                note = ":orange-badge[Not encoded: cannot be found yet]"
            elif not product.active:
                note = ":orange-badge[Withdrawn]"
            elif not product.in_stock:
                note = ":gray-badge[Out of stock]"
            tiles.product_tile(view, product, photo, notes=[note], opens=product.id)
            with st.container(horizontal=True, wrap=False, gap="xxsmall"):
                tiles.find_similar(product.id, elsewhere=True, name=tiles.call(view, product))
                if st.button(
                    unseen.label("", f"Photographs of {tiles.call(view, product)}"),
                    icon=":material/photo_library:",
                    help="Photographs: add, replace, remove",
                    key=f"photos_{product.id}",
                ):
                    photographs.edit(view, product.id)


header("Catalogue", "Browse and edit; what you save can be searched at once, and undone.")
view = engines.view(state.current_catalogue())
chosen = controls()
products = listing.list_products(
    view.loaded,
    words=chosen.words,
    categories=chosen.categories,
    state=chosen.state,
    sort=chosen.sort,
)
with st.container(horizontal=True, vertical_alignment="center"):
    st.caption(
        f"{counted(len(products), 'product')} of {len(view.products):,} · revision {view.revision}"
    )
    st.space("stretch")
    st.page_link("search/ui/pages/add.py", label="Add products", icon=":material/add:")
if not products:
    notices.empty(
        "search_off",
        "No product matches",
        "Try other words, take a filter off, or add products.",
    )
else:
    in_table = chosen.shape == "Table"
    with paged(products, ROWS if in_table else PAGE, key=f"browse_{chosen.shape}") as shown:
        if in_table:
            table(view, shown, products)
        else:
            grid(shown)
opened(view)
