"""Word of what was done, told by the run after: what a closing dialog says itself is lost."""

from __future__ import annotations

import streamlit as st

_DONE = "done"


def announce(sentence: str) -> None:
    """Leave word of what was done for the next run, from a dialog or a callback."""
    st.session_state[_DONE] = sentence


def take() -> str | None:
    """Give the word of what was done, once."""
    sentence: str | None = st.session_state.pop(_DONE, None)
    return sentence
