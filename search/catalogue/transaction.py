"""One change of the catalogue: what may be done inside it, and its transaction."""

from __future__ import annotations

import contextlib
import dataclasses
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from search.catalogue import backups, edits, queries, revisions, undoing
from search.catalogue import features as stored
from search.catalogue.database import Database, explained
from search.catalogue.files import Staging, photo_file
from search.catalogue.models import CataloguePhoto, Product, validate
from search.catalogue.undoing import Step
from search.errors import CatalogueError
from search.roles import Actor, Permission, Person, require

if TYPE_CHECKING:
    from search.photos import Photo, PhotoFile  # only named: Pillow is loaded by who reads one

_EDITABLE = tuple(
    name for name in queries.PRODUCT_COLUMNS if name not in ("id", "created", "updated")
)
_PUT = f"""
INSERT INTO product ({", ".join(queries.PRODUCT_COLUMNS)})
VALUES ({", ".join("?" * len(queries.PRODUCT_COLUMNS))})
ON CONFLICT (id) DO UPDATE
SET {", ".join(f"{name} = excluded.{name}" for name in (*_EDITABLE, "updated"))}
WHERE ({", ".join(f"product.{name}" for name in _EDITABLE)})
      IS NOT ({", ".join(f"excluded.{name}" for name in _EDITABLE)})
"""


class Change:
    """What may be done inside `Catalogue.change`.

    `revision` is the number that the change will have. Once the change is over it is the newest
    revision as the change left it: its own, or the one before where nothing differed.
    """

    def __init__(
        self,
        database: Path,
        connection: sqlite3.Connection,
        staging: Staging,
        revision: int,
        actor: Person,
    ) -> None:
        self.revision = revision
        self._actor = actor
        self._open = True
        self._database = database
        self._connection = connection
        self._staging = staging
        self._encoded: set[int] = set()  # photographs that gained a feature
        self._kept = False  # even where no row differs
        self._untouched = connection.total_changes

    def put(self, product: Product) -> None:
        """Insert a product, or update the one of the same id.

        While a sale is on, its regular price is what is stored. Its `created` and `updated` are set
        here, whatever they were.

        :raises CatalogueError: when the product is not valid.
        """
        product = product.regular()
        validate(product)
        at = _now()
        attributes = queries.attributes_text(product.attributes)
        values = dataclasses.replace(product, created=at, updated=at)
        self._execute(
            _PUT,
            [
                attributes if n == "attributes" else getattr(values, n)
                for n in queries.PRODUCT_COLUMNS
            ],
        )

    def update(self, id: str, **fields: Any) -> None:
        """Change some fields of a product.

        :raises CatalogueError: when there is no such product, or a value is not valid.
        """
        with self._writing() as connection:
            product = queries.find_product(connection, id)
        self.put(dataclasses.replace(product, **fields, id=id))

    def delete(self, id: str) -> None:
        """Delete a product and its photographs; their files stay until purged.

        :raises CatalogueError: when there is no such product.
        """
        with self._writing() as connection:
            if connection.execute("SELECT 1 FROM product WHERE id = ?", (id,)).fetchone() is None:
                raise CatalogueError(f"The catalogue has no product “{id}”: check the id.")
        self._execute("DELETE FROM photo WHERE product_id = ?", (id,))
        self._execute("DELETE FROM product WHERE id = ?", (id,))

    def add_photo(
        self, product_id: str, photo: Photo | PhotoFile, *, source: str = ""
    ) -> CataloguePhoto:
        """Add a photograph to a product; one it already has is returned as it is.

        :param source: posix path in the imported folder, or the upload's name.
        :raises CatalogueError: when there is no such product, or the photograph is a cut-out.
        """
        if photo.is_part:
            raise CatalogueError(
                "A part of a photograph cannot be added to a product: add the whole photograph."
            )
        with self._writing() as connection:
            queries.find_product(connection, product_id)
            known = connection.execute(
                "SELECT id FROM photo WHERE sha256 = ? AND product_id = ?",
                (photo.sha256, product_id),
            ).fetchone()
            if known:
                present = queries.find_photo(connection, known[0])
                self._staging.add(present.file, photo.data)  # in case it was lost
                return present
            file = photo_file(photo.sha256, photo.format)
            self._staging.add(file, photo.data)
        added = self._execute(
            "INSERT INTO photo (product_id, sha256, file, source, width, height)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (product_id, photo.sha256, file, source, photo.width, photo.height),
        )
        with self._writing() as connection:
            return queries.find_photo(connection, int(added.lastrowid or 0))

    def remove_photo(self, photo_id: int) -> None:
        """Take a photograph from its product; its file stays until purged.

        :raises CatalogueError: when there is no such photograph.
        """
        gone = self._execute("DELETE FROM photo WHERE id = ?", (photo_id,))
        if not gone.rowcount:
            with self._writing() as connection:
                queries.find_photo(connection, photo_id)

    def save_features(self, fingerprint: str, features: Mapping[str, NDArray[np.float32]]) -> None:
        """Save features by the sha256 of their photographs, before or after those are added.

        :raises MismatchError: when one has another size than those stored under this fingerprint.
        :raises FeatureError: when one is not a finite row of numbers.
        """
        with self._writing() as connection:
            self._encoded |= stored.save(connection, fingerprint, features)

    def set_setting(self, key: str, value: str) -> None:
        """Save a setting of the catalogue; that alone makes no revision.

        :raises AccessError: whoever makes this change may not.
        """
        require(self._actor, Permission.SETTINGS)
        with self._writing() as connection:
            queries.set_setting(connection, key, value)

    def restore(self, number: int, agreed: str | None = None) -> None:
        """Bring products and photographs back to their state after revision `number`.

        :param agreed: the question about it that was answered, see `Step.question`.
        :raises CatalogueError: when there is no such revision, it is too old to be restored, or
            another question is to be asked by now.
        """
        with self._writing() as connection:
            step = undoing.restore_step(connection, self._actor.name, number, self.revision)
            undoing.check_agreed(step, agreed)
            revisions.restore(connection, number)
            revisions.describe(connection, self.revision, f"revision {number}", restored=number)

    def undo(self, agreed: str | None = None) -> None:
        """Take back the last change of products or photographs; again, the one before it.

        :param agreed: the question about it that was answered, see `Step.question`.
        :raises CatalogueError: when no change is left that can be taken back, or another question
            is to be asked by now.
        """
        with self._writing() as connection:
            step = undoing.undo_step(connection, self._actor.name, self.revision)
            undoing.check_agreed(step, agreed)
            self._go(connection, step)

    def redo(self) -> None:
        """Take back the last undo; again, the one before it.

        :raises CatalogueError: when there is none, or something was changed since.
        """
        with self._writing() as connection:
            self._go(connection, undoing.redo_step(connection, self.revision))

    def _go(self, connection: sqlite3.Connection, step: Step) -> None:
        revisions.restore(connection, step.target)
        detail = f"revision {step.change}"
        revisions.describe(connection, self.revision, detail, restored=step.target)

    def accept(self) -> None:
        """Take over what other programs have changed in the database, as it is there.

        What they changed since the newest revision becomes this one's, so that it can be undone.
        """
        with self._writing() as connection:
            edits.accept(connection, self.revision)
            self._kept = True

    def _finish(self) -> None:
        with self._writing() as connection:
            self._staging.publish()
            if connection.total_changes == self._untouched:
                connection.execute("ROLLBACK")
                self.revision -= 1
            else:
                if revisions.is_large(connection, self.revision):
                    backups.before_large_change(self._database)  # which sees what is committed
                self.revision = revisions.finish(
                    connection, self.revision, self._encoded, kept=self._kept
                )

    def _execute(self, statement: str, values: Iterable[object] = ()) -> sqlite3.Cursor:
        with self._writing() as connection:
            return connection.execute(statement, tuple(values))

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        # A full disk makes SQLite roll back by itself; what follows must not be saved row by row.
        if not self._open or not self._connection.in_transaction:
            raise CatalogueError("The change was abandoned after an earlier error: try it again.")
        with explained(self._database):
            yield self._connection


@contextlib.contextmanager
def change(
    database: Database, folder: Path, actor: Actor, action: str, detail: str = ""
) -> Iterator[Change]:
    """Make one change of the catalogue in `folder`; see `Catalogue.change`.

    :raises AccessError: the one who acts may not change the catalogue.
    :raises BusyError: when somebody else was writing for longer than the database's patience.
    :raises NestedTransactionError: when this thread is reading or changing the catalogue already.
    """
    acting = require(actor, Permission.EDIT)
    staging = Staging(folder)
    try:
        with database.writing() as connection:
            with explained(database.path):
                number = revisions.begin(connection, _now(), acting.name, action, detail)
            made = Change(database.path, connection, staging, number, acting)
            try:
                yield made
                made._finish()
            finally:
                made._open = False
    except BaseException:
        staging.discard()
        raise
    finally:
        staging.close()
    if made.revision == number:
        backups.after_change(database.path)


def _now() -> str:
    """Return the time as the catalogue writes it: ISO 8601 UTC, in seconds."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
