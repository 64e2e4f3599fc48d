"""How cloth hangs: gradient noise shaped into the folds that wearing and gravity make."""

from __future__ import annotations

import numpy as np

Array = np.ndarray

_CORNERS = np.array([(i, j, k) for i in (0, 1) for j in (0, 1) for k in (0, 1)])


def _hash(cell: Array, seed: int) -> Array:
    h = (
        cell[..., 0] * np.int64(374761393)
        + cell[..., 1] * np.int64(668265263)
        + cell[..., 2] * np.int64(2147483647)
        + np.int64(seed) * np.int64(974711)
    )
    h = (h ^ (h >> 13)) * np.int64(1274126177)
    h = (h ^ (h >> 16)) * np.int64(2246822519)
    return (h ^ (h >> 15)) & 0xFFFF


def noise(p: Array, seed: int) -> Array:
    """Smooth gradient noise in about [-1, 1] at points of any leading shape."""
    with np.errstate(over="ignore"):
        cell = np.floor(p).astype(np.int64)
        part = p - cell
        fade = part * part * part * (part * (part * 6 - 15) + 10)
        total = np.zeros(p.shape[:-1])
        for corner in _CORNERS:
            h = _hash(cell + corner, seed)
            turn = h * (2 * np.pi / 65536.0)
            rise = ((h * 7919) & 0xFFFF) / 32768.0 - 1.0
            flat = np.sqrt(1 - rise * rise)
            away = part - corner
            slope = (
                away[..., 0] * flat * np.cos(turn)
                + away[..., 1] * flat * np.sin(turn)
                + away[..., 2] * rise
            )
            weight = np.prod(np.where(corner, fade, 1 - fade), axis=-1)
            total += weight * slope
    return total * 1.6


def smooth(x: Array, low: float, high: float) -> Array:
    """0 below `low`, 1 above `high`, an S between; also the other way round."""
    t = np.clip((x - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def crease(n: Array, sharp: float = 1.0) -> Array:
    """Turn soft noise into cloth folds: rounded ridges with narrower valleys, mean about zero."""
    return (np.exp(-sharp * 3.0 * n * n) - 0.55) * 1.2


def crumple(p: Array, period: float, seed: int) -> Array:
    """Undirected soft creases, as in cloth that was folded once."""
    warp = np.stack([noise(p / (period * 2.5), seed + k) for k in (11, 12, 13)], axis=-1)
    return noise(p / period + warp * 0.8, seed)


def hanging(p: Array, period: float, seed: int, *, long: float = 7.0) -> Array:
    """Folds that fall with gravity: fast across, slow down the length."""
    q = np.stack([p[..., 0] / period, p[..., 1] / period, p[..., 2] / (period * long)], axis=-1)
    sway = noise(q * np.array([0.4, 0.4, 1.2]), seed + 5)
    q = q + sway[..., None] * np.array([0.9, 0.6, 0.0])
    return 0.6 * noise(q, seed) + 0.6 * crease(noise(q * 0.8 + 3.1, seed + 1))


def slanting(p: Array, period: float, seed: int, lean: float) -> Array:
    """Long drag lines that run aslant over the cloth; `lean` is x per z."""
    along = p[..., 2] + lean * p[..., 0]
    across = p[..., 0] - lean * p[..., 2]
    q = np.stack([across / (period * 5), p[..., 1] / (period * 4), along / period], axis=-1)
    sway = noise(q * np.array([1.6, 1.0, 0.35]), seed + 5)
    q = q + sway[..., None] * np.array([0.0, 0.0, 1.3])
    return crease(noise(q, seed))


def radiating(
    p: Array, centre: tuple[float, float], seed: int, *, spokes: float, reach: float
) -> Array:
    """Folds that run out from a point of strain (underarm, crotch), fading over `reach`."""
    dx, dz = p[..., 0] - centre[0], p[..., 2] - centre[1]
    r = np.hypot(dx, dz) + 1e-6
    bend = noise(p / (reach * 0.8), seed + 7)
    turn = np.arctan2(dz, dx) + 0.25 * bend
    q = np.stack(
        [np.cos(turn) * spokes, np.sin(turn) * spokes, r / (reach * 1.2) + 40.0 * (p[..., 1] > 0)],
        axis=-1,
    )
    window = smooth(r, 0.0, reach * 0.35) * np.exp(-((r / reach) ** 2) * 1.2)
    return crease(noise(q, seed)) * window


def stacking(around: Array, along: Array, period: float, seed: int) -> Array:
    """Rings of compressed cloth (inside an elbow, above a cuff): quick along, slow around."""
    turn = around * 2 * np.pi
    q = np.stack([np.cos(turn) * 0.9, np.sin(turn) * 0.9, along / period], axis=-1)
    sway = noise(q * np.array([1.3, 1.3, 0.3]), seed + 5)
    q = q + sway[..., None] * np.array([0.0, 0.0, 1.1])
    return crease(noise(q, seed))
