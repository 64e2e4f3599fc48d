"""What is sewn on trousers and shorts: pockets, hems, turn-ups, cuffs, side stripes, knees."""

from __future__ import annotations

import bpy
import numpy as np

from ..materials import plain
from . import waist
from .bands import hem_band
from .cloth_sheet import Array, Cloth, Face, laid, mesh_object
from .haberdashery import button, hem_stitches, patch, pocket, stitches
from .legs import Legs

Things = list[bpy.types.Object]


# pockets ---------------------------------------------------------------------------------------


def jeans_pockets(legs: Legs, cloth: bpy.types.Material, thread: bpy.types.Material) -> Things:
    """Scoops with rivets, a fob pocket in the wearer's right one, stitched inseams."""
    made: Things = []
    cut = legs.cut
    edge = float(cut.outer(np.array(-0.075))) - 0.002
    copper = plain("metal", "#b9764f")
    for side in (-1, 1):
        face = legs.face(side)
        made += waist.scoop_pocket(face, 0.085, (edge, -0.085), cloth, thread, side)
        for x, z in ((0.088, -0.018), (edge - 0.012, -0.084)):
            made.append(_rivet(face, side * x, z, copper))
        t = np.linspace(-cut.rise - 0.03, -cut.length + 0.03, 160)
        for inset in (0.008, 0.014):
            path = np.stack([side * (cut.inner(t) + inset), t], -1)
            made.append(stitches(face, path, thread))
    face = legs.face(-1)
    x, z = np.meshgrid(np.linspace(-edge + 0.008, -edge + 0.05, 10), np.linspace(-0.075, -0.048, 8))
    made.append(patch(face, x, z, 0.0012, cloth, "fob"))
    rim = np.stack([x[-2, 1:-1], z[-2, 1:-1]], -1)
    made.append(stitches(face.raised(0.0014), rim, thread))
    return made


def _rivet(face: Face, x: float, z: float, metal: bpy.types.Material) -> bpy.types.Object:
    place = face.points(np.array([x]), np.array([z]), 0.002)[0]
    normal = face.normals(np.array([x]), np.array([z]))[0]
    return button(place, normal, metal, radius=0.0034, high=0.0022)


def slant_pockets(legs: Legs, cloth: bpy.types.Material, way: str) -> Things:
    """Slanted or upright slits at the sides; "bare" trousers have none."""
    if way == "bare":
        return []
    made: Things = []
    start = 0.135 if way == "upright" else 0.112
    for side in (-1, 1):
        end = float(legs.cut.outer(np.array(-0.16))) - (0.012 if way == "upright" else 0.006)
        top = (side * start, -0.014)
        made.append(waist.slant_pocket(legs.face(side), top, (side * end, -0.16), cloth))
    return made


def cargo_pockets(
    legs: Legs, cloth: bpy.types.Material, thread: bpy.types.Material, way: str
) -> Things:
    """Bellows pockets on the thighs, wrapped round the side seams, each under its flap."""
    made: Things = []
    short = legs.cut.length < 0.7
    z = -legs.cut.rise - (0.015 if short else 0.15)
    wide, high = (0.12, 0.15) if short else (0.135, 0.175)
    for side in (-1, 1):
        face = legs.piece(side)
        x = -0.072
        made += pocket(
            face, x, z, wide, high, cloth, flap=0.062, puff=0.007, lift=0.0045, thread=thread,
            shape="square",
        )  # fmt: skip
        line = np.stack([np.full(40, x), np.linspace(z - 0.06, z - high * 0.96, 40)], -1)
        if way == "pleated":
            made.append(stitches(face.raised(0.011), line, thread, whole=True))
        for at in (-0.035, 0.035):
            place = np.array([x + at]), np.array([z - 0.042])
            spot, normal = face.points(*place, 0.0125)[0], face.normals(*place)[0]
            made.append(button(spot, normal, thread, radius=0.0052))
    return made


# sides -----------------------------------------------------------------------------------------


def side_stripes(legs: Legs, other: bpy.types.Material, way: str) -> Things:
    """Stripes down the side seams, sewn as panels: one wide, two narrow, or piping."""
    spans = {
        "two": [(-0.052, -0.037), (-0.027, -0.012)],
        "three": [(-0.062, -0.05), (-0.04, -0.028), (-0.018, -0.006)],
        "piping": [(-0.03, -0.026)],
    }.get(way, [(-0.046, 0.0)])
    made: Things = []
    z = np.linspace(-0.012, -legs.cut.length + 0.004, 160)
    for side in (-1, 1):
        face = legs.piece(side)
        for low, high in spans:
            x = np.broadcast_to(np.linspace(low, high, 6)[None], (160, 6))
            u, v = face.at(x, np.broadcast_to(z[:, None], x.shape))
            layer = Cloth()
            layer.add(laid(face.sheet, u, v, 0.0016, edge=0.0002))
            made.append(layer.make("stripe", other, inside=False))
    return made


# ends ------------------------------------------------------------------------------------------


def turn_ups(legs: Legs, cloth: bpy.types.Material, high: float) -> Things:
    """Cuffs turned up outside, rounded at their upper edge, which stands off a little."""
    steps = np.array([0.0, 0.02, 0.1, 0.5, 0.9, 0.97, 1.0, 0.985])
    lift = np.array([0.0005, 0.0036, 0.0042, 0.0046, 0.0056, 0.0052, 0.0036, 0.0008])
    made: Things = []
    for side in (-1, 1):
        turn = Cloth()
        turn.add(legs.ring(side, steps * high / legs.cut.length, lift, shift=0.31))
        made.append(turn.make("turn-up", cloth, inside=False, weld=0))
    return made


def hems(
    legs: Legs,
    cloth: bpy.types.Material | None,
    thread: bpy.types.Material,
    *,
    doubled: bool,
    dashed: bool,
) -> Things:
    """Turned-in hems: a line of stitches, and twice the cloth below it where it is all one."""
    made: Things = []
    high = 0.022 if legs.cut.length > 0.7 else 0.026
    steps, lift = np.array([0.0, 0.08, 0.9, 1.0]), np.array([0.0, 0.0012, 0.0012, 0.0])
    for side in (-1, 1):
        if cloth is not None:
            fold = Cloth()
            fold.add(legs.ring(side, steps * high / legs.cut.length, lift))
            made.append(fold.make("hem", cloth, inside=False, weld=0))
        for height in (high, high + 0.008) if doubled else (high,):
            sheet = legs.sheets[side, False]
            made.append(hem_stitches(sheet, height, thread, whole=not dashed))
    return made


def frayed(legs: Legs, thread: bpy.types.Material) -> Things:
    """A raw edge: loose threads below a cut hem."""
    rng = np.random.default_rng(legs.seed)
    made: Things = []
    for side in (-1, 1):
        loop = legs.hem_loop(side)
        at = rng.uniform(0, len(loop) - 1.001, 420)
        i, part = at.astype(int), (at % 1)[:, None]
        root = loop[i] * (1 - part) + loop[i + 1] * part
        fall = np.stack([rng.normal(0, 0.003, 420), rng.normal(0, 0.002, 420)], -1)
        drop = rng.uniform(0.003, 0.014, 420)
        tip = root + np.column_stack([fall, -drop])
        made.append(_threads(root + [0, 0, 0.002], tip, thread))
    return made


def _threads(root: Array, tip: Array, thread: bpy.types.Material) -> bpy.types.Object:
    half = np.array([0.0005, 0.0, 0.0])
    points = np.stack([root - half, root + half, tip + half * 0.6, tip - half * 0.6], 1)
    faces = np.arange(len(root) * 4).reshape(-1, 4)
    flat = points.reshape(-1, 3)
    return mesh_object("threads", flat, faces, flat[:, [0, 2]], thread)


def cuffs(legs: Legs, high: float, cloth: bpy.types.Material) -> Things:
    """Ribbed cuffs at the ankles."""
    made: Things = []
    for side in (-1, 1):
        cuff = Cloth()
        cuff.add(hem_band(legs.hem_loop(side), high, tuck=0.006, rib=0.008, facing=-1))
        made.append(cuff.make("cuff", cloth, thickness=0.003))
    return made


def knee_panels(legs: Legs, cloth: bpy.types.Material, thread: bpy.types.Material) -> Things:
    """A second layer over the knees, as on work trousers."""
    made: Things = []
    knee, half = legs.cut.knee_at, legs.cut.knee * 0.44
    for side in (-1, 1):
        face = legs.face(side)
        middle = float((legs.cut.inner(np.array(knee)) + legs.cut.outer(np.array(knee))) / 2)
        s, t = np.meshgrid(np.linspace(-1, 1, 24), np.linspace(-1, 1, 40))
        x, z = side * (middle + s * half), knee + 0.05 + t * 0.13
        made.append(patch(face, x, z, 0.0014, cloth, "knee"))
        for row in (2, -3):
            path = np.stack([x[row], z[row]], -1)
            made.append(stitches(face.raised(0.0018), path, thread))
    return made
