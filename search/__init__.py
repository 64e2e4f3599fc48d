"""A shop's visual product search: a photograph in, the most similar products out."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from search.catalogue import Catalogue, Product
    from search.engine import Hit, SearchEngine, SearchResult, search_paths
    from search.engine.filters import Filters
    from search.errors import SearchError

_HOMES = {
    "Catalogue": "search.catalogue",
    "Filters": "search.engine.filters",
    "Hit": "search.engine",
    "Product": "search.catalogue",
    "SearchEngine": "search.engine",
    "SearchError": "search.errors",
    "SearchResult": "search.engine",
    "search_paths": "search.engine",
}

__all__ = [
    "Catalogue",
    "Filters",
    "Hit",
    "Product",
    "SearchEngine",
    "SearchError",
    "SearchResult",
    "search_paths",
]


def __getattr__(name: str) -> object:
    """Import a public name on first use, so that `import search` stays instant (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module 'search' has no attribute '{name}'")
    return getattr(import_module(_HOMES[name]), name)
