"""What finishes a dress: straps, bindings, the waist, crossed fronts, button fronts."""

from __future__ import annotations

import bpy
import numpy as np

from ..materials import plain
from . import collars, drape
from .bands import band, blurred, even, length_of, unit
from .cloth_sheet import Array, Cloth, Sheet, grid_sheet
from .gown import WAIST, Gown
from .haberdashery import buttons, patch, placket, rod
from .skirting import Skirt


def binding(loop: Array, cloth: bpy.types.Material, name: str) -> bpy.types.Object:
    """The narrow rolled edge of a neck or armhole."""
    closed = np.concatenate([loop, loop[1:2]])
    return rod(blurred(closed, 1, closed=False), 0.0019, cloth, name)


def straps(gown: Gown, cloth: bpy.types.Material, *, halter: bool) -> list[bpy.types.Object]:
    """Two ribbons from the front's edge over the shoulders, or tied behind the neck."""
    cut = gown.cut
    piece = Cloth()
    for side in (-1, 1):
        x = cut.strap_at
        front = gown.face().points(np.array([x]), cut.top(np.array([x]), back=False), 0.001)[0]
        back_x = x * 0.92
        behind = gown.face(back=True).points(
            np.array([back_x]), cut.top(np.array([back_x]), back=True), 0.001
        )[0]
        if halter:
            over = [(0.072, -0.075, -0.07), (0.052, 0.0, 0.006), (0.02, 0.058, 0.004)]
            last = np.array([0.0, 0.066, -0.006])
        else:
            over = [(x + 0.004, -0.098, -0.10), (x + 0.006, -0.03, -0.018)]
            over += [(x + 0.004, 0.03, -0.014), (back_x + 0.004, 0.088, -0.10)]
            last = behind
        path = _through(np.array([front, *map(np.array, over), last]))
        width = np.linspace(cut.strap, cut.strap * (0.7 if halter else 1.0), len(path))
        ahead = unit(np.gradient(path, axis=0))
        middle = np.array([0.0, 0.0, -0.16])
        out = unit((path - middle) * np.array([0.25, 1.0, 1.0]))
        across = unit(np.cross(ahead, out))
        s = np.linspace(-0.5, 0.5, 7)[None, :, None]
        ribbon = path[:, None] + across[:, None] * width[:, None, None] * s
        ribbon[..., 0] *= side
        piece.add(grid_sheet(ribbon, facing=side))
    made = [piece.make("straps", cloth, thickness=0.0018, weld=0)]
    return made if cut.strap > 0.012 else made + _sliders(gown)


def _sliders(gown: Gown) -> list[bpy.types.Object]:
    """The metal rings that thin straps run through at the front's edge."""
    x = gown.cut.strap_at
    edge = gown.face().points(np.array([x]), gown.cut.top(np.array([x]), back=False), 0.003)[0]
    turn = np.linspace(0, 2 * np.pi, 25)
    wide = gown.cut.strap * 0.5 + 0.0025
    ring = np.stack([wide * np.cos(turn), 0.4 * wide * np.sin(turn), wide * np.sin(turn)], -1)
    metal = plain("metal", "#c9b98f")
    middle = edge + np.array([0.0, 0.001, 0.012])
    sides = (middle * np.array([side, 1, 1]) for side in (-1, 1))
    return [rod(place + ring, 0.0009, metal, "slider") for place in sides]


def _through(knots: Array) -> Array:
    """A smooth line through points."""
    run = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(knots, axis=0), axis=-1))])
    slope = np.gradient(knots, run, axis=0)
    at = np.linspace(0, run[-1], 70)
    k = np.clip(np.searchsorted(run, at, side="right") - 1, 0, len(run) - 2)
    h = (run[k + 1] - run[k])[:, None]
    t = (at - run[k])[:, None] / h
    return (
        (1 + 2 * t) * (1 - t) ** 2 * knots[k]
        + t * (1 - t) ** 2 * h * slope[k]
        + t * t * (3 - 2 * t) * knots[k + 1]
        + t * t * (t - 1) * h * slope[k + 1]
    )


def waist_band(skirt: Skirt, height: float) -> Sheet:
    """The band that lies over the waist seam."""
    loop = skirt.loop
    out = (loop - loop.mean(axis=0)) * np.array([1.0, 1.6, 0.0])
    half = height / 2
    profile = [(0.0015, -half), (0.0026, 0.0), (0.0015, half)]
    return band(loop, np.array([0, 0, 1.0]), out, profile, rows=10)


def crossed_front(gown: Gown, cloth: bpy.types.Material, tie: float) -> list[bpy.types.Object]:
    """The upper front of a wrapped bodice; folds run to where it is tied, at x = `tie`."""
    cut = gown.cut
    v = np.linspace(0, 1, 90)
    z = -0.02 - v * (cut.bodice - 0.022)
    neck = np.array([float(collars.neck_width(gown, k)) for k in z])  # type: ignore[arg-type]
    past = np.clip((-z - cut.neck_drop) / (cut.bodice - cut.neck_drop), 0, 1)
    edge = np.where(-z < cut.neck_drop, -neck + 0.001, past * tie)
    far = -0.985 * cut.half_width(z)
    far = np.where(z > -cut.armhole, np.minimum(-cut.neck - 0.004, far + 0.03), far)
    far = np.minimum(far, edge - 0.004)
    s = np.linspace(0, 1, 64)
    x = far[:, None] * (1 - s) + edge[:, None] * s
    grid_z = np.broadcast_to(z[:, None], x.shape)
    p = np.stack([x, 0 * x, grid_z], -1)
    folds = drape.radiating(p, (tie, -cut.bodice), gown.seed + 81, spokes=7.0, reach=0.2)
    inside = drape.smooth(s, 0.0, 0.15)[None] * drape.smooth(v, 1.0, 0.93)[:, None]
    lift = 0.0016 + 0.0028 * s[None] ** 8 + 0.006 * np.maximum(folds, -0.2) * inside
    return [patch(gown.face(), x, grid_z, np.maximum(lift, 0.0008), cloth, "wrap")]


def button_front(
    gown: Gown,
    skirt: Skirt,
    cloth: bpy.types.Material,
    button: bpy.types.Material,
    spacing: float,
) -> list[bpy.types.Object]:
    """A placket with buttons from the neck to the hem."""
    cut, long = gown.cut, skirt.cut.skirt_length
    start = cut.neck_drop if not cut.strap else -float(cut.top(np.zeros(1), back=False)[0])
    start += 0.004
    made = placket(gown.face(), -start, -cut.bodice + 0.001, 0.03, cloth)
    low = skirt.top - long + 0.004
    made += placket(skirt.face(), skirt.top - 0.001, low, 0.03, cloth)
    for face, high, end in (
        (gown.face(), -start - 0.02, -cut.bodice + 0.025),
        (skirt.face(), skirt.top - 0.05, low + 0.09),
    ):
        heights = np.arange(high, end, -spacing)
        places = np.stack([0 * heights, heights], -1)
        made += buttons(face, places, button, radius=0.0056)
    return made


def ruffle(
    loop: Array, away: Array, height: float, seed: int, *, full: float = 1.0, facing: int = 1
) -> Sheet:
    """A gathered strip along a closed edge; it falls along `away` and waves more at its end."""
    count = max(int(length_of(loop) / 0.0035), 120)
    base = even(loop, count)
    centre = base[:-1].mean(axis=0)
    rows = np.linspace(0, 1, 16)[:, None]
    share = np.linspace(0, 1, count)
    turn = share * 2 * np.pi
    waves = max(int(length_of(loop) / 0.042), 6)
    ring = np.stack([np.cos(turn), np.sin(turn), 0 * turn], -1) * waves / 9
    phase = waves * turn + 2.4 * drape.noise(ring, seed)
    size = (0.75 + 0.6 * drape.noise(ring * 1.7, seed + 1))[None]
    wave = 0.22 * height * full * size * rows**1.2 * np.sin(phase)[None]
    away = unit(np.atleast_2d(away))
    out = base - centre
    out = unit(out - (out * away).sum(-1, keepdims=True) * away)
    out = blurred(out, 3, closed=True)
    fall = height * (rows - 0.03 * rows * np.cos(phase)[None])
    points = (
        base[None]
        + away[None] * fall[..., None]
        + out[None] * (wave + 0.004 * np.sqrt(rows) + 0.25 * height * rows)[..., None]
    )
    points[:, -1] = points[:, 0]
    uv = np.stack(np.broadcast_arrays(share[None] * length_of(loop) * 1.6, -rows * height), -1)
    return Sheet(points, share, rows[:, 0], uv.astype(float), facing)


def waist_at_figure(gown: Gown) -> bool:
    """Whether the dress has its seam at the waist."""
    return abs(gown.cut.bodice + WAIST) < 0.05
