"""What every page carries: the name, and the catalogue looked at."""

from __future__ import annotations

import streamlit as st

from search import workspace
from search.errors import SearchError
from search.ui import state
from search.ui.components import notices


def header(title: str, about: str = "") -> None:
    """The page's title, what it is for, and the choice of catalogue where there are several."""
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


def catalogue_missing() -> bool:
    """Say what to do where there is no catalogue at all; whether that is so."""
    try:
        if workspace.names():
            return False
    except SearchError as error:
        notices.error(error)
        return True
    notices.empty(
        "inventory_2",
        "There is no catalogue yet",
        "Make one from a folder of photographs: `python -m search build FOLDER`",
    )
    return True


def _switch(names: list[str], name: str) -> None:
    def switched() -> None:
        chosen = state.value("catalogue_switch")
        state.look_at(chosen)
        try:
            workspace.use(chosen)
        except SearchError as error:
            state.refuse([str(error)])

    state.set_value("catalogue_switch", name)
    st.selectbox("Catalogue", names, key="catalogue_switch", on_change=switched)
