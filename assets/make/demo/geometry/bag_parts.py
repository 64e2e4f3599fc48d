"""What is sewn on a bag: panels, flaps, piping, straps, handles, stitches and hardware."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import bpy
import numpy as np
from numpy.typing import ArrayLike

from .bag_body import Body
from .fastenings import frame
from .lofts import Points, even_path, grid_object, grids_object, smooth_path, tube, unit

Outline = Callable[[Points], Points]

OUT = np.array([0.0, -1.0, 0.0])


def panel(
    body: Body,
    x: tuple[float, float],
    low: Outline,
    high: Outline,
    material: bpy.types.Material,
    *,
    lift: ArrayLike = 0.0025,
    puff: float = 0.0,
    stitched: bpy.types.Material | None = None,
    columns: int = 40,
    rows: int = 24,
) -> None:
    """A second layer on the front between x[0] and x[1], from low(x) up to high(x)."""
    across = np.linspace(x[0], x[1], columns)
    bottom, top = low(across), high(across)
    share = np.linspace(0, 1, rows)[:, None]
    heights = bottom[None] * (1 - share) + top[None] * share
    rim = np.ones((rows, columns))
    rim[0] = rim[-1] = -0.6
    rim[:, 0] = rim[:, -1] = -0.6
    f = np.linspace(0, 1, columns)[None]
    swell = np.clip(4 * f * (1 - f) * 1.6, 0, 1) * np.clip(4 * share * (1 - share) * 1.6, 0, 1)
    s, t = body.find(np.broadcast_to(across, heights.shape), heights)
    points = body.skin.at(s, t, np.asarray(lift) * rim + puff * swell)
    grid_object("panel", points, material, body.skin.uv_at(s, t))
    if stitched is not None:
        inset = 0.004
        shrunk = np.linspace(x[0] + inset, x[1] - inset, 40)
        lines = [
            np.stack([shrunk, low(shrunk) + inset], axis=1),
            np.stack(
                [np.full(20, shrunk[0]), np.linspace(low(shrunk[:1])[0], high(shrunk[:1])[0], 20)],
                axis=1,
            ),
            np.stack(
                [
                    np.full(20, shrunk[-1]),
                    np.linspace(low(shrunk[-1:])[0], high(shrunk[-1:])[0], 20),
                ],
                axis=1,
            ),
        ]
        for line in lines:
            stitches(body, line, stitched, lift=float(np.mean(lift)) + 0.0006)


def flap(
    body: Body,
    low: Outline,
    material: bpy.types.Material,
    *,
    half: float,
    back: float = 0.3,
    lift: float = 0.004,
    thick: float = 0.0022,
    stitched: bpy.types.Material | None = None,
) -> Callable[[ArrayLike, ArrayLike], Points]:
    """A flap from the back over the top down to low(x) on the front, `half` metres each side.

    Returns the place on the flap over a front place (x, z), for locks and straps.
    """
    columns, rows = 56, 40
    across = np.linspace(-half, half, columns)
    ends = low(across)
    top = body.top()
    grids = []
    for row in range(rows):
        z = ends + (top - ends) * row / (rows - 1)
        grids.append(body.front(across, z, lift))
    front = np.stack(grids)
    behind = front[::-1].copy()
    behind[..., 1] = -behind[..., 1]
    keep = int(rows * back)
    whole = np.concatenate([front, behind[1 : keep + 1]])
    crown = slice(rows - 6, rows + 5)
    for _ in range(6):  # round the fold over the mouth
        middle = whole[1:-1] * 0.5 + (whole[:-2] + whole[2:]) * 0.25
        whole[crown] = middle[crown.start - 1 : crown.stop - 1]
    whole[rows - 4 : rows + 3, :, 2] += thick
    lengths = np.linalg.norm(np.diff(whole, axis=0), axis=2)
    v = np.concatenate([np.zeros((1, columns)), np.cumsum(lengths, axis=0)])
    v = v - v[rows - 1] + top
    # Cut from another place of the cloth than the body: a print breaks at the flap's edge.
    uv = np.stack([np.broadcast_to(across, v.shape), v], axis=-1) + [0.0, 0.437]
    # The edge turns under, so that the flap has thickness.
    under = whole - _normals(whole) * thick
    edge = np.concatenate([under[1:2], under[:1], whole, under[-1:]])
    edge_uv = np.concatenate([uv[1:2], uv[:1], uv, uv[-1:]])
    left, right = under[:, :1], under[:, -1:]
    sides = (
        np.concatenate([left[1:2], left[:1], left, left[-1:]]),
        np.concatenate([right[1:2], right[:1], right, right[-1:]]),
    )
    sheet = np.concatenate([sides[0], edge, sides[1]], axis=1)
    sheet_uv = np.concatenate([edge_uv[:, :1], edge_uv, edge_uv[:, -1:]], axis=1)
    grid_object("flap", sheet, material, sheet_uv)
    if stitched is not None:
        inset = 0.009
        line_x = np.concatenate(
            [np.full(14, -half + inset), np.linspace(-half + inset, half - inset, 50)]
            + [np.full(14, half - inset)]
        )
        at_ends = low(np.array([-half + inset, half - inset]))
        line_z = np.concatenate(
            [
                np.linspace(top - 0.01, at_ends[0] + inset, 14),
                low(line_x[14:64]) + inset,
                np.linspace(at_ends[1] + inset, top - 0.01, 14),
            ]
        )
        stitches(body, np.stack([line_x, line_z], axis=1), stitched, lift=lift + 0.0006)
    return lambda x, z: body.front(x, z, lift)


def _normals(points: Points) -> Points:
    return -unit(np.cross(np.gradient(points, axis=1), np.gradient(points, axis=0))) * -1


def stitches(
    body: Body,
    line: Points,
    thread: bpy.types.Material,
    *,
    lift: float = 0.0006,
    length: float = 0.0042,
) -> None:
    """Raised dashes along places (x, z) of the front."""
    path = even_path(body.front(line[:, 0], line[:, 1], lift), 400)
    dashes(path, thread, length=length)


def dashes(path: Points, thread: bpy.types.Material, *, length: float = 0.0042) -> None:
    """Raised dashes along a path in space."""
    run = float(np.linalg.norm(np.diff(path, axis=0), axis=1).sum())
    count = max(int(run / (length * 1.5)), 1)
    starts = np.linspace(0, len(path) - 1, count, endpoint=False)
    step = (len(path) - 1) / count
    place = np.arange(len(path))
    grids = []
    for start in starts:
        at = np.linspace(start, min(start + step * 0.66, len(path) - 1), 4)
        dash = np.stack([np.interp(at, place, path[:, k]) for k in range(3)], axis=1)
        grids.append(tube(dash, 0.00045, sides=5))
    grids_object("stitches", grids, thread)


def piping(
    body: Body, s: float, material: bpy.types.Material, *, low: float = 0.12, radius: float = 0.0022
) -> None:
    """A cord along an edge of the body, on the four corners at +-s and +-(1 - s)."""
    t = np.linspace(low, 1.0, 40)
    grids = [
        tube(body.skin.at(np.full(40, place), t, 0.0006), radius, sides=8)
        for place in (s, -s, 1 - s, s - 1)
    ]
    grids_object("piping", grids, material)


def strap(
    knots: ArrayLike,
    width: float,
    material: bpy.types.Material,
    *,
    up: ArrayLike,
    thick: float = 0.0035,
    thread: bpy.types.Material | None = None,
    count: int = 70,
) -> Points:
    """A flat strap through knots, thin along `up` (one vector or one a point); its path."""
    path = even_path(smooth_path(np.asarray(knots, float), count * 3), count)
    guide = np.asarray(up, float)
    if guide.ndim == 2:
        guide = unit(smooth_path(guide, count))
    tangent = unit(np.gradient(path, axis=0))
    side = unit(np.cross(tangent, np.broadcast_to(guide, path.shape)))
    over = unit(np.cross(side, tangent))
    # A flat section with rounded edges: faces stay flat in the light.
    section = np.array(
        [
            (-0.5, 0),
            (-0.47, 0.36),
            (-0.42, 0.48),
            (-0.2, 0.5),
            (0.2, 0.5),
            (0.42, 0.48),
            (0.47, 0.36),
        ]
    )
    section = np.concatenate([section, -section, section[:1]]) * [width, thick]
    rings = (
        path[:, None] + side[:, None] * section[None, :, :1] + over[:, None] * section[None, :, 1:]
    )
    ends = [np.broadcast_to(path[k], (1, len(section), 3)) for k in (0, -1)]
    grid_object("strap", np.concatenate([ends[0], rings, ends[1]]), material)
    if thread is not None:
        fine = len(path) * 4
        for edge in (-1, 1):
            for face in (-1, 1):
                line = path + side * edge * (width / 2 - 0.003) + over * face * thick * 0.42
                dashes(even_path(line, fine), thread)
    return path


def chain(knots: ArrayLike, material: bpy.types.Material, *, link: float = 0.009) -> None:
    """A chain of oval links through knots."""
    path = smooth_path(np.asarray(knots, float), 600)
    run = float(np.linalg.norm(np.diff(path, axis=0), axis=1).sum())
    count = max(int(run / (link * 0.72)), 2)
    path = even_path(path, count)
    tangent = unit(np.gradient(path, axis=0))
    angle = np.linspace(0, 2 * np.pi, 17)
    grids = []
    for k, (centre, along) in enumerate(zip(path, tangent, strict=True)):
        side = unit(np.cross(along, [0.0, 1.0, 0.02]))
        other = np.cross(along, side)
        across = side if k % 2 else other
        loop = (
            centre
            + np.cos(angle)[:, None] * along * link * 0.5
            + np.sin(angle)[:, None] * across * link * 0.32
        )
        grids.append(tube(loop, link * 0.11, up=np.cross(along, across), sides=6, caps=False))
    grids_object("chain", grids, material)


def ring(centre: ArrayLike, normal: ArrayLike, radius: float, material: bpy.types.Material) -> None:
    """A metal ring."""
    normal = unit(np.asarray(normal, float))
    guide = np.array([0.0, 0.0, 1.0]) if abs(normal[2]) < 0.9 else np.array([1.0, 0.0, 0.0])
    a = unit(np.cross(normal, guide))
    b = np.cross(normal, a)
    angle = np.linspace(0, 2 * np.pi, 33)
    loop = np.asarray(centre) + radius * (np.cos(angle)[:, None] * a + np.sin(angle)[:, None] * b)
    grids_object("ring", [tube(loop, radius * 0.16, up=normal, sides=8, caps=False)], material)


def tab(
    body: Body,
    x: float,
    z: tuple[float, float],
    width: float,
    material: bpy.types.Material,
    thread: bpy.types.Material,
    *,
    lift: float = 0.003,
) -> None:
    """A sewn-on tab with a box of stitches."""
    half = width / 2
    panel(
        body,
        (x - half, x + half),
        lambda a: np.full_like(a, z[0]),
        lambda a: np.full_like(a, z[1]),
        material,
        lift=lift,
        columns=8,
        rows=8,
    )
    inset = 0.003
    box = np.array(
        [
            [x - half + inset, z[0] + inset],
            [x + half - inset, z[0] + inset],
            [x + half - inset, z[1] - inset],
            [x - half + inset, z[1] - inset],
            [x - half + inset, z[0] + inset],
        ]
    )
    stitches(body, even_path(box, 60), thread, lift=lift + 0.0005, length=0.0034)


def rivets(places: Sequence[Points], material: bpy.types.Material, radius: float = 0.004) -> None:
    """Domed metal studs on the front."""
    angle = np.linspace(0, 2 * np.pi, 17)
    grids = []
    for place in places:
        rings = []
        for share, height in ((1.0, -0.2), (0.95, 0.25), (0.7, 0.5), (0.3, 0.62), (0.01, 0.65)):
            rings.append(
                place
                + np.stack(
                    [
                        np.cos(angle) * radius * share,
                        np.full(17, -height * radius),
                        np.sin(angle) * radius * share,
                    ],
                    axis=1,
                )
            )
        grids.append(np.stack(rings))
    grids_object("rivets", grids, material)


def turn_lock(centre: Points, material: bpy.types.Material, size: float = 0.03) -> None:
    """An oval plate with a turning bar."""
    angle = np.linspace(0, 2 * np.pi, 33)
    rings = []
    for share, height in ((1.0, -0.002), (1.0, 0.002), (0.9, 0.003), (0.02, 0.003)):
        rings.append(
            centre
            + np.stack(
                [
                    np.cos(angle) * size * 0.5 * share,
                    np.full(33, -height),
                    np.sin(angle) * size * 0.36 * share,
                ],
                axis=1,
            )
        )
    bar = np.array([centre + [-size * 0.24, -0.007, 0], centre + [size * 0.24, -0.007, 0]])
    post = np.array([centre + [0, -0.002, 0], centre + [0, -0.008, 0]])
    grids_object(
        "lock", [np.stack(rings), tube(bar, 0.0034, sides=10), tube(post, 0.003, sides=8)], material
    )


def buckle(
    centre: Points, width: float, material: bpy.types.Material, *, tall: float = 0.022
) -> None:
    """A strap's buckle on the front."""
    place = np.asarray(centre) + OUT * 0.002
    frame(place, np.array([1.0, 0, 0]), np.array([0, 0, 1.0]), (width, tall), material, wire=0.002)
