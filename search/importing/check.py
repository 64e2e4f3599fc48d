"""Judge the rows of an import against the photographs at hand and the catalogue as it is."""

from __future__ import annotations

import hashlib
import os
import posixpath
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import PurePosixPath

from search import photos
from search.catalogue import Catalogue, Product
from search.catalogue.models import validate
from search.errors import CatalogueError, PhotoError
from search.filenames import as_id, same_letters
from search.importing.fields import ImportRow, PlannedPhoto, fields_of
from search.importing.finder import Finder
from search.importing.listing import MissingError, OutsideError, stem
from search.importing.sources import Photographs
from search.importing.tables import FeedRow, clean_text
from search.importing.verdicts import RowError
from search.network.preparation import prepare_ahead
from search.plural import counted
from search.progress import OnProgress, Reporter

_CHECKED_AHEAD = 256
_TURNING = re.compile(
    "[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]"
)  # texts' direction, and more
_STORED = re.compile(r"[0-9a-f]{64}")
_FORMATS = {".jpg": "JPEG", ".tif": "TIFF"}


_NAMED = 3  # photographs of a row that a sentence names


class Check:
    """Judges the rows of a plan in their order, against the catalogue as it is now."""

    def __init__(
        self,
        catalogue: Catalogue,
        photographs: Photographs,
        default_currency: str,
        *,
        fingerprint: str,
        rows: Sequence[FeedRow] = (),
    ) -> None:
        self._photographs = photographs
        self._fingerprint = fingerprint
        cells = ((at, file) for at, row in enumerate(rows) for file in row.files)
        self._finder = Finder(photographs, cells)
        self._currency = default_currency
        self._products = {product.id: product for product in catalogue.products()}
        self._spelt = {same_letters(id): id for id in self._products}
        self._looks: dict[str, str] = {}
        for id in self._products:
            self._looks.setdefault(_look(id), id)
        self._owners: defaultdict[str, set[str]] = defaultdict(set)
        self._stored: dict[str, PlannedPhoto] = {}
        for photo in catalogue.photos():
            self._owners[photo.sha256].add(photo.product_id)
            suffix = PurePosixPath(photo.file).suffix
            form = _FORMATS.get(suffix, suffix[1:].upper())
            self._stored[photo.sha256] = PlannedPhoto(
                photo.source, photo.sha256, form, photo.width, photo.height
            )
        self._seen: dict[str, tuple[FeedRow, bool]] = {}
        self.found: dict[str, PlannedPhoto | PhotoError] = {}

    def names(self, row: FeedRow) -> list[str]:
        """Return the listed photographs a row means, without those that are not there."""
        names = []
        for file in row.files:
            try:
                names.append(self._finder.find(file))
            except PhotoError:
                continue
        return names

    def read(self, names: Iterable[str], on_progress: OnProgress | None) -> None:
        """Read photographs once each, in threads; those the catalogue has are not decoded.

        :raises Cancelled: `on_progress` returned False.
        """
        waiting = [name for name in dict.fromkeys(names) if name not in self.found]
        reporter, failed = Reporter(on_progress, len(waiting)), 0
        with ThreadPoolExecutor(min(4, os.cpu_count() or 1), "check") as pool:
            for at in range(0, len(waiting), _CHECKED_AHEAD):
                part = waiting[at : at + _CHECKED_AHEAD]
                for name, found in zip(part, pool.map(self._read_one, part), strict=True):
                    self.found[name] = found
                    failed += isinstance(found, PhotoError)
                reporter.report(at + len(part), failed=failed)

    def _read_one(self, name: str) -> PlannedPhoto | PhotoError:
        try:
            data = self._photographs.read(name)
            sha256 = hashlib.sha256(data).hexdigest()
            if sha256 in self._stored:
                return replace(self._stored[sha256], name=name)
            label = posixpath.basename(name)
            photo = photos.read(data, name=label, sha256=sha256, cached=False)
        except PhotoError as error:
            return error
        prepare_ahead(photo, self._fingerprint)
        return PlannedPhoto(
            name, photo.sha256, photo.format, photo.width, photo.height, photo.notes
        )

    def judge(self, row: FeedRow) -> ImportRow:
        """Return the row's verdict, and note what it would add."""
        shown = self._id(row)
        try:
            judged = self._judged(row, shown)
        except RowError as error:
            judged = ImportRow(row.line, shown, error.verdict, str(error), row.files)
        self._seen.setdefault(shown, (row, judged.is_bad))
        return judged

    def _id(self, row: FeedRow) -> str:
        """Return the product's id: as it is written, but for how its accents are."""
        written = row.cells.get("id", "")
        if written in self._products:
            return written
        if not written.strip() and row.files:
            written = as_id(stem(row.files[0].replace("\\", "/")))
        elif not row.is_exact:
            written = written.strip()
        return self._spelt.get(same_letters(written), same_letters(written))

    def _judged(self, row: FeedRow, product_id: str) -> ImportRow:
        if row.problem:
            raise RowError("bad value", row.problem)
        if not product_id:
            raise RowError("bad value", f"Line {row.line} has no id: give the product one.")
        if row.line and _TURNING.search(product_id):
            raise RowError(
                "bad value",
                f"The id “{clean_text(product_id)}” in line {row.line} holds signs that cannot be"
                " seen: take them out.",
            )
        before = self._products.get(product_id)
        first, first_is_bad = self._seen.get(product_id, (None, False))
        if first is not None and first_is_bad:
            raise RowError(
                "bad value",
                f"Line {first.line} has the same id and an error: correct that line first.",
            )
        found = self._photos(row, product_id)
        if not row.line and found and (twin := self._twin(found[0], product_id)):
            return ImportRow(
                row.line,
                product_id,
                "duplicate",
                f"The same photograph belongs to {twin} already and is skipped.",
                row.files,
            )
        said: list[str] = []
        given = self._given(row, first, before)
        fields, attributes = fields_of(given, before, self._currency, said=said)
        if first is not None and (fields or attributes):
            raise RowError(
                "bad value",
                f"Line {first.line} describes the same id differently: keep one of the two.",
            )
        added = tuple(
            {p.sha256: p for p in found if product_id not in self._owners[p.sha256]}.values()
        )
        draft = ImportRow(row.line, product_id, "changed", "", row.files, fields, attributes, added)
        after = draft.applied_to(before)
        try:
            validate(after)
        except CatalogueError as error:
            raise RowError("bad value", str(error)) from error
        self._products[product_id] = after
        self._spelt.setdefault(same_letters(product_id), product_id)
        for photo in added:
            self._owners[photo.sha256].add(product_id)
        judged = self._worded(draft, is_new=before is None, is_repeated=first is not None)
        return replace(judged, sentence=" ".join((judged.sentence, *said)))

    def _given(self, row: FeedRow, first: FeedRow | None, before: Product | None) -> FeedRow:
        """Return the row with the cells that count.

        A file's name says nothing new of a known product; where an id comes again, its empty cells
        say nothing.
        """
        if not row.line and before is not None:
            return replace(row, cells={})
        if first is None:
            return row
        return replace(row, cells={title: text for title, text in row.cells.items() if text})

    def _photos(self, row: FeedRow, product_id: str) -> list[PlannedPhoto]:
        return [self._photo(file, product_id) for file in row.files]

    def _photo(self, file: str, product_id: str) -> PlannedPhoto:
        stored = PurePosixPath(file).stem
        if _STORED.fullmatch(stored) and product_id in self._owners.get(stored, ()):
            return self._stored[stored]  # our own export without its photographs
        try:
            found = self.found[self._finder.find(file)]
        except OutsideError as error:
            raise RowError("outside folder", str(error)) from error
        except MissingError as error:
            raise RowError("missing", str(error)) from error
        except PhotoError as error:
            found = error
        if isinstance(found, PhotoError):
            raise RowError(
                "missing" if isinstance(found, MissingError) else "unreadable", str(found)
            )
        return found

    def _twin(self, photo: PlannedPhoto, product_id: str) -> str:
        owners = self._owners[photo.sha256]
        return "" if product_id in owners else min(owners, default="")

    def _worded(self, row: ImportRow, *, is_new: bool, is_repeated: bool) -> ImportRow:
        gained = len(row.photos)
        pictures = counted(gained, "photograph")
        shared = sorted({o for p in row.photos for o in self._owners[p.sha256] if o != row.id})
        also = f" A photograph is shared with {shared[0]}." if shared else ""
        for photo in row.photos:
            if photo.notes:
                label = photos.plain_name(posixpath.basename(photo.name))
                also += f" “{label}”: {' '.join(photo.notes)}"
        if is_new and (other := self._looks.setdefault(_look(row.id), row.id)) != row.id:
            also += f" Its id looks like “{clean_text(other)}” and is another one."
        if is_new:
            with_photos = f"with {pictures}" if gained else "without a photograph to find it by"
            return replace(row, verdict="new", sentence=f"New, {with_photos}.{also}")
        changes = [*row.fields, *row.attributes, *([pictures] if gained else [])]
        if changes:
            return replace(row, sentence=f"Changes: {', '.join(changes)}.{also}")
        if is_repeated:
            return replace(
                row, verdict="duplicate", sentence="The same row came before and is skipped."
            )
        return replace(row, verdict="unchanged", sentence=f"Nothing to change{_known(row)}.")


def _known(row: ImportRow) -> str:
    """Name the photographs of a row that its product has already."""
    names = [f"“{photos.plain_name(posixpath.basename(file))}”" for file in row.files]
    if not names:
        return ""
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    are = "is" if len(names) == 1 else "are"
    return f": {', '.join(names[:_NAMED])}{more} {are} in the catalogue already"


def rows_of(photographs: Photographs, names: Iterable[str] | None = None) -> list[FeedRow]:
    """Make a row of every photograph, or of those named: its name, without the suffix, is the id.

    Where two folders hold the same name, the folder becomes part of the id; where photographs lie
    in several folders, the folder's name is the category. Such a row has the line 0.
    """
    everything = sorted([*photographs.names, *photographs.refused])
    stems = Counter(as_id(stem(name)) for name in everything)
    folders = {posixpath.dirname(name) for name in everything}
    rows = []
    for name in everything if names is None else sorted(names):
        folder, base = posixpath.dirname(name), as_id(stem(name))
        is_alone = stems[base] == 1 or not folder
        shown = _shown_name(stem(name))
        cells = {
            "id": base if is_alone else f"{as_id(folder)}/{base}",
            "name": clean_text(re.sub(r"[_\-]+", " ", shown)),
        }
        if len(folders) > 1 and folder:
            cells["category"] = clean_text(_shown_name(posixpath.basename(folder)))
        rows.append(FeedRow(0, cells, (name,), is_exact=True))
    return rows


def _look(product_id: str) -> str:
    """Return an id as the eye sees it, however many spaces and hidden marks are in it."""
    return " ".join(clean_text(product_id).split())


def _shown_name(name: str) -> str:
    """Return a file's name for people; a byte that means no letter is shown as one unknown."""
    return re.sub("[\ud800-\udfff]", "\ufffd", name)
