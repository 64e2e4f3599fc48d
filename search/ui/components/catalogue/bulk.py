"""A dialog that changes many products at once, after a look at what would change."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pandas as pd
import streamlit as st

from search.catalogue import Product, Status, bulk
from search.plural import counted
from search.ui.announcements import announce
from search.ui.boundary import in_words
from search.ui.components.common import text
from search.ui.components.common.actor import actor
from search.ui.engines import View

SHOWN = 200
STATUSES: dict[str, Status | None] = {
    "As it is": None,
    "Withdraw": "withdrawn",
    "Put back": "active",
}


@st.dialog("Change together", width="large")
@in_words()
def change_together(view: View, products: Sequence[Product]) -> None:
    """Ask what to change, show the dry run, and change it once agreed."""
    st.caption(f"{counted(len(products), 'product')} chosen. Nothing changes before you press.")
    plan = bulk.plan(products, _asked())
    if not plan.changes:
        st.info("Nothing would change yet: type a per cent, a stock, or choose a status.")
        return
    st.dataframe(
        _preview(plan), hide_index=True, height="auto", alt="What would change, product by product"
    )
    more = len(plan.changes) - SHOWN
    notes = [f"The first {SHOWN} of {len(plan.changes):,} changes."] if more > 0 else []
    if plan.unchanged:
        stay = "stays as it is" if plan.unchanged == 1 else "stay as they are"
        notes.append(f"{counted(plan.unchanged, 'product')} {stay}.")
    if notes:
        st.caption(" ".join(notes))
    label = f"Change {counted(len(plan.changes), 'product')}"
    if st.button(label, type="primary", icon=":material/check:"):
        made = bulk.apply(view.catalogue, plan, actor())
        announce(f"{counted(made, 'product')} changed; Revisions undoes it.")
        st.rerun()


def _asked() -> bulk.BulkEdit:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        percent = st.number_input(
            "Price by per cent",
            float(bulk.LEAST),
            float(bulk.MOST),
            value=None,
            step=1.0,
            placeholder="e.g. -20",
            key="bulk_percent",
            width=200,
        )
        stock = st.number_input(
            "Stock", 0, value=None, step=1, placeholder="As it is", key="bulk_stock", width=200
        )
        status = st.selectbox("Status", tuple(STATUSES), key="bulk_status", width=200)
    exact = None if not percent else Decimal(str(percent)).normalize()
    return bulk.BulkEdit(exact, stock, STATUSES[status])


def _preview(plan: bulk.BulkPlan) -> pd.DataFrame:
    rows = []
    for before, after in plan.changes[:SHOWN]:
        was, will = ((text.price(p.price, p.currency), text.stock(p)) for p in (before, after))
        rows.append(
            {
                "Id": before.id,
                "Name": before.name,
                "Price": was[0],
                "New price": will[0] if will[0] != was[0] else "",
                "Stock": was[1],
                "New stock": will[1] if will[1] != was[1] else "",
            }
        )
    return pd.DataFrame(rows)
