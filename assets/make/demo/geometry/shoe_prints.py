"""Prints for shoes: animal skins, doodles, daisies and speckles, drawn at a shoe's scale."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from ..shader_graph import Rgb, ShaderGraph, linear

Colours = tuple[Rgb, Rgb, Rgb]
Print = Callable[[ShaderGraph, Any, Colours, random.Random], Any]

BRIGHT = ("#f2c230", "#e0447f", "#2fa3c7", "#7a4fa8", "#5fae4a", "#ee7a3a", "#2f5fc0", "#d8343c")
"""What a many-coloured print is coloured with, beside the design's own three."""


def _moved(graph: ShaderGraph, cloth: Any, rng: random.Random) -> Any:
    return graph.vector("ADD", cloth, (rng.uniform(1, 30), rng.uniform(1, 30), 0.0))


def _one_of(graph: ShaderGraph, chance: Any, colours: list[Rgb]) -> Any:
    """One of several colours by a number between 0 and 1."""
    colour: Any = colours[0]
    for k, other in enumerate(colours[1:], 1):
        edge = 0.12 + 0.76 * k / len(colours)
        colour = graph.mix(graph.step(chance, edge, edge + 0.004), colour, other)
    return colour


def leopard(graph: ShaderGraph, cloth: Any, colours: Colours, rng: random.Random) -> Any:
    """Broken rosettes with a darker heart."""
    main, second, trim = colours
    size = rng.choice([0.014, 0.017, 0.021])
    place = graph.scaled(graph.warped(_moved(graph, cloth, rng), 0.014, 0.010), 1 / size)
    cell = graph.cells(place, randomness=0.85)
    ring = graph.math("ABSOLUTE", graph.sub(cell["Distance"], 0.30))
    broken = graph.noise(cloth, 0.010, detail=1.0)
    rim = graph.mul(graph.step(ring, 0.14, 0.09), graph.step(broken, 0.40, 0.45))
    colour = graph.mix(graph.step(cell["Distance"], 0.30, 0.22), main, second)
    return graph.mix(rim, colour, trim)


def zebra(graph: ShaderGraph, cloth: Any, colours: Colours, rng: random.Random) -> Any:
    """Forking stripes across the shoe."""
    main, _, trim = colours
    u, v = graph.split(graph.warped(_moved(graph, cloth, rng), 0.05, 0.035))
    bend = graph.noise(cloth, 0.06, detail=1.0)
    place = graph.math("MULTIPLY_ADD", bend, 0.05, graph.add(u, graph.mul(v, 0.35)))
    width = graph.remap(graph.noise(cloth, 0.03, detail=1.0), 0.3, 0.7, 0.40, 0.66)
    wave = graph.wave(place, rng.choice([0.018, 0.024]))
    return graph.mix(graph.step(graph.sub(wave, width), -0.03, 0.03), main, trim)


def cow(graph: ShaderGraph, cloth: Any, colours: Colours, rng: random.Random) -> Any:
    """Large blots."""
    main, second, _ = colours
    blot = graph.noise(_moved(graph, cloth, rng), 0.07, detail=2.0, rough=0.5)
    return graph.mix(graph.step(blot, 0.50, 0.515), main, second)


def doodle(graph: ShaderGraph, cloth: Any, colours: Colours, rng: random.Random) -> Any:
    """Dark scribbled lines and white flecks over patches of many bright colours."""
    place = _moved(graph, cloth, rng)
    patch = graph.cells(graph.scaled(graph.warped(place, 0.02, 0.02), 1 / 0.016), randomness=1.0)
    chance, _ = graph.split(patch["Color"])
    bright = [linear(colour) for colour in rng.sample(BRIGHT, 5)]
    colour = _one_of(graph, chance, bright)
    curl = graph.noise(graph.warped(place, 0.010, 0.006), 0.0085, detail=0.0)
    fleck = graph.step(graph.noise(graph.warped(place, 0.01, 0.01), 0.007, detail=0.0), 0.55, 0.58)
    colour = graph.mix(fleck, colour, linear("#f4f2ec"))
    line = graph.math("ABSOLUTE", graph.sub(graph.fract(graph.mul(curl, 4.0)), 0.5))
    dark = linear(rng.choice(["#17171a", "#17171a", "#1d2340"]))
    return graph.mix(graph.step(line, 0.24, 0.18), colour, dark)


def daisies(graph: ShaderGraph, cloth: Any, colours: Colours, rng: random.Random) -> Any:
    """White daisies in rows, each turned its own way."""
    main, second, trim = colours
    size = rng.choice([0.020, 0.026, 0.034])
    place = graph.scaled(_moved(graph, cloth, rng), 1 / size)
    cell = graph.cells(place, randomness=0.35)
    chance, turn = graph.split(cell["Color"])
    x, y = graph.split(graph.vector("SUBTRACT", place, cell["Position"]))
    distance = graph.vector("LENGTH", graph.join(x, y))
    angle = graph.math("MULTIPLY_ADD", turn, 6.28, graph.math("ARCTAN2", y, x))
    lobe = graph.math("ABSOLUTE", graph.math("SINE", graph.mul(angle, 4.0)))
    radius = graph.mul(
        graph.math("MULTIPLY_ADD", lobe, 0.22, 0.16), graph.remap(chance, 0, 1, 0.8, 1.1)
    )
    petal = graph.step(graph.sub(radius, distance), -0.015, 0.015)
    white = graph.mix(graph.step(chance, 0.62, 0.63), linear("#f5f2ea"), second)
    colour = graph.mix(petal, main, graph.shaded(white, graph.remap(distance, 0, 0.36, 0.85, 1.04)))
    return graph.mix(graph.step(distance, 0.10, 0.085), colour, trim)


def speckles(graph: ShaderGraph, cloth: Any, colours: Colours, rng: random.Random) -> Any:
    """A knit of spun yarns: flecks of two colours, denser towards the toe or the heel."""
    main, second, trim = colours
    place = _moved(graph, cloth, rng)
    u, _ = graph.split(cloth)
    fade = graph.remap(u, 0.05, 0.24, *rng.choice([(0.42, 0.60), (0.60, 0.42), (0.5, 0.5)]))
    yarn = graph.noise(graph.scaled(place, (0.35, 1.0, 1.0)), 0.0036, detail=1.0, rough=0.6)
    other = graph.noise(graph.scaled(place, (0.35, 1.0, 1.0)), 0.006, detail=1.0, rough=0.6)
    colour = graph.mix(graph.step(graph.sub(yarn, fade), -0.01, 0.01), main, second)
    return graph.mix(graph.step(other, 0.60, 0.62), colour, trim)


def fade(graph: ShaderGraph, cloth: Any, colours: Colours, rng: random.Random) -> Any:
    """One colour running into another from toe to heel, through dithered knitting."""
    main, second, _ = colours
    u, _ = graph.split(cloth)
    low, high = rng.choice([(0.04, 0.20), (0.22, 0.06)])
    grain = graph.noise(graph.scaled(_moved(graph, cloth, rng), (0.4, 1.0, 1.0)), 0.004, detail=1.0)
    share = graph.remap(
        u, min(low, high), max(low, high), *((0.15, 0.85) if low < high else (0.85, 0.15))
    )
    return graph.mix(graph.step(graph.sub(share, grain), -0.05, 0.05), main, second)


def brush(graph: ShaderGraph, cloth: Any, colours: Colours, rng: random.Random) -> Any:
    """Loose painted strokes in the design's colours and one bright one."""
    main, second, trim = colours
    place = graph.scaled(graph.warped(_moved(graph, cloth, rng), 0.02, 0.012), 1 / 0.030)
    cell = graph.cells(place, randomness=0.9)
    chance, turn = graph.split(cell["Color"])
    x, y = graph.split(graph.vector("SUBTRACT", place, cell["Position"]))
    angle = graph.mul(turn, 3.14)
    cos, sin = graph.math("COSINE", angle), graph.math("SINE", angle)
    along = graph.add(graph.mul(x, cos), graph.mul(y, sin))
    across = graph.sub(graph.mul(y, cos), graph.mul(x, sin))
    mark = graph.vector("LENGTH", graph.join(graph.mul(along, 1.9), graph.mul(across, 5.0)))
    bright = linear(rng.choice(BRIGHT))
    return graph.mix(
        graph.step(mark, 1.0, 0.92), main, _one_of(graph, chance, [second, trim, bright])
    )


def tiles(graph: ShaderGraph, cloth: Any, colours: Colours, rng: random.Random) -> Any:
    """Woven diamonds in three colours, as on a blanket."""
    main, second, trim = colours
    period = rng.choice([0.030, 0.044])
    u, v = graph.split(_moved(graph, cloth, rng))
    x = graph.math("PINGPONG", u, period / 2)
    y = graph.math("PINGPONG", v, period * 0.7)
    step = graph.math("FLOOR", graph.mul(graph.add(x, graph.mul(y, 0.7)), 9 / period))
    which = graph.fract(graph.mul(step, 0.381))
    colour = graph.mix(graph.step(which, 0.36, 0.37), main, second)
    return graph.mix(graph.step(which, 0.72, 0.73), colour, trim)


PRINTS: dict[str, Print] = {
    "leopard": leopard,
    "zebra": zebra,
    "cowhide": cow,
    "doodle": doodle,
    "daisy": daisies,
    "speckled": speckles,
    "ombre": fade,
    "painted": brush,
    "geometric": tiles,
}
"""The prints by the name that a product's pattern has."""
