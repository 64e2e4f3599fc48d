"""The catalogue of a shop: products, photographs and features in one SQLite file."""

from search.catalogue.catalogue import Catalogue
from search.catalogue.models import (
    CataloguePhoto,
    Product,
    Revision,
    RowChange,
    Snapshot,
    Status,
)
from search.catalogue.repair import Finding, PurgeReport
from search.catalogue.transaction import Change

__all__ = [
    "Catalogue",
    "CataloguePhoto",
    "Change",
    "Finding",
    "Product",
    "PurgeReport",
    "Revision",
    "RowChange",
    "Snapshot",
    "Status",
]
