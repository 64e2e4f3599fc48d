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
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from search.catalogue import Catalogue
from search.errors import ImportRefused, PhotoError
from search.importing.check import Check, rows_of
from search.importing.fields import ImportRow
from search.importing.finder import Finder
from search.importing.listing import lost, sentences, shown
from search.importing.sources import Photographs, PhotoSource, open_photographs
from search.importing.tables import MAX_TABLE_BYTES, Feed, clean_text, read_feed, typed_rows
from search.importing.verdicts import VERDICTS, Verdict
from search.photos import plain_name
from search.plural import counted
from search.progress import OnProgress
from search.spreadsheet import write_table

Table = bytes | Path


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import would do, row by row; nothing has been changed yet.

    `unused` are photographs no row of the table names. `notes` are sentences on how table and
    photographs were read and on what of them is not used; `left_out` counts of the latter what may
    be or hold photographs or products. `guessed_encoding` is set where somebody has to look
    whether the table's letters are right.
    """

    rows: tuple[ImportRow, ...]
    fingerprint: str
    photographs: Photographs
    unused: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    guessed_encoding: str = ""
    left_out: int = 0

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


@dataclass(frozen=True, slots=True)
class _Found:
    """A table to go by, if any, and what is to be said of those that are not."""

    feed: Feed | None = None
    is_among: bool = False
    notes: tuple[str, ...] = ()
    left_out: int = 0


def plan_import(
    catalogue: Catalogue,
    fingerprint: str,
    *,
    table: Table | None = None,
    photos: PhotoSource | None = None,
    default_currency: str = "",
    encoding: str = "",
    zip_encoding: str = "",
    decimal_mark: str = "",
    on_progress: OnProgress | None = None,
) -> ImportPlan:
    """Check an import without changing anything.

    :param fingerprint: of the network that will encode the new photographs.
    :param table: the CSV. Where there is none, the only table lying among the photographs is it, if
        it names any of them; those it does not name, and without a table all photographs, are
        products named after their files.
    :param photos: a folder, a zip (its file or bytes), or uploads by name.
    :param encoding: of the table's letters, where its own evidence is not to decide.
    :param zip_encoding: of the names in a zip, likewise.
    :param decimal_mark: "." or "," before the decimals of its prices, likewise.
    :param on_progress: called as photographs are read; returning False cancels.
    :raises ImportRefused: table or photographs cannot be read at all.
    :raises Cancelled: `on_progress` returned False.
    """
    photographs = open_photographs(photos, zip_encoding)

    def read(data: bytes) -> Feed:
        return read_feed(data, encoding, decimal_mark, frozenset(photographs.names))

    found = _Found(read(_table_bytes(table))) if table is not None else _among(photographs, read)
    if not (found.feed or photographs.names or photographs.refused):
        why = " ".join((*found.notes, *sentences(photographs.unused)))
        raise ImportRefused(
            f"There is nothing to import: choose a table, photographs, or both. {why}".rstrip()
        )
    return _planned(catalogue, fingerprint, photographs, found, default_currency, on_progress)


def complete_plan(
    catalogue: Catalogue, plan: ImportPlan, cells: Sequence[Mapping[str, str]]
) -> ImportPlan:
    """Check what was typed of a plan's new products, by column, and join it with the plan's rest.

    Photographs that go to other products still do, also where a new product is given another id.
    The rest of the plan, bad rows too, is left out.

    :param cells: of the plan's new rows, in their order.
    """
    new = [row for row in plan.rows if row.is_new]
    rows = typed_rows(
        ({**typed, "id": _typed_id(typed.get("id", ""), row)}, row.files)
        for row, typed in zip(new, cells, strict=True)
    )
    filled = _planned(catalogue, plan.fingerprint, plan.photographs, _Found(Feed("own", (), rows)))
    first = {row.id: row.photos[0].sha256 for row in plan.rows if row.is_new and row.photos}
    owner = {photo.sha256: row.id for row in filled.rows for photo in row.photos}
    others = [
        replace(row, id=owner.get(first.get(row.id, ""), row.id))
        for row in plan.rows
        if row.verdict == "changed"
    ]
    return replace(filled, rows=(*filled.rows, *others))


def _typed_id(typed: str, row: ImportRow) -> str:
    return typed if typed == row.id else typed.strip()


def _among(photographs: Photographs, read: Callable[[bytes], Feed]) -> _Found:
    """Return the table that lies among the photographs, where it is clear that it is about them."""
    tables = photographs.tables
    if not tables:
        return _Found()
    if len(tables) > 1:
        note = f"{len(tables):,} tables lie among the photographs and none is used, because it is"
        return _Found(notes=(f"{note} not clear which: {shown(tables)}.",), left_out=len(tables))
    called = f"The table “{plain_name(tables[0])}” among the photographs"
    try:
        feed = read(photographs.read(tables[0], MAX_TABLE_BYTES))
    except (ImportRefused, PhotoError) as error:
        if not photographs.names:
            raise ImportRefused(f"{called} cannot be used. {error}") from error
        return _Found(notes=(f"{called} is not used. {error}",), left_out=1)
    finder = Finder(photographs.spelt(file for row in feed.rows for file in row.files))
    if photographs.names and not any(_is_there(finder, f) for row in feed.rows for f in row.files):
        return _Found(notes=(f"{called} names none of them and is not used.",), left_out=1)
    return _Found(feed, is_among=True, notes=(f"{called} says what the products are.",))


def _is_there(finder: Finder, file: str) -> bool:
    try:
        return bool(finder.find(file))
    except PhotoError:
        return False


def _planned(
    catalogue: Catalogue,
    fingerprint: str,
    photographs: Photographs,
    found: _Found,
    default_currency: str = "",
    on_progress: OnProgress | None = None,
) -> ImportPlan:
    feed = found.feed
    notes = list(found.notes)
    if feed is None:
        rows = rows_of(photographs)
    else:
        photographs = photographs.spelt(file for row in feed.rows for file in row.files)
        rows = list(feed.rows)
        notes = [*feed.notes, *notes]
    check = Check(catalogue, photographs, default_currency, fingerprint=fingerprint, rows=rows)
    named = {name for row in rows for name in check.names(row)}
    unused = tuple(name for name in photographs.names if name not in named)
    if unused and found.is_among:
        rows += rows_of(photographs, unused)
        notes.append(
            f"It does not name {counted(len(unused), 'photograph')}, each of which becomes a"
            f" product of its own: {shown(unused)}."
        )
        unused = ()
    elif unused:
        notes.append(f"No row names {counted(len(unused), 'photograph')}: {shown(unused)}.")
    check.read([name for row in rows for name in check.names(row)], on_progress)
    judged = tuple(check.judge(row) for row in rows)
    notes += [note for note in (photographs.note, *sentences(photographs.unused)) if note]
    return ImportPlan(
        judged,
        fingerprint,
        photographs,
        unused,
        tuple(notes),
        feed.guessed_encoding if feed else "",
        found.left_out + len(unused) + lost(photographs.unused),
    )


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
