"""What a score means in this catalogue: bands, and when to say that nothing here is similar.

A cosine is no percentage, and what is high for one network is low for another. So the borders come
from the catalogue's own scores, as quantiles of two distributions:

- chance: the scores of random pairs of different products. What only one such pair in twenty
  reaches is "same type";
- nearest: each product's score with its nearest other product (leave-one-out). What half of the
  products reach is "same style"; what only one in twenty reaches is "near-identical".

Ranking a score among chance pairs and among true neighbours is how biometrics reads one (impostor
and genuine distributions; Jain, Ross and Prabhakar, "An introduction to biometric recognition",
2004). As nobody has labelled the true pairs here, nearest neighbours stand for them.

Where the products have categories, "same type" is instead the score from which a pair is more
likely than not of one category (isotonic regression; Zadrozny and Elkan, "Transforming classifier
scores into accurate multiclass probability estimates", 2002), if that is lower than "same style".
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from search.catalogue import Catalogue, Snapshot
from search.engine.derived import CHANGED_ENOUGH, share_changed

Band = Literal["near-identical", "same style", "same type", "not similar"]
BANDS: tuple[Band, ...] = get_args(Band)

_SAMPLE = 1000  # photographs compared with all others, fewer where that is
_PAIRS = 10_000_000  # more pairs than this
_LEAST = 8  # products; with fewer, a catalogue has no distribution to speak of

# For a catalogue too small to have any: what the bundled network gives on shop photographs.
_PRIOR = (0.985, 0.95, 0.85)


@dataclass(frozen=True, slots=True)
class Bands:
    """The lowest cosine of each band, and what they were made of."""

    near_identical: float
    same_style: float
    same_type: float
    method: Literal["categories", "quantiles", "too few products"]
    photos: int
    last_photo: int

    def of(self, score: float) -> Band:
        """Name the band of a cosine similarity."""
        borders = (self.near_identical, self.same_style, self.same_type)
        return next((b for b, low in zip(BANDS, borders, strict=False) if score >= low), BANDS[-1])

    def lowest(self, band: Band) -> float:
        """Give the lowest score of a band; -1 for "not similar"."""
        return (self.near_identical, self.same_style, self.same_type, -1.0)[BANDS.index(band)]


def nothing_similar(bands: Bands, best: float, product: bool | None = None) -> bool:
    """Say whether the catalogue has nothing like the query.

    `best` is the query's best score among all candidates; `product` says whether its picture shows
    any product (see search.engine.no_match). True where the best score is not in one of the two
    upper bands and there is no product. Where nobody knows, a best score outside all bands must do.
    """
    if best >= bands.same_style:
        return False
    return best < bands.same_type if product is None else not product


def bands_of(catalogue: Catalogue, snapshot: Snapshot) -> Bands:
    """Give the catalogue's bands for the snapshot's network, made anew if it has changed enough.

    Kept as a setting under the fingerprint; where that cannot be written, they are made each time.
    """
    from search.errors import CatalogueError

    key = f"bands:{snapshot.fingerprint}"
    kept = _read(catalogue.setting(key))
    if kept is not None:
        changed = share_changed(snapshot.photo_ids, kept.photos, kept.last_photo)
        if changed <= CHANGED_ENOUGH:
            return kept
    bands = calibrate(snapshot)
    try:
        catalogue.set_setting(key, json.dumps(asdict(bands)))
    except CatalogueError:
        return bands  # a read-only or busy catalogue loses nothing but the time
    return bands


def calibrate(snapshot: Snapshot, *, seed: int = 0) -> Bands:
    """Make the bands from the scores of a sample of products with all others."""
    photos = len(snapshot.photo_ids)
    last = int(snapshot.photo_ids.max()) if photos else 0
    owner = {photo.id: photo.product_id for photo in snapshot.photos}
    products = np.unique([owner[int(i)] for i in snapshot.photo_ids], return_inverse=True)[1]
    if not photos or products.max() + 1 < _LEAST:
        return Bands(*_PRIOR, "too few products", photos, last)

    sample = min(_SAMPLE, _PAIRS // photos + 1)
    chosen = np.sort(np.random.default_rng(seed).permutation(photos)[:sample])
    scores = snapshot.features[chosen] @ snapshot.features.T
    others = products[chosen][:, None] != products
    nearest = np.where(others, scores, -1).max(axis=1)
    chance = scores[others]
    near_identical, same_style = np.quantile(nearest, [0.95, 0.5])
    same_type = min(float(np.quantile(chance, 0.95)), float(same_style))
    method: Literal["categories", "quantiles"] = "quantiles"
    category = {product.id: product.category for product in snapshot.products}
    labels = [category[owner[int(i)]] for i in snapshot.photo_ids]
    by_category = _more_likely_than_not(scores, others, labels, chosen)
    if by_category is not None and by_category < same_style:
        same_type, method = by_category, "categories"
    return Bands(float(near_identical), float(same_style), same_type, method, photos, last)


def _more_likely_than_not(
    scores: NDArray[np.float32],
    others: NDArray[np.bool_],
    labels: Sequence[str],
    chosen: NDArray[np.intp],
) -> float | None:
    """Give the score from which most pairs share a label, None without labels to tell by."""
    from sklearn.isotonic import IsotonicRegression

    code = np.unique(np.asarray(labels), return_inverse=True)[1]
    known = np.array([bool(label) for label in labels])
    usable = others & known & known[chosen][:, None]
    same = (code[chosen][:, None] == code)[usable]
    if not same.any() or same.all():
        return None
    grid = np.quantile(scores[usable], np.linspace(0, 1, 501))
    place = np.searchsorted(grid, scores[usable])
    counts = np.bincount(place, minlength=len(grid))
    shares = np.bincount(place, weights=same, minlength=len(grid)) / np.maximum(counts, 1)
    likely = IsotonicRegression().fit(grid, shares, counts).predict(grid)
    first = int(np.argmax(likely >= 0.5))  # a bin of the grid ends at its value
    return float(grid[max(first - 1, 0) : first + 1].mean()) if likely[first] >= 0.5 else None


def _read(text: str | None) -> Bands | None:
    if text is None:
        return None
    try:
        return Bands(**json.loads(text))
    except (ValueError, TypeError):
        return None
