"""Where a photograph comes from: files, the clipboard, a camera, a sample, an earlier query."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from search import photos
from search.errors import SearchError
from search.ui import pictures, state
from search.ui.boundary import reported
from search.ui.components.common import notices, strip
from search.ui.components.query import paste
from search.ui.engines import View
from search.ui.query import MOST_VIEWS, PhotoQuery, Picture


def sources(view: View) -> None:
    """Draw the uploader with its alternatives beside the samples."""
    samples = pictures.chosen_samples(view)
    own, others = st.columns([2, 3], gap="large") if samples else (st.container(), None)
    with own:
        _own_photograph()
    if others is not None:
        with others:
            st.markdown("Or take one of these")
            strip.strip(
                "sample",
                [
                    strip.Choice(
                        key=sample.file,
                        picture=pictures.preview(sample.picture.data, size=pictures.STRIP),
                        alt=_describe(view, sample, number),
                        on_click=ask_sample,
                        args=(sample,),
                    )
                    for number, sample in enumerate(samples, start=1)
                ],
            )
            st.caption("Photographs as customers take them, not from the catalogue.")


def _describe(view: View, sample: pictures.Sample, number: int) -> str:
    """Word what a bundled photograph shows, and how it was taken."""
    if not view.has(sample.product):
        return f"Sample photograph {number}"
    product = view.product(sample.product)
    kind = product.attributes.get("kind") or product.category
    shown = " ".join(filter(None, (product.colour, kind)))
    return f"Sample {number}: {shown}; {sample.how}" if sample.how else f"Sample {number}: {shown}"


def ask_sample(sample: pictures.Sample) -> None:
    """Search by a bundled photograph (a callback)."""
    state.ask(PhotoQuery((sample.picture,), sample=sample.file))


def recent() -> None:
    """Draw the last queries of this session, to run again."""
    history = state.history()
    if len(history) < 2:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption("Your last searches, remembered for this session only", width="content")
        st.button("Forget them", type="tertiary", on_click=state.forget)
    strip.strip(
        "recent",
        [
            strip.Choice(
                key=str(number),
                picture=past.thumbnail,
                alt=f"Search {number + 1}: {past.title}",
                on_click=state.search_again,
                args=(past,),
            )
            for number, past in enumerate(history)
        ],
    )


def _own_photograph() -> None:
    camera = state.value("camera_on", False)
    widget = state.uploader_key()
    if camera:
        st.camera_input(
            "Take a photograph",
            key=f"{widget}_camera",
            resolution="1080p",
            on_change=_received,
            args=(f"{widget}_camera",),
        )
    else:
        st.file_uploader(
            "Your photograph",
            type=sorted(photos.EXTENSIONS),
            accept_multiple_files=True,
            max_upload_size=photos.MAX_BYTES // 1_000_000,
            key=widget,
            help="Several files chosen at once count as several views of one thing. "
            "They stay in memory for this search and are never stored.",
            on_change=_received,
            args=(widget,),
        )
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        pasted = paste.pasted_picture()
        st.toggle("Camera", key="camera_on")
    if pasted is not None:
        ask_pictures([pasted])
        st.rerun()


@reported
def _received(widget: str) -> None:
    ask_pictures(state.uploaded(widget))


def ask_pictures(brought: Sequence[Picture]) -> None:
    """Search by photographs in place of what was searched for.

    Those that cannot be used are named and left out; where that are all, the search stays.
    """
    good, refused = _usable(brought)
    if good:
        state.ask(PhotoQuery(good))
    else:
        state.empty_uploaders()
    state.refuse(refused)


def add_views(query: PhotoQuery) -> None:
    """Draw the uploader for further views of the thing that is searched for."""
    left = MOST_VIEWS - len(query.pictures)
    with st.popover(
        "Add views of this thing",
        icon=":material/library_add:",
        type="tertiary",
        key=f"add_views_{state.times_searched()}",  # closed again once some are added
    ):
        st.caption(
            "Other photographs of the same thing, from another side or in other light; "
            f"all of them are searched by together. Up to {MOST_VIEWS}."
        )
        widget = f"{state.uploader_key()}_views"
        st.file_uploader(
            "Further views",
            type=sorted(photos.EXTENSIONS),
            accept_multiple_files=True,
            max_upload_size=photos.MAX_BYTES // 1_000_000,
            key=widget,
            disabled=left < 1,
            label_visibility="collapsed",
            on_change=_received_views,
            args=(widget,),
        )


@reported
def _received_views(widget: str) -> None:
    query = state.query()
    if not isinstance(query, PhotoQuery):
        return
    good, refused = _usable(state.uploaded(widget), query.pictures)
    state.see_from((*query.pictures, *good))
    state.refuse(refused)


def _usable(
    brought: Sequence[Picture], present: Sequence[Picture] = ()
) -> tuple[tuple[Picture, ...], list[str]]:
    """Give the photographs to use beside those present, and why others are left out."""
    refused: list[str] = []
    good: list[Picture] = []
    known = {picture.data for picture in present}
    for picture in brought:
        if problem := _check(picture):
            refused.append(problem)
        elif picture.data not in known:  # the same view once more says nothing new
            known.add(picture.data)
            good.append(picture)
    room = MOST_VIEWS - len(present)
    if len(good) > room:
        refused.append(f"Only the first {MOST_VIEWS} photographs are used as views.")
    return tuple(good[:room]), refused


def _check(picture: Picture) -> str | None:
    """Say why a photograph cannot be used, None where it can."""
    try:
        photos.read(picture.data, name=picture.name)
    except SearchError as error:
        return str(error)
    return None


def refusals() -> None:
    """Say what was wrong with the photographs brought last."""
    for problem in state.refused():
        notices.error(problem)
