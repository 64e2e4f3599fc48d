"""Printed and woven patterns: the colour of a cloth at a point of it.

Every pattern takes the graph, cloth coordinates in metres, three colours and a random source, and
returns a colour socket. Variants inside a pattern are drawn from the random source.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from .shader_graph import Rgb, ShaderGraph, lightened

Colours = tuple[Rgb, Rgb, Rgb]
Pattern = Callable[[ShaderGraph, Any, Colours, random.Random], Any]


def plain(graph: ShaderGraph, cloth: Any, colours: Colours, rng: random.Random) -> Any:
    """One colour."""
    return graph.mix(0.0, colours[0], colours[0])


def stripes(graph: ShaderGraph, cloth: Any, colours: Colours, rng: random.Random) -> Any:
    """Bands along v: Breton, even, or two-coloured."""
    _, v = graph.split(cloth)
    period, share, accent = rng.choice(
        [(0.024, 0.36, 0.0), (0.036, 0.5, 0.0), (0.06, 0.5, 0.0), (0.075, 0.42, 0.1)]
    )
    place = graph.fract(graph.math("MULTIPLY_ADD", v, 1 / period, rng.random()))
    soft = 0.0006 / period
    bar = graph.mul(graph.step(place, 0.0, soft), graph.step(place, share, share - soft))
    colour = graph.mix(bar, colours[0], colours[1])
    if accent:
        middle = (1 + share) / 2
        low, high = middle - accent / 2, middle + accent / 2
        line = graph.mul(graph.step(place, low, low + soft), graph.step(place, high, high - soft))
        colour = graph.mix(line, colour, colours[2])
    return colour


def checks(graph: ShaderGraph, cloth: Any, colours: Colours, rng: random.Random) -> Any:
    """Gingham, buffalo check, windowpane or tartan, woven from warp and weft bands."""
    u, v = graph.split(cloth)
    kind = rng.choice(["gingham", "buffalo", "windowpane", "tartan", "tartan"])
    main, second, trim = colours

    def band(axis: Any, period: float, middle: float, width: float) -> Any:
        place = graph.fract(graph.math("MULTIPLY_ADD", axis, 1 / period, 0.13))
        away = graph.math("ABSOLUTE", graph.sub(place, middle))
        return graph.step(away, width / 2 + 0.012, width / 2 - 0.012)

    def woven(period: float, middle: float, width: float) -> Any:
        """0, 1/2 or 1: no thread, one of the two, both of the given band."""
        across, along = (band(axis, period, middle, width) for axis in (u, v))
        return graph.mul(graph.add(across, along), 0.5)

    if kind in ("gingham", "buffalo"):
        period = 0.018 if kind == "gingham" else 0.062
        return graph.mix(woven(period, 0.5, 0.5), main, second)
    if kind == "windowpane":
        line = graph.math("MINIMUM", graph.mul(woven(0.055, 0.5, 0.05), 1.7), 1.0)
        return graph.mix(line, main, second)
    period = rng.choice([0.07, 0.1])
    colour = graph.mix(woven(period, 0.35, 0.42), main, second)
    colour = graph.mix(woven(period, 0.35, 0.12), colour, lightened(main, -0.4))
    colour = graph.mix(woven(period, 0.80, 0.05), colour, trim)
    return graph.mix(woven(period, 0.92, 0.03), colour, lightened(second, 0.3))


def dots(graph: ShaderGraph, cloth: Any, colours: Colours, rng: random.Random) -> Any:
    """Dots in offset rows."""
    period, radius = rng.choice([(0.018, 0.2), (0.028, 0.26), (0.045, 0.3)])
    u, v = graph.split(graph.scaled(cloth, 1 / period))
    row = graph.math("FLOOR", v)
    u = graph.math("MULTIPLY_ADD", graph.math("MODULO", graph.math("ABSOLUTE", row), 2.0), 0.5, u)
    local = graph.join(graph.sub(graph.fract(u), 0.5), graph.sub(graph.fract(v), 0.5))
    inside = graph.step(graph.vector("LENGTH", local), radius + 0.025, radius - 0.025)
    return graph.mix(inside, colours[0], colours[1])


def _blossoms(
    graph: ShaderGraph, cloth: Any, size: float, shift: float, petals: int, reach: float
) -> tuple[Any, Any, Any, Any]:
    """Flowers scattered one a cell: petal mask, heart mask, petal shade, random number."""
    place = graph.vector("ADD", graph.scaled(cloth, 1 / size), (shift, shift * 1.7, 0.0))
    cell = graph.cells(place, randomness=0.8)
    chance, turn_by = graph.split(cell["Color"])
    local = graph.vector("SUBTRACT", place, cell["Position"])
    x, y = graph.split(local)
    distance = graph.vector("LENGTH", graph.join(x, y))
    angle = graph.math("MULTIPLY_ADD", turn_by, 6.28, graph.math("ARCTAN2", y, x))
    lobes = graph.math("ABSOLUTE", graph.math("SINE", graph.mul(angle, petals / 2)))
    radius = graph.math("MULTIPLY_ADD", lobes, reach * 0.45, reach * 0.55)
    radius = graph.mul(radius, graph.math("MULTIPLY_ADD", chance, 0.5, 0.7))
    petal = graph.step(graph.sub(radius, distance), -0.015, 0.015)
    heart = graph.step(distance, reach * 0.24, reach * 0.2)
    shade = graph.remap(distance, 0.0, reach, 0.72, 1.12)
    return petal, heart, shade, chance


def floral(graph: ShaderGraph, cloth: Any, colours: Colours, rng: random.Random) -> Any:
    """Leaves below, blossoms above, in two sizes."""
    main, second, trim = colours
    size = rng.choice([0.026, 0.04, 0.062])
    shift = rng.uniform(3, 40)
    drawn = graph.warped(cloth, size, size * 0.25)
    leaf_green = lightened((0.09, 0.17, 0.06, 1.0), 0.12 if sum(main[:3]) < 0.5 else 0.0)

    leaf, _, leaf_shade, _ = _blossoms(graph, drawn, size * 0.8, shift + 11, 2, 0.52)
    colour = graph.mix(leaf, main, graph.shaded(leaf_green, leaf_shade))
    small, small_heart, small_shade, _ = _blossoms(graph, drawn, size * 0.62, shift + 5, 5, 0.3)
    colour = graph.mix(small, colour, graph.shaded(trim, small_shade))
    colour = graph.mix(graph.mul(small, small_heart), colour, main)
    petal, heart, shade, chance = _blossoms(graph, drawn, size, shift, 5, 0.46)
    tint = graph.mix(graph.step(chance, 0.55, 0.56), second, lightened(second, 0.35))
    colour = graph.mix(petal, colour, graph.shaded(tint, shade))
    return graph.mix(graph.mul(petal, heart), colour, trim)


def camouflage(graph: ShaderGraph, cloth: Any, colours: Colours, rng: random.Random) -> Any:
    """Four layers of hard-edged blots."""
    main, second, trim = colours
    start = graph.vector("ADD", cloth, (rng.uniform(1, 9), rng.uniform(1, 9), 0.0))
    layers = [(second, 0.075, 0.53), (trim, 0.06, 0.57), (lightened(main, -0.72), 0.045, 0.6)]
    colour: Any = main
    for index, (shade, size, threshold) in enumerate(layers):
        offset = graph.vector("ADD", start, (0.0, 0.0, 1.0 + index))
        blot = graph.noise(graph.scaled(offset, (1.0, 1.45, 1.0)), size, detail=2.0, rough=0.55)
        colour = graph.mix(graph.step(blot, threshold - 0.006, threshold + 0.006), colour, shade)
    return colour


def _leopard(graph: ShaderGraph, cloth: Any, colours: Colours, rng: random.Random) -> Any:
    main, second, trim = colours
    place = graph.scaled(graph.warped(cloth, 0.014, 0.012), 1 / 0.026)
    cell = graph.cells(place, randomness=0.85)
    ring = graph.math("ABSOLUTE", graph.sub(cell["Distance"], 0.29))
    broken = graph.noise(cloth, 0.016, detail=1.0)
    rim = graph.mul(graph.step(ring, 0.13, 0.08), graph.step(broken, 0.42, 0.47))
    colour = graph.mix(graph.step(cell["Distance"], 0.29, 0.24), main, second)
    return graph.mix(rim, colour, trim)


def _waves(graph: ShaderGraph, cloth: Any, colours: Colours, rng: random.Random) -> Any:
    main, second, trim = colours
    moved = graph.vector("ADD", cloth, (rng.uniform(1, 5), rng.uniform(1, 5), 0.0))
    height = graph.noise(moved, 0.16, detail=0.6)
    band = graph.fract(graph.mul(height, 9.0))
    which = graph.fract(graph.mul(graph.math("FLOOR", graph.mul(height, 9.0)), 0.381))
    colour = graph.mix(graph.step(which, 0.33, 0.34), main, second)
    colour = graph.mix(graph.step(which, 0.7, 0.71), colour, trim)
    return graph.mix(graph.step(band, 0.1, 0.06), colour, lightened(main, 0.55))


def _tiles(graph: ShaderGraph, cloth: Any, colours: Colours, rng: random.Random) -> Any:
    """A geometric repeat of quarter circles and diamonds."""
    main, second, trim = colours
    size = rng.choice([0.03, 0.045])
    u, v = graph.split(graph.scaled(cloth, 1 / size))
    x = graph.math("ABSOLUTE", graph.sub(graph.fract(u), 0.5))
    y = graph.math("ABSOLUTE", graph.sub(graph.fract(v), 0.5))
    diamond = graph.add(x, y)
    corner = graph.vector("LENGTH", graph.join(graph.sub(x, 0.5), graph.sub(y, 0.5)))
    colour = graph.mix(graph.step(corner, 0.44, 0.41), main, second)
    colour = graph.mix(graph.step(corner, 0.24, 0.21), colour, main)
    return graph.mix(graph.step(diamond, 0.2, 0.17), colour, trim)


def _brush(graph: ShaderGraph, cloth: Any, colours: Colours, rng: random.Random) -> Any:
    """Loose painted marks, one a cell, each turned its own way."""
    main, second, trim = colours
    place = graph.scaled(graph.warped(cloth, 0.03, 0.02), 1 / 0.048)
    cell = graph.cells(place, randomness=0.9)
    chance, turn = graph.split(cell["Color"])
    x, y = graph.split(graph.vector("SUBTRACT", place, cell["Position"]))
    angle = graph.mul(turn, 3.14)
    cos, sin = graph.math("COSINE", angle), graph.math("SINE", angle)
    along = graph.add(graph.mul(x, cos), graph.mul(y, sin))
    across = graph.sub(graph.mul(y, cos), graph.mul(x, sin))
    mark = graph.vector("LENGTH", graph.join(graph.mul(along, 2.1), graph.mul(across, 6.0)))
    inside = graph.step(mark, 1.0, 0.9)
    return graph.mix(inside, main, graph.mix(graph.step(chance, 0.5, 0.51), second, trim))


def artwork(graph: ShaderGraph, cloth: Any, colours: Colours, rng: random.Random) -> Any:
    """An all-over print: leopard, waves, tiles or brush marks."""
    drawn = rng.choice([_leopard, _waves, _tiles, _brush])
    return drawn(graph, cloth, colours, rng)


PATTERNS: dict[str, Pattern] = {
    "plain": plain,
    "stripes": stripes,
    "checks": checks,
    "dots": dots,
    "floral": floral,
    "camouflage": camouflage,
    "print": artwork,
}
