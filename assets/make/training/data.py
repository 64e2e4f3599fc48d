"""The labelled photographs to train on, the split that is held out, and batches of views."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from training import alter
from training.held_out import is_held_out

TASKS = (
    "type", "colour", "style", "gender", "season", "usage", "category", "garment", "kids",
)  # fmt: skip
DESIGN = "design"  # a label that only pulls together: too many, too small groups for classes
_NEAR = {False: ("type", "style"), True: ("garment", "garment")}  # tasks of the neighbours, if home
_RARE = 8  # a label of fewer photographs is no class
_RARE_WORD = 40
_SERIES = 8  # a name of more photographs says too little to be a design's


@dataclass(frozen=True, slots=True)
class Photograph:
    """One photograph (JPEG bytes), its label for each task ("": none) and its name's words."""

    file: str
    data: bytes
    home: bool  # taken at home, on whatever lay behind
    labels: dict[str, str] = field(default_factory=dict)
    words: frozenset[str] = frozenset()

    def image(self) -> Image.Image:
        """Decode."""
        return Image.open(io.BytesIO(self.data)).convert("RGB")


def read(place: Path, extra: Sequence[Path] = ()) -> list[Photograph]:
    """Read products*.zip with products.csv, clothing.zip with clothing.csv, and loose folders.

    Photographs of the folders `extra` have no labels; they serve as pairs of views alone.
    """
    found: list[Photograph] = []
    files = _zipped(sorted(place.glob("products*.zip")))
    rows = _rows(place / "products.csv")
    colours = {word for row in rows for word in _words(row["base_colour"])}
    for row in rows:
        if row["file"] in files:
            name = _words(row["name"])
            design = " ".join(word for word in name if word not in colours)
            labels = {
                "type": row["article_type"],
                "colour": row["base_colour"],
                "style": f"{row['article_type']}, {row['base_colour']}",
                "gender": row["gender"],
                "season": row["season"],
                "usage": row["usage"],
                "category": row["sub_category"],
                DESIGN: f"{row['article_type']}, {design}",
            }
            words = frozenset(word for word in name if word.isalpha() and len(word) > 1)
            found.append(Photograph(row["file"], files[row["file"]], False, labels, words))
    files = _zipped(sorted(place.glob("clothing*.zip")))
    for row in _rows(place / "clothing.csv"):
        if row["file"] in files:
            labels = {"garment": row["label"], "kids": row["kids"]}
            found.append(Photograph(row["file"], files[row["file"]], True, labels))
    for folder in extra:
        for file in sorted(folder.rglob("*.jpg")):
            found.append(Photograph(file.name, file.read_bytes(), False))
    if not found:
        raise FileNotFoundError(f"no photographs in {place.name}")
    return found


def split(photographs: list[Photograph]) -> tuple[list[Photograph], list[Photograph]]:
    """Part in those to train on and those held out, by the names' digests: the same every time."""
    parts: tuple[list[Photograph], list[Photograph]] = ([], [])
    for photograph in photographs:
        parts[is_held_out(photograph.file)].append(photograph)
    return parts


def sample(photographs: list[Photograph], count: int, home: float, seed: int) -> list[Photograph]:
    """Draw so many of the photographs, a share of them taken at home; all if there are fewer."""
    rng = np.random.default_rng(seed)
    at_home = np.array([photograph.home for photograph in photographs])
    taken = round(count * home)
    rows = [
        rng.permutation(np.flatnonzero(at_home))[:taken],
        rng.permutation(np.flatnonzero(~at_home))[: count - taken],
    ]
    return [photographs[row] for row in np.sort(np.concatenate(rows))]


class Classes:
    """Labels as numbers (-1: none, a rare one, or a design of one photograph); names' words."""

    def __init__(self, photographs: Sequence[Photograph]) -> None:
        self.names: dict[str, list[str]] = {}
        for task in TASKS:
            counts = Counter(p.labels.get(task, "") for p in photographs)
            self.names[task] = sorted(n for n, c in counts.items() if n and c >= _RARE)
        counts = Counter(p.labels.get(DESIGN, "") for p in photographs)
        self.names[DESIGN] = sorted(n for n, c in counts.items() if n and _series(c))
        counts = Counter(word for p in photographs for word in p.words)
        self.words = sorted(word for word, c in counts.items() if c >= _RARE_WORD)
        self._code = {
            task: {n: i for i, n in enumerate(names)} for task, names in self.names.items()
        }
        self._word = {word: n for n, word in enumerate(self.words)}

    def codes(self, photograph: Photograph) -> list[int]:
        """Give the number of each task's label, then the design's."""
        labels = ((task, photograph.labels.get(task, "")) for task in (*TASKS, DESIGN))
        return [self._code[task].get(label, -1) for task, label in labels]

    def shares(self, photographs: Sequence[Photograph]) -> NDArray[np.float32]:
        """Give (n, words): each word of a photograph has the same share of one; without words 0."""
        shares = np.zeros((len(photographs), len(self.words)), np.float32)
        for row, photograph in zip(shares, photographs, strict=True):
            known = [self._word[word] for word in photograph.words if word in self._word]
            row[known] = 1 / max(1, len(known))
        return shares


@dataclass(frozen=True, slots=True)
class Batch:
    """Which views to make (n + pairs): one of each photograph, then a second one of some."""

    rows: NDArray[np.int64]  # which photograph a view shows
    mild: NDArray[np.bool_]  # whether it is hardly altered
    scenes: NDArray[np.int64]  # the photograph of which a piece is behind it, or NONE or DRAWN
    photographs: int  # n
    paired: NDArray[np.int64]  # (pairs,) which of the n the second views show


@dataclass(frozen=True, slots=True)
class Stage:
    """So many steps with photographs of one size."""

    side: int
    steps: int


class Batches:
    """Batches by number: a step's batch follows from the seed and the step alone.

    So a stopped training goes on with the very photographs it would have seen. A third of a
    batch's photographs are drawn from all; each of the shop's brings one of its own type (of its
    design, where there are more) and one of its type and colour, each from home two of its garment:
    what belongs together can be pulled together, and a copy be told from its neighbours, only
    where there are neighbours. `cut_out` tells whose product is told from its background.
    """

    def __init__(
        self,
        photographs: Sequence[Photograph],
        cut_out: NDArray[np.bool_],
        *,
        size: int,
        pairs: int,
        home: float,
        strength: alter.Strength,
        seed: int,
    ) -> None:
        self._photographs, self._cut_out = photographs, cut_out
        home_taken = np.array([p.home for p in photographs])
        self._home, self._shop = np.flatnonzero(home_taken), np.flatnonzero(~home_taken)
        alike: dict[tuple[str, str], list[int]] = {}
        for n, photograph in enumerate(photographs):
            for task in {*_NEAR[photograph.home], DESIGN}:
                alike.setdefault((task, photograph.labels.get(task, "")), []).append(n)
        self._alike = {label: np.array(rows) for label, rows in alike.items()}
        self._size, self._pairs = size, pairs
        self._share, self._strength, self._seed = home, strength, seed

    def __getitem__(self, step: int) -> Batch:
        """Draw one step's batch."""
        rng = np.random.default_rng([self._seed, step])
        chosen = self._chosen(rng)
        paired = np.sort(rng.choice(len(chosen), min(self._pairs, len(chosen)), replace=False))
        rows = np.concatenate([chosen, chosen[paired]])
        mild = rng.random(len(rows)) < self._strength.mild
        mild[len(chosen) :] = False
        return Batch(rows, mild, self._scenes(rows, mild, rng), len(chosen), paired)

    def altered(self, rows: NDArray[np.int64], seed: Sequence[int]) -> Batch:
        """Draw one altered view of each photograph."""
        rng, mild = np.random.default_rng(seed), np.zeros(len(rows), bool)
        scenes = self._scenes(rows, mild, rng)
        return Batch(rows, mild, scenes, len(rows), np.empty(0, np.int64))

    def _scenes(
        self, rows: NDArray[np.int64], mild: NDArray[np.bool_], rng: np.random.Generator
    ) -> NDArray[np.int64]:
        """Draw what is behind each: of which photograph a piece, or something drawn, or nothing."""
        scenes = np.full(len(rows), alter.DRAWN)
        if self._home.size:
            cut = rng.random(len(rows)) >= self._strength.drawn
            scenes[cut] = rng.choice(self._home, np.count_nonzero(cut))
        plain = rng.random(len(rows)) >= self._strength.background
        scenes[plain | mild | ~self._cut_out[rows]] = alter.NONE
        return scenes

    def _chosen(self, rng: np.random.Generator) -> NDArray[np.int64]:
        if not len(self._shop) or not len(self._home):
            return rng.choice(len(self._photographs), self._size, replace=False)
        home = round(self._size * self._share)
        chosen = self._with_neighbours(self._home, home, rng)
        chosen += self._with_neighbours(self._shop, self._size - home, rng)
        return np.array(chosen, np.int64)

    def _with_neighbours(
        self, rows: NDArray[np.int64], count: int, rng: np.random.Generator
    ) -> list[int]:
        chosen: list[int] = []
        for row in rng.choice(rows, (count + 2) // 3, replace=False):
            photograph = self._photographs[row]
            chosen.append(int(row))
            for task in _NEAR[photograph.home]:
                alike = self._alike[task, photograph.labels.get(task, "")]
                design = self._alike[DESIGN, photograph.labels.get(DESIGN, "")]
                if task == "type" and _series(len(design)):
                    alike = design[design != row]
                chosen.append(int(alike[rng.integers(len(alike))]))
        return chosen[:count]


def clean(photographs: Sequence[Photograph], side: int) -> NDArray[np.uint8]:
    """Give photographs as the search prepares them, (n, 3, side, side)."""
    return np.stack([pixels(alter.fit(p.image(), side)) for p in photographs])


def pixels(image: Image.Image) -> NDArray[np.uint8]:
    """Give a photograph as the network takes it, (3, h, w)."""
    return np.asarray(image).transpose(2, 0, 1)


def _series(count: int) -> bool:
    """Tell whether a name of so many photographs is a design's."""
    return 2 <= count <= _SERIES


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z]+|[0-9]+", text.lower())


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
