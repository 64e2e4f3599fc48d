"""Photographs of an import that look like another product's: pairs for a person to decide on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from search.catalogue import Snapshot
from search.catalogue.variants import are_stated_variants
from search.importing.fields import PlannedPhoto
from search.importing.plan import ImportPlan
from search.network.vectors import Feature, cosine_blocks


@dataclass(frozen=True, slots=True)
class NearDuplicate:
    """A photograph of the import that looks like another one.

    `row` is its place in the plan's rows. `other_row` is the place of the other one in the import,
    None where it is a photograph of the catalogue's product `other_id`. `cosine` is in [-1, 1].
    """

    row: int
    photo: PlannedPhoto
    other_id: str
    other_sha256: str
    cosine: float
    other_row: int | None = None


def near_duplicates(
    plan: ImportPlan, features: dict[str, Feature], snapshot: Snapshot, threshold: float
) -> list[NearDuplicate]:
    """Pair the plan's photographs with those of other products that look the same.

    Pairs come in falling order of cosine; a photograph without a feature is in none, nor are two of
    products that say that they are variants of one.

    :param features: (d,) of the plan's photographs, by sha256.
    :param snapshot: the catalogue, with features of the same network.
    :param threshold: the least cosine of a pair.
    """
    own = [
        (at, photo)
        for at, row in enumerate(plan.rows)
        if row.has_work
        for photo in row.photos
        if photo.sha256 in features
    ]
    if not own:
        return []
    known = {product.id: product for product in snapshot.products}
    planned = [row.applied_to(known.get(row.id)) for row in plan.rows]
    new = np.stack([features[photo.sha256] for _, photo in own])
    pairs: list[NearDuplicate] = []
    for i, j, cosine in _close(new, snapshot.features, threshold):
        (at, photo), other = own[i], snapshot.photo[int(snapshot.photo_ids[j])]
        variants = are_stated_variants(planned[at], known[other.product_id])
        if other.product_id != plan.rows[at].id and not variants:
            pairs.append(NearDuplicate(at, photo, other.product_id, other.sha256, cosine))
    for i, j, cosine in _close(new, new, threshold):
        (at, photo), (other_at, other_photo) = own[i], own[j]
        variants = are_stated_variants(planned[at], planned[other_at])
        if j < i and plan.rows[at].id != plan.rows[other_at].id and not variants:
            other_id = plan.rows[other_at].id
            pairs.append(NearDuplicate(at, photo, other_id, other_photo.sha256, cosine, other_at))
    return sorted(pairs, key=lambda pair: (-pair.cosine, pair.row, pair.other_id))


def _close(
    features: Feature, others: Feature, threshold: float
) -> Iterator[tuple[int, int, float]]:
    """Give the pairs of rows whose cosine reaches the threshold."""
    for block, cosines in cosine_blocks(features, others):
        for i, j in zip(*np.nonzero(cosines >= threshold), strict=True):
            yield int(block[i]), int(j), float(min(cosines[i, j], 1.0))
