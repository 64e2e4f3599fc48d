"""What a catalogue learns of photographs, once it is encoded and again when much has changed.

Altered copies of some of its photographs are encoded, one for five photographs; from them
come the bands for photographs, the category that one looks like, and what shows no product at all.
All is saved under the network's fingerprint.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace

import numpy as np

from search.catalogue import Catalogue
from search.engine.altered import calibrate_photographs, how_many, make_copies
from search.engine.bands import Bands, bands_key, bands_of, read
from search.engine.derived import CHANGED_ENOUGH, load_or_make, share_changed
from search.engine.no_match import ProductClassifier, classifier_setting, fit, saved_classifier
from search.engine.scenes import encoded_rows, rounded, save_rows, saved_rows, scenes
from search.network.extractor import Extractor
from search.photos import Photo
from search.progress import OnProgress, Reporter

_LEARNING = threading.Lock()  # two threads never learn the same thing


@dataclass(frozen=True, slots=True, eq=False)
class Learnt:
    """What altered copies teach: what scores mean for a photograph, and what shows a product."""

    bands: Bands
    classifier: ProductClassifier


def photograph_bands_of(catalogue: Catalogue, fingerprint: str) -> Bands | None:
    """Give what scores mean for a photograph, None where that was not learnt yet."""
    return read(catalogue.derived(_setting(fingerprint)))


def ensure_learnt(
    catalogue: Catalogue, extractor: Extractor, *, on_progress: OnProgress | None = None
) -> Learnt | None:
    """Learn for a catalogue and a network, unless that was done and little has changed since.

    None if fewer than 8 photographs can be read.

    :raises Cancelled: `on_progress` returned False.
    """
    with _LEARNING:
        return load_or_make(
            load=lambda: _saved(catalogue, extractor.fingerprint),
            make=lambda: _learn(catalogue, extractor, seed=0, on_progress=on_progress),
            save=lambda learnt: _save(catalogue, extractor.fingerprint, learnt),
        )


def learn(
    catalogue: Catalogue,
    extractor: Extractor,
    *,
    seed: int = 0,
    on_progress: OnProgress | None = None,
) -> Learnt | None:
    """Learn from altered copies of the catalogue's photographs, whatever was learnt before.

    None, and nothing is saved, if fewer than 8 photographs can be read.

    :raises Cancelled: `on_progress` returned False.
    :raises CatalogueError: the catalogue cannot be written.
    """
    learnt = _learn(catalogue, extractor, seed=seed, on_progress=on_progress)
    _save(catalogue, extractor.fingerprint, learnt)
    return learnt


def _learn(
    catalogue: Catalogue, extractor: Extractor, *, seed: int, on_progress: OnProgress | None
) -> Learnt | None:
    listed = catalogue.photos()
    known, drawn = saved_rows(catalogue, extractor), list[Photo]()
    if known is None:
        drawn = list(scenes())
    wanted = how_many(len({photo.sha256 for photo in listed}))
    reporter = Reporter(on_progress, wanted + len(drawn))
    copies = make_copies(catalogue, listed, extractor, seed=seed, reporter=reporter)
    if copies is None:
        return None
    without = load_or_make(
        load=lambda: known,
        make=lambda: rounded(
            encoded_rows(drawn, extractor, lambda done: reporter.report(wanted + done))
        ),
        save=lambda rows: save_rows(catalogue, extractor, rows),
    )
    classifier = fit(copies.rows, without, seed=seed)
    newest = max(photo.id for photo in listed)
    snapshot = catalogue.snapshot(extractor.fingerprint)
    return Learnt(
        calibrate_photographs(snapshot, bands_of(catalogue, snapshot), copies),
        replace(classifier, photos=len(listed), last_photo=newest),
    )


def _save(catalogue: Catalogue, fingerprint: str, learnt: Learnt | None) -> None:
    if learnt is not None:
        catalogue.save_derived(_setting(fingerprint), learnt.bands.to_text())
        catalogue.save_derived(classifier_setting(fingerprint), learnt.classifier.to_text())


def _saved(catalogue: Catalogue, fingerprint: str) -> Learnt | None:
    """Give what was learnt, unless much has changed since."""
    classifier = saved_classifier(catalogue, fingerprint)
    bands = photograph_bands_of(catalogue, fingerprint)
    if classifier is None or bands is None:
        return None
    ids = np.array([photo.id for photo in catalogue.photos()], np.int64)
    changed = share_changed(ids, classifier.photos, classifier.last_photo)
    return Learnt(bands, classifier) if changed <= CHANGED_ENOUGH else None


def saved_under(fingerprint: str) -> tuple[str, ...]:
    """Name all that a catalogue has derived of a network, so that it can be taken along."""
    return bands_key(fingerprint), _setting(fingerprint), classifier_setting(fingerprint)


def _setting(fingerprint: str) -> str:
    return f"photographs:{fingerprint}"
