"""Photographs added by hand, to a product or as new ones: encoded first, in one revision."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from typing import NamedTuple

from search import filenames, photos
from search.catalogue import Catalogue, CataloguePhoto, Product, editing
from search.engine.encoding import encode_photos
from search.errors import CatalogueError, FeatureError, PhotoError
from search.importing.listing import stem
from search.network.extractor import Extractor
from search.photos import PhotoFile, plain_name
from search.progress import OnProgress, Reporter
from search.roles import Actor


class Upload(NamedTuple):
    """A photograph handed in: the name it had, and its bytes."""

    name: str
    data: bytes


Source = Upload | Path


@dataclass(frozen=True, slots=True)
class Added:
    """How many photographs were added by which revision, and a sentence for each left out."""

    revision: int
    photographs: int
    skipped: tuple[str, ...] = ()


def add_photographs(
    catalogue: Catalogue,
    extractor: Extractor,
    product_id: str,
    sources: Sequence[Source],
    actor: Actor,
    *,
    replace_all: bool = False,
    on_progress: OnProgress | None = None,
) -> Added:
    """Add photographs to a product, or with `replace_all` put them in place of its present ones.

    :raises PhotoError: a photograph cannot be used; nothing was changed.
    :raises FeatureError: the network finds nothing in a photograph; nothing was changed.
    :raises CatalogueError: there is no such product.
    :raises AccessError: the one who acts may not change the catalogue.
    :raises Cancelled: `on_progress` returned False; nothing was changed.
    """
    catalogue.product(product_id)
    ready = []
    for name, found in _encoded(catalogue, extractor, sources, actor, on_progress):
        if not isinstance(found, PhotoFile):
            raise found
        ready.append((name, found))
    with catalogue.change(actor, "photographs", product_id) as change:
        if replace_all:
            for stored in catalogue.photos(product_id):
                change.remove_photo(stored.id)
        for name, file in ready:
            change.add_photo(product_id, file, source=filenames.stored(name))
    return Added(change.revision, len(ready))


def remove_photograph(catalogue: Catalogue, photo: CataloguePhoto, actor: Actor) -> None:
    """Take a photograph from its product, as one revision; its file stays until purged.

    :raises CatalogueError: there is no such photograph.
    """
    with catalogue.change(actor, "photographs", photo.product_id) as change:
        change.remove_photo(photo.id)


def add_products(
    catalogue: Catalogue,
    extractor: Extractor,
    sources: Sequence[Source],
    actor: Actor,
    *,
    product_id: str | None = None,
    fields: Mapping[str, object] | None = None,
    attributes: Mapping[str, str] | None = None,
    on_progress: OnProgress | None = None,
) -> Added:
    """Add photographs as products: each as one named after its file, or all as `product_id`.

    The product named may be in the catalogue already. `fields` are as people type them (see
    `search.catalogue.editing`), and like `attributes` are set on every product. A photograph that
    cannot be used, or that a product has already, is left out. Several of one name become several
    products, “image”, “image (2)”.

    :raises CatalogueError: a field is not legal, or a product of a file's name is there already;
        nothing was changed.
    :raises AccessError: the one who acts may not change the catalogue.
    :raises Cancelled: `on_progress` returned False; nothing was changed.
    """
    accepted, skipped = _accepted(
        catalogue, _encoded(catalogue, extractor, sources, actor, on_progress), product_id
    )
    with catalogue.change(actor, "add", _listed([name for _, name, _ in accepted])) as change:
        products = {product.id: product for product in catalogue.products()}
        for target, name, file in accepted:
            if target in products and product_id is None:
                raise CatalogueError(
                    f"There is a product “{target}” already: choose another id for"
                    f" {plain_name(name)}, or name"
                    f" “{target}” as the product to add it to."
                )
            product = products.get(target, Product(target))
            products[target] = _with(product, fields or {}, attributes or {})
            change.put(products[target])
            change.add_photo(target, file, source=filenames.stored(name))
    return Added(change.revision, len(accepted), tuple(skipped))


def _accepted(
    catalogue: Catalogue,
    encoded: Iterable[tuple[str, PhotoFile | PhotoError | FeatureError]],
    product_id: str | None,
) -> tuple[list[tuple[str, str, PhotoFile]], list[str]]:
    """Return photographs with their product's id and their name, and why others are left out."""
    owners: defaultdict[str, set[str]] = defaultdict(set)
    for stored in catalogue.photos():
        owners[stored.sha256].add(stored.product_id)
    known = {product.id for product in catalogue.products()}
    taken: set[str] = set()
    accepted: list[tuple[str, str, PhotoFile]] = []
    skipped: list[str] = []
    for name, found in encoded:
        if not isinstance(found, PhotoFile):
            skipped.append(str(found))
            continue
        having = owners[found.sha256]
        if having and (product_id is None or product_id in having):
            owner = product_id or min(having)
            skipped.append(
                f"{plain_name(name)} is left out: product “{owner}” has this photograph already."
            )
        else:
            target = (
                _id(product_id, known)
                if product_id
                else _free_id(filenames.as_id(stem(name)), taken)
            )
            taken.add(target)
            having.add(target)
            accepted.append((target, name, found))
    return accepted, skipped


def _encoded(
    catalogue: Catalogue,
    extractor: Extractor,
    sources: Iterable[Source],
    actor: Actor,
    on_progress: OnProgress | None,
) -> Iterator[tuple[str, PhotoFile | PhotoError | FeatureError]]:
    """Read and encode photographs one by one; give each by its name, or why it cannot be used."""
    sources = list(sources)
    reporter, failed = Reporter(on_progress, len(sources)), 0
    for done, source in enumerate(sources, 1):
        name, content = (
            (filenames.name_of(source.name), source) if isinstance(source, Path) else source
        )
        found: PhotoFile | PhotoError | FeatureError
        try:
            photo = photos.read(content, name=name)
            encode_photos(catalogue, extractor, [photo], actor)
        except (PhotoError, FeatureError) as error:
            found = error
            failed += 1
        else:
            found = PhotoFile(photo.sha256, photo.data, photo.format, photo.width, photo.height)
        yield name, found
        reporter.report(done, failed=failed)


def _with(product: Product, fields: Mapping[str, object], attributes: Mapping[str, str]) -> Product:
    return dataclasses.replace(
        product,
        **editing.fields_of(product, fields),
        attributes={**product.attributes, **attributes},
    )


def _id(given: str, known: Collection[str]) -> str:
    return given if given in known else filenames.same_letters(given)


def _free_id(wanted: str, taken: Collection[str]) -> str:
    numbered = (f"{wanted} ({number})" for number in count(2))
    return next(each for each in chain([wanted], numbered) if each not in taken)


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(map(plain_name, names[:3]))
    return shown if len(names) <= 3 else f"{shown} and {len(names) - 3} more"
