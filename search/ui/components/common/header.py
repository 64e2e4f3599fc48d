"""What every page carries: its name, the choice of catalogue, and what went wrong just before."""

from __future__ import annotations

import streamlit as st

from search import workspace
from search.ui import state
from search.ui.boundary import reported
from search.ui.components.common import notices, unseen


def header(title: str, about: str = "") -> None:
    """Draw the page's title, what it is for, and the choice of catalogue where there are several.

    :raises SearchError: the catalogues cannot be listed.
    """
    unseen.style()
    names = workspace.names()
    several = len(names) > 1
    heading, *switch = st.columns([4, 1] if several else 1, vertical_alignment="bottom")
    with heading, st.container(gap="xxsmall"):
        st.title(title, anchor=False)
        if about:
            st.caption(about)
    for place in switch:
        with place:
            _switch(names, state.current_catalogue())
    if sentence := state.take_problem():
        notices.error(sentence)


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


def _switch(names: list[str], name: str) -> None:
    state.set_value("catalogue_switch", name)
    st.selectbox("Catalogue", names, key="catalogue_switch", on_change=_switched)


@reported
def _switched() -> None:
    chosen = state.value("catalogue_switch")
    state.look_at(chosen)
    workspace.use(chosen)
