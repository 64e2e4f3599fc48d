"""Photographs of an import that look like another product's: pairs for a person to decide on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.catalogue import Catalogue
from search.importing.fields import PlannedPhoto
from search.importing.plan import ImportPlan, check_network, encode_new
from search.network.extractor import Extractor
from search.progress import OnProgress


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
    catalogue: Catalogue,
    extractor: Extractor,
    plan: ImportPlan,
    *,
    threshold: float,
    actor: str = "",
    on_progress: OnProgress | None = None,
) -> list[NearDuplicate]:
    """Encode the plan's photographs and pair those that look like another product's.

    The features are kept, so that applying the plan does not encode again. Pairs come in falling
    order of cosine; a photograph that cannot be encoded has none.

    :param threshold: the least cosine of a pair.
    """
    check_network(extractor, plan)
    encode_new(catalogue, extractor, plan, actor, on_progress)
    own = [(at, photo) for at, row in enumerate(plan.rows) if row.has_work for photo in row.photos]
    known = catalogue.known_features(plan.fingerprint, {photo.sha256 for _, photo in own})
    own = [(at, photo) for at, photo in own if photo.sha256 in known]
    if not own:
        return []
    new = np.stack([known[photo.sha256] for _, photo in own])
    snapshot = catalogue.snapshot(plan.fingerprint)
    by_id = {photo.id: photo for photo in snapshot.photos}
    old = [by_id[int(i)] for i in snapshot.photo_ids]
    pairs: list[NearDuplicate] = []
    for i, j, cosine in _close(new, snapshot.features, threshold) if old else ():
        at, photo = own[i]
        if old[j].product_id != plan.rows[at].id:
            other = old[j]
            pairs.append(NearDuplicate(at, photo, other.product_id, other.sha256, cosine))
    for i, j, cosine in _close(new, new, threshold):
        (at, photo), (other_at, other_photo) = own[i], own[j]
        if j < i and plan.rows[at].id != plan.rows[other_at].id:
            other_id = plan.rows[other_at].id
            pairs.append(NearDuplicate(at, photo, other_id, other_photo.sha256, cosine, other_at))
    return sorted(pairs, key=lambda pair: (-pair.cosine, pair.row, pair.other_id))


def _close(
    rows: NDArray[np.float32], others: NDArray[np.float32], threshold: float
) -> Iterator[tuple[int, int, float]]:
    """Give the pairs of rows whose cosine reaches the threshold, a block at a time."""
    for start in range(0, len(rows), 512):
        cosines = rows[start : start + 512] @ others.T
        for i, j in zip(*np.nonzero(cosines >= threshold), strict=True):
            yield start + int(i), int(j), float(min(cosines[i, j], 1.0))
