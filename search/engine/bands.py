"""What a score means in this catalogue: bands, and when to say that nothing here is similar.

A cosine is not a percentage, and what is high for one network is low for another. So the borders
come from the catalogue's own scores, as quantiles of two distributions:

- chance: the scores of random pairs of different products. What only one such pair in twenty
  reaches is "same type";
- nearest: each product's score with its nearest other product (leave-one-out). What half of the
  products reach is "same style"; what only one in twenty reaches is "near-identical".

Ranking a score among chance pairs and among true neighbours is how biometrics reads one (impostor
and genuine distributions; Jain, Ross and Prabhakar, "An introduction to biometric recognition",
2004). As no true pairs are labelled here, nearest neighbours stand for them. A photograph
that several products share counts once, and variants of one thing are one product: the borders do
not depend on how many sizes it is listed in.

Where the products have categories, "same type" is instead the score from which a pair is more
likely than not of one category (isotonic regression; Zadrozny and Elkan, "Transforming classifier
scores into accurate multiclass probability estimates", 2002), if that is lower than "same style".

That is for pairs of products. What is said of a product found is said where the other near products
agree that it is of the query's type (see search.engine.votes): from the share of their votes on
from which they are right 19 times in 20. The lowest such threshold is that of selective
classification with a guaranteed risk (Geifman and El-Yaniv, 2017), without their bound. For a
customer's photograph all of it is calibrated anew on altered copies of the catalogue's photographs
(see search.engine.altered). Where a border cannot be found, the band that it opens is never named.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from search.catalogue import Catalogue, Snapshot
from search.engine.derived import CHANGED_ENOUGH, load_or_make, share_changed
from search.engine.votes import SAME, Voters, type_of, voters

Band = Literal["near-identical", "same style", "same type", "not similar"]
BANDS: tuple[Band, ...] = get_args(Band)

_SAMPLE = 1000  # photographs compared with all others, fewer where that is
_PAIRS = 10_000_000  # more pairs than this
_LEAST = 8  # products; with fewer, a catalogue has no distribution to speak of

# For a catalogue too small to have any: what the bundled network gives on shop photographs.
_PRIOR = (0.985, 0.95, 0.85)
_CEILING = 0.999  # near-identical is lower, for a copy's score is 1 only up to rounding
_RIGHT = 0.95  # share of what is called of one type that is; 0.95 to 0.97 keep 0.85 of real ones
_CASES = 20  # with fewer, a share says nothing

Method = Literal["categories", "quantiles", "too few products", "altered copies"]


@dataclass(frozen=True, slots=True)
class Bands:
    """The lowest cosine of each band, and what they were made of; infinite where there is none.

    `agreement` is the least share of the votes that makes a product found of the query's type, None
    where no types are known; `category` the least share that names the query's category, None where
    no share is enough.
    """

    near_identical: float
    same_style: float
    same_type: float
    method: Method
    photos: int
    last_photo: int
    agreement: float | None = None
    category: float | None = None

    def of(self, score: float) -> Band | None:
        """Name the band of two products' cosine similarity; None with too few products to tell."""
        if self.method == "too few products":
            return None
        borders = (self.near_identical, self.same_style, self.same_type)
        return next((b for b, low in zip(BANDS, borders, strict=False) if score >= low), BANDS[-1])

    def to_text(self) -> str:
        """Write them down; `read` reads it."""
        return json.dumps(asdict(self))

    def lowest(self, band: Band) -> float:
        """Give the lowest score of a band; -1 for "not similar"."""
        return (self.near_identical, self.same_style, self.same_type, -1.0)[BANDS.index(band)]

    def of_found(
        self, score: float, label: str, labels: Sequence[str], nearest: Voters
    ) -> Band | None:
        """Name the band of a product found for a query, None where nothing sure can be said.

        `label` is the type of the product found; `nearest` are the products nearest to the query,
        and `labels` are their types, by the positions that `nearest` has.
        """
        if self.method == "too few products":
            return None
        if score >= self.near_identical:
            return "near-identical"
        if self.agreement is None:
            by_score = self.of(score)
            certain = self.method == "quantiles" or by_score == "same style"
            return by_score if certain else None
        if nearest.share(labels, label, but=score) >= self.agreement:
            if score >= self.same_style:
                return "same style"
            return "same type" if score >= self.same_type else None
        if score >= self.same_type:  # labelled wrongly, maybe: it does look alike
            return None
        winner, share = nearest.winner(labels)
        return "not similar" if label and winner != label and share >= self.agreement else None

    def category_of(self, labels: Sequence[str], nearest: Voters) -> str | None:
        """Name the category that the products nearest to a query agree on; None if too few do."""
        if self.category is None or not len(nearest.scores) or nearest.scores[0] < self.same_type:
            return None
        winner, share = nearest.winner(labels)
        return winner if share >= self.category else None


def nothing_similar(bands: Bands, best: float, product: bool | None = None) -> bool:
    """Say whether the catalogue has nothing like the query.

    `best` is the query's best score among all candidates; `product` says whether its picture shows
    a product at all (see search.engine.no_match). True where the best score is in neither of the
    two upper bands and no product is shown. Where that is unknown, a best score outside all bands
    has to do.
    """
    if best >= bands.same_style:
        return False
    return best < bands.same_type if product is None else not product


def bands_of(catalogue: Catalogue, snapshot: Snapshot) -> Bands:
    """Give the catalogue's bands for the snapshot's network, made anew if it has changed enough.

    They are saved under the network's fingerprint.
    """
    key = bands_key(snapshot.fingerprint)

    def load() -> Bands | None:
        saved = read(catalogue.derived(key))
        if saved is None:
            return None
        changed = share_changed(snapshot.photo_ids, saved.photos, saved.last_photo)
        return saved if changed <= CHANGED_ENOUGH else None

    return load_or_make(
        load,
        make=lambda: calibrate(snapshot),
        save=lambda bands: catalogue.save_derived(key, bands.to_text()),
    )


def unknown() -> Bands:
    """Give the bands of a catalogue of which nothing is known."""
    return Bands(*_PRIOR, "too few products", 0, 0)


def bands_key(fingerprint: str) -> str:
    """Name what a network's bands are saved under."""
    return f"bands:{fingerprint}"


def calibrate(snapshot: Snapshot, *, seed: int = 0) -> Bands:
    """Make the bands from the scores of a sample of products with all others."""
    photos = len(snapshot.photo_ids)
    last = int(snapshot.photo_ids.max()) if photos else 0
    rows = snapshot.distinct_rows
    products = snapshot.row_group[rows]
    if len(np.unique(products)) < _LEAST:
        return Bands(*_PRIOR, "too few products", photos, last)

    sample = min(_SAMPLE, _PAIRS // len(rows) + 1)
    chosen = np.sort(np.random.default_rng(seed).permutation(len(rows))[:sample])
    chosen = chosen[_first_of_each(snapshot.vectors[rows[chosen]])]
    scores = snapshot.vectors.products(snapshot.vectors[rows[chosen]])
    scores = scores if len(rows) == scores.shape[1] else scores[:, rows]
    others = (products[chosen][:, None] != products) & (scores < 1 - SAME)
    if not others.any():
        return Bands(*_PRIOR, "too few products", photos, last)
    nearest = np.where(others, scores, -1).max(axis=1)
    chance = scores[others]
    near_identical, same_style = np.minimum(np.quantile(nearest, [0.95, 0.5]), _CEILING)
    same_type = min(float(np.quantile(chance, 0.95)), float(same_style))
    method: Method = "quantiles"
    categories = [product.category for product in snapshot.products]
    labels = [categories[position] for position in products]
    by_category = _more_likely_than_not(scores, others, labels, chosen)
    if by_category is not None and by_category < same_style:
        same_type, method = by_category, "categories"
    nearest_of = [voters(row, products) for row in np.where(others, scores, -np.inf)]
    types = [type_of(product) for product in snapshot.products]
    return Bands(
        float(near_identical),
        float(same_style),
        same_type,
        method,
        photos,
        last,
        agreement=least_agreement(nearest_of, types, products[chosen]),
    )


def least_agreement(
    nearest_of: Sequence[Voters], labels: Sequence[str], own: NDArray[np.int64]
) -> float | None:
    """Give the least share of the votes from which a near product is of the query's type.

    Infinite where no share is enough, None where there are no types to tell by. `nearest_of` are
    the products nearest to each of n queries, without the query's own; `own` (n,) are the positions
    of those.
    """
    if len(set(filter(None, labels))) < 2:
        return None  # where all are of one type, that they agree says nothing
    cases = [
        (nearest.share(labels, labels[near], but=float(score)), labels[near] == labels[position])
        for nearest, position in zip(nearest_of, own.tolist(), strict=True)
        if labels[position]
        for near, score in zip(nearest.positions.tolist(), nearest.scores, strict=True)
        if labels[near]
    ]
    border = from_which(cases, _RIGHT)
    return np.inf if border is None else border


def from_which(cases: Sequence[tuple[float, bool]], right: float) -> float | None:
    """Give the lowest value from which on at least a share `right` of the cases is true."""
    falling = sorted(cases, key=lambda case: -case[0])
    values = np.array([value for value, _ in falling])
    shares = np.cumsum([true for _, true in falling]) / np.arange(1, len(falling) + 1)
    # Equal values stand or fall together.
    ends = np.append(values[:-1] > values[1:], True) if len(values) else np.empty(0, bool)
    enough = np.flatnonzero(ends & (shares >= right) & (np.arange(len(values)) >= _CASES - 1))
    return float(values[enough[-1]]) if len(enough) else None


def _first_of_each(rows: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Tell which rows (n, d) are the first of their photograph."""
    same = np.tril(rows @ rows.T >= 1 - SAME, -1)
    return np.logical_not(same.any(axis=1), dtype=bool)


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


def read(text: str | None) -> Bands | None:
    """Read what `Bands.to_text` wrote; None where the text is missing or something else."""
    if text is None:
        return None
    try:
        saved = json.loads(text)
        # What an earlier version saved may lack a border.
        return Bands(**saved) if set(saved) == {each.name for each in fields(Bands)} else None
    except (ValueError, TypeError):
        return None
