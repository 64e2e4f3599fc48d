"""The catalogue as a table to edit: nothing is saved before “Save” is pressed."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Literal

import pandas as pd
import streamlit as st

from search import money
from search.catalogue import Product, editing
from search.plural import counted
from search.ui import pictures, state
from search.ui.announcements import announce
from search.ui.boundary import in_words, reported
from search.ui.components.catalogue import photographs
from search.ui.components.catalogue.bulk import change_together
from search.ui.components.common import text
from search.ui.components.common.actor import actor
from search.ui.engines import View

FEW = 6  # rows that are shown whole in any window
_CURRENCIES = {"EUR", "GBP", "USD"}  # offered besides those the page has
_DONE = {"delete": "deleted", "withdrawn": "withdrawn", "active": "put back"}
ROW = 56  # pixels
_ADDRESS = re.compile(r"^https?://")


def table(view: View, page: Sequence[Product], found: Sequence[Product]) -> None:
    """Draw an editor of one page of products, with what can be done to those ticked.

    They may also be all that were `found`, on whichever page.
    """
    key = f"editor_{view.revision}_{hash(tuple(product.id for product in page))}"
    fits = len(page) < FEW
    actions = st.container(gap="xsmall")
    with st.container(key="catalogue_table_small" if fits else "catalogue_table"):
        edited = _editor(view, page, key, "auto" if fits else "stretch")
    edits = {}
    for row, typed in state.value(key)["edited_rows"].items():
        fields = {field: value for field, value in typed.items() if field != "chosen"}
        if fields:
            edits[page[int(row)].id] = fields
    ticked = {str(i) for i in edited.loc[edited["chosen"], "id"]}
    with actions:
        _actions(view, edits, found, ticked)


def _editor(
    view: View, page: Sequence[Product], key: str, height: Literal["auto", "stretch"]
) -> pd.DataFrame:
    edited: pd.DataFrame = st.data_editor(
        _rows(view, page),
        key=key,
        height=height,
        hide_index=True,
        row_height=ROW,
        disabled=["photo", "id"],
        alt="Products of this page, to edit",
        column_config=_columns(page),
    )
    return edited


def _rows(view: View, page: Sequence[Product]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "chosen": [False] * len(page),
            "photo": [_thumbnail(view, product) for product in page],
            "id": [product.id for product in page],
            **{field: [_shown(p, field) for p in page] for field in editing.EDITABLE},
        }
    ).astype({"stock": "Int64"})


def _columns(page: Sequence[Product]) -> dict[str, Any]:
    currencies = sorted({p.currency for p in page if p.currency} | _CURRENCIES)
    return {
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
        "url": _link_column(page),
        "sale_price": st.column_config.TextColumn("Sale price", help="Below the price"),
        "sale_from": st.column_config.TextColumn("Sale from", help="As 2026-01-31, in UTC"),
        "sale_until": st.column_config.TextColumn("Sale until", help="As 2026-01-31, in UTC"),
        "item_group": st.column_config.TextColumn(
            "Variant of", help="Products of one name here are one product in the results"
        ),
    }


def _link_column(page: Sequence[Product]) -> Any:
    """Give a column of links, or of texts where one of them is not an address of the web.

    The browser opens whatever a link holds, a script too.
    """
    if all(not product.url or _ADDRESS.match(product.url) for product in page):
        return st.column_config.LinkColumn("Link", validate=f"^$|{_ADDRESS.pattern}")
    return st.column_config.TextColumn("Link")


def _actions(
    view: View,
    edits: Mapping[str, Mapping[str, object]],
    found: Sequence[Product],
    ticked: Collection[str],
) -> None:
    everything = len(found) > 1 and state.value("choose_all", False)
    chosen = [product for product in found if everything or product.id in ticked]
    ids = [product.id for product in chosen]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            f"Save {counted(len(edits), 'change')}" if edits else "Save changes",
            type="primary",
            icon=":material/save:",
            disabled=not edits,
            on_click=_save,
            args=(view, edits),
        )
        if st.button("Change together", icon=":material/edit_note:", disabled=not chosen):
            change_together(view, chosen)
        for label, status, icon in (
            ("Withdraw", "withdrawn", "visibility_off"),
            ("Put back", "active", "visibility"),
        ):
            st.button(
                label,
                icon=f":material/{icon}:",
                disabled=not chosen,
                on_click=_run,
                args=(view, status, ids),
            )
        if st.button("Delete", icon=":material/delete:", disabled=not chosen):
            _ask_to_delete(view, ids)
        if st.button("Photographs", icon=":material/photo_library:", disabled=len(chosen) != 1):
            photographs.edit(view, ids[0])
    with st.container(horizontal=True, vertical_alignment="center"):
        if len(found) > 1:
            st.toggle(
                f"Choose all {len(found):,} found",
                key="choose_all",
                help="Those of other pages too.",
            )
        if chosen:
            st.caption(f"{counted(len(chosen), 'product')} chosen.")
        else:
            st.caption("Tick products to change, withdraw or delete them.")


@reported
def _save(view: View, edits: Mapping[str, Mapping[str, object]]) -> None:
    """Save what was typed into the table (a callback), and say so."""
    editing.save(view.catalogue, edits, actor())
    announce("Saved; it can be searched now.")


@reported
def _run(view: View, change: str, ids: Sequence[str]) -> None:
    """Delete products or give them a status (a callback), and say so."""
    if change == "delete":
        editing.delete(view.catalogue, ids, actor())
    else:
        editing.set_status(view.catalogue, ids, change, actor())
    announce(f"{counted(len(ids), 'product')} {_DONE[change]}.")


@st.dialog("Delete products")
@in_words()
def _ask_to_delete(view: View, ids: Sequence[str]) -> None:
    """Ask before deleting."""
    st.write(
        f"Delete {counted(len(ids), 'product')} with all photographs? "
        "You can undo this on the Revisions page. To hide products from search, withdraw them."
    )
    st.caption(text.plain(", ".join(ids[:20]) + ("…" if len(ids) > 20 else "")))
    with st.container(horizontal=True):
        if st.button("Delete", type="primary", icon=":material/delete:"):
            _run(view, "delete", ids)
            st.rerun()
        if st.button("Keep"):
            st.rerun()


def _thumbnail(view: View, product: Product) -> str | None:
    photo = view.main_photo(product.id)
    return pictures.data_uri(pictures.tile(view, photo, (96, 96))) if photo else None


def _shown(product: Product, field: str) -> object:
    if field == "price":
        return money.decimal_text(product.regular_price, product.currency)
    if field == "sale_price":
        return money.decimal_text(product.sale_price, product.currency)
    return getattr(product, field)
