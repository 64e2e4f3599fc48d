"""Bags worn on a long strap: with a flap (baguette, saddle, quilted) or a zip (camera bags)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..materials import plain
from .bag_body import Body, blocks, body, show
from .bag_cut import Cut, fringe, long_strap, tassel
from .bag_parts import buckle, flap, panel, piping, ring, rivets, strap, turn_lock
from .fastenings import zip_line
from .lofts import Points, grid_object

Outline = Callable[[Points], Points]


def shoulder(cut: Cut) -> None:
    """A small bag, its bottom as round as the silhouette says."""
    w, h, d = (cut.size(name) for name in ("width", "height", "depth"))
    rounded, boxy = cut.size("round"), bool(cut.size("zip"))

    def wide(t: Points) -> Points:
        low = np.clip(t / max(rounded, 0.02), 0, 1)
        curve = np.sqrt(np.clip(1 - (1 - low) ** 2, 0, 1))
        least = 1 - 0.42 * min(rounded * 1.6, 1.0)
        return w / 2 * (least + (1 - least) * curve) * (1 - 0.05 * rounded * t)

    def deep(t: Points) -> Points:
        if boxy:
            return d / 2 * np.sqrt(np.clip(1 - np.clip((t - 0.9) / 0.1, 0, 1) ** 2 * 0.96, 0, 1))
        return d / 2 * np.sqrt(np.clip(1 - (np.clip(t - 0.45, 0, 1) / 0.555) ** 2, 0.002, 1))

    shell = body(wide, deep, h, square=6.0, corner=0.014, slouch=0.0016, seed=cut.spec.seed)
    way = cut.way("block")
    if cut.blocked and boxy and way:
        show(shell, [cut.cloth, cut.second], cut.lining, slots=blocks(shell, way))
    else:
        show(shell, cut.cloth, cut.lining)
    piping(shell, 0.38, cut.trim if cut.has("piping") else cut.cloth, low=0.2)
    if boxy:
        _zipped(cut, shell, w, h)
    else:
        _flapped(cut, shell, w, h, rounded)
    long_strap(cut, shell, w, "chain" if cut.size("chain") else cut.way("strap"))
    if cut.has("tassel"):
        tassel(cut, shell.front(w * 0.42, h * 0.86, 0.01))


# zipped ----------------------------------------------------------------------------------------


def _zipped(cut: Cut, shell: Body, w: float, h: float) -> None:
    top = shell.top()
    line = np.linspace(-w * 0.44, w * 0.44, 40)
    path = np.stack([line, np.zeros(40), np.full(40, top + 0.002)], axis=1)
    zip_line(path, np.broadcast_to([0.0, 0, 1.0], path.shape), cut.trim, cut.metal, half=0.009)
    way = cut.way("front") or "pocket"
    if way == "pocket":
        _piece(cut, shell, (-w * 0.4, w * 0.4), (h * 0.14, h * 0.66), puff=0.007)
        rivets([shell.front(w * 0.33, h * 0.55, 0.006)], cut.metal, 0.004)
    elif way == "zip pocket":
        _piece(cut, shell, (-w * 0.42, w * 0.42), (h * 0.1, h * 0.72), puff=0.009)
        across = np.linspace(-w * 0.36, w * 0.36, 40)
        s, t = shell.find(across, np.full(40, h * 0.62))
        zip_line(shell.skin.at(s, t, 0.011), shell.skin.normal(s, t), cut.trim, cut.metal)
    elif way == "stripe":
        webbing = plain("canvas", cut.spec.colours[1])
        middle = plain("canvas", cut.spec.colours[2])
        for half, stuff, lift in ((0.1, webbing, 0.0016), (0.04, middle, 0.0024)):
            _piece(cut, shell, (-w * half, w * half), (h * 0.06, h * 0.97), stuff, lift=lift)
    elif way in ("chevron", "channels", "diamond"):
        _quilting(cut, shell, lambda x: np.full_like(x, h * 0.06), w * 0.45, h * 0.96, way)
    elif way == "studs":
        x = np.linspace(-w * 0.4, w * 0.4, 11)
        rivets([shell.front(a, h * z, 0.001) for z in (0.16, 0.84) for a in x], cut.metal, 0.004)


def _piece(
    cut: Cut,
    shell: Body,
    x: tuple[float, float],
    z: tuple[float, float],
    material: object = None,
    **more: float,
) -> None:
    panel(
        shell,
        x,
        lambda a: np.full_like(a, z[0]),
        lambda a: np.full_like(a, z[1]),
        material or cut.second,
        stitched=None if material else cut.thread,
        **more,
    )


# with a flap -----------------------------------------------------------------------------------


def _outline(cut: Cut, half: float, h: float, rounded: float) -> tuple[Outline, float]:
    """The flap's lower edge, and its lowest height."""
    way = cut.way("flap") or ("curved" if rounded > 0.5 else "straight")
    reach = cut.size("reach") or (0.3 if way == "curved" else 0.42)

    def low(x: Points) -> Points:
        side = np.clip(np.abs(np.asarray(x, float)) / half, 0, 1)
        if way == "curved":
            return h * (reach + 0.5 * (1 - np.sqrt(np.clip(1 - side**2.2, 0, 1))))
        if way == "pointed":
            return h * (reach + 0.34 * np.sqrt(side**2 + 0.004) - 0.02)
        if way == "scalloped":
            return h * (reach + 0.07 * (1 - np.abs(np.cos(side * 2.5 * np.pi)) ** 0.6))
        return h * (reach + 0.16 * np.clip((side - 0.82) / 0.18, 0, 1) ** 2)

    return low, reach


def _flapped(cut: Cut, shell: Body, w: float, h: float, rounded: float) -> None:
    half = w * 0.475
    low, reach = _outline(cut, half, h, rounded)
    quilted = bool(cut.size("chain")) or cut.way("quilting") not in ("", "none")
    cover = cut.second
    over = flap(shell, low, cover, half=half, stitched=None if quilted else cut.thread)
    if quilted:
        _quilting(cut, shell, low, half, h, cut.way("quilting") or "diamond")
    if cut.way("edge") == "fringe":
        x = np.linspace(-half * 0.98, half * 0.98, 60)
        fringe(cut, over(x, low(x) + 0.003), h * 0.42)
    elif cut.way("edge") == "studs":
        x = np.linspace(-half * 0.94, half * 0.94, 15)
        rivets(list(over(x, low(x) + 0.012) + [0, -0.002, 0]), cut.metal, 0.0042)
    _lock(cut, shell, over, reach, h)


def _lock(cut: Cut, shell: Body, over: Callable[..., Points], reach: float, h: float) -> None:
    way = cut.way("lock") or "turn"
    place = over(0.0, h * (reach + 0.07))
    if way == "turn":
        turn_lock(place, cut.metal, 0.032)
    elif way == "stud":
        rivets([place + [0, -0.001, 0]], cut.metal, 0.008)
    elif way == "ring":
        ring(place + [0, -0.006, 0], [0, 1.0, 0.12], 0.019, cut.metal)
        loop = [over(0.0, h * (reach + 0.22)) + [0, -0.002, 0], place + [0, -0.009, 0.017]]
        strap(loop, 0.014, cut.trim, up=[0, -1, 0], count=16)
    elif way == "bar":
        bar = place + np.linspace(-1, 1, 12)[:, None] * [0.024, 0, 0] + [0, -0.003, 0]
        strap(bar, 0.016, cut.metal, up=[0, -1, 0], thick=0.006, count=24)
    else:
        buckle(place, 0.03, cut.metal, tall=0.034)
        tongue = [
            over(0.0, h * (reach + 0.3)) + [0, -0.002, 0],
            place + [0, -0.004, 0],
            over(0.0, h * (reach + 0.01)) + [0, -0.002, -0.02],
        ]
        strap(tongue, 0.022, cut.trim, up=[0, -1, 0], thread=cut.thread, count=24)


def _quilting(
    cut: Cut, shell: Body, low: Outline, half: float, high: float, way: str = "diamond"
) -> None:
    """A padded layer over the front: diamonds, squares, chevrons or channels."""
    rows, columns = 90, 120
    x = np.linspace(-half * 0.985, half * 0.985, columns)
    share = np.linspace(0.012, 0.93, rows)[:, None]
    bottom = low(x)[None]
    z = bottom + (high - bottom) * share
    pitch = 0.03
    if way == "chevron":
        puffed = np.abs(np.sin(np.pi * (z - 0.55 * np.abs(x)[None]) / 0.02)) ** 0.5
    elif way == "channels":
        puffed = np.abs(np.sin(np.pi * z / 0.026)) ** 0.45
    elif way == "squares":
        grid = np.abs(np.sin(np.pi * x / pitch))[None] * np.abs(np.sin(np.pi * z / pitch))
        puffed = grid**0.4
    else:
        a, b = (x[None] + z) / pitch, (x[None] - z) / pitch
        puffed = (np.abs(np.sin(np.pi * a)) * np.abs(np.sin(np.pi * b))) ** 0.5
    sides = np.minimum(x + half, half - x) / half
    rim = np.minimum(1, 12 * np.minimum(share, 1 - share)) * np.minimum(1, 14 * sides)
    s, t = shell.find(np.broadcast_to(x, z.shape), z)
    points = shell.skin.at(s, t, 0.0042 + 0.0042 * puffed * np.clip(rim, 0, 1))
    grid_object("quilt", points, cut.second, shell.skin.uv_at(s, t))
