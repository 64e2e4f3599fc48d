"""What the events of a catalogue tell, once for each state of their file."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from search.feedback import analytics
from search.feedback.analytics import Day, Lonely, Overview, Saving, Unchosen
from search.feedback.intervals import Share
from search.feedback.recorder import recorder_of
from search.feedback.sample import sample_events
from search.feedback.store import EventStore
from search.ui.engines import View


@dataclass(frozen=True, slots=True)
class Told:
    """All that the page of analytics shows of one time."""

    overview: Overview
    positions: tuple[tuple[int, Share], ...]
    days: tuple[Day, ...]
    savings: tuple[Saving, ...]
    never_chosen: tuple[Unchosen, ...]
    lonely: tuple[Lonely, ...]


def told(view: View, since: float) -> Told:
    """Sum up the events of a catalogue since a time in Unix seconds.

    :raises EventError: they cannot be read.
    """
    recorder = recorder_of(view.catalogue.folder)
    recorder.flush()
    return _told(str(view.catalogue.folder), _state(recorder.store.path), since)


def sample(view: View, since: float) -> Told:
    """Sum up invented events of the catalogue's products.

    :raises EventError: they cannot be written.
    """
    return _sample(view.key, since, view)


@st.cache_resource(show_spinner=False, max_entries=16)
def _told(folder: str, written: tuple[int, ...], since: float) -> Told:  # noqa: ARG001
    return _summed(EventStore(Path(folder)), since)


@st.cache_resource(show_spinner=False, max_entries=4)
def _sample(key: object, since: float, _view: View) -> Told:  # noqa: ARG001
    with tempfile.TemporaryDirectory() as folder:
        return _summed(sample_events(Path(folder), _view.products), since)


def _summed(events: EventStore, since: float) -> Told:
    return Told(
        analytics.overview(events, since),
        tuple(analytics.click_through(events, since)),
        tuple(analytics.by_day(events, since)),
        tuple(analytics.savings(events, since)),
        tuple(analytics.never_chosen(events, since)),
        tuple(analytics.lonely(events, since)),
    )


def _state(file: Path) -> tuple[int, ...]:
    """Tell one state of a database from another: its file's and its log's time and size."""
    found: list[int] = []
    for each in (file, file.with_name(f"{file.name}-wal")):
        try:
            state = each.stat()
        except OSError:
            continue
        found += [state.st_mtime_ns, state.st_size]
    return tuple(found)
