"""The address bar: a query and its settings as a link to share, to reload and to go back to."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from search import workspace
from search.ui import roles, state
from search.ui.query import PhotoQuery, ProductQuery
from search.ui.settings import Settings
from search.ui.web import front, kept

_SEEN = "seen_url"
_PAGE = "page"
_CAME_FROM = "came_from"
_CATALOGUE = "catalogue"
_FOLLOWED = "followed_catalogue"
_PHOTO = "photo"


@dataclass(frozen=True, slots=True)
class Link:
    """What an address asks for; `product`, `sample` and `photo` are to be checked before use."""

    settings: Settings
    product: str = ""
    sample: str = ""
    catalogue: str = ""
    photo: str = ""


def has_link() -> bool:
    """Tell whether a link can say to anybody what is searched for now.

    It never holds a photograph, only the name under which its own browser finds it again.
    """
    query = state.query()
    return isinstance(query, ProductQuery) or (isinstance(query, PhotoQuery) and bool(query.sample))


def enter(page: str) -> None:
    """Take note of the page that is run."""
    st.session_state[_CAME_FROM] = st.session_state.get(_PAGE, page)
    st.session_state[_PAGE] = page


def page() -> str:
    """Give the title of the page that is run."""
    title: str = st.session_state.get(_PAGE, "")
    return title


def follow_catalogue() -> None:
    """Look at the catalogue that a page's address names, each time another one comes.

    :raises SearchError: the catalogues cannot be listed.
    """
    named = st.query_params.get(_CATALOGUE, "")
    if named == st.session_state.get(_FOLLOWED, ""):
        current = state.current_catalogue()
        if named != current and (named in workspace.names() or current != workspace.current()):
            # Another one was chosen on the page since: the address says so too.
            st.query_params[_CATALOGUE] = st.session_state[_FOLLOWED] = current
        return
    st.session_state[_FOLLOWED] = named
    if named in workspace.names():
        if named != state.current_catalogue():
            state.look_at(named)
    else:
        report_unknown(named)


def report_unknown(catalogue: str) -> None:
    """Say so where an address names a catalogue that is not there."""
    if catalogue and catalogue not in workspace.names():
        state.report_problem(
            f"There is no catalogue “{catalogue[:64]}” here: this is “{state.current_catalogue()}”."
        )


def arrive() -> Link | None:
    """Give the link to follow, when the address was typed, shared, or gone back to; else None."""
    params = _url()
    from_elsewhere = st.session_state.get(_CAME_FROM) != st.session_state.get(_PAGE)
    # The browser may send an old address along with a press that came before it had the new
    # one: what was pressed counts.
    if state.take_touched():
        return None
    if params == st.session_state.get(_SEEN, {}) or (from_elsewhere and not params):
        return None
    st.session_state[_SEEN] = params

    def last(name: str) -> str:
        return params.get(name, [""])[-1]

    return Link(
        Settings.from_params(params),
        last("product"),
        last("sample"),
        last("catalogue"),
        last(_PHOTO),
    )


def write_link(catalogue_name: str = "") -> None:
    """Put the query and the settings into the address bar."""
    params = state.settings().to_params()
    match state.query():
        case ProductQuery(product_id):
            params["product"] = product_id
        case PhotoQuery(sample=sample) if sample:
            params["sample"] = sample
        case PhotoQuery(name=name) if _keep_photographs():
            params[_PHOTO] = name
    if catalogue_name:
        params[_CATALOGUE] = catalogue_name
    params |= roles.params()
    wanted = {name: [v] if isinstance(v, str) else v for name, v in params.items()}
    st.session_state[_SEEN] = wanted
    state.take_touched()
    if wanted != _url():
        st.query_params.from_dict(wanted)


def photograph(name: str) -> PhotoQuery | None:
    """Give what this session, or one before it in this browser, searches by under a name."""
    own = (query for query in _photographs() if query.name == name)
    browser = _browser()
    return next(own, None) or (kept.KEPT.find(browser, name) if browser else None)


def _keep_photographs() -> bool:
    """Have this browser find them again when it loads the page again; tell whether it can."""
    browser, context = _browser(), get_script_run_ctx()
    if browser is None or context is None:
        return False
    kept.KEPT.keep(context.session_id, browser, _photographs())
    return True


def _photographs() -> tuple[PhotoQuery, ...]:
    asked = (state.query(), *(past.query for past in state.history()))
    return tuple(q for q in asked if isinstance(q, PhotoQuery) and not q.sample)


def _browser() -> str | None:
    return front.known(st.context.cookies.get(front.BROWSER))


def _url() -> dict[str, list[str]]:
    return {name: st.query_params.get_all(name) for name in st.query_params}
