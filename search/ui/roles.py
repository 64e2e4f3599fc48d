"""Who looks at the app, and what is theirs to see and to do: asked here and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from search.roles import Permission, Person, Role
from search.ui import visitors

VIEW = "view"  # the address's parameter: `?view=shop` shows what a viewer sees
SHOP = "shop"
_AS_SHOP = "as_shop"


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the app: its file and address, title, icon, what it is for, and whose it is."""

    name: str
    title: str
    icon: str
    about: str
    least: Role = Role.MERCHANDISER


PAGES = (
    Page(
        "search",
        "Search",
        "image_search",
        "A photograph in, the most similar products out.",
        Role.VIEWER,
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


def person() -> Person:
    """Give who is at this browser, with a viewer's role where the address said last `view=shop`."""
    now = visitors.visitor()
    return Person(now.name, Role.VIEWER) if is_shop() else now


def is_shop() -> bool:
    """Tell whether this session looks at the app as a shopper does, whoever it is."""
    asked = st.query_params.get(VIEW)
    if asked is not None:
        st.session_state[_AS_SHOP] = asked == SHOP
    return bool(st.session_state.get(_AS_SHOP, False))


def may(action: Permission) -> bool:
    """Tell whether this session may do something."""
    return person().may(action)


def pages() -> tuple[Page, ...]:
    """Give the pages that are this session's to open."""
    role = person().role
    return tuple(page for page in PAGES if role.includes(page.least))


def params() -> dict[str, str]:
    """Give what an address needs so that its reader has the same view."""
    return {VIEW: SHOP} if is_shop() else {}
