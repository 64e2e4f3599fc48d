"""Customer photographs: catalogue products seen otherwise, with the product they show."""

from __future__ import annotations

import csv
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import bpy
import numpy as np
from mathutils import Euler, Matrix, Vector
from PIL import Image, ImageFilter

from . import studio, surroundings
from .photograph import digest, kind_module
from .plan import Catalogue, Product
from .studio import FOOTWEAR, GARMENTS, View

PER_KIND = 4
EXTRA_WORN = {"bags": 2, "sneakers": 1, "ankle_boots": 1}

LIGHTS = ("warm lamp", "dim evening", "window", "sun", "overcast", "flash")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One customer photograph: what it shows and how it was taken."""

    file: str
    product: Product
    place: str
    backing: str
    lamp: str
    crop: bool
    blur: float
    roll: float
    tall: bool
    seed: int

    @property
    def view(self) -> str:
        """What was changed against the shop's photograph, for people."""
        told = ["another angle", self.lamp, self.place]
        if self.backing != "none":
            told.append(f"{self.backing} behind")
        if self.crop:
            told.append("cropped")
        if abs(self.roll) > 6:
            told.append("rotated")
        if self.blur > 0.7:
            told.append("a little blurred")
        return ", ".join(told)


def snapshots(drawn: Catalogue) -> list[Snapshot]:
    """Which products customers photograph, and how; spread over all kinds."""
    by_kind: dict[str, list[Product]] = {}
    wrong = {entry.product for entry in drawn.mislabelled}
    for product in drawn.products:
        if product.status == "active" and product.id not in wrong:
            by_kind.setdefault(product.spec.kind, []).append(product)
    taken = []
    for kind, products in by_kind.items():
        rng = random.Random(f"customers-{kind}")
        count = PER_KIND + EXTRA_WORN.get(kind, 0)
        for product in _of_different_designs(products, count - (kind in GARMENTS), rng):
            taken.append(_snapshot(product, len(taken) + 1, rng))
    return taken


def _of_different_designs(
    products: Sequence[Product], count: int, rng: random.Random
) -> list[Product]:
    chosen: dict[str, Product] = {}
    for product in rng.sample(list(products), len(products)):
        chosen.setdefault(product.design, product)
    return list(chosen.values())[:count]


def _snapshot(product: Product, number: int, rng: random.Random) -> Snapshot:
    kind = product.spec.kind
    if kind in GARMENTS:
        place = rng.choice(["wooden floor", "bed", "bed", "carpet", "wall", "wall"])
        backing = "none"
    elif kind in FOOTWEAR:
        place = rng.choice(["wooden floor", "tiles", "grass", "pavement", "carpet"])
        backing = rng.choice(["none", "none", "wall"])
    else:
        place = rng.choice(["table", "table", "wooden floor", "grass", "tiles", "carpet"])
        backing = rng.choice(["none", "shelf", "wall", "shelf"])
    outside = place in {"grass", "pavement"}
    if outside:
        backing = "none"
    lamp = rng.choice(
        ["sun", "overcast"]
        if outside
        else ["warm lamp", "dim evening", "window", "flash", "warm lamp"]
    )
    return Snapshot(
        file=f"customers/C{number:03d}.jpg",
        product=product,
        place=place,
        backing=backing,
        lamp=lamp,
        crop=rng.random() < 0.25,
        blur=rng.choice([0.0, 0.0, 0.0, 0.5, 0.9, 1.2]),
        roll=rng.choice([0.0, 0.0, rng.uniform(-5, 5), rng.uniform(-14, 14)]),
        tall=rng.random() < 0.45,
        seed=rng.randrange(10**6),
    )


def take(snapshot: Snapshot, folder: Path, *, samples: int = 14, threads: int = 1) -> None:
    """Render one customer photograph."""
    rng = random.Random(snapshot.seed)
    studio.empty()
    kind = snapshot.product.spec.kind
    kind_module(kind).build(snapshot.product.spec)
    lying = kind in GARMENTS and snapshot.place != "wall"
    if lying:
        _lay_down(rng)
    cloud = studio.points()
    low, high = cloud.min(axis=0), cloud.max(axis=0)
    reach = float(np.linalg.norm(high - low)) / 2
    centre = Vector((low + high) / 2)
    hanging = snapshot.place == "wall"
    if hanging:
        surroundings.wall(rng, float(high[1]) + 0.01, reach)
        _raise(0.5 * reach)
        centre.z += 0.5 * reach
    else:
        surroundings.lay(snapshot.place, rng, reach)
        if snapshot.backing == "wall":
            surroundings.wall(rng, float(high[1]) + rng.uniform(0.05, 0.6) * reach, reach)
        elif snapshot.backing == "shelf":
            surroundings.shelf(rng, float(high[1]) + rng.uniform(0.5, 1.1) * reach, reach)
    _lamps(snapshot.lamp, centre, reach, rng)
    camera = studio.aim(_view(snapshot, rng, lying=lying, hanging=hanging))
    if not lying and snapshot.backing != "none":
        camera.data.dof.use_dof = True
        camera.data.dof.focus_distance = (Vector(camera.location) - centre).length
        camera.data.dof.aperture_fstop = 5.6 * max(reach, 0.12) / 0.16
    size, height = (384, 512) if snapshot.tall else (448, 448)
    raw = studio.developed(size=size, samples=samples, threads=threads, height=height)
    studio.save(
        _phone(raw[..., :3], snapshot, rng), folder / snapshot.file, quality=84, note=mark(snapshot)
    )


def _view(snapshot: Snapshot, rng: random.Random, *, lying: bool, hanging: bool) -> View:
    fill = rng.uniform(1.0, 1.18) if snapshot.crop else rng.uniform(0.62, 0.85)
    shift = (rng.uniform(-0.06, 0.06), rng.uniform(-0.06, 0.06))
    roll = snapshot.roll
    if lying:
        return View(rng.uniform(-25, 25), rng.uniform(62, 84), roll, 42, fill, shift=shift)
    if hanging:
        return View(rng.uniform(-22, 22), rng.uniform(-4, 14), roll * 0.6, 45, fill, shift=shift)
    side = rng.choice([-1, 1])
    if snapshot.product.spec.kind in FOOTWEAR:
        yaw = rng.choice([rng.uniform(42, 66), rng.uniform(-20, 0), rng.uniform(-50, -28)])
        if snapshot.crop:  # end on, a cropped shoe would show too little of itself
            yaw, fill = max(min(yaw, 16.0), -16.0), 0.9 * fill
        return View(yaw, rng.uniform(24, 46), roll, 45, fill, shift=shift)
    return View(side * rng.uniform(28, 46), rng.uniform(18, 36), roll, 45, fill, shift=shift)


def _lay_down(rng: random.Random) -> None:
    """Turn a standing garment on its back and press it flatter."""
    turn = Euler((math.radians(-90), 0, 0)).to_matrix().to_4x4()
    spin = Matrix.Rotation(math.radians(rng.uniform(-18, 18)), 4, "Z")
    press = Matrix.Diagonal((1.0, 1.0, 0.42, 1.0))
    _move(spin @ press @ turn)
    low = studio.points().min(axis=0)
    centre = studio.points().mean(axis=0)
    _move(Matrix.Translation((-centre[0], -centre[1], -float(low[2]) + 0.002)))


def _raise(height: float) -> None:
    _move(Matrix.Translation((0, 0, height)))


def _move(matrix: Matrix) -> None:
    for item in list(studio.shown()):
        if item.parent is None:
            item.matrix_world = matrix @ item.matrix_world
    bpy.context.view_layer.update()


def _lamps(lamp: str, centre: Vector, reach: float, rng: random.Random) -> None:
    side = rng.choice([-1, 1])

    def at(x: float, y: float, z: float) -> Vector:
        return centre + Vector((side * x, y, z)) * reach

    area = reach * reach
    match lamp:
        case "warm lamp":
            studio.sky(0.22, (1.0, 0.9, 0.78))
            studio.area_light(at(2.0, -1.4, 3.0), centre, 0.9 * reach, 85 * area, 3900)
        case "dim evening":
            studio.sky(0.13, (0.72, 0.8, 1.0))
            studio.area_light(at(-2.6, 0.6, 2.4), centre, 1.2 * reach, 42 * area, 4000)
        case "window":
            studio.sky(0.3, (0.9, 0.95, 1.0))
            studio.area_light(at(3.2, -0.4, 1.6), centre, 2.4 * reach, 170 * area, 6200)
        case "flash":
            studio.sky(0.16, (1.0, 0.92, 0.82))
            studio.area_light(at(0.3, -3.6, 2.0), centre, 0.3 * reach, 150 * area, 5600)
        case "overcast":
            studio.sky(0.95, (0.9, 0.95, 1.0))
        case "sun":
            studio.sky(0.45, (0.72, 0.85, 1.0))
            sun = bpy.data.lights.new("sun", "SUN")
            sun.energy, sun.angle, sun.color = 3.4, 0.02, (1.0, 0.92, 0.8)
            item = bpy.data.objects.new("sun", sun)
            item["studio"] = True
            item.rotation_euler = (rng.uniform(0.4, 0.8), 0, side * rng.uniform(0.3, 1.2))
            bpy.context.scene.collection.objects.link(item)


def _phone(picture: np.ndarray, snapshot: Snapshot, rng: random.Random) -> np.ndarray:
    """What a telephone adds: exposure, a slight cast, noise, a dark rim, a shaken hand."""
    image = Image.fromarray(np.ascontiguousarray(picture))
    if snapshot.blur:
        image = image.filter(ImageFilter.GaussianBlur(snapshot.blur))
    values = np.asarray(image, dtype=np.float32)
    wanted = 88.0 if snapshot.lamp == "dim evening" else 122.0
    gain = np.clip(wanted / max(float(values.mean()), 1.0), 0.8, 1.9)
    values = 255 * (1 - (1 - np.clip(values / 255, 0, 1)) ** gain) if gain > 1 else values * gain
    cast = np.array([rng.uniform(0.96, 1.05), 1.0, rng.uniform(0.93, 1.04)], dtype=np.float32)
    source = np.random.default_rng(snapshot.seed)
    grain = source.normal(0, 4.5 if snapshot.lamp == "dim evening" else 2.2, values.shape[:2])
    y, x = np.mgrid[-1 : 1 : values.shape[0] * 1j, -1 : 1 : values.shape[1] * 1j]
    rim = 1 - 0.13 * np.clip((x**2 + y**2) / 2, 0, 1) ** 1.5
    return values * cast * rim[..., None] + grain[..., None]


def mark(snapshot: Snapshot) -> str:
    """What the photograph was rendered from."""
    return digest(snapshot.product.spec, snapshot.seed, snapshot.view, snapshot.tall)


def write(taken: Sequence[Snapshot], folder: Path) -> None:
    """Write customers.csv: the photograph, the product it shows, what was changed."""
    with (folder / "customers.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["file", "product", "view"])
        table.writerows((shot.file, shot.product.id, shot.view) for shot in taken)
