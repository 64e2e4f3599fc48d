"""A catalogue published to Milvus, where it is searched without SQLite and by many processes.

SQLite stays the truth; here its newest revision is written to a vector database. Every row there
bears a digest of its content, so what is written is what differs, whatever was interrupted before:
a publication can be killed at any moment and begun again. The state is written last. Until then the
rows are a mixture of two revisions, each product whole; a new network, or a rebuild, is written to
a collection of its own that takes over the index's name when it is complete.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from search.catalogue import Catalogue, CataloguePhoto, Product, Snapshot
from search.engine.bands import bands_of
from search.engine.colours import colours_of
from search.engine.learning import saved_under
from search.engine.milvus import generations, rows, summary
from search.engine.milvus import state as states
from search.engine.milvus.address import Address
from search.engine.milvus.client import connect
from search.engine.milvus.collection import Collection, Row
from search.engine.milvus.schema import Held
from search.engine.rows import FeatureRows
from search.errors import BusyError, IndexUnavailable, MismatchError
from search.photos.palette import COLOURS
from search.progress import OnProgress, Reporter

if sys.platform != "win32":
    import fcntl

SETTINGS = ("network", "experiment")
"""The catalogue's settings that are published, beside what was learnt of it."""

GRACE = 5.0
"""Seconds that a collection stays after another took over its name: readers look every second."""

_TOGETHER = 500  # rows written at once
_LOCK = "publishing.lock"
_OF_PRODUCTS = f"id > 0 or id < -{2**32}"
_LOOKED = 0.5  # seconds between two looks for a new revision
_LEARNT = 60.0  # seconds between two looks for what was learnt, which makes no revision
_AGAIN = 5.0  # seconds until an index that failed is tried again


_Key = tuple[Product, tuple[CataloguePhoto, ...], str, bool, tuple[tuple[int, bool], ...]]


@dataclass(frozen=True, slots=True)
class Publication:
    """What a publication did: rows written and deleted, and whether the name was switched.

    `left_out` has a sentence for each product that could not be published.
    """

    address: str
    revision: int
    fingerprint: str
    products: int
    photographs: int
    written: int
    deleted: int
    switched: bool
    left_out: tuple[str, ...] = ()


class Publisher:
    """Publishes one catalogue to one address, again and again: what it wrote it remembers.

    Only one process at a time publishes a catalogue; use it as a context manager.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        fingerprint: str,
        address: Address,
        *,
        grace: float | None = None,
    ) -> None:
        self.catalogue = catalogue
        self.fingerprint = fingerprint
        self.address = address
        self._grace = GRACE if grace is None else grace
        self._digests: dict[int, str] | None = None
        self._known: dict[str, _Key] = {}
        self._collection = ""
        self._words: str | None = None
        self._lock = contextlib.ExitStack()

    def __enter__(self) -> Publisher:
        """Take the catalogue's lock.

        :raises BusyError: another process publishes the catalogue.
        """
        self._lock.enter_context(_alone(self.catalogue))
        return self

    def __exit__(self, *_: object) -> None:
        self._lock.close()

    def publish(
        self, *, rebuild: bool = False, on_progress: OnProgress | None = None
    ) -> Publication:
        """Bring what is published to the newest revision.

        :raises MismatchError: the catalogue has photographs, and none is encoded by this network.
        :raises FeatureError: the catalogue's features are not unit rows.
        :raises IndexUnavailable: Milvus does not answer or refuses.
        :raises Cancelled: `on_progress` stopped it; what was written is not lost.
        """
        snapshot = self._snapshot()
        size, photographs = snapshot.vectors.size, len(snapshot.photo_ids)
        connection = connect(self.address)
        target = generations.to_fill(
            connection, self.address, self.fingerprint, size, photographs, rebuild=rebuild
        )
        collection = target.collection
        if collection.name != self._collection or self._digests is None:
            self._forget(collection)
        try:
            left_out: list[str] = list(snapshot.left_out)
            written, deleted = self._bring(collection, snapshot, size, left_out, on_progress)
            if self._words is None:
                self._words = states.to_text(rows.words_of(snapshot.products))
            settings = self._settings(snapshot)
            summary.write(target, self.catalogue.name, snapshot, settings, self._words, size)
        except BaseException:
            self._digests = None  # what of it was written is not known
            raise
        if self.address.lite:  # which searches faster what it has sorted into its files
            collection.flush()
        switched = generations.switch(connection, self.address, collection.name)
        self._drop_others(collection, switched=switched)
        return Publication(
            str(self.address),
            snapshot.revision,
            self.fingerprint,
            len(snapshot.products),
            photographs,
            written,
            deleted,
            switched,
            tuple(left_out),
        )

    def _snapshot(self) -> Snapshot:
        snapshot = self.catalogue.snapshot(self.fingerprint)
        FeatureRows.fit(snapshot.photo_ids, snapshot.vectors)
        if snapshot.photos and not len(snapshot.photo_ids):
            network = self.fingerprint.rpartition("-")[0]
            raise MismatchError(
                f"This catalogue's photographs are not encoded by {network}: run `python -m search "
                f"encode --network {network} --catalogue {self.catalogue.name}` first."
            )
        return snapshot

    def _forget(self, collection: Collection) -> None:
        """Read anew what is there."""
        there = collection.every(_OF_PRODUCTS, ["id", "digest"])
        self._digests = {row["id"]: row["digest"] for row in there}
        self._collection, self._known, self._words = collection.name, {}, None

    def _bring(
        self,
        collection: Collection,
        snapshot: Snapshot,
        size: int,
        left_out: list[str],
        on_progress: OnProgress | None,
    ) -> tuple[int, int]:
        """Write and delete what differs; count both."""
        assert self._digests is not None
        digests, known = self._digests, self._known
        reporter = Reporter(on_progress, len(snapshot.products))
        keys: dict[str, _Key] = {}
        left: set[str] = set()  # until their rows are made
        there: set[int] = set()

        def changed() -> Iterator[Held]:
            for held in rows.of_snapshot(snapshot, colours_of(self.catalogue, snapshot)[:]):
                id = held.product.id
                keys[id] = _key(held)
                if keys[id] == known.get(id):
                    there.update(held.ids)
                    continue
                if id not in known or not _same_words(known[id][0], held.product):
                    self._words = None
                left.add(id)
                yield held

        written = 0
        waiting: list[Row] = []
        for held, its in rows.made(changed(), size, left_out):
            left.discard(held.product.id)
            there.update(held.ids)
            waiting += (row for row in its if digests.get(row["id"]) != row["digest"])
            digests |= {row["id"]: row["digest"] for row in its}
            if len(waiting) >= _TOGETHER:
                collection.write(waiting)
                written += len(waiting)
                waiting = []
                reporter.report(len(keys))
        collection.write(waiting)
        written += len(waiting)
        gone = sorted(digests.keys() - there)
        collection.delete(gone)
        for id in gone:
            del digests[id]
        if known.keys() - keys.keys():
            self._words = None
        self._known = {id: key for id, key in keys.items() if id not in left}
        reporter.report(len(keys))
        return written, len(gone)

    def _settings(self, snapshot: Snapshot) -> dict[str, str]:
        bands_of(self.catalogue, snapshot)  # learnt here, where the features are
        found = {name: self.catalogue.derived(name) for name in saved_under(self.fingerprint)}
        found |= {name: self.catalogue.setting(name) for name in SETTINGS}
        return {name: text for name, text in found.items() if text is not None}

    def _drop_others(self, collection: Collection, *, switched: bool) -> None:
        connection = collection.connection
        if switched and generations.others(connection, self.address, collection.name):
            time.sleep(self._grace)
        generations.drop_others(connection, self.address, collection.name)


def publish(
    catalogue: Catalogue,
    fingerprint: str,
    address: Address,
    *,
    rebuild: bool = False,
    on_progress: OnProgress | None = None,
) -> Publication:
    """Bring what is published at an address to the catalogue's newest revision; see `Publisher`.

    :raises SearchError: as `Publisher` and `Publisher.publish`.
    """
    with Publisher(catalogue, fingerprint, address) as publisher:
        return publisher.publish(rebuild=rebuild, on_progress=on_progress)


def follow(
    publisher: Publisher,
    stopped: Callable[[], bool] = lambda: False,
    on_failure: Callable[[IndexUnavailable], None] = lambda _: None,
) -> Iterator[Publication]:
    """Publish each new revision within a second, until stopped; yield what each did.

    An index that does not answer is tried again, after `on_failure` was told.
    """
    published, looked = -1, 0.0
    while not stopped():
        revision = publisher.catalogue.revision()
        if revision == published and time.monotonic() < looked + _LEARNT:
            time.sleep(_LOOKED)
            continue
        try:
            done = publisher.publish()
        except IndexUnavailable as error:
            on_failure(error)
            time.sleep(_AGAIN)
            continue
        looked = time.monotonic()
        if done.revision != published or done.written or done.deleted:
            yield done
        published = done.revision


def _key(held: Held) -> _Key:
    """Give what a product's rows are made of; a photograph's feature follows its content."""
    coloured = tuple(
        (id, bool(vector[-COLOURS:].any())) for id, vector in sorted(held.vectors.items())
    )
    return held.product.regular(), held.photos, held.variants, held.many, coloured


def _same_words(before: Product, now: Product) -> bool:
    names = ("id", "name", "category", "brand", "colour", "attributes")
    return all(getattr(before, name) == getattr(now, name) for name in names)


@contextlib.contextmanager
def _alone(catalogue: Catalogue) -> Iterator[None]:
    """Keep other processes from publishing the catalogue, where the system has locks.

    :raises BusyError: one does so just now.
    """
    if sys.platform == "win32":
        yield
        return
    descriptor = os.open(catalogue.folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise BusyError(
            "Another process publishes this catalogue just now: wait until it is done, or stop it."
        ) from None
    else:
        yield
    finally:
        os.close(descriptor)
