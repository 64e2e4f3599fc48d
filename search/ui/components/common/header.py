"""What every page carries: its name, the choice of catalogue, and what went wrong just before."""

from __future__ import annotations

import streamlit as st

from search import workspace
from search.roles import Permission
from search.ui import address, announcements, roles, state
from search.ui.boundary import in_words
from search.ui.components.common import notices, text, unseen
from search.ui.components.common.account import account
from search.ui.components.common.catalogues import catalogue_menu

# Streamlit's logo is a picture alone; the name follows it, in the theme's own colours.
_LOGO = ':has(> img[data-testid="stHeaderLogo"]), :has(> img[data-testid="stSidebarLogo"])'
_NAME = "margin-left: .5rem; font-weight: 600; white-space: nowrap;"


def header(title: str, about: str = "") -> None:
    """Draw the page's title, what it is for, and the choice of catalogue.

    :raises SearchError: the catalogues cannot be listed.
    """
    unseen.style()
    _name_tab(address.page())
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


def _name_tab(page: str) -> None:
    """Write the catalogue's name beside the logo, and the page's and its into the browser's tab.

    :raises SearchError: the catalogues cannot be listed.
    """
    name = state.current_catalogue()
    st.set_page_config(page_title=f"{page} · {name}")
    quoted = "".join(letter if letter.isalnum() else f"\\{ord(letter):x} " for letter in name)
    st.html(
        f"<style>:is({_LOGO}) {{display: flex; align-items: center;}}"
        f":is({_LOGO})::after {{content: '{quoted}'; {_NAME}}}</style>"
    )


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
