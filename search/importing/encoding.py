"""The new photographs of an import become features before anything else is written."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Final

from search.catalogue import Catalogue
from search.engine.encoding import encode_sources
from search.errors import MismatchError, PhotoError, SearchError
from search.importing.fields import PlannedPhoto
from search.importing.plan import ImportPlan
from search.importing.sources import Photographs
from search.network.cluster import Workers
from search.network.extractor import Extractor, Source
from search.network.preparation import prepared_ahead
from search.photos import plain_name
from search.progress import OnProgress
from search.roles import Actor

SAVED_TOGETHER: Final = 64  # features lost at most when the process is killed


def encode_plan(
    catalogue: Catalogue,
    extractor: Extractor,
    plan: ImportPlan,
    *,
    workers: Workers | None = None,
    actor: Actor = "",
    on_progress: OnProgress | None = None,
) -> tuple[dict[str, SearchError], int]:
    """Encode the plan's photographs that have no feature yet, and save their features.

    Returns the failures by sha256, and how many succeeded.

    :raises MismatchError: the extractor is not the one the plan was made for.
    :raises ImportRefused: the folder or zip of photographs has gone.
    :raises ClusterError: the `workers` cannot be reached or do not fit; what was encoded is saved.
    :raises Cancelled: `on_progress` returned False; what was encoded by then is saved.
    """
    if extractor.fingerprint != plan.fingerprint:
        raise MismatchError(
            f"The import was checked for the network {plan.fingerprint}, not for"
            f" {extractor.fingerprint}: check it again."
        )
    needed = {photo.sha256: photo for row in plan.work for photo in row.photos}
    known = catalogue.known_features(plan.fingerprint, needed)
    waiting = [photo for sha256, photo in needed.items() if sha256 not in known]
    failed: dict[str, SearchError] = {}
    outcomes = encode_sources(
        catalogue,
        extractor,
        _sources(plan, waiting, failed),
        total=len(waiting),
        saved_together=SAVED_TOGETHER,
        workers=workers,
        actor=actor,
        on_progress=on_progress,
    )
    for photo, outcome in zip(waiting, outcomes, strict=True):
        if isinstance(outcome, SearchError):
            if photo.sha256 not in failed:
                failed[photo.sha256] = _why(plan.photographs, photo, outcome)
        elif outcome != photo.sha256:
            failed[photo.sha256] = changed(photo)
    return failed, len(waiting) - len(failed)


def changed(photo: PlannedPhoto) -> PhotoError:
    """Return the refusal of a photograph that is another one than was checked."""
    shown = plain_name(photo.name)
    return PhotoError(f"“{shown}” has changed since it was checked: check the import again.")


def _sources(
    plan: ImportPlan, waiting: Iterable[PlannedPhoto], failed: dict[str, SearchError]
) -> Iterator[Source]:
    for photo in waiting:
        prepared = prepared_ahead(photo.sha256, plan.fingerprint)
        if prepared is not None:
            yield prepared
            continue
        try:
            yield plan.photographs.source(photo.name)
        except PhotoError as error:
            failed[photo.sha256] = error
            yield b""  # stands in its place; the reason is the one noted


def _why(photographs: Photographs, photo: PlannedPhoto, error: SearchError) -> SearchError:
    """Return the reason of a failure; raise ImportRefused where all photographs have gone."""
    try:
        data = photographs.read(photo.name)
    except PhotoError as reason:
        return reason
    return error if hashlib.sha256(data).hexdigest() == photo.sha256 else changed(photo)
