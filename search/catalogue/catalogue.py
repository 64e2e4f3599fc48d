"""The catalogue of a shop: products, photographs and features in one SQLite file.

SQLite is the truth and everything else is derived from it. Every change is one transaction that
adds one revision; photograph files lie beside the database, named by their content.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Self

import numpy as np
from numpy.typing import NDArray

from search.catalogue import features as stored
from search.catalogue import queries, repair, revisions
from search.catalogue.database import Database, explained
from search.catalogue.files import Staging, size, thumb_file, write_atomically
from search.catalogue.models import (
    CataloguePhoto,
    Product,
    Revision,
    RowChange,
    Snapshot,
    Status,
)
from search.catalogue.repair import Finding, PurgeReport
from search.catalogue.transaction import Change, now
from search.errors import CatalogueError

__all__ = [
    "Catalogue",
    "CataloguePhoto",
    "Change",
    "Finding",
    "Product",
    "PurgeReport",
    "Revision",
    "RowChange",
    "Snapshot",
    "Status",
]

DATABASE = "catalogue.db"


class Catalogue:
    """A folder with ``catalogue.db``, photographs and thumbnails; safe under threads and processes.

    :param folder: created with an empty catalogue where there is none.
    :param patience: seconds to wait for another writer before BusyError.
    :raises CatalogueError: the file is damaged, not ours, of a newer version, or not writable.
    """

    def __init__(self, folder: Path, *, patience: float = 10.0) -> None:
        self.folder = Path(folder)
        self._database = Database(self.folder / DATABASE, patience=patience)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections of all threads."""
        self._database.close()

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.absolute().name

    def revision(self) -> int:
        """Return the number of the newest revision; 0 for a catalogue never changed."""
        with self._database.reading() as connection:
            return revisions.newest(connection)

    def products(self) -> list[Product]:
        """Return all products by id."""
        with self._database.reading() as connection:
            return queries.products(connection)

    def product(self, id: str) -> Product:
        """Return one product.

        :raises CatalogueError: the catalogue has no such product.
        """
        with self._database.reading() as connection:
            return queries.find_product(connection, id)

    def photos(self, product_id: str | None = None) -> list[CataloguePhoto]:
        """Return the photographs of a product, or of all, by id."""
        with self._database.reading() as connection:
            chosen, values = (
                ("", ()) if product_id is None else ("WHERE product_id = ?", (product_id,))
            )
            found = connection.execute(f"{queries.SELECT_PHOTOS} {chosen} ORDER BY id", values)
            return [CataloguePhoto(*row) for row in found]

    def photo(self, id: int) -> CataloguePhoto:
        """Return one photograph.

        :raises CatalogueError: the catalogue has no such photograph.
        """
        with self._database.reading() as connection:
            return queries.find_photo(connection, id)

    def path(self, photo: CataloguePhoto) -> Path:
        """Return where the photograph's file lies."""
        return self.folder / PurePosixPath(photo.file)

    def thumbnail(self, photo: CataloguePhoto) -> Path:
        """Return a small JPEG of the photograph, made when first asked for.

        Where the disk refuses to keep it, the photograph itself serves.

        :raises PhotoError: the photograph's file is gone or damaged.
        """
        from search import photos

        place = self.folder / PurePosixPath(thumb_file(photo.sha256))
        if size(place):
            return place
        small = photos.thumbnail(photos.read(self.path(photo)))
        try:
            write_atomically(place, small, durable=False)  # it can be made again
        except OSError:
            return self.path(photo)
        return place

    def snapshot(self, fingerprint: str) -> Snapshot:
        """Read the whole catalogue, with its features of one network, at a single revision."""
        with self._database.reading() as connection:
            photo_ids, vectors = stored.matrix(connection, fingerprint)
            return Snapshot(
                revision=revisions.newest(connection),
                fingerprint=fingerprint,
                products=tuple(queries.products(connection)),
                photos=tuple(queries.photos(connection)),
                photo_ids=photo_ids,
                features=vectors,
            )

    def fingerprints(self) -> dict[str, int]:
        """Return for each network's fingerprint how many photographs have its feature."""
        with self._database.reading() as connection:
            return stored.coverage(connection)

    def without_feature(self, fingerprint: str) -> list[CataloguePhoto]:
        """Return the photographs still to be encoded for this network, by id."""
        with self._database.reading() as connection:
            found = connection.execute(
                f"{queries.SELECT_PHOTOS} LEFT JOIN feature ON feature.sha256 = photo.sha256"
                " AND feature.fingerprint = ? WHERE feature.sha256 IS NULL ORDER BY photo.id",
                (fingerprint,),
            )
            return [CataloguePhoto(*row) for row in found]

    def known_features(
        self, fingerprint: str, shas: Iterable[str]
    ) -> dict[str, NDArray[np.float32]]:
        """Return those of the asked features that are kept already, by sha256."""
        with self._database.reading() as connection:
            return stored.known(connection, fingerprint, shas)

    def keep_features(
        self, fingerprint: str, features: Mapping[str, NDArray[np.float32]], actor: str = ""
    ) -> None:
        """Keep features by the sha256 of their photographs, before or after those are added.

        A revision is added only where a photograph of the catalogue gains a feature.

        :raises MismatchError: another size than the features kept under this fingerprint.
        :raises FeatureError: a feature is not a finite row of numbers.
        """
        if self._database.in_transaction:  # part of the change this thread is making
            with explained(self._database.path):
                stored.keep(self._database.connection(), fingerprint, features)
            return
        with self._database.writing() as connection, explained(self._database.path):
            gained = stored.keep(connection, fingerprint, features)
            if gained:
                detail = fingerprint
                revisions.begin(connection, now(), actor, "encode", detail, photos=gained)

    def setting(self, key: str) -> str | None:
        """Return a setting of this catalogue, or None."""
        with self._database.reading() as connection:
            row = connection.execute("SELECT value FROM setting WHERE key = ?", (key,)).fetchone()
            return None if row is None else str(row[0])

    def set_setting(self, key: str, value: str) -> None:
        """Keep a setting; this is no revision."""
        statement = "INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)"
        if self._database.in_transaction:
            with explained(self._database.path):
                self._database.connection().execute(statement, (key, value))
            return
        with self._database.writing() as connection, explained(self._database.path):
            connection.execute(statement, (key, value))

    @contextlib.contextmanager
    def change(
        self, actor: str, action: str, detail: str = "", *, restored: int | None = None
    ) -> Iterator[Change]:
        """Make one change: all of it becomes one revision, or, on any error, nothing happens.

        A change that touches no row adds no revision.

        :raises BusyError: somebody else was writing for longer than ``patience`` seconds.
        """
        staging = Staging(self.folder)
        try:
            with self._database.writing() as connection:
                with explained(self._database.path):
                    number = revisions.begin(
                        connection, now(), actor, action, detail, restored=restored
                    )
                    untouched = connection.total_changes
                change = Change(self._database.path, connection, staging, number)
                try:
                    yield change
                finally:
                    change.open = False
                with explained(self._database.path):
                    if not connection.in_transaction:
                        raise CatalogueError(
                            "The change was abandoned after an earlier error: try it again."
                        )
                    staging.publish()
                    if connection.total_changes == untouched:
                        connection.execute("ROLLBACK")
                    else:
                        revisions.finish(connection, number)
        except BaseException:
            staging.discard()
            raise

    def revisions(self, limit: int = 50) -> list[Revision]:
        """Return the newest revisions, newest first."""
        with self._database.reading() as connection:
            return revisions.latest(connection, limit)

    def changes(self, number: int) -> list[RowChange]:
        """Return the rows a revision touched, in order.

        :raises CatalogueError: there is no such revision, or it is too old to be known in detail.
        """
        with self._database.reading() as connection:
            return revisions.changes(connection, number)

    def oldest_restorable(self) -> int:
        """Return the oldest revision whose state can still be restored."""
        with self._database.reading() as connection:
            return revisions.oldest_restorable(connection)

    def restore(self, number: int, actor: str) -> int:
        """Bring products and photographs back to their state after revision ``number``.

        :returns: the number of the new revision, or of the present one where nothing differs.
        :raises CatalogueError: there is no such revision, or it is too old to be restored.
        """
        return self._restore(number, actor, "restore", f"revision {number}")

    def undo(self, actor: str) -> int:
        """Take back the last change of products or photographs; again, the one before it.

        :returns: the number of the new revision.
        :raises CatalogueError: there is no change left to take back.
        """
        with self._database.reading() as connection:
            number = revisions.last_change(connection)
        return self._restore(number - 1, actor, "undo", f"revision {number}")

    def _restore(self, number: int, actor: str, action: str, detail: str) -> int:
        change = self.change(actor, action, detail, restored=number)
        with change as made, explained(self._database.path):
            revisions.restore(self._database.connection(), number)
        return min(made.revision, self.revision())

    def check(self, *, thorough: bool = False) -> list[Finding]:
        """Look for damage and for photographs without a file, or files without a photograph.

        :param thorough: also read every photograph and compare it with its sha256.
        """
        return repair.check(self._database, self.folder, thorough=thorough)

    def mend(self, *, originals: Path | None = None, thorough: bool = False) -> list[Finding]:
        """Put right what check finds; nothing but leftovers is deleted.

        :param originals: a folder in which lost photographs are looked for by their content.
        :raises CatalogueError: so much is missing that the photographs have rather been moved.
        """
        return repair.mend(self, self._database, originals=originals, thorough=thorough)

    def purge(self) -> PurgeReport:
        """Delete files and features that neither the catalogue nor its last 50 changes need."""
        return repair.purge(self._database, self.folder)
