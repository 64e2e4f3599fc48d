"""Materials of the demo's products: a pattern's colour under a cloth's surface, and hard parts."""

from __future__ import annotations

import random
from typing import Any

import bpy

from .patterns import PATTERNS
from .shader_graph import ShaderGraph, linear
from .surfaces import SURFACES


def fabric(
    material: str,
    pattern: str,
    colours: tuple[str, ...],
    *,
    scale: float = 1.0,
    seed: int = 0,
    turned: bool = False,
) -> bpy.types.Material:
    """A cloth or hide with a pattern, mapped by the mesh's "UVMap" in metres of cloth.

    `colours` are sRGB hex: main, second, trim (missing ones repeat the last). `scale` enlarges the
    pattern but not the weave; `seed` picks the pattern's variant; `turned` lays stripes upright.
    """
    name = "|".join((material, pattern, *colours, f"{scale:g}", str(seed), str(turned)))
    found = bpy.data.materials.get(name)
    if found is not None:
        return found
    graph = ShaderGraph(name)
    cloth = graph.cloth()
    colour = coloured(graph, cloth, material, pattern, colours, scale, seed, turned=turned)
    return SURFACES[material](graph, cloth, colour)


def coloured(
    graph: ShaderGraph,
    cloth: Any,
    material: str,
    pattern: str,
    colours: tuple[str, ...],
    scale: float,
    seed: int,
    *,
    turned: bool = False,
) -> Any:
    """The colour of a cloth with a pattern: one, or a picture of its repeat; see `fabric`."""
    if pattern in ("plain", "colour-block"):  # blocks of other colours are pieces of their own
        return linear(colours[0])
    main, second, trim = (colours[min(i, len(colours) - 1)] for i in range(3))
    design = PATTERNS[pattern]((main, second, trim), material, random.Random(seed))
    drawn = cloth
    if turned and not design.upright:
        u, v = graph.split(cloth)
        drawn = graph.join(v, u)
    width, height = design.size
    place = graph.scaled(drawn, (1 / scale / width, 1 / scale / height, 1.0))
    name = "|".join((material, pattern, *colours, str(seed)))
    return graph.picture(place, design.picture, name)


def plain(material: str, colour: str) -> bpy.types.Material:
    """One colour: any cloth of `fabric`, or a hard part.

    Hard parts are metal, rubber, foam, plastic, wood, cork, cord, thread, crystal, plastic.
    """
    if material in SURFACES:
        return fabric(material, "plain", (colour,))
    found = bpy.data.materials.get(f"{material}|{colour}")
    if found is not None:
        return found
    graph = ShaderGraph(f"{material}|{colour}")
    return _hard(graph, material, colour)


def _hard(graph: ShaderGraph, material: str, hex_colour: str) -> bpy.types.Material:
    place, colour = graph.object_space(), linear(hex_colour)
    fine = graph.noise(place, 0.003, detail=2.0)
    match material:
        case "metal":
            return graph.finish(
                Base_Color=colour,
                Metallic=1.0,
                Roughness=graph.remap(fine, 0.3, 0.7, 0.2, 0.32),
            )
        case "rubber" | "foam":
            skin = graph.noise(place, 0.0011, detail=2.0, rough=0.6)
            wear = graph.noise(place, 0.03, detail=3.0, rough=0.6)
            low, high = (0.42, 0.60) if material == "rubber" else (0.58, 0.76)
            tone = graph.mul(
                graph.remap(skin, 0.3, 0.7, 0.98, 1.01), graph.remap(wear, 0.3, 0.7, 0.96, 1.02)
            )
            return graph.finish(
                Base_Color=graph.shaded(colour, tone),
                Roughness=graph.remap(wear, 0.3, 0.7, low, high),
                Specular_IOR_Level=0.35,
                Normal=graph.bump(graph.math("MULTIPLY_ADD", wear, 2.0, skin), 0.00025, 0.4),
            )
        case "wood":
            rings = graph.noise(graph.scaled(place, (0.12, 1.0, 1.0)), 0.004, detail=3.0)
            return graph.finish(
                Base_Color=graph.shaded(colour, graph.remap(rings, 0.3, 0.7, 0.68, 1.12)),
                Roughness=0.45,
                Coat_Weight=0.15,
            )
        case "cork":
            grains = graph.noise(place, 0.0028, detail=3.0, rough=0.7)
            pits = graph.step(graph.noise(place, 0.0042, detail=2.0), 0.62, 0.68)
            shade = graph.mul(
                graph.remap(grains, 0.3, 0.7, 0.80, 1.12), graph.remap(pits, 0.0, 1.0, 1.0, 0.62)
            )
            return graph.finish(
                Base_Color=graph.shaded(colour, shade),
                Roughness=0.85,
                Specular_IOR_Level=0.2,
                Normal=graph.bump(pits, -0.0005, 0.6),
            )
        case "cord" | "thread":
            return graph.finish(
                Base_Color=graph.shaded(colour, graph.remap(fine, 0.3, 0.7, 0.85, 1.06)),
                Roughness=0.9,
                Specular_IOR_Level=0.15,
                Sheen_Weight=0.15,
                Normal=graph.bump(fine, 0.0008, 0.6),
            )
        case "crystal":
            return graph.finish(
                Base_Color=colour, Metallic=0.55, Roughness=0.03, Specular_IOR_Level=1.0
            )
        case "plastic":
            return graph.finish(Base_Color=colour, Roughness=0.28, Specular_IOR_Level=0.5)
    raise ValueError(f"no such material: {material}")
