"""A dialog with a product's photographs: look, add, replace, remove."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from search import photos
from search.importing.add import Upload, add_photographs, remove_photograph
from search.ui import pictures
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
            if st.button("Remove", icon=":material/delete:", key=f"remove_{photo.id}"):
                _change(partial(remove_photograph, catalogue, photo, actor()))
    if not stored:
        st.caption("No photograph yet: without one the product cannot be found.")
    files = st.file_uploader(
        "Add photographs",
        type=sorted(extension.lstrip(".") for extension in photos.EXTENSIONS),
        accept_multiple_files=True,
        max_upload_size=photos.MAX_BYTES // 1_000_000,
        key=f"more_photos_{product_id}",
    )
    with st.container(horizontal=True):
        new = [Upload(file.name, file.getvalue()) for file in files]
        added = st.button("Add", type="primary", disabled=not new)
        replaced = stored and st.button("Replace all with these", disabled=not new)
    if added or replaced:
        with st.spinner("Encoding…"):
            _change(
                partial(
                    add_photographs,
                    *(catalogue, view.engine.extractor, product_id, new, actor()),
                    replace_all=bool(replaced),
                )
            )


def _change(work: Callable[[], object]) -> None:
    """Carry out a change and show what came of it; where it is refused, the dialog stays open."""
    work()
    st.rerun()
