"""What garments are laid on: floors, a bed with its sheet or duvet, a sofa, a rug."""

from __future__ import annotations

import random

import numpy as np
from scipy.ndimage import gaussian_filter, map_coordinates

from . import surroundings
from .cloth_nodes import Array
from .furnishing import box, cushion, paint, sheet
from .linen import linen, upholstery
from .settling import Ground
from .shader_graph import ShaderGraph

HALF = 1.5
"""Half the width of a bed's or sofa's modelled part, in metres."""
FINE = 241


def level(_: Array, y: Array) -> Array:
    """Heights of a floor."""
    return np.zeros_like(y)


def laid_ground(name: str, size: tuple[float, float], rng: random.Random) -> Ground:
    """Build what a garment of that size will lie on, its middle at the origin."""
    match name:
        case "bed sheet":
            return _bed(size, rng, quilt=False)
        case "duvet":
            return _bed(size, rng, quilt=True)
        case "sofa":
            return _sofa(size, rng)
        case "rug":
            surroundings.lay("wooden floor", rng, 0.5)
            return _rug(size, rng)
    surroundings.lay(name, rng, 0.5)
    return level


def _bed(size: tuple[float, float], rng: random.Random, *, quilt: bool) -> Ground:
    x, y = _grid()
    source = np.random.default_rng(rng.randrange(10**6))
    heights = _swell(source, 30, 0.012 if quilt else 0.005)
    if quilt:
        heights += _swell(source, 9, 0.006)
        if rng.random() < 0.5:
            pitch = rng.uniform(0.14, 0.2)
            seam = np.minimum(np.abs(np.sin(np.pi * x / pitch)), np.abs(np.sin(np.pi * y / pitch)))
            heights += 0.014 * seam**0.5
        heights += folds(x, y, source, 7, 0.018, 0.05)
    else:
        heights += folds(x, y, source, 16, 0.009, 0.018) + folds(x, y, source, 8, 0.014, 0.03)
    heights = gaussian_filter(heights, 0.8)
    cloth = linen(rng)
    sheet(_line(), _line(), heights, cloth, name="bed")
    ground = _over(heights)
    top = size[1] / 2
    if rng.random() < 0.8:
        at = (rng.uniform(-0.35, 0.35), top + rng.uniform(0.2, 0.28), 0.05)
        cushion(at, (0.62, 0.44, 0.16), linen(rng) if quilt else cloth, rng.uniform(-0.25, 0.25))
    return ground


def _sofa(size: tuple[float, float], rng: random.Random) -> Ground:
    """Two seat cushions, a back that the garment's upper part leans on, and the seat's edge."""
    x, y = _grid()
    source = np.random.default_rng(rng.randrange(10**6))
    back = size[1] * rng.uniform(0.1, 0.25)
    front = -max(size[1] / 2 + rng.uniform(-0.12, 0.1), 0.4 - back)
    middle = rng.choice([-1, 1]) * rng.uniform(0.1, 0.34)
    apart = np.abs((x - middle + 0.35) % 0.7 - 0.35)
    heights = -0.03 * np.exp(-((apart / 0.014) ** 2)) - 0.02 * np.exp(-((apart / 0.06) ** 2))
    rise = np.clip((y - back) / 0.05, 0, None)
    heights += 0.12 * np.where(rise < 1, rise**2 / 2, rise - 0.5)
    heights -= 0.035 * np.exp(-(((y - back) / 0.016) ** 2))
    edge = np.clip((front - y) / 0.05, 0, None)
    heights -= 0.07 * np.where(edge < 1, edge**2, 2 * edge - 1)
    heights = np.maximum(heights + _swell(source, 14, 0.004), -0.42)
    cloth = upholstery(rng)
    heights = gaussian_filter(heights, 0.7)
    sheet(_line(), _line(), heights, cloth, name="sofa")
    surroundings.lay(rng.choice(["wooden floor", "carpet"]), rng, 0.4, height=-0.4)
    if rng.random() < 0.6:
        side = rng.choice([-1, 1])
        place = (side * (size[0] / 2 + 0.3), back - 0.1, 0.1)
        cushion(place, (0.42, 0.42, 0.15), linen(rng), rng.uniform(-0.4, 0.4))
    return _over(heights)


def _rug(size: tuple[float, float], rng: random.Random) -> Ground:
    """A rug on a wooden floor, its edge in the picture."""
    graph = ShaderGraph("rug")
    material = surroundings.carpet(graph, rng)
    wide = size[0] / 2 + rng.uniform(0.1, 0.5)
    tall = size[1] / 2 + rng.uniform(0.02, 0.3)
    side = rng.choice([-1, 1])
    low = (-wide if side > 0 else -2.0, -tall, 0.0)
    box(low, (2.0 if side > 0 else wide, tall + 0.6, 0.012), material, round_=0.004)
    return lambda x, _: np.full_like(x, 0.012)


def folds(
    x: Array, y: Array, source: np.random.Generator, count: int, height: float, wide: float
) -> Array:
    """Creases of lying cloth: curved ridges that rise and fade, all at different angles."""
    total = np.zeros_like(x)
    main = source.uniform(0, np.pi)
    for _ in range(count):
        turn = main + source.normal(0, 0.7)
        cx, cy = source.uniform(-0.8, 0.8, 2)
        along = (x - cx) * np.cos(turn) + (y - cy) * np.sin(turn)
        across = (y - cy) * np.cos(turn) - (x - cx) * np.sin(turn)
        across = across + source.normal(0, 0.5) * along**2 + 0.01 * np.sin(7 * along + cx)
        own = wide * source.uniform(0.6, 1.5)
        ridge = np.exp(-(np.abs(across / own) ** source.uniform(1.3, 2.0)))
        long = source.uniform(0.15, 0.5)
        total += height * source.uniform(0.4, 1.2) * ridge * np.exp(-((along / long) ** 2))
    return total


def _line() -> Array:
    return np.linspace(-HALF, HALF, FINE)


def _grid() -> tuple[Array, Array]:
    x, y = np.meshgrid(_line(), _line(), indexing="ij")
    return x, y


def _swell(source: np.random.Generator, wide: float, height: float) -> Array:
    """Soft unevenness, `wide` in grid steps."""
    rough = gaussian_filter(source.normal(0, 1, (FINE, FINE)), wide, mode="wrap")
    return np.asarray(rough / rough.std() * height)


def _over(heights: Array) -> Ground:
    step = 2 * HALF / (FINE - 1)

    def ground(x: Array, y: Array) -> Array:
        at = np.stack([(x + HALF) / step, (y + HALF) / step])
        return np.asarray(map_coordinates(heights, at, order=1, mode="nearest"))

    return ground


def skirted_wall(y: float, rng: random.Random) -> None:
    """A wall's foot at the end of a floor: skirting board, perhaps a socket above it."""
    white = paint(rng.choice(["#ece9e2", "#e4e0d6", "#cfc7ba"]), 0.4)
    wall = paint(rng.choice(surroundings.WALLS), 0.9)
    box((-4, y, 0), (4, y + 0.1, 2.6), wall)
    box((-4, y - 0.016, 0), (4, y, rng.uniform(0.06, 0.1)), white, round_=0.004)
