"""Prints of flowers and leaves, from ditsy sprigs to tropical fronds."""

from __future__ import annotations

import math
import random

import numpy as np

from .outlines import disc, petal, placed, stroke, wobbly
from .tile import Design, Point, Tile, blend, lightness, scattered

Colours = tuple[str, str, str]


def _greens(ground: str) -> tuple[str, str]:
    return ("#7d9468", "#a3b48a") if lightness(ground) < 0.4 else ("#5f7a4c", "#8ba273")


def blossom(
    tile: Tile,
    place: Point,
    size: float,
    colour: str,
    heart: str,
    rng: random.Random,
    *,
    count: int,
) -> None:
    """Paint an open flower."""
    turn = rng.uniform(0, 6.28)
    for k in range(count):
        angle = turn + 6.283 * k / count + rng.uniform(-0.08, 0.08)
        tone = blend(colour, "#ffffff" if k % 2 else "#3a1520", 0.1)
        tile.fill(placed(petal(0.36, 1.5), place, angle, size), tone)
        tile.fill(placed(petal(0.07), place, angle, size * 0.6), blend(colour, heart, 0.4))
    tile.fill(placed(disc(), place, 0, size * 0.2), heart)


def _bloom(tile: Tile, place: Point, size: float, colour: str, rng: random.Random) -> None:
    """A full rose or peony: ring within ring of loose petals."""
    deep = blend(colour, "#2a0d18", 0.42)
    for ring in range(5):
        reach = size * (1 - 0.19 * ring)
        count = 7 - ring
        start = rng.uniform(0, 6.28)
        for k in range(count):
            angle = start + 6.283 * k / count
            middle = (
                place[0] + math.cos(angle) * reach * 0.48,
                place[1] + math.sin(angle) * reach * 0.48,
            )
            share = rng.uniform(0, 0.35) + 0.09 * ring
            tile.fill(
                placed(wobbly(rng, 0.25), middle, angle, reach * 0.5),
                blend(colour, deep, share + 0.3),
            )
            inner = (
                middle[0] - math.cos(angle) * reach * 0.06,
                middle[1] - math.sin(angle) * reach * 0.06,
            )
            light = blend(colour, "#fff6ee", rng.uniform(0.0, 0.3))
            tile.fill(
                placed(wobbly(rng, 0.25), inner, angle, reach * 0.43), blend(light, deep, share)
            )


def _spray(
    tile: Tile, place: Point, size: float, tones: tuple[str, str], rng: random.Random
) -> None:
    """A bent stem with leaves to both sides."""
    turn, bend = rng.uniform(0, 6.28), rng.uniform(-0.7, 0.7)
    t = np.linspace(0, 1, 12)
    path = placed(np.stack([t, bend * t**2 * 0.5], -1), place, turn, size)
    tile.fill(stroke(path, size * 0.018), tones[0])
    for k in range(2, 12, 2):
        for side in (-1, 1):
            angle = turn + bend * t[k] + side * 0.8
            spot = (float(path[k, 0]), float(path[k, 1]))
            tile.fill(
                placed(petal(0.2), spot, angle, size * (0.42 - 0.2 * t[k])), rng.choice(tones)
            )


def _ditsy(colours: Colours, rng: random.Random) -> Design:
    main, second, trim = colours
    tile, greens = Tile(main), _greens(main)
    spots = scattered(rng, 64)
    for number, place in enumerate(spots):
        if number % 2:
            _spray(tile, place, 0.07, greens, rng)
        colour, heart = (second, trim) if number % 3 else (trim, second)
        blossom(tile, place, rng.uniform(0.028, 0.042), colour, heart, rng, count=5)
    return tile.design(rng.choice([0.2, 0.27]))


def _meadow(colours: Colours, rng: random.Random) -> Design:
    main, second, trim = colours
    tile, greens = Tile(main), _greens(main)
    spots = scattered(rng, 13)
    for place in spots:
        for _ in range(2):
            _spray(tile, place, rng.uniform(0.13, 0.18), greens, rng)
    for number, place in enumerate(spots):
        colour = (second, second, trim)[number % 3]
        heart = trim if colour is second else second
        blossom(
            tile, place, rng.uniform(0.065, 0.1), colour, heart, rng, count=rng.choice([5, 6, 8])
        )
    for place in scattered(rng, 14, spots):
        blossom(tile, place, 0.026, blend(second, "#ffffff", 0.4), trim, rng, count=5)
    return tile.design(rng.choice([0.3, 0.36]))


def _roses(colours: Colours, rng: random.Random) -> Design:
    main, second, trim = colours
    tile, greens = Tile(main), _greens(main)
    spots = scattered(rng, 7)
    for place in spots:
        for _ in range(4):
            _spray(tile, place, rng.uniform(0.2, 0.27), greens, rng)
    for number, place in enumerate(spots):
        colour = second if number % 3 else blend(second, trim, 0.7)
        _bloom(tile, place, rng.uniform(0.1, 0.15), colour, rng)
    for place in scattered(rng, 9, spots):
        blossom(tile, place, 0.035, trim, second, rng, count=5)
    return tile.design(rng.choice([0.36, 0.46]))


def _fronds(colours: Colours, rng: random.Random) -> Design:
    """Tropical: palm fronds over broad leaves."""
    main, second, trim = colours
    tile = Tile(main)
    dark = lightness(main) < 0.4
    green = blend(second, "#3f8a5c" if dark else "#24583c", 0.75)
    spots = scattered(rng, 9)
    for place in spots:
        turn = rng.uniform(0, 6.28)
        tile.fill(placed(petal(0.3), place, turn, 0.3), blend(main, green, 0.35))
    for number, place in enumerate(spots):
        tone = blend(green, (trim, "#ffffff", "#10251c")[number % 3], (0.45, 0.15, 0.3)[number % 3])
        turn, bend = rng.uniform(0, 6.28), rng.uniform(-0.6, 0.6)
        t = np.linspace(0, 1, 22)
        path = placed(np.stack([t, bend * 0.4 * t**2], -1), place, turn, 0.34)
        tile.fill(stroke(path, 0.004), tone)
        for k in range(2, 22):
            long = 0.15 * math.sin(math.pi * (0.12 + 0.8 * t[k])) + 0.02
            for side in (-1, 1):
                spot = (float(path[k, 0]), float(path[k, 1]))
                angle = turn + bend * 0.8 * t[k] + side * (1.15 - 0.6 * t[k])
                tile.fill(placed(petal(0.07), spot, angle, long), tone)
    for place in scattered(rng, 3, spots):
        blossom(tile, place, 0.08, trim, second, rng, count=5)
    return tile.design(rng.choice([0.38, 0.5]))


def floral(colours: Colours, material: str, rng: random.Random) -> Design:
    """Ditsy sprigs, a meadow, roses, or tropical leaves."""
    return rng.choice([_ditsy, _meadow, _meadow, _roses, _roses, _fronds])(colours, rng)
