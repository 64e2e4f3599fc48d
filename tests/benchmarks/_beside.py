"""One precision of a network beside another, in one run: alone, and where their features meet.

Each figure is printed for the catalogue and the questions in the one precision, in the other, and
for questions in one to a catalogue in the other, with what the other precision may lose at most.
"""

from __future__ import annotations

import csv
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assets.make.training.held_out import is_held_out
from search import photos
from search.catalogue import Catalogue
from search.engine import Options, Query, SearchEngine, explain
from search.engine.encoding import encode_missing
from search.engine.learning import learn
from search.insight import evaluation
from search.network.extractor import NetworkExtractor
from search.network.precision import Precision
from search.photos import Photo
from tests.benchmarks._bars import shoes, shop
from tests.benchmarks._pictures import non_products, plain_pictures
from tests.benchmarks._words import DEMO, demo_products, garments, png, table
from tests.helpers import SHARED

QUALITY, CUSTOMERS, ABSTENTION, SHARES = 0.005, 1, 0.02, 1e-3  # what may be lost
_BATCH, _EXPLAINED = 64, 10
Pair = tuple[np.ndarray, np.ndarray]  # features in the first precision and in the second


class _WithoutInt8(NetworkExtractor):
    """A network as "auto" runs it where int8 is not faster."""

    def _precision_to_load(self) -> tuple[Precision, str]:
        return "auto", "without int8"

    def _try_int8(self) -> None:
        """Nothing: int8 is what this is beside."""


@dataclass
class Judged:
    """What was missed so far."""

    missed: int = 0

    def line(self, title: str, figures: dict[str, float], most: float) -> None:
        """Print a figure in each way; the first is what the others are held to."""
        wanted = next(iter(figures.values()))
        lost = max(abs(figure - wanted) for figure in figures.values())
        self.missed += lost > most + 1e-9
        told = "  ".join(f"{way} {figure:.3f}" for way, figure in figures.items())
        verdict = "held" if lost <= most + 1e-9 else f"MISSED by {lost - most:.3f}"
        print(f"  {title}: {told} (within {most:g}: {verdict})", flush=True)


def beside(network: str, precision: Precision, reference: Precision) -> int:
    """Print all figures in the reference's precision and the other; how many bars were missed."""
    kind = _WithoutInt8 if reference == "auto" else NetworkExtractor
    first, second = (
        kind(network, precision=reference),
        NetworkExtractor(network, precision=precision),
    )
    for each in (first, second):
        running = each.running
        print(f"{each.chosen_precision}: {running.runtime}, {', '.join(running.arithmetic)}")
    judged = Judged()
    ways = (f"{reference} alone", f"{precision} alone", f"{precision} asks", f"{reference} asks")
    products = table(DEMO / "products.csv")
    labelled = {
        "demo by kind": ([DEMO / r["file"] for r in products], [r["kind"] for r in products]),
        "client's shoes by kind": shoes(),
        "shop, held out, by type": shop(),
        "garments at home, held out": _home(),
    }
    encoded: dict[str, Pair] = {}
    for title, found in labelled.items():
        if found is None:
            print(f"  {title}: not measured, the photographs are not at hand")
            continue
        encoded[title] = _both(found[0], first, second)
        _ranked(judged, title, encoded[title], found[1], ways)
    asked = table(DEMO / "customers.csv")
    shown = [DEMO / row["file"] for row in asked]
    row = {each["id"]: n for n, each in enumerate(products)}
    own = [row[each["product"]] for each in asked]
    _customers(judged, encoded["demo by kind"], _both(shown, first, second), own, ways)
    _abstention(judged, first, second, ways)
    worst = max(_unexplained(second, photos.read(file)) for file in shown[:_EXPLAINED])
    print(f"  shares of the heat map add up to the score within {worst:.1e} (wanted {SHARES})")
    return judged.missed + (worst > SHARES)


def _both(
    sources: Sequence[Path | bytes], first: NetworkExtractor, second: NetworkExtractor
) -> Pair:
    rows: tuple[list[np.ndarray], list[np.ndarray]] = ([], [])
    for start in range(0, len(sources), _BATCH):
        some = [first.prepare(photos.read(each)) for each in sources[start : start + _BATCH]]
        for found, extractor in zip(rows, (first, second), strict=True):
            found.append(extractor.embed(some))
    return np.concatenate(rows[0]), np.concatenate(rows[1])


def _each_way(measure: Callable[[np.ndarray, np.ndarray], float], rows: Pair, asked: Pair,
              ways: Sequence[str]) -> dict[str, float]:  # fmt: skip
    """Measure with questions and catalogue in each precision."""
    pairs = ((0, 0), (1, 1), (1, 0), (0, 1))
    found = [measure(asked[question], rows[listed]) for question, listed in pairs]
    return dict(zip(ways, found, strict=True))


def _ranked(
    judged: Judged, title: str, rows: Pair, labels: Sequence[str], ways: Sequence[str]
) -> None:
    cosine = (rows[0] * rows[1]).sum(axis=1)
    print(f"  {title}: cosine {cosine.mean():.4f} on average, at least {cosine.min():.4f}")
    named = np.array(labels)

    def relevant(asked: np.ndarray, listed: np.ndarray) -> np.ndarray:
        scores = asked @ listed.T
        np.fill_diagonal(scores, -np.inf)
        order = np.argsort(-scores, axis=1, kind="stable")[:, :-1]
        return named[order] == named[:, None]

    def at_8(asked: np.ndarray, listed: np.ndarray) -> float:
        return float(evaluation.precision_at(relevant(asked, listed), 8).mean())

    def mean_average(asked: np.ndarray, listed: np.ndarray) -> float:
        return float(np.nanmean(evaluation.average_precision(relevant(asked, listed))))

    judged.line(f"{title}, P@8", _each_way(at_8, rows, rows, ways), QUALITY)
    judged.line(f"{title}, mAP", _each_way(mean_average, rows, rows, ways), QUALITY)


def _customers(
    judged: Judged, rows: Pair, asked: Pair, own: Sequence[int], ways: Sequence[str]
) -> None:
    def ranks(questions: np.ndarray, listed: np.ndarray) -> np.ndarray:
        scores = questions @ listed.T
        return 1 + (scores > scores[np.arange(len(own)), own][:, None]).sum(axis=1)

    for title, place, most in (("first", 1, CUSTOMERS), ("among the first 8", 8, 0)):

        def found_by(questions: np.ndarray, listed: np.ndarray, at: int = place) -> float:
            return float((ranks(questions, listed) <= at).sum())

        found = _each_way(found_by, rows, asked, ways)
        judged.line(f"{len(own)} customers find their product {title}", found, most)


def _abstention(
    judged: Judged, first: NetworkExtractor, second: NetworkExtractor, ways: Sequence[str]
) -> None:
    """Print how often "nothing here is similar" is said."""
    shown = {
        "drawn pictures": [png(image) for _, image in (*non_products(), *plain_pictures())],
        "customers' photographs": [
            (DEMO / row["file"]).read_bytes() for row in table(DEMO / "customers.csv")
        ],
        "other people's garments": garments()[0],
    }
    said: dict[str, dict[str, float]] = {title: {} for title in shown}
    with tempfile.TemporaryDirectory() as folder:
        for listed, asking in (((first, ways[0]), (second, ways[2])),
                               ((second, ways[1]), (first, ways[3]))):  # fmt: skip
            catalogue = _catalogue(Path(folder) / listed[1].replace(" ", "-"), listed[0])
            for extractor, way in (listed, asking):
                engine = SearchEngine(catalogue, extractor)
                for title, pictures in shown.items():
                    if pictures:
                        said[title][way] = _refused(engine, pictures)
    for title, figures in said.items():
        if figures:
            judged.line(f"“nothing here is similar” of {title}", figures, ABSTENTION)


def _catalogue(folder: Path, extractor: NetworkExtractor) -> Catalogue:
    catalogue = Catalogue(folder)
    with catalogue.change("benchmark", "add") as change:
        for product, file in demo_products():
            change.put(product)
            change.add_photo(product.id, photos.read(file))
    encode_missing(catalogue, extractor)
    learn(catalogue, extractor)
    return catalogue


def _refused(engine: SearchEngine, pictures: Sequence[bytes]) -> float:
    answers = [engine.search(Query.by(each), options=Options(k=8)) for each in pictures]
    return sum(answer.nothing_similar for answer in answers) / len(answers)


def _unexplained(extractor: NetworkExtractor, photo: Photo) -> float:
    """Give how far the shares of a photograph's cells are from the score with itself, flipped."""
    flipped = photos.read(png(photo.image.transpose(0)))
    why = explain.explain(extractor, photo, flipped)
    return max(abs(float(each.sum()) - why.score) for each in (why.query, why.result))


def _home() -> tuple[Sequence[bytes], Sequence[str]] | None:
    folder = SHARED / "training"
    if not (folder / "clothing.zip").is_file():
        return None
    with (
        zipfile.ZipFile(folder / "clothing.zip") as archive,
        (folder / "clothing.csv").open(encoding="utf-8-sig", newline="") as text,
    ):
        there = set(archive.namelist())
        rows = [
            row for row in csv.DictReader(text) if row["file"] in there and is_held_out(row["file"])
        ]
        return [archive.read(row["file"]) for row in rows], [row["label"] for row in rows]
