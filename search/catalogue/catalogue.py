"""The catalogue of a shop: products, photographs and features in one SQLite file.

SQLite is the truth and everything else is derived from it. Every change is one transaction that
adds one revision; photograph files lie beside the database, named by their content.
"""

from __future__ import annotations

import contextlib
import zlib
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from search.catalogue import (
    backups,
    files,
    purge,
    queries,
    reading,
    repair,
    revisions,
    thumbnails,
    transaction,
    undoing,
)
from search.catalogue import features as stored
from search.catalogue.backups import Backup
from search.catalogue.database import Database, explained
from search.catalogue.findings import Finding
from search.catalogue.models import CataloguePhoto, Product, Revision, RowChange
from search.catalogue.purge import PurgeReport
from search.catalogue.reading import Saved
from search.catalogue.snapshots import Snapshot
from search.catalogue.transaction import Change
from search.catalogue.undoing import Kind, Step
from search.errors import DamagedError
from search.files import write_atomically
from search.roles import OPERATOR, Actor, Permission, person, require

DATABASE = "catalogue.db"
LARGEST_DERIVED = 64 * 2**20  # bytes; ours have up to 2 MB


class Catalogue:
    """A folder with `catalogue.db`, photographs and thumbnails; safe under threads and processes.

    :param folder: created with an empty catalogue where there is none.
    :param patience: seconds to wait for another writer before BusyError.
    :raises DamagedError: when the file is damaged, or empty or gone beside photographs.
    :raises CatalogueError: when it is another program's, or of a newer version, or the folder
        cannot be written.
    """

    def __init__(self, folder: Path, *, patience: float = 10.0) -> None:
        self.folder = Path(folder)
        self._database = Database(self.folder / DATABASE, patience=patience)
        files.remove_drafts(self.folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections of all threads; a backup under way is finished first."""
        backups.finish(self._database.path)
        self._database.close()

    @property
    def name(self) -> str:
        """Return the folder's name."""
        return self.folder.absolute().name

    def revision(self) -> int:
        """Return the number of the newest revision; 0 for a catalogue never changed."""
        with self._database.reading() as connection:
            return revisions.newest(connection)

    def products(self) -> list[Product]:
        """Return all products by id, as they are stored."""
        with self._database.reading() as connection:
            return queries.products(connection)

    def product(self, id: str) -> Product:
        """Return one product, as it is stored.

        :raises CatalogueError: when the catalogue has no such product.
        """
        with self._database.reading() as connection:
            return queries.find_product(connection, id)

    def photos(self, product_id: str | None = None) -> list[CataloguePhoto]:
        """Return the photographs of a product, or of all, by id."""
        with self._database.reading() as connection:
            return queries.photos(connection, product_id)

    def photo(self, id: int) -> CataloguePhoto:
        """Return one photograph.

        :raises CatalogueError: when the catalogue has no such photograph.
        """
        with self._database.reading() as connection:
            return queries.find_photo(connection, id)

    def path(self, photo: CataloguePhoto) -> Path:
        """Return where the photograph's file lies.

        :raises OutsideError: when its row names a place outside the catalogue's folder.
        """
        return files.inside(self.folder, photo.file, files.PHOTOS)

    def thumbnail(self, photo: CataloguePhoto) -> Path:
        """Return the file of a small JPEG of the photograph, made when first asked for.

        Where the disk refuses to store it, the photograph itself serves.

        :raises PhotoError: when the photograph's file is gone, damaged or outside the folder.
        """
        return thumbnails.thumbnail(self.folder, photo.sha256, self.path(photo))

    def snapshot(
        self, fingerprint: str, before: Snapshot | None = None, saved: Saved | None = None
    ) -> Snapshot:
        """Give all of it at one revision, as it is sold now; what is damaged is left out and named.

        Of what was read `before`, or is `saved`, only the changes are read.
        """
        with self._database.reading() as connection:
            return reading.snapshot(connection, fingerprint, before, saved)

    def fingerprints(self) -> dict[str, int]:
        """Return for each network's fingerprint how many photographs have its feature."""
        with self._database.reading() as connection:
            return stored.coverage(connection)

    def stored_bytes(self) -> dict[str, int]:
        """Return for each network's fingerprint the bytes that its features take on disk."""
        with self._database.reading() as connection:
            return stored.stored_bytes(connection)

    def without_feature(self, fingerprint: str) -> list[CataloguePhoto]:
        """Return the photographs still to be encoded for this network, by id."""
        with self._database.reading() as connection:
            return stored.missing(connection, fingerprint)

    def known_features(
        self, fingerprint: str, shas: Iterable[str]
    ) -> dict[str, NDArray[np.float32]]:
        """Return the stored features among those of `shas`, by sha256."""
        with self._database.reading() as connection:
            return stored.known(connection, fingerprint, shas)

    def save_features(
        self, fingerprint: str, features: Mapping[str, NDArray[np.float32]], actor: Actor = ""
    ) -> None:
        """Save features as a change of their own; inside a change, use `Change.save_features`.

        A revision is added only where a photograph of the catalogue gains a feature.

        :raises MismatchError: when one has another size than those stored under this fingerprint.
        :raises FeatureError: when one is not a finite row of numbers.
        :raises BusyError: when somebody else was writing for longer than `patience` seconds.
        :raises NestedTransactionError: when this thread is in the middle of a read or a change.
        """
        with self.change(actor, "encode", fingerprint) as change:
            change.save_features(fingerprint, features)

    def setting(self, key: str) -> str | None:
        """Return a setting of this catalogue, or None."""
        with self._database.reading() as connection:
            return queries.setting(connection, key)

    def set_setting(self, key: str, value: str, actor: Actor = OPERATOR) -> None:
        """Save a setting, without a new revision; inside a change, use `Change.set_setting`.

        :raises AccessError: the one who acts may not.
        :raises BusyError: when somebody else was writing for longer than `patience` seconds.
        :raises NestedTransactionError: when this thread is in the middle of a read or a change.
        """
        require(actor, Permission.SETTINGS)
        with self._database.writing() as connection, explained(self._database.path):
            queries.set_setting(connection, key, value)

    def derived(self, key: str) -> str | None:
        """Return what was learnt of this catalogue under a key, or None.

        A catalogue may bring it along as a setting; what was saved since then comes first.

        :raises OutsideError: when its place leads out of the catalogue's folder.
        """
        file = files.inside(self.folder, files.derived_file(key))
        with contextlib.suppress(OSError, ValueError):  # replaced just now, or damaged
            if file.is_file() and file.stat().st_size <= LARGEST_DERIVED:
                checksum, _, text = file.read_bytes().partition(b"\n")
                if int(checksum, 16) == zlib.crc32(text):
                    return text.decode()
        with contextlib.suppress(DamagedError):
            return self.setting(key)
        return None

    def save_derived(self, key: str, text: str) -> None:
        """Save what can be learnt again: as a file, so that nobody waits for a writer.

        :raises CatalogueError: when the folder cannot be written.
        """
        file = files.inside(self.folder, files.derived_file(key))
        with explained(self._database.path):
            file.parent.mkdir(exist_ok=True)
            data = text.encode()
            write_atomically(file, b"%08x\n%b" % (zlib.crc32(data), data), durable=False)

    def change(self, actor: Actor, action: str, detail: str = "") -> AbstractContextManager[Change]:
        """Make one change: all of it becomes one revision, or, on any error, nothing happens.

        A change that touches nothing adds no revision.

        :param actor: who acts; the revision bears the name.
        :raises AccessError: they may not change the catalogue.
        :raises BusyError: when somebody else was writing for longer than `patience` seconds.
        :raises NestedTransactionError: when this thread is in the middle of a read or a change.
        """
        return transaction.change(self._database, self.folder, actor, action, detail)

    def revisions(self, limit: int = 50) -> list[Revision]:
        """Return the newest revisions, newest first."""
        with self._database.reading() as connection:
            return revisions.latest(connection, limit)

    def changes(self, number: int) -> list[RowChange]:
        """Return the rows a revision touched, in order.

        :raises CatalogueError: when there is none, or it is too old to be known in detail.
        """
        with self._database.reading() as connection:
            return revisions.changes(connection, number)

    def product_history(self, id: str) -> list[tuple[Revision, RowChange]]:
        """Return what happened to a product, oldest first, as far back as is known in detail."""
        with self._database.reading() as connection:
            return revisions.row_history(connection, "product", id)

    def oldest_restorable(self) -> int:
        """Return the oldest revision whose state can still be restored."""
        with self._database.reading() as connection:
            return revisions.oldest_restorable(connection)

    def restore(self, number: int, actor: Actor, agreed: str | None = None) -> int:
        """Bring products and photographs back to their state after revision `number`.

        :param agreed: the question of its `step` that was answered; without one, nothing is asked.
        :returns: the number of the new revision, or of the present one where nothing differs.
        :raises CatalogueError: when there is no such revision, or another question to ask by now.
        """
        with self.change(actor, "restore") as change:
            change.restore(number, agreed)
        return change.revision

    def undo(self, actor: Actor, agreed: str | None = None) -> int:
        """Take back the last change of products or photographs; again, the one before it.

        :param agreed: as in `restore`.
        :returns: the number of the new revision.
        :raises CatalogueError: when no change is left, or another question to ask by now.
        """
        with self.change(actor, "undo") as change:
            change.undo(agreed)
        return change.revision

    def redo(self, actor: Actor) -> int:
        """Take back the last undo, if nothing was changed since; return the new revision.

        :raises CatalogueError: when there is no such undo.
        """
        with self.change(actor, "redo") as change:
            change.redo()
        return change.revision

    def step(self, kind: Kind, actor: Actor = "", number: int = 0) -> Step:
        """Return what undo, redo or restore would do and ask; raise CatalogueError as they do."""
        with self._database.reading() as connection:
            return undoing.step(connection, kind, person(actor).name, number)

    def check(self, *, thorough: bool = False) -> list[Finding]:
        """Look for damage and for photographs without a file, or files without a photograph.

        :param thorough: also read every photograph, thumbnail, backup and index of a table.
        """
        backups.finish(self._database.path)
        return repair.check(self._database, self.folder, thorough=thorough)

    def accept(self, actor: Actor) -> int:
        """Take over what other programs have changed in the database, as a revision.

        :returns: its number.
        """
        with self.change(actor, "accept", "changed by another program") as change:
            change.accept()
        return change.revision

    def discard_damaged(self, fingerprint: str, actor: Actor = OPERATOR) -> int:
        """Delete the damaged features of a network, so that they are encoded anew; count them.

        :raises AccessError: the one who acts may not change the catalogue.
        :raises BusyError: when somebody else was writing for longer than `patience` seconds.
        :raises NestedTransactionError: when this thread is in the middle of a read or a change.
        """
        require(actor, Permission.EDIT)
        with self._database.reading() as connection:
            damaged = stored.damaged(connection, fingerprint)
        if damaged:
            with self._database.writing() as connection, explained(self._database.path):
                stored.delete_damaged(connection, stored.damaged(connection, fingerprint))
        return len(damaged)

    def repair(
        self,
        *,
        originals: Path | None = None,
        thorough: bool = False,
        actor: Actor = OPERATOR,
    ) -> list[Finding]:
        """Put right what check finds; nothing but unfinished files is deleted.

        :param originals: a folder in which lost photographs are looked for by their content.
        :raises AccessError: the one who acts may not.
        :raises CatalogueError: when so much is missing that the photographs have rather been moved.
        """
        require(actor, Permission.REPAIR)
        return repair.repair(self._database, self.folder, originals=originals, thorough=thorough)

    def purge(self, *, yes_all: bool = False, actor: Actor = OPERATOR) -> PurgeReport:
        """Delete files and features that neither the catalogue nor its last 50 changes need.

        :param yes_all: delete however many; otherwise more than a tenth of all files is refused.
        :raises AccessError: the one who acts may not.
        :raises CatalogueError: when more than a tenth of the photograph files would go.
        """
        require(actor, Permission.PURGE)
        return purge.purge(self._database, self.folder, yes_all=yes_all)

    def backups(self) -> list[Backup]:
        """Return the backups of the database, newest first; `restore_backup` puts one back."""
        backups.finish(self._database.path)
        return backups.listed(self.folder)
