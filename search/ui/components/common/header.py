"""What every page carries: its name, the choice of catalogue, and what went wrong just before."""

from __future__ import annotations

import streamlit as st

from search import workspace
from search.ui import state
from search.ui.components.common import notices, text
from search.ui.components.common.catalogues import catalogue_menu


def header(title: str, about: str = "") -> None:
    """Draw the page's title, what it is for, and the choice of catalogue.

    :raises SearchError: the catalogues cannot be listed.
    """
    with st.container(horizontal=True, vertical_alignment="top"):
        with st.container(gap="xxsmall", width="stretch"):
            st.title(title, anchor=False)
            if about:
                st.caption(about)
        catalogue_menu(workspace.names())
    if sentence := state.take_problem():
        notices.error(sentence)
    if sentence := state.take_announced():
        st.toast(text.plain(sentence), icon=":material/check:")


def catalogue_missing() -> bool:
    """Say what to do where there is no catalogue at all; tell whether that is so.

    :raises SearchError: the catalogues cannot be listed.
    """
    if workspace.names():
        return False
    notices.empty(
        "inventory_2",
        "There is no catalogue yet",
        "Make one from a folder of photographs: `python -m search build FOLDER`",
    )
    return True
