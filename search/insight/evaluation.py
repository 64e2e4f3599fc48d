"""How good a search is: leave-one-out precision, recall and mean average precision, with intervals.

Each labelled photograph is a query against all others; those that carry its label are relevant.
Figures are means over the queries that have at least one relevant photograph, with a 95% bootstrap
interval over the queries (percentile method; Efron, "Bootstrap methods", 1979).
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image

from search.errors import FeatureError, ImportRefused
from search.network.vectors import cosine_blocks, unit_rows_or_zero
from search.photos import EXTENSIONS, Photo

RESAMPLES = 1000


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean over queries and its 95% bootstrap interval."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.mean:.3f} [{self.low:.3f}, {self.high:.3f}]"


@dataclass(frozen=True, slots=True)
class Quality:
    """What leave-one-out search achieves; `queries` had something to find."""

    queries: int
    precision_at_1: Figure
    precision_at_8: Figure
    recall_at_8: Figure
    mean_average_precision: Figure


def precision_at(relevant: NDArray[np.bool_], k: int) -> NDArray[np.float64]:
    """Give each query's share of relevant ones among its first k.

    `relevant` (q, n) says of each ranked answer whether it is relevant, best first. Where fewer
    than k can be ranked, the missing ones count as not relevant.
    """
    precision: NDArray[np.float64] = relevant[:, :k].sum(axis=1) / k
    return precision


def recall_at(relevant: NDArray[np.bool_], k: int) -> NDArray[np.float64]:
    """Give each query's share of all its relevant ones that is among the first k; NaN if none."""
    with np.errstate(invalid="ignore"):
        recall: NDArray[np.float64] = relevant[:, :k].sum(axis=1) / relevant.sum(axis=1)
    return recall


def average_precision(relevant: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Give each query's average precision over the whole ranking; NaN where none is relevant.

    The mean, over all relevant ones, of the precision at the rank of each (Manning, Raghavan and
    Schütze, "Introduction to Information Retrieval", 2008, §8.4): relevant ones ranked last count.
    """
    hits = np.cumsum(relevant, axis=1)
    precision = hits / np.arange(1, relevant.shape[1] + 1)
    with np.errstate(invalid="ignore"):
        average: NDArray[np.float64] = (precision * relevant).sum(axis=1) / relevant.sum(axis=1)
    return average


def interval(values: ArrayLike, *, seed: int = 0) -> Figure:
    """Give the mean of one number for each query, NaN left out, and its bootstrap interval."""
    known = np.asarray(values, dtype=np.float64)
    known = known[np.isfinite(known)]
    if not known.size:
        return Figure(float("nan"), float("nan"), float("nan"))
    rng = np.random.default_rng(seed)
    means = [known[rng.integers(known.size, size=known.size)].mean() for _ in range(RESAMPLES)]
    low, high = np.quantile(means, [0.025, 0.975])
    return Figure(float(known.mean()), float(low), float(high))


def leave_one_out(
    features: NDArray[np.float32],
    labels: Sequence[str],
    *,
    groups: Sequence[Hashable] | None = None,
    seed: int = 0,
) -> Quality:
    """Search each row among all others by cosine; rows of its label are relevant.

    `features` (n, d) unit rows; `labels` n strings. Rows of one of the `groups` (n of anything)
    are variants of one thing: they count once, by the first of them, so that neither what they are
    found by nor what they find depends on how many there are. Equal scores are ordered by chance
    (from `seed`), not by place, so that features which tell nothing apart get what chance gets.

    :raises FeatureError: the numbers of rows, labels and groups differ, or nothing shares a label.
    """
    if len(features) != len(labels):
        raise FeatureError(f"{len(features)} features came with {len(labels)} labels.")
    if groups is not None:
        if len(groups) != len(labels):
            raise FeatureError(f"{len(features)} features came with {len(groups)} groups.")
        first = list({group: row for row, group in reversed(list(enumerate(groups)))}.values())
        kept = np.sort(first)
        features, labels = features[kept], [labels[row] for row in kept]
    code = np.unique(np.asarray(labels), return_inverse=True)[1]
    luck = np.random.default_rng(seed).permutation(len(features))
    features, code = features[luck], code[luck]
    columns: dict[str, list[NDArray[np.float64]]] = {"p1": [], "p8": [], "r8": [], "ap": []}
    for block, scores in cosine_blocks(features, features):
        scores[np.arange(len(block)), block] = -np.inf
        order = np.argsort(-scores, axis=1, kind="stable")[:, :-1]  # last is the query itself
        relevant = code[order] == code[block][:, None]
        relevant = relevant[relevant.any(axis=1)]
        columns["p1"].append(precision_at(relevant, 1))
        columns["p8"].append(precision_at(relevant, 8))
        columns["r8"].append(recall_at(relevant, 8))
        columns["ap"].append(average_precision(relevant))
    each = {name: np.concatenate(values) for name, values in columns.items() if values}
    if not each or not each["ap"].size:
        raise FeatureError("No two photographs share a label, so there is nothing to find.")
    return Quality(len(each["ap"]), *(interval(values) for values in each.values()))


def labelled(place: Path, photographs: Path | None = None) -> tuple[list[Path], list[str]]:
    """List photographs with labels: of a folder of folders, or of a CSV.

    In a folder, each photograph's label is the name of the folder it lies in. A CSV needs columns
    "file" (relative to `photographs`, or else to the CSV or a folder "photos" beside it) and
    "label".

    :raises ImportRefused: neither fits, or a listed file is missing.
    """
    if place.is_dir():
        files = sorted(f for f in place.rglob("*") if f.suffix.lower() in EXTENSIONS)
        if not files:
            raise ImportRefused(
                f"There are no photographs in “{place.name}”: choose a folder that holds some."
            )
        return files, [file.parent.name for file in files]
    try:
        with place.open(encoding="utf-8-sig", newline="") as text:
            rows = list(csv.DictReader(text))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ImportRefused(
            f"“{place.name}” is neither a folder nor a readable CSV file: choose one of the two."
        ) from error
    if not rows or not {"file", "label"} <= rows[0].keys():
        raise ImportRefused(f"“{place.name}” needs the columns “file” and “label”: add them.")
    folders = [photographs] if photographs else [place.parent, place.parent / "photos"]
    found = [
        next((file for folder in folders if (file := folder / row["file"]).is_file()), None)
        for row in rows
    ]
    missing = [row["file"] for row, file in zip(rows, found, strict=True) if file is None]
    if missing:
        raise ImportRefused(
            f"“{missing[0]}” is listed but missing ({len(missing)} in all): add it, or take its row"
            " out."
        )
    return [file for file in found if file is not None], [row["label"] for row in rows]


def random_features(photos: Sequence[Photo], *, seed: int = 0) -> NDArray[np.float32]:
    """Draw features by chance, the baseline that knows nothing: unit rows (n, 64)."""
    return unit_rows_or_zero(np.random.default_rng(seed).normal(size=(len(photos), 64)))


def pixel_features(photos: Iterable[Photo]) -> NDArray[np.float32]:
    """Take the photograph at 16 x 16 pixels, less its mean, as a baseline: (n, 768)."""
    return unit_rows_or_zero(_each(photos, lambda image: _small(image, 16).ravel()))


def colour_features(photos: Iterable[Photo]) -> NDArray[np.float32]:
    """Take a colour histogram, 8 bins a channel, as a baseline: (n, 512); roots, so cosine is fair.

    The cosine of the roots of two histograms is their Bhattacharyya coefficient.
    """

    def histogram(image: Image.Image) -> NDArray[np.float64]:
        bins = np.asarray(image.resize((64, 64))).reshape(-1, 3).astype(np.int64) // 32
        return np.sqrt(np.bincount(bins @ [64, 8, 1], minlength=512))

    return unit_rows_or_zero(_each(photos, histogram))


def _each(
    photos: Iterable[Photo], feature: Callable[[Image.Image], NDArray[np.float64]]
) -> NDArray[np.float64]:
    return np.stack([feature(photo.image) for photo in photos])


def _small(image: Image.Image, side: int) -> NDArray[np.float64]:
    pixels = np.asarray(image.resize((side, side), Image.Resampling.BOX), dtype=np.float64)
    pixels -= pixels.mean()
    return pixels
