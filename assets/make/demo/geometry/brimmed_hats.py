"""Hats with a brim all round: felts and straws, with their ribbons."""

from __future__ import annotations

from itertools import pairwise

import bpy
import numpy as np

from ..materials import fabric, plain
from .hat_block import AROUND, Block, angles, dome, head, ring_tube, rough, round_uv
from .lofts import Points, grid_object, grids_object, smooth_path, smoothstep, tube, unit


def brimmed(block: Block) -> None:
    """A crown, a brim and a ribbon."""
    height, pinch, way = block.size("height"), block.size("pinch"), block.way("crown")
    if way == "telescope":
        crown = _sunk(dome(height, square=7.0, taper=0.08, rows=56), height)
    elif pinch and way != "round":
        crown = _pinched(dome(height, square=3.6, taper=0.1, rows=56), height, pinch, way)
    else:
        square = 7.0 if block.size("flat") else 2.5
        crown = dome(height, square=square, taper=0.03, rows=56)
    crown = rough(crown, 0.0014, block.spec.seed, 0.06)
    base = _brim(block)
    crown = crown + [0, 0, base]
    grid_object("crown", crown, block.cloth, round_uv(crown))
    inner = crown[:40][::-1] * [0.97, 0.97, 1.0]
    grid_object("lining", inner, block.lining, round_uv(inner))
    _ribbon(block, crown)


def _brim(block: Block) -> float:
    """The brim, lowest point on the floor; returns the height of the crown's foot."""
    flat = _brim_shape(block)
    lowest = float(flat[..., 2].min())
    flat[..., 2] -= lowest - 0.001
    whole = np.concatenate([flat, flat[::-1] - [0, 0, 0.0024]])
    f = np.linspace(0, 1, len(flat))[:, None]
    brim = block.size("brim")
    uv = np.stack(np.broadcast_arrays(angles()[None] * (0.088 + brim * f / 2), -brim * f), axis=-1)
    slots = np.zeros((len(whole) - 1, AROUND), dtype=int)
    if block.blocked:
        slots[:] = 1
        if block.way("block") == "edge":
            slots[:14] = slots[-14:] = 0
    grid_object("brim", whole, [block.cloth, block.second], np.concatenate([uv, uv[::-1]]), slots)
    edge = flat[-1] - [0, 0, 0.0012]
    if block.way("edge") == "frayed" and block.spec.material == "straw":
        _frayed(block, edge)
    bound = block.has("bound")
    edging = block.trim if bound else (block.second if block.blocked else block.cloth)
    ring_tube(edge, 0.0022 if bound else 0.0013, edging)
    return 0.001 - lowest


def _brim_shape(block: Block) -> Points:
    brim, pinch, snap = block.size("brim"), block.size("pinch"), block.size("snap")
    angle = angles()
    f = np.linspace(0, 1, 22)[:, None]
    x, y = head(angle)
    away = unit(np.stack([x, y], axis=1))
    wide = brim * (1 - 0.06 * np.cos(2 * angle))
    side = np.sin(angle) ** 2
    curl = 0.03 * side * (1 if pinch else 0.15) * brim / 0.07 * block.size("curl", 1.0)
    front = 0.022 * snap * -np.cos(angle) if snap > 0 else 0.035 * snap * np.ones_like(angle)
    wave = block.size("wave", 0.006) * np.sin(3 * angle + block.size("phase"))
    ripple = wave if brim > 0.08 else 0 * angle
    rise = f**2 * (curl - np.abs(front) * (snap < 0) - 0.012 * snap * np.cos(angle) + ripple)
    flat = np.empty((22, AROUND + 1, 3))
    flat[..., 0] = x + away[:, 0] * wide * f
    flat[..., 1] = y + away[:, 1] * wide * f
    flat[..., 2] = rise + 0.006 * (1 - np.clip(f / 0.15, 0, 1)) ** 2
    return flat


def _frayed(block: Block, edge: Points) -> None:
    """Loose ends of straw round the brim."""
    grids = []
    for place in smooth_path(edge, 420):
        out = unit(place * [1, 1, 0]) * block.rng.uniform(0.006, 0.011)
        tip = place + out + [block.rng.uniform(-0.002, 0.002), 0, block.rng.uniform(-0.003, 0.001)]
        grids.append(tube(np.array([place, tip]), 0.0006, sides=5))
    grids_object("frayed", grids, block.cloth)


def _sunk(crown: Points, height: float) -> Points:
    """A flat top, sunk inside its rim."""
    away = np.hypot(crown[..., 0] / 0.079, crown[..., 1] / 0.097)
    top = smoothstep(0.6, 0.98, crown[..., 2] / height)
    crown = crown.copy()
    crown[..., 2] -= 0.013 * top * smoothstep(0.84, 0.66, away)
    return crown


def _pinched(crown: Points, height: float, pinch: float, way: str) -> Points:
    """The crease along the crown and the two pinches at its front."""
    x, y, z = crown[..., 0], crown[..., 1], crown[..., 2]
    high = smoothstep(0.55, 1.0, z / height)
    broad = 0.026 + 0.016 * np.clip(y / 0.08, -1, 1) if way == "teardrop" else 0.021
    crease = np.exp(-((x / broad) ** 2)) * np.clip(1 - (y / 0.095) ** 4, 0, 1)
    z = z - pinch * 0.024 * high * crease
    z = z - pinch * 0.012 * high * np.clip((y + 0.02) / 0.09, 0, 1)
    front = np.exp(-(((y + 0.055) / 0.032) ** 2)) * smoothstep(0.4, 0.95, z / height)
    x = x * (1 - pinch * 0.32 * front)
    return np.stack([x, y, z], axis=-1)


def _ribbon(block: Block, crown: Points) -> None:
    tall = block.size("tall", 0.034 if block.has("band") else 0.016)
    levels = crown[:, 0, 2] - crown[0, 0, 2]
    rows = np.linspace(0.002, tall, 8)
    f = np.interp(rows, levels, np.arange(len(levels)))
    i = np.minimum(f.astype(int), len(crown) - 2)
    rest = (f - i)[:, None, None]
    band = crown[i] * (1 - rest) + crown[i + 1] * rest
    push = np.full(8, 0.0016)
    push[0] = push[-1] = -0.0004
    away = unit(band * [1, 1, 0])
    band = band + away * push[:, None, None]
    way = "leather" if block.has("cord") else block.way("ribbon") or "ribbon"
    material = _ribbon_cloth(block, way)
    grid_object("ribbon", band, material, round_uv(band))
    side = int(AROUND * 0.5 + AROUND * 0.24)
    spot = band[4, side]
    out = away[4, side]
    along = unit(band[4, side + 1] - spot)
    up = np.array([0.0, 0.0, 1.0])
    if block.has("feather") and not block.size("flat"):
        _feather(block, spot + out * 0.003, along, up, out)
    elif way in ("leather", "braid"):
        _buckled(block, spot + out * 0.003, along, up)
    else:
        _bow(spot, along, up, out, tall * 0.42, material)
        if way == "scarf":
            _tails(spot, along, up, out, material)


def _ribbon_cloth(block: Block, way: str) -> bpy.types.Material:
    """Plain, striped or printed ribbon, leather, or a braid."""
    _, second, trim = block.spec.colours
    seed = block.spec.seed
    match way:
        case "leather":
            return plain("leather", ("#5b3a24", "#2a2422", "#a8743f")[seed % 3])
        case "braid":
            return plain("straw", ("#6d4526", "#2a2422", "#d3bd92")[seed % 3])
        case "striped":
            return fabric("canvas", "stripes", (second, trim, "#efeeea"), scale=0.3, seed=seed)
        case "scarf":
            print_ = ("dots", "floral", "print", "leopard")[seed % 4]
            return fabric("satin", print_, ("#22304f", "#efe6d2", "#b9462f"), scale=0.6, seed=seed)
    return block.trim


def _bow(
    spot: Points,
    along: Points,
    up: Points,
    out: Points,
    half: float,
    material: bpy.types.Material,
) -> None:
    """A flat bow of two loops and a knot."""
    for way in (-1, 1):
        loop = [
            spot + out * 0.003,
            spot + along * way * 0.018 + out * 0.008,
            spot + along * way * 0.03 + out * 0.003,
        ]
        grid_object("bow", tube(smooth_path(loop, 16), half, flat=0.16, up=out, sides=14), material)
    knot = [spot - up * half + out * 0.006, spot + out * 0.009, spot + up * half + out * 0.006]
    grid_object("knot", tube(smooth_path(knot, 10), 0.007, flat=0.4, up=out, sides=12), material)


def _tails(
    spot: Points, along: Points, up: Points, out: Points, material: bpy.types.Material
) -> None:
    """The two ends of a scarf, lying on the brim."""
    for way in (-0.5, 0.9):
        run = np.linspace(0, 1, 20)[:, None]
        path = spot + out * (0.008 + 0.045 * run) + along * way * 0.03 * run
        path = path - up * (0.012 * run**0.6)
        wide = 0.004 + 0.009 * run[:, 0]
        grid_object("tail", tube(path, wide, flat=0.14, up=up, sides=12), material)


def _buckled(block: Block, spot: Points, along: Points, up: Points) -> None:
    """A small buckle on a leather band."""
    corners = [(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)]
    size = block.size("tall", 0.016) * 0.5
    path = np.array([spot + along * a * 0.009 + up * b * size for a, b in corners])
    dense = np.concatenate([np.linspace(p, q, 6) for p, q in pairwise(path)])
    metal = plain("metal", "#cfa452" if block.spec.seed % 2 else "#c3c5c8")
    grids_object("buckle", [tube(dense, 0.0013, sides=8)], metal)


def _feather(block: Block, spot: Points, along: Points, up: Points, out: Points) -> None:
    colours = block.rng.sample(["#7a4a26", "#2f4a45", "#8a1f24", "#3b3a3c", "#c28a3a"], 2)
    for lean, colour in zip((0.35, 0.62), colours, strict=True):
        way = unit(up * (1 - lean) - along * lean)
        side = unit(np.cross(way, out))
        f = np.linspace(0, 1, 24)[:, None, None]
        across = np.linspace(-1, 1, 7)[None, :, None]
        shape = 0.010 * np.sin(np.pi * np.clip(f * 0.93 + 0.04, 0, 1)) ** 0.7
        blade = spot + way * f * 0.085 + side * across * shape + out * (0.002 + 0.012 * f**2)
        blade = blade - way * np.abs(across) * 0.006
        grid_object("feather", blade, plain("suede", colour))
