"""What is heard and not seen: a button's full name, where its picture or place says it."""

from __future__ import annotations

from search.ui.components.common import text


def label(seen: str, unseen: str) -> str:
    """Give a label that shows `seen`, Markdown, and is read with the plain text `unseen` too."""
    return f"{seen} *{text.plain(unseen)}*".strip()
