"""Who makes a change, for the list of revisions."""

from __future__ import annotations

import secrets

import streamlit as st

from search.roles import Person
from search.ui import roles, state

UNNAMED = "merchandiser"
_SESSION = "session_name"


def actor() -> Person:
    """Give who acts: by the name signed in with, else the one typed, else the browser's session.

    Two people who typed none are told apart, so that one does not undo what the other did.
    """
    acting = roles.person()
    typed = str(state.value("actor") or "").strip()
    return Person(acting.name or typed or _unnamed(), acting.role)


def ask_name() -> None:
    """Ask for the name to write beside changes, where nobody is signed in."""
    if not roles.person().name:
        st.text_input(
            "Your name",
            key="actor",
            placeholder=_unnamed(),
            max_chars=60,
            help="Written beside your changes in the list of revisions.",
            width=220,
            persist_state="session",
        )


def _unnamed() -> str:
    """Call this session's visitor by four letters that tell it from others."""
    if _SESSION not in st.session_state:
        st.session_state[_SESSION] = secrets.token_hex(2)
    return f"{UNNAMED} {st.session_state[_SESSION]}"
