"""What is heard and not seen: a button's full name, where its picture or place says it.

And nothing that is only stumbled upon: pictures and charts have no button that shows on hovering.
"""

from __future__ import annotations

import streamlit as st

from search.ui.components.common import text

# Streamlit gives a button no name of its own beside its label. So the words are part of the label,
# written as emphasis, and out of sight: a screen reader reads them all the same.
_STYLE = """<style>
[data-testid="stMain"] button em, [role="dialog"] button em {
  position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap;
}
[data-testid="stElementToolbar"]:has(+ [data-testid="stImage"]),
[data-testid="stElementToolbar"]:has(~ [data-testid="stVegaLiteChart"]) {display: none;}
</style>"""


def style() -> None:
    """Write the style that hides the words, once for a page."""
    st.html(_STYLE)


def label(seen: str, unseen: str) -> str:
    """Give a label that shows `seen`, Markdown, and is read with the plain text `unseen` too."""
    return f"{seen} *{text.plain(unseen)}*".strip()
