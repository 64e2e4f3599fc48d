"""Where customers photograph things: floors, tables, grass, walls and shelves."""

from __future__ import annotations

import random
from collections.abc import Callable

import bpy
import numpy as np

from .geometry.lofts import mesh_object
from .shader_graph import ShaderGraph, lightened, linear

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
    """Pavement: slabs or tarmac, worn and speckled."""
    tone = linear(rng.choice(["#9a9894", "#7d7c79", "#b0aba2", "#6a6a6c"]))
    place = graph.object_space()
    coarse = graph.noise(place, 0.2, detail=5.0, rough=0.6)
    fine = graph.noise(place, 0.006, detail=3.0, rough=0.75)
    stone = graph.cells(graph.scaled(place, 1 / 0.011))["Distance"]
    colour = graph.shaded(tone, graph.remap(coarse, 0.3, 0.7, 0.7, 1.15))
    colour = graph.shaded(colour, graph.remap(fine, 0.3, 0.7, 0.6, 1.25))
    colour = graph.shaded(colour, graph.remap(stone, 0.15, 0.3, 1.25, 1.0))
    height = graph.add(fine, graph.mul(coarse, 0.5))
    if rng.random() < 0.65:
        x, y = graph.split(graph.warped(place, 0.1, 0.004))
        wide = rng.choice([0.2, 0.3, 0.4])
        row = graph.math("FLOOR", graph.mul(y, 2 / wide))
        moved = graph.math("MULTIPLY_ADD", row, 0.5, graph.mul(x, 1 / wide))
        ends = graph.math("ABSOLUTE", graph.sub(graph.fract(moved), 0.5))
        sides = graph.math("ABSOLUTE", graph.sub(graph.fract(graph.mul(y, 2 / wide)), 0.5))
        joint = graph.math("MAXIMUM", graph.step(ends, 0.48, 0.492), graph.step(sides, 0.46, 0.484))
        colour = graph.mix(graph.mul(joint, 0.75), colour, (0.02, 0.019, 0.015, 1.0))
        height = graph.sub(height, graph.mul(joint, 2.0))
    return graph.finish(Base_Color=colour, Roughness=0.9, Normal=graph.bump(height, 0.003, 0.8))


def carpet(graph: ShaderGraph, rng: random.Random) -> bpy.types.Material:
    """A carpet's pile."""
    tone = linear(rng.choice(["#a89f92", "#5f6b78", "#8c6a5a", "#c9bfae"]))
    place = graph.object_space()
    pile = graph.noise(graph.warped(place, 0.02, 0.02), 0.0045, detail=3.0, rough=0.65)
    tuft = graph.noise(place, 0.02, detail=2.0)
    trodden = graph.noise(place, 0.25, detail=3.0)
    colour = graph.shaded(tone, graph.remap(pile, 0.3, 0.7, 0.5, 1.25))
    colour = graph.shaded(colour, graph.remap(tuft, 0.3, 0.7, 0.85, 1.1))
    return graph.finish(
        Base_Color=graph.shaded(colour, graph.remap(trodden, 0.35, 0.65, 0.88, 1.08)),
        Roughness=1.0,
        Specular_IOR_Level=0.05,
        Sheen_Weight=0.2,
        Normal=graph.bump(graph.add(pile, tuft), 0.006, 0.8),
    )


def lawn(graph: ShaderGraph, rng: random.Random) -> bpy.types.Material:
    """Soil and moss under the blades of `grow`."""
    place = graph.object_space()
    patch = graph.noise(place, 0.03, detail=4.0)
    colour = graph.mix(patch, (0.012, 0.02, 0.006, 1.0), (0.03, 0.05, 0.012, 1.0))
    return graph.finish(Base_Color=colour, Roughness=1.0)


GROUNDS: dict[str, Ground] = {
    "wooden floor": planks,
    "table": table,
    "tiles": tiles,
    "pavement": concrete,
    "carpet": carpet,
    "grass": lawn,
}


def lay(name: str, rng: random.Random, reach: float, *, height: float = 0.0) -> None:
    """Put a ground at a height, wide enough for the camera's view."""
    graph = ShaderGraph(name)
    material = GROUNDS[name](graph, rng)
    wide = 14 * max(reach, 0.4)
    corners = np.array([[-wide, -wide, 0], [wide, -wide, 0], [wide, wide, 0], [-wide, wide, 0]])
    item = mesh_object("ground", corners, np.array([[0, 1, 2, 3]]), corners[:, :2], [material])
    item["studio"] = True
    item.location[2] = height
    item.rotation_euler[2] = rng.choice([0.0, 1.5708]) + rng.uniform(-0.5, 0.5)
    if name == "grass":
        grow(rng, reach)


def grow(rng: random.Random, reach: float) -> None:
    """Blades of grass round the product, thinner and shorter under it."""
    source = np.random.default_rng(rng.randrange(10**6))
    count = 38000
    place = source.uniform(-1, 1, (count, 2)) * 3.2 * reach
    tall = source.uniform(0.012, 0.042, count)
    under = np.hypot(place[:, 0], place[:, 1]) < 0.7 * reach
    tall[under] *= 0.45
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


WALLS = ("#cfc8bb", "#9fb0b5", "#c9a99a", "#7f8a78", "#d9d4c8", "#6f7f91", "#e0d2b4")


def fallen_leaves(rng: random.Random) -> None:
    """Dry leaves and small stones on a pavement."""
    source = np.random.default_rng(rng.randrange(10**6))
    for colour in ("#8a5a2b", "#6b4a25", "#a8893a"):
        count = 9
        place = source.uniform(-0.8, 0.8, (count, 2))
        turn = source.uniform(0, 2 * np.pi, count)
        size = source.uniform(0.015, 0.035, count)
        shape = np.array([(-1, 0), (-0.2, -0.5), (1, 0), (-0.2, 0.5)])
        along = np.stack([np.cos(turn), np.sin(turn)], axis=1)
        across = np.stack([-np.sin(turn), np.cos(turn)], axis=1)
        flat = shape[None, :, :1] * along[:, None] + shape[None, :, 1:] * across[:, None]
        points = np.zeros((count, 4, 3))
        points[..., :2] = place[:, None] + flat * size[:, None, None]
        points[..., 2] = source.uniform(0.002, 0.01, (count, 4))
        faces = np.arange(count * 4).reshape(count, 4)
        material = ShaderGraph("leaf").finish(Base_Color=linear(colour), Roughness=0.8)
        item = mesh_object(
            "leaves", points.reshape(-1, 3), faces, np.zeros((4 * count, 2)), [material]
        )
        item["studio"] = True
