"""Findings: what goes into a shoe beside its hide.

Kid for linings, foam for beds, film for overlays, lifts of sole leather, elastic.
"""

from __future__ import annotations

import bpy

from ..shader_graph import ShaderGraph, linear


def film(colour: str) -> bpy.types.Material:
    """The overlays of running shoes: thin matt synthetic, finely embossed, never quite flat."""
    found = bpy.data.materials.get(f"film|{colour}")
    if found is not None:
        return found
    graph = ShaderGraph(f"film|{colour}")
    cloth = graph.cloth()
    grain = graph.noise(cloth, 0.0012, detail=2.0, rough=0.6)
    soft = graph.noise(cloth, 0.014, detail=2.0)
    tone = graph.mul(
        graph.remap(grain, 0.3, 0.7, 0.97, 1.02), graph.remap(soft, 0.3, 0.7, 0.97, 1.02)
    )
    return graph.finish(
        Base_Color=graph.shaded(linear(colour), tone),
        Roughness=graph.remap(soft, 0.3, 0.7, 0.34, 0.48),
        Specular_IOR_Level=0.45,
        Normal=graph.bump(graph.math("MULTIPLY_ADD", soft, 1.5, grain), 0.0003, 0.4),
    )


def dimpled(colour: str) -> bpy.types.Material:
    """The foam of a bed, embossed with rows of small dimples so that feet don't slip."""
    found = bpy.data.materials.get(f"dimpled|{colour}")
    if found is not None:
        return found
    graph = ShaderGraph(f"dimpled|{colour}")
    place = graph.object_space()
    cells = graph.cells(graph.scaled(place, 1 / 0.0042), randomness=0.0)
    pit = graph.step(cells["Distance"], 0.34, 0.16)
    skin = graph.noise(place, 0.0012, detail=2.0, rough=0.7)
    cloud = graph.noise(place, 0.03, detail=2.0)
    tone = graph.mul(
        graph.remap(pit, 0.0, 1.0, 1.04, 0.80), graph.remap(skin, 0.3, 0.7, 0.94, 1.05)
    )
    return graph.finish(
        Base_Color=graph.shaded(
            linear(colour), graph.mul(tone, graph.remap(cloud, 0.3, 0.7, 0.95, 1.04))
        ),
        Roughness=0.72,
        Specular_IOR_Level=0.3,
        Normal=graph.bump(graph.math("MULTIPLY_ADD", pit, -1.0, skin), 0.0006, 0.6),
    )


def kid(colour: str) -> bpy.types.Material:
    """The thin leather of linings, socks and beds: fine wrinkles, pores, a dull shine."""
    found = bpy.data.materials.get(f"kid|{colour}")
    if found is not None:
        return found
    graph = ShaderGraph(f"kid|{colour}")
    place = graph.object_space()
    cloud = graph.noise(place, 0.035, detail=2.0, rough=0.6)
    wrinkle = graph.noise(graph.warped(place, 0.02, 0.01), 0.009, detail=3.0, rough=0.6)
    pores = graph.noise(place, 0.0012, detail=1.0)
    tone = graph.mul(
        graph.remap(cloud, 0.3, 0.7, 0.93, 1.05), graph.remap(pores, 0.3, 0.7, 0.95, 1.04)
    )
    return graph.finish(
        Base_Color=graph.shaded(linear(colour), tone),
        Roughness=graph.remap(cloud, 0.3, 0.7, 0.36, 0.52),
        Specular_IOR_Level=0.45,
        Normal=graph.bump(graph.math("MULTIPLY_ADD", pores, 0.12, wrinkle), 0.0011, 0.5),
    )


def stacked(colour: str) -> bpy.types.Material:
    """A heel built of lifts of sole leather: uneven layers, their joints, a burnished side."""
    found = bpy.data.materials.get(f"stacked|{colour}")
    if found is not None:
        return found
    graph = ShaderGraph(f"stacked|{colour}")
    place = graph.object_space()
    _, height = graph.split(graph.swapped(place))
    uneven = graph.noise(place, 0.02, detail=1.0)
    lift = graph.math("MULTIPLY_ADD", height, 1 / 0.0038, graph.mul(uneven, 0.35))
    layer = graph.math("FLOOR", lift)
    own = graph.noise(graph.join(graph.mul(layer, 0.731), 0.0), 0.4, detail=0.0)
    inside = graph.fract(lift)
    joint = graph.math("MAXIMUM", graph.step(inside, 0.13, 0.02), graph.step(inside, 0.90, 0.99))
    fibre = graph.noise(graph.scaled(place, (0.3, 0.3, 1.0)), 0.0011, detail=2.0, rough=0.7)
    tone = graph.mul(
        graph.remap(own, 0.3, 0.7, 0.80, 1.14), graph.remap(fibre, 0.3, 0.7, 0.96, 1.03)
    )
    tone = graph.mul(tone, graph.remap(joint, 0.0, 1.0, 1.0, 0.55))
    return graph.finish(
        Base_Color=graph.shaded(linear(colour), tone),
        Roughness=graph.remap(fibre, 0.3, 0.7, 0.28, 0.42),
        Specular_IOR_Level=0.5,
        Normal=graph.bump(graph.mul(joint, -1.0), 0.0004, 0.6),
    )


def elastic(colour: str) -> bpy.types.Material:
    """The ribbed elastic of a pull-on boot's sides."""
    found = bpy.data.materials.get(f"elastic|{colour}")
    if found is not None:
        return found
    graph = ShaderGraph(f"elastic|{colour}")
    u, v = graph.split(graph.cloth())
    rib = graph.math("ABSOLUTE", graph.math("SINE", graph.mul(u, 3.14159 / 0.0034)))
    thread = graph.wave(v, 0.0016)
    shade = graph.remap(graph.math("MULTIPLY_ADD", thread, 0.05, rib), 0.0, 0.9, 0.5, 1.05)
    return graph.finish(
        Base_Color=graph.shaded(linear(colour), shade),
        Roughness=0.85,
        Specular_IOR_Level=0.2,
        Sheen_Weight=0.1,
        Normal=graph.bump(rib, 0.0009, 0.7),
    )
