"""Which catalogue this session looks at, which is everybody's default, and new ones."""

from __future__ import annotations

import streamlit as st

from search import workspace
from search.roles import Permission
from search.ui import roles, state
from search.ui.announcements import announce
from search.ui.boundary import in_words, reported
from search.ui.components.common import text
from search.ui.components.common.actor import actor

MENU = "catalogue_menu"
ADD_PAGE = "search/ui/pages/add.py"


def catalogue_menu(names: list[str]) -> None:
    """Draw the menu of catalogues, called by the one this session looks at."""
    name, default = state.current_catalogue(), workspace.current()
    with st.popover(
        text.plain(name),
        icon=":material/inventory_2:",
        help="The catalogue you look at",
        key=MENU,
        on_change="rerun",
    ):
        state.set_value("catalogue_switch", name)
        st.selectbox(
            "Catalogue",
            names,
            key="catalogue_switch",
            on_change=_switched,
            help="For this browser only; a photograph you brought is searched in the other too.",
        )
        may_choose = roles.may(Permission.CATALOGUES)
        if name == default:
            st.caption(f"{text.plain(name)} is everybody's default.")
        elif may_choose:
            st.button(
                "Make it everybody's default",
                icon=":material/public:",
                key="ask_for_default",
                on_click=_close_menu,
            )
        if may_choose:
            st.button(
                "New catalogue", icon=":material/add:", key="ask_for_new", on_click=_close_menu
            )
    if state.value("ask_for_default"):
        _ask_for_default(name, default)
    elif state.value("ask_for_new"):
        _ask_for_new()


def _close_menu() -> None:
    """Close the menu, which would lie over the dialog (a callback)."""
    state.set_value(MENU, False)


@reported
def _switched() -> None:
    state.look_at(state.value("catalogue_switch"))


@st.dialog("Make it everybody's default")
@in_words()
def _ask_for_default(name: str, before: str) -> None:
    """Say what follows from another default before it is made."""
    new, old = text.plain(name), text.plain(before)
    st.markdown(
        f"**{new}** takes the place of {old}:\n\n"
        f"- New visitors see {new} first; who looks at a catalogue now goes on with it.\n"
        f"- Commands without `--catalogue` work on {new}, those that change it too.\n"
        f"- The website's search answers from {new}."
    )
    with st.container(horizontal=True):
        if st.button("Make it the default", type="primary"):
            workspace.use(name, actor())
            announce(f"{name} is everybody's default now.")
            st.rerun()
        if st.button(f"Keep {old}"):
            st.rerun()


@st.dialog("New catalogue")
@in_words()
def _ask_for_new() -> None:
    """Ask for a new catalogue's name; its photographs and table follow on the Add page."""
    name = st.text_input(
        "Name",
        key="new_catalogue",
        max_chars=64,
        placeholder="summer-2027",
        help="Lower-case letters, digits, - and _.",
    )
    st.caption("Next come its photographs, or a table with photographs. Nobody else sees it first.")
    if st.button("Make it", type="primary", icon=":material/add:", disabled=not name):
        made = workspace.create(name.strip(), actor())
        state.look_at(made.name)
        made.close()
        state.set_draft(None)
        st.switch_page(ADD_PAGE)
