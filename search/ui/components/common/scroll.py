"""Back to the top when something else is searched for: a tile far down was pressed."""

from __future__ import annotations

import streamlit as st

_JS = """
export default function ({ parentElement, data }) {
  const page = parentElement.host ?? parentElement;
  if (page.dataset.seen !== undefined && page.dataset.seen !== data.seen) {
    page.closest('[data-testid="stMain"]')?.scrollTo({ top: 0 });
  }
  page.dataset.seen = data.seen;
}
"""

_component = st.components.v2.component("visual_search.scroll", js=_JS)


def top_on_change(seen: str) -> None:
    """Scroll to the top whenever `seen` differs from the run before."""
    _component(key="scroll", data={"seen": seen}, height=1)
