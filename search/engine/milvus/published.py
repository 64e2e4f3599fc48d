"""A published catalogue, read where there is no SQLite: all that answers need comes from Milvus."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.catalogue import CataloguePhoto, Product, sales
from search.engine.filters import FACETS, Filters, Where
from search.engine.milvus import state as states
from search.engine.milvus.address import Address
from search.engine.milvus.client import PATIENCE, connect
from search.engine.milvus.collection import Collection, Consistency
from search.engine.milvus.expressions import all_of, one_of, quoted
from search.engine.milvus.index import MilvusIndex
from search.engine.milvus.schema import FIRST, TINT, photos_of, product_of, size_of
from search.engine.milvus.state import State
from search.engine.milvus.words import Vocabulary
from search.errors import IndexUnavailable, NothingPublished, QueryError
from search.network.vectors import Feature, mean_feature
from search.photos.palette import COLOURS

_VECTORS = ("id", "product", "vector")


def open_published(address: str | Address, *, consistency: Consistency = "Bounded") -> Published:
    """Open what is published at an address; `consistency` is a level of Milvus.

    "Bounded" waits for nothing and sees what was published within a few seconds.

    :raises NothingPublished: nothing is published there yet.
    :raises IndexUnavailable: the address is not legal, Milvus does not answer or pymilvus is not
        installed.
    """
    at = Address.parse(address) if isinstance(address, str) else address
    return _open(at, consistency)


def _open(address: Address, consistency: Consistency) -> Published:
    connection = connect(address)
    behind = connection.behind(address.name)
    if behind is not None:
        connection.load(behind, PATIENCE)
    collection = Collection(connection, behind or "", consistency, PATIENCE)
    state = None if behind is None else _state(collection)
    if state is None:
        if behind is not None:
            size_of(connection, behind)  # refuses another program's
        raise NothingPublished(
            f"Nothing is published at {address} yet: run `python -m search publish {address}` "
            "where the catalogue is."
        )
    return Published(address, collection, state)


def _state(collection: Collection) -> State | None:
    """Read the state, of a collection that was released meanwhile once it is loaded again.

    A server of milvus-lite that was started anew has released all.
    """
    try:
        return states.read(collection)
    except IndexUnavailable:
        collection.connection.load(collection.name, collection.patience, again=True)
        return states.read(collection)


class Published:
    """One revision of a published catalogue; immutable, safe under threads.

    Its rows follow the newest publication at once; `newest` follows in what is kept here.
    """

    def __init__(self, address: Address, collection: Collection, state: State) -> None:
        self.address = address
        self.collection = collection
        self.state = state

    @property
    def name(self) -> str:
        """The catalogue's name."""
        return self.state.name

    @property
    def fingerprint(self) -> str:
        """Of the network whose features are published."""
        return self.state.fingerprint

    @property
    def network(self) -> str:
        """The name of the network whose features are published."""
        return self.state.network

    @property
    def revision(self) -> int:
        """The catalogue's revision that was published."""
        return self.state.revision

    @cached_property
    def settings(self) -> Mapping[str, str]:
        """What was learnt of the catalogue and set in it, by the names that it has there.

        That is `Catalogue.derived` of the bands and the classifier of this network
        (`search.engine.learning.saved_under`), and its settings.
        """
        found: dict[str, str] = json.loads(self._text("settings") or "{}")
        return found

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The words of all products."""
        return Vocabulary(json.loads(self._text("words") or "[]"))

    @cached_property
    def index(self) -> MilvusIndex:
        """The index of the photographs; prices are those of each search's own moment."""
        return MilvusIndex(self.collection, revision=self.revision, vocabulary=self.vocabulary)

    @property
    def currencies(self) -> tuple[str, ...]:
        """Currencies of the products that have a price, sorted."""
        return self.state.currencies

    @cached_property
    def names(self) -> Mapping[str, Sequence[str]]:
        """All categories, brands and colours, sorted, by the fields of `Filters`."""
        return {facet: tuple(names) for facet, names in self._facets["names"].items()}

    def newest(self) -> Published:
        """Give what is published by now: this one, unless something newer is.

        :raises IndexUnavailable: Milvus does not answer.
        """
        now = _open(self.address, self.collection.consistency)
        same = now.collection == self.collection and now.state == self.state
        return self if same else now

    def product(self, id: str) -> Product:
        """Give a product as it is sold now.

        :raises QueryError: none of that id is published.
        """
        facts = self._facts_of(id)
        if facts is None:
            raise QueryError(f"The catalogue has no product “{id}”; it may have been removed.")
        return sales.sold_at(product_of(facts), self.index.moment)

    def products(self, ids: Sequence[str]) -> dict[str, Product]:
        """Give those of several products that are there, as they are sold now, by id."""
        return {product.id: product for product in self._read(one_of("product", ids))}

    def photos_of(self, product_id: str) -> tuple[CataloguePhoto, ...]:
        """Give a product's photographs, by id; none for a product that is not there."""
        facts = self._facts_of(product_id)
        return () if facts is None else photos_of(facts)

    def sold_photo(self, sha256: str) -> CataloguePhoto | None:
        """Give a photograph by its content; None where no product that is sold has it."""
        wanted = all_of(f"sha256 == {quoted(sha256)}", "active == true")
        for row in self.collection.few(wanted, ["id", "facts"], 1):
            return next(photo for photo in photos_of(row["facts"]) if photo.id == row["id"])
        return None

    def records(self, photo_ids: Sequence[int]) -> list[tuple[Product, CataloguePhoto]]:
        """Give photographs of the index with their products as they are sold now.

        They are in the order given; one that was taken away just now is left out.
        """
        moment = self.index.moment
        found = {row["id"]: row["facts"] for row in self.collection.get(photo_ids, ["id", "facts"])}
        return [
            (
                sales.sold_at(product_of(found[id]), moment),
                next(photo for photo in photos_of(found[id]) if photo.id == id),
            )
            for id in photo_ids
            if id in found
        ]

    def variants(self, product_ids: Sequence[str], where: Where) -> dict[str, tuple[Product, ...]]:
        """Give for each product those of its group that pass, by id, as they are sold now.

        A product that is the only one of its group is given too, if it passes.

        :raises QueryError: see `MilvusIndex.condition`.
        """
        chosen = all_of(FIRST, one_of("product", product_ids))
        group = {row["product"]: row["variants"] for row in self._rows(chosen)}
        members: dict[str, list[Product]] = {}
        wanted = all_of(FIRST, one_of("variants", sorted({*group.values()})))
        for row in self._rows(all_of(wanted, self.index.condition(where)), "facts"):
            sold = sales.sold_at(product_of(row["facts"]), self.index.moment)
            members.setdefault(row["variants"], []).append(sold)
        return {
            id: tuple(sorted(members.get(name, ()), key=lambda product: product.id))
            for id, name in group.items()
        }

    def matching(self, where: Where) -> list[Product]:
        """Give all products that pass, by id, as they are sold now; of a few conditions only.

        :raises QueryError: see `MilvusIndex.condition`.
        """
        return self._read(self.index.condition(where))

    def count(self, where: Where) -> int:
        """Count the products that pass, variants once, with a photograph or without.

        :raises QueryError: see `MilvusIndex.condition`.
        """
        return self.index.groups(self.index.condition(where))

    def facets(self, filters: Filters | None = None) -> Mapping[str, Mapping[str, int]]:
        """Count what each name of each facet would leave, with all other filters; variants once.

        :raises QueryError: see `MilvusIndex.condition`.
        """
        if filters is None or filters == Filters():
            counts: Mapping[str, Mapping[str, int]] = self._facets["counts"]
            return counts
        return {facet: self._tally(facet, column, filters) for facet, column in FACETS.items()}

    def _tally(self, facet: str, column: str, filters: Filters) -> Mapping[str, int]:
        anything: dict[str, Any] = {facet: frozenset()}
        left = self.index.condition(Where(replace(filters, **anything)))
        rows = self.collection.every(all_of(FIRST, left), [column, "variants"])
        once = {(row[column], row["variants"]) for row in rows}
        counts: dict[str, int] = {}
        for name, _ in sorted(once):
            if name:
                counts[name] = counts.get(name, 0) + 1
        return counts

    def feature(self, product_id: str) -> Feature:
        """Give a product's unit feature (d,): the mean over its photographs, or its variants'.

        :raises QueryError: the product is unknown, or none of its photographs is encoded.
        """
        self.product(product_id)
        vectors = self._vectors(product_id)
        if not len(vectors):
            raise QueryError(
                f"No photograph of product “{product_id}” is published: encode its photographs "
                "with `python -m search encode`, and publish the catalogue again."
            )
        return mean_feature(vectors[:, : self.index.size])

    def colours_of(self, product_id: str) -> NDArray[np.float32]:
        """Give the colours (n, COLOURS) of a product's photographs, or its variants'.

        A row of zeros is a photograph whose colours are not known.
        """
        return self._vectors(product_id)[:, self.index.size :] / np.float32(TINT)

    def _vectors(self, product_id: str) -> NDArray[np.float32]:
        """Give the vectors (n, d + COLOURS) of a product's photographs, or its variants'."""
        own = all_of(one_of("product", [product_id]), "encoded == true")
        rows = list(self.collection.every(own, _VECTORS))
        if not rows:  # a variant without a photograph of its own looks as the others do
            (group,) = self._rows(all_of(FIRST, one_of("product", [product_id]))) or ({},)
            theirs = all_of(one_of("variants", [group.get("variants", "")]), "encoded == true")
            rows = list(self.collection.every(theirs, _VECTORS))
        rows.sort(key=lambda row: int(row["id"]))
        if not rows:
            return np.empty((0, self.index.size + COLOURS), np.float32)
        return np.array([row["vector"] for row in rows], np.float32)

    def _facts_of(self, product_id: str) -> Mapping[str, Any] | None:
        one = all_of(FIRST, one_of("product", [product_id]))
        rows = self.collection.few(one, ["facts"], 1)
        return rows[0]["facts"] if rows else None

    def _read(self, expression: str) -> list[Product]:
        rows = self._rows(all_of(FIRST, expression), "facts")
        products = (sales.sold_at(product_of(row["facts"]), self.index.moment) for row in rows)
        return sorted(products, key=lambda product: product.id)

    def _rows(self, expression: str, *more: str) -> list[dict[str, Any]]:
        return list(self.collection.every(expression, ["product", "variants", *more]))

    @cached_property
    def _facets(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = json.loads(self._text("facets") or "{}")
        return {"names": {}, "counts": {}, **found}

    def _text(self, name: states.Text) -> str:
        return states.read_text(self.collection, self.state, name)
