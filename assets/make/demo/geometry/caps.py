"""Caps: baseball, trucker and five-panel caps, and visors."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from ..materials import plain
from .bag_parts import dashes
from .hat_block import AROUND, Block, angles, button, dome, eyelet, head, ring_tube, rough, round_uv
from .lofts import Points, grid_object, grids_object, smooth_path, tube, unit

SIX = (0, 28, 56, 84, 112, 140, 168)
FIVE = (16, 66, 102, 152)
"""Columns of the crown where its panels are sewn; the front is at 84."""


def cap(block: Block) -> None:
    """A cap of panels with a bill."""
    if block.size("open"):
        _visor(block)
        return
    height, five = block.size("height"), bool(block.size("flat"))
    crown = dome(height, square=block.size("square", 2.45), taper=0.0)
    crown[..., 2] += 0.010 * (1 - crown[..., 2] / height) * np.cos(angles())[None]
    crown = rough(crown, 0.0016, block.spec.seed)
    seams = FIVE if five else SIX
    column = np.arange(AROUND + 1)
    for seam in seams:
        dip = np.exp(-(((column - seam) / 0.95) ** 2)) * 0.0011
        crown[..., :2] *= (1 - dip / 0.085)[None, :, None]
    crown = crown + [0, 0, 0.012]
    _panels(block, crown, seams)
    inner = crown[:30][::-1] * [0.975, 0.975, 0.99]
    grid_object("lining", inner, block.lining, round_uv(inner))
    for seam in seams:
        for step in (-1, 1):
            line = crown[:-6, (seam + step) % AROUND] * [1.004, 1.004, 1.0] + [0, 0, 0.0004]
            dashes(smooth_path(line, 240), block.thread, length=0.0032)
    button(block, crown[-1, 0])
    if not five:
        for place in np.arange(6) * np.pi / 3:
            eyelet(crown, place + np.pi / 6, 0.72, block)
    bill(block)
    if block.way("rope") == "rope":
        _rope(block, crown)
    _badge(block, crown)


def _panels(block: Block, crown: Points, seams: tuple[int, ...]) -> None:
    """Each panel is a cloth of its own, so that prints meet at the seams."""
    if seams is FIVE:
        bounds = [(16, 66), (66, 102), (102, 152)]
        wraps = np.concatenate([crown[:, 152:-1], crown[:, :17]], axis=1)
        grids = [crown[:, a : b + 1] for a, b in bounds] + [wraps]
        ahead = [False, True, False, False]
    else:
        grids = [crown[:, a : b + 1] for a, b in pairwise(seams)]
        ahead = [a in (56, 84) for a in seams[:-1]]
    mesh = plain("mesh", block.spec.colours[1])
    for number, (grid, front) in enumerate(zip(grids, ahead, strict=True)):
        stuff = block.cloth
        if block.size("mesh") and not front:
            stuff = mesh
        elif block.blocked:
            other = number % 2 if block.way("block") == "pinwheel" else not front
            stuff = block.second if other else block.cloth
        grid_object("panel", grid, stuff, _panel_uv(grid) + [0.31 * number, 0.17 * number])


def _panel_uv(grid: Points) -> Points:
    """Cloth of a panel, measured from its middle line."""
    rise = np.linalg.norm(np.diff(grid, axis=0), axis=2).mean(axis=1)
    v = np.concatenate([[0.0], np.cumsum(rise)])
    across = np.linalg.norm(np.diff(grid, axis=1), axis=2)
    u = np.concatenate([np.zeros((len(grid), 1)), np.cumsum(across, axis=1)], axis=1)
    u = u - u[:, grid.shape[1] // 2][:, None]
    return np.stack(np.broadcast_arrays(u, v[:, None]), axis=-1)


def bill(block: Block) -> None:
    """The bill, flat or bent over the brow, with its rows of stitches."""
    length, bend = block.size("bill"), block.size("bend", 1.0)
    rows, columns = 18, 61
    spread = np.linspace(-1.08, 1.08, columns)
    x0, y0 = head(spread, 0.985)
    front = (1 - (np.abs(spread) / 1.08) ** 2.6) ** 0.55
    f = np.linspace(0, 1, rows)[:, None]
    reach = length * front[None] * f
    points = np.empty((rows, columns, 3))
    points[..., 0] = x0 * (1 + 0.06 * f * front[None])
    points[..., 1] = y0 - reach
    root = 0.011 + 0.010 * np.cos(spread)
    droop = 0.013 * bend * (points[..., 0] / 0.08) ** 2 * f
    points[..., 2] = np.maximum(root[None] - 0.11 * bend * reach - droop, 0.0045)
    whole = np.concatenate([points, (points - [0, 0, 0.0032])[::-1]])
    under = block.way("under") == "contrast"
    top = block.trim if block.has("contrast") else block.second
    slots = np.zeros((2 * rows - 1, columns - 1), dtype=int)
    slots[rows:] = 1 if under else 0
    uv = np.concatenate([points[..., :2], points[::-1][..., :2]]) + [0.7, 0.4]
    grid_object("bill", whole, [top, block.trim], uv, slots)
    edge = points[-1] - [0, 0, 0.0016]
    edging = block.trim if block.has("bound") else top
    grids_object("bill_edge", [tube(edge, 0.0021, sides=8)], edging)
    for share in np.linspace(0.3, 0.92, int(block.size("rows", 6))):
        row = share * (rows - 1)
        low = int(row)
        line = points[low] * (1 - row % 1) + points[min(low + 1, rows - 1)] * (row % 1)
        path = smooth_path(line[3:-3], 320) + [0, 0, 0.0003]
        dashes(path, block.thread, length=0.0034)


def _rope(block: Block, crown: Points) -> None:
    """A laid cord over the root of the bill."""
    spread = np.linspace(-1.02, 1.02, 160)
    x, y = head(spread, 1.015)
    path = np.stack([x, y, 0.0155 + 0.010 * np.cos(spread)], axis=1)
    out = unit(np.stack([x, y, 0 * x], axis=1))
    turn = np.linspace(0, 40 * np.pi, len(path))
    strands = [
        tube(
            path
            + np.cos(turn + phase)[:, None] * out * 0.0016
            + np.sin(turn + phase)[:, None] * np.array([0, 0, 0.0016]),
            0.0019,
            sides=6,
        )
        for phase in (0, np.pi)
    ]
    grids_object("rope", strands, plain("cord", block.spec.colours[2]))
    del crown


def _visor(block: Block) -> None:
    """A band round the head and a bill."""
    tall = block.size("height")
    angle = angles()
    x, y = head(angle)
    f = np.linspace(0, 1, 12)[:, None]
    lean = 1 - 0.05 * f
    rise = 0.012 + f * tall * (0.62 + 0.38 * np.cos(angle / 2) ** 2) + 0.010 * np.cos(angle)
    band = np.stack(np.broadcast_arrays(x * lean, y * lean, rise), axis=-1)
    whole = np.concatenate([band, band[::-1] * [0.972, 0.972, 1]])
    grid_object("band", whole, block.cloth, round_uv(whole))
    ring_tube(band[-1] * [0.986, 0.986, 1], 0.0019, block.second)
    for level in (1, 10):
        line = band[level] * [1.006, 1.006, 1]
        dashes(smooth_path(line, 900), block.thread, length=0.0034)
    bill(block)
    if block.way("rope") == "rope":
        _rope(block, band)


# what is sewn on the brow ----------------------------------------------------------------------


def _brow(crown: Points, a: Points | float, b: Points | float, lift: float) -> Points:
    """Places on the brow, a metres to the side and b up, raised by `lift`."""
    a, b = np.broadcast_arrays(np.asarray(a, float), np.asarray(b, float))
    column = AROUND / 2 + a / 0.088 / (2 * np.pi) * AROUND
    levels = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(crown[:, 84], axis=0), axis=1))])
    row = np.interp(b, levels, np.arange(len(levels)))
    i, j = row.astype(int), column.astype(int)
    p, q = (row - i)[..., None], (column - j)[..., None]
    low = crown[i, j] * (1 - q) + crown[i, j + 1] * q
    high = crown[i + 1, j] * (1 - q) + crown[i + 1, j + 1] * q
    point = low * (1 - p) + high * p
    return point + unit(point - [0, 0, 0.03]) * lift


def _badge(block: Block, crown: Points) -> None:
    """An embroidered mark, a patch, or nothing."""
    way = block.way("badge") or ("disc" if block.has("badge") else "bare")
    stuff = plain("thread", block.spec.colours[2])
    height = 0.042
    if way == "patch":
        _patch(block, crown, height)
        return
    lines = _marks(way)
    grids = []
    for outline, wide in lines:
        dense = smooth_path(outline, 60)
        line = _brow(crown, dense[:, 0], height + dense[:, 1], 0.0012)
        grids.append(tube(line, wide, flat=0.5, up=unit(line - [0, 0, 0.03]), sides=8))
    grids_object("badge", grids, stuff)


def _marks(way: str) -> list[tuple[Points, float]]:
    """The strokes of a mark, metres from its middle, each with its thickness."""
    turn = np.linspace(0, 2 * np.pi, 25)
    disc = np.stack([np.sin(turn), np.cos(turn)], axis=1)
    match way:
        case "bars":
            x = np.linspace(-0.02, 0.02, 8)
            return [(np.stack([x, 0 * x + z], axis=1), 0.0032) for z in (-0.01, 0, 0.01)]
        case "disc":
            return [(disc * r, 0.0022) for r in (0.02, 0.0124)]
        case "wave":
            x = np.linspace(-0.024, 0.024, 17)
            return [(np.stack([x, 0.004 * np.sin(x * 300) + z], axis=1), 0.0022) for z in (0, 0.01)]
        case "peaks":
            left = np.array([[-0.026, -0.01], [-0.01, 0.012], [-0.002, 0.002], [0.008, 0.018]])
            return [(_cornered(np.concatenate([left, [[0.026, -0.01], [-0.026, -0.01]]])), 0.0018)]
        case "letter":
            stem = np.array([[-0.011, -0.018], [-0.011, 0.018]])
            bowl = np.stack([-0.011 + 0.024 * np.sin(turn[:13]), 0.018 * np.cos(turn[:13])], axis=1)
            return [(_cornered(stem), 0.0034), (bowl, 0.0034)]
    return []


def _cornered(points: Points) -> Points:
    """A path with sharp corners: many places on every straight."""
    pieces = [np.linspace(a, b, 8) for a, b in pairwise(points)]
    return np.concatenate(pieces)


def _patch(block: Block, crown: Points, height: float) -> None:
    a, b = np.meshgrid(np.linspace(-0.027, 0.027, 16), np.linspace(-0.018, 0.018, 12))
    lift = np.full(a.shape, 0.0016)
    lift[[0, -1]] = lift[:, [0, -1]] = -0.0005
    points = np.stack(
        [_brow(crown, x, height + z, w) for x, z, w in zip(a.flat, b.flat, lift.flat, strict=True)]
    ).reshape(*a.shape, 3)
    leather = block.rng.choice(["#8a5a34", "#2e2a28", "#b98a5a"])
    grid_object("patch", points, plain("leather", leather))
    rim = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]]) * [0.024, 0.015]
    path = _cornered(rim)
    dashes(_brow(crown, path[:, 0], height + path[:, 1], 0.002), plain("thread", "#e0d2b0"))
    device = _marks(block.rng.choice(["peaks", "wave", "disc"]))
    grids = []
    for outline, wide in device:
        dense = smooth_path(outline * 0.6, 60)
        line = _brow(crown, dense[:, 0], height + dense[:, 1] - 0.001, 0.0018)
        grids.append(tube(line, wide * 0.6, flat=0.4, up=unit(line - [0, 0, 0.03]), sides=6))
    grids_object("device", grids, plain("thread", "#e0d2b0"))
