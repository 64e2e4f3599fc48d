"""Where customers photograph things: floors, tables, grass, walls and shelves."""

from __future__ import annotations

import random
from collections.abc import Callable

import bpy
import numpy as np

from .geometry.lofts import mesh_object
from .shader_graph import Rgb, ShaderGraph, lightened, linear

Ground = Callable[[ShaderGraph, random.Random], bpy.types.Material]


def planks(graph: ShaderGraph, rng: random.Random) -> bpy.types.Material:
    """A floor of wooden boards."""
    tone = linear(rng.choice(["#a9794a", "#c49a6c", "#7d5535", "#b98a5e", "#d0b48c"]))
    place = graph.object_space()
    x, y = graph.split(place)
    board = graph.math("FLOOR", graph.mul(x, 1 / 0.11))
    own = graph.noise(graph.join(graph.mul(board, 7.3), 0.0, 3.0), 1.0, detail=0.0)
    shifted = graph.join(x, graph.math("MULTIPLY_ADD", own, 3.0, y), board)
    grain = graph.noise(graph.scaled(shifted, (1.0, 0.06, 1.0)), 0.012, detail=4.0, rough=0.65)
    gap = graph.math("ABSOLUTE", graph.sub(graph.fract(graph.mul(x, 1 / 0.11)), 0.5))
    ends = graph.fract(graph.math("MULTIPLY_ADD", y, 1 / 1.1, graph.mul(own, 5.0)))
    seam = graph.math("MAXIMUM", graph.step(gap, 0.483, 0.492), graph.step(ends, 0.004, 0.001))
    colour = graph.shaded(tone, graph.remap(grain, 0.3, 0.7, 0.72, 1.15))
    colour = graph.shaded(colour, graph.remap(own, 0.3, 0.7, 0.8, 1.15))
    colour = graph.mix(graph.mul(seam, 0.8), colour, lightened(tone, -0.85))
    return graph.finish(
        Base_Color=colour,
        Roughness=graph.remap(grain, 0.3, 0.7, 0.35, 0.55),
        Specular_IOR_Level=0.4,
    )


def table(graph: ShaderGraph, rng: random.Random) -> bpy.types.Material:
    """One wide wooden top."""
    tone = linear(rng.choice(["#d8b98d", "#8a5b38", "#5a3b28", "#c79a66"]))
    place = graph.scaled(graph.object_space(), (0.09, 1.0, 1.0))
    grain = graph.noise(graph.warped(place, 0.3, 0.05), 0.02, detail=5.0, rough=0.6)
    return graph.finish(
        Base_Color=graph.shaded(tone, graph.remap(grain, 0.3, 0.7, 0.75, 1.14)),
        Roughness=0.38,
        Coat_Weight=0.1,
    )


def tiles(graph: ShaderGraph, rng: random.Random) -> bpy.types.Material:
    """Square floor tiles with grout."""
    tone = linear(rng.choice(["#cfcac0", "#8d9296", "#b9a48c", "#5d6468"]))
    x, y = graph.split(graph.object_space())
    size = rng.choice([0.15, 0.22, 0.3])
    away = [
        graph.math("ABSOLUTE", graph.sub(graph.fract(graph.mul(axis, 1 / size)), 0.5))
        for axis in (x, y)
    ]
    grout = graph.step(graph.math("MAXIMUM", *away), 0.484, 0.49)
    cloud = graph.noise(graph.object_space(), 0.12, detail=4.0)
    colour = graph.shaded(tone, graph.remap(cloud, 0.3, 0.7, 0.88, 1.08))
    return graph.finish(
        Base_Color=graph.mix(grout, colour, lightened(tone, -0.45)),
        Roughness=graph.remap(grout, 0.0, 1.0, 0.3, 0.9),
        Normal=graph.bump(grout, 0.002, -0.5),
    )


def concrete(graph: ShaderGraph, rng: random.Random) -> bpy.types.Material:
    """Pavement."""
    tone = linear(rng.choice(["#9a9894", "#7d7c79", "#b0aba2"]))
    place = graph.object_space()
    coarse = graph.noise(place, 0.2, detail=5.0, rough=0.6)
    fine = graph.noise(place, 0.006, detail=3.0, rough=0.7)
    colour = graph.shaded(tone, graph.remap(coarse, 0.3, 0.7, 0.82, 1.1))
    return graph.finish(
        Base_Color=graph.shaded(colour, graph.remap(fine, 0.3, 0.7, 0.85, 1.1)),
        Roughness=0.9,
        Normal=graph.bump(fine, 0.0015, 0.6),
    )


def carpet(graph: ShaderGraph, rng: random.Random) -> bpy.types.Material:
    """A looped carpet."""
    tone = linear(rng.choice(["#a89f92", "#5f6b78", "#8c6a5a", "#c9bfae"]))
    place = graph.object_space()
    loop = graph.cells(graph.scaled(place, 1 / 0.007))["Distance"]
    cloud = graph.noise(place, 0.15, detail=3.0)
    colour = graph.shaded(tone, graph.remap(loop, 0.0, 0.7, 1.12, 0.6))
    return graph.finish(
        Base_Color=graph.shaded(colour, graph.remap(cloud, 0.3, 0.7, 0.9, 1.08)),
        Roughness=1.0,
        Specular_IOR_Level=0.05,
        Sheen_Weight=0.2,
        Normal=graph.bump(loop, 0.004, -0.7),
    )


def bed(graph: ShaderGraph, rng: random.Random) -> bpy.types.Material:
    """Crumpled bed linen."""
    tone = linear(rng.choice(["#dcd9d2", "#aebccb", "#c7b8a8", "#8f9a8c"]))
    place = graph.warped(graph.object_space(), 0.3, 0.2)
    crumple = graph.noise(place, 0.16, detail=3.0, rough=0.5)
    return graph.finish(
        Base_Color=tone,
        Roughness=0.9,
        Specular_IOR_Level=0.2,
        Sheen_Weight=0.1,
        Normal=graph.bump(crumple, 0.05, 0.8),
    )


def lawn(graph: ShaderGraph, rng: random.Random) -> bpy.types.Material:
    """Soil and moss under the blades of `grow`."""
    place = graph.object_space()
    patch = graph.noise(place, 0.03, detail=4.0)
    colour = graph.mix(patch, (0.02, 0.035, 0.01, 1.0), (0.07, 0.11, 0.025, 1.0))
    return graph.finish(Base_Color=colour, Roughness=1.0)


GROUNDS: dict[str, Ground] = {
    "wooden floor": planks,
    "table": table,
    "tiles": tiles,
    "pavement": concrete,
    "carpet": carpet,
    "bed": bed,
    "grass": lawn,
}


def lay(name: str, rng: random.Random, reach: float) -> None:
    """Put a ground at z = 0, wide enough for the camera's view."""
    graph = ShaderGraph(name)
    material = GROUNDS[name](graph, rng)
    wide = 14 * reach
    corners = np.array([[-wide, -wide, 0], [wide, -wide, 0], [wide, wide, 0], [-wide, wide, 0]])
    item = mesh_object("ground", corners, np.array([[0, 1, 2, 3]]), corners[:, :2], [material])
    item["studio"] = True
    item.rotation_euler[2] = rng.uniform(-0.6, 0.6)
    if name == "grass":
        grow(rng, reach)


def grow(rng: random.Random, reach: float) -> None:
    """Blades of grass round the product, thinner and shorter under it."""
    source = np.random.default_rng(rng.randrange(10**6))
    count = 26000
    place = source.uniform(-1, 1, (count, 2)) * 3.2 * reach
    tall = source.uniform(0.012, 0.042, count)
    under = np.hypot(place[:, 0], place[:, 1]) < 0.9 * reach
    tall[under] *= 0.4
    turn = source.uniform(0, 2 * np.pi, count)
    lean = source.normal(0, 0.35, (count, 2)) * tall[:, None]
    side = np.stack([np.cos(turn), np.sin(turn)], axis=1) * 0.0016
    root = np.concatenate([place, np.zeros((count, 1))], axis=1)
    tip = np.concatenate([place + lean, tall[:, None]], axis=1)
    flat = np.concatenate([side, np.zeros((count, 1))], axis=1)
    points = np.stack([root - flat, root + flat, tip + flat * 0.2, tip - flat * 0.2], axis=1)
    faces = (np.arange(count)[:, None] * 4 + np.arange(4)).astype(np.int64)
    graph = ShaderGraph("blades")
    tint = graph.noise(graph.object_space(), 0.02, detail=2.0)
    colour = graph.mix(tint, (0.03, 0.09, 0.012, 1.0), (0.19, 0.3, 0.05, 1.0))
    material = graph.finish(Base_Color=colour, Roughness=0.6, Specular_IOR_Level=0.3)
    uv = np.zeros((count * 4, 2))
    item = mesh_object("grass", points.reshape(-1, 3), faces, uv, [material])
    item["studio"] = True


def painted(colour: Rgb, name: str = "paint") -> bpy.types.Material:
    """Wall paint."""
    graph = ShaderGraph(name)
    rough = graph.noise(graph.object_space(), 0.012, detail=2.0)
    return graph.finish(Base_Color=colour, Roughness=0.9, Normal=graph.bump(rough, 0.001, 0.3))


WALLS = ("#cfc8bb", "#9fb0b5", "#c9a99a", "#7f8a78", "#d9d4c8", "#6f7f91", "#e0d2b4")


def wall(rng: random.Random, y: float, reach: float) -> None:
    """A painted wall behind, with a skirting board."""
    wide = 14 * reach
    corners = np.array([[-wide, y, 0], [wide, y, 0], [wide, y, wide], [-wide, y, wide]])
    paint = painted(linear(rng.choice(WALLS)))
    item = mesh_object("wall", corners, np.array([[0, 1, 2, 3]]), corners[:, [0, 2]], [paint])
    item["studio"] = True
    box((-wide, y - 0.015, 0.0), (wide, y, 0.09), painted(linear("#ebe8e1"), "skirting"))


def shelf(rng: random.Random, y: float, reach: float) -> None:
    """A shelf of boxes and books behind the product."""
    wide = 3.4 * reach
    wood = painted(linear(rng.choice(["#8a623e", "#e3ddd0", "#3d3a38"])), "board")
    spines = [
        "#7a2f2b",
        "#2d4a63",
        "#c9a24a",
        "#3f5a45",
        "#d8cfbd",
        "#5b4a6b",
        "#b5653a",
        "#2b2b2d",
    ]
    paints = [painted(linear(colour), colour) for colour in spines]
    depth = 0.25
    level = 0.05 * reach
    for _ in range(4):
        box((-wide, y, level - 0.02), (wide, y + depth, level), wood)
        x = -wide
        while x < wide:
            if rng.random() < 0.12:
                x += rng.uniform(0.03, 0.12)
                continue
            thick, tall = rng.uniform(0.018, 0.06), rng.uniform(0.14, 0.24)
            if rng.random() < 0.15:
                thick, tall = rng.uniform(0.12, 0.26), rng.uniform(0.08, 0.15)
            near = y + rng.uniform(0.01, 0.05)
            box((x, near, level), (x + thick, y + depth, level + tall), rng.choice(paints))
            x += thick + 0.002
        level += 0.3


def box(
    low: tuple[float, float, float],
    high: tuple[float, float, float],
    material: bpy.types.Material,
) -> None:
    """An upright box between two corners."""
    x, y, z = zip(low, high, strict=True)
    corners = np.array([[x[i & 1], y[i >> 1 & 1], z[i >> 2 & 1]] for i in range(8)], float)
    faces = [[0, 2, 3, 1], [4, 5, 7, 6], [0, 1, 5, 4], [2, 6, 7, 3], [0, 4, 6, 2], [1, 3, 7, 5]]
    item = mesh_object("box", corners, np.array(faces), np.zeros((8, 2)), [material], smooth=False)
    item["studio"] = True
