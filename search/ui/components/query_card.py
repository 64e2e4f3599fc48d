"""The query: its picture with the crop, what is known of it, and what to ask."""

from __future__ import annotations

import streamlit as st

from search.engine import SearchResult
from search.errors import SearchError
from search.ui import resources, state
from search.ui.components import crop, text
from search.ui.state import WHOLE, Mode, PhotoQuery, ProductQuery, Query

_MODES = {Mode.SIMILAR: "Most similar", Mode.CHEAPER: "Cheaper look-alikes"}
_MODE_ICONS = {Mode.SIMILAR: ":material/image_search:", Mode.CHEAPER: ":material/savings:"}


def title(catalogue: str, query: Query) -> str:
    """What to call a query."""
    if isinstance(query, ProductQuery):
        try:
            return text.title(resources.loaded(catalogue).product(query.product_id))
        except SearchError:
            return query.product_id
    if query.sample:
        return "Sample photograph"
    views = len(query.pictures)
    return "Your photograph" if views == 1 else f"Your {views} photographs"


def thumbnail(catalogue: str, query: Query) -> bytes:
    """A small square picture of a query."""
    if isinstance(query, ProductQuery):
        photo = resources.loaded(catalogue).main_photo[query.product_id]
        return resources.tile(catalogue, photo, resources.STRIP)
    return resources.preview(query.pictures[0].data, query.crop, resources.STRIP)


def mode_switch() -> None:
    """The question: what looks like it, or what looks like it and costs less."""
    st.segmented_control(
        "What to look for",
        list(_MODES),
        format_func=lambda mode: f"{_MODE_ICONS[mode]} {_MODES[mode]}",
        required=True,
        label_visibility="collapsed",
        **state.bind("mode", state.settings().mode),
    )


def query_card(catalogue: str, query: Query) -> None:
    """The query's picture beside its facts; a photograph can be cropped here."""
    picture, about = st.columns([2, 5], gap="large", vertical_alignment="center")
    with picture:
        match query:
            case ProductQuery(product_id):
                photo = resources.loaded(catalogue).main_photo[product_id]
                st.image(
                    resources.tile(catalogue, photo),
                    width=220,
                    alt=f"The query: {title(catalogue, query)}",
                )
            case PhotoQuery(pictures=pictures):
                crop.drag_crop(pictures[0].data, query.crop)
                _other_views(query)
    with about:
        _about(catalogue, query)


def _about(catalogue: str, query: Query) -> None:
    st.markdown(f"### {text.plain(title(catalogue, query))}", anchors=False)
    match query:
        case ProductQuery(product_id):
            product = resources.loaded(catalogue).product(product_id)
            known = text.facts(product)
            price = known.pop("Price")
            st.markdown(f"**{text.plain(price)}**")
            shown = [known.get(label, "") for label in ("Brand", "Colour", "Category")]
            st.caption(text.plain(" · ".join(filter(None, shown))))
        case PhotoQuery():
            part = "a part of it" if query.crop != WHOLE else "drag over it to search by a part"
            st.caption(f"Held in memory for this session only · {part}")
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        mode_switch()
        st.button(
            "New search",
            icon=":material/add_photo_alternate:",
            on_click=state.ask,
            args=(None,),
        )
        if isinstance(query, PhotoQuery):
            with st.popover("Crop", icon=":material/crop:"):
                crop.crop_sliders(query.crop)


def _other_views(query: PhotoQuery) -> None:
    if len(query.pictures) < 2:
        return
    with st.container(horizontal=True, gap="xsmall", horizontal_alignment="center"):
        for number, view in enumerate(query.pictures[1:], start=2):
            st.image(
                resources.preview(view.data, size=resources.STRIP), width=64, alt=f"View {number}"
            )


def suggestion(catalogue: str, result: SearchResult) -> None:
    """The category the nearest products vote for, offered and never forced."""
    if state.settings().categories:
        return
    vote = resources.suggested_category(catalogue, result)
    if vote is None:
        return
    category, votes, voters = vote
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(
            f"Looks like **{text.plain(category)}**: {votes} of the {voters} nearest agree",
            width="content",
        )
        st.button(
            f"Only {text.plain(category)}",
            type="tertiary",
            icon=":material/filter_alt:",
            key="take_suggestion",
            on_click=state.narrow,
            args=(category,),
        )
