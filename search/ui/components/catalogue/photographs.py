"""A dialog with a product's photographs: look, add, replace, remove."""

from __future__ import annotations

import streamlit as st

from search import photos
from search.importing.add import Upload, add_photographs, remove_photograph
from search.plural import counted
from search.ui import pictures
from search.ui.announcements import announce
from search.ui.boundary import in_words
from search.ui.components.common import text
from search.ui.components.common.actor import actor
from search.ui.engines import View


@st.dialog("Photographs", width="medium")
@in_words()
def edit(view: View, product_id: str) -> None:
    """Show a product's photographs with what can be done to them."""
    catalogue, product = view.catalogue, view.product(product_id)
    st.markdown(f"**{text.plain(text.title(product))}** · {text.plain(product.id)}")
    stored = view.photos(product_id)
    cells = st.grid("auto", min_column_width=150)
    for photo in stored:
        with cells.cell():
            words = f"{photo.width}×{photo.height} · {photos.plain_name(photo.source)}"
            st.image(pictures.tile(view, photo), width="stretch", alt=words)
            st.caption(text.plain(words), wrap=False)
            with st.popover("Remove", icon=":material/delete:", key=f"ask_{photo.id}"):
                st.write(_warning(len(stored)))
                if st.button("Remove it", type="primary", key=f"remove_{photo.id}"):
                    remove_photograph(catalogue, photo, actor())
                    _close(f"A photograph of {product_id} was removed; Revisions undoes it.")
    if not stored:
        st.caption("No photograph yet: without one the product cannot be found.")
    files = st.file_uploader(
        "Add photographs",
        type=sorted(extension.lstrip(".") for extension in photos.EXTENSIONS),
        accept_multiple_files=True,
        max_upload_size=photos.MAX_BYTES // 1_000_000,
        key=f"more_photos_{product_id}",
    )
    new = [Upload(file.name, file.getvalue()) for file in files]
    if not new:
        return
    added, replaced = _ask_how(len(stored), len(new))
    if added or replaced:
        with st.spinner("Encoding…"):
            add_photographs(
                *(catalogue, view.engine.extractor, product_id, new, actor()),
                replace_all=replaced,
            )
        done = f"{counted(len(new), 'photograph')} of {product_id} added"
        if replaced:
            done += f" in place of {len(stored):,}"
        _close(f"{done}; it is found by them now, and Revisions undoes it.")


def _ask_how(present: int, new: int) -> tuple[bool, bool]:
    """Ask whether to add the new photographs, or, once confirmed, to replace the present ones."""
    with st.container(horizontal=True):
        added = st.button("Add", type="primary")
        if not present:
            return added, False
        with st.popover("Replace all with these", icon=":material/swap_horiz:"):
            st.write(f"Replace {counted(present, 'photograph')} with {new:,} new?")
            replaced = st.button("Replace", type="primary", key="replace_all")
    return added, replaced


def _warning(present: int) -> str:
    if present > 1:
        return f"Remove this one of {present} photographs?"
    return "Remove its only photograph? Without one the product cannot be found by pictures."


def _close(sentence: str) -> None:
    """Close the dialog and say what came of it; where a change is refused, it stays open."""
    announce(sentence)
    st.rerun()
