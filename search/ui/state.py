"""What one browser session remembers: the only place that touches `st.session_state` and the URL.

The settings and the query can be written to the address bar and read back, so that a link can be
shared and the back button works.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, TypedDict

import streamlit as st

from search import workspace
from search.ui.query import Box, PhotoQuery, Picture, ProductQuery, Query
from search.ui.settings import PAGE, Settings

HISTORY = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """A query of this session and how it was asked, to run it again."""

    query: Query
    settings: Settings
    title: str
    thumbnail: bytes = field(repr=False)


# Keys that are no widget's.
_CATALOGUE = "catalogue"
_SETTINGS = "settings"
_QUERY = "query"
_HISTORY = "history"
_OPENED = "opened"
_MORE = "more"
_UPLOADS = "uploads"
_REFUSED = "refused"
_SEEN_URL = "seen_url"
_TOUCHED = "touched"
_PROBLEM = "problem"
_DRAFT = "draft"
_ROUND = "draft_round"
_TASK = "task"
_PAGE = "page"


# --- settings --------------------------------------------------------------------------------


def settings() -> Settings:
    """How to search, now."""
    stored = st.session_state.get(_SETTINGS)
    return stored if isinstance(stored, Settings) else Settings()


def put(new: Settings) -> None:
    """Replace all settings; the widgets follow when they are next drawn."""
    if new != settings():
        st.session_state[_MORE] = 0
    st.session_state[_SETTINGS] = new
    st.session_state[_TOUCHED] = True


def change(**changes: Any) -> None:
    """Change some settings."""
    put(replace(settings(), **changes))


def narrow(category: str) -> None:
    """Look in one category only (a callback)."""
    change(categories=frozenset({category}))


def filtered() -> bool:
    """Whether anything is filtered."""
    return settings() != settings().unfiltered()


class Bound(TypedDict):
    """What to hand a widget so that it shows one setting and changes it."""

    key: str
    on_change: Callable[[], None]


def bind(name: str, shown: Any, read: Callable[[Any], Any] = lambda value: value) -> Bound:
    """Bind a widget to the setting `name`: it shows `shown`, `read` turns its value back.

    The settings are the truth: a widget is told its value on every run, so that links, history and
    labels with changing counts never leave it behind.
    """
    widget = f"set_{name}"
    st.session_state[widget] = shown

    def changed() -> None:
        change(**{name: read(st.session_state[widget])})

    return {"key": widget, "on_change": changed}


def value(widget: str, default: Any = None) -> Any:
    """What a widget says, in a callback or before it is drawn."""
    return st.session_state.get(widget, default)


def set_value(widget: str, shown: Any) -> None:
    """What a widget is to show; before it is drawn."""
    st.session_state[widget] = shown


# --- the query -------------------------------------------------------------------------------


def asked_times() -> int:
    """How often something else was asked in this session."""
    times: int = st.session_state.get(_UPLOADS, 0)
    return times


def query() -> Query | None:
    """What is searched for now."""
    asked: Query | None = st.session_state.get(_QUERY)
    return asked


def ask(new: Query | None, *, from_uploader: bool = False) -> None:
    """Search for something else, or for nothing."""
    st.session_state[_QUERY] = new
    st.session_state[_MORE] = 0
    st.session_state[_TOUCHED] = True
    st.session_state.pop(_REFUSED, None)
    for name in [k for k in st.session_state if str(k).startswith("crop_")]:
        del st.session_state[name]
    if not from_uploader:
        st.session_state[_UPLOADS] = st.session_state.get(_UPLOADS, 0) + 1
    if settings().to_beat is not None:
        change(to_beat=None)


def ask_product(product_id: str) -> None:
    """Search by a product of the catalogue (a callback)."""
    ask(ProductQuery(product_id))


def crop_to(box: Box) -> None:
    """Search by a part of the photograph."""
    _refine_photo(crop=box)


def pool(pooled: bool) -> None:
    """Search by what the network saw of the part, or encode the part afresh."""
    _refine_photo(pooled=pooled)


def _refine_photo(**changes: Any) -> None:
    asked = query()
    if isinstance(asked, PhotoQuery) and replace(asked, **changes) != asked:
        st.session_state[_QUERY] = replace(asked, **changes)
        st.session_state[_MORE] = 0


def uploader_key() -> str:
    """The uploader's key; it changes when another source is chosen, which empties it."""
    return f"upload_{st.session_state.get(_UPLOADS, 0)}"


def uploaded(widget: str) -> list[Picture]:
    """The photographs in an uploader or camera, as bytes, from a callback."""
    files = st.session_state.get(widget) or []
    several = files if isinstance(files, list) else [files]
    return [Picture(file.name, file.getvalue()) for file in several]


def more() -> int:
    """Tiles shown beyond `settings.k`."""
    extra: int = st.session_state.get(_MORE, 0)
    return extra


def show_more() -> None:
    """Show another page of tiles (a callback)."""
    st.session_state[_MORE] = more() + PAGE


def refuse(problems: list[str]) -> None:
    """Keep what was wrong with the photographs brought last."""
    st.session_state[_REFUSED] = tuple(problems)


def refused() -> tuple[str, ...]:
    """What was wrong with the photographs brought last."""
    problems: tuple[str, ...] = st.session_state.get(_REFUSED, ())
    return problems


# --- the opened tile -------------------------------------------------------------------------


def open_product(product_id: str) -> None:
    """Open a product beside the query (a callback)."""
    st.session_state[_OPENED] = product_id


def take_opened() -> str | None:
    """The product to open now; asked once, so that the next run does not open it again."""
    opened: str | None = st.session_state.pop(_OPENED, None)
    return opened


# --- the session's history -------------------------------------------------------------------


def history() -> tuple[Asked, ...]:
    """The last queries, newest first."""
    asked: tuple[Asked, ...] = st.session_state.get(_HISTORY, ())
    return asked


def remember(asked: Asked) -> None:
    """Put a query on the history, once."""
    others = tuple(a for a in history() if a.query != asked.query)
    st.session_state[_HISTORY] = (asked, *others)[:HISTORY]


def ask_again(asked: Asked) -> None:
    """Run a query of the history again, with its settings (a callback)."""
    ask(asked.query)
    put(asked.settings)


def forget() -> None:
    """Empty the history (a callback)."""
    st.session_state[_HISTORY] = ()


# --- keeping the catalogue -------------------------------------------------------------------


def report_problem(sentence: str) -> None:
    """Keep a sentence for the next run, from a callback."""
    st.session_state[_PROBLEM] = sentence


def take_problem() -> str | None:
    """The sentence to show now; told once."""
    sentence: str | None = st.session_state.pop(_PROBLEM, None)
    return sentence


def draft() -> Any:
    """What is on its way into the catalogue, or None."""
    return st.session_state.get(_DRAFT)


def keep_draft(new: object) -> None:
    """Keep what is on its way into the catalogue; None forgets it and empties its uploaders."""
    if new is None:
        st.session_state[_ROUND] = draft_round() + 1
    st.session_state[_DRAFT] = new


def browse_table(words: str) -> None:
    """Have the Catalogue page show a product in its table (a callback)."""
    st.session_state["browse_words"] = words
    st.session_state["browse_view"] = "Table"


def task() -> Any:
    """The long task this session has begun, or None."""
    return st.session_state.get(_TASK)


def keep_task(new: object) -> None:
    """Keep a long task, or forget it."""
    st.session_state[_TASK] = new


def draft_round() -> int:
    """How many drafts this session has ended: part of their uploaders' keys."""
    times: int = st.session_state.get(_ROUND, 0)
    return times


# --- the catalogue ---------------------------------------------------------------------------


def current_catalogue() -> str:
    """The catalogue this session looks at: the one it chose, else the one in use.

    :raises CatalogueError: when the home folder cannot be read or written.
    """
    name: str | None = st.session_state.get(_CATALOGUE)
    if name not in workspace.names():
        name = st.session_state[_CATALOGUE] = workspace.current()
    return name


def look_at(name: str) -> None:
    """Look at another catalogue: its products, filters and history are others."""
    st.session_state[_CATALOGUE] = name
    ask(None)
    forget()
    put(replace(settings().unfiltered(), currency="", to_beat=None))


# --- the address bar -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Link:
    """What an address asks for; `product` and `sample` are to be checked before use."""

    settings: Settings
    product: str = ""
    sample: str = ""
    catalogue: str = ""


def has_link() -> bool:
    """Whether the address can say what is searched for now; photographs are nobody else's."""
    asked = query()
    return isinstance(asked, ProductQuery) or (isinstance(asked, PhotoQuery) and bool(asked.sample))


def arrive(page: str) -> Link | None:
    """The link to follow, when the address was typed, shared, or gone back to; else None."""
    came_from, st.session_state[_PAGE] = st.session_state.get(_PAGE, page), page
    params = _url()
    # The browser may send an old address along with a press that came before it was told the new
    # one: what was pressed counts.
    if st.session_state.pop(_TOUCHED, False):
        return None
    if params == st.session_state.get(_SEEN_URL, {}) or (came_from != page and not params):
        return None
    st.session_state[_SEEN_URL] = params

    def last(name: str) -> str:
        return params.get(name, [""])[-1]

    return Link(Settings.from_params(params), last("product"), last("sample"), last("catalogue"))


def write_link(catalogue_name: str = "") -> None:
    """Put the query and the settings into the address bar."""
    params = settings().to_params()
    match query():
        case ProductQuery(product_id):
            params["product"] = product_id
        case PhotoQuery(sample=sample) if sample:
            params["sample"] = sample
    if catalogue_name:
        params["catalogue"] = catalogue_name
    wanted = {name: [v] if isinstance(v, str) else v for name, v in params.items()}
    st.session_state[_SEEN_URL] = wanted
    st.session_state.pop(_TOUCHED, None)
    if wanted != _url():
        st.query_params.from_dict(wanted)


def _url() -> dict[str, list[str]]:
    return {name: st.query_params.get_all(name) for name in st.query_params}
