"""Uppers: the shell with its lining, panels laid on it, stitching, straps and tongues."""

from __future__ import annotations

from collections.abc import Sequence

import bpy
import numpy as np
from numpy.typing import ArrayLike

from .last import COLUMNS
from .lofts import (
    Points,
    Surface,
    even_path,
    grid_object,
    grids_object,
    smooth_path,
    tube,
    unit,
)


def shell(
    surface: Surface,
    outer: bpy.types.Material,
    lining: bpy.types.Material,
    *,
    thickness: float = 0.003,
    rim: bpy.types.Material | None = None,
    depth: float = 0.08,
    name: str = "upper",
) -> bpy.types.Object:
    """The upper: its outside, a rounded rim at the topline, and the lining going down inside."""
    s = np.linspace(-1, 1, COLUMNS + 1)
    rows = len(surface.points)
    top, normal = surface.points[-1], surface.normals[-1]
    rise = unit(surface.points[-1] - surface.points[-2])
    rims = []
    for angle in np.linspace(0, np.pi, 8)[1:]:
        r = thickness / 2
        rims.append(top - normal * r * (1 - np.cos(angle)) + rise * r * np.sin(angle))
    t = np.linspace(1, depth, max(24, rows // 2))[1:]
    inside = surface.at(s[None, :], t[:, None], -thickness)
    points = np.concatenate([surface.points, np.array(rims), inside])
    uv = np.concatenate(
        [
            surface.uv,
            surface.uv[-1:] + np.linspace(0, 1, 7)[:, None, None] * [0, thickness * 1.5],
            surface.uv_at(s[None, :], t[:, None]),
        ]
    )
    slot = np.concatenate(
        [np.zeros(rows - 1, int), np.full(6, 2), np.ones(len(points) - rows - 6, int)]
    )
    slots = np.repeat(slot[:, None], COLUMNS, axis=1)
    return grid_object(name, points, [outer, lining, rim or outer], uv, slots)


def dense(count: int) -> Points:
    """Steps from 0 to 1 with a narrow first and last one, for a crisp edge."""
    return np.concatenate([[0, 0.012], np.linspace(0.06, 0.94, count), [0.988, 1]])


def panel(
    surface: Surface,
    s: Points,
    t: Points,
    material: bpy.types.Material,
    *,
    lift: float = 0.0013,
    puff: float = 0.0,
    sink: float = 0.0007,
    name: str = "panel",
) -> bpy.types.Object:
    """A piece of leather laid on the upper: grids of s and t, edges turned down into it."""
    s, t = np.broadcast_arrays(np.asarray(s, float), np.asarray(t, float))
    s, t = np.pad(s, 1, mode="edge"), np.pad(t, 1, mode="edge")
    raised = np.full(s.shape, lift, float)
    if puff:
        i, j = np.linspace(0, np.pi, s.shape[0]), np.linspace(0, np.pi, s.shape[1])
        raised += puff * np.sqrt(np.outer(np.sin(i), np.sin(j)).clip(0))
    raised[[0, -1], :] = raised[:, [0, -1]] = -sink
    return grid_object(name, surface.at(s, t, raised), material, surface.uv_at(s, t))


def band(
    surface: Surface,
    material: bpy.types.Material,
    span: tuple[float, float],
    low: ArrayLike,
    high: ArrayLike,
    *,
    columns: int = 120,
    rows: int = 12,
    lift: float = 0.0013,
    puff: float = 0.0,
    name: str = "band",
) -> tuple[Points, Points, Points]:
    """A panel between two lines t=low(s) and t=high(s); returns s, low and high of its edges."""
    s = span[0] + (span[1] - span[0]) * dense(columns)
    lower = np.interp(s, np.linspace(*span, np.size(low)), np.atleast_1d(low))
    upper = np.interp(s, np.linspace(*span, np.size(high)), np.atleast_1d(high))
    f = dense(rows)[:, None]
    panel(surface, s[None], lower * (1 - f) + upper * f, material, lift=lift, puff=puff, name=name)
    return s, lower, upper


def stitches(
    path: Points, material: bpy.types.Material, *, pitch: float = 0.0042, radius: float = 0.00042
) -> bpy.types.Object | None:
    """A row of stitches along a path of points on the surface."""
    length = float(np.linalg.norm(np.diff(path, axis=0), axis=1).sum())
    count = int(length / pitch)
    if count < 2:
        return None
    fine = even_path(path, count * 4 + 1)
    dashes = [tube(fine[k * 4 : k * 4 + 4], radius, sides=5, caps=False) for k in range(count)]
    return grids_object("stitches", dashes, material)


def seam(
    surface: Surface,
    s: Points,
    t: Points,
    material: bpy.types.Material,
    *,
    lift: float = 0.0015,
    pitch: float = 0.0042,
) -> None:
    """Stitches along a line of s and t."""
    s, t = np.broadcast_arrays(np.asarray(s, float), np.asarray(t, float))
    stitches(surface.at(s, t, lift), material, pitch=pitch)


def toe_cap(
    surface: Surface,
    material: bpy.types.Material,
    x: float,
    *,
    bow: float = 0.012,
    thread: bpy.types.Material | None = None,
    lift: float = 0.0013,
    name: str = "toe_cap",
) -> None:
    """A cap over the toe in front of x; `bow` draws its edge back towards the sides."""
    share = dense(90)
    edge = x - bow * np.abs(2 * share - 1) ** 2
    _, tip = surface.ends(0.0)
    ahead = np.sin(dense(24) * np.pi / 2)[:, None]
    ahead = ahead * 0.9995
    s, t = surface.over(edge[None] * (1 - ahead) + tip * ahead, share[None])
    panel(surface, s, t, material, lift=lift, name=name)
    if thread:
        s, t = surface.over(edge[3:-3] + 0.0022, share[3:-3])
        seam(surface, s, t, thread, lift=lift + 0.0003)


def heel_counter(
    surface: Surface,
    material: bpy.types.Material,
    x: float,
    top: float,
    *,
    lean: float = 0.02,
    thread: bpy.types.Material | None = None,
    lift: float = 0.0013,
    name: str = "heel_counter",
) -> None:
    """A piece round the heel behind x (at the sole), narrowing upwards by `lean`."""
    f = dense(26)
    t = f * top
    line = x - lean * f**0.8
    outer = surface.s_at_x(line, t, 1.0)
    inner = 2 + surface.s_at_x(line, t, -1.0)
    c = dense(70)[None, :]
    s = outer[:, None] * (1 - c) + inner[:, None] * c
    panel(surface, s, t[:, None], material, lift=lift, name=name)
    if thread:
        for edge, sign in ((outer, 1), (inner, -1)):
            seam(surface, edge[2:-2] + sign * 0.012, t[2:-2], thread, lift=lift + 0.0003)


def stripe(
    surface: Surface,
    material: bpy.types.Material,
    knots: Sequence[tuple[float, float, float]],
    *,
    sides: Sequence[float] = (1.0, -1.0),
    lift: float = 0.0015,
    name: str = "stripe",
) -> None:
    """A strip on the quarters through (x, t, width in metres): side stripes and overlays."""
    path = smooth_path(np.array(knots), 48)
    tangent = np.gradient(path[:, :2] * [1.0, 0.08], axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True) + 1e-12
    across = np.stack([-tangent[:, 1], tangent[:, 0] / 0.08], axis=1)
    f = dense(6) - 0.5
    x = path[:, 0][:, None] + across[:, 0][:, None] * f * path[:, 2][:, None]
    t = path[:, 1][:, None] + across[:, 1][:, None] * f * path[:, 2][:, None]
    t = np.clip(t, 0, 0.99)
    for side in sides:
        panel(surface, surface.s_at_x(x, t, side), t, material, lift=lift, name=name)


def over_path(
    surface: Surface,
    x_outer: float,
    x_inner: float,
    count: int = 60,
    *,
    shares: tuple[float, float] = (0.0, 1.0),
) -> tuple[Points, Points]:
    """S and t of a line over the foot from the sole's outer edge at x to the inner one.

    `shares` is the part of the way that the line covers.
    """
    share = np.linspace(*shares, count)
    return surface.over(x_outer + (x_inner - x_outer) * share, share)


def strap(
    surface: Surface,
    material: bpy.types.Material,
    outer: tuple[float, float],
    inner: tuple[float, float],
    *,
    lift: float = 0.0035,
    thickness: float = 0.0022,
    pinch: float = 0.0,
    shares: tuple[float, float] = (0.0, 1.0),
    thread: bpy.types.Material | None = None,
    name: str = "strap",
) -> Points:
    """A strap over the foot from (x, x) on the outer edge to (x, x) on the inner one.

    `pinch` narrows it in the middle. Returns the strap's middle line.
    """
    count = 64
    edges = [
        surface.at(*over_path(surface, outer[k], inner[k], count, shares=shares)) for k in (0, 1)
    ]
    edges = [even_path(e, count) for e in edges]
    return sheet(material, edges[0], edges[1], lift, thickness, pinch, thread, name)


def sheet(
    material: bpy.types.Material,
    one: Points,
    two: Points,
    lift: float,
    thickness: float,
    pinch: float = 0.0,
    thread: bpy.types.Material | None = None,
    name: str = "strap",
) -> Points:
    """A band of some thickness between two lines, pushed out by `lift`; returns its middle."""
    count = len(one)
    squeeze = pinch * np.sin(np.linspace(0, np.pi, count))[:, None] / 2
    one, two = one * (1 - squeeze) + two * squeeze, two * (1 - squeeze) + one * squeeze
    f = dense(7)
    flat = one[:, None] * (1 - f[None, :, None]) + two[:, None] * f[None, :, None]
    normal = unit(np.cross(np.gradient(flat, axis=0), np.gradient(flat, axis=1)))
    if normal[count // 2, 5, 2] < 0:
        normal = -normal
    over = flat + normal * lift
    under = flat + normal * (lift - thickness)
    loop = np.concatenate([over, under[:, ::-1], over[:, :1]], axis=1)
    grid_object(name, loop.transpose(1, 0, 2).copy(), material)
    if thread:
        for k in (1.6, -2.6):
            c = int(k) if k > 0 else len(f) + int(k)
            inset = over[:, c] * 0.75 + over[:, len(f) // 2] * 0.25
            stitches(inset + normal[:, c] * 0.0004, thread)
    return over[:, len(f) // 2]


def tongue(
    surface: Surface,
    material: bpy.types.Material,
    *,
    tall: float = 0.026,
    half: float = 0.027,
    thick: float = 0.0050,
    lean: float = 0.45,
    name: str = "tongue",
) -> Points:
    """The padded tongue's end over the topline; returns its middle line."""
    start = surface.at(0.0, 0.8, -0.004)
    edge = surface.at(0.0, 1.0, -0.002)
    climb = unit(edge - start)
    tip = edge + tall * unit(climb * (1 - lean) + np.array([-0.35, 0, 0.95]) * lean)
    path = smooth_path([start, edge, (edge + tip) / 2 + climb * 0.002, tip], 34)
    f = np.linspace(0, 1, 34)
    corner = np.clip((f - 0.78) / 0.22, 0, 1)
    wide = half * (0.84 + 0.16 * f) * (1 - corner**3.2) ** (1 / 2.6)
    wide = np.maximum(wide, half * 0.45)
    normal = np.cross(np.gradient(path, axis=0), [0.0, 1.0, 0.0])
    normal = unit(normal)
    rings = tube(path, wide, flat=thick / np.maximum(wide, 1e-4), up=normal, sides=36)
    side = (rings[..., 1] - np.mean(path[:, 1])) / half
    rings[..., 0] -= 0.006 * side**2
    rings[..., 2] -= 0.003 * side**2 + 0.0006 * np.sin(2.1 * side)
    grid_object(name, rings, material)
    return path


def open_back(
    surface: Surface,
    cloth: bpy.types.Material,
    lining: bpy.types.Material,
    reach: float,
    end_height: float,
) -> None:
    """The front of a shoe without a back: it ends at `reach` on both sides.

    Its topline has fallen there to `end_height` of the topline's height.
    """
    c = dense(120) * 2 - 1
    s = reach * c[None, :]
    top = np.sqrt(np.clip(1 - (1 - end_height**2) * np.abs(c) ** 5, 0, 1))
    t = dense(40)[:, None] * top[None, :]
    panel(surface, s, t, cloth, lift=0.0, sink=0.0018, name="vamp")
    panel(surface, s, t, lining, lift=-0.0018, sink=0.0018, name="vamp_lining")
