"""A plan becomes one revision of the catalogue, or nothing.

What is new is encoded first, and each feature is saved as soon as it is there, so that a killed
import resumes; then all products and photographs are written in one transaction.
"""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from search.catalogue import Catalogue, Change
from search.errors import ImportRefused, PhotoError, SearchError
from search.filenames import stored
from search.importing.encoding import changed, encode_plan
from search.importing.fields import ImportRow, PlannedPhoto
from search.importing.plan import ImportPlan
from search.importing.sources import MissingError, Photographs
from search.importing.verdicts import Verdict
from search.network.cluster import Workers
from search.network.extractor import Extractor
from search.photos import PhotoFile
from search.plural import counted
from search.progress import OnProgress, Reporter
from search.roles import Actor

_REPORTED_EVERY = 64  # rows


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


def apply_import(
    catalogue: Catalogue,
    extractor: Extractor,
    plan: ImportPlan,
    *,
    actor: Actor,
    skip_bad_rows: bool = False,
    workers: Workers | None = None,
    on_progress: OnProgress | None = None,
) -> ImportResult:
    """Encode what is new, then write all of it as one revision, or nothing.

    :param workers: who encodes; None: this process.
    :param on_progress: called after every batch; returning False cancels.
    :raises ImportRefused: a row is bad and `skip_bad_rows` is not set, or the photographs are gone.
    :raises MismatchError: the extractor is not the one the plan was made for.
    :raises Cancelled: `on_progress` returned False; what was encoded by then is saved for the next
        time.
    """
    start = time.monotonic()
    if plan.bad and not skip_bad_rows:
        raise _refusal(plan.bad)
    failed, encoded = encode_plan(
        catalogue, extractor, plan, workers=workers, actor=actor, on_progress=on_progress
    )
    rows = [row for row in plan.work if not _fails(row, failed)]
    spoilt = [_spoilt(row, failed) for row in plan.work if _fails(row, failed)]
    if spoilt and not skip_bad_rows:
        raise _refusal(spoilt)
    skipped = [*plan.bad, *spoilt]
    reporter = Reporter(
        on_progress, encoded or len(rows)
    )  # where there is encoding, it is the work
    with catalogue.change(actor, "import", _detail(rows)) as change:
        writer = _Writer(catalogue, change, plan.photographs)
        for done, row in enumerate(rows):
            if done % _REPORTED_EVERY == 0:
                reporter.report(encoded or done, failed=len(skipped))
            try:
                writer.write(row)
            except PhotoError as error:
                bad = replace(row, verdict="missing", sentence=str(error))
                if not skip_bad_rows:
                    raise _refusal([bad]) from error
                skipped.append(bad)
        reporter.report(encoded or len(rows), failed=len(skipped))
    return ImportResult(
        revision=change.revision,
        products_new=writer.counts["new"],
        products_changed=writer.counts["changed"],
        photos_added=writer.counts["photos"],
        encoded=encoded,
        skipped=tuple(skipped),
        seconds=time.monotonic() - start,
    )


class _Writer:
    """Writes rows into a change, and counts what is new."""

    def __init__(self, catalogue: Catalogue, change: Change, photographs: Photographs) -> None:
        self.counts: Counter[str] = Counter()
        self._products = {product.id: product for product in catalogue.products()}
        self._change = change
        self._photographs = photographs

    def write(self, row: ImportRow) -> None:
        """Write one row.

        :raises PhotoError: a photograph or the product has gone or changed; nothing of the row was
            written.
        """
        before = self._products.get(row.id)
        if before is None and not row.is_new:
            raise PhotoError(f"{row.id} was deleted meanwhile: check the import again.")
        files = [self._load(photo) for photo in row.photos]
        after = row.applied_to(before)
        if after != before:
            self._change.put(after)
            self._products[row.id] = after
            self.counts["new" if before is None else "changed"] += 1
        for photo, file in zip(row.photos, files, strict=True):
            self._change.add_photo(row.id, file, source=stored(photo.name))
            self.counts["photos"] += 1

    def _load(self, photo: PlannedPhoto) -> PhotoFile:
        data = self._photographs.read(photo.name)
        if hashlib.sha256(data).hexdigest() != photo.sha256:
            raise changed(photo)
        return PhotoFile(photo.sha256, data, photo.format, photo.width, photo.height)


def _fails(row: ImportRow, failed: Mapping[str, SearchError]) -> bool:
    return any(photo.sha256 in failed for photo in row.photos)


def _spoilt(row: ImportRow, failed: Mapping[str, SearchError]) -> ImportRow:
    reason = next(failed[photo.sha256] for photo in row.photos if photo.sha256 in failed)
    verdict: Verdict = "missing" if isinstance(reason, MissingError) else "unreadable"
    return replace(row, verdict=verdict, sentence=str(reason))


def _refusal(bad: Collection[ImportRow]) -> ImportRefused:
    first = next(iter(bad))
    where = f"line {first.line}" if first.line else f"“{first.id}”"
    number = f"{len(bad):,} rows" if len(bad) > 1 else "One row"
    return ImportRefused(
        f"{number} cannot be imported, starting with {where} ({first.sentence.rstrip('.')});"
        " nothing was changed: correct the table or import the good rows only."
    )


def _detail(rows: Collection[ImportRow]) -> str:
    return counted(len(rows), "product")
