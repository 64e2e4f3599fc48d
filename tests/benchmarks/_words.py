"""Whether what the search says in words is true: bands, "looks like", "nothing here is similar".

Everything is asked of a search engine on real catalogues, built for this: the demo, and the
client's shoes by kind where they are at hand. Each figure stands beside its bar.
"""

from __future__ import annotations

import csv
import io
import tempfile
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from search import photos
from search.catalogue import Catalogue, Product
from search.engine import Options, Query, SearchEngine, SearchResult
from search.engine.altered import set_against, small
from search.engine.encoding import encode_missing
from search.engine.learning import learn
from search.engine.scenes import scenes
from search.engine.votes import type_of
from search.network.extractor import NetworkExtractor
from search.photos.foreground import foreground_mask
from tests.benchmarks._pictures import non_products, plain_pictures
from tests.helpers import ROOT, SHARED

DEMO = ROOT / "assets" / "demo"
SHOES, GARMENTS = SHARED / "photos" / "footwear", SHARED / "photos" / "clothing"
LEARNT = 3  # times that it is learnt from other altered copies
ALTERED = 200  # altered copies that nothing was learnt from

_LIKE = ("near-identical", "same style", "same type")
_FOOTWEAR = {
    "sneakers",
    "running shoes",
    "heels",
    "ankle boots",
    "sandals",
    "loafers",
    "tall boots",
}
# The labels of other people's garments as kinds of the demo; "Other", "Body" and those that nobody
# told have none.
_KINDS = {
    "T-Shirt": {"T-shirts"}, "Undershirt": {"T-shirts"}, "Top": {"T-shirts"},
    "Polo": {"T-shirts", "shirts"}, "Longsleeve": {"T-shirts", "knitwear"},
    "Hoodie": {"knitwear", "jackets"}, "Shirt": {"shirts"}, "Blouse": {"shirts"},
    "Blazer": {"jackets", "coats"}, "Outwear": {"jackets", "coats"}, "Dress": {"dresses"},
    "Skirt": {"skirts"}, "Pants": {"trousers"}, "Shorts": {"shorts"}, "Hat": {"hats"},
    "Shoes": _FOOTWEAR,
}  # fmt: skip


@dataclass
class Shop:
    """A catalogue with its engine, its products' types, and how long it took to make."""

    engine: SearchEngine
    files: dict[str, Path]  # product id -> photograph
    ratio: float

    @classmethod
    def build(
        cls, folder: Path, products: Sequence[tuple[Product, Path]], extractor: NetworkExtractor
    ) -> Shop:
        catalogue = Catalogue(folder)
        with catalogue.change("benchmark", "add") as change:
            for product, file in products:
                change.put(product)
                change.add_photo(product.id, photos.read(file))
        extractor.warm()
        started = time.perf_counter()
        encode_missing(catalogue, extractor)
        encoded = time.perf_counter() - started
        learn(catalogue, extractor)
        ratio = (time.perf_counter() - started) / encoded
        files = {product.id: file for product, file in products}
        return cls(SearchEngine(catalogue, extractor), files, ratio)

    def types(self) -> dict[str, str]:
        return {p.id: type_of(p) for p in self.engine.loaded().snapshot.products}

    def ask(self, asked: Sequence[bytes | str]) -> list[SearchResult]:
        """Search by photographs (bytes) or products (ids)."""
        return [
            self.engine.search(
                Query.by(product=each) if isinstance(each, str) else Query.by(each),
                options=Options(k=8),
            )
            for each in asked
        ]

    def altered(self, seed: int = 1000) -> list[tuple[str, bytes]]:
        """Products and altered copies of their photographs; nothing was learnt from this seed."""
        rng, drawn = np.random.default_rng(seed), list(scenes())
        chosen = rng.permutation(sorted(self.files))[:ALTERED].tolist()
        copies = []
        for id in chosen:
            product = small(photos.read(self.files[id]))
            scene = drawn[int(rng.integers(len(drawn)))]
            made = set_against(product, foreground_mask(product.image), scene, rng)
            copies.append((id, png(made.image)))
        return copies


def words(extractor: NetworkExtractor) -> None:
    """Print every figure beside its bar."""
    with tempfile.TemporaryDirectory() as folder:
        _of_the_demo(Shop.build(Path(folder) / "demo", demo_products(), extractor))
        if SHOES.is_dir():
            _of_shoes(Shop.build(Path(folder) / "shoes", _shoe_products(), extractor))
        else:
            print("\nWords of the client's shoes: not measured: they are not at hand")


def _of_the_demo(shop: Shop) -> None:
    print(f"\nWords of the demo catalogue: {shop.engine.loaded().photograph_bands}")
    _bar("building with learning, times encoding alone", shop.ratio, most=1.5)
    types = shop.types()
    customers = [row for row in table(DEMO / "customers.csv") if row["product"] in types]
    shown = [(DEMO / row["file"]).read_bytes() for row in customers]
    own = [row["product"] for row in customers]
    _told("customers' photographs", shop, shop.ask(shown), [{types[id]} for id in own], own)
    _copies(shop)
    asked = sorted(types)[::3]
    _told("a third of the products", shop, shop.ask(asked), [{types[id]} for id in asked])
    worn, kinds = garments()
    if worn:
        results = shop.ask(worn)
        _told("other people's garments", shop, results, kinds)
    else:
        print("  other people's garments: not measured: their photographs are not at hand")
    drawn = [png(image) for _, image in non_products()]
    plain = list(plain_pictures())
    print(f"  “Nothing here is similar”, learnt {LEARNT} times from other copies, said of")
    for seed in range(LEARNT):
        if seed:
            learn(shop.engine.catalogue, shop.engine.extractor, seed=seed)
            shop.engine = SearchEngine(shop.engine.catalogue, shop.engine.extractor)
        _bar("    drawn pictures", _nothing(shop, drawn), least=0.95)
        for kind in dict.fromkeys(kind for kind, _ in plain):
            pictures = [png(image) for each, image in plain if each == kind]
            _bar(f"    {kind}", _nothing(shop, pictures), least=0.95)
        _bar("    customers' photographs", _nothing(shop, shown), most=0.05)
        if worn:
            _bar("    other people's garments", _nothing(shop, worn), most=0.05)


def _of_shoes(shop: Shop) -> None:
    print(f"\nWords of the client's shoes: {shop.engine.loaded().photograph_bands}")
    _bar("building with learning, times encoding alone", shop.ratio, most=1.5)
    types = shop.types()
    asked = sorted(types)
    truth = [{types[id]} for id in asked]
    _told("products", shop, shop.ask(asked), truth)
    shown = [shop.files[id].read_bytes() for id in asked]
    _told("their own photographs", shop, shop.ask(shown), truth, asked)
    _copies(shop)
    drawn = [png(image) for _, image in (*non_products(), *plain_pictures())]
    _bar("“nothing here is similar” of drawn pictures", _nothing(shop, drawn), least=0.95)


def _copies(shop: Shop) -> None:
    """Print what is said of altered copies, and how often "looks like" is right."""
    copies, types = shop.altered(), shop.types()
    own = [id for id, _ in copies]
    results = shop.ask([copy for _, copy in copies])
    _told("altered copies", shop, results, [{types[id]} for id in own], own)
    product = {p.id: p for p in shop.engine.loaded().snapshot.products}
    named = [
        result.looks_like == product[id].category
        for id, result in zip(own, results, strict=True)
        if result.looks_like
    ]
    if named:
        _bar(f"“looks like” of altered copies ({len(named)})", float(np.mean(named)), least=0.9)
    else:
        print("  “looks like” is never said")


def _told(
    title: str,
    shop: Shop,
    results: Sequence[SearchResult],
    truth: Sequence[Collection[str]],
    own: Sequence[str] | None = None,
) -> None:
    """Print how true the bands of the first eight are; `own` are the products photographed."""
    types = shop.types()
    bands = [
        (hit.band, types[hit.product.id] in kinds)
        for result, kinds in zip(results, truth, strict=True)
        for hit in result.hits
    ]
    like = [right for band, right in bands if band in _LIKE]
    unlike = [right for band, right in bands if band == "not similar"]
    said, against = len(like) / len(bands), len(unlike) / len(bands)
    spoken = f"same type or better said of {said:.3f}, not similar of {against:.3f}"
    print(f"  {len(results)} {title}: {spoken}")
    if like:
        _bar("    called same type or better, of the kind", float(np.mean(like)), least=0.85)
    if unlike:
        print(f"      called not similar, of the kind all the same: {np.mean(unlike):.3f}")
    if own is not None:
        first = [
            r.hits[0] for r, id in zip(results, own, strict=True) if r.hits[0].product.id == id
        ]
        wrong = float(np.mean([hit.band == "not similar" for hit in first]))
        _bar(f"    product found first ({len(first)}), called not similar", wrong, most=0.05)


def _nothing(shop: Shop, pictures: Sequence[bytes]) -> float:
    results = shop.ask(pictures)
    refused = [result for result in results if result.nothing_similar]
    assert all(hit.band is None for result in refused for hit in result.hits)
    return len(refused) / len(results)


def _bar(title: str, figure: float, *, least: float = -np.inf, most: float = np.inf) -> None:
    bar = f"at least {least}" if np.isfinite(least) else f"at most {most}"
    met = "held" if least <= figure <= most else "MISSED"
    print(f"  {title}: {figure:.3f} ({bar}: {met})")


def demo_products() -> list[tuple[Product, Path]]:
    return [
        (
            Product(
                row["id"], row["name"], row["category"], row["brand"], row["colour"],
                attributes={"kind": row["kind"]},
            ),
            DEMO / row["file"],
        )
        for row in table(DEMO / "products.csv")
        if (DEMO / row["file"]).is_file()
    ]  # fmt: skip


def _shoe_products() -> list[tuple[Product, Path]]:
    listed = table(Path(__file__).with_name("footwear.csv"))
    return [(Product(r["file"], category=r["label"]), SHOES / r["file"]) for r in listed]


def garments() -> tuple[list[bytes], list[set[str]]]:
    if not (GARMENTS / "labels.csv").is_file():
        return [], []
    rows = [row for row in table(GARMENTS / "labels.csv") if row["label"] in _KINDS]
    shown = [(GARMENTS / row["file"]).read_bytes() for row in rows]
    return shown, [_KINDS[row["label"]] for row in rows]


def table(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as text:
        return list(csv.DictReader(text))


def png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()
