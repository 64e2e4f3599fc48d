"""One revision of a catalogue as it was published to a vector database, ready to be searched.

Products, features, and what was learnt of the catalogue are read from there (search.engine.milvus);
here is nothing but what was read of this revision. All is answered as by the catalogue itself but
for one thing: how well words fit is measured among the products that have them, and where these are
more than `RANKED` they are listed by id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from search.catalogue import CataloguePhoto, Product, sales
from search.engine import bands, filters
from search.engine.bands import Bands
from search.engine.colours import mean_colours
from search.engine.filters import Filters, Where
from search.engine.index import Beside
from search.engine.learning import saved_under
from search.engine.milvus import MilvusIndex, Published, hidden
from search.engine.milvus.collection import Row
from search.engine.milvus.expressions import all_of, one_of
from search.engine.milvus.index import ENCODED
from search.engine.milvus.measuring import price_at
from search.engine.milvus.schema import FIRST, photos_of, product_of
from search.engine.no_match import ProductClassifier, read_classifier
from search.engine.query import Order
from search.engine.remembering import remembered
from search.engine.results import Variants
from search.engine.revision import Found, Held, LoadedRevision, unknown_product, without_photograph
from search.engine.text import TextIndex
from search.errors import QueryError
from search.network.vectors import Feature
from search.photos.palette import COLOURS

RANKED: Final = 5_000
"""Products that words are in, up to which these are ranked by how well they fit."""

_REMEMBERED = 1024  # products of one revision
_ORDERED = 16  # listings whose order is remembered
_KNOWN = ("facts", "variants", "many")
_LISTED = ("product", "variants", "price", "sale_price", "sale_from", "sale_until")


@dataclass(frozen=True, slots=True)
class PublishedTable:
    """The fields that a published catalogue's products are filtered by."""

    published: Published

    @property
    def currencies(self) -> tuple[str, ...]:
        """Currencies of the products that have a price, sorted."""
        return self.published.currencies

    def currency(self, code: str = "") -> str:
        """Give the currency that amounts are in; see `ProductTable.currency`.

        :raises QueryError: as there.
        """
        return filters.one_currency(self.currencies, code)

    def check(self, asked: Filters) -> None:
        """Refuse what can find nothing; see `ProductTable.check`.

        :raises QueryError: naming what is known instead.
        """
        filters.check(asked, self.currencies, lambda facet: self.published.names.get(facet, ()))

    def facets(self, asked: Filters) -> Mapping[str, Mapping[str, int]]:
        """Count what each name of each facet would leave, with all other filters; variants once."""
        counts = self.published.facets(asked)
        return {facet: counts[facet] for facet in filters.FACETS if facet in counts}


@dataclass(frozen=True, slots=True)
class _Known:
    """A published product as it is stored, its photographs, and its group, which may be of many."""

    product: Product
    photos: tuple[CataloguePhoto, ...]
    variants: str
    many: bool

    @classmethod
    def of(cls, row: Row) -> _Known:
        facts = row["facts"]
        return cls(product_of(facts), photos_of(facts), row["variants"], row["many"])


class PublishedCatalogue(LoadedRevision):
    """One revision of a published catalogue, ready to be searched: shared by threads."""

    index: MilvusIndex
    table: PublishedTable

    def __init__(self, published: Published) -> None:
        super().__init__()
        self.published = published
        self.index = published.index
        self.table = PublishedTable(published)
        self._known = remembered(self._read, _REMEMBERED)
        self._feature = remembered(published.feature, _REMEMBERED)
        self._ordered = remembered(self._in_order, _ORDERED)

    @property
    def revision(self) -> int:
        """The catalogue revision that was published."""
        return self.published.revision

    @property
    def held(self) -> Held:
        """How much the catalogue holds."""
        state = self.published.state
        return Held(state.products, state.photographs)

    @property
    def sold(self) -> int:
        """How many products are not withdrawn."""
        return self.published.state.sold

    @cached_property
    def bands(self) -> Bands:
        """What scores mean in this catalogue for this network."""
        return bands.read(self._learnt[0]) or bands.unknown()

    @cached_property
    def photograph_bands(self) -> Bands | None:
        """What scores mean for a photograph; None where that was not learnt."""
        return bands.read(self._learnt[1])

    @cached_property
    def classifier(self) -> ProductClassifier | None:
        """What tells pictures that show a product from others; None where that was not learnt."""
        return read_classifier(self._learnt[2])

    @cached_property
    def _learnt(self) -> tuple[str | None, ...]:
        settings, fingerprint = self.published.settings, self.published.fingerprint
        return tuple(settings.get(name) for name in saved_under(fingerprint))

    @cached_property
    def knows_colours(self) -> bool:
        """Whether the colours of any photograph are known."""
        # Colours are never negative: the photograph that has most of all colours has any at all.
        all_colours = np.concatenate([np.zeros(self.index.size), np.ones(COLOURS)])
        most = self.published.collection.nearest(all_colours.astype(np.float32), ENCODED, most=1)
        return bool(most) and most[0]["score"] > 0

    def product(self, product_id: str) -> Product:
        """Give a product by its id.

        :raises QueryError: the catalogue has none of that id.
        """
        known = self._known(product_id)
        if known is None:
            raise unknown_product(product_id)
        return sales.sold_at(known.product, self.index.moment)

    def feature(self, product_id: str) -> Feature:
        """Give a product's unit feature (d,): the mean over its photographs, or its variants'.

        :raises QueryError: the product is unknown, or none of its photographs is encoded.
        """
        try:
            return self._feature(product_id)
        except QueryError:
            self.product(product_id)
            if not self.photos_of(product_id):
                raise without_photograph(product_id) from None
            raise

    def colours_of(self, product_id: str) -> Feature:
        """Give a product's colours (COLOURS,): the unit mean over its photographs.

        :raises QueryError: the product is unknown.
        """
        self.product(product_id)
        return mean_colours(self.published.colours_of(product_id))

    def beside(self, colours: Feature, share: float) -> Beside:
        """Weigh likeness to these colours (COLOURS,) beside the network's."""
        return Beside(np.empty(0, np.float32), share, colours)

    def photos_of(self, product_id: str) -> Sequence[CataloguePhoto]:
        """Give a product's photographs, by id; none for a product that is not there."""
        known = self._known(product_id)
        return () if known is None else known.photos

    def sold_photo(self, sha256: str) -> CataloguePhoto | None:
        """Give a photograph by its content; None where no product that is sold has it."""
        return self.published.sold_photo(sha256)

    def products_of(self, photo_ids: Sequence[int]) -> Mapping[int, Product]:
        """Give the products of photographs that the index has found, by the photograph's id."""
        return {photo.id: product for product, photo in self.published.records(photo_ids)}

    def found(self, photo_ids: Sequence[int], where: Where) -> Mapping[int, Found]:
        """Give photographs that the index has found, by id, with the variants that pass."""
        rows = self.published.collection.get(photo_ids, ["id", *_KNOWN])
        known = {row["id"]: _Known.of(row) for row in rows}
        shown = {id: next(p for p in each.photos if p.id == id) for id, each in known.items()}
        members = self._members(known.values(), where)
        return {id: self._found(each, shown[id], members) for id, each in known.items()}

    def hidden(self, where: Where) -> Mapping[str, int]:
        """Tell why how many products may be no answers; see `filters.Candidates`."""
        return hidden.counted(self.index, where)

    def listed(self, asked: Filters, k: int, order: Order) -> tuple[list[Found], int]:
        """Give the k first products that pass, in an order, and how many pass.

        See `LoadedRevision.listed`, and above what differs.
        """
        where = Where(asked)
        ids = self._ordered(where, order, sales.now() if order == "price" else "")
        named = all_of(FIRST, one_of("product", ids[:k]))
        rows = self.published.collection.every(named, _KNOWN)
        known = {each.product.id: each for each in map(_Known.of, rows)}
        members = self._members(known.values(), where)
        there = [known[id] for id in ids[:k] if id in known]
        found = [self._found(each, next(iter(each.photos), None), members) for each in there]
        return found, len(ids)

    def _in_order(self, where: Where, order: Order, moment: str) -> tuple[str, ...]:
        """Give the ids of the products that pass, in an order, of variants the first."""
        passing = all_of(FIRST, self.index.condition(where))
        rows = {row["product"]: row for row in self.published.collection.every(passing, _LISTED)}
        ids = sorted(rows)
        words = where.filters.words
        if order == "price":
            prices = {id: price_at(row, moment) for id, row in rows.items()}
            ids.sort(key=lambda id: (prices[id] is None, prices[id] or 0))
        elif words.strip() and len(ids) <= RANKED:
            products = self.published.matching(where)
            ranked = [products[n].id for n in TextIndex(products).ranked(words).tolist()]
            ids = list(dict.fromkeys([*(id for id in ranked if id in rows), *ids]))
        first = {rows[id]["variants"]: id for id in reversed(ids)}
        return tuple(id for id in ids if first[rows[id]["variants"]] == id)

    def _read(self, product_id: str) -> _Known | None:
        named = all_of(FIRST, one_of("product", [product_id]))
        rows = self.published.collection.few(named, _KNOWN, 1)
        return _Known.of(rows[0]) if rows else None

    def _members(self, known: Iterable[_Known], where: Where) -> Mapping[str, Sequence[Product]]:
        """Give the products that pass of groups of several, by id, by the group's name."""
        groups = sorted({each.variants for each in known if each.many})
        members: dict[str, list[Product]] = {}
        if groups:
            passing = all_of(FIRST, one_of("variants", groups), self.index.condition(where))
            for each in map(_Known.of, self.published.collection.every(passing, _KNOWN)):
                sold = sales.sold_at(each.product, self.index.moment)
                members.setdefault(each.variants, []).append(sold)
        return {name: sorted(of, key=lambda product: product.id) for name, of in members.items()}

    def _found(
        self, known: _Known, photo: CataloguePhoto | None, members: Mapping[str, Sequence[Product]]
    ) -> Found:
        product = sales.sold_at(known.product, self.index.moment)
        several = members.get(known.variants, ())
        return Found(product, photo, Variants.of(product, several) if len(several) > 1 else None)
