"""Customer photographs: which products customers photograph, where, how, and in what light."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from .lamps import INSIDE, OUTSIDE
from .photograph import digest
from .studio import FOOTWEAR, GARMENTS
from .tables import Catalogue, Product

PER_KIND = 6
MORE = {"bags": 8, "hats": 7, "sneakers": 7, "heels": 7, "dresses": 7}
PROGRAM = 4
"""Counts up when the same snapshot gives another photograph, so that it is rendered again."""

SIZES = ((448, 448), (384, 512), (384, 512), (512, 384))

Way = tuple[str, str]
"""A place, and how the product is there."""

IN_HAND = "held up in a room"
CHAIR_BACK = "back of a chair"
OVER_CHAIR: Way = (CHAIR_BACK, "thrown over it")
BY_SHOULDERS: Way = (IN_HAND, "by the shoulders")
BY_WAIST: Way = (IN_HAND, "by the waist")
BY_HEEL: Way = (IN_HAND, "by the heel")
BY_HANDLE: Way = (IN_HAND, "by the handle")
INSTEAD: dict[str, dict[int, Way]] = {
    "sneakers": {0: BY_HEEL, 5: BY_HEEL},
    "loafers": {0: BY_HEEL, 4: BY_HEEL},
    "t_shirts": {2: OVER_CHAIR},
    "shirts": {0: OVER_CHAIR, 5: BY_SHOULDERS},
    "knitwear": {2: OVER_CHAIR, 3: BY_SHOULDERS},
    "jackets": {0: OVER_CHAIR, 2: BY_SHOULDERS, 4: BY_SHOULDERS},
    "coats": {0: OVER_CHAIR, 2: BY_SHOULDERS, 4: BY_SHOULDERS},
    "trousers": {0: OVER_CHAIR, 1: BY_WAIST, 4: BY_WAIST},
    "shorts": {4: OVER_CHAIR, 3: BY_WAIST},
    "skirts": {3: BY_WAIST},
    "dresses": {0: ("sofa", "laid flat"), 4: OVER_CHAIR, 3: BY_SHOULDERS},
    "bags": {0: BY_HANDLE, 1: BY_HANDLE},
}
"""Which of a kind's photographs, counted from 0, are taken in another way than drawn."""
LYING_ON = ("bed sheet", "wooden floor", "duvet", "sofa", "carpet", "bed sheet", "rug", "tiles")
HANGING_ON = ("wall", "door", "wardrobe", IN_HAND, "clothes rail", "door")
LEGGED = ("laid flat", "leg over leg", "legs folded up", "laid flat")
SLEEVED = ("laid flat", "one sleeve folded in", "sleeves folded in", "laid flat")
FLAT = ("laid flat", "hem turned up", "laid flat")
FOLDED = {
    "trousers": LEGGED,
    "shorts": ("laid flat", "leg over leg", "laid flat"),
    "knitwear": SLEEVED,
    "jackets": SLEEVED,
    "coats": SLEEVED,
    "shirts": (*SLEEVED, "hem turned up"),
}
SHOE_PLACES = (
    "doormat", "wooden floor", "tiles", "shoe box", "grass", "pavement", "shelf", "carpet",
    "floor by the wall",
)  # fmt: skip
OUTDOORS = frozenset(("grass", "pavement"))
BOOT_PLACES = tuple(place for place in SHOE_PLACES if place != "shoe box")
SHOE_WAYS = ("a pair", "one lying on its side", "a pair", "one shoe")
BAG_WAYS: tuple[Way, ...] = (
    ("wall", "on a hook"), ("chair", "stood"), ("table", "among other things"), ("bed", "stood"),
    ("floor by the wall", "stood"), ("sofa seat", "stood"), ("door", "on a hook"),
    ("shelf", "stood"),
)  # fmt: skip
HAT_WAYS: tuple[Way, ...] = (
    ("wall", "on a peg"), ("table", "among other things"), ("chair", "put down"),
    ("bed", "put down"), ("shelf", "put down"), ("wooden floor", "put down"),
    ("sofa seat", "put down"),
)  # fmt: skip

SOFT_HAT_WAYS: tuple[Way, ...] = (
    ("bed sheet", "laid flat"), ("wooden floor", "laid flat"), ("duvet", "laid flat"),
    ("sofa", "laid flat"), ("rug", "laid flat"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One customer photograph: what it shows and how it was taken."""

    file: str
    product: Product
    place: str
    way: str
    lamp: str
    size: tuple[int, int]
    crop: bool
    roll: float
    seed: int

    @property
    def view(self) -> str:
        """What was changed against the shop's photograph, for people."""
        told = ["another angle", self.lamp, self.place, self.way]
        if self.crop:
            told.append("cut off by the frame")
        if abs(self.roll) > 6:
            told.append("rotated")
        return ", ".join(told)


def snapshots(catalogue: Catalogue) -> list[Snapshot]:
    """Which products customers photograph, and how; spread over all kinds."""
    by_kind: dict[str, list[Product]] = {}
    wrong = {entry.product for entry in catalogue.mislabelled}
    for product in catalogue.products:
        if product.status == "active" and product.id not in wrong:
            by_kind.setdefault(product.spec.kind, []).append(product)
    taken: list[Snapshot] = []
    for kind, products in by_kind.items():
        rng = random.Random(f"customers-{kind}")
        chosen = _of_different_designs(products, MORE.get(kind, PER_KIND), rng)
        for number, (product, drawn) in enumerate(zip(chosen, _ways(kind, rng), strict=False)):
            shot = _snapshot(product, *drawn, len(taken) + 1, rng)
            if way := INSTEAD.get(kind, {}).get(number):
                shot = replace(
                    shot, place=way[0], way=way[1], size=SIZES[1], crop=False, roll=0.4 * shot.roll
                )
            taken.append(shot)
    return taken


def _of_different_designs(
    products: Sequence[Product], count: int, rng: random.Random
) -> list[Product]:
    """Different designs first, other colourways of them where a kind has too few."""
    chosen: dict[str, Product] = {}
    drawn = rng.sample(list(products), len(products))
    for product in drawn:
        chosen.setdefault(product.design, product)
    first = list(chosen.values())
    return (first + [p for p in drawn if p not in first])[:count]


def _ways(kind: str, rng: random.Random) -> Iterator[Way]:
    """Places and ways of a kind without end, none twice before all were taken."""
    while True:
        if kind in GARMENTS:
            lying = rng.sample(LYING_ON, len(LYING_ON))
            hanging = rng.sample(HANGING_ON, len(HANGING_ON))
            for under, behind in zip(lying, hanging, strict=False):
                yield under, rng.choice(FOLDED.get(kind, FLAT))
                yield behind, "on a hanger"
        elif kind in FOOTWEAR:
            places = BOOT_PLACES if "boots" in kind else SHOE_PLACES
            for place in rng.sample(places, len(places)):
                way = "a pair" if place in ("shoe box", "shelf") else rng.choice(SHOE_WAYS)
                yield place, way
        else:
            ways = BAG_WAYS if kind == "bags" else HAT_WAYS
            yield from rng.sample(ways, len(ways))


def _snapshot(product: Product, place: str, way: str, number: int, rng: random.Random) -> Snapshot:
    if product.spec.kind == "hats" and product.spec.material == "knit":
        place, way = rng.choice(SOFT_HAT_WAYS)
    outside = place in OUTDOORS
    return Snapshot(
        file=f"customers/C{number:03d}.jpg",
        product=product,
        place=place,
        way=way,
        lamp=rng.choice(OUTSIDE if outside else INSIDE),
        size=rng.choice(SIZES[:3] if way == "on a hanger" else SIZES),
        crop=rng.random() < 0.2,
        roll=rng.choice([0.0, 0.0, rng.uniform(-5, 5), rng.uniform(-12, 12)]),
        seed=rng.randrange(10**6),
    )


def mark(snapshot: Snapshot) -> str:
    """What the photograph was rendered from."""
    _, _, *taken = (getattr(snapshot, name) for name in Snapshot.__dataclass_fields__)
    return digest(snapshot.product.spec, PROGRAM, *taken)


def write(taken: Sequence[Snapshot], folder: Path) -> None:
    """Write customers.csv: the photograph, the product it shows, what was changed."""
    with (folder / "customers.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["file", "product", "view"])
        table.writerows((shot.file, shot.product.id, shot.view) for shot in taken)
