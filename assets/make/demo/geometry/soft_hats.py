"""Soft hats: bucket hats, beanies, berets and flat caps."""

from __future__ import annotations

import numpy as np

from ..materials import plain
from .bag_parts import dashes
from .caps import bill
from .hat_block import (
    AROUND,
    Block,
    angles,
    button,
    dome,
    draped_uv,
    eyelet,
    head,
    ring_tube,
    rough,
    round_uv,
)
from .lofts import Points, grid_object, grids_object, smooth_path, smoothstep, tube, unit


def bucket(block: Block) -> None:
    """A crown of side and tip, and a stitched brim that hangs."""
    height, brim = block.size("height"), block.size("brim")
    crown = dome(height, square=6.0, taper=block.size("taper", 0.14), rows=52)
    points = _hanging_brim(block, brim)
    low = float(points[..., 2].min())
    points[..., 2] -= low - 0.001
    crown = rough(crown, 0.0026, block.spec.seed) + [0, 0, 0.001 - low]
    turn = int(len(crown) * 0.56)
    sides, tip = crown[: turn + 1], crown[turn:]
    uv = round_uv(crown)
    accent = block.way("block") == "tip"
    grid_object("side", sides, block.cloth, uv[: turn + 1])
    grid_object("tip", tip, block.second if accent else block.cloth, tip[..., :2].copy())
    _sewn_brim(block, points, brim)
    seam = crown[0] * [1.006, 1.006, 1] + [0, 0, 0.002]
    ring_tube(seam, 0.0016, block.cloth)
    ring_tube(crown[turn] * [1.002, 1.002, 1], 0.0015, block.cloth)
    if block.way("band") == "band":
        _band(block, crown)
    for side in (-1, 1):
        for step in (-0.16, 0.16):
            eyelet(crown, side * np.pi / 2 + step, 0.42, block)
    if block.has("cord"):
        _chin_cord(block, crown)


def _hanging_brim(block: Block, brim: float) -> Points:
    angle = angles()
    f = np.linspace(0, 1, 20)[:, None]
    x, y = head(angle)
    away = unit(np.stack([x, y], axis=1))
    phase = block.size("phase")
    wave = 0.06 * np.sin(3 * angle + phase) + 0.05 * np.cos(2 * angle + phase * 0.7)
    lean = np.clip(block.size("lean", 0.66) + wave, 0.2, 0.95)
    points = np.empty((20, AROUND + 1, 3))
    points[..., 0] = x + away[:, 0] * brim * f * lean
    points[..., 1] = y + away[:, 1] * brim * f * lean
    points[..., 2] = -brim * f * np.sqrt(np.clip(1 - lean**2, 0.1, 1)) * 0.9
    return points


def _sewn_brim(block: Block, points: Points, brim: float) -> None:
    """The brim's two layers, its edge and its rows of stitches."""
    rows, angle = len(points), angles()
    f = np.linspace(0, 1, rows)[:, None]
    whole = np.concatenate([points, points[::-1] - [0, 0, 0.003]])
    uv = np.stack(np.broadcast_arrays(angle[None] * (0.088 + 0.03 * f), -brim * f), axis=-1)
    uv = uv + [0.0, 0.53]
    over = block.second if block.blocked and block.way("block") != "tip" else block.cloth
    under = block.trim if block.has("contrast") else block.second
    slots = np.zeros((len(whole) - 1, AROUND), dtype=int)
    slots[rows:] = 1
    grid_object("brim", whole, [over, under], np.concatenate([uv, uv[::-1]]), slots)
    edge = points[-1] - [0, 0, 0.0015]
    ring_tube(
        edge, 0.0022 if block.has("bound") else 0.0017, block.trim if block.has("bound") else over
    )
    if block.way("edge") == "frayed":
        _frayed(block, edge)
    for share in np.linspace(0.12, 0.95, int(block.size("rows", 7))):
        row = share * (rows - 1)
        i = int(row)
        line = points[i] * (1 - row % 1) + points[min(i + 1, rows - 1)] * (row % 1)
        dashes(smooth_path(line, 700) + [0, 0, 0.0004], block.thread, length=0.004)


def _frayed(block: Block, edge: Points) -> None:
    """A raw edge: short loose threads."""
    grids = []
    for place in smooth_path(edge, 620):
        out = unit(place * [1, 1, 0]) * block.rng.uniform(0.002, 0.006)
        tip = place + out + [0, 0, -block.rng.uniform(0.003, 0.008)]
        grids.append(tube(np.array([place, tip]), 0.0004, sides=4))
    grids_object("frayed", grids, block.second if block.blocked else block.cloth)


def _band(block: Block, crown: Points) -> None:
    """A band of other cloth round the foot of the crown."""
    band = crown[1:14] * [1.008, 1.008, 1.0]
    band[[0, -1]] = crown[[1, 13]] * [0.999, 0.999, 1.0]
    grid_object("band", band, block.trim, round_uv(band))


def _chin_cord(block: Block, crown: Points) -> None:
    """A cord from side to side, lying in front."""
    left, right = crown[4, AROUND // 4], crown[4, AROUND * 3 // 4]
    low = 0.006
    knots = [left * 1.02, left * [1.5, 1, 0] + [0, -0.05, low + 0.01], [-0.06, -0.2, low]]
    knots += [[0.0, -0.215, low], [0.06, -0.2, low], right * [1.5, 1, 0] + [0, -0.05, low + 0.01]]
    knots += [right * 1.02]
    cord = plain("cord", block.spec.colours[2])
    grids_object("cord", [tube(smooth_path(knots, 120), 0.0021, sides=8)], cord)


def beanie(block: Block) -> None:
    """A knitted cap, with a cuff, a bobble, a label."""
    height, cuff = block.size("height"), block.size("cuff")
    crown = dome(height, square=2.35, rows=64, taper=0.0, swell=0.02)
    angle = angles()
    ribs = int(block.size("ribs", 44))
    rise = crown[..., 2] / height
    rib = np.abs(np.sin(angle * ribs / 2)) ** 0.7
    depth = 0.0021 * 44 / ribs * np.clip(1 - rise**6, 0, 1)
    crown[..., :2] *= (1 + depth * (rib[None] - 0.6) / 0.088)[..., None]
    gather = 1 + 0.05 * smoothstep(0.8, 1.0, rise) * np.sin(angle * 9)[None]
    crown[..., :2] *= gather[..., None]
    crown = rough(crown, 0.0022, block.spec.seed, 0.06)
    crown[..., 2] -= crown[..., 2].min()
    slouch = block.size("slouch")
    crown[..., 1] += slouch * smoothstep(0.5, 1.0, rise) * 0.06
    crown[..., 2] -= slouch * smoothstep(0.55, 1.0, rise) * (0.016 + 0.2 * crown[..., 1])
    _knitted(block, crown)
    if cuff:
        _cuff(block, cuff, ribs)
    else:
        ring_tube(crown[0] + [0, 0, 0.002], 0.003, block.cloth)
    if block.size("bobble"):
        _bobble(block, crown[-1].mean(axis=0))


def _knitted(block: Block, crown: Points) -> None:
    """The crown, in one yarn or with its tip in another."""
    slots = np.zeros((len(crown) - 1, AROUND), dtype=int)
    if block.blocked and block.way("block") == "tip":
        slots[int(len(crown) * 0.42) :] = 1
    elif block.blocked and block.way("block") == "stripes":
        for start in (16, 24):
            slots[start : start + 4] = 1
    grid_object("crown", crown, [block.cloth, block.second], round_uv(crown), slots)


def _cuff(block: Block, cuff: float, ribs: int) -> None:
    f = np.linspace(0, 1, 22)
    puff = 0.0065 * np.clip(np.sin(np.pi * f), 0, 1) ** 0.35 + 0.0015
    angle = angles()
    x, y = head(angle)
    ring = np.stack([x, y], axis=1)
    away = unit(ring)
    tall = np.abs(np.sin(angle * ribs / 2)) ** 0.7 * 0.0024
    band = np.empty((22, AROUND + 1, 3))
    spread = puff[:, None] + tall[None] * np.clip(np.sin(np.pi * f), 0, 1)[:, None] ** 0.5
    band[..., :2] = ring[None] + away[None] * spread[..., None]
    uneven = 0.004 * np.sin(angle + block.spec.seed % 6)
    band[..., 2] = 0.001 + f[:, None] * (cuff + uneven[None])
    folded = block.second
    if block.has("contrast"):
        folded = plain("knit", block.spec.colours[1])
    grid_object("cuff", band, folded, round_uv(band))
    if block.has("badge"):
        _label(block, band)


def _label(block: Block, band: Points) -> None:
    middle = AROUND // 2 + int(block.size("label"))
    patch = band[7:16, middle - 6 : middle + 7]
    patch = patch + unit(patch * [1, 1, 0]) * 0.0022
    grid_object(
        "label", patch, plain("leather", block.rng.choice(["#8a5a34", "#2e2a28", "#d8cdb8"]))
    )


def _bobble(block: Block, top: Points) -> None:
    """A pompon: thousands of short yarns."""
    source = np.random.default_rng(block.spec.seed)
    way = unit(source.normal(size=(1500, 3)))
    radius = block.size("pompon", 0.031) * source.uniform(0.86, 1.06, size=(1500, 1))
    centre = top + [0, 0, 0.024]
    side = unit(np.cross(way, source.normal(size=(1500, 3))))
    grids = []
    for out, reach, edge in zip(way, radius, side, strict=True):
        root, tip = centre + out * 0.006, centre + out * reach
        width = edge * 0.0011
        grids.append(
            np.array([[root - width, root + width], [tip - width * 1.6, tip + width * 1.6]])
        )
    colour = block.spec.colours[1] if block.rng.random() < 0.5 else block.spec.colours[0]
    grids_object("bobble", grids, plain("cord", colour))


def beret(block: Block) -> None:
    """A flat round cap with its stalk."""
    height, wide = block.size("height"), block.size("wide")
    angle = angles()
    profile = np.array(
        [
            [0.083, 0.0],
            [0.086, 0.012],
            [0.1, 0.02],
            [wide * 0.93, 0.032],
            [wide, 0.046],
            [wide * 0.93, 0.06],
            [wide * 0.7, height * 0.94],
            [wide * 0.35, height],
            [0.0005, height],
        ]
    )
    line = smooth_path(profile, 60)
    lean = block.size("lean", 0.022)
    rings = np.empty((60, AROUND + 1, 3))
    rise = line[:, 1] / height
    rings[..., 0] = np.sin(angle)[None] * line[:, :1] * 0.98 + lean * rise[:, None]
    rings[..., 1] = -np.cos(angle)[None] * line[:, :1] + 0.012 * rise[:, None]
    droop = -0.02 * np.sin(angle)[None] * (line[:, :1] / wide) ** 2
    rings[..., 2] = line[:, 1:] + droop + 0.02
    fold = np.sin(angle * 7 + 1.3 * np.sin(angle * 2))[None] * 0.0035
    rings[..., 2] += fold * np.clip(line[:, :1] / wide, 0, 1) * np.clip(1 - rise[:, None], 0, 1)
    rings = rough(rings, 0.003, block.spec.seed, 0.06)
    rings[..., 2] -= rings[..., 2].min()
    slots = np.zeros((59, AROUND), dtype=int)
    slots[34:] = 1
    grid_object("beret", rings, [block.cloth, block.second], draped_uv(rings), slots)
    stalk = rings[-1].mean(axis=0)
    grids_object(
        "stalk", [tube(np.array([stalk, stalk + [0.002, 0, 0.012]]), 0.0022, sides=8)], block.cloth
    )
    ring_tube(rings[1], 0.0028, plain("leather", "#2c2624") if block.has("bound") else block.cloth)


def newsboy(block: Block) -> None:
    """A full cap of eight panels over a short bill."""
    height, wide = block.size("height"), block.size("wide")
    profile = [[0.084, 0.0], [0.086, 0.012], [0.1, 0.022], [wide * 0.96, 0.038], [wide, 0.052]]
    profile += [[wide * 0.9, 0.07], [wide * 0.62, height], [wide * 0.3, height + 0.006]]
    profile += [[0.0005, height + 0.008]]
    line = smooth_path(np.array(profile), 60)
    angle = angles()
    rings = np.empty((60, AROUND + 1, 3))
    rings[..., 0] = np.sin(angle)[None] * line[:, :1] * 0.95
    rings[..., 1] = -np.cos(angle)[None] * line[:, :1] * 1.06 - 0.006
    full = np.clip(line[:, :1] / wide, 0, 1) ** 2
    rings[..., 2] = line[:, 1:] - 0.012 * np.cos(angle)[None] * full + 0.014
    rings = rough(rings, 0.0045, block.spec.seed, 0.045)
    width = AROUND // 8
    for number in range(8):
        panel = rings[:, number * width : (number + 1) * width + 1].copy()
        dip = np.abs(np.linspace(-1, 1, width + 1)) ** 12
        panel[..., :2] *= (1 - 0.012 * dip)[None, :, None]
        across = np.linspace(-0.5, 0.5, width + 1)[None] * 2 * np.pi / 8 * line[:, :1]
        run = np.cumsum(np.r_[0, np.linalg.norm(np.diff(line, axis=0), axis=1)])[:, None]
        uv = np.stack(np.broadcast_arrays(across, run), axis=-1) + [0.37 * number, 0.0]
        stuff = block.second if number % 2 else block.cloth
        grid_object("panel", panel, stuff, uv)
    ring_tube(rings[1], 0.0024, block.cloth)
    button(block, rings[-1, 0])
    bill(block)


def flat_cap(block: Block) -> None:
    """A flat cap, its crown pulled down over the bill."""
    height, wide = block.size("height"), block.size("wide")
    angle = angles()
    rows = 50
    turn = np.linspace(0, np.pi / 2, rows)
    share = np.sin(turn) ** 0.75
    out = np.maximum(np.cos(turn), 1e-3) ** 0.55
    rings = np.empty((rows, AROUND + 1, 3))
    ahead = np.clip(np.cos(angle), 0, 1)
    x, y = np.sin(angle) * wide * 0.74, -np.cos(angle) * (0.1 + 0.052 * ahead**2)
    low = 0.9 + 0.1 * np.sin(np.pi * np.clip(share * 1.2, 0, 1))
    rings[..., 0] = x[None] * (out * low)[:, None]
    rings[..., 1] = y[None] * (out * low)[:, None]
    tall = height * (0.86 - 0.36 * np.clip(-rings[..., 1] / 0.15, -0.15, 1) ** 1.0)
    rings[..., 2] = share[:, None] * tall + 0.012
    rings = rough(rings, 0.0024, block.spec.seed, 0.055)
    grid_object("cap", rings, block.cloth, draped_uv(rings))
    spread = np.linspace(-0.95, 0.95, 51)
    f = np.linspace(0, 1, 12)[:, None]
    front = (1 - (np.abs(spread) / 0.95) ** 3) ** 0.6
    bill = np.empty((12, 51, 3))
    bill[..., 0] = np.sin(spread) * wide * 0.72 * (1 + 0.04 * f)
    bill[..., 1] = -np.cos(spread) * 0.128 + 0.012 - 0.045 * f * front
    bill[..., 2] = 0.022 - 0.012 * f - 0.02 * (bill[..., 0] / 0.09) ** 2 + 0.004
    bill[..., 2] = np.maximum(bill[..., 2], 0.003)
    whole = np.concatenate([bill, bill[::-1] - [0, 0, 0.003]])
    grid_object("bill", whole, block.cloth, whole[..., :2].copy())
    grids_object("edge", [tube(bill[-1] - [0, 0, 0.0015], 0.0022, sides=8)], block.cloth)
    button(block, rings[-1, 0])
