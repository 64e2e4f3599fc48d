"""Whether a picture shows anything like the catalogue's products at all.

A score cannot tell: a street is more like some shoe than a shoe photographed in the evening is like
its own studio picture. So a classifier learns the difference for one catalogue and network: the
catalogue's photographs set against drawn scenes in other light (see search.engine.altered), against
the same scenes without a product ("outlier exposure": Hendrycks, Mazeika and Dietterich, "Deep
anomaly detection with outlier exposure", 2019; here on features that stay as they are).

What it looks at are the cells of the last feature map, not their mean: a product lies in the middle
of its surroundings, and the mean forgets where anything was. Their principal components go to a
support vector machine with a Gaussian kernel (Cortes and Vapnik, "Support-vector networks", 1995).
"""

from __future__ import annotations

import base64
import io
import json
import zipfile
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.catalogue import Catalogue
from search.network.vectors import Cells, unit_rows_or_zero

_GRID = 3  # the cells are looked at as so many rows and columns
_COMPONENTS = 128
_COST, _GAMMA = 3.0, 4.5  # of the support vector machine
_FOLDS = 5
# What nearly all are, and where between the border lies. With 0.95 to 0.97, and 0.5 to 0.7 of the
# way, 0.95 of drawn pictures are refused and 0.03 to 0.045 of real photographs of garments.
_NEARLY, _BETWEEN = 0.97, 0.6
_ARRAYS = ("mean", "components", "vectors", "weights")


@dataclass(frozen=True, slots=True, eq=False)
class ProductClassifier:
    """Tells pictures that show a product from others, by c components and v support vectors.

    `mean` (g,) float32 and `components` (c, g) float16 of the laid out cells, `vectors` (v, c) and
    `weights` (v,) float32, and `bias`. It was learnt when the catalogue had so many `photos`, the
    newest of them with the id `last_photo`.
    """

    mean: NDArray[np.float32]
    components: NDArray[np.float16]
    vectors: NDArray[np.float32]
    weights: NDArray[np.float32]
    bias: float
    photos: int = 0
    last_photo: int = 0

    def margin(self, cells: Cells) -> NDArray[np.float32]:
        """Give each picture's distance from the border, positive for a product; cells (n, h, w, d).

        The support vector machine's decision function, as in scikit-learn's user guide, 1.4.7.
        """
        rows = (laid_out(cells) - self.mean) @ self.components.T.astype(np.float32)
        apart = ((rows[:, None] - self.vectors) ** 2).sum(axis=2)
        margin: NDArray[np.float32] = np.exp(-_GAMMA * apart) @ self.weights + np.float32(self.bias)
        return margin

    def to_text(self) -> str:
        """Write it down."""
        arrays = io.BytesIO()
        named = {name: getattr(self, name) for name in _ARRAYS}
        np.savez_compressed(arrays, allow_pickle=False, **named)
        numbers = {"bias": self.bias, "photos": self.photos, "last_photo": self.last_photo}
        return json.dumps(numbers | {"arrays": base64.b64encode(arrays.getvalue()).decode()})

    @classmethod
    def from_text(cls, text: str) -> ProductClassifier:
        """Read what `to_text` wrote.

        :raises ValueError: the text is something else.
        """
        try:
            saved = json.loads(text)
            packed = io.BytesIO(base64.b64decode(saved["arrays"], validate=True))
            with np.load(packed, allow_pickle=False) as arrays:
                found = {name: arrays[name] for name in _ARRAYS}
            bias, count, last = float(saved["bias"]), int(saved["photos"]), int(saved["last_photo"])
            return cls(**found, bias=bias, photos=count, last_photo=last)
        except (KeyError, TypeError, OSError, EOFError, zipfile.BadZipFile) as error:
            raise ValueError("not a saved classifier") from error


def laid_out(cells: Cells) -> NDArray[np.float32]:
    """Give cells (n, h, w, d) as unit rows (n, 9 d): the means over a grid of three by three."""
    rows, columns = (_parts(length) for length in cells.shape[1:3])
    grid = [cells[:, row][:, :, column].mean(axis=(1, 2)) for row in rows for column in columns]
    return unit_rows_or_zero(np.concatenate(grid, axis=1, dtype=np.float32))


def fit(
    products: NDArray[np.float32], without: NDArray[np.float32], *, seed: int = 0
) -> ProductClassifier:
    """Learn to tell products from pictures without, both as laid out rows (n, g).

    The border lies between what nearly all pictures without a product stay below and what nearly
    all products exceed, each judged by a machine that has not seen it (cross-conformal
    prediction: Vovk, 2015). The machine's own border follows the fewer products too closely.
    """
    from sklearn.decomposition import PCA
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from sklearn.svm import SVC

    rows = np.concatenate([products, without])
    there = np.arange(len(rows)) < len(products)
    # Two power iterations instead of seven: the last components differ, the answers don't.
    parts = PCA(
        min(_COMPONENTS, len(rows) - 1),
        svd_solver="randomized",
        iterated_power=2,
        random_state=seed,
    )
    placed = parts.fit(rows).transform(rows)
    machine = SVC(C=_COST, gamma=_GAMMA, class_weight="balanced")
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=seed)
    unseen = cross_val_predict(machine, placed, there, cv=folds, method="decision_function")
    low, high = np.quantile(unseen[~there], _NEARLY), np.quantile(unseen[there], 1 - _NEARLY)
    machine.fit(placed, there)
    return ProductClassifier(
        mean=parts.mean_.astype(np.float32),
        components=parts.components_.astype(np.float16),
        vectors=machine.support_vectors_.astype(np.float32),
        weights=machine.dual_coef_[0].astype(np.float32),
        bias=float(machine.intercept_[0] - low - _BETWEEN * (high - low)),
    )


def saved_classifier(catalogue: Catalogue, fingerprint: str) -> ProductClassifier | None:
    """Give the classifier saved for a catalogue and a network; None where there is none yet."""
    return read_classifier(catalogue.derived(classifier_setting(fingerprint)))


def read_classifier(text: str | None) -> ProductClassifier | None:
    """Read what `ProductClassifier.to_text` wrote; None where it is missing or something else."""
    if text is None:
        return None
    try:
        return ProductClassifier.from_text(text)
    except ValueError:
        return None


def classifier_setting(fingerprint: str) -> str:
    """Name what a network's classifier is saved under."""
    return f"presence:{fingerprint}"


def _parts(length: int) -> list[slice]:
    """Split so many rows or columns into three parts, overlapping where they are uneven."""
    return [slice(n * length // _GRID, -(-(n + 1) * length // _GRID)) for n in range(_GRID)]
