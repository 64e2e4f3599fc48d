"""Features and colours of photographs: made once and saved by the photograph's content."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from search.catalogue import Catalogue
from search.engine import colours
from search.errors import OutsideError, SearchError
from search.network.cluster import Workers, spread
from search.network.extractor import Extractor, Source
from search.network.preparation import Prepared
from search.network.stream import Encoded, stream
from search.network.vectors import Feature
from search.photos import Photo
from search.progress import OnProgress
from search.roles import Actor, Permission, require

# Each commit of a catalogue's own photographs is a revision, so they are few.
_SAVED_TOGETHER = 512
_SAVED_EVERY = 5.0  # seconds; a killed process loses no more work than that


@dataclass(frozen=True, slots=True)
class EncodedCatalogue:
    """How many photographs were encoded, and a sentence for each that could not be."""

    encoded: int
    failed: tuple[str, ...] = ()


def encode_photos(
    catalogue: Catalogue, extractor: Extractor, photographs: Sequence[Photo], actor: Actor
) -> None:
    """Encode photographs that are about to be added, unless their features are known.

    Their colours are saved too.

    :raises AccessError: the one who acts may not change the catalogue.
    :raises FeatureError: a photograph gives no feature.
    """
    require(actor, Permission.EDIT)
    known = catalogue.known_features(extractor.fingerprint, [p.sha256 for p in photographs])
    new = {photo.sha256: photo for photo in photographs if photo.sha256 not in known}
    if new:
        prepared = [extractor.prepare(photo) for photo in new.values()]
        features = dict(zip(new, extractor.embed(prepared), strict=True))
        seen = {each.sha256: colours.of_prepared(each, extractor.network) for each in prepared}
        _save(catalogue, extractor.fingerprint, features, seen, actor)


def encode_sources(
    catalogue: Catalogue,
    extractor: Extractor,
    sources: Iterable[Source],
    *,
    total: int,
    saved_together: int,
    workers: Workers | None = None,
    actor: Actor = "",
    on_progress: OnProgress | None = None,
) -> list[str | SearchError]:
    """Encode any number of photographs and save their features and colours as they come.

    Returns for each source, in order, the sha256 its feature is saved under, or why it has none.
    `saved_together` is how many features are saved at once, at the latest every 5 seconds: what a
    killed process loses at most. `workers` are who encodes; None: this process.

    :raises AccessError: the one who acts may not change the catalogue.
    :raises ClusterError: the workers cannot be reached, end again and again, or have another
        network; what was encoded by then is saved.
    :raises Cancelled: `on_progress` returned False; what was encoded by then is saved.
    """
    require(actor, Permission.EDIT)
    waiting: dict[str, Feature] = {}
    seen: dict[str, Feature] = {}
    outcomes: dict[int, str | SearchError] = {}
    saved = time.monotonic()
    coming = _coming(catalogue, extractor, sources, workers, total, on_progress)
    try:
        with contextlib.closing(coming):
            for encoded in coming:
                if encoded.sha256 is not None and encoded.seen is not None:
                    seen[encoded.sha256] = encoded.seen
                if encoded.sha256 is not None and encoded.feature is not None:
                    waiting[encoded.sha256] = encoded.feature
                    outcomes[encoded.place] = encoded.sha256
                elif encoded.error is not None:
                    outcomes[encoded.place] = encoded.error
                late = time.monotonic() - saved >= _SAVED_EVERY
                if len(waiting) >= saved_together or (waiting and late):
                    _save(catalogue, extractor.fingerprint, waiting, seen, actor)
                    waiting, seen, saved = {}, {}, time.monotonic()
    finally:
        if waiting:
            _save(catalogue, extractor.fingerprint, waiting, seen, actor)
    return [outcomes[place] for place in sorted(outcomes)]


def _coming(
    catalogue: Catalogue,
    extractor: Extractor,
    sources: Iterable[Source],
    workers: Workers | None,
    total: int,
    on_progress: OnProgress | None,
) -> Generator[Encoded]:
    """Encode sources, and see the colours of those that have none yet."""
    look = partial(colours.of_prepared, network=extractor.network)
    if workers is not None:
        yield from spread(
            extractor, sources, workers, total=total, on_progress=on_progress, see=look
        )
        return

    def see(photo: Prepared) -> Feature | None:
        if catalogue.known_features(colours.FINGERPRINT, [photo.sha256]):
            return None  # by another network's encoding
        return look(photo)

    yield from stream(extractor, sources, total=total, on_progress=on_progress, see=see)


def encode_missing(
    catalogue: Catalogue,
    extractor: Extractor,
    *,
    workers: Workers | None = None,
    actor: Actor = "",
    on_progress: OnProgress | None = None,
) -> EncodedCatalogue:
    """Encode what this network has not encoded yet; stopped at any moment, it goes on from there.

    What has a feature and no colours yet gets those alone, in this process.

    :raises AccessError: the one who acts may not change the catalogue.
    :raises ClusterError: as `encode_sources`.
    :raises Cancelled: `on_progress` returned False; what was encoded by then is saved.
    """
    for fingerprint in (extractor.fingerprint, colours.FINGERPRINT):
        catalogue.discard_damaged(fingerprint, actor)
    places: dict[str, Path] = {}
    refused: list[str] = []
    for photo in catalogue.without_feature(extractor.fingerprint):
        try:
            places[photo.sha256] = catalogue.path(photo)
        except OutsideError as error:
            refused.append(str(error))
    outcomes = encode_sources(
        catalogue,
        extractor,
        list(places.values()),
        total=len(places),
        saved_together=_SAVED_TOGETHER,
        workers=workers,
        actor=actor,
        on_progress=on_progress,
    )
    if catalogue.without_feature(colours.FINGERPRINT):
        colours.save_missing(catalogue, actor=actor, on_progress=on_progress)
    failed = [str(outcome) for outcome in outcomes if isinstance(outcome, SearchError)]
    return EncodedCatalogue(len(outcomes) - len(failed), (*refused, *failed))


def _save(
    catalogue: Catalogue,
    fingerprint: str,
    features: dict[str, Feature],
    seen: dict[str, Feature],
    actor: Actor,
) -> None:
    """Save features and colours in one change."""
    with catalogue.change(actor, "encode", fingerprint) as change:
        change.save_features(fingerprint, features)
        change.save_features(colours.FINGERPRINT, {id: seen[id] for id in seen if id in features})
