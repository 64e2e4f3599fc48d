"""One revision of a catalogue with everything that is derived from it, ready to be searched."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from search.catalogue import Catalogue, Product, Snapshot
from search.engine.bands import Bands, bands_of
from search.engine.filters import ProductTable
from search.engine.index import Index
from search.engine.no_match import Presence, presence_of
from search.errors import QueryError
from search.network.vectors import Cells, Feature, mean_feature


class LoadedCatalogue:
    """One revision of the catalogue, ready to be searched: immutable, shared by threads."""

    def __init__(self, catalogue: Catalogue, snapshot: Snapshot, index: Index) -> None:
        self.snapshot = snapshot
        self.index = index
        self.table = ProductTable(snapshot.products)
        self._catalogue = catalogue
        self._presence: Presence | None = None

    @property
    def revision(self) -> int:
        """The catalogue revision this was read at."""
        return self.snapshot.revision

    @cached_property
    def bands(self) -> Bands:
        """What scores mean in this catalogue for this network."""
        return bands_of(self._catalogue, self.snapshot)

    def shows_product(self, pictures: Sequence[Cells]) -> bool | None:
        """Tell whether any of the pictures (h, w, d) shows a product; None if nobody knows yet."""
        if self._presence is None:
            self._presence = presence_of(self._catalogue, self.snapshot.fingerprint)
        if self._presence is None or not pictures:
            return None
        return any(self._presence.margin(cells[None])[0] > 0 for cells in pictures)

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
        """Give a product's unit feature (d,): the mean over its photographs.

        :raises QueryError: the product is unknown, or none of its photographs is encoded.
        """
        self.product(product_id)
        position = self.snapshot.position[product_id]
        rows = np.flatnonzero(self.snapshot.row_product == position)
        if not len(rows):
            raise QueryError(
                f"Product “{product_id}” has no photograph encoded by this network yet; "
                "run `python -m search encode`."
            )
        return mean_feature(self.snapshot.features[rows])
