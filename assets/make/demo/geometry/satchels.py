"""Satchels: boxy bags with a flap, straps with buckles and a grip."""

from __future__ import annotations

import numpy as np

from .bag_body import Body, body, show
from .bag_cut import Cut, long_strap
from .bag_parts import buckle, flap, panel, piping, rivets, strap, turn_lock
from .lofts import Points


def satchel(cut: Cut) -> None:
    """A satchel standing, its pockets under the flap."""
    w, h, d = (cut.size(name) for name in ("width", "height", "depth"))

    def wide(t: Points) -> Points:
        return w / 2 * (1 - 0.03 * t)

    def deep(t: Points) -> Points:
        return d / 2 * np.sqrt(np.clip(1 - (np.clip(t - 0.72, 0, 1) / 0.282) ** 2, 0.004, 1))

    shell = body(wide, deep, h, square=9.0, corner=0.009, slouch=0.0009, seed=cut.spec.seed)
    show(shell, cut.cloth, cut.lining)
    piping(shell, 0.38, cut.trim, low=0.2, radius=0.002)
    half = w * 0.465
    reach = cut.size("reach") or 0.36
    rounding = 0.3 if cut.way("flap") == "curved" else 0.09

    def low(x: Points) -> Points:
        side = np.clip(np.abs(np.asarray(x, float)) / half, 0, 1)
        turn = 0.3 if cut.way("flap") == "curved" else 0.86
        return h * (reach + rounding * np.clip((side - turn) / (1 - turn), 0, 1) ** 2)

    _pockets(cut, shell, w, h, reach)
    place = flap(shell, low, cut.second, half=half, lift=0.012, stitched=cut.thread)
    _closing(cut, shell, place, reach)
    _grip(cut, shell, w)
    if cut.has("pocket") or cut.way("strap") == "long":
        long_strap(cut, shell, w)


def _pockets(cut: Cut, shell: Body, w: float, h: float, reach: float) -> None:
    """One wide pocket under the flap, or two side by side."""
    spans = [(-0.4, 0.4)] if cut.way("pockets") != "two" else [(-0.41, -0.02), (0.02, 0.41)]
    for a, b in spans:
        panel(
            shell,
            (w * a, w * b),
            lambda x: np.full_like(x, h * 0.08),
            lambda x: np.full_like(x, h * (reach + 0.14)),
            cut.second,
            puff=0.008,
            stitched=cut.thread,
        )


def _closing(cut: Cut, shell: Body, place: object, reach: float) -> None:
    w, h, way = cut.size("width"), cut.size("height"), cut.way("closing") or "two"
    if way == "turn":
        turn_lock(place(0.0, h * (reach + 0.07)) + [0, -0.002, 0], cut.metal, 0.036)
        return
    for x in (0.0,) if way == "one" else (-w * 0.24, w * 0.24):
        line = [
            place(x, h * (reach + 0.36)) + [0, -0.002, 0],
            place(x, h * (reach + 0.14)) + [0, -0.003, 0],
            place(x, h * (reach + 0.01)) + [0, -0.004, 0],
            shell.front(x, h * (reach - 0.12), 0.014),
            shell.front(x, h * max(reach - 0.23, 0.06), 0.012),
        ]
        strap(line, 0.022, cut.trim, up=[0, -1, 0], thread=cut.thread, count=44)
        at = shell.front(x, h * (reach - 0.09), 0.018)
        buckle(at, 0.032, cut.metal, tall=0.028)
        if way == "studded":
            rivets([line[0] + [0, -0.003, 0.004]], cut.metal, 0.004)


def _grip(cut: Cut, shell: Body, w: float) -> None:
    top, gap = shell.top(), w * 0.17
    rise = cut.size("grip") or 0.052
    bends = [
        (-1, -0.08),
        (-0.95, 0.58),
        (-0.5, 0.92),
        (0, 1),
        (0.5, 0.92),
        (0.95, 0.58),
        (1, -0.08),
    ]
    grip = np.array([[gap * x, 0, top + rise * z] for x, z in bends])
    leans = [(-1, 0), (-0.8, 0.5), (-0.2, 1), (0, 1), (0.2, 1), (0.8, 0.5), (1, 0)]
    up = np.array([[x, 0, z] for x, z in leans], dtype=float)
    strap(grip, 0.024, cut.trim, up=up, thick=0.008)
