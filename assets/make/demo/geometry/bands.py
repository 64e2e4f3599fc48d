"""Bands sewn to an edge of a garment: ribbed cuffs, hems and necks, collar stands, waistbands."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .cloth_sheet import Array, Sheet


def even(loop: Array, count: int) -> Array:
    """The loop's points again, `count` of them at equal distances."""
    part = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(loop, axis=0), axis=-1))])
    at = np.linspace(0, part[-1], count)
    return np.stack([np.interp(at, part, loop[:, k]) for k in range(3)], axis=-1)


def length_of(loop: Array) -> float:
    """How long a loop is, metres."""
    return float(np.linalg.norm(np.diff(loop, axis=0), axis=-1).sum())


def blurred(values: Array, width: int, *, closed: bool) -> Array:
    """Values along a loop, averaged over neighbours, so that directions don't jump."""
    if width < 1:
        return values
    mode = "wrap" if closed else "edge"
    core = values[:-1] if closed else values
    padded = np.pad(core, [(width, width), (0, 0)], mode=mode)
    kernel = np.hanning(2 * width + 3)[1:-1]
    kernel /= kernel.sum()
    out = np.stack(
        [np.convolve(padded[:, k], kernel, mode="valid") for k in range(values.shape[1])], axis=-1
    )
    return np.concatenate([out, out[:1]]) if closed else out


def unit(v: Array) -> Array:
    """Directions of length one."""
    return v / (np.linalg.norm(v, axis=-1, keepdims=True) + 1e-12)


def band(
    loop: Array,
    rise: Array,
    out: Array,
    profile: Sequence[tuple[float, float]],
    *,
    rib: float = 0.0,
    depth: float = 0.0012,
    rows: int = 10,
    per_metre: int = 260,
    facing: int = 1,
    scale: Array | None = None,
) -> Sheet:
    """Sweep a profile of (outward, rising) steps along a loop.

    `rise` and `out` are the directions, one for all or one a point. `rib` is the period of ribs
    in metres, 0 for none. `scale` stretches the profile along the loop.
    """
    long = length_of(loop)
    count = max(int(long / rib) * 6 + 1, 41) if rib else max(int(long * per_metre), 41)
    if rise.ndim == 2:
        rise = even_along(loop, rise, count)
    if out.ndim == 2:
        out = even_along(loop, out, count)
    if scale is not None:
        scale = even_along(loop, scale[:, None], count)[:, 0]
    base = even(loop, count)
    rise = np.broadcast_to(unit(np.atleast_2d(rise)), base.shape)
    out = np.broadcast_to(unit(np.atleast_2d(out)), base.shape)
    steps = np.array(profile)
    run = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(steps, axis=0), axis=-1))])
    at = np.linspace(0, run[-1], rows)
    away, up = np.interp(at, run, steps[:, 0]), np.interp(at, run, steps[:, 1])
    stretch = np.ones(count) if scale is None else scale
    points = (
        base[None]
        + out[None] * (away[:, None] * stretch[None])[..., None]
        + rise[None] * (up[:, None] * stretch[None])[..., None]
    )
    along = np.linspace(0, long, count)
    uv = np.stack(
        [
            np.broadcast_to(along[None], points.shape[:2]),
            np.broadcast_to(at[:, None], points.shape[:2]),
        ],
        axis=-1,
    )
    sheet = Sheet(points, np.linspace(0, 1, count), np.linspace(0, 1, rows), uv, facing)
    if rib:
        ends = np.sin(np.pi * np.linspace(0, 1, rows)) ** 0.3
        wave = np.sign(np.cos(along / rib * 2 * np.pi)) * 0.5 + 0.5 * np.cos(
            along / rib * 2 * np.pi
        )
        sheet.displace(depth * wave[None] * ends[:, None])
    return sheet


def even_along(loop: Array, values: Array, count: int) -> Array:
    """Values given at a loop's points, taken at `count` equal distances along it."""
    part = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(loop, axis=0), axis=-1))])
    at = np.linspace(0, part[-1], count)
    return np.stack([np.interp(at, part, values[:, k]) for k in range(values.shape[1])], axis=-1)


def hem_band(
    loop: Array,
    height: float,
    *,
    rib: float = 0.007,
    tuck: float = 0.012,
    facing: int = 1,
    down: Array | None = None,
) -> Sheet:
    """A rib below a closed edge (hem, cuff): the cloth blouses a little over it."""
    centre = loop[:-1].mean(axis=0)
    down = np.array([0.0, 0.0, -1.0]) if down is None else unit(down)
    away = loop - centre
    away = unit(away - (away @ down)[:, None] * down)
    profile = [
        (0.0, 0.0),
        (-tuck * 0.75, height * 0.08),
        (-tuck, height * 0.3),
        (-tuck * 1.05, height),
    ]
    return band(loop, down, away, profile, rib=rib, rows=14, facing=facing)


def drawn_in(
    loop: Array,
    height: float,
    down: Array,
    *,
    draw: float = 0.1,
    flatter: float = 0.25,
    rib: float = 0.0,
    depth: float = 0.0011,
    facing: int = 1,
) -> Sheet:
    """A rib or cuff that goes on from a flat, closed edge and draws it in by the share `draw`."""
    long = length_of(loop)
    count = max(int(long / rib) * 6 + 1, 81) if rib else max(int(long * 300), 81)
    base = even(loop, count)
    down = unit(down)
    across = unit(np.cross(down, [0.0, 1.0, 0.0]))
    middle = (base.max(axis=0) + base.min(axis=0)) / 2
    away = base - middle
    even_away = blurred(away, count // 24, closed=True)
    t = np.linspace(0, 1, 14)[:, None]
    pulled = 1 - (1 - t) ** 3
    narrow, thin = 1 - draw * pulled, 1 - flatter * pulled
    away = away + (even_away - away) * pulled[..., None]
    points = (
        middle
        + (away @ across * narrow)[..., None] * across
        + (away[..., 1] * thin)[..., None] * np.array([0.0, 1.0, 0.0])
        + ((away @ down) + height * t)[..., None] * down
    )
    along = np.linspace(0, long, count)
    uv = np.stack(np.broadcast_arrays(along[None], height * (1 - t)), axis=-1)
    sheet = Sheet(points, np.linspace(0, 1, count), t[:, 0], uv, facing)
    if rib:
        wave = np.cos(along / rib * 2 * np.pi)
        sheet.displace(depth * (np.sign(wave) + wave) / 2 * np.sin(np.pi * t) ** 0.3)
    return sheet


def neck_band(front: Array, back: Array, width: float, *, rib: float = 0.0055) -> Sheet:
    """The flat rib round a crew or V neck: goes on from the edge, inwards and up."""
    loop = np.concatenate([front, back[1:]])
    closed = np.concatenate([loop[:-1], loop[:1]])
    centre = closed[:-1].mean(axis=0) + np.array([0, 0, 0.0])
    inwards = centre - closed
    inwards[:, 2] = np.maximum(inwards[:, 2], 0.0) * 1.0
    rise = unit(unit(inwards * np.array([1, 1, 0.6])) * 0.75 + np.array([0, 0, 0.45]))
    rise = blurred(rise, 4, closed=True)
    out = unit(-inwards * np.array([1, 1, 0]) + np.array([0, 0, 0.35]))
    profile = [(0.0, -0.004), (0.0022, -0.003), (0.0026, 0.0), (0.0024, width * 0.9), (0.0, width)]
    return band(closed, rise, out, profile, rib=rib, depth=0.0005, rows=12, facing=1)
