"""What may be done inside one change of the catalogue."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from search.catalogue import queries
from search.catalogue.database import explained
from search.catalogue.files import Staging, photo_file
from search.catalogue.models import CataloguePhoto, Product, validate
from search.errors import CatalogueError

if TYPE_CHECKING:
    from search.photos import Photo, PhotoFile

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


def now() -> str:
    """Return the time as the catalogue writes it: ISO 8601 UTC, in seconds."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Change:
    """What may be done inside ``Catalogue.change``; ``revision`` is the number it will have."""

    def __init__(
        self, database: Path, connection: sqlite3.Connection, staging: Staging, revision: int
    ) -> None:
        self.revision = revision
        self.open = True
        self._database = database
        self._connection = connection
        self._staging = staging

    def put(self, product: Product) -> None:
        """Insert a product or update the one of the same id; ``created`` and ``updated`` are ours.

        :raises CatalogueError: the product is not valid.
        """
        validate(product)
        at = now()
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

        :raises CatalogueError: there is no such product, or a value is not valid.
        """
        with self._sentences():
            product = queries.find_product(self._connection, id)
        self.put(dataclasses.replace(product, **fields, id=id))

    def delete(self, id: str) -> None:
        """Delete a product and its photographs; their files stay until purged.

        :raises CatalogueError: there is no such product.
        """
        with self._sentences():
            queries.find_product(self._connection, id)
        self._execute("DELETE FROM photo WHERE product_id = ?", (id,))
        self._execute("DELETE FROM product WHERE id = ?", (id,))

    def add_photo(
        self, product_id: str, photo: Photo | PhotoFile, *, source: str = ""
    ) -> CataloguePhoto:
        """Add a photograph to a product; one it already has is returned as it is.

        :param source: posix path in the imported folder, or the upload's name.
        :raises CatalogueError: there is no such product, or the photograph is a cut-out.
        """
        if hashlib.sha256(photo.data).hexdigest() != photo.sha256:
            raise CatalogueError(
                "A cut-out of a photograph cannot be kept: add the whole photograph."
            )
        with self._sentences():
            queries.find_product(self._connection, product_id)
            known = self._connection.execute(
                f"{queries.SELECT_PHOTOS} WHERE sha256 = ? AND product_id = ?",
                (photo.sha256, product_id),
            ).fetchone()
            if known:
                kept = CataloguePhoto(*known)
                self._staging.add(kept.file, photo.data)  # in case it was lost
                return kept
            file = photo_file(photo.sha256, photo.format)
            self._staging.add(file, photo.data)
        added = self._execute(
            "INSERT INTO photo (product_id, sha256, file, source, width, height)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (product_id, photo.sha256, file, source, photo.width, photo.height),
        )
        with self._sentences():
            return queries.find_photo(self._connection, int(added.lastrowid or 0))

    def remove_photo(self, photo_id: int) -> None:
        """Take a photograph from its product; its file stays until purged.

        :raises CatalogueError: there is no such photograph.
        """
        with self._sentences():
            queries.find_photo(self._connection, photo_id)
        self._execute("DELETE FROM photo WHERE id = ?", (photo_id,))

    def _execute(self, statement: str, values: Iterable[object] = ()) -> sqlite3.Cursor:
        with self._sentences():
            return self._connection.execute(statement, tuple(values))

    @contextlib.contextmanager
    def _sentences(self) -> Iterator[None]:
        # A full disk makes SQLite roll back by itself; what follows must not be saved row by row.
        if not self.open or not self._connection.in_transaction:
            raise CatalogueError("The change was abandoned after an earlier error: try it again.")
        with explained(self._database):
            yield
