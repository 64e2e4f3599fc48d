"""Signing in and out, and as whom."""

from __future__ import annotations

import json

import streamlit as st

from search.access.signing import HOURS
from search.roles import Permission
from search.ui import roles, visitors
from search.ui.boundary import in_words, reported
from search.ui.components.common import text
from search.ui.web import signing


def account() -> None:
    """Draw who is signed in, or the way to sign in where that allows more.

    :raises AccessError: what says how people sign in cannot be read.
    """
    _keep()
    if roles.is_shop():
        return
    person = visitors.visitor()
    if person.name:
        with st.popover(text.plain(person.name), icon=":material/account_circle:", key="account"):
            st.caption(f"Signed in as {person.role}, for at most {HOURS} hours.")
            st.button("Sign out", icon=":material/logout:", on_click=_sign_out)
        return
    ways, by_passcode = visitors.providers(), visitors.takes_passcodes()
    if person.may(Permission.EDIT) or not (ways or by_passcode):  # at this machine, or no way
        return
    if st.button("Sign in", icon=":material/login:", key="sign_in"):
        if len(ways) == 1 and not by_passcode:
            st.login(*ways.values())
        else:
            _ask()


@st.dialog("Sign in")
@in_words()
def _ask() -> None:
    """Ask for a name and passcode, or which account to sign in with."""
    ways = visitors.providers()
    if visitors.takes_passcodes():
        with st.form("sign_in_form", border=False):
            name = st.text_input("Your name", max_chars=60, autocomplete="username")
            passcode = st.text_input(
                "Passcode", type="password", max_chars=200, autocomplete="current-password"
            )
            if st.form_submit_button("Sign in", type="primary"):
                visitors.sign_in(name, passcode)
                st.rerun()
    for shown, provider in ways.items():
        if st.button(f"Sign in with {text.plain(shown)}", icon=":material/login:"):
            st.login(provider)


@reported
def _sign_out() -> None:
    visitors.sign_out()


def _keep() -> None:
    """Have the browser fetch its cookie, so that other windows and a reload are signed in too."""
    if ticket := visitors.ticket():
        place, body = json.dumps(signing.place()), json.dumps(ticket)
        st.html(
            f"<script>fetch({place}, {{method: 'POST', body: {body}}});</script>",
            unsafe_allow_javascript=True,
        )
