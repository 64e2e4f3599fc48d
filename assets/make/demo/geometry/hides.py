"""Hides and rubber of shoes, with prints of their own: calf, pony, snake, a wellington's rubber.

Scales and thicknesses are a shoe's; the cloths of `materials.fabric` serve for the rest.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import bpy

from .. import materials
from ..shader_graph import ShaderGraph, linear
from ..spec import Spec
from ..surfaces import SURFACES
from .shoe_prints import PRINTS

Finish = Callable[[ShaderGraph, Any, Any, str], bpy.types.Material]

FINER = {"knit": 2.0, "mesh": 1.35, "canvas": 1.2, "denim": 2.4}
"""How much finer a shoe's cloth is than a garment's."""

PANELLED = ("two-tone", "colour-block")
"""Patterns that are made by cutting, not by printing: each panel has one colour."""

SCALES = {
    "dots": 0.7,
    "floral": 0.7,
    "checks": 0.5,
    "stripes": 0.6,
    "camouflage": 0.7,
    "print": 0.6,
    "snake": 0.7,
}
"""How much smaller a pattern is drawn on a shoe than on a garment."""


def hide(spec: Spec, *, scale: float = 0.0) -> bpy.types.Material:
    """The upper's own material, with the design's pattern and finish.

    `scale` draws a cloth's pattern smaller than `SCALES` does.
    """
    if spec.pattern in PANELLED:
        return bare(spec, spec.colours[0])
    return _made(spec, spec.pattern, spec.colours, scale=scale)


def bare(spec: Spec, colour: str, *, material: str = "") -> bpy.types.Material:
    """The same stuff in one colour, for tongues, straps and panels beside a printed upper."""
    return _made(spec, "plain", (colour,), material)


def _made(
    spec: Spec, pattern: str, colours: tuple[str, ...], material: str = "", scale: float = 0.0
) -> bpy.types.Material:
    material = material or spec.material
    surface = _finish(material, pattern)
    look = str(spec.shape.get("finish", "smooth"))
    name = "|".join((material, pattern, look, *colours, str(spec.seed)))[:60]
    found = bpy.data.materials.get(name)
    if found is not None:
        return found
    graph = ShaderGraph(name)
    cloth = graph.cloth()
    colour = _drawn(graph, cloth, spec, pattern, colours, scale)
    if surface is None:
        return SURFACES[material](graph, graph.scaled(cloth, FINER.get(material, 1.0)), colour)
    return surface(graph, cloth, colour, look)


def _drawn(
    graph: ShaderGraph,
    cloth: Any,
    spec: Spec,
    pattern: str,
    colours: tuple[str, ...],
    scale: float,
) -> Any:
    """The pattern's colour at a place of the cloth."""
    if pattern == "plain":
        return graph.mix(0.0, linear(colours[0]), linear(colours[0]))
    first, second, third = (colours[min(k, len(colours) - 1)] for k in range(3))
    draw = random.Random(spec.seed)
    if pattern in PRINTS:
        cloth = graph.scaled(cloth, 1.4) if scale else cloth
        return PRINTS[pattern](graph, cloth, (linear(first), linear(second), linear(third)), draw)
    scale = scale or SCALES.get(pattern, 1.0)
    return materials.coloured(graph, cloth, spec.material, pattern, colours, scale, spec.seed)


def _finish(material: str, pattern: str) -> Finish | None:
    """How a shoe's own stuff is finished: haired under a beast's coat, scaled under a snake's."""
    hide = material in ("leather", "suede", "patent")
    if hide and pattern in ("leopard", "zebra", "cowhide"):
        return pony
    if hide and pattern == "snake":
        return snake
    return FINISHES.get(material)


def _burnished(graph: ShaderGraph, colour: Any, depth: float) -> Any:
    """Darker where a brush has been: at toe and heel, and along the sole.

    Object space is the shoe's own: x from heel to toe, z up.
    """
    place = graph.object_space()
    x, _ = graph.split(place)
    z = graph.vector("LENGTH", graph.scaled(place, (0.0, 0.0, 1.0)))
    ends = graph.math("MAXIMUM", graph.step(x, 0.195, 0.27), graph.step(x, 0.03, -0.005))
    low = graph.step(z, 0.10, 0.02)
    cloud = graph.noise(place, 0.05, detail=2.0)
    mask = graph.mul(graph.mul(ends, low), graph.remap(cloud, 0.3, 0.7, 0.6, 1.0))
    return graph.shaded(colour, graph.remap(mask, 0.0, 1.0, 1.0, 1.0 - depth))


def calf(graph: ShaderGraph, cloth: Any, colour: Any, finish: str) -> bpy.types.Material:
    """Smooth, tumbled, waxed or polished leather: fine grain, soft ripples, an uneven shine."""
    ripple = graph.noise(graph.scaled(cloth, (1.0, 0.6, 1.0)), 0.028, detail=2.0, rough=0.55)
    cloud = graph.noise(cloth, 0.045, detail=2.0, rough=0.6)
    size = 0.0024 if finish == "grain" else 0.0015
    cells = graph.cells(graph.scaled(cloth, 1 / size))
    grain = graph.step(cells["Distance"], 0.75, 0.05)
    fine = graph.noise(cloth, 0.0058, detail=2.0, rough=0.6)
    deep = {"grain": 0.75, "polished": 0.14}.get(finish, 0.34)
    height = graph.math("MULTIPLY_ADD", ripple, 3.4, graph.mul(grain, deep))
    height = graph.math("MULTIPLY_ADD", fine, 0.8, height)
    colour = graph.shaded(colour, graph.remap(grain, 0.0, 1.0, 1 - 0.2 * deep, 0.97))
    spread = 0.18 if finish == "waxed" else 0.09
    colour = graph.shaded(colour, graph.remap(cloud, 0.3, 0.7, 0.93 - spread, 0.93 + spread))
    colour = _burnished(graph, colour, {"waxed": 0.40, "grain": 0.10}.get(finish, 0.22))
    rough = {"waxed": (0.40, 0.62), "grain": (0.34, 0.46), "polished": (0.13, 0.24)}
    low, high = rough.get(finish, (0.24, 0.42))
    return graph.finish(
        Base_Color=colour,
        Roughness=graph.remap(cloud, 0.3, 0.7, low, high),
        Specular_IOR_Level=0.45,
        Coat_Weight=0.25 if finish == "polished" else 0.0,
        Coat_Roughness=0.12,
        Normal=graph.bump(height, 0.0006, 0.6),
    )


def napped(graph: ShaderGraph, cloth: Any, colour: Any, finish: str) -> bpy.types.Material:
    """Suede: a short nap that hands have brushed light and dark, downy where it turns away."""
    fibre = graph.noise(cloth, 0.0013, detail=3.0, rough=0.75)
    warped = graph.warped(cloth, 0.05, 0.03)
    lie = graph.noise(graph.scaled(warped, (1.0, 0.45, 1.0)), 0.024, detail=4.0, rough=0.68)
    strokes = graph.noise(graph.scaled(warped, (0.30, 1.0, 1.0)), 0.0046, detail=3.0, rough=0.6)
    brushed = graph.add(graph.step(lie, 0.30, 0.70), graph.mul(strokes, 0.8))
    colour = graph.shaded(colour, graph.remap(brushed, 0.3, 1.4, 0.86, 1.09))
    colour = graph.shaded(colour, graph.remap(fibre, 0.3, 0.7, 0.84, 1.14))
    colour = graph.shaded(colour, graph.remap(graph.facing(0.35), 0.0, 0.8, 0.94, 1.22))
    return graph.finish(
        Base_Color=colour,
        Roughness=1.0,
        Specular_IOR_Level=0.08,
        Sheen_Weight=0.35,
        Sheen_Roughness=0.35,
        Sheen_Tint=colour,
        Normal=graph.bump(graph.math("MULTIPLY_ADD", brushed, 0.5, fibre), 0.0008, 0.7),
    )


def lacquered(graph: ShaderGraph, cloth: Any, colour: Any, finish: str) -> bpy.types.Material:
    """Patent leather: deep colour under a thick coat that mirrors the lamps, hardly rippled."""
    ripple = graph.noise(cloth, 0.030, detail=2.0, rough=0.4)
    return graph.finish(
        Base_Color=graph.mix(0.3, colour, colour, blend="MULTIPLY"),
        Roughness=0.5,
        Specular_IOR_Level=0.1,
        Coat_Weight=1.0,
        Coat_Roughness=0.02,
        Coat_IOR=1.43,
        Coat_Normal=graph.bump(ripple, 0.0012, 0.35, lean=0.30),
    )


def pony(graph: ShaderGraph, cloth: Any, colour: Any, finish: str) -> bpy.types.Material:
    """Short hair lying backwards, with a soft sheen along it."""
    hair = graph.noise(graph.scaled(cloth, (0.22, 1.0, 1.0)), 0.0016, detail=3.0, rough=0.7)
    lie = graph.noise(cloth, 0.028, detail=3.0)
    colour = graph.shaded(colour, graph.remap(hair, 0.3, 0.7, 0.80, 1.14))
    colour = graph.shaded(colour, graph.remap(lie, 0.3, 0.7, 0.90, 1.08))
    return graph.finish(
        Base_Color=colour,
        Roughness=0.58,
        Specular_IOR_Level=0.3,
        Sheen_Weight=0.25,
        Sheen_Roughness=0.4,
        Normal=graph.bump(hair, 0.0006, 0.5),
    )


def snake(graph: ShaderGraph, cloth: Any, colour: Any, finish: str) -> bpy.types.Material:
    """Printed scales under a varnish."""
    skin = graph.noise(cloth, 0.004, detail=2.0)
    return graph.finish(
        Base_Color=colour,
        Roughness=graph.remap(skin, 0.3, 0.7, 0.24, 0.40),
        Coat_Weight=0.2,
        Coat_Roughness=0.2,
        Normal=graph.bump(skin, 0.0008, 0.5),
    )


def rubber(graph: ShaderGraph, cloth: Any, colour: Any, finish: str) -> bpy.types.Material:
    """Moulded rubber, glossy unless it is meant to be matt; its skin is never quite even."""
    skin = graph.noise(cloth, 0.045, detail=2.0, rough=0.45)
    dust = graph.noise(cloth, 0.006, detail=3.0, rough=0.6)
    matt = finish == "matt"
    low, high = (0.42, 0.55) if matt else (0.10, 0.22)
    return graph.finish(
        Base_Color=graph.shaded(colour, graph.remap(skin, 0.3, 0.7, 0.96, 1.03)),
        Roughness=graph.remap(dust, 0.3, 0.7, low, high),
        Specular_IOR_Level=0.5,
        Coat_Weight=0.0 if matt else 0.35,
        Coat_Roughness=0.06,
        Normal=graph.bump(graph.math("MULTIPLY_ADD", dust, 0.05, skin), 0.0022, 0.5),
    )


FINISHES: dict[str, Finish] = {
    "leather": calf,
    "rubber": rubber,
    "suede": napped,
    "patent": lacquered,
}


def tone(colour: str) -> str:
    """A hex colour a step darker, or lighter where it is dark already: for what is sewn on."""
    parts = [int(colour[k : k + 2], 16) for k in (1, 3, 5)]
    light = 0.78 if sum(parts) > 240 else 1.5
    return "#" + "".join(f"{round(min(part * light + 4, 255)):02x}" for part in parts)
