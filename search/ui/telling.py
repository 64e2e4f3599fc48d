"""What is told of a visit's searches, to judge the quality by: what was shown, and what came of it.

Never a photograph, a name or an address; see `search.feedback`. Telling puts a value into a queue:
nothing here waits for a disk.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import streamlit as st

from search.engine import Cheaper, Hit, Listed, Listing, Query, SearchResult
from search.feedback.events import Action, Kind, Search, token
from search.feedback.recorder import recorder_of, recording
from search.ui import state
from search.ui.engines import View

_SESSION, _TOLD = "told_session", "told_search"


@dataclass(slots=True)
class _Told:
    """The searches that were told of one question; `search` has each product's by its id."""

    folder: Path
    question: object = field(repr=False)
    search: dict[str, str] = field(default_factory=dict)
    is_told: bool = False


def shown(view: View, query: Query, result: SearchResult, cheaper: Cheaper | None) -> None:
    """Tell what a search shows, once: neither again on the next run, nor what was shown before."""

    def search(skipped: int) -> Search:
        return Search.of(query, result, session=_session(), cheaper=cheaper, skipped=skipped)

    _tell(view, result.hits, search)


def listed(view: View, found: Listing) -> None:
    """Tell what words alone have found, as `shown` does."""
    network = view.engine.extractor.fingerprint

    def search(skipped: int) -> Search:
        return Search.of_listing(found, session=_session(), network=network, skipped=skipped)

    _tell(view, found.hits, search)


def _tell(view: View, hits: Sequence[Hit | Listed], search_of: Callable[[int], Search]) -> None:
    if not recording():
        return
    settings = replace(state.settings(), k=1)  # more of them is the same question
    question = (state.query(), settings, view.key)
    told = st.session_state.get(_TOLD)
    if not isinstance(told, _Told) or told.question != question:
        told = st.session_state[_TOLD] = _Told(view.catalogue.folder, question)
    new = [hit.product.id for hit in hits if hit.product.id not in told.search]
    if told.is_told and not new:  # also where it found nothing
        return
    told.is_told = True
    search = search_of(len(told.search))
    recorder_of(told.folder).record(search)
    told.search.update(dict.fromkeys(new, search.id))


def chosen(kind: Kind, product_id: str) -> None:
    """Tell what was done with a product, where a search of this session has shown it."""
    told = st.session_state.get(_TOLD)
    if recording() and isinstance(told, _Told) and product_id in told.search:
        action = Action(kind, _session(), product_id, told.search[product_id])
        recorder_of(told.folder).record(action)


def _session() -> str:
    """Give the random name of this visit."""
    if _SESSION not in st.session_state:
        st.session_state[_SESSION] = token()
    name: str = st.session_state[_SESSION]
    return name
