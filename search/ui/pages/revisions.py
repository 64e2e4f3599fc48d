"""Who changed what and when; undo the last change, or go back to an earlier state."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd
import streamlit as st

from search import money
from search.catalogue import Revision, RowChange
from search.plural import counted
from search.ui import engines, state
from search.ui.boundary import reported
from search.ui.components.common import notices, text
from search.ui.components.common.actor import actor, ask_name
from search.ui.components.common.header import header

RESTORABLE = 50
ROWS = 200
TECHNICAL = {"id", "product_id", "sha256", "file", "width", "height", "created", "updated"}


@reported
def go_back(number: int | None) -> None:
    """Undo the last change, or restore a revision (a callback)."""
    made = catalogue.undo(actor()) if number is None else catalogue.restore(number, actor())
    st.toast(f"Done: this is revision {made}.", icon=":material/check:")


def sentence(revision: Revision) -> str:
    """Word how many products and photographs a revision changed."""
    parts = [
        counted(number, noun)
        for number, noun in ((revision.products, "product"), (revision.photos, "photograph"))
        if number
    ]
    return ", ".join(parts) or "no rows"


def shown(changes: list[RowChange]) -> pd.DataFrame:
    """Make a table of changes: what, which, and each field from what to what."""
    rows = []
    for change in changes:
        before, after = change.before or {}, change.after or {}
        entity = "photograph" if change.table == "photo" else change.table
        rows.append(
            {
                "What": f"{entity} {change.kind}",
                "Which": str(after.get("product_id") or before.get("product_id") or change.key),
                "Change": "; ".join(_difference(before, after)),
            }
        )
    return pd.DataFrame(rows)


def _difference(before: Mapping[str, object], after: Mapping[str, object]) -> Iterator[str]:
    """Word the fields that differ and mean something to a person: “price: €49.90 → €39.90”."""
    for field in {**before, **after}:
        old, new = _worded(before, field), _worded(after, field)
        if field in TECHNICAL or old == new or not (old or new):
            continue
        arrow = f"{old} → {new}" if old and new else f"{old} →" if old else str(new)
        yield f"{field}: {arrow}"


def _worded(row: Mapping[str, object], field: str) -> object:
    value = row.get(field)
    if field in ("price", "sale_price") and isinstance(value, int):
        return money.format_price(value, str(row.get("currency") or ""))
    return value


header(
    "Revisions",
    "Every change is one revision. Going back is a new revision too, so nothing is ever lost; "
    f"the last {RESTORABLE} can be restored.",
)
catalogue = engines.view(state.current_catalogue()).catalogue
revisions = catalogue.revisions(RESTORABLE)
if not revisions:
    notices.empty("history", "Nothing has changed yet", "Every change will be listed here.")
    st.stop()
with st.container(horizontal=True, vertical_alignment="bottom"):
    ask_name()
    st.button("Undo the last change", icon=":material/undo:", on_click=go_back, args=(None,))
chosen = st.dataframe(
    pd.DataFrame(
        {
            "Revision": [r.number for r in revisions],
            "When (UTC)": [r.at.replace("T", " ").rstrip("Z") for r in revisions],
            "Who": [r.actor for r in revisions],
            "What": [r.action for r in revisions],
            "Detail": [r.detail for r in revisions],
            "How many": [sentence(r) for r in revisions],
        }
    ),
    hide_index=True,
    on_select="rerun",
    selection_mode="single-row-required",
    selection_default={"selection": {"rows": [0], "columns": [], "cells": []}},
    key=f"revisions_{revisions[0].number}",
    alt="Revisions, the newest first",
)
selected = chosen["selection"]["rows"] if chosen else []
revision = revisions[selected[0]] if selected else revisions[0]
st.subheader(f"Revision {revision.number}", anchor=False)
with st.container(horizontal=True, vertical_alignment="center"):
    st.caption(
        f"{text.plain(revision.actor)} · {text.plain(revision.action)} · {sentence(revision)}"
    )
    st.space("stretch")
    st.button(
        "Go back to this state",
        icon=":material/history:",
        disabled=revision.number == revisions[0].number,
        on_click=go_back,
        args=(revision.number,),
    )
changes = catalogue.changes(revision.number)
if changes:
    st.dataframe(
        shown(changes[:ROWS]), hide_index=True, alt=f"What revision {revision.number} changed"
    )
    if len(changes) > ROWS:
        st.caption(f"The first {ROWS} of {len(changes):,} changed rows.")
else:
    st.caption("Photographs were encoded; no product or photograph changed.")
