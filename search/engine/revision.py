"""One revision of a catalogue, ready to be searched, wherever its products and features are kept.

What is said of an answer (its words, what is a look-alike) is decided here, once, from the products
nearest to a query; where those come from is the business of whoever keeps them: this process's
memory (search.engine.loaded), or an index that was published to a vector database.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from search.catalogue import CataloguePhoto, Product
from search.engine.bands import Bands, nothing_similar
from search.engine.filters import Filters, Where
from search.engine.index import Beside, Index
from search.engine.look_alikes import LookAlikes, look_alikes
from search.engine.no_match import ProductClassifier
from search.engine.query import Order, Query
from search.engine.remembering import remembered
from search.engine.results import Variants
from search.engine.votes import LOOKED_AT, Voters, type_of
from search.engine.words import Words
from search.errors import QueryError
from search.network.vectors import Cells, Feature

EVERYTHING = Filters(in_stock=False, active=False)
_REMEMBERED = 64  # queries whose nearest products are kept


class Table(Protocol):
    """What may be asked of the fields that products are filtered by."""

    @property
    def currencies(self) -> tuple[str, ...]:
        """Currencies of the products that have a price, sorted."""

    def currency(self, code: str = "") -> str:
        """Give the currency that amounts are in: the one named, else the catalogue's only one.

        :raises QueryError: no product has a price in it, or none is named and there are several.
        """

    def check(self, filters: Filters) -> None:
        """Refuse what can find nothing.

        :raises QueryError: naming what is known instead.
        """

    def facets(self, filters: Filters) -> Mapping[str, Mapping[str, int]]:
        """Count what each name of each facet would leave, with all other filters; variants once."""


@dataclass(frozen=True, slots=True)
class Held:
    """How much a catalogue holds, withdrawn products and theirs too."""

    products: int
    photographs: int


@dataclass(frozen=True, slots=True)
class Found:
    """A product found, one of its photographs, and its variants that may be answers too.

    `photo` is None only where products are listed, and this one has none.
    """

    product: Product
    photo: CataloguePhoto | None
    variants: Variants | None = None


class LoadedRevision(ABC):
    """One revision of a catalogue, ready to be searched: immutable, shared by threads."""

    index: Index
    table: Table

    def __init__(self) -> None:
        self._remembered = remembered(self._nearest, _REMEMBERED)

    @property
    @abstractmethod
    def revision(self) -> int:
        """The catalogue revision this was read at."""

    @property
    @abstractmethod
    def held(self) -> Held:
        """How much the catalogue holds."""

    @property
    @abstractmethod
    def sold(self) -> int:
        """How many products are not withdrawn."""

    @property
    @abstractmethod
    def bands(self) -> Bands:
        """What scores mean in this catalogue for this network."""

    @property
    @abstractmethod
    def photograph_bands(self) -> Bands | None:
        """What scores mean for a photograph; None while that was not learnt."""

    @property
    @abstractmethod
    def classifier(self) -> ProductClassifier | None:
        """What tells pictures that show a product from others; None while that was not learnt."""

    @property
    @abstractmethod
    def knows_colours(self) -> bool:
        """Whether the colours of any photograph are known."""

    @abstractmethod
    def product(self, product_id: str) -> Product:
        """Give a product by its id.

        :raises QueryError: the catalogue has none of that id.
        """

    @abstractmethod
    def feature(self, product_id: str) -> Feature:
        """Give a product's unit feature (d,): the mean over its photographs, or its variants'.

        :raises QueryError: the product is unknown, or none of its photographs is encoded.
        """

    @abstractmethod
    def colours_of(self, product_id: str) -> Feature:
        """Give a product's colours (COLOURS,): the unit mean over its photographs.

        :raises QueryError: the product is unknown.
        """

    @abstractmethod
    def beside(self, colours: Feature, share: float) -> Beside:
        """Weigh likeness to these colours (COLOURS,) beside the network's."""

    @abstractmethod
    def photos_of(self, product_id: str) -> Sequence[CataloguePhoto]:
        """Give a product's photographs, by id; none for a product that is not there."""

    @abstractmethod
    def sold_photo(self, sha256: str) -> CataloguePhoto | None:
        """Give a photograph by its content; None where no product that is sold has it."""

    @abstractmethod
    def products_of(self, photo_ids: Sequence[int]) -> Mapping[int, Product]:
        """Give the products of photographs that the index has found, by the photograph's id.

        One that was taken away meanwhile is left out.
        """

    @abstractmethod
    def found(self, photo_ids: Sequence[int], where: Where) -> Mapping[int, Found]:
        """Give photographs that the index has found, by id, with the variants that pass.

        One that was taken away meanwhile is left out.
        """

    @abstractmethod
    def hidden(self, where: Where) -> Mapping[str, int]:
        """Tell why how many products may be no answers; see `filters.Candidates`."""

    @abstractmethod
    def listed(self, filters: Filters, k: int, order: Order) -> tuple[list[Found], int]:
        """Give the k first products that pass, in an order, and how many pass.

        By similarity means by how well the words fit, without words by id. Of variants the first in
        the order stands for all.
        """

    def voters(
        self, vector: Feature, without: frozenset[str] = frozenset()
    ) -> tuple[Voters, tuple[Product, ...]]:
        """Give the products nearest to a feature (d,), whatever the filters, but for some.

        The voters' positions are places in the second value. Remembered, so that moving a filter
        asks the index once and not twice.
        """
        return self._remembered(np.asarray(vector, np.float32).tobytes(), without)

    def _nearest(
        self, feature: bytes, without: frozenset[str]
    ) -> tuple[Voters, tuple[Product, ...]]:
        vector = np.frombuffer(feature, np.float32)
        found = self.index.search(vector, LOOKED_AT, Where(EVERYTHING, without=without))
        known = self.products_of(found.ids.tolist())
        there = np.array([id in known for id in found.ids.tolist()], bool)
        products = tuple(known[id] for id in found.ids[there].tolist())
        return Voters.of(np.arange(len(products)), found.scores[there]), products

    def words(self, query: Query, vector: Feature, pictures: Sequence[Cells], best: float) -> Words:
        """Tell what can be said of a query's answer; `best` is its best score.

        `pictures` (h, w, d) are the cells of its photographs.
        """
        nearest, products = self.voters(vector, query.left_out)
        types = [type_of(product) for product in products]
        if query.product is not None:
            return Words(self.bands, nearest, types)
        bands, shown = self.photograph_bands, self.shows_product(pictures)
        if nothing_similar(bands if bands and shown is not None else self.bands, best, shown):
            return Words(None, nearest, types, nothing_similar=True)
        categories = [product.category for product in products]
        looks_like = bands.category_of(categories, nearest) if bands else None
        # Photographs score lower than pairs of products, whose near-identical thus holds here too.
        bands = bands or replace(self.bands, agreement=np.inf)
        return Words(bands, nearest, types, looks_like=looks_like)

    def look_alikes(self, query: Query, vector: Feature, pictures: Sequence[Cells]) -> LookAlikes:
        """Tell what may be called a look-alike of a query; arguments as for `words`."""
        nearest, products = self.voters(vector, query.left_out)
        best = float(nearest.scores.max(initial=-1))
        words = self.words(query, vector, pictures, best)
        return look_alikes(words.bands, self.bands, nearest, words.types, products)

    def shows_product(self, pictures: Sequence[Cells]) -> bool | None:
        """Tell whether any of the pictures (h, w, d) shows a product; None where not yet learnt."""
        classifier = self.classifier
        if classifier is None or not pictures:
            return None
        return any(classifier.margin(cells[None])[0] > 0 for cells in pictures)


def unknown_product(product_id: str) -> QueryError:
    """Make the refusal of a product that is not there."""
    return QueryError(f"The catalogue has no product “{product_id}”; it may have been removed.")


def without_photograph(product_id: str) -> QueryError:
    """Make the refusal of a search by a product that has no photograph."""
    return QueryError(
        f"Product “{product_id}” has no photograph, so nothing can be compared with it: add one "
        "first."
    )
