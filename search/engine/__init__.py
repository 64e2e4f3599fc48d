"""Question to answer: a query in, the most similar products out."""

from search.engine.engine import SearchEngine, own_network
from search.engine.filters import Filters
from search.engine.listed import Listed, Listing, list_by_words
from search.engine.loaded import LoadedCatalogue
from search.engine.paths import search_paths
from search.engine.query import Cheaper, Options, Price, Query
from search.engine.results import Hit, SearchResult
from search.engine.revision import LoadedRevision
from search.engine.searcher import Searcher

__all__ = [
    "Cheaper",
    "Filters",
    "Hit",
    "Listed",
    "Listing",
    "LoadedCatalogue",
    "LoadedRevision",
    "Options",
    "Price",
    "Query",
    "SearchEngine",
    "SearchResult",
    "Searcher",
    "list_by_words",
    "own_network",
    "search_paths",
]
