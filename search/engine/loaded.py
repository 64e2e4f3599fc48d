"""One revision of a catalogue with everything that is derived from it, ready to be searched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from search.catalogue import Catalogue, CataloguePhoto, Product, Snapshot, Vectors
from search.engine.bands import Bands, bands_of
from search.engine.colours import colours_of, followed_colours, mean_colours
from search.engine.filters import Filters, ProductTable, Where
from search.engine.index import Beside, Index, Local
from search.engine.learning import photograph_bands_of
from search.engine.no_match import ProductClassifier, saved_classifier
from search.engine.query import Order
from search.engine.results import Variants
from search.engine.revision import Found, Held, LoadedRevision, unknown_product, without_photograph
from search.engine.votes import Labels, type_of
from search.errors import QueryError
from search.filenames import same_letters
from search.network.vectors import Feature, mean_feature


class LoadedCatalogue(LoadedRevision):
    """One revision of the catalogue in this process's memory: immutable, shared by threads."""

    table: ProductTable

    def __init__(
        self,
        catalogue: Catalogue,
        snapshot: Snapshot,
        index: Index,
        table: ProductTable | None = None,
    ) -> None:
        super().__init__()
        self.snapshot = snapshot
        self.index = index
        if table is None and isinstance(index, Local):
            table = index.table
        self.table = table or ProductTable(snapshot.products, snapshot.group, snapshot.position)
        self._catalogue = catalogue
        self._classifier: ProductClassifier | None = None
        self._photograph_bands: Bands | None = None

    def followed(self, snapshot: Snapshot, index: Index) -> LoadedCatalogue:
        """Give a later revision with its index, taking over what did not change."""
        since, table = snapshot.since, None
        if since is not None and not isinstance(index, Local):
            table = self.table.followed(snapshot, since)
        loaded = LoadedCatalogue(self._catalogue, snapshot, index, table)
        if since is not None and "colours" in self.__dict__ and self.colours.any():
            loaded.__dict__["colours"] = followed_colours(
                self._catalogue, self.colours, snapshot, since
            )
        return loaded

    @property
    def revision(self) -> int:
        """The catalogue revision this was read at."""
        return self.snapshot.revision

    @property
    def held(self) -> Held:
        """How much the catalogue holds."""
        return Held(len(self.snapshot.products), len(self.snapshot.photos))

    @cached_property
    def sold(self) -> int:
        """How many products are not withdrawn."""
        return sum(product.active for product in self.snapshot.products)

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

    @property
    def classifier(self) -> ProductClassifier | None:
        """What tells pictures that show a product from others; None while that was not learnt."""
        if self._classifier is None:
            self._classifier = saved_classifier(self._catalogue, self.snapshot.fingerprint)
        return self._classifier

    @property
    def types(self) -> Sequence[str]:
        """What each product is, by position."""
        return Labels(self.snapshot.products, type_of)

    @property
    def categories(self) -> Sequence[str]:
        """Each product's category, by position."""
        return Labels(self.snapshot.products, attrgetter("category"))

    @cached_property
    def colours(self) -> Vectors:
        """The colours (n, COLOURS) of each row's photograph, zeros where they are not known."""
        return colours_of(self._catalogue, self.snapshot)

    def spelt(self, product_id: str) -> str:
        """Give a product's id as the catalogue spells it, however its accents were typed."""
        known = product_id in self.snapshot.position
        return product_id if known else same_letters(product_id)

    def product(self, product_id: str) -> Product:
        """Give a product by its id.

        :raises QueryError: the catalogue has none of that id.
        """
        if product_id not in self.snapshot.position:
            raise unknown_product(product_id)
        return self.snapshot.products[self.snapshot.position[product_id]]

    def feature(self, product_id: str) -> Feature:
        """Give a product's unit feature (d,): the mean over its photographs, or its variants'.

        :raises QueryError: the product is unknown, or none of its photographs is encoded.
        """
        rows = self._rows_of(product_id)
        if not len(rows):
            if product_id not in self.snapshot.main_photo:
                raise without_photograph(product_id)
            raise QueryError(
                f"No photograph of product “{product_id}” is encoded by this network yet: run "
                "`python -m search encode`, or press “Encode them now” on the Health page."
            )
        return mean_feature(self.snapshot.vectors[rows])

    def colours_of(self, product_id: str) -> Feature:
        """Give a product's colours (COLOURS,): the unit mean over its photographs.

        :raises QueryError: the product is unknown.
        """
        return mean_colours(self.colours[self._rows_of(product_id)])

    @property
    def knows_colours(self) -> bool:
        """Whether the colours of any photograph are known."""
        return self.colours.any()

    def beside(self, colours: Feature, share: float) -> Beside:
        """Weigh likeness to these colours (COLOURS,) beside the network's."""
        return Beside(self.colours.products(colours[None])[0], share)

    def photos_of(self, product_id: str) -> Sequence[CataloguePhoto]:
        """Give a product's photographs, by id; none for a product that is not there."""
        return self.snapshot.photos_of.get(product_id, ())

    def sold_photo(self, sha256: str) -> CataloguePhoto | None:
        """Give a photograph by its content; None where no product that is sold has it."""
        return self._sold_photos.get(sha256)

    @cached_property
    def _sold_photos(self) -> Mapping[str, CataloguePhoto]:
        photos = self.snapshot.photos
        return {photo.sha256: photo for photo in photos if self.product(photo.product_id).active}

    def products_of(self, photo_ids: Sequence[int]) -> Mapping[int, Product]:
        """Give the products of photographs that the index has found, by the photograph's id."""
        return {id: self.product(self.snapshot.photo[id].product_id) for id in photo_ids}

    def found(self, photo_ids: Sequence[int], where: Where) -> Mapping[int, Found]:
        """Give photographs that the index has found, by id, with the variants that pass."""
        mask, position = self.table.candidates(where).mask, self.snapshot.position
        photos = [self.snapshot.photo[id] for id in photo_ids]
        return {photo.id: self._found(position[photo.product_id], photo, mask) for photo in photos}

    def hidden(self, where: Where) -> Mapping[str, int]:
        """Tell why how many products may be no answers; see `filters.Candidates`."""
        return self.table.candidates(where).hidden

    def listed(self, filters: Filters, k: int, order: Order) -> tuple[list[Found], int]:
        """Give the k first products that pass, in an order, and how many pass.

        By similarity means by how well the words fit, without words by id. Of variants the first in
        the order stands for all.
        """
        table, mask = self.table, self.table.candidates(Where(filters)).mask
        everything = np.arange(len(table.products))
        best = table.text.ranked(filters.words) if filters.words.strip() else everything
        best = best[mask[best]]
        if order == "price":
            best = best[np.lexsort(table.cheapest_first(best))]
        first = best[np.sort(np.unique(table.group[best], return_index=True)[1])]
        main = self.snapshot.main_photo
        found = [
            self._found(position, main.get(table.products[position].id), mask)
            for position in first[:k].tolist()
        ]
        return found, len(first)

    def _found(self, position: int, photo: CataloguePhoto | None, mask: NDArray[np.bool_]) -> Found:
        product = self.snapshot.products[position]
        several = self.table.variants(position)
        members = [self.snapshot.products[n] for n in several[mask[several]].tolist()]
        return Found(product, photo, Variants.of(product, members) if len(members) > 1 else None)

    def _rows_of(self, product_id: str) -> NDArray[np.intp]:
        self.product(product_id)
        position = self.snapshot.position[product_id]
        rows = np.flatnonzero(self.snapshot.row_product == position)
        if len(rows):
            return rows
        # A variant without a photograph of its own looks as the others do.
        return np.flatnonzero(self.snapshot.row_group == self.snapshot.group[position])
