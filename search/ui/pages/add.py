"""New products: photographs with what is missing filled in, or a table after a dry run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import streamlit as st

from search.errors import SearchError
from search.importing.apply import ImportResult, apply_import
from search.importing.decoding import ENCODINGS
from search.importing.dialects import COLUMNS
from search.importing.plan import ImportPlan, complete_plan
from search.importing.review import ImportReview, review_import
from search.importing.zip_names import ENCODINGS as ZIP_ENCODINGS
from search.plural import counted
from search.ui import engines, state
from search.ui.components.adding import review
from search.ui.components.adding.uploads import Named, photographs_of, uploads
from search.ui.components.common import notices, text, tiles
from search.ui.components.common.actor import actor, ask_name
from search.ui.components.common.header import header
from search.ui.components.common.progress import follow
from search.ui.task import Draft, Task

Kind = Literal["Photographs", "A table with photographs"]
KINDS: tuple[Kind, ...] = ("Photographs", "A table with photographs")
UNSAID = "As the table shows"
UNTOLD = "As the zip shows"


@dataclass(frozen=True, slots=True)
class Reading:
    """How a table is to be read, where it does not show that itself."""

    currency: str = ""
    encoding: str = ""
    decimal_mark: str = ""
    zip_encoding: str = ""


def check(files: Sequence[Named], table: bytes | None, reading: Reading) -> Draft:
    """Begin the dry run, and the comparison with what is there."""
    engine, who = view.engine, actor()
    return Draft(
        Task(
            lambda on_progress: review_import(
                engine.catalogue,
                engine.extractor,
                table=table,
                photos=photographs_of(files),
                default_currency=reading.currency,
                encoding=reading.encoding,
                zip_encoding=reading.zip_encoding,
                decimal_mark=reading.decimal_mark,
                actor=who,
                on_progress=on_progress,
            )
        )
    )


def ask() -> None:
    """Ask for what is to be added, and begin to check it."""
    table: bytes | None = None
    reading = Reading()
    if kind != "Photographs":
        st.caption(
            f"A CSV with the columns {', '.join(COLUMNS)}; further columns become attributes. "
            "Google's feeds and the exports of Shopify and WooCommerce can be used as they are."
        )
        upload = st.file_uploader("Table (CSV)", type=["csv", "tsv", "txt"], key="add_table")
        table = upload.getvalue() if upload else None
        reading = ask_reading()
    files = uploads("Photographs, or one zip of them", "add_photos")
    if isinstance(photographs_of(files), bytes):
        reading = replace(reading, zip_encoding=ask_zip_encoding())
    ready = bool(files) if kind == "Photographs" else table is not None
    if st.button("Check", type="primary", disabled=not ready, icon=":material/fact_check:"):
        state.set_draft(check(files, table, reading))
        st.rerun()
    st.caption("Nothing is changed before you have seen what would happen.")


def ask_reading() -> Reading:
    """Ask for what a table may leave open."""
    with st.container(horizontal=True):
        currency = st.text_input(
            "Currency for prices without one", max_chars=3, key="add_currency", width=220
        )
        encoding = st.selectbox(
            "Encoding", (UNSAID, "utf-8", *ENCODINGS), key="add_encoding", width=220
        )
        mark = st.selectbox(
            "Before the decimals", (UNSAID, ".", ","), key="add_decimal_mark", width=220
        )
    return Reading(
        currency.upper(),
        "" if encoding == UNSAID else encoding,
        "" if mark == UNSAID else mark,
    )


def ask_zip_encoding() -> str:
    """Ask for the letters of a zip's names, which a zip seldom says itself."""
    chosen: str = st.selectbox(
        "Letters of the names in the zip",
        (UNTOLD, *ZIP_ENCODINGS),
        key="add_zip_encoding",
        width=220,
        help="The check shows how they were read.",
    )
    return "" if chosen == UNTOLD else chosen


def decide(draft: Draft, checked: ImportReview) -> None:
    """Show what would happen, ask what is open, and begin to apply what was decided."""
    typed: list[dict[str, str]] | None = None
    skip = kind == "Photographs"
    if kind == "Photographs":
        for row in checked.plan.rows:
            if row.is_bad:
                notices.error(row.sentence)
            elif not row.is_new:
                st.caption(text.plain(f"{row.id}: {row.sentence}"))
        review.tell_notes(checked.plan)
    else:
        review.report(checked.plan)
    plan = review.decide(view, checked)
    if kind == "Photographs" and any(row.is_new for row in plan.rows):
        typed = review.complete(view, plan)
    elif kind != "Photographs" and plan.bad:
        bad = counted(len(plan.bad), "row")
        skip = st.checkbox(f"Import the good rows only, leaving out {bad}")
    with st.container(horizontal=True):
        if st.button(
            f"{'Add' if kind == 'Photographs' else 'Import'} {counted(len(plan.work), 'product')}",
            type="primary",
            icon=":material/add:",
            disabled=not plan.work or (bool(plan.bad) and not skip),
        ):
            apply(draft, plan, typed, skip_bad_rows=skip)
        st.button("Cancel", on_click=start_over)


def apply(
    draft: Draft,
    plan: ImportPlan,
    typed: Sequence[Mapping[str, str]] | None,
    *,
    skip_bad_rows: bool,
) -> None:
    """Begin to write the plan into the catalogue, completed by what was typed into the table."""
    who, complete = actor(), plan
    if typed is not None:
        try:
            complete, skip_bad_rows = complete_plan(view.catalogue, plan, typed), False
        except SearchError as problem:  # what was typed stays, to be corrected
            notices.error(problem)
            return
        for row in complete.bad:
            notices.error(row.located)
        if complete.bad:
            return
    engine = view.engine
    draft.applying = Task(
        lambda on_progress: apply_import(
            engine.catalogue,
            engine.extractor,
            complete,
            actor=who,
            skip_bad_rows=skip_bad_rows,
            on_progress=on_progress,
        )
    )
    draft.plan = complete
    st.rerun()


def failed(problem: SearchError) -> None:
    """Say why checking or importing ended, with the way back."""
    notices.error(problem)
    st.button("Start again", on_click=start_over)


def done(draft: Draft, result: ImportResult) -> None:
    """Draw what was added, ready to be searched."""
    st.success(
        f"{counted(result.products_new, 'product')} added, {result.products_changed:,} changed, "
        f"{counted(result.photos_added, 'photograph')} added in {result.seconds:.1f} s. "
        "They can be found now.",
        icon=":material/check_circle:",
    )
    for row in result.skipped:
        notices.error(row.located)
    added = [row.id for row in draft.plan.work if view.has(row.id)] if draft.plan else []
    cells = tiles.tile_grid()
    for product_id in list(dict.fromkeys(added))[: tiles.MOST]:
        with cells.container(gap="xsmall", key=f"tile_{product_id}"):
            tiles.product_tile(view, view.product(product_id), view.main_photo(product_id))
            tiles.find_similar(product_id, elsewhere=True)
    st.button("Add more", icon=":material/add:", on_click=start_over)


def start_over() -> None:
    """Empty the page (a callback)."""
    state.set_draft(None)


header("Add products", "Photographs are encoded once and can be found as soon as they are added.")
draft: Draft | None = state.draft()
task = (draft.applying or draft.checking) if draft is not None else None
is_done = task is not None and task.is_done  # asked first, so that the view has what it did
view = engines.view(state.current_catalogue())
ask_name()
kind = st.segmented_control(
    "What to add",
    KINDS,
    default="Photographs",
    required=True,
    key="add_kind",
    on_change=start_over,
    label_visibility="collapsed",
)
if draft is None or task is None:
    ask()
elif not is_done:
    follow(task, "Importing" if draft.applying else "Checking")
elif task.error is not None:
    failed(task.error)
elif draft.applying is not None and draft.applying.result is not None:
    done(draft, draft.applying.result)
elif draft.checking is not None and draft.checking.result is not None:
    decide(draft, draft.checking.result)
