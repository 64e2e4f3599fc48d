"""The colours of every photograph, kept beside its features and weighed beside the network.

A histogram (see `search.photos.palette`) is a feature like any other, of a fingerprint of its own:
it is saved by the photograph's content, once for all networks, and goes with it into backups.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np
from numpy.typing import NDArray

from search import photos
from search.catalogue import Catalogue, CataloguePhoto, Difference, Snapshot, Vectors
from search.catalogue.vectors import BLOCK
from search.errors import SearchError
from search.network.preparation import Prepared, picture
from search.network.registry import Network
from search.network.runtime import usable_cores
from search.network.vectors import Feature, sums_by, unit_rows_or_zero
from search.photos.palette import COLOURS, colour_histogram
from search.progress import OnProgress, Reporter
from search.roles import Actor

FINGERPRINT: Final = "colours-lab4x7x7"

_SAVED_TOGETHER = 512
_SAVED_EVERY = 5.0  # seconds; a killed process loses no more work than that


def colours_of(catalogue: Catalogue, snapshot: Snapshot) -> Vectors:
    """Give the colours (n, COLOURS) of the snapshot's photographs that have a feature.

    A row of zeros is a photograph whose colours are not known: it has none in common with others.
    """
    names = [snapshot.photo[id].sha256 for id in snapshot.photo_ids.tolist()]
    steps = range(0, len(names), BLOCK)
    return Vectors.joined([_known(catalogue, names[at : at + BLOCK]) for at in steps], COLOURS)


def followed_colours(
    catalogue: Catalogue, colours: Vectors, after: Snapshot, since: Difference
) -> Vectors:
    """Bring colours up to date with a snapshot that followed theirs; see `Snapshot.since`.

    Read are those of new rows, and of rows whose colours were not known.
    """

    def read(rows: NDArray[np.int64]) -> Vectors:
        ids = after.photo_ids[rows].tolist()
        return _known(catalogue, [after.photo[id].sha256 for id in ids])

    colours = colours.changed(since.gone_rows, since.came_rows, read(since.came_rows))
    unknown = np.setdiff1d(colours.zeros(), since.came_rows)
    if len(unknown):
        colours = colours.changed(unknown, unknown, read(unknown))
    return Vectors.joined([colours], COLOURS)


def _known(catalogue: Catalogue, names: list[str]) -> Vectors:
    """Give the colours of photographs by their sha256, zeros where they are not known."""
    known = catalogue.known_features(FINGERPRINT, names)
    rows = np.zeros((len(names), COLOURS), np.float32)
    for row, name in enumerate(names):
        if name in known and known[name].shape == (COLOURS,):
            rows[row] = known[name]
    return Vectors.compact(rows)


def of_prepared(photo: Prepared, network: Network) -> Feature:
    """Give the colours, a unit row (COLOURS,), of what a network is shown of a photograph."""
    return colour_histogram(picture(photo, network))


def mean_colours(rows: Feature) -> Feature:
    """Give the unit mean (COLOURS,) of the colours (n, COLOURS) of one thing, zeros if unknown."""
    if not len(rows):
        return np.zeros(COLOURS, np.float32)
    mean: Feature = unit_rows_or_zero(sums_by(rows, np.zeros(len(rows), np.int64))[1])[0]
    return mean


def save_missing(
    catalogue: Catalogue, *, actor: Actor = "", on_progress: OnProgress | None = None
) -> int:
    """Save the colours of the photographs that have none yet; count them.

    A photograph that cannot be read is passed over: encoding it says why.

    :raises Cancelled: `on_progress` returned False; what was saved by then stays.
    """
    missing = {photo.sha256: photo for photo in catalogue.without_feature(FINGERPRINT)}
    reporter, waiting, saved = Reporter(on_progress, len(missing)), dict[str, Feature](), 0
    last = time.monotonic()
    try:
        for done, (photo, row) in enumerate(_read(catalogue, list(missing.values())), 1):
            if row is not None:
                waiting[photo.sha256] = row
            if len(waiting) >= _SAVED_TOGETHER or time.monotonic() - last >= _SAVED_EVERY:
                saved += _save(catalogue, waiting, actor)
                waiting, last = {}, time.monotonic()
            reporter.report(done)
    finally:
        saved += _save(catalogue, waiting, actor)
    return saved


def _save(catalogue: Catalogue, rows: dict[str, Feature], actor: Actor) -> int:
    if rows:
        catalogue.save_features(FINGERPRINT, rows, actor)
    return len(rows)


def _read(
    catalogue: Catalogue, missing: list[CataloguePhoto]
) -> Iterator[tuple[CataloguePhoto, Feature | None]]:
    """Read photographs in threads, in their order, and give each one's colours."""

    def read(photo: CataloguePhoto) -> Feature | None:
        try:
            return colour_histogram(photos.read(catalogue.path(photo), cached=False).image)
        except SearchError:
            return None

    with ThreadPoolExecutor(usable_cores(), "colours") as pool:
        step = 4 * usable_cores()
        for start in range(0, len(missing), step):
            part = missing[start : start + step]
            yield from zip(part, pool.map(read, part), strict=True)
