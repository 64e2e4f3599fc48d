"""What is doubtful about the products: facts, photographs and categories that want a look."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from search import photos
from search.catalogue import Catalogue, CataloguePhoto, Product, Snapshot
from search.errors import PhotoError, QueryError
from search.insight.doubtful import Label, doubtful_categories
from search.insight.rows import row_photos
from search.network.vectors import Feature, Scores, cosine_blocks, unit_means
from search.progress import OnProgress, Reporter

NEIGHBOURS = 15  # how many vote on a category, and whose lists a product may be absent from


@dataclass(frozen=True, slots=True)
class Issue:
    """Something about a product that wants a merchandiser's eye; `detail` is a sentence.

    For another category, `suggestion` is the one the neighbours vote for, `share` (0 to 1) that of
    their votes, and `evidence` the nearest of them.
    """

    kind: Literal[
        "other category",
        "never found",
        "no price",
        "no stock figure",
        "no photograph",
        "not encoded",
        "missing file",
        "unreadable file",
    ]
    product: Product
    detail: str
    photo: CataloguePhoto | None = None
    suggestion: str = ""
    share: float = 0.0
    evidence: tuple[Product, ...] = ()


def health(
    snapshot: Snapshot,
    *,
    k: int = NEIGHBOURS,
    label: Label | None = None,
    on_progress: OnProgress | None = None,
) -> list[Issue]:
    """List what is doubtful about the products, by kind and id; no file is opened.

    What a product lacks is said of each, for each is put right on its own. What its neighbours say
    is said once of the variants of one thing, which count as one product there.

    "other category": the k nearest products agree on another category, and the name doesn't say
    that it is of its own (see `search.insight.doubtful`); the surest first. `label`
    gives what is voted on, the category unless said otherwise. "never found": the product is among
    the k nearest of no other, an "orphan" or "anti-hub" of Radovanović, Nanopoulos and Ivanović,
    "Hubs in space", 2010: no customer who starts from a product will meet it.

    :raises QueryError: k is below 1.
    :raises Cancelled: `on_progress` returned False.
    """
    if k < 1:
        raise QueryError(f"The number of neighbours must be 1 or more, not {k}.")
    found = [*_missing(snapshot)]
    rows = snapshot.distinct_rows
    positions, features = unit_means(snapshot.features_of(rows), snapshot.row_group[rows])
    if len(positions) > 1:
        products = [snapshot.products[position] for position in positions]
        nearest, scores = _nearest(features, min(k, len(products) - 1), on_progress)
        found += _never_found(products, nearest, k)
        found += _other_category(products, nearest, scores, label or _category)
    return sorted(found, key=lambda issue: (issue.kind, -issue.share, issue.product.id))


def file_health(
    catalogue: Catalogue, snapshot: Snapshot, *, on_progress: OnProgress | None = None
) -> list[Issue]:
    """Open every photograph's file and list those that are missing or cannot be read.

    :raises Cancelled: `on_progress` returned False.
    """
    found: list[Issue] = []
    reporter = Reporter(on_progress, len(snapshot.photos))
    for done, photo in enumerate(snapshot.photos, 1):
        owner = snapshot.products[snapshot.position[photo.product_id]]
        try:
            path = catalogue.path(photo)
            if path.is_file():
                photos.check(path)
            else:
                sentence = f"The file {photo.file} is gone; add the photograph again."
                found.append(Issue("missing file", owner, sentence, photo))
        except PhotoError as error:
            found.append(Issue("unreadable file", owner, str(error), photo))
        reporter.report(done, failed=len(found))
    return found


def _missing(snapshot: Snapshot) -> Iterator[Issue]:
    """Give what products lack: a price, a stock figure, a photograph, a feature."""
    encoded = {photo.product_id for photo in row_photos(snapshot)}
    for product in snapshot.products:
        if product.price is None:
            yield Issue("no price", product, "It has no price.")
        if product.stock is None:
            yield Issue("no stock figure", product, "Its stock is unknown.")
        if product.id not in snapshot.main_photo:
            yield Issue("no photograph", product, "It has no photograph to be found by.")
        elif product.id not in encoded:
            yield Issue("not encoded", product, "None of its photographs is encoded.")


def _nearest(
    features: Feature, k: int, on_progress: OnProgress | None
) -> tuple[NDArray[np.intp], Scores]:
    """Return the k nearest other rows of each row, best first, and their cosines; both (n, k)."""
    nearest = np.empty((len(features), k), np.intp)
    cosines = np.empty((len(features), k), np.float32)
    for block, scores in cosine_blocks(features, features, on_progress=on_progress):
        scores[np.arange(len(block)), block] = -np.inf
        found = np.argpartition(-scores, k - 1, axis=1)[:, :k]
        best = np.take_along_axis(scores, found, axis=1)
        order = np.argsort(-best, axis=1, kind="stable")
        nearest[block] = np.take_along_axis(found, order, axis=1)
        cosines[block] = np.take_along_axis(best, order, axis=1)
    return nearest, cosines


def _category(product: Product) -> str:
    return product.category


def _never_found(products: list[Product], nearest: NDArray[np.intp], k: int) -> Iterator[Issue]:
    times_found = np.bincount(nearest.ravel(), minlength=len(products))
    sentence = f"It is among the {k} nearest of no other product."
    for product, times in zip(products, times_found, strict=True):
        if times == 0:
            yield Issue("never found", product, sentence)


def _other_category(
    products: list[Product], nearest: NDArray[np.intp], scores: Scores, label: Label
) -> Iterator[Issue]:
    for doubt in doubtful_categories(products, nearest, scores, label):
        sentence = f"It is listed under {label(doubt.product)}, but {doubt.reason}"
        yield Issue(
            "other category",
            doubt.product,
            sentence,
            suggestion=doubt.category,
            share=doubt.share,
            evidence=doubt.evidence,
        )
