"""Who looks at the app, and what is theirs to see and to do: asked here and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import streamlit as st

VIEW = "view"  # the address's parameter: `?view=shop`
_ROLE = "role"


class Role(StrEnum):
    """A shopper searches; a merchandiser keeps the catalogue too."""

    SHOPPER = "shop"
    MERCHANDISER = "all"


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the app: its file and address, title, icon, what it is for, and whose it is."""

    name: str
    title: str
    icon: str
    about: str
    roles: frozenset[Role] = frozenset({Role.MERCHANDISER})


PAGES = (
    Page(
        "search",
        "Search",
        "image_search",
        "A photograph in, the most similar products out.",
        frozenset(Role),
    ),
    Page("catalogue", "Catalogue", "inventory_2", "Browse, edit, withdraw, change photographs."),
    Page(
        "add", "Add", "add_photo_alternate", "Add photographs, or import a table with photographs."
    ),
    Page("revisions", "Revisions", "history", "Who changed what; undo, or go back."),
    Page(
        "audit", "Price audit", "price_check", "Expensive products with a much cheaper look-alike."
    ),
    Page("health", "Health", "health_metrics", "What to put right in the catalogue."),
    Page("map", "Map", "map", "The whole catalogue at a glance."),
    Page("analytics", "Analytics", "monitoring", "What customers do with the results."),
    Page("judge", "Judge", "balance", "Two rankings without names: which is better?"),
)


def role() -> Role:
    """Give the role of this session: as its address said last, a merchandiser until then."""
    asked = st.query_params.get(VIEW)
    if asked is not None:
        known = asked in tuple(Role)
        st.session_state[_ROLE] = Role(asked) if known else Role.MERCHANDISER
    now: Role = st.session_state.get(_ROLE, Role.MERCHANDISER)
    return now


def may_edit() -> bool:
    """Tell whether this session may change the catalogue, or choose another one."""
    return role() is Role.MERCHANDISER


def pages() -> tuple[Page, ...]:
    """Give the pages that are this session's to open."""
    now = role()
    return tuple(page for page in PAGES if now in page.roles)


def params() -> dict[str, str]:
    """Give what an address needs so that its reader has the same role."""
    return {} if may_edit() else {VIEW: role()}
