"""Bulk import: a table and photographs in, first a report of what would happen, then one change.

`plan_import` reads everything and changes nothing; `apply_import` encodes what is new, keeping each
feature as soon as it is there so that a killed import resumes, and then writes all products and
photographs in one transaction. An import adds and changes; it never deletes.

Columns a table does not have leave a product's fields as they are; an empty cell empties the field.
A price with one separator and three digits after it ("1.299", "1,299") is in thousands, unless its
currency has three decimals. The currency is the column's, else the one written with the price, else
the product's own, else `default_currency`.
"""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from search import photos
from search.catalogue import Catalogue
from search.errors import ImportRefused, MismatchError, PhotoError, SearchError
from search.importing.check import Check, report, rows_of
from search.importing.fields import VERDICTS, ImportRow, PlannedPhoto, Verdict
from search.importing.sources import MissingError, Photographs, open_photographs
from search.importing.tables import MAX_TABLE_BYTES, clean_text, read_feed, write_table
from search.network import stream
from search.network.extractor import Extractor, Source
from search.network.preparation import prepared_ahead
from search.progress import OnProgress, Progress

Table = bytes | Path
PhotoSource = Path | bytes | Mapping[str, bytes]

_KEPT_TOGETHER = 64  # features lost at most when the process is killed


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import would do, row by row; nothing has been changed yet.

    `unused` are photographs no row of the table names.
    """

    rows: tuple[ImportRow, ...]
    fingerprint: str
    photographs: Photographs
    unused: tuple[str, ...] = ()

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
class ImportResult:
    """What an import did; `skipped` are the rows left out, `encoded` the photographs encoded."""

    revision: int
    products_new: int
    products_changed: int
    photos_added: int
    encoded: int
    skipped: tuple[ImportRow, ...]
    seconds: float


def plan_import(
    catalogue: Catalogue,
    fingerprint: str,
    *,
    table: Table | None = None,
    photos: PhotoSource | None = None,
    default_currency: str = "",
    on_progress: OnProgress | None = None,
) -> ImportPlan:
    """Check an import without changing anything.

    :param fingerprint: of the network that will encode the new photographs.
    :param table: the CSV; where there is none, the only table lying among the photographs, and
        where there is none either, each photograph is a product named after its file.
    :param photos: a folder, a zip (its file or bytes), or uploads by name.
    :param on_progress: called as photographs are read; returning False cancels.
    :raises ImportRefused: table or photographs cannot be read at all.
    :raises Cancelled: on_progress said so.
    """
    photographs = open_photographs(photos)
    if table is None and len(photographs.tables) == 1:
        table = photographs.read(photographs.tables[0], MAX_TABLE_BYTES)
    if table is None and not (photographs.names or photographs.refused):
        raise ImportRefused("There is nothing to import: choose a table, photographs, or both.")
    rows = read_feed(_table_bytes(table)).rows if table is not None else rows_of(photographs)
    by_file = table is None
    check = Check(
        catalogue, photographs, default_currency, fingerprint=fingerprint, by_file=by_file
    )
    check.read([name for row in rows for name in check.names(row)], on_progress)
    judged = tuple(check.judge(row) for row in rows)
    unused = tuple(name for name in photographs.names if name not in check.found)
    return ImportPlan(judged, fingerprint, photographs, unused)


def apply_import(
    catalogue: Catalogue,
    extractor: Extractor,
    plan: ImportPlan,
    *,
    actor: str,
    skip_bad_rows: bool = False,
    on_progress: OnProgress | None = None,
) -> ImportResult:
    """Encode what is new, then write all of it as one revision, or nothing.

    :param on_progress: called after every batch; returning False cancels.
    :raises ImportRefused: a row is bad and `skip_bad_rows` is not set, or the photographs are gone.
    :raises MismatchError: the extractor is not the one the plan was made for.
    :raises Cancelled: on_progress said so; features encoded so far are kept for the next time.
    """
    start = time.monotonic()
    check_network(extractor, plan)
    if plan.bad and not skip_bad_rows:
        raise _refusal(plan.bad)
    failed, encoded = encode_new(catalogue, extractor, plan, actor, on_progress)
    spoilt = tuple(_spoilt(row, failed) for row in plan.work if _fails(row, failed))
    if spoilt and not skip_bad_rows:
        raise _refusal(spoilt)
    rows = [row for row in plan.work if not _fails(row, failed)]
    skipped = [*plan.bad, *spoilt]
    counts: Counter[str] = Counter()
    with catalogue.change(actor, "import", _detail(rows)) as change:
        products = {product.id: product for product in catalogue.products()}
        for done, row in enumerate(rows):
            if done % _KEPT_TOGETHER == 0:
                at = (encoded, encoded) if encoded else (done, len(rows))  # encoding is the work
                report(on_progress, Progress(*at, None, len(skipped)))
            before = products.get(row.id)
            try:
                if before is None and row.verdict != "new":
                    raise PhotoError(f"{row.id} was deleted meanwhile: check the import again.")
                files = [_load(plan.photographs, photo) for photo in row.photos]
            except PhotoError as error:
                bad = replace(row, verdict="missing", sentence=str(error))
                if not skip_bad_rows:
                    raise _refusal((bad,)) from error
                skipped.append(bad)
                continue
            products[row.id] = row.applied_to(before)
            if products[row.id] != before:
                change.put(products[row.id])
                counts["new" if before is None else "changed"] += 1
            for photo, file in zip(row.photos, files, strict=True):
                change.add_photo(row.id, file, source=clean_text(photo.name))
                counts["photos"] += 1
    return ImportResult(
        revision=catalogue.revision(),
        products_new=counts["new"],
        products_changed=counts["changed"],
        photos_added=counts["photos"],
        encoded=encoded,
        skipped=tuple(skipped),
        seconds=time.monotonic() - start,
    )


def _table_bytes(table: Table) -> bytes:
    if isinstance(table, bytes):
        return table
    try:
        with table.open("rb") as file:
            return file.read(MAX_TABLE_BYTES + 1)
    except OSError as error:
        raise ImportRefused(
            f"The table “{photos.plain_name(table.name)}” cannot be read: check that it is there."
        ) from error


def check_network(extractor: Extractor, plan: ImportPlan) -> None:
    """Raise MismatchError where the plan was made for another network."""
    if extractor.fingerprint != plan.fingerprint:
        raise MismatchError(
            f"The import was checked for the network {plan.fingerprint}, not for"
            f" {extractor.fingerprint}: check it again."
        )


def encode_new(
    catalogue: Catalogue,
    extractor: Extractor,
    plan: ImportPlan,
    actor: str,
    on_progress: OnProgress | None,
) -> tuple[dict[str, SearchError], int]:
    """Encode the plan's photographs no feature is kept of, and keep theirs.

    Returns the failures by sha256, and how many succeeded. Raises ImportRefused where the folder or
    zip is gone, Cancelled; what was encoded until then is kept.
    """
    needed = {photo.sha256: photo for row in plan.work for photo in row.photos}
    known = catalogue.known_features(plan.fingerprint, needed)
    waiting = [photo for sha256, photo in needed.items() if sha256 not in known]
    failed: dict[str, SearchError] = {}
    batch: dict[str, NDArray[np.float32]] = {}
    encoded = stream.stream(
        extractor,
        _sources(plan, waiting, failed),
        total=len(waiting),
        on_progress=on_progress,
    )
    try:
        for photo, result in zip(waiting, encoded, strict=True):
            if result.error is not None:
                failed.setdefault(photo.sha256, _why(plan.photographs, photo, result.error))
            elif result.sha256 != photo.sha256:
                failed[photo.sha256] = _changed(photo)
            elif result.feature is not None:
                batch[photo.sha256] = result.feature
            if len(batch) >= _KEPT_TOGETHER:
                catalogue.save_features(plan.fingerprint, batch, actor)
                batch.clear()
    finally:
        if batch:
            catalogue.save_features(plan.fingerprint, batch, actor)
    return failed, len(waiting) - len(failed)


def _sources(
    plan: ImportPlan, waiting: Iterable[PlannedPhoto], failed: dict[str, SearchError]
) -> Iterator[Source]:
    for photo in waiting:
        prepared = prepared_ahead(photo.sha256, plan.fingerprint)
        if prepared is not None:
            yield prepared
            continue
        try:
            yield plan.photographs.source(photo.name)
        except PhotoError as error:
            failed[photo.sha256] = error
            yield b""  # keeps its place; the reason is the one noted


def _why(photographs: Photographs, photo: PlannedPhoto, error: SearchError) -> SearchError:
    """Return the reason of a failure; raises ImportRefused where all photographs have gone."""
    try:
        data = photographs.read(photo.name)
    except PhotoError as reason:
        return reason
    return error if hashlib.sha256(data).hexdigest() == photo.sha256 else _changed(photo)


def _changed(photo: PlannedPhoto) -> PhotoError:
    shown = photos.plain_name(photo.name)
    return PhotoError(f"“{shown}” has changed since it was checked: check the import again.")


def _load(photographs: Photographs, photo: PlannedPhoto) -> photos.PhotoFile:
    data = photographs.read(photo.name)
    if hashlib.sha256(data).hexdigest() != photo.sha256:
        raise _changed(photo)
    return photos.PhotoFile(photo.sha256, data, photo.format, photo.width, photo.height)


def _fails(row: ImportRow, failed: Mapping[str, SearchError]) -> bool:
    return any(photo.sha256 in failed for photo in row.photos)


def _spoilt(row: ImportRow, failed: Mapping[str, SearchError]) -> ImportRow:
    reason = next(failed[photo.sha256] for photo in row.photos if photo.sha256 in failed)
    verdict: Verdict = "missing" if isinstance(reason, MissingError) else "unreadable"
    return replace(row, verdict=verdict, sentence=str(reason))


def _refusal(bad: Collection[ImportRow]) -> ImportRefused:
    first = next(iter(bad))
    where = f"line {first.line}" if first.line else first.id
    number = f"{len(bad):,} rows are" if len(bad) > 1 else "One row is"
    return ImportRefused(
        f"{number} not right, the first is {where} ({first.sentence.rstrip('.')}); nothing was"
        " changed: correct the table or import the good rows only."
    )


def _detail(rows: Collection[ImportRow]) -> str:
    return f"{len(rows):,} product{'' if len(rows) == 1 else 's'}"
