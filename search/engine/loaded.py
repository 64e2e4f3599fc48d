"""One revision of a catalogue with everything that is derived from it, ready to be searched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from search.catalogue import Catalogue, Product, Snapshot
from search.engine.bands import Bands, bands_of, nothing_similar
from search.engine.colours import colours_of, mean_colours
from search.engine.filters import Filters, ProductTable, Where
from search.engine.index import Index
from search.engine.learning import photograph_bands_of
from search.engine.look_alikes import LookAlikes, look_alikes
from search.engine.no_match import ProductClassifier, saved_classifier
from search.engine.query import Query
from search.engine.votes import LOOKED_AT, Voters, type_of
from search.engine.words import Words
from search.errors import QueryError
from search.filenames import same_letters
from search.network.vectors import Cells, Feature, mean_feature


class LoadedCatalogue:
    """One revision of the catalogue, ready to be searched: immutable, shared by threads."""

    def __init__(self, catalogue: Catalogue, snapshot: Snapshot, index: Index) -> None:
        self.snapshot = snapshot
        self.index = index
        self.table = ProductTable(snapshot.products, snapshot.group)
        self._catalogue = catalogue
        self._remembered = lru_cache(maxsize=64)(self._voters)
        self._classifier: ProductClassifier | None = None
        self._photograph_bands: Bands | None = None

    @property
    def revision(self) -> int:
        """The catalogue revision this was read at."""
        return self.snapshot.revision

    @cached_property
    def bands(self) -> Bands:
        """What scores mean in this catalogue for this network."""
        return bands_of(self._catalogue, self.snapshot)

    @property
    def photograph_bands(self) -> Bands | None:
        """What scores mean for a photograph; None while that was not learnt."""
        if self._photograph_bands is None:
            saved = photograph_bands_of(self._catalogue, self.snapshot.fingerprint)
            self._photograph_bands = saved
        return self._photograph_bands

    @cached_property
    def types(self) -> tuple[str, ...]:
        """What each product is, by position."""
        return tuple(type_of(product) for product in self.snapshot.products)

    @cached_property
    def categories(self) -> tuple[str, ...]:
        """Each product's category, by position."""
        return tuple(product.category for product in self.snapshot.products)

    @cached_property
    def colours(self) -> Feature:
        """The colours (n, COLOURS) of each row's photograph, zeros where they are not known."""
        return colours_of(self._catalogue, self.snapshot)

    def voters(self, vector: Feature, without: frozenset[str] = frozenset()) -> Voters:
        """Give the products nearest to a feature (d,), whatever the filters, but for some.

        Remembered, so that moving a filter asks the index once and not twice.
        """
        return self._remembered(np.asarray(vector, np.float32).tobytes(), without)

    def _voters(self, feature: bytes, without: frozenset[str]) -> Voters:
        vector = np.frombuffer(feature, np.float32)
        everything = Where(Filters(in_stock=False, active=False), without=without)
        found = self.index.search(vector, LOOKED_AT, everything)
        owners = [self.snapshot.photo[id].product_id for id in found.ids.tolist()]
        positions = [self.snapshot.position[owner] for owner in owners]
        return Voters.of(np.array(positions, np.int64), found.scores)

    def words(self, query: Query, vector: Feature, pictures: Sequence[Cells], best: float) -> Words:
        """Tell what can be said of a query's answer; `best` is its best score.

        `pictures` (h, w, d) are the cells of its photographs.
        """
        nearest = self.voters(vector, query.left_out)
        if query.product is not None:
            return Words(self.bands, nearest, self.types, self.snapshot.position)
        bands, shown = self.photograph_bands, self.shows_product(pictures)
        if nothing_similar(bands if bands and shown is not None else self.bands, best, shown):
            return Words(None, nearest, self.types, self.snapshot.position, nothing_similar=True)
        looks_like = bands.category_of(self.categories, nearest) if bands else None
        # Photographs score lower than pairs of products, whose near-identical thus holds here too.
        bands = bands or replace(self.bands, agreement=np.inf)
        return Words(bands, nearest, self.types, self.snapshot.position, looks_like=looks_like)

    def look_alikes(self, query: Query, vector: Feature, pictures: Sequence[Cells]) -> LookAlikes:
        """Tell what may be called a look-alike of a query; arguments as for `words`."""
        best = float(self.voters(vector, query.left_out).scores.max(initial=-1))
        words = self.words(query, vector, pictures, best)
        return look_alikes(
            words.bands, self.bands, words.nearest, self.types, self.snapshot.products
        )

    def shows_product(self, pictures: Sequence[Cells]) -> bool | None:
        """Tell whether any of the pictures (h, w, d) shows a product; None where not yet learnt."""
        if self._classifier is None:
            self._classifier = saved_classifier(self._catalogue, self.snapshot.fingerprint)
        if self._classifier is None or not pictures:
            return None
        return any(self._classifier.margin(cells[None])[0] > 0 for cells in pictures)

    def spelt(self, product_id: str) -> str:
        """Give a product's id as the catalogue spells it, however its accents were typed."""
        known = product_id in self.snapshot.position
        return product_id if known else same_letters(product_id)

    def product(self, product_id: str) -> Product:
        """Give a product by its id.

        :raises QueryError: the catalogue has none of that id.
        """
        if product_id not in self.snapshot.position:
            raise QueryError(
                f"The catalogue has no product “{product_id}”; it may have been removed."
            )
        return self.snapshot.products[self.snapshot.position[product_id]]

    def feature(self, product_id: str) -> Feature:
        """Give a product's unit feature (d,): the mean over its photographs, or its variants'.

        :raises QueryError: the product is unknown, or none of its photographs is encoded.
        """
        rows = self._rows_of(product_id)
        if not len(rows):
            if product_id not in self.snapshot.main_photo:
                raise QueryError(
                    f"Product “{product_id}” has no photograph, so nothing can be compared with "
                    "it: add one first."
                )
            raise QueryError(
                f"No photograph of product “{product_id}” is encoded by this network yet: run "
                "`python -m search encode`, or press “Encode them now” on the Health page."
            )
        return mean_feature(self.snapshot.features[rows])

    def colours_of(self, product_id: str) -> Feature:
        """Give a product's colours (COLOURS,): the unit mean over its photographs.

        :raises QueryError: the product is unknown.
        """
        return mean_colours(self.colours[self._rows_of(product_id)])

    def _rows_of(self, product_id: str) -> NDArray[np.intp]:
        self.product(product_id)
        position = self.snapshot.position[product_id]
        rows = np.flatnonzero(self.snapshot.row_product == position)
        if len(rows):
            return rows
        # A variant without a photograph of its own looks as the others do.
        return np.flatnonzero(self.snapshot.row_group == self.snapshot.group[position])
