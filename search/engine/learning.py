"""What a catalogue learns of photographs, once it is encoded and again when much has changed.

Altered copies of some of its photographs are encoded, one for five photographs; from them
come the bands for photographs, the category that one looks like, and what shows no product at all.
All is kept as settings under the network's fingerprint.
"""

from __future__ import annotations

import json
import threading
from dataclasses import asdict, replace

import numpy as np

from search.catalogue import Catalogue
from search.engine.altered import calibrate_photographs, how_many, make_copies
from search.engine.bands import Bands, bands_of, read
from search.engine.derived import CHANGED_ENOUGH, share_changed
from search.engine.no_match import Presence, fit, presence_of, presence_setting
from search.engine.scenes import encoded_rows, keep_rows, kept_rows, scenes
from search.network.extractor import Extractor
from search.photos import Photo
from search.progress import OnProgress, Reporter

_LEARNING = threading.Lock()  # what one thread learns, another need not


def photograph_bands_of(catalogue: Catalogue, fingerprint: str) -> Bands | None:
    """Give what scores mean for a photograph, None where that was not learnt yet."""
    return read(catalogue.setting(_setting(fingerprint)))


def ensure_learnt(
    catalogue: Catalogue, extractor: Extractor, *, on_progress: OnProgress | None = None
) -> None:
    """Learn for a catalogue and a network, unless that was done and little has changed since.

    :raises Cancelled: `on_progress` returned False.
    """
    with _LEARNING:
        kept = presence_of(catalogue, extractor.fingerprint)
        if kept is not None and photograph_bands_of(catalogue, extractor.fingerprint) is not None:
            ids = np.array([photo.id for photo in catalogue.photos()], np.int64)
            if share_changed(ids, kept.photos, kept.last_photo) <= CHANGED_ENOUGH:
                return
        learn(catalogue, extractor, on_progress=on_progress)


def learn(
    catalogue: Catalogue,
    extractor: Extractor,
    *,
    seed: int = 0,
    on_progress: OnProgress | None = None,
) -> Presence | None:
    """Learn from altered copies of the catalogue's photographs and keep the result as settings.

    None, and nothing is kept, if fewer than 8 photographs can be read.
    :raises Cancelled: `on_progress` returned False.
    """
    listed = catalogue.photos()
    without, drawn = kept_rows(catalogue, extractor), list[Photo]()
    if without is None:
        drawn = list(scenes())
    wanted = how_many(len({photo.sha256 for photo in listed}))
    reporter = Reporter(on_progress, wanted + len(drawn))
    copies = make_copies(catalogue, listed, extractor, seed=seed, reporter=reporter)
    if copies is None:
        return None
    if without is None:
        rows = encoded_rows(drawn, extractor, lambda done: reporter.report(wanted + done))
        without = keep_rows(catalogue, extractor, rows)
    learnt = fit(copies.rows, without, seed=seed)
    presence = replace(learnt, photos=len(listed), last_photo=max(photo.id for photo in listed))
    snapshot = catalogue.snapshot(extractor.fingerprint)
    bands = calibrate_photographs(snapshot, bands_of(catalogue, snapshot), copies)
    catalogue.set_setting(_setting(extractor.fingerprint), json.dumps(asdict(bands)))
    catalogue.set_setting(presence_setting(extractor.fingerprint), presence.to_text())
    return presence


def _setting(fingerprint: str) -> str:
    return f"photographs:{fingerprint}"
