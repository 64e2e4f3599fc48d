"""Household cloth: sheets, duvet covers, towels, upholstery."""

from __future__ import annotations

import random
from typing import Any

import bpy

from .shader_graph import Rgb, ShaderGraph, lightened, linear

PLAIN = (
    "#e9e6df", "#dfe3e6", "#b9c6d2", "#d9c7b8", "#8f9a8c", "#6c7a8c", "#7d2a35", "#34405c",
    "#c9b59a", "#e6d3d0", "#5d5a58", "#a8b7a2",
)  # fmt: skip


def linen(rng: random.Random) -> bpy.types.Material:
    """Bed linen, plain or woven and printed with what such linen has."""
    graph = ShaderGraph("linen")
    tone = linear(rng.choice(PLAIN))
    light = max(tone[:3]) > 0.4
    other = lightened(tone, -rng.uniform(0.2, 0.5)) if light else lightened(tone, 0.35)
    place = graph.object_space()
    x, y = graph.split(place)
    drawn = rng.choice(["plain"] * 5 + ["stripes", "gingham", "dots", "leaves"])
    colour: Any = tone
    match drawn:
        case "stripes":
            wide = rng.choice([0.012, 0.03, 0.06])
            colour = graph.mix(graph.step(graph.wave(x, wide), 0.48, 0.54), tone, other)
        case "gingham":
            wide = rng.choice([0.03, 0.05])
            both = graph.add(
                graph.step(graph.wave(x, wide), 0.48, 0.52),
                graph.step(graph.wave(y, wide), 0.48, 0.52),
            )
            colour = graph.mix(graph.mul(both, 0.5), tone, other)
        case "dots":
            cells = graph.cells(graph.scaled(place, 1 / 0.045), randomness=0.15)
            colour = graph.mix(graph.step(cells["Distance"], 0.24, 0.2), tone, other)
        case "leaves":
            bent = graph.warped(place, 0.09, 0.08)
            cells = graph.cells(graph.scaled(bent, (38.0, 15.0, 1.0)))
            colour = graph.mix(graph.step(cells["Distance"], 0.4, 0.34), tone, other)
    return _woven(graph, colour, rng.uniform(0.3, 0.8))


def _woven(graph: ShaderGraph, colour: Any, sheen: float) -> bpy.types.Material:
    fine = graph.noise(graph.object_space(), 0.012, detail=3.0, rough=0.6)
    return graph.finish(
        Base_Color=graph.shaded(colour, graph.remap(fine, 0.3, 0.7, 0.95, 1.04)),
        Roughness=0.9,
        Specular_IOR_Level=0.15,
        Sheen_Weight=0.15 * sheen,
        Normal=graph.bump(fine, 0.0016, 0.5),
    )


def upholstery(rng: random.Random) -> bpy.types.Material:
    """The coarse cloth or velvet of a sofa."""
    graph = ShaderGraph("upholstery")
    tone: Rgb = linear(
        rng.choice(["#55585c", "#7c7a76", "#a79c8c", "#2f4a4c", "#3c4258", "#8a5a45", "#c2b6a4"])
    )
    place = graph.object_space()
    thread = graph.noise(graph.scaled(place, (1.0, 3.0, 1.0)), 0.006, detail=2.0)
    cloud = graph.noise(place, 0.1, detail=3.0)
    colour = graph.shaded(tone, graph.remap(thread, 0.3, 0.7, 0.75, 1.2))
    return graph.finish(
        Base_Color=graph.shaded(colour, graph.remap(cloud, 0.3, 0.7, 0.9, 1.08)),
        Roughness=0.95,
        Specular_IOR_Level=0.1,
        Sheen_Weight=0.3,
        Normal=graph.bump(thread, 0.002, 0.6),
    )
