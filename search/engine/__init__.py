"""Question to answer: a query in, the most similar products out."""

from search.engine.engine import (
    Hit,
    LoadedCatalogue,
    Price,
    SearchEngine,
    SearchResult,
    mean_feature,
    own_network,
    price_of,
    saving,
    search_paths,
)
from search.engine.filters import Filters

__all__ = [
    "Filters",
    "Hit",
    "LoadedCatalogue",
    "Price",
    "SearchEngine",
    "SearchResult",
    "mean_feature",
    "own_network",
    "price_of",
    "saving",
    "search_paths",
]
