"""Analytics: what customers do with the results."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from search.feedback import analytics
from search.feedback.intervals import Share
from search.feedback.recorder import SWITCH, recording
from search.ui import engines, state, told
from search.ui.components.analytics import charts
from search.ui.components.common import notices, text
from search.ui.components.common.header import header

DAY = 86_400
TIMES = {"7 days": 7, "28 days": 28, "90 days": 90, "400 days": 400}


def per_cent(share: Share) -> str:
    """Word a share, with what it may be."""
    return f"{share.value:.1%}" if share.trials else "–"


def between(share: Share) -> str:
    """Word the interval of a share."""
    return f"{share.low:.1%} to {share.high:.1%} with 95% certainty" if share.trials else ""


def listing(
    title: str, about: str, rows: Sequence[Any], columns: Mapping[str, str], file: str
) -> None:
    """Draw a table of products with a button for it as a file; nothing where there are no rows."""
    if not rows:
        return
    st.header(title, anchor=False)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(about)
        st.space("stretch")
        st.download_button(
            "Download CSV",
            analytics.table(rows, tuple(columns)),
            file,
            "text/csv",
            key=f"download_{file}",
            icon=":material/download:",
            on_click="ignore",
        )
    shown = [
        {title: cell(getattr(row, column)) for column, title in columns.items()} for row in rows
    ]
    st.dataframe(shown, hide_index=True)


def cell(value: object) -> object:
    """Word one cell: a share in per cent, a product by its name."""
    if isinstance(value, Share):
        return f"{value.value:.1%} (at most {value.high:.1%})"
    if isinstance(value, str) and view.has(value):
        return f"{text.title(view.product(value))} ({value})"
    return round(value, 3) if isinstance(value, float) else value


header("Analytics", "What customers search for, what they choose, and what finds nothing.")
view = engines.view(state.current_catalogue())
with st.container(horizontal=True, vertical_alignment="bottom"):
    chosen = st.segmented_control(
        "Time", tuple(TIMES), default="28 days", required=True, key="analytics_time"
    )
    with_sample = st.toggle(
        "Sample data", key="analytics_sample", help="Invented events, to see what this page tells."
    )
# Whole days, so that the same question is the same for a day.
since = time.time() // DAY * DAY - TIMES[chosen] * DAY
found = told.sample(view, since) if with_sample else told.told(view, since)
if with_sample:
    st.warning("This is sample data: no customer did any of it.", icon=":material/science:")
if not recording():
    st.info(f"Events are not recorded: the environment variable {SWITCH} is off.")
if not found.overview.searches and not found.days:
    notices.empty(
        "monitoring",
        "Nobody has searched in this time",
        "Searches of this app, and of a website that uses the API, are counted here: no photograph,"
        " no name and no address is kept.",
    )
    st.stop()

overview = found.overview
with st.container(horizontal=True):
    st.metric("Searches", f"{overview.searches:,}", border=True)
    st.metric("Visits", f"{overview.sessions:,}", border=True)
    for label, share in (
        ("Led to a choice", overview.chosen),
        ("Nothing similar", overview.nothing_similar),
        ("No result", overview.no_result),
    ):
        st.metric(label, per_cent(share), border=True, help=between(share))

left, right = st.columns(2)
with left:
    st.header("Chosen by position", anchor=False)
    if found.positions:
        st.altair_chart(charts.by_position(found.positions))
        st.caption("The lines are 95% intervals (Wilson).")
with right:
    st.header("Searches by day", anchor=False)
    st.altair_chart(charts.by_day(found.days))

if found.savings:
    st.header("What cheaper look-alikes save", anchor=False)
    for saving in found.savings:
        with st.container(horizontal=True):
            st.metric(
                "Shown",
                text.price(saving.shown, saving.currency),
                border=True,
                help=f"The largest saving of each of {saving.searches:,} searches.",
            )
            st.metric(
                "Chosen",
                text.price(saving.chosen, saving.currency),
                border=True,
                help=f"In {saving.choices:,} searches a cheaper one was chosen.",
            )

listing(
    "Often seen, seldom chosen",
    "Shown at least 20 times; first those of which one can be surest.",
    found.never_chosen,
    {"product": "Product", "shown": "Times shown", "chosen": "Chosen"},
    "seldom-chosen.csv",
)
listing(
    "Searched by, and nothing is like it",
    "Products whose customers found nothing similar: a gap in what the shop sells.",
    found.lonely,
    {
        "product": "Product",
        "searches": "Searches",
        "nothing_similar": "Found nothing similar",
        "best": "Best score on average",
    },
    "without-neighbours.csv",
)
