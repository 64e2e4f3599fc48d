"""The products liked and disliked, above what they led to: each can be taken back."""

from __future__ import annotations

import streamlit as st

from search.ui import refining, state
from search.ui.components.common import text, tiles, unseen
from search.ui.engines import View


def examples(view: View) -> None:
    """Draw a chip for each product liked or disliked; nothing where there is none."""
    settings = state.settings()
    said = [("thumb_up", "More like", id) for id in settings.liked]
    said += [("thumb_down", "Less like", id) for id in settings.disliked]
    if not said:
        return
    with st.container(horizontal=True, gap="xsmall", key="examples"):
        for icon, words, product_id in said:
            name = (
                tiles.short_name(view.product(product_id)) if view.has(product_id) else product_id
            )
            st.button(
                unseen.label(f"{text.plain(name)} :material/close:", f"{words} it: take this back"),
                icon=f":material/{icon}:",
                key=f"forget_{product_id}",
                on_click=refining.forget,
                args=(product_id,),
            )
