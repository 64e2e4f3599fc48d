"""What sits at the waist of trousers, shorts and skirts: band, loops, fly, belt, pockets, cord."""

from __future__ import annotations

from itertools import pairwise

import bpy
import numpy as np

from .cloth_sheet import Array, Cloth, Face, Sheet, laid
from .haberdashery import button, patch, rod, stitches, welt


def belt_loops(
    waistband: Sheet,
    material: bpy.types.Material,
    *,
    places: tuple[float, ...] = (0.12, 0.38, 0.62, 0.88),
    lift: float = 0.004,
) -> bpy.types.Object:
    """Loops on a waistband at shares of its length (front from 0 to about 0.5)."""
    long = waistband.uv[0, -1, 0]
    cloth = Cloth()
    for place in places:
        s, t = np.meshgrid(
            np.linspace(-0.005, 0.005, 5) / long + place, np.linspace(0.04, 0.97, 12)
        )
        cloth.add(laid(waistband, s, t, lift))
    return cloth.make("belt loops", material, inside=False)


def on_band(
    waistband: Sheet,
    start: float,
    end: float,
    low: float,
    high: float,
    material: bpy.types.Material,
    lift: float,
    name: str,
) -> bpy.types.Object:
    """A layer over a stretch of a band, in shares of its length and height."""
    s, t = np.meshgrid(np.linspace(start, end, 60), np.linspace(low, high, 8))
    cloth = Cloth()
    cloth.add(laid(waistband, s, t, lift))
    return cloth.make(name, material, inside=False)


def frame(place: Array, wide: float, high: float) -> Array:
    """The closed path of a rectangular buckle round a place, facing the front."""
    corners = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)], dtype=float)
    sides = [np.linspace(a, b, 8, endpoint=False) for a, b in pairwise(corners)]
    path = np.concatenate([*sides, corners[:1]])
    return place + np.stack([path[:, 0] * wide, 0 * path[:, 0], path[:, 1] * high], -1)


def belt(
    waistband: Sheet,
    leather: bpy.types.Material,
    metal: bpy.types.Material,
    *,
    middle: float = 0.25,
) -> list[bpy.types.Object]:
    """A leather belt with a frame buckle at the middle of the front."""
    made = [on_band(waistband, 0.0, 1.0, 0.14, 0.82, leather, 0.0032, "belt")]
    made.append(on_band(waistband, middle - 0.02, middle + 0.1, 0.17, 0.79, leather, 0.0052, "end"))
    place = waistband.sample(np.array([middle]), np.array([0.48]), 0.008)[0]
    wide, high = 0.022, 0.021
    made.append(rod(frame(place, wide, high), 0.0024, metal, "buckle"))
    reach = np.array([wide, 0.0, 0.0])
    front = np.array([0.0, -0.003, 0.0])
    tongue = np.linspace(place - reach + front, place + reach * 0.9 + front, 8)
    made.append(rod(tongue, 0.0018, metal, "tongue"))
    return made


def waist_button(
    waistband: Sheet, material: bpy.types.Material, *, middle: float = 0.25
) -> bpy.types.Object:
    """The button that closes the waistband."""
    u, v = np.array([middle + 0.004]), np.array([0.5])
    place = waistband.sample(u, v, 0.0015)[0]
    normal = waistband.mixed(waistband.normals, u, v)[0]
    return button(place, normal, material, radius=0.0085, high=0.004)


def fly(
    face: Face, low: float, material: bpy.types.Material, thread: bpy.types.Material
) -> list[bpy.types.Object]:
    """The covered opening on one side of the middle: an edge and a J of stitches."""
    t = np.linspace(0, 1, 50)
    z = -0.02 + (low + 0.02) * t
    s, rows = np.meshgrid(np.linspace(0, 1, 12), t)
    x = 0.001 + 0.036 * s
    grid_z = -0.02 + (low + 0.02) * rows
    bend = np.sqrt(np.maximum(1 - np.clip((t - 0.72) / 0.28, 0, 1) ** 2, 0))
    made = [
        patch(face, x * bend[:, None] + 0.0005, grid_z, 0.002 * (1 - 0.75 * s), material, "fly")
    ]
    for inset in (0.0, 0.006):
        path = np.stack([(0.037 - inset) * bend + 0.001, z], -1)
        made.append(stitches(face.raised(0.0012), path, thread))
    return made


def scoop_pocket(
    face: Face,
    start: float,
    edge: tuple[float, float],
    material: bpy.types.Material,
    thread: bpy.types.Material,
    side: int,
) -> list[bpy.types.Object]:
    """The curved front pocket of jeans: from (start, waist) to the side seam at `edge`."""
    t = np.linspace(0, np.pi / 2, 40)
    x = edge[0] + (start - edge[0]) * np.cos(t) ** 1.3
    z = -0.012 + (edge[1] + 0.012) * np.sin(t) ** 1.3
    made = []
    path = np.stack([side * x, z], -1)
    ahead = np.gradient(path, axis=0)
    ahead /= np.linalg.norm(ahead, axis=-1, keepdims=True)
    normal = np.stack([-ahead[:, 1], ahead[:, 0]], -1) * side
    s = np.linspace(0, 1, 8)[:, None, None]
    grid = path[None] - normal[None] * 0.020 * s
    x_grid, z_grid = grid[..., 0].T, grid[..., 1].T
    lift = 0.0032 * (1 - s[:, 0, 0]) ** 1.5 + 0.0002
    made.append(
        _layer(face, x_grid, z_grid, np.broadcast_to(lift[None], x_grid.shape), material, "scoop")
    )
    for inset in (0.004, 0.010):
        made.append(stitches(face.raised(0.002), path - normal * inset, thread))
    return made


def _layer(
    face: Face,
    x: Array,
    z: Array,
    lift: Array,
    material: bpy.types.Material,
    name: str,
) -> bpy.types.Object:
    """A layer on a bent strip of places; turned over where its grid runs the wrong way round."""
    sheet = laid(face.sheet, *face.at(x, z), lift)
    seen = np.cross(
        np.gradient(sheet.points, axis=1).mean((0, 1)),
        np.gradient(sheet.points, axis=0).mean((0, 1)),
    )
    out = face.normals(x, z).mean((0, 1))
    sheet.facing = 1 if seen @ out > 0 else -1
    cloth = Cloth()
    cloth.add(sheet)
    return cloth.make(name, material, inside=False)


def slant_pocket(
    face: Face, top: tuple[float, float], end: tuple[float, float], material: bpy.types.Material
) -> bpy.types.Object:
    """The slanted slit of chinos and joggers."""
    return welt(face, end, top, 0.009, material, lift=0.0026)


def drawstring(
    front: Sheet,
    middle: tuple[float, float],
    material: bpy.types.Material,
    seed: int,
    *,
    length: float = 0.15,
    radius: float = 0.0032,
    metal: bpy.types.Material | None = None,
    spread: float = 0.016,
) -> list[bpy.types.Object]:
    """Two cord ends that hang from eyelets beside (u, v) of a band."""
    rng = np.random.default_rng(seed)
    made = []
    for side in (-1, 1):
        u = np.array([middle[0] + side * spread])
        v = np.array([middle[1]])
        place = front.sample(u, v, 0.002)[0]
        normal = front.mixed(front.normals, u, v)[0]
        drop = length * rng.uniform(0.85, 1.1)
        t = np.linspace(0, 1, 26)
        path = np.stack(
            [
                place[0] + side * 0.012 * np.sin(t * 2.4 + rng.uniform(-0.3, 0.3)) * t,
                place[1] - 0.011 * np.minimum(t * 9, 1) + 0.0 * t,
                place[2] + 0.004 - drop * t**1.1,
            ],
            -1,
        )
        path[0] = place - normal * 0.004
        made.append(rod(path, radius, material, "cord"))
        knot = path[-1] + np.linspace(0, 1, 5)[:, None] * np.array([0, 0, -0.016])
        made.append(rod(knot, radius * 1.35, metal or material, "aglet"))
    return made
