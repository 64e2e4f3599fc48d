"""Long lists, a page at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

import streamlit as st

Item = TypeVar("Item")


@contextmanager
def paged(items: Sequence[Item], size: int, *, key: str) -> Iterator[Sequence[Item]]:
    """Give the items of the chosen page, to be drawn above the choice of pages."""
    place = st.container()
    pages = -(-len(items) // size)
    number = min(st.pagination(pages, key=key), pages) if pages > 1 else 1
    with place:
        yield items[(number - 1) * size : number * size]
