"""The answer as a file: CSV, JSON, or the photographs' paths."""

from __future__ import annotations

import os
from collections.abc import Callable

import streamlit as st

from search.engine import SearchResult


def downloads(result: SearchResult) -> None:
    """Draw the button with its three kinds of file."""
    files: dict[str, tuple[Callable[[], str | bytes], str, str, str]] = {
        "CSV": (result.to_csv, "results.csv", "text/csv", ":material/table:"),
        "JSON": (result.to_json, "results.json", "application/json", ":material/data_object:"),
        "File paths": (
            lambda: b"".join(os.fsencode(path) + b"\n" for path in result.paths()),
            "results.txt",
            "text/plain",
            ":material/list:",
        ),
    }
    with st.popover("Download", icon=":material/download:", type="tertiary"):
        for label, (write, name, mime, icon) in files.items():
            st.download_button(
                label,
                write,
                name,
                mime,
                key=f"download_{name.rpartition('.')[2]}",
                icon=icon,
                on_click="ignore",
                width="stretch",
            )
