"""Bulk import: a table and photographs in, first a plan of what would happen, then one change.

`plan_import` reads everything and changes nothing; `apply_import` (search.importing.apply) writes
the plan. An import adds and changes; it never deletes.

Columns a table does not have leave a product's fields as they are; an empty cell empties the field.
A price with one separator and three digits after it ("1.299", "1,299") is read as the column's
other prices show, else as its currency allows; where it can still be either ("19.990"), it is
refused. The currency is the column's, else the one written with the price, else the product's own,
else `default_currency`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from search.catalogue import Catalogue
from search.errors import ImportRefused
from search.importing.check import Check, rows_of
from search.importing.fields import VERDICTS, ImportRow, Verdict
from search.importing.sources import Photographs, open_photographs
from search.importing.tables import MAX_TABLE_BYTES, Feed, clean_text, read_feed
from search.photos import plain_name
from search.progress import OnProgress
from search.spreadsheet import write_table

Table = bytes | Path
PhotoSource = Path | bytes | Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import would do, row by row; nothing has been changed yet.

    `unused` are photographs no row of the table names. `notes` are sentences on how the table was
    read; `guessed_encoding` is set where somebody has to look whether its letters are right.
    """

    rows: tuple[ImportRow, ...]
    fingerprint: str
    photographs: Photographs
    unused: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    guessed_encoding: str = ""

    @property
    def counts(self) -> dict[Verdict, int]:
        """Return how many rows have each verdict, in the order to show them."""
        found = Counter(row.verdict for row in self.rows)
        return {verdict: found[verdict] for verdict in VERDICTS if found[verdict]}

    @property
    def bad(self) -> tuple[ImportRow, ...]:
        """Return the rows that cannot be imported as they are."""
        return tuple(row for row in self.rows if row.is_bad)

    @property
    def work(self) -> tuple[ImportRow, ...]:
        """Return the rows that change the catalogue."""
        return tuple(row for row in self.rows if row.has_work)

    def to_csv(self) -> bytes:
        """Return the report as a table for a spreadsheet."""
        cells = (
            (str(row.line or ""), row.id, row.verdict, row.sentence, ", ".join(row.files))
            for row in self.rows
        )
        columns = ("line", "id", "verdict", "sentence", "files")
        return write_table(columns, ([clean_text(cell) for cell in row] for row in cells))

    def without(self, places: Collection[int]) -> ImportPlan:
        """Return the plan that skips the rows at these places, as near duplicates."""
        sentence = "Skipped as a near duplicate."
        skipped = set(places)
        rows = (
            replace(row, verdict="duplicate", sentence=sentence) if at in skipped else row
            for at, row in enumerate(self.rows)
        )
        return replace(self, rows=tuple(rows))

    def attached(self, choices: Mapping[int, str]) -> ImportPlan:
        """Return the plan that gives rows' photographs to other products, by place and id."""
        rows = list(self.rows)
        for at, product_id in choices.items():
            rows[at] = ImportRow(
                line=rows[at].line,
                id=product_id,
                verdict="changed",
                sentence=f"Its photograph goes to {product_id}.",
                files=rows[at].files,
                photos=rows[at].photos,
            )
        return replace(self, rows=tuple(rows))


def plan_import(
    catalogue: Catalogue,
    fingerprint: str,
    *,
    table: Table | None = None,
    photos: PhotoSource | None = None,
    default_currency: str = "",
    encoding: str = "",
    decimal_mark: str = "",
    on_progress: OnProgress | None = None,
) -> ImportPlan:
    """Check an import without changing anything.

    :param fingerprint: of the network that will encode the new photographs.
    :param table: the CSV; where there is none, the only table lying among the photographs, and
        where there is none either, each photograph is a product named after its file.
    :param photos: a folder, a zip (its file or bytes), or uploads by name.
    :param encoding: of the table's letters, where its own evidence is not to decide.
    :param decimal_mark: "." or "," before the decimals of its prices, likewise.
    :param on_progress: called as photographs are read; returning False cancels.
    :raises ImportRefused: table or photographs cannot be read at all.
    :raises Cancelled: `on_progress` returned False.
    """
    photographs = open_photographs(photos)
    if table is None and len(photographs.tables) == 1:
        table = photographs.read(photographs.tables[0], MAX_TABLE_BYTES)
    if table is None and not (photographs.names or photographs.refused):
        raise ImportRefused("There is nothing to import: choose a table, photographs, or both.")
    feed = read_feed(_table_bytes(table), encoding, decimal_mark) if table is not None else None
    return _planned(catalogue, fingerprint, photographs, feed, default_currency, on_progress)


def complete_plan(catalogue: Catalogue, plan: ImportPlan, table: bytes) -> ImportPlan:
    """Check a table that says more about a plan's new products, and join it with the plan's rest.

    Photographs that go to other products still do, also where the table gives that product, new
    itself, another id. The rest of the plan, bad rows too, is left out.

    :raises ImportRefused: the table cannot be read at all.
    """
    filled = _planned(catalogue, plan.fingerprint, plan.photographs, read_feed(table))
    first = {row.id: row.photos[0].sha256 for row in plan.rows if row.is_new and row.photos}
    owner = {photo.sha256: row.id for row in filled.rows for photo in row.photos}
    others = [
        replace(row, id=owner.get(first.get(row.id, ""), row.id))
        for row in plan.rows
        if row.verdict == "changed"
    ]
    return replace(filled, rows=(*filled.rows, *others))


def _planned(
    catalogue: Catalogue,
    fingerprint: str,
    photographs: Photographs,
    feed: Feed | None,
    default_currency: str = "",
    on_progress: OnProgress | None = None,
) -> ImportPlan:
    rows = feed.rows if feed else rows_of(photographs)
    by_file = feed is None
    check = Check(
        catalogue, photographs, default_currency, fingerprint=fingerprint, by_file=by_file
    )
    check.read([name for row in rows for name in check.names(row)], on_progress)
    judged = tuple(check.judge(row) for row in rows)
    unused = tuple(name for name in photographs.names if name not in check.found)
    notes, guess = (feed.notes, feed.guessed_encoding) if feed else ((), "")
    return ImportPlan(judged, fingerprint, photographs, unused, notes, guess)


def _table_bytes(table: Table) -> bytes:
    if isinstance(table, bytes):
        return table
    try:
        with table.open("rb") as file:
            return file.read(MAX_TABLE_BYTES + 1)
    except OSError as error:
        raise ImportRefused(
            f"The table “{plain_name(table.name)}” cannot be read: check that it is there."
        ) from error
