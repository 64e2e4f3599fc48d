"""Collars: the turned-down collar of shirts and jackets, stands, rolled necks, lapels, hoods."""

from __future__ import annotations

import bpy
import numpy as np

from . import drape
from .bands import band, blurred, even, unit
from .bodice import Bodice
from .cloth_sheet import Array, Cloth, grid_sheet, spline
from .haberdashery import between, patch, sheet_stitches


def open_neck_loop(bodice: Bodice) -> Array:
    """The neck edge from the middle of the front round the back to the middle of the front."""
    front, back = bodice.neck_loop()
    half = len(front) // 2
    return np.concatenate([front[half:], back[1:-1], front[: half + 1]])


def _away(loop: Array) -> Array:
    centre = (loop.min(axis=0) + loop.max(axis=0)) / 2
    out = (loop - centre) * np.array([1.0, 1.0, 0.0])
    return unit(out)


def levelled(loop: Array) -> Array:
    """How much higher or lower than the neck's edge its upper edge would run without corners."""
    y, z = loop[:, 1], loop[:, 2]
    front, back = z[y.argmin()], z[y.argmax()]
    even_fall = front + (back - front) * drape.smooth(y, y.min(), y.max())
    return even_fall - z + 0.02 * drape.smooth(y, 0.0, y.max())


def stand(
    bodice: Bodice,
    height: float,
    material: bpy.types.Material,
    *,
    lean: float = 0.15,
    gap: float = 0.0,
    thickness: float = 0.003,
    level: float = 0.0,
) -> bpy.types.Object:
    """A collar stand (mandarin, bomber, puffer): upright round the neck, leaning inwards."""
    loop = open_neck_loop(bodice)
    if gap:
        keep = slice(max(int(len(loop) * gap), 1), -max(int(len(loop) * gap), 1))
        loop = loop[keep]
    out = _away(loop)
    profile = [
        (0.003, -0.004),
        (0.003, 0.0),
        (0.002 - height * lean * 0.4, height * 0.5),
        (-height * lean, height),
    ]
    cloth = Cloth()
    base = even(loop, 160)
    tall = np.clip(1 + level * levelled(base) / height, 0.3, 1.6)
    up = np.array([0, 0, 1.0])
    cloth.add(band(base, up, even(out, 160), profile, rows=10, scale=tall))
    return cloth.make("stand", material, thickness=thickness)


def rolled_neck(
    bodice: Bodice, height: float, material: bpy.types.Material, *, fold: bool, rib: float = 0.006
) -> bpy.types.Object:
    """A turtleneck, folded over once, or a mock neck."""
    front, back = bodice.neck_loop()
    loop = np.concatenate([front, back[1:]])
    loop[-1] = loop[0]
    out = blurred(_away(loop), 3, closed=True)
    if fold:
        profile = [
            (0.002, -0.004),
            (-0.004, height * 0.35),
            (-0.008, height * 0.9),
            (-0.006, height),
            (0.0, height * 1.03),
            (0.005, height),
            (0.010, height * 0.6),
            (0.013, height * 0.18),
            (0.0115, height * 0.12),
        ]
    else:
        profile = [(0.003, -0.004), (-0.002, height * 0.3), (-0.006, height)]
    cloth = Cloth()
    cloth.add(band(loop, np.array([0, 0, 1.0]), out, profile, rib=rib, depth=0.0011, rows=34))
    return cloth.make("neck", material, thickness=0.003)


def turned_collar(
    bodice: Bodice,
    material: bpy.types.Material,
    *,
    rise: float = 0.032,
    point: tuple[float, float] = (0.055, -0.13),
    shoulder: tuple[float, float] = (0.112, -0.03),
    back_drop: float = 0.04,
    start: float = 0.004,
    lift: float = 0.007,
    skip: float = 0.0,
    thickness: float = 0.0025,
    thread: bpy.types.Material | None = None,
    level: float = 0.0,
    soft: float = 0.0,
) -> list[bpy.types.Object]:
    """Stand and leaf. `point` is the leaf's tip and `shoulder` its edge on the shoulder (x, z).

    `skip` is the share of the neck edge, from the middle of the front, that has no collar.
    `level` evens out the upper edge (0 to 1); `soft` is how far the leaf lifts in places, metres.
    """
    made = [stand(bodice, rise, material, lean=0.2, gap=skip, thickness=thickness, level=level)]
    front, back = bodice.neck_loop()
    half = len(front) // 2
    cloth = Cloth()
    borders = []
    for side in (1, -1):
        edge = front[half:] if side > 0 else front[half::-1]
        edge = edge[int(skip * 2 * len(edge)) :]
        rear = back[: len(back) // 2 + 1] if side > 0 else back[: len(back) // 2 - 1 : -1]
        edge, rear = even(edge, 34), even(rear, 26)[1:]
        foot = np.concatenate([edge, rear])
        out = _away(np.concatenate([foot, foot * np.array([-1, 1, 1])]))[: len(foot)]
        count = len(foot)
        tall = rise * np.clip(1 + level * levelled(foot) / rise, 0.3, 1.6)
        top = foot + np.array([0, 0, 1.0]) * tall[:, None] - out * rise * 0.2
        top[0, 0] = side * max(abs(top[0, 0]), start)
        s = np.linspace(0, 1, len(edge))
        bow = np.sin(np.pi * s)
        ex = point[0] + (shoulder[0] - point[0]) * s**0.9 + 0.002 * bow
        ez = point[1] + (shoulder[1] - point[1]) * s**1.15
        face = bodice.face()
        lower = face.points(side * ex, np.minimum(ez, bodice.cut.shoulder_line(ex) - 0.004), lift)
        q = np.linspace(0, 1, count - len(edge) + 1)[1:]
        bx = shoulder[0] * np.cos(q * np.pi / 2)
        bz = shoulder[1] - (back_drop + bodice.cut.neck_back + shoulder[1]) * q**0.8
        bz = np.minimum(bz, bodice.cut.shoulder_line(bx) - 0.004)
        bz = np.minimum(bz, bodice.cut.neckline(bx, back=True) - 0.006)
        behind = bodice.face(back=True).points(side * bx, bz, lift)
        lower = np.concatenate([lower, behind])
        lower = np.concatenate([lower[:1], blurred(lower, 2, closed=False)[1:]])
        t = np.linspace(0, 1, 22)[:, None, None]
        bulge = top + out * 0.012 + np.array([0, 0, 0.006])
        bulge = bulge * 0.62 + (lower + np.array([0, 0, 0.004])) * 0.38 + out * 0.006
        leaf = (1 - t) ** 2 * top + 2 * t * (1 - t) * bulge + t**2 * lower
        sheet = grid_sheet(leaf, facing=-side)
        if soft:
            wave = drape.noise(leaf / 0.06, bodice.seed + 12) + 0.25
            sheet.displace(soft * wave * t[..., 0] ** 1.5)
        cloth.add(sheet)
        borders.append(sheet)
    made.append(cloth.make("collar", material, thickness=thickness, weld=0.001))
    if thread is not None:
        for sheet in borders:
            u = np.concatenate([np.full(20, 0.035), np.linspace(0.035, 1, 60)])
            v = np.concatenate([np.linspace(0.1, 0.9, 20), np.full(60, 0.9)])
            made.append(sheet_stitches(sheet, u, v, thread))
    return made


def lapels(
    bodice: Bodice,
    material: bpy.types.Material,
    *,
    closing: float,
    width: float = 0.085,
    notch: float = 0.13,
    peak: float = 0.0,
) -> list[bpy.types.Object]:
    """Notched or peaked lapels, from the neck down to the height `closing` (negative)."""
    made = []
    neck_z = np.linspace(-0.02, closing, 40)
    for side in (1, -1):
        inner, outer = [], []
        for z in neck_z:
            t = (z - neck_z[0]) / (closing - neck_z[0])
            edge = float(neck_width(bodice, z))
            inner.append((z, edge - 0.001))
            tip = (notch - 0.02) / (-closing - 0.02)
            if t < tip:
                reach = 0.02 + (width - 0.02) * (t / tip) ** 1.0
                grow = reach
            else:
                grow = width * (1 - ((t - tip) / (1 - tip)) ** 1.35)
            outer.append((z + (peak if t >= tip and t < tip + 0.05 else 0.0), edge + grow))
        x, z = between(inner, outer, rows=70, columns=22)
        s = np.linspace(0, 1, 22)[None]
        rows = np.linspace(0, 1, 70)[:, None]
        lift = 0.003 + 0.008 * np.sin(np.pi * (0.1 + 0.8 * s)) * (1 - rows * 0.7) + 0.003 * s
        made.append(patch(bodice.face(), side * x, z, lift, material, "lapel"))
    return made


def neck_width(bodice: Bodice, z: float | Array) -> Array:
    """Half width of the neck opening at height z on the front."""
    x = np.linspace(0, bodice.cut.neck, 200)
    height = bodice.cut.neckline(x, back=False)
    return np.interp(z, height, x)


def hood(
    bodice: Bodice,
    material: bpy.types.Material,
    thread: bpy.types.Material,
    *,
    high: float = 0.24,
    thickness: float = 0.005,
) -> list[bpy.types.Object]:
    """A hood that stands open behind the neck; its rim meets at the middle of the front."""
    front, back = bodice.neck_loop()
    half = len(front) // 2
    rows, cols = 60, 34
    t = np.linspace(0, 1, rows)
    a = np.linspace(0, 1, cols)[None, :, None]
    ridge = np.stack(
        [
            0 * t,
            spline(t, [(0.0, 0.01), (0.35, 0.12), (0.7, 0.165), (1.0, float(back[:, 1].max()))]),
            spline(t, [(0.0, high), (0.3, high * 0.97), (0.72, high * 0.42), (1.0, -0.02)]),
        ],
        -1,
    )
    made = []
    cloth = Cloth()
    rims = []
    for side in (1, -1):
        edge = front[half:] if side > 0 else front[half::-1]
        rear = back[: len(back) // 2 + 1] if side > 0 else back[: len(back) // 2 - 1 : -1]
        foot = even(np.concatenate([edge, rear[1:]]), rows)
        out = np.array([side * 1.0, 0.0, 0.0])
        round_back = np.sin(np.pi * t)[:, None]
        wide = (0.088 * (1 - t**3))[:, None]
        low = foot + out * (0.045 + 0.02 * round_back) + np.array([0, 0.0, 0.4 * high])
        low = low * np.array([1, 1, 1]) + np.array([0, 1.0, 0]) * (0.03 * t[:, None])
        top = ridge + out * wide * 1.15 + np.array([0, 0, 0.012])
        shrink = (1 - t**6)[:, None]
        low = foot + (low - foot) * shrink
        p0, p1, p2, p3 = (k[:, None, :] for k in (foot, low, top, ridge))
        points = (1 - a) ** 3 * p0 + 3 * (1 - a) ** 2 * a * p1 + 3 * (1 - a) * a**2 * p2 + a**3 * p3
        sheet = grid_sheet(points, facing=-side)
        p = sheet.points
        h = 0.010 * drape.crumple(p, 0.10, bodice.seed + 5) + 0.006 * drape.slanting(
            p, 0.05, bodice.seed + 6, 0.5 * side
        )
        calm = np.sin(np.pi * a[..., 0]) ** 0.6 * (1 - t[:, None] ** 4)
        sheet.displace(h * calm)
        cloth.add(sheet)
        rims.append(sheet)
    made.append(cloth.make("hood", material, thickness=thickness, weld=0.001))
    for sheet in rims:
        v = np.full(80, 0.075)
        made.append(sheet_stitches(sheet, np.linspace(0.06, 0.99, 80), v, thread))
    return made
