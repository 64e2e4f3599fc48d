"""Who changed what and when; undo and redo, or go back to an earlier state."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd
import streamlit as st

from search import money
from search.catalogue import Revision, RowChange, Step
from search.catalogue.undoing import Kind
from search.errors import CatalogueError
from search.plural import counted
from search.ui import engines, state
from search.ui.announcements import announce
from search.ui.boundary import in_words, reported
from search.ui.components.common import notices, text
from search.ui.components.common.actor import actor, ask_name
from search.ui.components.common.header import header

RESTORABLE = 50
ROWS = 200
TECHNICAL = {"id", "product_id", "sha256", "file", "width", "height", "created", "updated"}


def step_of(kind: Kind, number: int = 0) -> Step | str:
    """Give what a step would do, or the sentence that says why it cannot be taken."""
    try:
        return catalogue.step(kind, actor(), number)
    except CatalogueError as error:
        return str(error)


@reported
def take(step: Step) -> None:
    """Take a step, asked about or not (a callback)."""
    if step.kind == "undo":
        made = catalogue.undo(actor(), step.question)
    elif step.kind == "redo":
        made = catalogue.redo(actor())
    else:
        made = catalogue.restore(step.change, actor(), step.question)
    changed = counted(step.products, "product")
    announce(f"Done: this is revision {made}, {changed} changed.")


@st.dialog("Go back?")
@in_words()
def ask(step: Step) -> None:
    """Ask before much is changed, or what others did."""
    st.write(text.plain(step.question))
    st.caption("This is a revision too: afterwards it can be taken back.")
    with st.container(horizontal=True):
        if st.button(f"Change {counted(step.products, 'product')}", type="primary"):
            take(step)
            st.rerun()
        if st.button("Leave it as it is"):
            st.rerun()


def step_button(label: str, icon: str, step: Step | str) -> None:
    """Draw the button of a step; one that cannot be taken says why."""
    icon, key = f":material/{icon}:", f"step_{icon}"
    if isinstance(step, str):
        st.button(label, icon=icon, key=key, disabled=True, help=step)
    elif not step.question:
        st.button(label, icon=icon, key=key, on_click=take, args=(step,))
    elif st.button(label, icon=icon, key=key):
        ask(step)


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
    step_button("Undo the last change", "undo", step_of("undo"))
    if isinstance(redo := step_of("redo"), Step):
        step_button("Redo", "redo", redo)
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
st.header(f"Revision {revision.number}", anchor=False)
with st.container(horizontal=True, vertical_alignment="center"):
    st.caption(
        f"{text.plain(revision.actor)} · {text.plain(revision.action)} · {sentence(revision)}"
    )
    st.space("stretch")
    is_newest = revision.number == revisions[0].number
    here = "This is the present state." if is_newest else step_of("restore", revision.number)
    step_button("Go back to this state", "history", here)
changes = catalogue.changes(revision.number)
if changes:
    st.dataframe(
        shown(changes[:ROWS]), hide_index=True, alt=f"What revision {revision.number} changed"
    )
    if len(changes) > ROWS:
        st.caption(f"The first {ROWS} of {len(changes):,} changed rows.")
else:
    st.caption("Photographs were encoded; no product or photograph changed.")
