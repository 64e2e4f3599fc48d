"""A running task on the page: how far it is, how long it takes, and a button to stop it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from search.ui.boundary import in_words
from search.ui.task import Task


@st.fragment(run_every=0.5)
@in_words()
def follow(task: Task[Any], doing: str) -> None:
    """Show a task until it is done, then run the page again."""
    if task.is_done:
        st.rerun()
    progress = task.progress
    if progress is None or not progress.total:
        st.progress(0.0, f"{doing}…")
    else:
        left = progress.seconds_left
        words = f"{doing}: {progress.done:,} of {progress.total:,}"
        if left is not None:
            words += f", {duration(left)} left"
        st.progress(min(1.0, progress.done / progress.total), words)
    st.button("Stop", icon=":material/stop_circle:", on_click=task.cancel, key="stop_task")


def duration(seconds: float) -> str:
    """Word a duration: “8 s”, “3 min”, “2 h”, rounded up."""
    for size, unit in ((3600, "h"), (60, "min")):
        if seconds >= 1.5 * size:
            return f"{-(-seconds // size):.0f} {unit}"
    return f"{max(1, round(seconds))} s"
