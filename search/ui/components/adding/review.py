"""What an import would do: its report, photographs that look alike, and what is still missing."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st
from PIL import Image

from search import photos
from search.catalogue import CataloguePhoto
from search.errors import SearchError
from search.importing.dialects import COLUMNS
from search.importing.fields import ImportRow
from search.importing.near_duplicates import NearDuplicate
from search.importing.plan import ImportPlan
from search.importing.review import Decision, ImportReview
from search.importing.tables import clean_text
from search.importing.verdicts import VERDICTS
from search.insight.suggestions import categories
from search.ui import pictures, state
from search.ui.components.common import text, tiles
from search.ui.engines import View

SHOWN = 500
ROW = 56  # pixels
PICTURED = 60  # rows with a thumbnail: each is decoded once
SMALL = (120, 120)
DECISIONS: Mapping[str, Decision] = {
    "A product of its own": "own product",
    "Another view of the other": "another view",
    "Skip it": "skip",
}


def report(plan: ImportPlan) -> None:
    """Draw the dry run: counts, rows, and the report as a file."""
    with st.container(horizontal=True):
        for verdict, count in plan.counts.items():
            st.metric(verdict.capitalize(), f"{count:,}", help=VERDICTS[verdict], width="content")
    rows = sorted(plan.rows, key=lambda row: not row.is_bad)
    st.dataframe(
        pd.DataFrame(
            {
                "Photograph": _thumbnails(plan, rows[:SHOWN]),
                "Line": [row.line or None for row in rows[:SHOWN]],
                "Product": [row.id for row in rows[:SHOWN]],
                "Verdict": [row.verdict for row in rows[:SHOWN]],
                "What": [row.sentence for row in rows[:SHOWN]],
            }
        ),
        hide_index=True,
        column_config={"Photograph": st.column_config.ImageColumn(width=72)},
        row_height=ROW,
        alt="The dry run, rows to correct first",
    )
    if len(rows) > SHOWN:
        st.caption(f"The first {SHOWN} of {len(rows):,} rows; the report has all.")
    tell_notes(plan)
    st.download_button(
        "Download the report",
        plan.to_csv(),
        "import-report.csv",
        "text/csv",
        icon=":material/download:",
        on_click="ignore",
    )


def tell_notes(plan: ImportPlan) -> None:
    """Say how table and photographs were read, and what of them is not used."""
    for note in plan.notes:
        is_open = bool(plan.guessed_encoding) and note == plan.notes[0]
        (st.warning if is_open else st.caption)(text.plain(note))


def decide(view: View, review: ImportReview) -> ImportPlan:
    """Ask what to do with each pair that looks alike; give the plan that obeys."""
    plan = review.plan
    decisions: dict[int, Decision] = {}
    if review.look_alikes:
        st.header("Nearly the same photograph", anchor=False)
        st.caption("Decide for each whether it is a product of its own.")
    known = {photo.sha256: photo for photo in view.loaded.snapshot.photos}
    for at, pair in review.look_alikes.items():
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            new, other = _pictures(view, plan, pair, known.get(pair.other_sha256))
            st.image(new, alt=f"New: {pair.photo.name}")
            st.image(other, alt=f"In the catalogue: {pair.other_id}")
            words = text.plain(f"{plan.rows[at].id} and {pair.other_id}")
            st.markdown(f"**{words}**  \ncosine {text.score(pair.cosine)}")
            choice = st.radio(
                f"What {text.plain(pair.photo.name)} is",
                tuple(DECISIONS),
                key=f"near_{at}",
                label_visibility="collapsed",
            )
            decisions[at] = DECISIONS[choice]
    return review.decided(decisions)


def _pictures(
    view: View, plan: ImportPlan, pair: NearDuplicate, known: CataloguePhoto | None
) -> tuple[bytes, bytes]:
    """Give the new photograph and the one it resembles, small."""
    new = pictures.preview(plan.photographs.read(pair.photo.name), size=SMALL)
    if pair.other_row is not None:
        twin = plan.rows[pair.other_row].photos[0]
        return new, pictures.preview(plan.photographs.read(twin.name), size=SMALL)
    return new, pictures.tile(view, known, SMALL)


def complete(view: View, plan: ImportPlan) -> list[dict[str, str]]:
    """Ask for what the new products lack; give their cells by column, in the plan's order."""
    new = [row for row in plan.rows if row.is_new]
    edited = st.data_editor(
        _rows(view, plan, new),
        key=f"complete_{state.draft_round()}",
        hide_index=True,
        row_height=ROW,
        disabled=["picture", "file"],
        column_config=_columns(),
        alt="New products, to complete",
    )
    columns = [column for column in COLUMNS if column in edited and column != "file"]
    return [
        dict(zip(columns, map(_typed, cells), strict=True)) for cells in edited[columns].to_numpy()
    ]


def _typed(cell: object) -> str:
    """Return what stands in a cell; an emptied one is None or NaN."""
    return "" if cell is None or cell != cell else str(cell)


def _rows(view: View, plan: ImportPlan, new: Sequence[ImportRow]) -> pd.DataFrame:
    """Make a table of the new products with what is known, and a category suggested."""
    photographs = {row.id: row.photos[0].sha256 for row in new[: tiles.MOST] if row.photos}
    suggested = categories(view.engine, photographs, view.loaded)
    currencies = view.table.currencies or ("EUR",)
    return pd.DataFrame(
        {
            "picture": _thumbnails(plan, new),
            "id": [row.id for row in new],
            "file": [", ".join(clean_text(photo.name) for photo in row.photos) for row in new],
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


def _columns() -> dict[str, Any]:
    return {
        "picture": st.column_config.ImageColumn("", width=72),
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
    }


def _thumbnails(plan: ImportPlan, rows: Sequence[ImportRow]) -> list[str | None]:
    """Give a small picture of each row's first new photograph, of the first rows only."""
    pictured = [row for row in rows if row.photos][:PICTURED]
    drawn = {
        id(row): _thumbnail(row.photos[0].sha256, plan, row.photos[0].name) for row in pictured
    }
    return [drawn.get(id(row)) for row in rows]


@st.cache_data(show_spinner=False, max_entries=512)
def _thumbnail(sha256: str, _plan: ImportPlan, _name: str) -> str | None:  # noqa: ARG001
    try:
        data = _plan.photographs.read(_name)
    except SearchError:  # the files may have gone since the check
        return None
    with Image.open(io.BytesIO(photos.thumbnail(photos.read(data), SMALL[0]))) as small:
        return pictures.data_uri(pictures.fit(small, SMALL))
