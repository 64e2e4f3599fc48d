"""New products: photographs with what is missing filled in, or a table after a dry run."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from search import photos
from search.errors import SearchError
from search.importing.apply import ImportResult, apply_import
from search.importing.fields import VERDICTS
from search.importing.plan import ImportPlan, complete_plan
from search.importing.review import Decision, ImportReview, review_import
from search.importing.tables import COLUMNS
from search.insight.suggestions import categories
from search.spreadsheet import write_table
from search.ui import engines, pictures, state
from search.ui.components.common import notices, text, tiles
from search.ui.components.common.actor import actor, ask_name
from search.ui.components.common.header import header
from search.ui.components.common.progress import follow
from search.ui.task import Draft, Task

SHOWN = 500
ZIP = "zip"
DECISIONS: Mapping[str, Decision] = {
    "A product of its own": "own product",
    "Another view of the other": "another view",
    "Skip it": "skip",
}


def uploads(label: str, key: str) -> dict[str, bytes]:
    """Ask for photographs as files, a folder, or a zip; give them by name."""
    as_folder = st.toggle("Choose a whole folder", key=f"{key}_folder")
    suffixes = sorted(extension.lstrip(".") for extension in photos.EXTENSIONS)
    files = st.file_uploader(
        label,
        type=suffixes if as_folder else [*suffixes, ZIP],
        accept_multiple_files="directory" if as_folder else True,
        key=f"{key}_{as_folder}_{state.draft_round()}",
    )
    return {file.name: file.getvalue() for file in files or []}


def photographs_of(files: Mapping[str, bytes]) -> Mapping[str, bytes] | bytes | None:
    """Give uploads as the import takes them: one zip alone is opened."""
    if len(files) == 1:
        (file, data), *_ = files.items()
        if file.lower().endswith(f".{ZIP}"):
            return data
    return files or None


def check(files: Mapping[str, bytes], table: bytes | None, currency: str) -> Draft:
    """Begin the dry run, and the comparison with what is there."""
    who = actor()
    return Draft(
        Task(
            lambda on_progress: review_import(
                catalogue,
                extractor,
                table=table,
                photos=photographs_of(files),
                default_currency=currency,
                actor=who,
                on_progress=on_progress,
            )
        )
    )


def report(plan: ImportPlan) -> None:
    """Draw the dry run: counts, rows, and the report as a file."""
    with st.container(horizontal=True):
        for verdict, count in plan.counts.items():
            st.metric(verdict.capitalize(), f"{count:,}", help=VERDICTS[verdict], width="content")
    rows = sorted(plan.rows, key=lambda row: not row.is_bad)
    st.dataframe(
        pd.DataFrame(
            {
                "Line": [row.line or None for row in rows[:SHOWN]],
                "Product": [row.id for row in rows[:SHOWN]],
                "Verdict": [row.verdict for row in rows[:SHOWN]],
                "What": [row.sentence for row in rows[:SHOWN]],
            }
        ),
        hide_index=True,
        alt="The dry run, rows to correct first",
    )
    if len(rows) > SHOWN:
        st.caption(f"The first {SHOWN} of {len(rows):,} rows; the report has all.")
    if plan.unused:
        belong = "belongs" if len(plan.unused) == 1 else "belong"
        st.caption(f"{text.count(len(plan.unused), 'photograph')} {belong} to no row.")
    st.download_button(
        "Download the report",
        plan.to_csv(),
        "import-report.csv",
        "text/csv",
        icon=":material/download:",
        on_click="ignore",
    )


def decide(review: ImportReview) -> ImportPlan:
    """Ask what to do with each pair that looks alike; give the plan that obeys."""
    plan = review.plan
    decisions: dict[int, Decision] = {}
    if review.look_alikes:
        st.subheader("Nearly the same photograph", anchor=False)
        st.caption("Decide for each whether it is a product of its own.")
    known = {photo.sha256: photo for photo in view.loaded.snapshot.photos}
    for at, pair in review.look_alikes.items():
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            new = plan.photographs.read(pair.photo.name)
            st.image(pictures.preview(new, size=(120, 120)), alt=f"New: {pair.photo.name}")
            if pair.other_row is None:
                other = pictures.tile(view, known.get(pair.other_sha256), (120, 120))
            else:
                twin = plan.rows[pair.other_row].photos[0]
                other = pictures.preview(plan.photographs.read(twin.name), size=(120, 120))
            st.image(other, alt=f"In the catalogue: {pair.other_id}")
            words = text.plain(f"{plan.rows[at].id} and {pair.other_id}")
            st.markdown(f"**{words}**  \ncosine {text.score(pair.cosine)}")
            choice = st.radio(
                f"What {pair.photo.name} is",
                tuple(DECISIONS),
                key=f"near_{at}",
                label_visibility="collapsed",
            )
            decisions[at] = DECISIONS[choice]
    return review.decided(decisions)


def fill_in(plan: ImportPlan) -> bytes:
    """Ask for what the new products lack; give them as CSV."""
    new = [row for row in plan.rows if row.is_new]
    suggested = categories(
        view.engine, {row.id: row.photos[0].sha256 for row in new[: tiles.MOST] if row.photos}
    )
    currencies = view.table.currencies or ("EUR",)
    start = pd.DataFrame(
        {
            "id": [row.id for row in new],
            "file": ["|".join(photo.name for photo in row.photos) for row in new],
            "name": [str(row.fields.get("name", row.id)) for row in new],
            "category": [
                str(row.fields.get("category") or suggested.get(row.id, "")) for row in new
            ],
            "brand": [""] * len(new),
            "colour": [""] * len(new),
            "price": [""] * len(new),
            "currency": [currencies[0]] * len(new),
            "stock": [""] * len(new),
        }
    )
    edited = st.data_editor(
        start,
        key=f"fill_in_{state.draft_round()}",
        hide_index=True,
        disabled=["file"],
        column_config={
            "id": st.column_config.TextColumn("Id", required=True),
            "file": st.column_config.TextColumn("Photograph"),
            "name": st.column_config.TextColumn("Name"),
            "category": st.column_config.TextColumn(
                "Category", help="Suggested by the most similar products; change it freely."
            ),
            "brand": st.column_config.TextColumn("Brand"),
            "colour": st.column_config.TextColumn("Colour"),
            "price": st.column_config.TextColumn("Price", help="For example 49.90"),
            "currency": st.column_config.TextColumn("Currency"),
            "stock": st.column_config.TextColumn("Stock"),
        },
        alt="New products, to complete",
    )
    columns = [column for column in COLUMNS if column in edited]
    return write_table(columns, (tuple(map(str, row)) for row in edited[columns].to_numpy()))


def apply(draft: Draft, plan: ImportPlan, *, skip_bad_rows: bool) -> None:
    """Begin to write the plan into the catalogue."""
    who = actor()
    draft.applying = Task(
        lambda on_progress: apply_import(
            catalogue,
            extractor,
            plan,
            actor=who,
            skip_bad_rows=skip_bad_rows,
            on_progress=on_progress,
        )
    )
    draft.plan = plan
    st.rerun()


def done(draft: Draft, result: ImportResult) -> None:
    """Draw what was added, ready to be searched."""
    st.success(
        f"{text.count(result.products_new, 'product')} added, {result.products_changed:,} changed, "
        f"{text.count(result.photos_added, 'photograph')} added in {result.seconds:.1f} s. "
        "They can be found now.",
        icon=":material/check_circle:",
    )
    for row in result.skipped:
        notices.error(row.sentence)
    added = [row.id for row in draft.plan.work if view.has(row.id)] if draft.plan else []
    cells = tiles.tile_grid()
    for product_id in list(dict.fromkeys(added))[: tiles.MOST]:
        with cells.cell(), st.container(gap="xsmall", key=f"tile_{product_id}"):
            tiles.product_tile(view, view.product(product_id), view.main_photo(product_id))
            tiles.find_similar(product_id, elsewhere=True)
    st.button("Add more", icon=":material/add:", on_click=start_over)


def start_over() -> None:
    """Empty the page (a callback)."""
    state.keep_draft(None)


header("Add products", "Photographs are encoded once and can be found as soon as they are added.")
view = engines.view(state.current_catalogue())
catalogue, extractor = view.catalogue, view.engine.extractor
ask_name()
kind = st.segmented_control(
    "What to add",
    ("Photographs", "A table with photographs"),
    default="Photographs",
    required=True,
    key="add_kind",
    on_change=start_over,
    label_visibility="collapsed",
)
draft: Draft | None = state.draft()
if draft is None:
    table: bytes | None = None
    currency = ""
    if kind == "A table with photographs":
        st.caption(
            f"A CSV with the columns {', '.join(COLUMNS)}; further columns are kept. Google's and "
            "Shopify's product feeds can be used as they are."
        )
        upload = st.file_uploader("Table (CSV)", type=["csv", "tsv", "txt"], key="add_table")
        table = upload.getvalue() if upload else None
        currency = st.text_input(
            "Currency for prices without one", max_chars=3, key="add_currency", width=220
        ).upper()
    files = uploads("Photographs, or one zip of them", "add_photos")
    ready = bool(files) if kind == "Photographs" else table is not None
    if st.button("Check", type="primary", disabled=not ready, icon=":material/fact_check:"):
        state.keep_draft(check(files, table, currency))
        st.rerun()
    st.caption("Nothing is changed before you have seen what would happen.")
elif draft.applying is not None:
    if not draft.applying.is_done:
        follow(draft.applying, "Importing")
    elif draft.applying.error is not None:
        notices.error(draft.applying.error)
        st.button("Start again", on_click=start_over)
    elif draft.applying.result is not None:
        done(draft, draft.applying.result)
elif draft.checking is not None and not draft.checking.is_done:
    follow(draft.checking, "Checking")
elif draft.checking is not None and draft.checking.error is not None:
    notices.error(draft.checking.error)
    st.button("Start again", on_click=start_over)
elif draft.checking is not None and draft.checking.result is not None:
    review = draft.checking.result
    plan = review.plan
    if kind == "Photographs":
        for row in plan.rows:
            if row.is_bad:
                notices.error(row.sentence)
            elif not row.has_work:
                st.caption(text.plain(row.sentence))
        plan = decide(review)
        csv = fill_in(plan) if any(row.is_new for row in plan.rows) else None
    else:
        report(plan)
        plan = decide(review)
        csv = None
    skip = False
    if plan.bad and kind != "Photographs":
        skip = st.checkbox(f"Import the good rows only, leaving out {len(plan.bad):,}")
    with st.container(horizontal=True):
        if st.button(
            f"{'Add' if kind == 'Photographs' else 'Import'} "
            f"{text.count(len(plan.work), 'product')}",
            type="primary",
            icon=":material/add:",
            disabled=not plan.work or (bool(plan.bad) and not skip and kind != "Photographs"),
        ):
            try:
                if csv is not None:
                    filled = complete_plan(catalogue, plan, csv)
                    for row in filled.bad:
                        notices.error(row.sentence)
                    if not filled.bad:
                        apply(draft, filled, skip_bad_rows=False)
                else:
                    apply(draft, plan, skip_bad_rows=skip or kind == "Photographs")
            except SearchError as problem:
                notices.error(problem)
        st.button("Cancel", on_click=start_over)
