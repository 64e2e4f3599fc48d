"""The catalogue looked at through its own eyes: price gaps between look-alikes, and its health.

Everything here compares the catalogue with itself, a block of rows at a time, and keeps only the
few best of each row: memory grows with the number of products, not with its square.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations, islice
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from search.errors import Cancelled, PhotoError, QueryError
from search.importing.tables import write_table
from search.money import decimal_text
from search.network.vectors import sums_by

if TYPE_CHECKING:
    from search.catalogue import Catalogue, CataloguePhoto, Product, Snapshot

MIN_GAP = 0.3  # of the dearer price: what counts as "much" cheaper
NEIGHBOURS = 15  # how many vote on a category, and whose lists a product may be absent from
NEAREST = 2  # twins are each among the other's so many nearest, unless asked otherwise
TWINS = 24  # cheaper look-alikes kept for one photograph
FACTS = ("colour", "kind", "pattern", "material")  # what twins must not contradict each other in

# A product's category is doubted where one other has at least this share of the votes, and so many
# times the votes of its own.
_OTHERS, _TIMES = 0.4, 2

_BLOCK = 512  # rows compared at once

OnProgress = Callable[[int, int], bool | None]
Score = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class PriceGap:
    """A product and a look-alike that costs much less; prices in minor units of one currency.

    `score` is the cosine similarity of the two photographs shown, the closest of the pair's.
    """

    product: Product
    cheaper: Product
    photo: CataloguePhoto
    cheaper_photo: CataloguePhoto
    score: float

    @property
    def gap(self) -> int:
        """The difference in price, minor units."""
        return (self.product.price or 0) - (self.cheaper.price or 0)

    @property
    def share(self) -> float:
        """The difference as a share of the dearer price, 0 to 1."""
        return self.gap / self.product.price if self.product.price else 0.0

    @property
    def currency(self) -> str:
        """The currency of both prices."""
        return self.product.currency


@dataclass(frozen=True, slots=True)
class Repeat:
    """Two products that may be one: they share a photograph, or look the same under one name."""

    first: Product
    second: Product
    photo: CataloguePhoto
    second_photo: CataloguePhoto
    score: float
    same_photograph: bool

    @property
    def two_prices(self) -> bool:
        """Whether both have a price in one currency and the prices differ."""
        a, b = self.first, self.second
        priced = a.price is not None and b.price is not None and a.currency == b.currency
        return priced and a.price != b.price


@dataclass(frozen=True, slots=True)
class Ailment:
    """Something about a product that wants a merchandiser's eye; `detail` is a sentence."""

    kind: Literal[
        "other category",
        "never found",
        "no price",
        "no stock figure",
        "no photograph",
        "not encoded",
        "missing file",
        "unreadable file",
    ]
    product: Product
    detail: str
    photo: CataloguePhoto | None = None
    suggestion: str = ""  # the category the neighbours vote for
    share: float = 0.0  # of their votes


def price_gaps(
    snapshot: Snapshot,
    min_score: float,
    *,
    min_gap: float = MIN_GAP,
    facts: Sequence[str] = FACTS,
    nearest: int = 0,
    in_stock: bool = False,
    active: bool = True,
    on_progress: OnProgress | None = None,
) -> list[PriceGap]:
    """Find products with a near twin at a much lower price, the largest gap in money first.

    A twin's closest photographs have a cosine of at least `min_score`, and it costs at least the
    share `min_gap` (0 to 1) less, in the same currency; without a price, a product is in no pair.
    Two products that both state one of the `facts` (fields or attributes) and state it differently
    are no twins: a photograph may not show what a fact says. With `nearest`, each of the two
    photographs must be among the other's so many nearest of other products: scores are crowded for
    some kinds of products and sparse for others, ranks are not (k-reciprocal neighbours; Qin et
    al., "Hello neighbor: accurate object retrieval with k-reciprocal nearest neighbors", 2011).
    `in_stock` keeps only twins that can
    be bought now; `active` leaves withdrawn products out. At most TWINS twins are kept for one
    photograph, the most similar. Order: currency, gap, ids.
    :raises QueryError: `min_gap` is not a share.
    :raises Cancelled: `on_progress(done, total)` returned False.
    """
    if not 0 <= min_gap <= 1:
        raise QueryError(f"The smallest gap must be a share from 0 to 1, not {min_gap}.")
    rows = _Rows(snapshot)
    prices = rows.column(lambda p: np.nan if p.price is None else p.price)
    currencies = rows.codes(lambda p: p.currency)
    told = [rows.codes(partial(_fact, name=name)) for name in facts]
    usable = np.isfinite(prices)
    if active:
        usable &= rows.column(lambda p: p.active).astype(bool)
    dear = np.flatnonzero(usable & (prices > 0))
    reach = _reach(snapshot.features, rows.product, np.flatnonzero(usable), nearest)
    if in_stock:
        usable &= rows.column(lambda p: p.in_stock).astype(bool)
    cheap = np.flatnonzero(usable)

    best: dict[tuple[int, int], tuple[float, int, int]] = {}
    for part, scores in _blocks(snapshot.features, dear, cheap, on_progress):
        limit = prices[part] * (1 - min_gap)
        fits = (scores >= min_score) & (prices[cheap] <= limit[:, None])
        fits &= scores >= np.maximum(reach[part][:, None], reach[cheap])
        for n in np.flatnonzero(fits.any(axis=1)):
            a = int(part[n])
            found = np.flatnonzero(fits[n])
            others = cheap[found]
            twins = (prices[others] < prices[a]) & (rows.product[others] != rows.product[a])
            twins &= currencies[others] == currencies[a]
            for stated in told:
                twins &= (stated[others] == stated[a]) | (stated[others] < 0) | (stated[a] < 0)
            found = found[twins]
            if len(found) > TWINS:
                found = found[np.argpartition(-scores[n, found], TWINS)[:TWINS]]
            for column in found:
                b, score = int(cheap[column]), float(scores[n, column])
                pair = (int(rows.product[a]), int(rows.product[b]))
                if pair not in best or score > best[pair][0]:
                    best[pair] = (score, a, b)
    gaps = [
        PriceGap(
            snapshot.products[pair[0]],
            snapshot.products[pair[1]],
            rows.photos[a],
            rows.photos[b],
            min(score, 1.0),
        )
        for pair, (score, a, b) in best.items()
    ]
    return sorted(gaps, key=lambda g: (g.currency, -g.gap, g.product.id, g.cheaper.id))


def gaps_table(gaps: Sequence[PriceGap]) -> bytes:
    """Price gaps as a table for a spreadsheet, UTF-8 CSV."""
    columns = (
        *("product", "name", "brand", "price", "stock"),
        *("cheaper", "cheaper_name", "cheaper_brand", "cheaper_price", "cheaper_stock"),
        *("currency", "gap", "share", "score"),
    )
    rows = (
        (
            *_cells(gap.product),
            *_cells(gap.cheaper),
            gap.currency,
            decimal_text(gap.gap, gap.currency),
            f"{gap.share:.4f}",
            f"{gap.score:.4f}",
        )
        for gap in gaps
    )
    return write_table(columns, rows)


def _cells(product: Product) -> tuple[str, ...]:
    price = decimal_text(product.price, product.currency)
    stock = "" if product.stock is None else str(product.stock)
    return product.id, product.name, product.brand, price, stock


def repeats(
    snapshot: Snapshot, min_score: float, *, on_progress: OnProgress | None = None
) -> list[Repeat]:
    """Find products listed twice: on one photograph, or near-identical under one name and brand.

    `min_score` is the cosine from which two photographs are near-identical. Names are compared
    without case and spaces; a pair without names is one only by its photograph. Of a product listed
    many times over, only the first pairs are given. Order: by ids.
    """
    position = {product.id: n for n, product in enumerate(snapshot.products)}
    pairs: dict[tuple[int, int], Repeat] = {}
    by_sha: dict[str, list[CataloguePhoto]] = defaultdict(list)
    for photo in snapshot.photos:
        by_sha[photo.sha256].append(photo)

    def keep(a: CataloguePhoto, b: CataloguePhoto, score: float, same: bool) -> None:
        first, second = sorted((a, b), key=lambda photo: position[photo.product_id])
        pair = (position[first.product_id], position[second.product_id])
        products = (snapshot.products[pair[0]], snapshot.products[pair[1]])
        if pair[0] != pair[1] and (pair not in pairs or score > pairs[pair].score):
            pairs[pair] = Repeat(*products, first, second, score, same)

    for photos in by_sha.values():
        for a, b in islice(combinations(photos, 2), TWINS**2):
            keep(a, b, 1.0, True)
    rows = _Rows(snapshot)
    titles = rows.codes(lambda p: f"{_folded(p.name)}\n{_folded(p.brand)}" if p.name else "")
    named = np.flatnonzero(rows.column(lambda p: bool(p.name)).astype(bool))
    for part, scores in _blocks(snapshot.features, named, named, on_progress):
        alike = (scores >= min_score) & (titles[named] == titles[part][:, None])
        alike &= rows.product[named] > rows.product[part][:, None]
        for n in np.flatnonzero(alike.any(axis=1)):
            a = rows.photos[int(part[n])]
            for column in np.flatnonzero(alike[n])[:TWINS]:
                b = rows.photos[int(named[column])]
                keep(a, b, min(float(scores[n, column]), 1.0), a.sha256 == b.sha256)
    return [pairs[pair] for pair in sorted(pairs)]


def health(
    snapshot: Snapshot,
    *,
    k: int = NEIGHBOURS,
    label: Callable[[Product], str] | None = None,
    on_progress: OnProgress | None = None,
) -> list[Ailment]:
    """List what is doubtful about the products, by kind and id; no file is opened.

    "other category": of the k nearest products most vote for another category, not half as many
    for the product's own (the rule by which Wilson, "Asymptotic properties of nearest neighbor
    rules using edited data", 1972, drops a sample; ours asks for twice as many votes). `label`
    gives what is voted on, the category unless said otherwise. "never found": the product is among
    the k nearest of no other, an "orphan" or "anti-hub" of Radovanović, Nanopoulos and Ivanović,
    "Hubs in space", 2010: no customer who starts from a product will meet it.
    :raises Cancelled: `on_progress(done, total)` returned False.
    """
    if k < 1:
        raise QueryError(f"The number of neighbours must be 1 or more, not {k}.")
    label = label or (lambda product: product.category)
    found: list[Ailment] = []
    pictured = {photo.product_id for photo in snapshot.photos}
    rows = _Rows(snapshot)
    encoded = {photo.product_id for photo in rows.photos}
    for product in snapshot.products:
        if product.price is None:
            found.append(Ailment("no price", product, "It has no price."))
        if product.stock is None:
            found.append(Ailment("no stock figure", product, "Its stock is unknown."))
        if product.id not in pictured:
            found.append(Ailment("no photograph", product, "It has no photograph to be found by."))
        elif product.id not in encoded:
            found.append(Ailment("not encoded", product, "None of its photographs is encoded."))

    positions, features = rows.by_product()
    if len(positions) > 1:
        nearest = _nearest(features, min(k, len(positions) - 1), on_progress)
        labels = [label(snapshot.products[p]) for p in positions]
        times_found = np.bincount(nearest.ravel(), minlength=len(positions))
        for n, position in enumerate(positions):
            product = snapshot.products[position]
            if times_found[n] == 0:
                sentence = f"It is among the {k} nearest of no other product."
                found.append(Ailment("never found", product, sentence))
            votes = Counter(labels[m] for m in nearest[n] if labels[m])
            if labels[n] and votes:
                winner, count = min(votes.items(), key=lambda vote: (-vote[1], vote[0]))
                share, own = count / votes.total(), votes[labels[n]]
                if winner != labels[n] and share >= _OTHERS and count >= _TIMES * own:
                    sentence = (
                        f"It is listed under {labels[n]}, but {count} of its {votes.total()} "
                        f"nearest neighbours are under {winner}."
                    )
                    found.append(Ailment("other category", product, sentence, None, winner, share))
    return sorted(found, key=lambda ailment: (ailment.kind, -ailment.share, ailment.product.id))


def file_health(
    catalogue: Catalogue, snapshot: Snapshot, *, on_progress: OnProgress | None = None
) -> list[Ailment]:
    """Open every photograph's file and list those that are missing or cannot be read.

    :raises Cancelled: `on_progress(done, total)` returned False.
    """
    from search import photos

    product = {p.id: p for p in snapshot.products}
    found: list[Ailment] = []
    for done, photo in enumerate(snapshot.photos, 1):
        path = catalogue.path(photo)
        owner = product[photo.product_id]
        if not path.is_file():
            sentence = f"The file {photo.file} is gone; add the photograph again."
            found.append(Ailment("missing file", owner, sentence, photo))
        else:
            try:
                photos.read(path)
            except PhotoError as error:
                found.append(Ailment("unreadable file", owner, str(error), photo))
        if on_progress is not None and on_progress(done, len(snapshot.photos)) is False:
            raise Cancelled("Stopped; nothing was changed.")
    return found


class _Rows:
    """The snapshot's feature rows with the product and the photograph of each."""

    def __init__(self, snapshot: Snapshot) -> None:
        photo = {photo.id: photo for photo in snapshot.photos}
        position = {product.id: n for n, product in enumerate(snapshot.products)}
        self._snapshot = snapshot
        self.photos = [photo[int(i)] for i in snapshot.photo_ids]
        self.product = np.array([position[p.product_id] for p in self.photos], np.int64)

    def column(self, value: Callable[[Product], float | bool]) -> NDArray[np.float64]:
        """Give a number of each row's product, (n,) float64."""
        each = np.array([value(p) for p in self._snapshot.products], np.float64)
        return each[self.product] if len(self.product) else np.empty(0)

    def codes(self, text: Callable[[Product], str]) -> NDArray[np.int64]:
        """Give a number for each different text of the rows' products, (n,); -1 for none."""
        if not len(self.product):
            return np.empty(0, np.int64)
        texts = [text(p) for p in self._snapshot.products]
        code = np.unique(texts, return_inverse=True)[1].astype(np.int64)
        code[np.array([not t for t in texts])] = -1
        return code[self.product]

    def by_product(self) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Give the products that have a feature, and the unit mean of each one's features."""
        positions, sums = sums_by(self._snapshot.features, self.product)
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        sums /= np.where(lengths > 0, lengths, 1)
        return positions, sums


def _blocks(
    features: NDArray[np.float32],
    rows: NDArray[np.intp],
    columns: NDArray[np.intp],
    on_progress: OnProgress | None,
) -> Iterator[tuple[NDArray[np.intp], Score]]:
    """Yield some of the rows and their cosine similarities with all of the columns, in turn."""
    if not len(rows) or not len(columns):
        return
    others = features if len(columns) == len(features) else features[columns]
    for start in range(0, len(rows), _BLOCK):
        part = rows[start : start + _BLOCK]
        yield part, features[part] @ others.T
        done = min(start + _BLOCK, len(rows))
        if on_progress is not None and on_progress(done, len(rows)) is False:
            raise Cancelled("Stopped; nothing was changed.")


def _reach(
    features: NDArray[np.float32],
    product: NDArray[np.int64],
    rows: NDArray[np.intp],
    nearest: int,
) -> NDArray[np.float32]:
    """Give for each photograph the score of its so many nearest of other products, all (n,).

    Looked for among `rows`; -1 where there are fewer, or where 0 is asked.
    """
    reach = np.full(len(features), -1, np.float32)
    if 0 < nearest < len(rows):
        for part, scores in _blocks(features, rows, rows, None):
            scores[product[part][:, None] == product[rows]] = -1
            reach[part] = -np.partition(-scores, nearest - 1, axis=1)[:, nearest - 1]
    return reach - np.float32(1e-6)


def _nearest(
    features: NDArray[np.float32], k: int, on_progress: OnProgress | None
) -> NDArray[np.intp]:
    """Give the k nearest other rows of each row, (n, k), in no order."""
    everything = np.arange(len(features))
    nearest = np.empty((len(features), k), np.intp)
    for part, scores in _blocks(features, everything, everything, on_progress):
        scores[np.arange(len(part)), part] = -np.inf
        nearest[part] = np.argpartition(-scores, k - 1, axis=1)[:, :k]
    return nearest


def _fact(product: Product, name: str) -> str:
    value = getattr(product, name, None)
    return _folded(value if isinstance(value, str) else product.attributes.get(name, ""))


def _folded(text: str) -> str:
    return "".join(text.casefold().split())
