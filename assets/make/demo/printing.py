"""Designs that are printed on cloth: dots, camouflage, skins, dyes, paisley, painted figures."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

import numpy as np

from .flowers import blossom
from .outlines import disc, drop, petal, placed, stroke, wobbly
from .tile import TEXELS, Design, Tile, blend, clouds, edge, layered, lightness, scattered
from .weaving import fair_isle

Colours = tuple[str, str, str]
Printed = Callable[[Colours, random.Random], Design]


# dots ------------------------------------------------------------------------------------------


def dots(colours: Colours, material: str, rng: random.Random) -> Design:
    """Pin dots, polka dots, coins, two sizes in turn, or confetti."""
    main, second, trim = colours
    tile = Tile(main)
    kind = rng.choice(["pin", "polka", "polka", "coin", "turn", "confetti"])
    if kind == "confetti":
        for number, place in enumerate(scattered(rng, 60)):
            size = rng.uniform(0.012, 0.026)
            tone = trim if number % 4 == 0 else second
            tile.fill(placed(wobbly(rng, 0.3), place, 0, size), tone)
        return tile.design(0.24)
    radius = {"pin": 0.055, "polka": 0.07, "coin": 0.085, "turn": 0.075}[kind]
    metres = {"pin": 0.07, "polka": 0.11, "coin": 0.2, "turn": 0.16}[kind]
    for row in range(8):
        for column in range(4):
            place = ((column + row % 2 / 2) / 4, row / 8)
            small = kind == "turn" and row % 2
            tile.fill(placed(disc(), place, 0, radius * (0.4 if small else 1) * 0.8), second)
    return tile.design(metres)


# camouflage, skins, dyes -----------------------------------------------------------------------


def camouflage(colours: Colours, material: str, rng: random.Random) -> Design:
    """Hard-edged blots in four tones, large or small."""
    main, second, trim = colours
    deep = blend(second, "#14140f", 0.55)
    rough = rng.choice([0.3, 0.6])
    layers = [
        (edge(clouds(rng, size, stretch=0.7, rough=rough), at, 0.05), tone)
        for size, at, tone in ((0.2, 0.1, second), (0.17, 0.55, trim), (0.13, 0.95, deep))
    ]
    return Design(layered(main, layers), (0.42, 0.42))


def _leopard(colours: Colours, rng: random.Random) -> Design:
    """Broken dark rings round a deeper middle."""
    tones = sorted(colours, key=lightness, reverse=True)
    ground, ring = blend(tones[0], tones[1], 0.25), blend(tones[2], "#1b1411", 0.6)
    middle = blend(ground, blend(tones[1], ring, 0.3), 0.6)
    tile = Tile(ground)
    for place in scattered(rng, 74):
        size, turn = rng.uniform(0.028, 0.045), rng.gauss(0.0, 0.5)
        squeeze = np.array([rng.uniform(0.9, 1.35), rng.uniform(0.75, 1.0)])
        tile.fill(placed(wobbly(rng, 0.5) * squeeze, place, turn, size * 0.95), middle)
        count = rng.choice([3, 3, 4])
        start = rng.uniform(0, 6.28)
        for k in range(count):
            arc = start + k * 6.28 / count + np.linspace(0, rng.uniform(3.4, 5.2) / count, 9)
            path = np.stack([np.cos(arc), np.sin(arc)], -1) * squeeze * rng.uniform(0.9, 1.12)
            half = rng.uniform(0.16, 0.34) * np.sin(np.linspace(0.5, 2.7, 9))[:, None]
            blob = np.concatenate([path * (1 + half), (path * (1 - half))[::-1]])
            tile.fill(placed(blob, place, turn, size), ring)
    for place in scattered(rng, 40):
        tile.fill(placed(wobbly(rng, 0.6), place, 0, rng.uniform(0.006, 0.011)), ring)
    return tile.design(rng.choice([0.26, 0.36]))


def _zebra(colours: Colours, rng: random.Random) -> Design:
    tones = sorted(colours, key=lightness)
    y = np.linspace(0, 2 * np.pi, TEXELS, endpoint=False)[:, None]
    height = np.sin(7 * y + 2.3 * clouds(rng, 0.28)) + 0.25 * clouds(rng, 0.1)
    return Design(layered(tones[2], [(edge(height, 0.1, 0.25), tones[0])]), (0.42, 0.42))


def leopard(colours: Colours, material: str, rng: random.Random) -> Design:
    """Leopard spots."""
    return _leopard(colours, rng)


def zebra(colours: Colours, material: str, rng: random.Random) -> Design:
    """Zebra stripes."""
    return _zebra(colours, rng)


def snake(colours: Colours, material: str, rng: random.Random) -> Design:
    """Scales in offset rows, clouded with the second and the third colour."""
    main, second, trim = colours
    place = np.arange(TEXELS) / TEXELS
    u, v = place[None], place[:, None]
    a, b = (22 * u + 13 * v) % 1, (22 * u - 13 * v) % 1
    rim = np.minimum(np.minimum(a, 1 - a), np.minimum(b, 1 - b))
    saddle = clouds(rng, 0.22, rough=0.6)
    layers = [
        (edge(saddle, 0.15, 0.3), second),
        (edge(saddle + 0.4 * clouds(rng, 0.07), 0.8, 0.3), trim),
        (np.clip((0.14 - rim) / 0.08, 0, 1), blend(trim, "#141210", 0.35)),
    ]
    return Design(layered(main, layers), (0.2, 0.2))


def _marbled(colours: Colours, rng: random.Random) -> Design:
    """Tie-dye: bands that bleed into one another around a few centres."""
    main, second, trim = colours
    wander = clouds(rng, 0.42) * 1.5 + 0.25 * clouds(rng, 0.08, rough=1.0)
    band = 0.5 + 0.5 * np.sin(wander * 3.1)
    other = 0.5 + 0.5 * np.sin(wander * 1.7 + clouds(rng, 0.4) * 0.8 + 1.0)
    pale = blend(second, "#f6f2ea", 0.35)
    return Design(layered(main, [(band**1.5, pale), (other**3 * 0.75, trim)]), (0.6, 0.6))


def _watercolour(colours: Colours, rng: random.Random) -> Design:
    """Washes with the darker rim that drying leaves."""
    main, second, trim = colours
    ground = main if lightness(main) > 0.6 else blend(main, "#f4efe6", 0.82)
    layers = []
    for size, at, tone in ((0.2, 0.1, second), (0.17, 0.5, trim), (0.15, 0.8, main)):
        wash = clouds(rng, size, rough=0.7)
        inside = edge(wash, at, 0.12)
        rim = inside * (1 - edge(wash, at + 0.22, 0.3))
        layers += [(inside * (0.5 + 0.12 * clouds(rng, 0.3)).clip(0, 1), tone)]
        layers += [(rim * 0.4, blend(tone, "#1c1a20", 0.25))]
    return Design(layered(ground, layers), (0.48, 0.48))


def glitter(colours: Colours, material: str, rng: random.Random) -> Design:
    """Flakes that catch the light by chance: most dim, some bright, a few white."""
    draw = np.random.default_rng(rng.randrange(2**32))
    side = TEXELS // 4
    chance, bright = (np.kron(draw.random((side, side)), np.ones((4, 4))) for _ in range(2))
    dim = layered("#000000", [(0.45 + 0.55 * chance**1.5, colours[0])])
    white = edge(bright, 0.93, 0.04)[..., None]
    return Design((dim + (1 - dim) * white).astype(np.float32), (0.30, 0.30))


# figures ---------------------------------------------------------------------------------------


def _paisley(colours: Colours, rng: random.Random) -> Design:
    main, second, trim = colours
    tile = Tile(main)
    spots = scattered(rng, 13)
    for number, place in enumerate(spots):
        turn, flip = rng.uniform(0, 6.28), np.array([1.0, rng.choice([-1.0, 1.0])])
        inks = (
            (second, main, trim, main, second) if number % 3 else (trim, main, second, main, trim)
        )
        for size, ink in zip((0.19, 0.17, 0.14, 0.086, 0.066), inks, strict=True):
            tile.fill(placed(drop() * flip, place, turn, size), ink)
        for angle in np.linspace(0.7, 5.6, 11):
            spot = placed(np.array([[math.cos(angle), math.sin(angle)]]), place, turn, 0.105)[0]
            tile.fill(placed(disc(10), (float(spot[0]), float(spot[1])), 0, 0.007), inks[0])
    for number, place in enumerate(scattered(rng, 16, spots)):
        blossom(tile, place, 0.028, (second, trim)[number % 2], main, rng, count=6)
    return tile.design(rng.choice([0.26, 0.36]))


def _cutouts(colours: Colours, rng: random.Random) -> Design:
    """Loose paper shapes: pebbles, arcs and leaves."""
    main, second, trim = colours
    tile = Tile(main)
    spots = scattered(rng, 19)
    tones = (second, trim, blend(second, main, 0.55))
    for number, place in enumerate(spots):
        turn, tone = rng.uniform(0, 6.28), tones[number % 3]
        if number % 3 == 0:
            tile.fill(placed(wobbly(rng, 0.5) * (1.2, 0.8), place, turn, 0.085), tone)
        elif number % 3 == 1:
            arc = np.linspace(0, rng.uniform(2.4, 3.4), 20)
            path = placed(np.stack([np.cos(arc), np.sin(arc)], -1), place, turn, 0.075)
            tile.fill(stroke(path, 0.022), tone)
        else:
            for k in range(5):
                tile.fill(placed(petal(0.2), place, turn + 0.5 * (k - 2), 0.14), tone)
    return tile.design(rng.choice([0.34, 0.44]))


def _scallops(colours: Colours, rng: random.Random) -> Design:
    """Rows of fans, ring within ring."""
    main, second, trim = colours
    tile = Tile(main)
    for row in range(8, -2, -1):
        for column in range(4):
            place = ((column + row % 2 / 2) / 4, row / 8)
            for size, ink in (
                (0.125, second),
                (0.112, main),
                (0.085, trim),
                (0.072, main),
                (0.04, second),
            ):
                tile.fill(placed(disc(40), place, 0, size), ink)
    return tile.design(rng.choice([0.14, 0.2]))


def _facets(colours: Colours, rng: random.Random) -> Design:
    """Triangles set edge to edge in four tones."""
    main, second, trim = colours
    tile = Tile(main)
    tones = (main, second, trim, blend(main, second, 0.45))
    n = 6
    for row in range(n):
        for column in range(n):
            x, y = column / n, row / n
            corners = np.array([(x, y), (x + 1 / n, y), (x + 1 / n, y + 1 / n), (x, y + 1 / n)])
            first = (row + column) % 2
            halves = ((0, 1, 2), (0, 2, 3)) if first else ((0, 1, 3), (1, 2, 3))
            for half in halves:
                tile.fill(corners[list(half)], tones[rng.randrange(4)])
    return tile.design(rng.choice([0.24, 0.36]))


def _brush(colours: Colours, rng: random.Random) -> Design:
    """Short painted strokes."""
    main, second, trim = colours
    tile = Tile(main)
    for number, place in enumerate(scattered(rng, 70)):
        t = np.linspace(-1, 1, 12)
        path = placed(
            np.stack([t, 0.25 * rng.uniform(-1, 1) * t**2], -1), place, rng.gauss(0.6, 0.5), 0.055
        )
        tile.fill(stroke(path, 0.017), trim if number % 4 == 0 else second)
    return tile.design(rng.choice([0.26, 0.36]))


_ARTWORK: tuple[Printed, ...] = (
    _leopard, _leopard, _zebra, _marbled, _watercolour, _paisley, _paisley, _cutouts, _scallops,
    _facets, _brush,
)  # fmt: skip
_QUILTED: tuple[Printed, ...] = (_paisley, _watercolour, _leopard, _cutouts, _marbled)


def artwork(colours: Colours, material: str, rng: random.Random) -> Design:
    """An all-over print: skins, dyes, paisley, painted or cut figures; Fair Isle on knitwear."""
    if material == "knit":
        return fair_isle(colours, material, rng)
    return rng.choice(_QUILTED if material == "nylon" else _ARTWORK)(colours, rng)
