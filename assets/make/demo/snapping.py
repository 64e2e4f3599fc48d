"""From a snapshot to its JPEG: build, put it in its place, light, aim, render, and the phone."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
from mathutils import Matrix, Vector

from . import belongings, customers, developing, grounds, standing, studio
from .chairs import throw_over_chair
from .customers import Snapshot, mark
from .furnishing import Place
from .hanging import hang_up
from .holding import hold_bag, hold_hanger, hold_shoe, hold_up
from .lamps import shine
from .laying import lay_down
from .phone import handed, pictured
from .photograph import kind_module
from .rooms import far_wall, hung_in, plain_wall
from .studio import FOOTWEAR, GARMENTS, View

JPEG_QUALITY = 70
LOW_HANGING = frozenset(("coats", "dresses", "trousers"))


def take(snapshot: Snapshot, folder: Path, *, samples: int = 5, threads: int = 1) -> None:
    """Render one customer photograph."""
    rng = random.Random(snapshot.seed)
    studio.empty()
    kind = snapshot.product.spec.kind
    kind_module(kind).build(snapshot.product.spec)
    view = _arranged(snapshot, rng)
    cloud = studio.points()
    low, high = cloud.min(axis=0), cloud.max(axis=0)
    centre, reach = Vector((low + high) / 2), float(np.linalg.norm(high - low)) / 2
    camera = studio.aim(view)
    shine(snapshot.lamp, centre, reach, Vector(camera.location), rng)
    if snapshot.place == customers.IN_HAND:
        camera.data.dof.use_dof = True
        camera.data.dof.focus_distance = (Vector(camera.location) - centre).length
        camera.data.dof.aperture_fstop = rng.uniform(0.9, 2.0)
        samples *= 2  # what is out of focus is noisy
    width, height = snapshot.size
    scene = developing.exposed(width, height, samples=samples, threads=threads)
    picture = pictured(scene, handed(snapshot.lamp, rng), snapshot.seed)
    developing.save(picture, folder / snapshot.file, quality=JPEG_QUALITY, note=mark(snapshot))


def _arranged(snapshot: Snapshot, rng: random.Random) -> View:
    """Put the product where the snapshot says, with what is round it; how it is looked at."""
    kind = snapshot.product.spec.kind
    if snapshot.way == "on a hanger":
        return _hung(snapshot, rng)
    if snapshot.place == customers.IN_HAND:
        return _held(snapshot, rng)
    if snapshot.place == customers.CHAIR_BACK:
        return _on_chair(snapshot, rng)
    if kind in GARMENTS or (snapshot.place in customers.LYING_ON and snapshot.way == "laid flat"):
        return _laid(snapshot, rng)
    if kind in FOOTWEAR:
        return _shod(snapshot, rng)
    if snapshot.way == "on a peg":
        standing.hat_on_peg(rng)
        plain_wall(-1.6, rng)
        return _view(snapshot, rng, yaw=20, low=-8, high=12, fill=0.55)
    if snapshot.way == "on a hook" and standing.bag_on_hook(snapshot.place, rng):
        return _view(snapshot, rng, yaw=22, low=0, high=14, fill=0.66)
    return _put_down(snapshot, rng)


def _view(
    snapshot: Snapshot, rng: random.Random, *, yaw: float, low: float, high: float, fill: float
) -> View:
    """A telephone's wide view from within some degrees of the front, between two elevations."""
    width, height = snapshot.size
    share = rng.uniform(1.02, 1.16) if snapshot.crop else fill * rng.uniform(0.9, 1.12)
    return View(
        yaw=rng.uniform(-yaw, yaw),
        elevation=rng.uniform(low, high),
        roll=snapshot.roll,
        focal=rng.uniform(26, 34),
        fill=share,
        shift=(rng.uniform(-0.05, 0.05), rng.uniform(-0.05, 0.05)),
        aspect=height / width,
    )


def _hung(snapshot: Snapshot, rng: random.Random) -> View:
    spec = snapshot.product.spec
    hook = hang_up(spec.kind, spec.material, rng)
    floor = -rng.uniform(0.08, 0.3) if spec.kind in LOW_HANGING else -rng.uniform(0.4, 0.9)
    hung_in(snapshot.place, hook, floor, rng)
    if snapshot.place == customers.IN_HAND:
        hold_hanger(hook, rng)
    return _view(snapshot, rng, yaw=16, low=-3, high=13, fill=0.78)


def _held(snapshot: Snapshot, rng: random.Random) -> View:
    """By a heel, by a handle, by the shoulders or the waist."""
    spec = snapshot.product.spec
    top: Place | None
    if spec.kind in FOOTWEAR:
        standing.pair_up("one shoe", rng)
        top = hold_shoe(rng)
    elif spec.kind == "bags":
        top = hold_bag(rng)
    else:
        top = hold_up(spec.kind, spec.material, rng)
    if top is None:
        return _put_down(snapshot, rng)
    garment = spec.kind in GARMENTS
    hung_in(snapshot.place, top, -rng.uniform(0.2, 0.7) - (0.0 if garment else 0.6), rng)
    return _view(snapshot, rng, yaw=14, low=-4, high=10, fill=0.8 if garment else 0.66)


def _on_chair(snapshot: Snapshot, rng: random.Random) -> View:
    spec = snapshot.product.spec
    from_front = throw_over_chair(spec.kind, spec.material, rng)
    view = _view(snapshot, rng, yaw=10, low=14, high=30, fill=0.8)
    return _turned(view, rng.choice([-1, 1]) * (18 if from_front else 30))


def _laid(snapshot: Snapshot, rng: random.Random) -> View:
    spec = snapshot.product.spec
    cloud = studio.points()
    wide, _, tall = cloud.max(axis=0) - cloud.min(axis=0)
    ground = grounds.laid_ground(snapshot.place, (1.15 * float(wide), float(tall)), rng)
    spin = rng.gauss(0, 0.12) if snapshot.place == "sofa" else rng.gauss(0, 0.25)
    lay_down(spec.kind, spec.material, snapshot.way, ground, spin, rng)
    cloud = studio.points()
    low, high = cloud.min(axis=0), cloud.max(axis=0)
    soft = snapshot.place in {"bed sheet", "duvet", "sofa"}
    things = belongings.ON_BED if soft else belongings.ON_FLOOR
    if snapshot.place != "sofa" and rng.random() < 0.75:
        size = (float(high[0] - low[0]), float(high[1] - low[1]))
        belongings.strewn(things, size, rng, height=0.012 if soft else 0.0)
    if not soft and rng.random() < 0.3:
        grounds.skirted_wall(float(high[1]) + rng.uniform(0.03, 0.15), rng)
    if snapshot.place == "sofa":
        return _view(snapshot, rng, yaw=18, low=42, high=62, fill=0.8)
    return _view(snapshot, rng, yaw=18, low=60, high=86, fill=0.8)


def _shod(snapshot: Snapshot, rng: random.Random) -> View:
    standing.pair_up(snapshot.way, rng)
    standing.centred()
    cloud = studio.points()
    size = cloud.max(axis=0) - cloud.min(axis=0)
    standing.stood_in(snapshot.place, size, rng)
    side = rng.choice([-1, 1])
    if snapshot.place in {"shelf", "floor by the wall"}:
        return _turned(_view(snapshot, rng, yaw=18, low=8, high=26, fill=0.66), side * 20)
    view = _view(snapshot, rng, yaw=18, low=30, high=62, fill=0.68)
    view = _turned(view, side * (8 if snapshot.place == "shoe box" else rng.choice([25, 45, 75])))
    if snapshot.place != "doormat":
        outside = snapshot.place in customers.OUTDOORS
        away = rng.uniform(1.6, 3.0) if outside else rng.uniform(0.6, 1.6)
        far_wall(view.yaw, away, rng, outside=outside)
    return view


def _turned(view: View, yaw: float) -> View:
    return replace(view, yaw=view.yaw + yaw)


def _put_down(snapshot: Snapshot, rng: random.Random) -> View:
    standing.centred()
    items = list(studio.shown())
    turn = rng.uniform(-1.4, 1.4) if snapshot.product.spec.kind == "hats" else rng.gauss(0, 0.35)
    standing.move(items, Matrix.Rotation(turn, 4, "Z"))
    standing.centred()
    cloud = studio.points()
    size = cloud.max(axis=0) - cloud.min(axis=0)
    place = "floor by the wall" if snapshot.way == "on a hook" else snapshot.place
    standing.stood_in(place, size, rng)
    if place in {"table", "bed"}:
        things = belongings.ON_BED if place == "bed" else belongings.ON_TABLE
        belongings.strewn(things, (float(size[0]), float(size[1])), rng)
    high = place in {"wooden floor", "bed"}
    low, top = (28, 50) if high else (10, 30)
    view = _view(snapshot, rng, yaw=34, low=low, high=top, fill=0.62)
    if place == "wooden floor":
        far_wall(view.yaw, rng.uniform(0.6, 1.6), rng)
    return view
