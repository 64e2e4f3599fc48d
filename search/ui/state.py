"""What one browser session remembers; few besides touch `st.session_state`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypedDict

import streamlit as st

from search import workspace
from search.photos import Box
from search.ui.query import PhotoQuery, Picture, ProductQuery, Query
from search.ui.settings import PAGE, Settings
from search.ui.web import uploads

HISTORY = 10
HISTORY_BYTES = 60_000_000  # of photographs on a session's history


@dataclass(frozen=True, slots=True)
class PastQuery:
    """A query of this session with its settings, to run it again."""

    query: Query
    settings: Settings
    title: str
    thumbnail: bytes = field(repr=False)


# Keys that belong to no widget.
_CATALOGUE = "catalogue"
_SETTINGS = "settings"
_QUERY = "query"
_HISTORY = "history"
_MORE = "more"
_UPLOADS = "uploads"
_REFUSED = "refused"
_TOUCHED = "touched"
_PROBLEM = "problem"
_DRAFT = "draft"
_ROUND = "draft_round"
_TASK = "task"


# --- settings --------------------------------------------------------------------------------


def settings() -> Settings:
    """Give the settings to search with now."""
    stored = st.session_state.get(_SETTINGS)
    return stored if isinstance(stored, Settings) else Settings()


def put(new: Settings) -> None:
    """Replace all settings; the widgets follow when they are next drawn."""
    if new != settings():
        st.session_state[_MORE] = 0
    st.session_state[_SETTINGS] = new
    st.session_state[_TOUCHED] = True


def take_touched() -> bool:
    """Tell, once, whether something was pressed since the address was written."""
    touched: bool = st.session_state.pop(_TOUCHED, False)
    return touched


def change(**changes: Any) -> None:
    """Change some settings."""
    put(replace(settings(), **changes))


def filtered() -> bool:
    """Tell whether anything is filtered."""
    return settings() != settings().unfiltered()


class Bound(TypedDict):
    """What to hand a widget so that it shows one setting and changes it."""

    key: str
    on_change: Callable[[], None]


def bind(
    name: str, shown: Any, read: Callable[[Any], Any] = lambda value: value, *, place: str = ""
) -> Bound:
    """Bind a widget to the setting `name`: it shows `shown`, `read` turns its value back.

    Several widgets for one setting are told apart by their `place`. The settings are the truth: a
    widget gets its value on every run, so that links, history and labels with changing counts
    never leave it behind.
    """
    widget = f"set_{name}{place}"
    st.session_state[widget] = shown

    def changed() -> None:
        change(**{name: read(st.session_state[widget])})

    return {"key": widget, "on_change": changed}


def value(widget: str, default: Any = None) -> Any:
    """Read a widget, in a callback or before it is drawn."""
    return st.session_state.get(widget, default)


def set_value(widget: str, shown: Any) -> None:
    """Set what a widget shows; before it is drawn."""
    st.session_state[widget] = shown


def take(name: str) -> Any:
    """Give what was set under a name, once; None where nothing was."""
    return st.session_state.pop(name, None)


# --- the query -------------------------------------------------------------------------------


def times_searched() -> int:
    """Count how often something else was searched for in this session, or another view of it."""
    times: int = st.session_state.get(_UPLOADS, 0)
    return times


def query() -> Query | None:
    """Give what is searched for now, None on the start page."""
    current: Query | None = st.session_state.get(_QUERY)
    return current


def ask(new: Query | None) -> None:
    """Search for something else, or for nothing; every uploader starts empty again."""
    st.session_state[_QUERY] = new
    st.session_state[_MORE] = 0
    st.session_state[_TOUCHED] = True
    st.session_state.pop(_REFUSED, None)
    _forget_crop()
    empty_uploaders()
    change(to_beat=None, liked=(), disliked=())


def _drop_removed(kept: Sequence[Picture]) -> None:
    """Forget the photographs that were taken away, on the history too."""
    gone = [picture for picture in _pictures(query()) if picture not in kept]
    st.session_state[_HISTORY] = tuple(
        past for past in history() if not any(each in gone for each in _pictures(past.query))
    )


def _pictures(asked: Query | None) -> tuple[Picture, ...]:
    """Give a query's own photographs; a bundled one is nobody's."""
    return asked.pictures if isinstance(asked, PhotoQuery) and not asked.sample else ()


def ask_product(product_id: str) -> None:
    """Search by a product of the catalogue (a callback)."""
    ask(ProductQuery(product_id))


def crop_to(box: Box) -> None:
    """Search by a part of the photograph."""
    _refine_photo(crop=box)


def pool(pooled: bool) -> None:
    """Search by what the network saw of the part, or encode the part afresh."""
    _refine_photo(pooled=pooled)


def see_from(views: Sequence[Picture]) -> None:
    """Search by these views of the same thing; a crop stays as long as the first one does."""
    current = query()
    if isinstance(current, PhotoQuery) and views:
        _drop_removed(views)
        st.session_state.pop(_REFUSED, None)
        empty_uploaders()
        if current.pictures[0] != views[0]:
            _forget_crop()
            current = PhotoQuery(())
        st.session_state[_QUERY] = replace(current, pictures=tuple(views), sample="")
        st.session_state[_MORE] = 0
        st.session_state[_TOUCHED] = True


def empty_uploaders() -> None:
    """Empty every uploader and free what was in it: what is brought next is alone there."""
    uploads.forget()
    st.session_state[_UPLOADS] = times_searched() + 1


def _forget_crop() -> None:
    for name in [k for k in st.session_state if str(k).startswith("crop_")]:
        del st.session_state[name]


def _refine_photo(**changes: Any) -> None:
    current = query()
    if isinstance(current, PhotoQuery) and replace(current, **changes) != current:
        st.session_state[_QUERY] = replace(current, **changes)
        st.session_state[_MORE] = 0


def uploader_key() -> str:
    """Give the uploader's key; it changes with every query, which empties it."""
    return f"upload_{times_searched()}"


def uploaded(widget: str) -> list[Picture]:
    """Read the photographs in an uploader or camera, from a callback."""
    files = st.session_state.get(widget) or []
    several = files if isinstance(files, list) else [files]
    return [Picture(file.name, file.getvalue()) for file in several]


def more() -> int:
    """Count the tiles shown beyond `settings.k`."""
    extra: int = st.session_state.get(_MORE, 0)
    return extra


def show_more() -> None:
    """Show another page of tiles (a callback)."""
    st.session_state[_MORE] = more() + PAGE


def refuse(problems: list[str]) -> None:
    """Store what was wrong with the photographs brought last."""
    st.session_state[_REFUSED] = tuple(problems)


def refused() -> tuple[str, ...]:
    """Give what was wrong with the photographs brought last."""
    problems: tuple[str, ...] = st.session_state.get(_REFUSED, ())
    return problems


# --- the session's history -------------------------------------------------------------------


def history() -> tuple[PastQuery, ...]:
    """Give the last queries, newest first."""
    past: tuple[PastQuery, ...] = st.session_state.get(_HISTORY, ())
    return past


def remember(past: PastQuery) -> None:
    """Put a query on the history, once; the oldest leave when their photographs are too many."""
    others = tuple(other for other in history() if other.query != past.query)
    kept: list[PastQuery] = []
    size = 0
    for each in (past, *others)[:HISTORY]:
        size += sum(len(picture.data) for picture in _pictures(each.query))
        if kept and size > HISTORY_BYTES:
            break
        kept.append(each)
    st.session_state[_HISTORY] = tuple(kept)


def search_again(past: PastQuery) -> None:
    """Run a query of the history again, with its settings (a callback)."""
    ask(past.query)
    put(past.settings)


def forget() -> None:
    """Empty the history (a callback)."""
    st.session_state[_HISTORY] = ()


# --- editing the catalogue -------------------------------------------------------------------


def report_problem(sentence: str) -> None:
    """Leave a sentence for the next run, from a callback."""
    st.session_state[_PROBLEM] = sentence


def take_problem() -> str | None:
    """Give the sentence to show now, once."""
    sentence: str | None = st.session_state.pop(_PROBLEM, None)
    return sentence


def draft() -> Any:
    """Give what is on its way into the catalogue, or None."""
    return st.session_state.get(_DRAFT)


def set_draft(new: object) -> None:
    """Store what is on its way into the catalogue; None forgets it and empties its uploaders."""
    if new is None:
        st.session_state[_ROUND] = draft_round() + 1
        uploads.forget()
    st.session_state[_DRAFT] = new


def browse_table(words: str) -> None:
    """Have the Catalogue page show a product in its table (a callback)."""
    st.session_state["browse_words"] = words
    st.session_state["browse_view"] = "Table"


def task() -> Any:
    """Give the long task this session has begun, or None."""
    return st.session_state.get(_TASK)


def set_task(new: object) -> None:
    """Store a long task, or forget it with None."""
    st.session_state[_TASK] = new


def draft_round() -> int:
    """Count the drafts this session has ended: part of their uploaders' keys."""
    times: int = st.session_state.get(_ROUND, 0)
    return times


# --- the catalogue ---------------------------------------------------------------------------


def current_catalogue() -> str:
    """Name the catalogue this session looks at: the one it chose, else the one in use.

    :raises CatalogueError: the home folder cannot be read or written.
    """
    name: str | None = st.session_state.get(_CATALOGUE)
    if name not in workspace.names():
        name = st.session_state[_CATALOGUE] = workspace.current()
    return name


def look_at(name: str) -> None:
    """Look at another catalogue: its products, filters and history are others.

    A photograph somebody brought stays what is searched for.
    """
    st.session_state[_CATALOGUE] = name
    asked = query()
    if isinstance(asked, PhotoQuery) and not asked.sample:
        st.session_state[_MORE] = 0
    else:
        ask(None)
    forget()
    new = replace(settings().unfiltered(), currency="", to_beat=None, network="", beside="")
    put(replace(new, liked=(), disliked=()))
