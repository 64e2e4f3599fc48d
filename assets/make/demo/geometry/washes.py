"""Denim as it is washed: rinsed, stonewashed, faded on thighs and knees, with whiskers and rips.

Places are read from the cloth's coordinates as `legs` gives them: a front's middle lies at
u = 0.12 to the left and the right, heights are v; backs lie about u = 3 and keep their colour.
"""

from __future__ import annotations

from typing import Any

import bpy

from ..shader_graph import Rgb, ShaderGraph, lightened, linear
from ..surfaces import SURFACES


def washed(colour: str, wash: str, rise: float, seed: int) -> bpy.types.Material:
    """Denim of one colour in a wash."""
    name = f"denim|{colour}|{wash}|{rise:.3f}|{seed}"
    found = bpy.data.materials.get(name)
    if found is not None:
        return found
    graph = ShaderGraph(name)
    cloth, dyed = graph.cloth(), linear(colour)
    pale = _pale(dyed)
    shade: Any = dyed
    if wash == "stonewashed":
        cloud = graph.noise(graph.scaled(cloth, (1.0, 0.6, 1.0)), 0.03, detail=4.0, rough=0.7)
        shade = graph.mix(graph.remap(cloud, 0.3, 0.75, 0.18, 0.46), dyed, pale)
    elif wash != "rinsed":
        worn = _worn(graph, cloth, rise, whiskers=wash != "faded")
        shade = graph.mix(graph.mul(worn, 0.58), dyed, pale)
    if wash == "ripped":
        shade = _ripped(graph, cloth, shade, rise, seed)
    return SURFACES["denim"](graph, cloth, shade)


def rubbed(colour: str) -> bpy.types.Material:
    """Denim worn pale where it stands out: on puckers along its seams, at edges."""
    name = f"rubbed denim|{colour}"
    found = bpy.data.materials.get(name)
    if found is not None:
        return found
    graph = ShaderGraph(name)
    cloth, dyed = graph.cloth(), linear(colour)
    speckle = graph.noise(graph.scaled(cloth, (1.0, 0.4, 1.0)), 0.012, detail=3.0, rough=0.7)
    broad = graph.noise(cloth, 0.16, detail=2.0)
    worn = graph.remap(graph.ridges(), 0.503, 0.57, 0.0, 0.62)
    worn = graph.mul(worn, graph.remap(speckle, 0.3, 0.7, 0.6, 1.2))
    worn = graph.add(worn, graph.remap(broad, 0.4, 0.7, 0.0, 0.12))
    return SURFACES["denim"](graph, cloth, graph.mix(worn, dyed, _pale(dyed)))


def _pale(dyed: Rgb) -> Rgb:
    """What is left of the dye where it wears off."""
    light = lightened(dyed, 0.5)
    return light[0] * 0.9, light[1] * 0.97, light[2], 1.0


def _patch(graph: ShaderGraph, x: Any, v: Any, centre: tuple[float, float], size: Any) -> Any:
    """1 in the middle of an oval, 0 at its rim."""
    a = graph.mul(graph.sub(x, centre[0]), 1 / size[0])
    b = graph.mul(graph.sub(v, centre[1]), 1 / size[1])
    return graph.step(graph.vector("LENGTH", graph.join(a, b)), 1.0, 0.0)


def _worn(graph: ShaderGraph, cloth: Any, rise: float, *, whiskers: bool) -> Any:
    """How much of the dye is gone: along thighs, at knees, in lines beside the fly."""
    u, v = graph.split(graph.warped(cloth, 0.05, 0.02))
    x = graph.sub(graph.math("ABSOLUTE", u), 0.12)
    thigh = _patch(graph, x, v, (-0.01, -rise - 0.13), (0.075, 0.26))
    knee = _patch(graph, x, v, (-0.005, -rise - 0.36), (0.07, 0.14))
    shin = _patch(graph, x, v, (0.0, -rise - 0.58), (0.045, 0.3))
    worn = graph.add(graph.mul(thigh, 0.75), graph.mul(knee, 0.6))
    worn = graph.add(worn, graph.mul(shin, 0.35))
    speckle = graph.noise(graph.scaled(cloth, (1.0, 0.4, 1.0)), 0.012, detail=3.0, rough=0.7)
    worn = graph.mul(worn, graph.remap(speckle, 0.3, 0.7, 0.75, 1.15))
    if whiskers:
        lean = graph.math("MULTIPLY_ADD", x, 0.55, v)
        lines = graph.step(graph.wave(lean, 0.03), 0.55, 0.95)
        here = _patch(graph, x, v, (-0.03, -rise + 0.02), (0.1, 0.1))
        worn = graph.add(worn, graph.mul(graph.mul(lines, here), 0.55))
    return graph.math("MINIMUM", worn, 1.0)


def _ripped(graph: ShaderGraph, cloth: Any, shade: Any, rise: float, seed: int) -> Any:
    """Worn through at the knees and a thigh: white threads across, darkness between them."""
    u, v = graph.split(graph.warped(cloth, 0.012, 0.012))
    x = graph.sub(graph.math("ABSOLUTE", u), 0.12)
    side = graph.step(u, -0.001, 0.001)
    low = -rise - 0.35 - 0.02 * (seed % 4)
    left = _patch(graph, x, v, (0.0, low), (0.062, 0.03))
    right = _patch(graph, x, v, (0.006, low + 0.05), (0.056, 0.022))
    high = _patch(graph, x, v, (0.02, -rise - 0.1), (0.035, 0.014))
    depth = graph.mix(side, left, graph.math("MAXIMUM", right, high))
    depth = graph.split(depth)[0]
    threads = graph.noise(graph.scaled(cloth, (0.06, 1.0, 1.0)), 0.0024, detail=2.0, rough=0.7)
    white = graph.mix(graph.step(threads, 0.42, 0.56), (0.07, 0.07, 0.08, 1), (0.8, 0.8, 0.78, 1))
    rim = graph.mix(graph.step(depth, 0.1, 0.3), shade, (0.66, 0.69, 0.72, 1.0))
    return graph.mix(graph.step(depth, 0.28, 0.34), rim, white)
