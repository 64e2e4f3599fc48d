"""The address bar: a query and its settings as a link to share, to reload and to go back to."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from search import workspace
from search.ui import roles, state
from search.ui.query import PhotoQuery, ProductQuery
from search.ui.settings import Settings

_SEEN = "seen_url"
_PAGE = "page"
_CAME_FROM = "came_from"
_CATALOGUE = "catalogue"
_FOLLOWED = "followed_catalogue"


@dataclass(frozen=True, slots=True)
class Link:
    """What an address asks for; `product` and `sample` are to be checked before use."""

    settings: Settings
    product: str = ""
    sample: str = ""
    catalogue: str = ""


def has_link() -> bool:
    """Tell whether a link can say what is searched for now; it never holds a photograph."""
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
        if named in workspace.names() and named != state.current_catalogue():
            # Another one was chosen on the page since: the address says so too.
            st.query_params[_CATALOGUE] = st.session_state[_FOLLOWED] = state.current_catalogue()
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

    return Link(Settings.from_params(params), last("product"), last("sample"), last("catalogue"))


def write_link(catalogue_name: str = "") -> None:
    """Put the query and the settings into the address bar."""
    params = state.settings().to_params()
    match state.query():
        case ProductQuery(product_id):
            params["product"] = product_id
        case PhotoQuery(sample=sample) if sample:
            params["sample"] = sample
    if catalogue_name:
        params[_CATALOGUE] = catalogue_name
    params |= roles.params()
    wanted = {name: [v] if isinstance(v, str) else v for name, v in params.items()}
    st.session_state[_SEEN] = wanted
    state.take_touched()
    if wanted != _url():
        st.query_params.from_dict(wanted)


def _url() -> dict[str, list[str]]:
    return {name: st.query_params.get_all(name) for name in st.query_params}
