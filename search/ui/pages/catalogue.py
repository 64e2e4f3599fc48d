"""Browse and keep the catalogue: tiles to look at, a table to edit, photographs, withdrawals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from search import money
from search.catalogue import Product, editing
from search.errors import SearchError
from search.insight import listing
from search.insight.listing import Sort, State
from search.ui import resources, state
from search.ui.components import notices, photographs, text, tiles
from search.ui.components.actor import actor
from search.ui.components.header import header

PAGE = 48
STATES: Mapping[str, State] = {state.capitalize(): state for state in listing.STATES}
SORTS: Mapping[str, Sort] = {sort.capitalize(): sort for sort in listing.SORTS}

name = state.current_catalogue()
catalogue = resources.engine(name).catalogue
loaded = resources.loaded(name)


@dataclass(frozen=True, slots=True)
class Controls:
    """What to show, how, and in which order."""

    words: str
    categories: frozenset[str]
    state: State | None
    sort: Sort
    view: str


def controls() -> Controls:
    """Ask what to show; on a phone the narrow ones share a row."""
    known = sorted({p.category for p in loaded.snapshot.products if p.category})
    with st.container(horizontal=True, vertical_alignment="bottom"):
        words = st.text_input(
            "Search names, brands and ids", key="browse_words", type="search", live=True, width=300
        )
        categories = st.multiselect("Category", known, key="browse_categories", width=190)
        sort = st.selectbox("Sort", tuple(SORTS), key="browse_sort", width=155)
    with st.container(horizontal=True, vertical_alignment="center"):
        view = st.segmented_control(
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
        words or "", frozenset(categories), STATES[only] if only else None, SORTS[sort], view
    )


def run(change: str, ids: Sequence[str]) -> None:
    """Carry out one change of products (a callback), and say so."""
    try:
        if change == "delete":
            editing.delete(catalogue, ids, actor())
        else:
            editing.set_status(catalogue, ids, change, actor())
    except SearchError as problem:
        state.report_problem(str(problem))
        return
    done = {"delete": "deleted", "withdrawn": "withdrawn", "active": "put back"}[change]
    st.toast(f"{text.count(len(ids), 'product')} {done}.", icon=":material/check:")


def save(edits: Mapping[str, Mapping[str, object]]) -> None:
    """Save what was typed into the table (a callback), and say so."""
    try:
        editing.save(catalogue, edits, actor())
    except SearchError as problem:
        state.report_problem(str(problem))
    else:
        st.toast("Saved; it can be searched now.", icon=":material/check:")


@st.dialog("Delete products")
def ask_to_delete(ids: list[str]) -> None:
    """Ask before deleting."""
    st.write(
        f"Delete {text.count(len(ids), 'product')} with all photographs? "
        "You can take it back on the Revisions page. To hide products from search, withdraw them."
    )
    st.caption(text.plain(", ".join(ids[:20]) + ("…" if len(ids) > 20 else "")))
    with st.container(horizontal=True):
        if st.button("Delete", type="primary", icon=":material/delete:"):
            run("delete", ids)
            st.rerun()
        if st.button("Keep"):
            st.rerun()


def grid(page: list[Product]) -> None:
    """Tiles, each with a menu."""
    cells = tiles.tile_grid()
    for product in page:
        with cells.cell(), st.container(gap="xsmall", key=f"tile_{product.id}"):
            photo = loaded.main_photo.get(product.id)
            note = text.plain(product.brand)
            if not product.active:
                note = ":orange-badge[Withdrawn]"
            elif not product.in_stock:
                note = ":gray-badge[Out of stock]"
            tiles.product_tile(name, product, photo, notes=[note])
            with st.container(horizontal=True, wrap=False, gap="xxsmall"):
                tiles.find_similar(product.id, elsewhere=True)
                if st.button(
                    "",
                    icon=":material/photo_library:",
                    help="Photographs: add, replace, remove",
                    key=f"photos_{product.id}",
                ):
                    photographs.edit(name, product.id)


def table(page: list[Product]) -> None:
    """An editor of one page of products; nothing is saved before it is asked for."""
    currencies = sorted({p.currency for p in page if p.currency} | {"EUR", "GBP", "USD"})
    rows = pd.DataFrame(
        {
            "chosen": [False] * len(page),
            "photo": [_thumbnail(p) for p in page],
            "id": [p.id for p in page],
            **{field: [_shown(p, field) for p in page] for field in editing.EDITABLE},
        }
    ).astype({"stock": "Int64"})
    key = f"editor_{loaded.revision}_{hash(tuple(p.id for p in page))}"
    edited = st.data_editor(
        rows,
        key=key,
        hide_index=True,
        row_height=56,
        disabled=["photo", "id"],
        alt="Products of this page, to edit",
        column_config={
            "chosen": st.column_config.CheckboxColumn("", width=48, help="Choose"),
            "photo": st.column_config.ImageColumn("", width=64),
            "id": st.column_config.TextColumn("Id"),
            "name": st.column_config.TextColumn("Name", width="medium"),
            "category": st.column_config.TextColumn("Category"),
            "brand": st.column_config.TextColumn("Brand"),
            "colour": st.column_config.TextColumn("Colour"),
            "price": st.column_config.TextColumn("Price", help="For example 49.90"),
            "currency": st.column_config.SelectboxColumn("Currency", options=currencies),
            "stock": st.column_config.NumberColumn("Stock", min_value=0, step=1),
            "status": st.column_config.SelectboxColumn(
                "Status", options=["active", "withdrawn"], required=True
            ),
            "url": st.column_config.LinkColumn("Link"),
        },
    )
    typed = state.value(key)["edited_rows"]
    edits = {
        page[int(row)].id: {field: v for field, v in fields.items() if field != "chosen"}
        for row, fields in typed.items()
    }
    edits = {product_id: fields for product_id, fields in edits.items() if fields}
    chosen = [str(i) for i in edited.loc[edited["chosen"], "id"]]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            f"Save {text.count(len(edits), 'change')}" if edits else "Save changes",
            type="primary",
            icon=":material/save:",
            disabled=not edits,
            on_click=save,
            args=(edits,),
        )
        for label, change, icon in (
            ("Withdraw", "withdrawn", "visibility_off"),
            ("Put back", "active", "visibility"),
        ):
            st.button(
                label,
                icon=f":material/{icon}:",
                disabled=not chosen,
                on_click=run,
                args=(change, chosen),
            )
        if st.button("Delete", icon=":material/delete:", disabled=not chosen):
            ask_to_delete(chosen)
        if st.button("Photographs", icon=":material/photo_library:", disabled=len(chosen) != 1):
            photographs.edit(name, chosen[0])
    if not chosen:
        st.caption("Tick products to withdraw, put back or delete them, or to change photographs.")


def _thumbnail(product: Product) -> str | None:
    photo = loaded.main_photo.get(product.id)
    return resources.data_uri(resources.tile(name, photo, (96, 96))) if photo else None


def _shown(product: Product, field: str) -> object:
    if field == "price":
        return money.decimal_text(product.price, product.currency)
    return getattr(product, field)


header("Catalogue", "Browse and edit; what you save can be searched at once, and taken back.")
notices.reported()
asked = controls()
products = listing.list_products(
    loaded.snapshot,
    words=asked.words,
    categories=asked.categories,
    state=asked.state,
    sort=asked.sort,
)
with st.container(horizontal=True, vertical_alignment="center"):
    st.caption(
        f"{text.count(len(products), 'product')} of {len(loaded.snapshot.products):,} · "
        f"revision {loaded.revision}"
    )
    st.space("stretch")
    st.page_link("search/ui/pages/add.py", label="Add products", icon=":material/add:")
if not products:
    notices.empty(
        "search_off",
        "No product is like that",
        "Loosen the search words or the filters, or add products.",
    )
else:
    pages = -(-len(products) // PAGE)
    number = 1
    place = st.container()
    if pages > 1:
        number = min(st.pagination(pages, key="browse_page"), pages)
    shown = products[(number - 1) * PAGE : number * PAGE]
    with place:
        (table if asked.view == "Table" else grid)(shown)
