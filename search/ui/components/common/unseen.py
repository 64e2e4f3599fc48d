"""What is heard and not seen: a button's full name, where its picture or place says it.

And nothing that is only stumbled upon: pictures and charts have no button that shows on hovering,
a row that cannot be scrolled by keys does not scroll, the menu shows where the focus is, and a
button that is bright on dark has dark letters.
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
[data-testid="stMain"] :is([class*="st-key-like_"], [class*="st-key-dislike_"],
  [class*="st-key-compare_"]) button:is(:hover, :focus-visible) em {
  width: max-content; max-width: 15rem; height: auto; overflow: visible; clip-path: none;
  bottom: calc(100% + 6px); left: 50%; translate: -50%; z-index: 2; pointer-events: none;
  padding: .25rem .5rem; border-radius: 6px; white-space: normal; font-style: normal;
  font-size: .85em; color: #fff; background: #26302d;
}
[data-testid="stHorizontalBlock"]:has(> [class*="st-key-like_"]) {overflow: visible;}
[data-testid="stHorizontalBlock"][data-test-wrap="false"]:not(
  :has(button:not([data-testid="stElementToolbar"] *), a, input)
) {
  overflow: clip; overflow-clip-margin: 4px;
}
[data-testid="stTopNavLink"]:focus-visible {outline: 2px solid currentColor; outline-offset: 2px;}
[data-testid="stElementToolbar"]:has(+ [data-testid="stImage"]),
[data-testid="stElementToolbar"]:has(~ [data-testid="stVegaLiteChart"]) {display: none;}
</style>"""
# A dialog stands outside the part of the page that says which of the two it is, but never in the
# first run, whose theme may be the wrong one.
_PRIMARY = '[data-testid^="stBaseButton-primary"]:enabled'
_LETTERS = f"<style>{_PRIMARY} {{color: light-dark(#fff, #07110f);}}</style>"


def style() -> None:
    """Write the style that hides the words, once for a page."""
    st.html(_STYLE + _LETTERS)
    letters = "#07110f" if st.context.theme.type == "dark" else "#fff"
    st.html(f"<style>[role=dialog] {_PRIMARY} {{color: {letters};}}</style>")


def label(seen: str, unseen: str) -> str:
    """Give a label that shows `seen`, Markdown, and is read with the plain text `unseen` too."""
    return f"{seen} *{text.plain(unseen)}*".strip()
