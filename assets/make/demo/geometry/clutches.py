"""Clutches: with a flap, or gathered on a metal frame."""

from __future__ import annotations

import numpy as np

from .bag_body import Body, blocks, body, show, skin
from .bag_cut import Cut, fringe, tassel
from .bag_parts import chain, flap, piping, ring, rivets, strap, turn_lock
from .lofts import Points, smooth_path


def clutch(cut: Cut) -> None:
    """A flat bag for the hand."""
    w, h, d = (cut.size(name) for name in ("width", "height", "depth"))
    if cut.size("frame"):
        _frame_clutch(cut, w, h, d)
        return

    def wide(t: Points) -> Points:
        return np.full_like(t, w / 2)

    def deep(t: Points) -> Points:
        return d / 2 * (0.75 + 0.4 * np.sin(np.pi * np.clip(t, 0, 1)) ** 0.8 - 0.62 * t**3)

    shell = body(wide, deep, h, square=7.0, corner=0.01, slouch=0.0012, seed=cut.spec.seed)
    show(shell, cut.cloth, cut.lining)
    piping(shell, 0.43, cut.cloth, low=0.2, radius=0.0016)
    half = w * 0.485
    reach = cut.size("reach") or (0.24 if cut.size("point") else 0.45)
    low = _outline(cut, half, h, reach)
    place = flap(shell, low, cut.second, half=half, back=0.5, stitched=cut.thread)
    _closing(cut, place, h * (reach + 0.07))
    if cut.way("edge") == "fringe":
        x = np.linspace(-half * 0.98, half * 0.98, 70)
        fringe(cut, place(x, low(x) + 0.003), h * 0.4)
    if cut.has("piping"):
        x = np.linspace(-half, half, 50)
        strap(place(x, low(x)), 0.004, cut.metal, up=[0, -1, 0], thick=0.003, count=80)
    if cut.way("carry") == "wristlet":
        _wristlet(cut, shell, w, h)
    elif cut.has("tassel"):
        tassel(cut, shell.front(w * 0.46, h * 0.8, 0.012))


def _outline(cut: Cut, half: float, h: float, reach: float) -> object:
    """The flap's lower edge: a point, a line, a curve or a slant."""
    way = cut.way("flap") or ("pointed" if cut.size("point") else "straight")

    def low(x: Points) -> Points:
        place = np.clip(np.asarray(x, float) / half, -1, 1)
        side = np.abs(place)
        match way:
            case "pointed":
                return h * (reach + 0.62 * np.sqrt(side**2 + 0.003) - 0.03)
            case "curved":
                return h * (reach + 0.36 * side**2.2)
            case "slanted":
                return h * (reach + 0.17 * (1 + place))
        return h * reach + 0 * side

    return low


def _closing(cut: Cut, place: object, z: float) -> None:
    way = cut.way("lock")
    at = place(0.0, z)
    if way == "turn":
        turn_lock(at, cut.metal, 0.03)
    elif way == "bar":
        bar = at + np.linspace(-1, 1, 12)[:, None] * [0.03, 0, 0] + [0, -0.003, 0]
        strap(bar, 0.011, cut.metal, up=[0, -1, 0], thick=0.006, count=24)
    elif way == "ring":
        ring(at + [0, -0.005, 0], [0, 1.0, 0.1], 0.02, cut.metal)
    elif way != "hidden":
        rivets([at + [0, -0.001, 0]], cut.metal, 0.0065)


def _wristlet(cut: Cut, shell: Body, w: float, h: float) -> None:
    """A loop for the wrist, from a ring at the side."""
    start = shell.front(w * 0.47, h * 0.82, 0.006)
    ring(start, [1.0, 0.3, 0.0], 0.008, cut.metal)
    ways = [(0, 0, -0.006), (0.03, -0.01, -0.03), (0.045, -0.02, -0.09), (0.032, -0.03, -0.11)]
    back = [(0.018, -0.022, -0.08), (0.008, -0.008, -0.03), (0.001, -0.004, -0.006)]
    knots = np.array([start + np.array(step) for step in (*ways, *back)])
    knots[:, 2] = np.maximum(knots[:, 2], 0.008)
    strap(knots, 0.01, cut.trim, up=[0.2, -1, 0], thick=0.003, count=60)


def _frame_clutch(cut: Cut, w: float, h: float, d: float) -> None:
    """A pouch gathered on a metal frame that closes with two balls."""

    def wide(t: Points) -> Points:
        return w / 2 * (1 - 0.14 * t**2)

    def deep(t: Points) -> Points:
        return d / 2 * np.sqrt(np.clip(1 - (np.clip(t - 0.2, 0, 1) / 0.83) ** 2, 0.03, 1))

    shell = body(wide, deep, h, square=4.5, corner=0.018, slouch=0.001, seed=cut.spec.seed)
    points = shell.skin.points.copy()
    gather = np.sin(points[..., 0] * 150) * 0.0022 * np.clip(points[..., 2] / h, 0, 1) ** 2
    gather *= np.clip((1 - points[..., 2] / h) / 0.1, 0, 1)
    points += shell.skin.normals * gather[..., None]
    shell = Body(skin(points), False)
    if cut.blocked:
        way = cut.way("block") or "half"
        show(shell, [cut.cloth, cut.second], cut.lining, slots=blocks(shell, way))
    else:
        show(shell, cut.cloth, cut.lining)
    top = shell.top()
    edge = w * 0.44
    for y in (-0.0055, 0.0055):
        bar = np.array(
            [
                [-edge, y, top - 0.035],
                [-edge * 0.99, y, top - 0.004],
                [-edge * 0.9, y, top + 0.004],
                [0, y, top + 0.006],
                [edge * 0.9, y, top + 0.004],
                [edge * 0.99, y, top - 0.004],
                [edge, y, top - 0.035],
            ]
        )
        strap(bar, 0.009, cut.metal, up=[0, 1, 0], thick=0.0075, count=90)
    for x in (-0.006, 0.006):
        rivets([np.array([x, -0.004 if x < 0 else 0.004, top + 0.014])], cut.metal, 0.008)
        rivets([np.array([x, 0.004, top + 0.014])], cut.metal, 0.008)
    knots = np.array(
        [
            [-edge, 0, top - 0.006],
            [-edge * 1.25, -0.02, top * 0.6],
            [-edge * 1.35, -0.05, 0.02],
            [-edge * 0.9, -0.09, 0.004],
            [-edge * 0.2, -0.1, 0.004],
            [edge * 0.5, -0.085, 0.004],
        ]
    )
    if cut.way("carry") == "chain":
        chain(smooth_path(knots, 60), cut.metal, link=0.009)
