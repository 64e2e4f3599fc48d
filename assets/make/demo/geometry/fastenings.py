"""Laces, eyelets, buckles, zips, pull tabs, elastic gussets, bows and tassels."""

from __future__ import annotations

import bpy
import numpy as np

from .lofts import Points, Surface, grid_object, grids_object, smooth_path, tube, unit


def eyelet(centre: Points, normal: Points, radius: float, wire: float) -> Points:
    """A grid of a ring lying on the surface."""
    a = unit(np.cross(normal, [0.3, 0.5, 0.8]))
    b = np.cross(normal, a)
    angle = np.linspace(0, 2 * np.pi, 17)
    path = centre + radius * (np.cos(angle)[:, None] * a + np.sin(angle)[:, None] * b)
    return tube(path, wire, up=normal, sides=8, caps=False)


def eyelets_at(
    surface: Surface,
    places: list[tuple[float, float]],
    material: bpy.types.Material,
    *,
    lift: float = 0.0022,
    radius: float = 0.0026,
    wire: float = 0.0009,
) -> None:
    """Rings at (s, t) of the surface."""
    grids = [eyelet(surface.at(s, t, lift), surface.normal(s, t), radius, wire) for s, t in places]
    grids_object("eyelets", grids, material)


def laces(
    surface: Surface,
    material: bpy.types.Material,
    ring: bpy.types.Material | None,
    *,
    low: float,
    high: float,
    rows: int,
    gap: tuple[float, float],
    half: float = 0.0032,
    flat: float = 0.42,
    crossed: bool = True,
    bow: bool = True,
    lift: float = 0.004,
    eyelet_radius: float = 0.0028,
) -> None:
    """Laces over the middle of the upper between two rows of eyelets.

    `low`/`high` bound the rows in t; `gap` is the eyelets' distance off the middle line there.
    """
    t = np.linspace(low, high, rows)
    away = np.linspace(gap[0], gap[1], rows)
    s = np.array([surface.s_at_y(y, level)[0] for y, level in zip(away, t, strict=True)])
    if ring:
        places = [(sign * a, b) for a, b in zip(s, t, strict=True) for sign in (1, -1)]
        eyelets_at(surface, places, ring, radius=eyelet_radius)
    grids = []
    for k in range(rows):
        runs = [(k, k, 0.0)] if not crossed or k == 0 else []
        if crossed and k + 1 < rows:
            runs += [(k, k + 1, 0.0008), (k + 1, k, -0.0006)]
        for one, two, extra in runs:
            grids.append(_run(surface, s, t, one, two, lift + extra, half, flat))
    grids_object("laces", grids, material)
    if bow:
        _bow(surface, material, t[-1], s[-1], lift + 0.002, half, flat)


def _run(
    surface: Surface,
    s: Points,
    t: Points,
    one: int,
    two: int,
    lift: float,
    half: float,
    flat: float,
) -> Points:
    start, end = surface.at(s[one], t[one], 0.0005), surface.at(-s[two], t[two], 0.0005)
    first, last = surface.at(s[one] * 0.75, t[one], lift), surface.at(-s[two] * 0.75, t[two], lift)
    middle = surface.at(0.0, (t[one] + t[two]) / 2, lift)
    middle = (middle * 2 + (first + last) / 2) / 3
    path = smooth_path([start, first, middle, last, end], 22)
    normal = surface.normal(0.0, (t[one] + t[two]) / 2)
    return tube(path, half, flat=flat, up=np.broadcast_to(normal, path.shape), sides=10)


def _bow(
    surface: Surface,
    material: bpy.types.Material,
    t: float,
    s: float,
    lift: float,
    half: float,
    flat: float,
) -> None:
    knot = surface.at(0.0, t, lift + 0.001)
    normal = surface.normal(0.0, t)
    ahead = unit(surface.at(0.0, t - 0.12) - surface.at(0.0, t))
    grids = [_run(surface, np.array([s]), np.array([t]), 0, 0, lift, half, flat)]
    for side in (-1.0, 1.0):
        out = np.array([0.0, side, 0.0])
        a = knot + out * 0.016 + normal * 0.008 + ahead * 0.006
        b = knot + out * 0.027 - normal * 0.003 + ahead * 0.017
        c = knot + out * 0.021 - normal * 0.004 + ahead * 0.024
        d = knot + out * 0.010 + normal * 0.004 + ahead * 0.010
        grids.append(
            tube(smooth_path([knot, a, b, c, d, knot], 30), half * 0.85, flat=flat, up=normal)
        )
        e = knot + out * 0.013 + normal * 0.005 + ahead * 0.012
        f = knot + out * 0.020 - normal * 0.005 + ahead * 0.027
        g = knot + out * 0.024 - normal * 0.011 + ahead * 0.036
        grids.append(tube(smooth_path([knot, e, f, g], 20), half * 0.85, flat=flat, up=normal))
    side = np.array([0.0, 0.006, 0.0])
    grids.append(
        tube(
            smooth_path([knot - side, knot + normal * 0.002, knot + side], 8),
            0.0055,
            flat=0.6,
            up=normal,
        )
    )
    grids_object("bow", grids, material)


def frame(
    centre: Points,
    across: Points,
    along: Points,
    size: tuple[float, float],
    material: bpy.types.Material,
    *,
    wire: float = 0.0016,
    prong: bool = True,
    round_: bool = False,
) -> None:
    """A buckle: a frame of `size` (across, along), with its prong."""
    across, along = unit(across), unit(along)
    normal = unit(np.cross(across, along))
    angle = np.linspace(0, 2 * np.pi, 49)
    power = 1.0 if round_ else 0.35
    c, d = np.cos(angle), np.sin(angle)
    x = np.sign(c) * np.abs(c) ** power * size[0] / 2
    y = np.sign(d) * np.abs(d) ** power * size[1] / 2
    path = centre + x[:, None] * across + y[:, None] * along
    grids = [tube(path, wire, up=normal, sides=8, caps=False)]
    if prong:
        ends = [
            centre - along * size[1] * 0.5,
            centre + normal * 0.001,
            centre + along * size[1] * 0.52,
        ]
        grids.append(tube(smooth_path(ends, 8), wire * 0.7, up=normal, sides=8))
    grids_object("buckle", grids, material)


def zip_line(
    path: Points,
    normals: Points,
    tape: bpy.types.Material,
    metal: bpy.types.Material,
    *,
    half: float = 0.006,
) -> None:
    """A zip along a path: tape, teeth, slider and puller at the path's end."""
    tangent = unit(np.gradient(path, axis=0))
    side = unit(np.cross(tangent, normals))
    f = np.array([-1.0, -0.96, -0.3, 0.3, 0.96, 1.0])
    drop = np.array([-0.001, 0.0009, 0.0009, 0.0009, 0.0009, -0.001])
    flat = path[:, None] + side[:, None] * f[None, :, None] * half
    grid_object("zip_tape", flat + normals[:, None] * drop[None, :, None], tape)
    step = np.linalg.norm(np.diff(path, axis=0), axis=1).sum()
    count = int(step / 0.0028)
    at = np.linspace(0, len(path) - 1.001, count)
    teeth = []
    for k, place in enumerate(at):
        i = int(place)
        centre = path[i] * (1 - place % 1) + path[i + 1] * (place % 1) + normals[i] * 0.0014
        way = side[i] * (0.0024 if k % 2 else -0.0024)
        teeth.append(tube(np.array([centre - way * 0.25, centre + way]), 0.0009, sides=6))
    end, normal, way = path[-1], normals[-1], tangent[-1]
    slider = np.array([end - way * 0.009, end]) + normal * 0.002
    teeth.append(tube(slider, 0.0036, flat=0.5, up=normal, sides=8))
    hang = np.array([0.0, 0.0, -1.0])
    pull = np.array([end + normal * 0.004, end + normal * 0.005 + hang * 0.020])
    teeth.append(tube(pull, 0.0024, flat=0.35, up=normal, sides=8))
    grids_object("zip", teeth, metal)


def pull_tab(surface: Surface, material: bpy.types.Material, *, tall: float = 0.022) -> None:
    """A loop of webbing at the heel's back."""
    low, top = surface.at(1.0, 0.80, 0.001), surface.at(1.0, 1.0, 0.0015)
    inside = surface.at(1.0, 0.93, -0.005)
    peak = top + np.array([-0.003, 0, tall])
    path = smooth_path([low, top, peak, peak + np.array([0.006, 0, -0.001]), inside], 30)
    up = np.cross(np.gradient(path, axis=0), [0.0, 1.0, 0.0])
    grid_object("pull_tab", tube(path, 0.0085, flat=0.12, up=unit(up), sides=14), material)


def bow_tie(
    centre: Points,
    normal: Points,
    material: bpy.types.Material,
    *,
    size: float = 0.04,
    forward: Points | None = None,
) -> None:
    """A flat dress bow of two folds and a knot."""
    ahead = np.array([1.0, 0.0, 0.0]) if forward is None else unit(forward)
    out = unit(np.cross(normal, ahead))
    ahead = np.cross(out, normal)
    for side in (-1.0, 1.0):
        along = np.linspace(0, 1, 16)
        wide = 0.16 + 0.36 * np.sin(np.pi * np.clip(along, 0, 1) * 0.62)
        path = centre + out * side * (along * size / 2)[:, None]
        path = path + normal * (0.004 * np.sin(np.pi * along) + 0.002)[:, None]
        ring = tube(path, size * wide * 0.55, flat=0.19, up=normal, sides=20)
        grid_object("bow", ring, material)
    a = np.linspace(-1, 1, 7)
    path = centre + normal * 0.004 + ahead * (a * size * 0.12)[:, None]
    path = path - normal * (0.002 * a**2)[:, None]
    grid_object("bow_knot", tube(path, size * 0.10, flat=0.8, up=normal, sides=14), material)


def tassels(centre: Points, normal: Points, ahead: Points, material: bpy.types.Material) -> None:
    """Two tassels with their fringe, lying on the vamp."""
    grids = []
    ahead = unit(ahead)
    for side in (-1.0, 1.0):
        out = np.array([0.0, side, 0.0])
        head = centre + out * 0.006 + normal * 0.003
        way = unit(ahead + out * 0.35)
        grids.append(
            tube(
                np.array([centre, head, head + way * 0.004, head + way * 0.011]),
                np.array([0.002, 0.0045, 0.006, 0.0058]),
                flat=0.75,
                up=normal,
            )
        )
        cross = unit(np.cross(normal, way))
        for k in np.linspace(-1, 1, 9):
            start = head + way * 0.010 + cross * k * 0.005
            end = start + way * 0.020 + cross * k * 0.0035 - normal * 0.003 * abs(k)
            grids.append(tube(np.array([start, end]), 0.0013, up=normal, sides=6))
    grids_object("tassels", grids, material)
