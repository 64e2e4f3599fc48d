"""Pictures to press: a strip of thumbnails, each one a button."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from search.ui import pictures
from search.ui.components.common import text


@dataclass(frozen=True, slots=True)
class Choice:
    """One picture to choose: a square JPEG, what it shows, and what to call with what."""

    key: str
    picture: bytes = field(repr=False)
    alt: str
    on_click: Callable[..., None]
    args: tuple[Any, ...] = ()


def strip(name: str, choices: Sequence[Choice]) -> None:
    """Draw a row of pictures that wraps; pressing one calls its `on_click`."""
    with st.container(horizontal=True, gap="xsmall", key=f"strip_{name}"):
        for choice in choices:
            st.button(
                f"![{text.plain(choice.alt)}]({pictures.data_uri(choice.picture)})",
                key=f"{name}_{choice.key}",
                help=text.plain(choice.alt),
                on_click=choice.on_click,
                args=choice.args,
            )
