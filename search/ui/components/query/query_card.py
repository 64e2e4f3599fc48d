"""The query: its picture with the crop, what is known of it, and what to ask."""

from __future__ import annotations

import streamlit as st

from search.engine import SearchResult
from search.photos import Box
from search.ui import pictures, refining, state
from search.ui.components.common import text, tiles, unseen
from search.ui.components.query import crop, sources
from search.ui.engines import View
from search.ui.query import WHOLE, PhotoQuery, ProductQuery, Query
from search.ui.settings import Mode

_MODES = {Mode.SIMILAR: "Most similar", Mode.CHEAPER: "Cheaper look-alikes"}
_VIEW = 64  # pixels of a view's thumbnail
_MODE_ICONS = {Mode.SIMILAR: ":material/image_search:", Mode.CHEAPER: ":material/savings:"}


def title(view: View, query: Query) -> str:
    """Call a query by its product, or by whose photograph it is."""
    if isinstance(query, ProductQuery):
        return text.title(view.product(query.product_id))
    if query.sample:
        return "Sample photograph"
    views = len(query.pictures)
    return "Your photograph" if views == 1 else f"Your {views} photographs"


def has_price(view: View, query: Query | None) -> bool:
    """Tell whether a query is a product with a price."""
    if not isinstance(query, ProductQuery) or not view.has(query.product_id):
        return False
    return view.product(query.product_id).price is not None


def can_save(view: View, query: Query | None) -> bool:
    """Tell whether there is a price that savings are against, or will be once it is searched."""
    if query is None or not view.table.currencies:
        return False
    if has_price(view, query):
        return True
    settings = state.settings()
    closest = isinstance(query, PhotoQuery)  # whose price is taken where none is typed
    return settings.mode is Mode.CHEAPER and (closest or settings.to_beat is not None)


def thumbnail(view: View, query: Query) -> bytes:
    """Give a small square picture of a query."""
    if isinstance(query, ProductQuery):
        return pictures.product_picture(view, query.product_id, pictures.STRIP)
    return pictures.preview(query.pictures[0].data, query.crop, pictures.STRIP)


def mode_switch() -> None:
    """Offer the two questions: what looks like it, or what looks like it and costs less."""
    st.segmented_control(
        "What to look for",
        list(_MODES),
        format_func=lambda mode: f"{_MODE_ICONS[mode]} {_MODES[mode]}",
        required=True,
        label_visibility="collapsed",
        **state.bind("mode", state.settings().mode),
    )


def query_card(view: View, query: Query) -> None:
    """Draw the query's picture beside its facts; a photograph can be cropped here."""
    # On a phone a product stays beside its facts; a photograph needs the width, to drag over.
    photograph = isinstance(query, PhotoQuery)
    picture, about = st.columns(
        [2, 5] if photograph else [1, 4],
        gap="medium",
        vertical_alignment="center",
        wrap=photograph,
    )
    match query:
        case ProductQuery(product_id):
            with picture, st.container(key="tile_of_query", gap=None):
                st.image(
                    pictures.product_picture(view, product_id),
                    width="stretch",
                    alt=f"The query: {title(view, query)}",
                )
                tiles.open_button(view.product(product_id), "query")
            with about:
                _about_product(view, product_id)
        case PhotoQuery():
            with picture:
                first = query.pictures[0].data
                frame = pictures.product_frame(first)
                crop.drag_crop(first, query.crop, frame)
                _views(query)
            with about:
                _about_photo(view, query, frame)


def start_over() -> None:
    """Draw the button back to the start page."""
    st.button(
        "Start over",
        key="start_over",
        icon=":material/close:",
        type="tertiary",
        on_click=refining.start_over,
    )


def _about_product(view: View, product_id: str) -> None:
    product = view.product(product_id)
    st.markdown(f"## {text.plain(text.title(product))}", anchors=False)
    st.markdown(f"**{text.price_of(product)}**")
    known = [product.brand, product.colour, product.category]
    st.caption(text.plain(" · ".join(filter(None, known))))


def _about_photo(view: View, query: PhotoQuery, frame: Box | None) -> None:
    st.markdown(f"## {title(view, query)}", anchors=False)
    if query.crop == WHOLE:
        st.caption("Drag over the picture to search by a part of it.")
    else:
        crop.part_kind(query.pooled)
    crop.suggestion(query.crop, frame)
    st.caption("Held in memory for this session only, never stored.")
    for note in pictures.notes(query.pictures[0].data):
        st.caption(text.plain(note))
    with st.container(horizontal=True, gap="medium"):
        with st.popover("Crop by numbers", icon=":material/crop:", type="tertiary"):
            crop.crop_sliders(query.crop)
        sources.add_views(query)


def _views(query: PhotoQuery) -> None:
    """Draw the views of the thing, where there are several, each with a button to take it away."""
    if len(query.pictures) < 2:
        return
    with st.container(
        horizontal=True, gap="xsmall", horizontal_alignment="center", key="views_of_query"
    ):
        for number, view in enumerate(query.pictures, start=1):
            with st.container(width=_VIEW, gap=None, horizontal_alignment="center"):
                st.image(
                    pictures.preview(view.data, size=pictures.STRIP),
                    width=_VIEW,
                    alt=f"View {number}",
                )
                st.button(
                    unseen.label("", f"Remove view {number}"),
                    icon=":material/close:",
                    key=f"remove_view_{number}",
                    type="tertiary",
                    on_click=state.see_from,
                    args=(query.pictures[: number - 1] + query.pictures[number:],),
                )


def suggestion(result: SearchResult) -> None:
    """Offer the category that the photograph shows, where that is sure; never force it."""
    category = result.looks_like
    if category is None or state.settings().categories:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(f"Looks like **{text.plain(category)}**", width="content")
        st.button(
            f"Only {text.plain(category)}",
            type="tertiary",
            icon=":material/filter_alt:",
            key="take_suggestion",
            on_click=refining.narrow,
            args=(category,),
        )
