"""Open bags: totes, baskets and bucket bags."""

from __future__ import annotations

import numpy as np

from ..materials import plain
from .bag_body import Body, blocks, body, show, skin
from .bag_cut import Cut, fringe, long_strap, tassel
from .bag_parts import panel, piping, rivets, stitches, strap, tab
from .lofts import Points, grid_object, grids_object, smooth_path, tube


def tote(cut: Cut) -> None:
    """A bag with two handles: soft, stiff, or a round basket."""
    w, h, d = (cut.size(name) for name in ("width", "height", "depth"))
    flare, stiff, rounded = cut.size("flare"), cut.size("stiff"), cut.size("round")
    closing = 0.25 if stiff else 0.62

    def wide(t: Points) -> Points:
        return w / 2 * (1 - flare + flare * t)

    def deep(t: Points) -> Points:
        return d / 2 * (0.8 + 0.25 * t if rounded else 1 - closing * t**1.4)

    shell = body(
        wide,
        deep,
        h,
        square=2.6 if rounded else (7.0 if stiff else 4.2),
        corner=0.03 if rounded else 0.014,
        slouch=0.0012 if stiff else 0.006,
        seed=cut.spec.seed,
        opened=True,
    )
    _sewn(cut, shell)
    top = shell.top()
    _handles(cut, shell)
    edge = np.linspace(-w * 0.47, w * 0.47, 80)
    stitches(shell, np.stack([edge, np.full(80, top - 0.018)], axis=1), cut.thread)
    if cut.has("piping") and not rounded:
        piping(shell, 0.36 if d / w < 0.3 else 0.33, cut.trim, low=0.14)
    _front(cut, shell)
    if cut.way("closing") == "tab":
        _closing_tab(cut, shell)
    if cut.way("rim") == "fringe":
        line = np.linspace(-w * 0.46, w * 0.46, 60)
        fringe(cut, shell.front(line, np.full(60, top - 0.012), 0.004), h * 0.2)
    if cut.has("tassel"):
        tassel(cut, shell.front(w * 0.2, top - 0.03, 0.012))


def _sewn(cut: Cut, shell: Body) -> None:
    """The body, of one cloth or of blocks, or with its base dipped in the trim."""
    if cut.blocked:
        way = cut.way("block") or "base"
        show(shell, [cut.cloth, cut.second], cut.lining, slots=blocks(shell, way))
        _block_seam(cut, shell, way)
    elif cut.way("base") == "dipped" and cut.size("round") == 0:
        show(shell, [cut.cloth, cut.trim], cut.lining, slots=blocks(shell, "base"))
        _block_seam(cut, shell, "base")
    else:
        show(shell, cut.cloth, cut.lining)


def _block_seam(cut: Cut, shell: Body, way: str) -> None:
    top = shell.top()
    if way in ("base", "top"):
        z = top * (0.36 if way == "base" else 0.62)
        reach = shell.half_width(z) * 0.95
        x = np.linspace(-reach, reach, 60)
        stitches(shell, np.stack([x, np.full(60, z + 0.005)], axis=1), cut.thread)


def _handles(cut: Cut, shell: Body) -> None:
    way = cut.way("handles") or "short"
    top, w, h = shell.top(), cut.size("width"), cut.size("height")
    reach = {"long": 0.72, "webbing": 0.6, "top": 0.26}.get(way, 0.46) * h
    apart = w * {"top": 0.13, "webbing": 0.22}.get(way, 0.2)
    band = 0.03 if cut.spec.material in ("canvas", "denim", "corduroy") else 0.02
    low = top * 0.06 if way == "webbing" else top - 0.05
    for side in (-1, 1):
        knots = _arch(shell, apart, low, reach)
        knots[:, 1] = side * np.abs(knots[:, 1])
        if way == "rope":
            _rope(cut, knots)
        elif way == "rolled":
            path = smooth_path(knots[1:-1], 90)
            up = np.array([0.0, -1.0, 0.0])
            grids_object("handle", [tube(path, 0.0085, up=up, sides=14)], cut.trim)
        else:
            thread = cut.thread if band > 0.025 else None
            strap(knots, band, cut.trim, up=[0.0, -1.0, 0.0], thick=0.0045, thread=thread)
    for x in (-apart, apart):
        if way == "rope":
            rivets([shell.front(x, top - 0.03, 0.003)], cut.metal, 0.011)
        elif way == "rolled":
            tab(shell, x, (top - 0.1, top - 0.004), 0.026, cut.trim, cut.thread, lift=0.004)
        else:
            tab(shell, x, (top - 0.075, top - 0.03), band * 1.25, cut.trim, cut.thread, lift=0.0065)


def _arch(shell: Body, apart: float, low: float, reach: float) -> Points:
    """A handle's way: up the front from `low`, over in an arch, and down again."""
    top = shell.top()
    steps = np.linspace(low, top - 0.004, 2 if top - low < 0.1 else 5)
    rising = [shell.front(-apart, z, 0.004) for z in steps]
    falling = [p * [-1, 1, 1] for p in rising[::-1]]
    y = rising[-1][1]
    arch = [
        [-apart * 0.93, y * 0.95, top + reach * 0.45],
        [-apart * 0.52, y * 0.6 - 0.012, top + reach * 0.9],
        [0, y * 0.55 - 0.015, top + reach],
        [apart * 0.52, y * 0.6 - 0.012, top + reach * 0.9],
        [apart * 0.93, y * 0.95, top + reach * 0.45],
    ]
    return np.array([*rising, *arch, *falling])


def _rope(cut: Cut, knots: Points) -> None:
    """Three strands laid round each other, knotted under the eyelets."""
    path = smooth_path(knots[1:-1], 260)
    turn = np.linspace(0, 34 * np.pi, len(path))
    out = np.array([0.0, -1.0, 0.0])
    side = np.cross(np.gradient(path, axis=0), out)
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    strands = []
    for phase in (0, 2 * np.pi / 3, 4 * np.pi / 3):
        wind = np.cos(turn + phase)[:, None] * side + np.sin(turn + phase)[:, None] * out
        strands.append(tube(path + wind * 0.0038, 0.0042, sides=7))
    grids_object("rope", strands, plain("cord", "#d9cdb4"))


def _front(cut: Cut, shell: Body) -> None:
    """What is sewn on the front: a pocket, a leather patch, a stripe of webbing, studs."""
    w, h, way = cut.size("width"), cut.size("height"), cut.way("front")
    if cut.size("round"):
        return

    def flat(z: float) -> object:
        return lambda x: np.full_like(x, z)

    def piece(half: float, low: float, high: float, material: object, **more: object) -> None:
        panel(shell, (-w * half, w * half), flat(h * low), flat(h * high), material, **more)

    if way == "pocket" or cut.has("pocket"):
        piece(0.19, 0.22, 0.66, cut.second, lift=0.003, stitched=cut.thread)
    elif way == "patch":
        leather = plain("leather", "#8d5428" if cut.spec.seed % 2 else "#2b2321")
        piece(0.085, 0.42, 0.56, leather, lift=0.0022, stitched=plain("thread", "#d8c7a0"))
    elif way == "belt":
        piece(0.47, 0.56, 0.66, cut.trim, lift=0.0018, columns=70)
    elif way == "studs":
        x = np.linspace(-w * 0.42, w * 0.42, 13)
        rivets([shell.front(a, h * 0.1, 0.001) for a in x], cut.metal, 0.0045)
        rivets([shell.front(a, h * 0.86, 0.001) for a in x], cut.metal, 0.0045)


def _closing_tab(cut: Cut, shell: Body) -> None:
    """A strap over the mouth with a stud."""
    top = shell.top()
    front = shell.front(0.0, top - 0.05, 0.006)
    over = shell.front(0.0, top - 0.004, 0.006)
    back = over * [1, -1, 1]
    middle = (over + back) / 2 + [0, 0, 0.012]
    strap([back, middle, over, front], 0.032, cut.trim, up=[0, -0.7, 0.7], thick=0.004, count=40)
    rivets([front + [0, -0.002, 0.012]], cut.metal, 0.008)


def bucket(cut: Cut) -> None:
    """A round bag gathered by a cord."""
    w, h, d = (cut.size(name) for name in ("width", "height", "depth"))
    taper = cut.size("taper") or 0.3

    def wide(t: Points) -> Points:
        return w / 2 * (0.9 + 0.1 * np.sin(np.pi * np.clip(t * 0.8, 0, 1)) - taper * t**4)

    def deep(t: Points) -> Points:
        return d / 2 * (0.95 + 0.05 * np.sin(np.pi * t) - (taper + 0.08) * t**4)

    shell = body(
        wide, deep, h, square=2.3, corner=0.012, slouch=0.004, seed=cut.spec.seed, opened=True
    )
    pleats = int(cut.size("pleats") or 13)
    points = shell.skin.points.copy()
    around = np.linspace(-1, 1, points.shape[1])
    rows = np.clip((points[..., 2] / h - 0.62) / 0.38, 0, 1) ** 1.5
    wave = 1 + 0.075 * rows * np.sin(np.pi * pleats * around)[None]
    points[..., :2] *= wave[..., None]
    shell = Body(skin(points), True)
    if cut.blocked:
        way = cut.way("block") or "base"
        show(shell, [cut.cloth, cut.second], cut.lining, slots=blocks(shell, way))
    else:
        show(shell, cut.cloth, cut.lining)
    _gathering_cord(cut, shell, pleats)
    if cut.way("base") == "dipped" and not cut.blocked:
        _base(cut, shell, h * 0.16)
    if cut.way("rim") == "fringe":
        reach = shell.half_width(h * 0.55) * 0.88
        line = np.linspace(-reach, reach, 60)
        fringe(cut, shell.front(line, np.full(60, h * 0.55), 0.003), h * 0.3)
    long_strap(cut, shell, w * 0.95, cut.way("strap"))


def _gathering_cord(cut: Cut, shell: Body, pleats: int) -> None:
    t_cord = float(shell.find(0.0, shell.top() * 0.86)[1])
    turns = np.linspace(-1, 1, 160)
    inside = np.sin(np.pi * pleats * turns) * 0.0028
    cord = shell.skin.at(turns, np.full(160, t_cord), 0.002 + inside)
    strap(cord, 0.006, cut.trim, up=[0, 0, 1], thick=0.006, count=160)
    knot = shell.skin.at(0.0, t_cord, 0.007)
    for way in (-1, 1):
        hang = [knot, knot + [0.012 * way, -0.006, -0.015], knot + [0.018 * way, -0.004, -0.07]]
        path = strap(hang, 0.006, cut.trim, up=[0, -1, 0], thick=0.006, count=24)
        tip = [path[-1], path[-1] + [0.001 * way, -0.001, -0.018]]
        strap(tip, 0.011, cut.trim, up=[0, -1, 0], thick=0.009, count=6)


def _base(cut: Cut, shell: Body, high: float) -> None:
    """A bottom of the trim's leather, turned up the walls."""
    rows = np.linspace(0.13, float(shell.find(0.0, high)[1]), 8)
    wrap = np.linspace(-1, 1, 129) * (1 - 1e-9)
    lifts = np.full(8, 0.002)
    lifts[-1] = -0.001
    band = np.stack([shell.skin.at(wrap, t, lift) for t, lift in zip(rows, lifts, strict=True)])
    grid_object("base", band, cut.trim)
