"""The catalogue of a shop: products, photographs and features in one SQLite file."""

from search.catalogue.backups import Backup
from search.catalogue.catalogue import DATABASE, Catalogue
from search.catalogue.database import NestedTransactionError
from search.catalogue.findings import Finding
from search.catalogue.models import (
    CataloguePhoto,
    Product,
    Revision,
    RowChange,
    Status,
)
from search.catalogue.purge import PurgeReport
from search.catalogue.restoring import restore_backup
from search.catalogue.snapshots import Difference, Snapshot
from search.catalogue.transaction import Change
from search.catalogue.undoing import Step
from search.catalogue.vectors import Vectors

__all__ = [
    "DATABASE",
    "Backup",
    "Catalogue",
    "CataloguePhoto",
    "Change",
    "Difference",
    "Finding",
    "NestedTransactionError",
    "Product",
    "PurgeReport",
    "Revision",
    "RowChange",
    "Snapshot",
    "Status",
    "Step",
    "Vectors",
    "restore_backup",
]
