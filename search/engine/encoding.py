"""Features of a catalogue's photographs, each encoded once and kept by the photograph's content."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from search.catalogue import Catalogue
from search.network.extractor import Extractor
from search.network.stream import stream
from search.network.vectors import Feature
from search.photos import Photo
from search.progress import OnProgress

_KEPT_AT_ONCE = 512  # photographs encoded between two commits: what a killed process loses


@dataclass(frozen=True, slots=True)
class EncodedCatalogue:
    """How many photographs were encoded, and a sentence for each that could not be."""

    encoded: int
    failed: tuple[str, ...] = ()


def keep(catalogue: Catalogue, extractor: Extractor, photographs: Sequence[Photo]) -> None:
    """Encode photographs that are about to be added, unless their features are known.

    :raises FeatureError: a photograph gives no feature.
    """
    known = catalogue.known_features(extractor.fingerprint, [p.sha256 for p in photographs])
    new = {photo.sha256: photo for photo in photographs if photo.sha256 not in known}
    if new:
        features = extractor.embed(list(new.values()))
        catalogue.save_features(extractor.fingerprint, dict(zip(new, features, strict=True)))


def encode_missing(
    catalogue: Catalogue,
    extractor: Extractor,
    *,
    actor: str = "",
    on_progress: OnProgress | None = None,
) -> EncodedCatalogue:
    """Encode what this network has not encoded yet; stopped at any moment, it goes on from there.

    :raises Cancelled: `on_progress` returned False; what was encoded by then is kept.
    """
    missing = {photo.sha256: photo for photo in catalogue.without_feature(extractor.fingerprint)}
    files = [catalogue.path(photo) for photo in missing.values()]
    waiting: dict[str, Feature] = {}
    failed: list[str] = []
    encoded = 0
    try:
        for found in stream(extractor, files, total=len(files), on_progress=on_progress):
            if found.error is not None or found.sha256 is None or found.feature is None:
                failed.append(str(found.error))
                continue
            waiting[found.sha256] = found.feature
            encoded += 1
            if len(waiting) >= _KEPT_AT_ONCE:
                catalogue.save_features(extractor.fingerprint, waiting, actor)
                waiting = {}
    finally:
        if waiting:
            catalogue.save_features(extractor.fingerprint, waiting, actor)
    return EncodedCatalogue(encoded, tuple(failed))
