"""Paste a photograph: Ctrl+V anywhere on the page, or the button."""

from __future__ import annotations

import base64
import binascii
from typing import Any

import streamlit as st

from search.ui.query import Picture

_MOST_BYTES = 15_000_000

_JS = """
export default function ({ parentElement, setTriggerValue, data }) {
  const button = parentElement.querySelector("button");
  const note = parentElement.querySelector("output");
  const say = (words) => { note.textContent = words; };
  const send = (file) => {
    if (file.size > data.most) {
      say(`A pasted picture may have ${data.most / 1e6} MB at most; drop it as a file.`);
      return;
    }
    const reader = new FileReader();
    reader.onload = () => {
      say("");
      setTriggerValue("pasted", reader.result.split(",")[1]);
    };
    reader.readAsDataURL(file);
  };
  const onPaste = (event) => {
    const items = [...(event.clipboardData?.items ?? [])];
    const item = items.find((i) => i.kind === "file" && i.type.startsWith("image/"));
    if (item) { event.preventDefault(); send(item.getAsFile()); }
  };
  const onClick = async () => {
    try {
      for (const item of await navigator.clipboard.read()) {
        const type = item.types.find((t) => t.startsWith("image/"));
        if (type) { send(await item.getType(type)); return; }
      }
      say("There is no picture on the clipboard.");
    } catch { say("Press Ctrl+V (\\u2318V on a Mac) to paste."); }
  };
  document.addEventListener("paste", onPaste);
  button.addEventListener("click", onClick);
  button.dataset.listening = "true";
  return () => {
    delete button.dataset.listening;
    document.removeEventListener("paste", onPaste);
    button.removeEventListener("click", onClick);
  };
}
"""

_CSS = """
button {
  font: inherit; font-size: 0.875rem; cursor: pointer;
  color: var(--st-text-color); background: transparent;
  border: 1px solid var(--st-border-color); border-radius: var(--st-button-radius);
  padding: 0 12px; min-height: 40px;
}
button:hover, button:focus-visible {
  color: var(--st-primary-color); border-color: var(--st-primary-color); outline: none;
}
output { display: block; font-size: 0.85em; opacity: 0.75; }
"""

_component = st.components.v2.component(
    "visual_search.paste",
    html='<button type="button">Paste a picture</button><output aria-live="polite"></output>',
    css=_CSS,
    js=_JS,
)


def pasted_picture() -> Picture | None:
    """Draw the button; give the picture that was pasted just now, if one was."""
    result: Any = _component(
        key="paste", data={"most": _MOST_BYTES}, on_pasted_change=lambda: None, width="content"
    )
    if not result.pasted:
        return None
    try:
        return Picture("the pasted picture", base64.b64decode(result.pasted, validate=True))
    except (binascii.Error, TypeError, ValueError):
        return None
