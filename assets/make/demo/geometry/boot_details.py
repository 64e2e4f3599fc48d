"""What is sewn on a boot: vamp and counter, gussets, zips, straps, fringe, western stitching."""

from __future__ import annotations

import random

import bpy
import numpy as np

from ..spec import Spec
from . import fastenings, uppers
from .lace_ups import lace_up
from .last import Last
from .lofts import Points, Surface, grid_object, grids_object, smooth_path, tube, unit

Material = bpy.types.Material


def t_at(surface: Surface, s: float, height: float) -> float:
    """T of the rib at s where it reaches a height over the ground."""
    t = np.linspace(0, 1, 160)
    return float(np.interp(height, surface.at(s, t)[:, 2], t))


def rim(surface: Surface, s: float) -> float:
    """Height of the topline over the ground."""
    return float(surface.at(s, 1.0)[2])


def ring_at(surface: Surface, s: Points, height: Points | float) -> Points:
    """T of a line round the boot at one height, or one for each s."""
    heights = np.broadcast_to(np.asarray(height, float), s.shape)
    return np.array([t_at(surface, v, h) for v, h in zip(s, heights, strict=True)])


def edge_stitches(surface: Surface, thread: Material, below: float = 0.005) -> None:
    """A row of stitches round the topline."""
    s = np.linspace(-1, 1, 200)
    t = ring_at(surface, s, surface.at(s, 1.0)[:, 2] - below)
    uppers.seam(surface, s, t, thread, lift=0.0004, pitch=0.0034)


def vamp(
    surface: Surface, seat: float, leather: Material, thread: Material, form: str, lift: float
) -> None:
    """The foot's piece, sewn over the shaft along a curve: low and round, peaked, or straight."""
    heights = {
        "curve": [0.062, 0.052, 0.048, 0.060, 0.108, 0.060, 0.048, 0.052, 0.062],
        "peak": [0.075, 0.058, 0.040, 0.046, 0.126, 0.046, 0.040, 0.058, 0.075],
        "straight": [0.078, 0.076, 0.074, 0.078, 0.092, 0.078, 0.074, 0.076, 0.078],
    }[form]
    s = np.linspace(-1, 1, 120)
    knots = smooth_path(np.array(heights)[:, None], 120)[:, 0]
    line = ring_at(surface, s, seat + knots)
    uppers.band(surface, leather, (-1.0, 1.0), 0.0, line, columns=220, lift=lift, name="vamp")
    for below in (0.0022, 0.0052):
        inner = ring_at(surface, s, seat + knots - below)
        uppers.seam(surface, s, inner, thread, lift=lift + 0.0003, pitch=0.0034)


def counter(
    surface: Surface, last: Last, seat: float, leather: Material, thread: Material, tall: float
) -> None:
    """The heel's piece."""
    top = t_at(surface, 1.0, seat + tall)
    reach = last.length * (0.20 + tall)
    uppers.heel_counter(surface, leather, reach, top, lean=0.03, thread=thread, lift=0.0010)


def side_seam(surface: Surface, thread: Material, seat: float, s: float) -> None:
    """A seam up the shaft, a fine ridge with stitches beside it."""
    t = np.linspace(t_at(surface, s, seat + 0.06), 0.99, 80)
    for sign in (1.0, -1.0):
        uppers.seam(surface, np.full(80, sign * s), t, thread, lift=0.0004, pitch=0.0034)
        uppers.seam(surface, np.full(80, sign * (s - 0.02)), t, thread, lift=0.0004, pitch=0.0034)


def gusset(surface: Surface, elastic: Material, thread: Material, form: str) -> None:
    """Elastic let into both sides: rounded, straight-edged, or pointed below."""
    deep = {"round": 0.048, "straight": 0.062, "point": 0.042}[form]
    low = t_at(surface, 0.5, float(surface.at(0.5, 0.0)[2]) + deep)
    f = uppers.dense(26)
    t = low + (0.985 - low) * f
    if form == "point":
        wide = 0.012 + 0.115 * f**0.8
    else:
        turn = 0.25 if form == "round" else 0.06
        wide = 0.125 * np.sqrt(np.clip(1 - (1 - np.clip(f / turn, 0, 1)) ** 2, 0, 1))
        wide = wide * (0.72 + 0.28 * f) + 1e-4
    c = uppers.dense(14) * 2 - 1
    for side in (1.0, -1.0):
        s = 0.50 + wide[:, None] * c[None, :]
        uppers.panel(surface, side * s, t[:, None], elastic, lift=0.0004, name="gusset")
        for edge in (-1.0, 1.0):
            for away in (0.010, 0.026):
                line = 0.50 + edge * (wide + away)
                uppers.seam(surface, side * line, t, thread, lift=0.0005, pitch=0.0034)


def zip_up(surface: Surface, s: float, top: float, low: float, parts: dict[str, Material]) -> None:
    """A zip from low to top at s, its tape let in between two rows of stitches."""
    t = np.linspace(low, top, 60)
    path = surface.at(np.full(60, s), t, 0.0006)
    normals = surface.normal(np.full(60, s), t)
    fastenings.zip_line(path, normals, parts["tape"], parts["metal"], half=0.0050)
    for side in (-1.0, 1.0):
        across = unit(np.cross(np.gradient(path, axis=0), normals)) * 0.0072 * side
        uppers.stitches(path + across + normals * 0.0008, parts["thread"], pitch=0.0034)


def ring_strap(
    surface: Surface,
    height: float,
    wide: float,
    leather: Material,
    metal: Material,
    *,
    thread: Material | None = None,
    tilt: float = 0.0,
) -> None:
    """A strap all round at a height, buckled on the outer side; `tilt` lowers it behind."""
    s = np.linspace(-1, 1, 160)
    middle = height - tilt * np.abs(s)
    low, high = ring_at(surface, s, middle - wide / 2), ring_at(surface, s, middle + wide / 2)
    f = uppers.dense(6)[:, None]
    lift = 0.0026
    uppers.panel(
        surface, s[None], low * (1 - f) + high * f, leather, lift=lift, sink=-0.0005, name="strap"
    )
    if thread:
        for share in (0.16, 0.84):
            t = low * (1 - share) + high * share
            uppers.seam(surface, s, t, thread, lift=lift + 0.0003, pitch=0.0034)
    at = 0.44
    centre_t = t_at(surface, at, height - tilt * at)
    centre: Points = surface.at(at, centre_t, lift + 0.0012)
    along = surface.at(at + 0.02, centre_t) - surface.at(at - 0.02, centre_t)
    fastenings.frame(centre, np.array([0.0, 0.0, 1.0]), along, (wide + 0.008, 0.020), metal)
    tip = surface.at(at - 0.02, centre_t, lift + 0.0024)
    keeper = np.array([[0, 0, -wide / 2 - 0.001], [0, 0, wide / 2 + 0.001]]) + surface.at(
        at + 0.085, t_at(surface, at + 0.085, height - tilt * (at + 0.085)), lift + 0.0016
    )
    grid_object(
        "keeper", tube(keeper, 0.0028, flat=0.4, up=unit(tip - surface.at(at, 0.0))), leather
    )


def loop(surface: Surface, s: float, webbing: Material, tall: float = 0.026) -> None:
    """A pull loop sewn on at the rim."""
    low, top = surface.at(s, 0.90, 0.0016), surface.at(s, 1.0, 0.0024)
    out = surface.normal(s, 0.97)
    inside = surface.at(s, 0.93, -0.006)
    peak = top - out * 0.003 + np.array([0.0, 0.0, tall])
    path = smooth_path([low, top, peak, top - out * 0.0065, inside], 40)
    around = unit(np.cross(out, [0.0, 0.0, 1.0]))
    up = unit(np.cross(np.gradient(path, axis=0), around))
    grid_object("loop", tube(path, 0.0095, flat=0.13, up=up, sides=14), webbing)


def fringe(surface: Surface, height: float, long: float, leather: Material, seed: int) -> None:
    """Cut strips hanging from a band round the shaft."""
    draw = np.random.default_rng(seed)
    grids = []
    for s in np.linspace(-1, 1, 118)[:-1]:
        drop = np.linspace(0, long * draw.uniform(0.9, 1.04), 9)
        sway = 0.012 * draw.normal() * (drop / long) ** 2
        t = np.array([t_at(surface, s, height - d) for d in drop])
        away = 0.0022 + 0.004 * (drop / long) * draw.uniform(0.4, 1.2)
        path = surface.at(s + sway, t, away)
        grids.append(tube(path, 0.0021, flat=0.35, up=surface.normal(s, t), sides=6))
    grids_object("fringe", grids, leather)
    s = np.linspace(-1, 1, 120)
    low, high = ring_at(surface, s, height - 0.004), ring_at(surface, s, height + 0.006)
    f = uppers.dense(4)[:, None]
    uppers.panel(surface, s[None], low * (1 - f) + high * f, leather, lift=0.0026, name="fringe")


def western(
    last: Last, surface: Surface, thread: Material, leather: Material, rows: int, *, tall: bool
) -> None:
    """Rows of ornamental stitching on the shaft, and pull straps at the sides."""
    seat = last.sole_heel + last.heel_height
    base = t_at(surface, 0.5, seat + (0.085 if tall else 0.078))
    count = rows if tall else min(rows, 3)
    step = (0.93 - base) * (0.11 if tall else 0.17)
    for side in (1.0, -1.0):
        for k in range(count):
            f = np.linspace(-1, 1, 240)
            s = 0.5 + f * (0.36 - 0.045 * k)
            wave = (1 - np.abs(f) ** 1.7) + 0.12 * np.sin(3 * np.pi * np.abs(f)) * (1 - np.abs(f))
            t = base + (0.93 - base - step * (k + 0.3)) * (0.06 + 0.92 * wave)
            path = surface.at(side * s, np.clip(t, 0, 0.985), 0.0005)
            uppers.stitches(path, thread, pitch=0.0030, radius=0.0006)
        loop(surface, side * 0.5, leather, tall=0.010)
    front = np.linspace(-0.16, 0.16, 60)
    for k in range(3):
        x = last.length * (0.80 - 0.035 * k) - 0.5 * last.length * np.abs(front) ** 1.3
        share = 0.5 + front
        s, t = surface.over(x, share)
        uppers.seam(surface, s, t, thread, lift=0.0005, pitch=0.0032)


def laced(spec: Spec, last: Last, surface: Surface, parts: dict[str, Material], tall: bool) -> None:
    """Eye stays, tongue, rings and laces."""
    draw = random.Random(f"{spec.seed} laces")
    lace_up(
        surface,
        last.length * float(spec.shape.get("vamp_point", spec.shape.get("vamp", 0.60))),
        stay=parts["stay"],
        tongue=parts["bare"],
        lace=parts["lace"],
        ring=parts["metal"],
        thread=parts["thread"],
        rows=int(spec.shape.get("rows", 8)) + (9 if tall else 0),
        draw=draw,
        gap=(0.006, 0.0085),
        width=0.015,
        tall=0.012,
        half=float(spec.shape.get("lace", 0.0024)),
    )


def brogue(surface: Surface, last: Last, dark: Material, x: float, bow: float) -> None:
    """Rows of punched holes along a cap's edge."""
    share = np.linspace(0.04, 0.96, 54)
    grids = []
    for back, size in ((0.0035, 0.0011), (0.0068, 0.0007)):
        line = x - bow * np.abs(2 * share - 1) ** 2 + back
        s, t = surface.over(line, share)
        places = surface.at(s, t, 0.0012), surface.normal(s, t)
        grids += [
            tube(np.stack([p, p + n * 0.0004]), size, up=np.array([0.3, 0.5, 0.8]), sides=8)
            for p, n in zip(*places, strict=True)
        ]
    grids_object("brogueing", grids, dark)
