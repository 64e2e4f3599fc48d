"""What every page carries: its name, the choice of catalogue, and what went wrong just before."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from search import workspace
from search.roles import Permission
from search.ui import address, announcements, roles, state
from search.ui.boundary import in_words
from search.ui.components.common import notices, text
from search.ui.components.common.account import account
from search.ui.components.common.catalogues import catalogue_menu

_STYLE = (Path(__file__).parents[2] / "style.css").read_text("utf-8")


def header(title: str, about: str = "") -> None:
    """Draw the page's title, what it is for, and the choice of catalogue.

    :raises SearchError: the catalogues cannot be listed.
    """
    _look(address.page())
    with st.container(horizontal=True, vertical_alignment="top"):
        with st.container(gap="xxsmall", width="stretch"):
            st.title(title, anchor=False)
            if about:
                st.caption(about)
        with st.container(gap="xsmall", width="content", horizontal_alignment="right"):
            if roles.may(Permission.EDIT):
                catalogue_menu(workspace.names())
            with in_words():
                account()
    if sentence := state.take_problem():
        notices.error(sentence)
    if sentence := announcements.take():
        st.toast(text.plain(sentence), icon=":material/check:")


def _look(page: str) -> None:
    """Write the page's style, and the catalogue's name beside the logo and in the browser's tab.

    :raises SearchError: the catalogues cannot be listed.
    """
    name = state.current_catalogue()
    st.set_page_config(page_title=f"{page} · {name}")
    quoted = "".join(letter if letter.isalnum() else f"\\{ord(letter):x} " for letter in name)
    letters = "#07110f" if st.context.theme.type == "dark" else "#fff"
    st.html(f"<style>:root {{--catalogue: '{quoted}'; --letters: {letters};}}{_STYLE}</style>")


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
