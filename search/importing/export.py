"""Take the catalogue along: a CSV for spreadsheets, or a zip of it with the photographs.

Both import back unchanged. Cells that a spreadsheet would run as a formula are neutralised, which
the import undoes.
"""

from __future__ import annotations

import zipfile
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import BinaryIO, Final

from search import money
from search.catalogue import Catalogue, CataloguePhoto, Product
from search.errors import CatalogueError
from search.files import atomic_file
from search.importing.dialects import COLUMNS
from search.progress import OnProgress, Reporter
from search.spreadsheet import write_table

TABLE_NAME: Final = "products.csv"


def export_table(catalogue: Catalogue, ids: Collection[str] | None = None) -> bytes:
    """Return the products, all or those named, as CSV in the documented columns.

    Attributes follow as further columns; `file` holds the photographs' places in the zip.
    """
    return _table(*_chosen(catalogue, ids))


def export_zip(
    catalogue: Catalogue,
    target: Path | BinaryIO,
    ids: Collection[str] | None = None,
    *,
    on_progress: OnProgress | None = None,
) -> None:
    """Write the CSV and the photographs into a zip; a file appears whole or not at all.

    :raises CatalogueError: a photograph is gone, or the disk is full.
    :raises Cancelled: `on_progress` returned False; a file is not written.
    """
    products, photos = _chosen(catalogue, ids)
    if not isinstance(target, Path):
        _write(catalogue, target, products, photos, on_progress)
        return
    try:
        with atomic_file(target) as file:
            _write(catalogue, file, products, photos, on_progress)
    except OSError as error:
        raise CatalogueError(
            f"“{target.name}” cannot be written ({error.strerror}): choose another folder."
        ) from error


def _chosen(
    catalogue: Catalogue, ids: Collection[str] | None
) -> tuple[list[Product], list[CataloguePhoto]]:
    snapshot = catalogue.snapshot("")  # both lists of one revision, without features
    if snapshot.left_out:
        raise CatalogueError(f"{snapshot.left_out[0]} Until then nothing can be exported.")
    if ids is None:
        return list(snapshot.products), list(snapshot.photos)
    wanted = frozenset(ids)
    products = [product for product in snapshot.products if product.id in wanted]
    return products, [photo for photo in snapshot.photos if photo.product_id in wanted]


def _table(products: list[Product], photos: list[CataloguePhoto]) -> bytes:
    titles = {title for product in products for title in product.attributes}
    further = sorted(titles - set(COLUMNS))
    files: dict[str, list[str]] = {}
    for photo in photos:
        files.setdefault(photo.product_id, []).append(photo.file)
    return write_table((*COLUMNS, *further), _rows(products, files, further))


def _rows(
    products: list[Product], files: dict[str, list[str]], further: list[str]
) -> Iterator[list[str]]:
    for product in products:
        known = {
            **{name: str(getattr(product, name, "")) for name in COLUMNS},
            "kind": product.attributes.get("kind", ""),
            "price": money.decimal_text(product.regular_price, product.currency),
            "sale_price": money.decimal_text(product.sale_price, product.currency),
            "stock": "" if product.stock is None else str(product.stock),
            "file": "|".join(files.get(product.id, ())),
        }
        yield [known[name] for name in COLUMNS] + [product.attributes.get(t, "") for t in further]


def _write(
    catalogue: Catalogue,
    file: BinaryIO,
    products: list[Product],
    photos: list[CataloguePhoto],
    on_progress: OnProgress | None,
) -> None:
    places = {photo.file: catalogue.path(photo) for photo in photos}
    with zipfile.ZipFile(file, "w", strict_timestamps=False) as archive:
        table = _table(products, photos)
        archive.writestr(TABLE_NAME, table, compress_type=zipfile.ZIP_DEFLATED)
        reporter = Reporter(on_progress, len(places))
        for done, (name, place) in enumerate(sorted(places.items()), 1):
            try:
                archive.write(place, name, zipfile.ZIP_STORED)  # photographs do not shrink
            except FileNotFoundError as error:
                raise CatalogueError(
                    f"The photograph {name} is not on the disk: run doctor, then export again."
                ) from error
            reporter.report(done)
