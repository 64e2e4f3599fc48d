"""The labelled photographs to train on, the split that is held out, and batches of two views."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from training import alter

TASKS = ("type", "colour", "gender", "garment")
_RARE = 8  # a label of fewer photographs is no class
_HELD_OUT = 0.055


@dataclass(frozen=True, slots=True)
class Photograph:
    """One photograph (JPEG bytes) and its label for each task, "" where it has none."""

    file: str
    data: bytes
    home: bool  # taken at home, on whatever lay behind
    labels: tuple[str, ...]

    def image(self) -> Image.Image:
        """Decode."""
        return Image.open(io.BytesIO(self.data)).convert("RGB")


def read(place: Path, extra: Sequence[Path] = ()) -> list[Photograph]:
    """Read products*.zip with products.csv, clothing.zip with clothing.csv, and loose folders.

    Photographs of the folders `extra` have no labels; they serve as pairs of views alone.
    """
    found: list[Photograph] = []
    files = _zipped(sorted(place.glob("products*.zip")))
    for row in _rows(place / "products.csv"):
        if row["file"] in files:
            labels = (row["article_type"], row["base_colour"], row["gender"], "")
            found.append(Photograph(row["file"], files[row["file"]], False, labels))
    files = _zipped(sorted(place.glob("clothing*.zip")))
    for row in _rows(place / "clothing.csv"):
        if row["file"] in files:
            labels = ("", "", "", row["label"])
            found.append(Photograph(row["file"], files[row["file"]], True, labels))
    for folder in extra:
        for file in sorted(folder.rglob("*.jpg")):
            found.append(Photograph(file.name, file.read_bytes(), False, ("", "", "", "")))
    if not found:
        raise FileNotFoundError(f"no photographs in {place.name}")
    return found


def split(photographs: list[Photograph]) -> tuple[list[Photograph], list[Photograph]]:
    """Part in those to train on and those held out, by the names' digests: the same every time."""
    parts: tuple[list[Photograph], list[Photograph]] = ([], [])
    for photograph in photographs:
        digest = hashlib.sha256(photograph.file.encode()).digest()
        parts[digest[0] / 256 < _HELD_OUT].append(photograph)
    return parts


class Classes:
    """Each task's labels as numbers; -1 where a photograph has none or a rare one."""

    def __init__(self, photographs: Sequence[Photograph]) -> None:
        self.names: list[list[str]] = []
        for task in range(len(TASKS)):
            counts = Counter(p.labels[task] for p in photographs)
            self.names.append(sorted(n for n, c in counts.items() if n and c >= _RARE))
        self._code = [{name: n for n, name in enumerate(names)} for names in self.names]

    def codes(self, photograph: Photograph) -> list[int]:
        """Give the number of each task's label."""
        pairs = zip(self._code, photograph.labels, strict=True)
        return [code.get(label, -1) for code, label in pairs]


@dataclass(frozen=True, slots=True)
class Batch:
    """Two views of each photograph, (n, 3, side, side) RGB each, and labels (n, tasks)."""

    mild: NDArray[np.uint8]
    strong: NDArray[np.uint8]
    labels: NDArray[np.int64]


class Batches:
    """Batches by number: a step's batch follows from the seed and the step alone.

    So a stopped training goes on with the very photographs it would have seen.
    """

    def __init__(
        self,
        photographs: Sequence[Photograph],
        classes: Classes,
        *,
        size: int,
        side: int,
        home: float,
        strength: alter.Strength,
        seed: int,
    ) -> None:
        self._shop = [p for p in photographs if not p.home]
        self._home = [p for p in photographs if p.home]
        if not self._shop or not self._home:
            self._shop = self._home = list(photographs)
        self._classes, self._size, self._side = classes, size, side
        self._share, self._strength, self._seed = home, strength, seed

    def batch(self, step: int) -> Batch:
        """Make one step's batch."""
        rng = np.random.default_rng([self._seed, step])
        count = round(self._size * self._share)
        chosen = [self._home[n] for n in rng.choice(len(self._home), count, replace=False)]
        rest = rng.choice(len(self._shop), self._size - count, replace=False)
        chosen += [self._shop[n] for n in rest]
        first, second = [], []
        for photograph in chosen:
            image = photograph.image()
            scene = None
            if not photograph.home:
                scene = alter.patch(self._home[rng.integers(len(self._home))].image(), rng)
            first.append(_pixels(alter.mild(image, self._side, rng)))
            second.append(_pixels(alter.strong(image, self._side, rng, self._strength, scene)))
        labels = np.array([self._classes.codes(p) for p in chosen], np.int64)
        return Batch(np.stack(first), np.stack(second), labels)

    def __call__(self, start: int) -> Iterator[Batch]:
        """Give batches from a step on, without end; the next one is made ahead."""
        with ThreadPoolExecutor(1) as pool:
            coming: Future[Batch] = pool.submit(self.batch, start)
            step = start
            while True:
                step += 1
                ready, coming = coming.result(), pool.submit(self.batch, step)
                yield ready


def clean(photographs: Sequence[Photograph], side: int) -> NDArray[np.uint8]:
    """Give photographs as the search prepares them, (n, 3, side, side)."""
    return np.stack([_pixels(alter.fit(p.image(), side)) for p in photographs])


def _pixels(image: Image.Image) -> NDArray[np.uint8]:
    return np.asarray(image).transpose(2, 0, 1)


def _zipped(archives: Sequence[Path]) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for archive in archives:
        with zipfile.ZipFile(archive) as opened:
            for name in opened.namelist():
                if name.endswith(".jpg"):
                    files[Path(name).name] = opened.read(name)
    return files


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as text:
        return list(csv.DictReader(text))
