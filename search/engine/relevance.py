"""More like this, less like that: what a user says of the products found moves the query.

Rocchio's formula (Manning, Raghavan and Schütze, "Introduction to Information Retrieval", 2008,
9.1.1) rather than the recommendation scores of vector databases, which judge each candidate by its
nearest example: the moved query is one feature again, so that it is searched exactly, by any index,
and compared, explained and saved as every other.
"""

from __future__ import annotations

import numpy as np

from search.network.vectors import Feature, unit_rows

# The book's: "reasonable values might be"; what is liked says more than what is not.
_QUERY, _LIKED, _DISLIKED = 1.0, 0.75, 0.15


def rocchio(query: Feature, liked: Feature, disliked: Feature) -> Feature:
    """Move a unit feature (d,) towards liked ones (m, d) and away from disliked ones (n, d).

    :raises FeatureError: nothing is left of it.
    """
    moved = _QUERY * query
    if len(liked):
        moved = moved + _LIKED * liked.mean(axis=0)
    if len(disliked):
        moved = moved - _DISLIKED * disliked.mean(axis=0)
    unit: Feature = unit_rows(np.asarray(moved)[None])[0]
    return unit
