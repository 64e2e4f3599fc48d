"""Backpacks: domed with a zip, or with a flap and straps."""

from __future__ import annotations

import numpy as np

from .bag_body import Body, blocks, body, show
from .bag_cut import Cut
from .bag_parts import buckle, flap, panel, stitches, strap
from .fastenings import zip_line
from .lofts import Points


def backpack(cut: Cut) -> None:
    """A backpack standing, its front pocket or flap towards us."""
    w, h, d = (cut.size(name) for name in ("width", "height", "depth"))
    flapped = bool(cut.size("flap"))
    dome = 0.1 if flapped else (cut.size("dome") or 0.26)

    def over(t: Points) -> Points:
        return np.sqrt(np.clip(1 - np.clip((t - 1 + dome) / dome, 0, 1) ** 2, 0.0, 1))

    def wide(t: Points) -> Points:
        return w / 2 * (0.95 + 0.05 * np.sin(np.pi * t)) * (0.42 + 0.58 * over(t) ** 0.8)

    def deep(t: Points) -> Points:
        return d / 2 * (1 - 0.24 * t) * np.maximum(over(t), 0.03)

    shell = body(wide, deep, h, square=3.6, corner=0.03, slouch=0.005, seed=cut.spec.seed)
    if cut.blocked:
        way = cut.way("block") or "base"
        show(shell, [cut.cloth, cut.second], cut.lining, slots=blocks(shell, way))
    elif cut.way("base") == "dipped":
        show(shell, [cut.cloth, cut.trim], cut.lining, slots=blocks(shell, "base"))
    else:
        show(shell, cut.cloth, cut.lining)
    top = shell.top()
    _back_straps(cut, w, d, top)
    if flapped:
        _buckled_flap(cut, shell, w, h)
    else:
        _arched_zip(cut, shell, w, h)
    pockets = cut.way("pockets") or "one"
    if cut.has("pocket") or not flapped:
        high = {"tall": 0.5, "low": 0.34}.get(pockets, 0.44)
        _pocket(cut, shell, w * 0.36, h * 0.08, h * high)
    if pockets == "two" and not flapped:
        _pocket(cut, shell, w * 0.3, h * 0.48, h * 0.68, puff=0.012)
    if cut.way("sides") == "compression" and not flapped:
        _lash_tab(cut, shell, h)
    _grip(cut, d, top)


def _buckled_flap(cut: Cut, shell: Body, w: float, h: float) -> None:
    half = w * 0.41
    reach = cut.size("reach") or 0.55

    def low(x: Points) -> Points:
        side = np.clip(np.abs(np.asarray(x, float)) / half, 0, 1)
        return h * (reach + 0.1 * np.clip((side - 0.7) / 0.3, 0, 1) ** 2)

    place = flap(shell, low, cut.second, half=half, lift=0.008, stitched=cut.thread)
    for x in (0.0,) if cut.way("closing") == "one" else (-w * 0.22, w * 0.22):
        tip = place(x, h * (reach + 0.02))
        line = [
            place(x, h * 0.8) + [0, -0.002, 0],
            tip + [0, -0.004, 0],
            shell.front(x, h * (reach - 0.19), 0.012),
        ]
        strap(line, 0.024, cut.trim, up=[0, -1, 0], thread=cut.thread, count=36)
        buckle(shell.front(x, h * (reach - 0.08), 0.012), 0.034, cut.metal, tall=0.028)


def _arched_zip(cut: Cut, shell: Body, w: float, h: float) -> None:
    turn = np.linspace(-np.pi / 2, np.pi / 2, 60)
    arch = np.stack([np.sin(turn) * w * 0.45, h * (0.5 + 0.40 * np.cos(turn) ** 0.8)], axis=1)
    path = shell.front(arch[:, 0], arch[:, 1], 0.002)
    normals = shell.skin.normal(*shell.find(arch[:, 0], arch[:, 1]))
    zip_line(path, normals, cut.trim, cut.metal, half=0.008)


def _pocket(
    cut: Cut, shell: Body, half: float, low: float, high: float, puff: float = 0.022
) -> None:
    """A pocket that stands out, with its zip."""
    panel(
        shell,
        (-half, half),
        lambda x: low + low * 0.6 * (np.abs(x) / half) ** 6 * 0.25,
        lambda x: high - 0.03 * (np.abs(x) / half) ** 6,
        cut.trim if cut.has("contrast") else cut.second,
        puff=puff,
        lift=0.002,
    )
    across = np.linspace(-half * 0.82, half * 0.82, 40)
    s, t = shell.find(across, np.full(40, high - 0.03))
    lift = 0.014 if puff > 0.02 else 0.010
    zip_line(shell.skin.at(s, t, lift), shell.skin.normal(s, t), cut.trim, cut.metal, half=0.007)


def _lash_tab(cut: Cut, shell: Body, h: float) -> None:
    """The diamond of leather with two slots that hikers lash things to."""
    z, half = h * 0.8, 0.022
    panel(
        shell,
        (-half, half),
        lambda x: z - half + np.abs(x),
        lambda x: z + half - np.abs(x),
        cut.trim,
        lift=0.003,
    )
    for x in (-0.006, 0.006):
        slot = np.stack([np.full(8, x), np.linspace(z - 0.008, z + 0.008, 8)], axis=1)
        stitches(shell, slot, cut.thread, lift=0.0034)


def _grip(cut: Cut, d: float, top: float) -> None:
    bends = [(-0.045, -0.012), (-0.04, 0.03), (0, 0.045), (0.04, 0.03), (0.045, -0.012)]
    grip = np.array([[x, d * 0.1, top + z] for x, z in bends])
    up = [[-1, 0, 0], [-0.7, 0, 0.7], [0, 0, 1], [0.7, 0, 0.7], [1, 0, 0]]
    strap(grip, 0.022, cut.trim, up=up, thick=0.006, count=40)


def _back_straps(cut: Cut, w: float, d: float, top: float) -> None:
    """Padded straps behind, seen over the shoulders and at the sides."""
    for side in (-1, 1):
        knots = np.array(
            [
                [side * w * 0.13, d * 0.3, top - 0.03],
                [side * w * 0.2, d * 0.52, top - 0.005],
                [side * w * 0.36, d * 0.95, top * 0.86],
                [side * w * 0.52, d * 1.05, top * 0.6],
                [side * w * 0.55, d * 0.85, top * 0.34],
                [side * w * 0.47, d * 0.45, top * 0.1],
            ]
        )
        up = np.array(
            [
                [0, 0.3, 1],
                [0.2 * side, 0.7, 0.7],
                [0.6 * side, 0.8, 0.3],
                [0.8 * side, 0.6, 0],
                [0.8 * side, 0.6, -0.2],
                [0.6 * side, 0.6, -0.5],
            ]
        )
        strap(knots, 0.055, cut.cloth, up=up, thick=0.013, thread=cut.thread)
