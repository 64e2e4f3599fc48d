"""A snapshot brought to a later revision by what the journal says was changed since.

What comes out is what reading the whole catalogue gives, and only the rows that were touched are
read and verified. Where that is not sure, the answer is None and all is read: where the journal was
forgotten so far back, is damaged, or is another one because a backup was put back; where a row is
damaged, or was before; and where so much was changed that reading all is as quick.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.catalogue import features as stored
from search.catalogue import queries, revisions, variants
from search.catalogue.models import CataloguePhoto, Cursor, Product
from search.catalogue.records import Records
from search.catalogue.snapshots import Difference, Snapshot, priced
from search.catalogue.vectors import Vectors
from search.errors import DamagedError

_MANY = 0.1  # share of products and photographs
_FEW = 1000  # that are never many

# What of a product tells variants of one thing (see `variants`).
_facts = attrgetter(
    *("item_group", "name", "category", "brand", "colour", "regular_price", "currency"),
    "attributes",
)
_id = attrgetter("id")


def follow(connection: sqlite3.Connection, before: Snapshot, moment: str) -> Snapshot | None:
    """Bring a snapshot to the newest revision, with the prices of a moment; None to read all."""
    if before.left_out or before.cursor is None:
        return None
    most = max(_FEW, int(_MANY * (len(before.products) + len(before.photos))))
    try:
        touched = revisions.touched_since(connection, before.cursor, most)
        if touched is None:
            return None
        change = _Change(
            before,
            {id: queries.product_if_any(connection, id) for id in touched["product"]},
            {int(id): queries.photo_if_any(connection, int(id)) for id in touched["photo"]},
        )
        lacking = change.lacking()
        left_out: list[str] = []
        known = stored.some(
            connection,
            before.fingerprint,
            {photo.sha256 for photo in lacking},
            left_out,
            size=before.vectors.size,
        )
    except DamagedError:
        return None
    if left_out or not change.belongs_together():
        return None
    return change.applied(lacking, *known, moment, revisions.cursor(connection))


class _Change:
    """What came, went and changed: products by id, photographs by number, None for what is gone."""

    def __init__(
        self,
        before: Snapshot,
        products: Mapping[str, Product | None],
        photos: Mapping[int, CataloguePhoto | None],
    ) -> None:
        self.before = before
        there = {id: product for id, product in products.items() if product is not None}
        self.gone = sorted(
            before.position[id] for id in products.keys() - there if id in before.position
        )
        self.came = {id: p for id, p in there.items() if id not in before.position}
        self.changed = {id: p for id, p in there.items() if id in before.position}
        moved = {id: p for id, p in photos.items() if before.photo.get(id) != p}
        self.gone_photos = {id for id in moved if id in before.photo}
        self.came_photos = sorted((p for p in moved.values() if p is not None), key=_id)

    def belongs_together(self) -> bool:
        """Tell whether every photograph is of a product that is there."""
        gone, known = self._gone_ids(), self.before.position
        owners = {photo.product_id for photo in self.came_photos} - self.came.keys()
        if not all(id in known and id not in gone for id in owners):
            return False
        left = self.before.photos_among(gone) if gone else ()
        return all(photo.id in self.gone_photos for photo in left)

    def _gone_ids(self) -> set[str]:
        return {self.before.products[n].id for n in self.gone}

    def lacking(self) -> list[CataloguePhoto]:
        """List the photographs, by id, that have no row yet."""
        stay = (p for p in self.before.without_row if p.id not in self.gone_photos)
        return sorted((*stay, *self.came_photos), key=_id)

    def applied(
        self,
        lacking: Sequence[CataloguePhoto],
        shas: Sequence[str],
        rows: Vectors,
        moment: str,
        cursor: Cursor,
    ) -> Snapshot:
        """Give the snapshot after it; `rows` (m, d) are the features known of those `lacking`."""
        before = self.before
        put = {before.position[id]: product for id, product in self.changed.items()}
        products = before.products.edited(put, self.gone, self.came.values())
        position = before.position.changed(self._gone_ids(), self.came)
        on_sale = self._on_sale()
        sold = priced(products, map(position.__getitem__, on_sale), moment)
        products = products.edited(sold)
        dear = [n for n, product in sold.items() if product.id not in self.came]
        place = {sha256: n for n, sha256 in enumerate(shas)}
        new = [photo for photo in lacking if photo.sha256 in place]
        gone_rows = np.flatnonzero(np.isin(before.photo_ids, _numbers(self.gone_photos)))
        kept = np.delete(before.photo_ids, gone_rows) if len(gone_rows) else before.photo_ids
        ids = _numbers([photo.id for photo in new])
        at = np.searchsorted(kept, ids)
        since = Difference(
            len(products),
            len(kept) + len(ids),
            gone=_numbers(self.gone),
            came=_numbers(position[id] for id in self.came),
            changed=_numbers({*dear, *(position[id] for id in self.changed)}),
            gone_rows=gone_rows,
            came_rows=at + np.arange(len(at)),
        )
        found = rows.taken(np.array([place[photo.sha256] for photo in new], np.int64))
        after = replace(
            before,
            revision=cursor.revision,
            cursor=cursor,
            products=products,
            photos=self._photos(),
            photo_ids=np.insert(kept, at, ids) if len(ids) else kept,
            vectors=before.vectors.changed(gone_rows, since.came_rows, found),
            moment=moment,
            since=since,
            fetched=before.fetched + len(ids),
        )
        there = {photo.id for photo in new}
        without = tuple(photo for photo in lacking if photo.id not in there)
        after.keep({"position": position, "without_row": without, "on_sale": on_sale})
        after.keep(self._known(after, since))
        return after

    def _on_sale(self) -> frozenset[str]:
        there = self.came | self.changed
        left = self.before.on_sale - self._gone_ids() - there.keys()
        return left | {id for id, product in there.items() if product.sale_price is not None}

    def _photos(self) -> Records[CataloguePhoto]:
        photos = self.before.photos
        gone = [place for id in self.gone_photos if (place := photos.find(id)) is not None]
        return photos.edited(gone=gone, came=self.came_photos)

    def _by_product(self) -> Mapping[str, tuple[CataloguePhoto, ...]]:
        before = self.before
        moved = [before.photo[id] for id in self.gone_photos] + self.came_photos
        photos = dict(before.photos_of)
        for owner in {photo.product_id for photo in moved}:
            old = (p for p in photos.pop(owner, ()) if p.id not in self.gone_photos)
            came = (p for p in self.came_photos if p.product_id == owner)
            if now := tuple(sorted((*old, *came), key=_id)):
                photos[owner] = now
        return photos

    def _known(self, after: Snapshot, since: Difference) -> dict[str, Any]:
        """Bring up to date what was worked out of the snapshot before."""
        before, known = self.before, dict[str, Any]()
        if "row_product" in before.__dict__:
            known["row_product"] = before.row_product
            if len(since.gone) or len(since.came) or len(since.gone_rows) or len(since.came_rows):
                moved = since.moved(len(before.products))[before.row_product]
                fresh = (after.photo[id] for id in after.photo_ids[since.came_rows].tolist())
                came = after.position.several(photo.product_id for photo in fresh)
                known["row_product"] = since.carried_rows(moved, came)
        if after.photos is before.photos:
            same = {"photos_of", "main_photo"} & before.__dict__.keys()
            known |= {name: before.__dict__[name] for name in same}
        elif "photos_of" in before.__dict__:
            known["photos_of"] = self._by_product()
        if "owners" in before.__dict__:
            before.owners.add(self.came_photos)
            known["owners"] = before.owners
        after.keep(known)
        if "group" in before.__dict__:
            known["group"], known["sharing"] = self._groups(after, since)
        return known

    def _groups(
        self, after: Snapshot, since: Difference
    ) -> tuple[NDArray[np.int64], frozenset[str]]:
        """Give each product's group, and which share a photograph.

        Looked at anew are only the products that the change may bring into a group or out of one.
        """
        before, gone = self.before, self._gone_ids()
        were = [before.products[n] for n in self.gone]
        were += [old for id, new in self.changed.items() if (old := self._other(id, new))]
        moved = [before.photo[id] for id in self.gone_photos] + self.came_photos
        named = {product.id for product in were} | {photo.product_id for photo in moved}
        named = (named - gone) | self.came.keys()
        names = {product.item_group for product in were}
        if not moved and not gone and not self.came and not names - {""}:
            grouped = {id for id in named if self.changed[id].item_group}
            if not grouped and named.isdisjoint(before.sharing):
                return before.group, before.sharing
        shas = {photo.sha256 for photo in moved}
        ids = variants.fellows(after, named, names=names, shas=shas)
        group = since.aligned(since.moved(len(before.products))[before.group])
        some = np.array(sorted(after.position[id] for id in ids), np.int64)
        photos = Records(after.photos_among(ids))
        shared = variants.sharing(photos)
        if len(some):
            products = Records(after.products[n] for n in some.tolist())
            group[some] = some[variants.groups(products, photos, shared)]
        return group, (before.sharing - ids - gone) | shared

    def _other(self, id: str, new: Product) -> Product | None:
        """Give a product as it was, where that matters to which others are variants of it."""
        old = self.before.products[self.before.position[id]]
        return old if _facts(old) != _facts(new) else None


def _numbers(values: Collection[int] | Any) -> NDArray[np.int64]:
    """Give whole numbers, rising."""
    return np.array(sorted(values), np.int64)
