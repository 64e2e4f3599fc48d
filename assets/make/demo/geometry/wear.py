"""What keeps leather and rubber from looking moulded: flexing creases, ankle folds, soft shafts."""

from __future__ import annotations

import numpy as np

from .last import Last
from .lofts import Points, Surface, outward, smoothstep, unit
from .lofts import surface as as_surface


def worn(
    surface: Surface,
    last: Last,
    seed: int,
    *,
    creases: float = 0.0005,
    folds: float = 0.0010,
    sag: float = 0.0012,
    dents: float = 0.0006,
) -> Surface:
    """The upper with creases over the toes' joints, folds at the ankle, and an uneven shaft.

    Each is the depth in metres; the texture coordinates stay those of the even upper.
    """
    draw = np.random.default_rng(seed)
    depth = creases * _creases(surface.points, last, draw)
    if last.shaft:
        depth = depth + folds * _folds(surface, last, draw) + sag * _sag(surface, last, draw)
    depth = depth + dents * _dents(surface.points, draw)
    made = as_surface(surface.points + surface.normals * depth[..., None])
    return Surface(made.points, made.normals, surface.uv)


def dented(surface: Surface, seed: int, depth: float) -> Surface:
    """The upper as hands have lasted it: soft dents and swellings of some centimetres.

    They fade towards the sole, whose edge is cut; `depth` is their amplitude in metres.
    """
    away = depth * _dents(surface.points, np.random.default_rng(seed))
    made = as_surface(surface.points + surface.normals * away[..., None])
    return Surface(made.points, outward(made.normals), surface.uv)


def _dents(points: Points, draw: np.random.Generator) -> Points:
    total = np.zeros(points.shape[:2])
    for _ in range(9):
        way = unit(draw.normal(size=3)) / draw.uniform(0.028, 0.075)
        total += np.sin(2 * np.pi * (points @ way + draw.random()))
    return total / 2.1 * smoothstep(0.003, 0.018, np.linalg.norm(points - points[:1], axis=2))


def _swell(place: Points, draw: np.random.Generator, count: int = 4) -> Points:
    """A one-dimensional uneven wave, between about -1 and 1, of period about one."""
    total = np.zeros_like(place)
    for _ in range(count):
        total += np.sin(2 * np.pi * (place * draw.uniform(0.65, 1.5) + draw.random()))
    return total / np.sqrt(count)


def _creases(points: Points, last: Last, draw: np.random.Generator) -> Points:
    """Sharp valleys across the vamp where the foot bends, dying out down the sides."""
    x, y, z = (points[..., k] for k in range(3))
    over = z - last.feather(np.clip(x / last.length, 0, 1))
    lean = draw.uniform(-0.10, 0.10)
    bow = 0.35 * np.abs(y) + lean * y + 0.0012 * _swell(y / 0.035, draw, 3)
    place = (x + bow) / 0.0105
    valleys = -(np.abs(_swell(place, draw, 3)) ** 0.7) + 0.6
    middle = draw.uniform(0.64, 0.68) * last.length
    where = np.exp(-(((x + 0.3 * np.abs(y) - middle) / 0.024) ** 2))
    return valleys * where * smoothstep(0.008, 0.026, over)


def _folds(surface: Surface, last: Last, draw: np.random.Generator) -> Points:
    """Rolls in front of the ankle and over the heel, where the shaft bends."""
    z = surface.points[..., 2] - last.sole_heel - last.heel_height
    s = np.abs(np.linspace(-1, 1, z.shape[1]))[None, :]
    front = smoothstep(0.62, 0.15, s) * np.exp(-(((z - 0.108) / 0.026) ** 2))
    back = smoothstep(0.60, 0.95, s) * np.exp(-(((z - 0.088) / 0.022) ** 2))
    lean = draw.uniform(-0.2, 0.2)
    sign = np.sign(np.linspace(-1, 1, z.shape[1]))[None, :]
    rolls = _swell((z + 0.02 * s + lean * 0.02 * s * sign) / 0.019, draw, 3)
    return rolls * (front + 0.8 * back)


def _sag(surface: Surface, last: Last, draw: np.random.Generator) -> Points:
    """Long shallow dents of a shaft that nothing fills."""
    z = surface.points[..., 2] - last.sole_heel - last.heel_height
    s = np.linspace(-1, 1, z.shape[1])[None, :]
    total = np.zeros_like(z)
    for _ in range(5):
        turns, tall = draw.integers(1, 4), draw.uniform(0.07, 0.16)
        total += np.cos(np.pi * turns * s + draw.uniform(0, 6) + z / tall * 2 * np.pi * 0.6)
    return total / 2.2 * smoothstep(0.09, 0.16, z)
