"""How good the search is: on labelled photographs, and on the demo catalogue's ground truth.

python -m tests.benchmarks quality [--network NAME] [--weights FILE] [--precision NAME]
    [--labels PLACE ... [--photographs FOLDER]]
python -m tests.benchmarks quality [--network NAME] --precision int8 --beside auto

PLACE is a folder of folders, or a CSV with the columns file and label, such as footwear.csv beside
this file: the kinds of the client's shoes, told by eye.
"""

from __future__ import annotations

import argparse
import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
from PIL import Image, ImageEnhance, ImageOps

from search import photos
from search.catalogue import CataloguePhoto, Product, Snapshot
from search.engine import bands
from search.engine.rows import FeatureRows
from search.engine.scenes import scenes
from search.insight import evaluation, price_gaps
from search.insight.duplicates import duplicates
from search.insight.health import Issue, health
from search.network import registry
from search.network.extractor import NetworkExtractor
from search.network.precision import PRECISIONS
from search.photos import Photo
from search.photos.foreground import foreground_mask
from tests.benchmarks._bars import bars
from tests.benchmarks._beside import beside
from tests.benchmarks._words import words

DEMO = Path(__file__).resolve().parents[2] / "assets" / "demo"
ALTERED = 150  # photographs whose altered copies are searched for
EXCHANGED, EXCHANGES = 20, 8  # products whose category is exchanged, and how often others


def main(argv: list[str] | None = None) -> int:
    """Print every figure; 0 unless there is nothing to measure."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks quality")
    parser.add_argument("--network", default=registry.DEFAULT_NETWORK, choices=registry.NETWORKS)
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--precision", default="auto", choices=PRECISIONS)
    parser.add_argument(
        "--beside", choices=PRECISIONS, help="compare the precision with this one, and no more"
    )
    parser.add_argument("--labels", type=Path, nargs="*", default=[])
    parser.add_argument("--photographs", type=Path, help="where a CSV's files are")
    arguments = parser.parse_args(argv or [])
    if arguments.beside:
        return 1 if beside(arguments.network, arguments.precision, arguments.beside) else 0
    extractor = NetworkExtractor(arguments.network, arguments.weights, arguments.precision)
    running = extractor.running
    print(f"Network {extractor.fingerprint} on {running.runtime}, {', '.join(running.arithmetic)}")
    for place in arguments.labels:
        files, labels = evaluation.labelled(place, arguments.photographs)
        pictures = [photos.read(file) for file in files]
        features = _embed(pictures, extractor)
        _table(place.name, pictures, {"label": labels}, features, extractor.network.name)
        _robustness(pictures, features, extractor)
    if (DEMO / "products.csv").is_file():
        _demo(extractor)
        words(extractor)
    elif not arguments.labels:
        print("There is no demo catalogue to measure; name labelled photographs with --labels.")
        return 1
    return 0


@dataclass
class Demo:
    """The demo catalogue in memory, one photograph a product, and its ground truth."""

    snapshot: Snapshot
    pictures: list[Photo]
    row: dict[str, int]  # product id -> row of the features

    @classmethod
    def read(cls, extractor: NetworkExtractor) -> Demo:
        listed = [r for r in _rows("products.csv") if (DEMO / r["file"]).is_file()]
        listed.sort(key=lambda r: r["id"])
        pictures = [photos.read(DEMO / r["file"]) for r in listed]
        products = tuple(
            Product(
                r["id"], r["name"], r["category"], r["brand"], r["colour"],
                price=round(float(r["price"]) * 100) if r["price"] else None,
                currency=r["currency"] if r["price"] else "",
                stock=int(r["stock"]) if r["stock"] else None,
                status="withdrawn" if r["status"] == "withdrawn" else "active",
                attributes={k: r[k] for k in ("kind", "design", "pattern", "material")},
            )
            for r in listed
        )  # fmt: skip
        kept = tuple(
            CataloguePhoto(n + 1, r["id"], p.sha256, r["file"], r["file"], p.width, p.height)
            for n, (r, p) in enumerate(zip(listed, pictures, strict=True))
        )
        features = _embed(pictures, extractor)
        ids = np.arange(1, len(kept) + 1)
        snapshot = Snapshot(1, extractor.fingerprint, products, kept, ids, features)
        return cls(snapshot, pictures, {r["id"]: n for n, r in enumerate(listed)})


def _demo(extractor: NetworkExtractor) -> None:
    demo = Demo.read(extractor)
    snapshot = demo.snapshot
    products = snapshot.products
    kinds = [p.attributes["kind"] for p in products]
    labels = {
        "kind": kinds,
        "kind and colour": [f"{p.attributes['kind']}, {p.colour}" for p in products],
    }
    _table("demo catalogue", demo.pictures, labels, snapshot.features, extractor.network.name)
    bars(products, snapshot.features, extractor)
    calibrated = bands.calibrate(snapshot)
    print(f"\nBands: {calibrated}")
    _planted(demo, calibrated)
    _health(demo)
    _customers(demo, extractor)
    group = {r["product"]: r["group"] for r in _rows("lookalikes.csv")}
    groups = np.array([group.get(product.id, product.id) for product in products])
    _robustness(demo.pictures, snapshot.features, extractor, groups)


def _table(
    title: str,
    pictures: list[Photo],
    labels: dict[str, list[str]],
    features: np.ndarray,
    network: str,
) -> None:
    """Print leave-one-out quality for the network and the baselines, for each labelling."""
    sets = {
        network: features,
        "random": evaluation.random_features(pictures),
        "16 x 16 pixels": evaluation.pixel_features(pictures),
        "colour histogram": evaluation.colour_features(pictures),
    }
    shown = [picture.sha256 for picture in pictures]  # what is listed in sizes counts once
    for name, each in labels.items():
        print(f"\n{title}, by {name}: {len(pictures)} photographs, {len(set(each))} labels")
        print(f"  {'':20} {'P@1':22} {'P@8':22} {'recall@8':22} mAP")
        for row, rows in sets.items():
            q = evaluation.leave_one_out(rows, each, groups=shown)
            print(
                f"  {row:20} {q.precision_at_1!s:22} {q.precision_at_8!s:22} "
                f"{q.recall_at_8!s:22} {q.mean_average_precision}"
            )


def _customers(demo: Demo, extractor: NetworkExtractor) -> None:
    """Print how often a customer's photograph finds its product."""
    listed = [
        r for r in _rows("customers.csv")
        if (DEMO / r["file"]).is_file() and r["product"] in demo.row
    ]  # fmt: skip
    if not listed:
        return
    features = _embed([photos.read(DEMO / r["file"]) for r in listed], extractor)
    ranks = _ranks(demo.snapshot.features, features, [demo.row[r["product"]] for r in listed])
    kinds = np.array([p.attributes["kind"] for p in demo.snapshot.products])
    found = FeatureRows.fit(np.arange(len(kinds)), demo.snapshot.features).query(features, 8).ids
    own = np.array([kinds[demo.row[r["product"]]] for r in listed])
    print(f"\nCustomer photographs: {len(listed)}")
    print(f"  find their product first          {evaluation.interval(ranks == 1)}")
    print(f"  find it among the first 8         {evaluation.interval(ranks <= 8)}")
    same = (kinds[found] == own[:, None]).mean(axis=1)
    print(f"  kind P@8                          {evaluation.interval(same)}")


def _planted(demo: Demo, calibrated: bands.Bands) -> None:
    """Print how the planted look-alikes, price gaps and duplicates are found."""
    groups: dict[str, dict[str, str]] = {}
    for r in _rows("lookalikes.csv"):
        if r["product"] in demo.row:
            groups.setdefault(r["group"], {})[r["product"]] = r["role"]
    alike = [pair for g in groups.values() for pair in combinations(g, 2)]
    if not alike:
        return
    features = demo.snapshot.features
    both = [*alike, *((b, a) for a, b in alike)]
    queries, targets = ([demo.row[pair[n]] for pair in both] for n in (0, 1))
    ranks = _ranks(features, features[queries], targets, leave_out=queries)
    scores = (features[queries] * features[targets]).sum(axis=1)
    print(f"\nPlanted look-alikes: {len(alike)} pairs, cosine {_spread(scores)}")
    print(f"  look-alike among the first 8      {evaluation.interval(ranks <= 8)}")
    named = {band: np.mean([calibrated.of(s) == band for s in scores]) for band in bands.BANDS}
    print("  bands of the pairs                ", {b: round(float(s), 2) for b, s in named.items()})

    product = {p.id: p for p in demo.snapshot.products}
    related = {frozenset(pair) for pair in alike}
    wanted = {
        (dear, cheap)
        for g in groups.values()
        for dear, cheap in ((a, b) for a in g for b in g if (g[a], g[b]) == ("dearer", "cheaper"))
        if _much_cheaper(product[dear], product[cheap])
    }
    print(f"Price audit: {len(wanted)} planted pairs at least {price_gaps.MIN_GAP:.0%} apart")
    for title, facts, nearest in (
        ("scores alone", (), 0),
        ("scores and facts", price_gaps.FACTS, 0),
        ("each among the other's nearest", (), price_gaps.NEAREST),
        ("and facts, as the audit does", price_gaps.FACTS, price_gaps.NEAREST),
    ):
        gaps = price_gaps.price_gaps(
            demo.snapshot, -1.0, facts=facts, nearest=nearest, active=False
        )
        listed = [(gap.score, (gap.product.id, gap.cheaper.id)) for gap in gaps]
        # Two cheap copies of one product are alike too, though not planted as a pair: not judged.
        judged = sorted(
            ((score, pair in wanted) for score, pair in listed
             if pair in wanted or frozenset(pair) not in related),
            reverse=True,
        )  # fmt: skip
        right = np.cumsum([hit for _, hit in judged])
        recall, precision = right / max(len(wanted), 1), right / np.arange(1, len(judged) + 1)
        limits = np.array([score for score, _ in judged])
        border = calibrated.same_type if nearest else calibrated.same_style
        last = int((limits >= border).sum()) - 1
        told = (recall[last], precision[last]) if last >= 0 else (0.0, 1.0)
        print(
            f"  {title}, from {calibrated.of(border)} on ({border:.4f}): "
            f"recall {told[0]:.3f}, precision {told[1]:.3f}"
        )
        good = np.flatnonzero(precision >= 0.8)
        if len(good):
            n = good[-1]
            print(f"    at precision 0.8: recall {recall[n]:.3f}, from {limits[n]:.4f}")

    twins = {frozenset(g) for g in groups.values() if set(g.values()) == {"duplicate"}}
    repeated = duplicates(demo.snapshot, calibrated.same_style)
    found = {frozenset((r.first.id, r.second.id)) for r in repeated}
    print(
        f"Listed twice: {len(twins & found)} of {len(twins)} planted found, "
        f"{len(found - twins)} others listed"
    )


def _health(demo: Demo) -> None:
    wrong = {r["product"] for r in _rows("mislabelled.csv") if r["product"] in demo.row}
    listed = health(demo.snapshot)
    suspects = _doubted(listed)
    orphans = sum(a.kind == "never found" for a in listed)
    print(
        f"Mislabelled: {len(wanted := wrong & suspects)} of {len(wrong)} planted found, "
        f"{len(suspects - wanted)} others suspected; never found: {orphans}"
    )
    _exchanged(demo)


def _doubted(issues: list[Issue]) -> set[str]:
    return {issue.product.id for issue in issues if issue.kind == "other category"}


def _exchanged(demo: Demo) -> None:
    """Print how many categories are doubted that were exchanged at random, and rightly so."""
    category = {product.id: product.category for product in demo.snapshot.products}
    category |= {r["product"]: r["true category"] for r in _rows("mislabelled.csv")}
    names, found, listed = sorted(set(category.values())), 0, 0
    for seed in range(EXCHANGES):
        rng = np.random.default_rng(seed)
        wrong = rng.choice(sorted(category), EXCHANGED, replace=False).tolist()
        listing = category | {
            id: str(rng.choice([name for name in names if name != category[id]])) for id in wrong
        }
        suspects = _doubted(health(demo.snapshot, label=lambda p, at=listing: at[p.id]))
        found, listed = found + len(suspects & set(wrong)), listed + len(suspects)
    print(
        f"  {EXCHANGED} categories exchanged at random, {EXCHANGES} times: recall "
        f"{found / (EXCHANGED * EXCHANGES):.3f}, precision {found / max(1, listed):.3f}"
    )


def _robustness(
    pictures: list[Photo],
    features: np.ndarray,
    extractor: NetworkExtractor,
    groups: np.ndarray | None = None,
) -> None:
    """Print how often an altered copy of a photograph still finds the photograph first.

    `groups` (n,) name what was planted as look-alikes: how often one of these is first instead.
    """
    rng = np.random.default_rng(0)
    chosen = np.sort(rng.permutation(len(pictures))[:ALTERED])
    backgrounds = [scene.image for scene in scenes()]
    alterations: dict[str, Callable[[Image.Image], Image.Image | None]] = {
        "flipped": lambda im: im.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
        "rotated by 10 degrees": lambda im: im.rotate(
            10, Image.Resampling.BICUBIC, fillcolor=(255, 255, 255)
        ),
        "cropped to 80%": _crop,
        "30% lighter": lambda im: ImageEnhance.Brightness(im).enhance(1.3),
        "30% darker": lambda im: ImageEnhance.Brightness(im).enhance(0.7),
        "JPEG quality 40": _jpeg,
        "another background": lambda im: _before(im, backgrounds[rng.integers(len(backgrounds))]),
    }
    print(f"\nAltered copies of {len(chosen)} photographs that find their own first, of all")
    for name, alter in alterations.items():
        altered = {n: alter(pictures[n].image) for n in chosen.tolist()}
        copies = {n: _photo(copy) for n, copy in altered.items() if copy}
        if not copies:
            print(f"  {name:24} none can be cut out")
            continue
        rows, queries = list(copies), _embed(copies.values(), extractor)
        own = _ranks(features, queries, rows) == 1
        line = f"  {name:24} {evaluation.interval(own)}"
        if groups is not None:
            first = (queries @ features.T).argmax(axis=1)
            alike = own | (groups[first] == groups[rows])
            line += f", or a planted look-alike {alike.mean():.3f}"
        if len(rows) < len(chosen):
            line += f", of {len(rows)} that can be cut out"
        print(line)


def _ranks(
    features: np.ndarray,
    queries: np.ndarray,
    targets: list[int],
    leave_out: list[int] | None = None,
) -> np.ndarray:
    """Give the rank of each query's target among all rows, 1 for the best."""
    scores = queries @ features.T
    if leave_out is not None:
        scores[np.arange(len(queries)), leave_out] = -np.inf
    own = scores[np.arange(len(queries)), targets]
    return 1 + (scores > own[:, None]).sum(axis=1)


def _much_cheaper(dear: Product, cheap: Product) -> bool:
    if dear.price is None or cheap.price is None or dear.currency != cheap.currency:
        return False
    return cheap.price <= dear.price * (1 - price_gaps.MIN_GAP)


def _spread(values: np.ndarray) -> str:
    low, middle, high = np.quantile(values, [0.05, 0.5, 0.95])
    return f"{middle:.3f} (5% below {low:.3f}, 5% above {high:.3f})"


def _embed(pictures: Iterable[Photo], extractor: NetworkExtractor) -> np.ndarray:
    prepared = [extractor.prepare(picture) for picture in pictures]
    return extractor.embed(prepared)


def _photo(image: Image.Image) -> Photo:
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=1)
    return photos.read(buffer.getvalue())


def _crop(image: Image.Image) -> Image.Image:
    width, height = image.size
    return image.crop((width // 10, height // 10, width - width // 10, height - height // 10))


def _jpeg(image: Image.Image) -> Image.Image:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=40)
    return Image.open(buffer).convert("RGB")


def _before(image: Image.Image, background: Image.Image) -> Image.Image | None:
    """Put the product before something else; None if nothing tells it from its ground."""
    mask = foreground_mask(image)
    if mask is None:
        return None
    scene = ImageOps.fit(background, image.size)
    scene.paste(image, (0, 0), mask)
    return scene


def _rows(name: str) -> list[dict[str, str]]:
    if not (DEMO / name).is_file():
        return []
    with (DEMO / name).open(encoding="utf-8-sig", newline="") as text:
        return list(csv.DictReader(text))
