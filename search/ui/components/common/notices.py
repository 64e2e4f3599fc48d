"""Errors as one sentence, and empty states that say what to do."""

from __future__ import annotations

import streamlit as st

from search.errors import NetworkError, PhotoError, SearchError
from search.ui.components.common import text

_ICONS = {PhotoError: ":material/broken_image:", NetworkError: ":material/cloud_off:"}


def error(problem: SearchError | str) -> None:
    """Show one sentence; what it quotes of data or a link is shown as it is."""
    icon = next((i for kind, i in _ICONS.items() if isinstance(problem, kind)), None)
    st.error(text.sentence(str(problem)), icon=icon or ":material/error:")


def empty(icon: str, heading: str, body: str) -> None:
    """Show an empty state: what there is not, and what to do."""
    with st.container(border=True, horizontal_alignment="center", gap="xsmall"):
        st.space("small")
        st.markdown(f"## :material/{icon}: {heading}", text_alignment="center", anchors=False)
        st.caption(body, text_alignment="center")
        st.space("small")
