"""A shop's visual product search: a photograph in, the most similar products out."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from search.catalogue import Catalogue
    from search.engine import Cheaper, Filters, Options, Query, SearchEngine, search_paths
    from search.errors import SearchError

_PACKAGES = {
    "Catalogue": "search.catalogue",
    "Cheaper": "search.engine",
    "Filters": "search.engine",
    "Options": "search.engine",
    "Query": "search.engine",
    "SearchEngine": "search.engine",
    "SearchError": "search.errors",
    "search_paths": "search.engine",
}

__all__ = [
    "Catalogue",
    "Cheaper",
    "Filters",
    "Options",
    "Query",
    "SearchEngine",
    "SearchError",
    "search_paths",
]


def __getattr__(name: str) -> object:
    """Import a public name on first use, so that `import search` stays instant (PEP 562)."""
    if name not in _PACKAGES:
        raise AttributeError(f"module 'search' has no attribute '{name}'")
    return getattr(import_module(_PACKAGES[name]), name)
