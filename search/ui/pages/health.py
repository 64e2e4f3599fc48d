"""Catalogue health: what is doubtful about the products, each with its way to the fix."""

from __future__ import annotations

import streamlit as st

from search.catalogue import editing
from search.engine.encoding import encode_missing
from search.insight.health import Issue
from search.ui import engines, insights, pictures, state
from search.ui.announcements import announce
from search.ui.boundary import reported
from search.ui.components.catalogue import photographs
from search.ui.components.common import notices, text, tiles, unseen
from search.ui.components.common.actor import actor
from search.ui.components.common.header import header
from search.ui.components.common.paging import paged
from search.ui.components.common.progress import follow
from search.ui.components.results.product import opened
from search.ui.task import Task

PAGE = 24
CARD = 340  # pixels: one to a row on a phone
LARGE, SMALL = (240, 240), (128, 128)
KINDS = {
    "missing file": ("Photograph missing", "The file is gone; add the photograph again."),
    "unreadable file": ("Photograph unreadable", "The file is damaged; replace it."),
    "no photograph": ("No photograph", "Without one a product cannot be found."),
    "not encoded": ("Not encoded yet", "The network in use has not encoded these photographs."),
    "other category": (
        "Doubtful category",
        "What looks most like them is of another category, and their names don't say otherwise.",
    ),
    "no price": ("No price", "Left out by price filters and by cheaper look-alikes."),
    "no stock figure": ("No stock figure", "Assumed to be in stock."),
    "never found": ("Never found", "Not among the nearest neighbours of any other product."),
}
FIXED_IN_TABLE = {"no price", "no stock figure"}
FIXED_BY_PHOTOGRAPH = {"missing file", "unreadable file", "no photograph"}


@reported
def move(product_id: str, category: str) -> None:
    """Give a product the category its neighbours vote for (a callback)."""
    editing.save(view.catalogue, {product_id: {"category": category}}, actor())
    announce(f"{product_id} is now under {category}.")


@reported
def encode() -> None:
    """Encode what is missing, beside the page (a callback)."""
    engine, who = view.engine, actor()
    state.set_task(
        Task(
            lambda on_progress: encode_missing(
                engine.catalogue, engine.extractor, actor=who, on_progress=on_progress
            )
        )
    )


def fix(issue: Issue) -> None:
    """Draw the button that leads to the fix."""
    product = issue.product
    if issue.kind == "other category":
        st.button(
            unseen.label(
                f"Move to {text.plain(issue.suggestion)}", f"{text.title(product)}, {product.id}"
            ),
            key=f"move_{product.id}",
            on_click=move,
            args=(product.id, issue.suggestion),
            width="stretch",
        )
    elif issue.kind in FIXED_BY_PHOTOGRAPH:
        label = unseen.label("Add a photograph", f"of {product.id}")
        if st.button(label, key=f"photo_{product.id}", width="stretch"):
            photographs.edit(view, product.id)
    elif issue.kind in FIXED_IN_TABLE:
        pressed = st.button(
            unseen.label("Edit", product.id),
            key=f"edit_{issue.kind}_{product.id}",
            on_click=state.browse_table,
            args=(product.id,),
            width="stretch",
        )
        if pressed:
            st.switch_page("search/ui/pages/catalogue.py")
    else:
        tiles.find_similar(product.id, elsewhere=True, name=tiles.call(view, product))


def show(issue: Issue) -> None:
    """Draw a product with what is doubtful about it."""
    product = issue.product
    with st.container(gap="xsmall", key=f"tile_{product.id}"):
        note = text.plain(product.category)
        tiles.product_tile(
            view, product, view.main_photo(product.id), notes=[note], opens=product.id
        )
        fix(issue)


def show_doubt(issue: Issue) -> None:
    """Draw a product whose category is doubtful beside the reason: what it looks like."""
    product = issue.product
    with st.container(border=True, gap="small", key=f"doubt_{product.id}"):
        with st.container(horizontal=True, wrap=False, vertical_alignment="center"):
            picture = pictures.product_picture(view, product.id, LARGE)
            with st.container(key=f"tile_doubt_{product.id}", width=132, gap=None):
                st.image(picture, width="stretch", alt=text.title(product))
                tiles.open_button(product, f"doubt_{product.id}")
            with st.container(gap="xxsmall"):
                st.markdown(f"**{text.plain(text.title(product))}**")
                now, then = text.plain(product.category), text.plain(issue.suggestion)
                st.markdown(f"{now} :material/arrow_forward: **{then}**")
                st.caption(text.plain(issue.detail))
        st.caption(f"Looks like these, in {text.plain(issue.suggestion)}")
        with st.container(horizontal=True, wrap=False, gap="xsmall"):
            for near in issue.evidence:
                small = pictures.product_picture(view, near.id, SMALL)
                st.image(small, width=64, alt=text.title(near))
        fix(issue)


header("Health", "What to put right, found by comparing the catalogue with itself.")
view = engines.view(state.current_catalogue())
if (task := state.task()) is not None:
    if not task.is_done:
        follow(task, "Encoding")
    else:
        state.set_task(None)
        if task.error is not None:
            notices.error(task.error)
with st.spinner("Looking at every product…", show_time=True):
    issues = insights.issues(view)
by_kind = {kind: [a for a in issues if a.kind == kind] for kind in KINDS}
by_kind = {kind: found for kind, found in by_kind.items() if found}
if not by_kind:
    notices.empty("health_metrics", "Nothing to fix", "No product needs attention.")
    st.stop()
kind = st.pills(
    "What",
    tuple(by_kind),
    format_func=lambda kind: f"{KINDS[kind][0]} ({len(by_kind[kind]):,})",
    default=next(iter(by_kind)),
    required=True,
    key="health_kind",
    label_visibility="collapsed",
)
found = by_kind.get(kind) or next(iter(by_kind.values()))
st.caption(KINDS[found[0].kind][1])
if found[0].kind == "not encoded":
    st.button("Encode them now", type="primary", icon=":material/memory:", on_click=encode)
with paged(found, PAGE, key=f"health_page_{kind}") as part:
    doubts = found[0].kind == "other category"
    cells = st.grid("auto", min_column_width=CARD) if doubts else tiles.tile_grid()
    for issue in part:
        with cells:
            (show_doubt if doubts else show)(issue)
opened(view)
