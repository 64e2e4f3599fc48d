"""A dialog with a product's photographs: look, add, replace, remove."""

from __future__ import annotations

import streamlit as st

from search import photos
from search.catalogue import CataloguePhoto
from search.engine import encoding
from search.errors import SearchError
from search.ui import resources
from search.ui.components import notices, text
from search.ui.components.actor import actor


@st.dialog("Photographs", width="medium")
def edit(name: str, product_id: str) -> None:
    """Show a product's photographs with what can be done to them."""
    catalogue = resources.engine(name).catalogue
    product = catalogue.product(product_id)
    st.markdown(f"**{text.plain(text.title(product))}** · {text.plain(product.id)}")
    stored = catalogue.photos(product_id)
    cells = st.grid("auto", min_column_width=150)
    for photo in stored:
        with cells.cell():
            words = f"{photo.width}×{photo.height} · {photo.source}"
            st.image(resources.tile(name, photo), width="stretch", alt=words)
            st.caption(text.plain(words), wrap=False)
            if st.button("Remove", icon=":material/delete:", key=f"remove_{photo.id}"):
                _change(name, product_id, remove=(photo,))
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
        new = tuple((file.name, file.getvalue()) for file in files)
        if st.button("Add", type="primary", disabled=not new):
            _change(name, product_id, add=new)
        if stored and st.button("Replace all with these", disabled=not new):
            _change(name, product_id, add=new, remove=tuple(stored))


def _change(
    name: str,
    product_id: str,
    *,
    add: tuple[tuple[str, bytes], ...] = (),
    remove: tuple[CataloguePhoto, ...] = (),
) -> None:
    """One revision that adds and removes photographs; they are encoded first."""
    engine = resources.engine(name)
    try:
        read = [(file, photos.read(data, name=file)) for file, data in add]
        with st.spinner("Encoding…"):
            encoding.keep(engine.catalogue, engine.extractor, [photo for _, photo in read])
        with engine.catalogue.change(actor(), "photographs", product_id) as change:
            for stored in remove:
                change.remove_photo(stored.id)
            for file, photo in read:
                change.add_photo(product_id, photo, source=file)
    except SearchError as problem:
        notices.error(problem)
    else:
        st.rerun()
