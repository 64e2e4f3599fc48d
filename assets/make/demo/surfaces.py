"""What cloths and hides are like to the touch: bump, sheen and gloss over a given colour.

Thread sizes are larger than life (millimetres instead of tenths): at 448 pixels real ones vanish.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import bpy

from .shader_graph import ShaderGraph

Surface = Callable[[ShaderGraph, Any, Any], bpy.types.Material]


def _uneven(graph: ShaderGraph, cloth: Any, colour: Any, amount: float, size: float = 0.09) -> Any:
    """The colour with the slight clouding that real dyed goods have."""
    cloud = graph.noise(cloth, size, detail=3.0)
    return graph.shaded(colour, graph.remap(cloud, 0.3, 0.7, 1 - amount, 1 + amount))


def leather(graph: ShaderGraph, cloth: Any, colour: Any) -> bpy.types.Material:
    """Grained hide with a dull finish."""
    cells = graph.cells(graph.scaled(graph.warped(cloth, 0.004, 0.002), 1 / 0.0026))
    grain = graph.step(cells["Distance"], 0.65, 0.1)
    creases = graph.noise(graph.scaled(cloth, (1.0, 0.45, 1.0)), 0.022, detail=3.0)
    height = graph.math("MULTIPLY_ADD", creases, 2.2, graph.mul(grain, 0.5))
    colour = _uneven(graph, cloth, colour, 0.07, 0.05)
    colour = graph.shaded(colour, graph.remap(grain, 0.0, 1.0, 0.9, 1.03))
    gloss = graph.remap(graph.noise(cloth, 0.03, detail=2.0), 0.3, 0.7, 0.34, 0.48)
    return graph.finish(
        Base_Color=colour,
        Roughness=gloss,
        Specular_IOR_Level=0.5,
        Coat_Weight=0.12,
        Coat_Roughness=0.28,
        Normal=graph.bump(height, 0.0006, 0.55),
    )


def patent(graph: ShaderGraph, cloth: Any, colour: Any) -> bpy.types.Material:
    """Lacquered leather."""
    creases = graph.noise(cloth, 0.03, detail=1.0)
    return graph.finish(
        Base_Color=colour,
        Roughness=0.16,
        Coat_Weight=0.8,
        Coat_Roughness=0.05,
        Normal=graph.bump(creases, 0.0008, 0.4),
    )


def suede(graph: ShaderGraph, cloth: Any, colour: Any) -> bpy.types.Material:
    """Napped hide: brushed clouds, no gloss."""
    nap = graph.noise(cloth, 0.0022, detail=3.0, rough=0.7)
    brushed = graph.noise(graph.scaled(cloth, (1.0, 0.5, 1.0)), 0.02, detail=3.0, rough=0.6)
    colour = graph.shaded(colour, graph.remap(brushed, 0.3, 0.7, 0.84, 1.1))
    colour = graph.shaded(colour, graph.remap(nap, 0.25, 0.75, 0.86, 1.12))
    return graph.finish(
        Base_Color=colour,
        Roughness=0.95,
        Specular_IOR_Level=0.12,
        Sheen_Weight=0.35,
        Sheen_Roughness=0.45,
        Sheen_Tint=colour,
        Normal=graph.bump(nap, 0.0006, 0.5),
    )


def _weave(graph: ShaderGraph, cloth: Any, thread: float) -> Any:
    """Plain weave: over, under, in turns; height between 0 and 1."""
    u, v = graph.split(cloth)
    product = graph.mul(
        graph.math("SINE", graph.mul(u, 3.14159 / thread)),
        graph.math("SINE", graph.mul(v, 3.14159 / thread)),
    )
    return graph.math("MULTIPLY_ADD", product, 0.5, 0.5)


def canvas(graph: ShaderGraph, cloth: Any, colour: Any) -> bpy.types.Material:
    """Plain weave of thick cotton."""
    weave = _weave(graph, graph.warped(cloth, 0.02, 0.0012), 0.0019)
    slub = graph.noise(graph.scaled(cloth, (1.0, 0.08, 1.0)), 0.002, detail=2.0)
    height = graph.math("MULTIPLY_ADD", slub, 0.5, weave)
    colour = graph.shaded(colour, graph.remap(height, 0.2, 1.1, 0.82, 1.07))
    return graph.finish(
        Base_Color=_uneven(graph, cloth, colour, 0.04),
        Roughness=0.9,
        Specular_IOR_Level=0.2,
        Sheen_Weight=0.08,
        Normal=graph.bump(height, 0.0006, 0.7),
    )


def linen(graph: ShaderGraph, cloth: Any, colour: Any) -> bpy.types.Material:
    """Slubby threads both ways."""
    warp = graph.noise(graph.scaled(cloth, (1.0, 0.05, 1.0)), 0.0026, detail=2.0)
    weft = graph.noise(graph.scaled(cloth, (0.05, 1.0, 1.0)), 0.0026, detail=2.0)
    height = graph.add(warp, weft)
    colour = graph.shaded(colour, graph.remap(height, 0.7, 1.3, 0.86, 1.09))
    return graph.finish(
        Base_Color=colour,
        Roughness=0.88,
        Specular_IOR_Level=0.2,
        Sheen_Weight=0.1,
        Normal=graph.bump(height, 0.0005, 0.6),
    )


def mesh(graph: ShaderGraph, cloth: Any, colour: Any) -> bpy.types.Material:
    """Knitted mesh of small holes."""
    cells = graph.cells(graph.scaled(cloth, 1 / 0.0034), randomness=0.12)
    hole = graph.step(cells["Distance"], 0.34, 0.2)
    height = graph.step(cells["Distance"], 0.15, 0.6)
    colour = graph.shaded(colour, graph.remap(hole, 0.0, 1.0, 1.04, 0.5))
    return graph.finish(
        Base_Color=colour,
        Roughness=0.7,
        Specular_IOR_Level=0.3,
        Sheen_Weight=0.1,
        Normal=graph.bump(height, 0.0008, 0.8),
    )


def denim(graph: ShaderGraph, cloth: Any, colour: Any) -> bpy.types.Material:
    """Twill of dyed and white threads, worn pale in places."""
    u, v = graph.split(graph.warped(cloth, 0.03, 0.001))
    twill = graph.wave(graph.math("MULTIPLY_ADD", v, 0.8, u), 0.0026)
    uneven = graph.noise(graph.scaled(cloth, (1.0, 0.06, 1.0)), 0.0032, detail=2.0, rough=0.7)
    faded = graph.noise(cloth, 0.17, detail=3.0)
    light = graph.add(graph.mul(twill, 0.34), graph.remap(uneven, 0.3, 0.7, 0.0, 0.42))
    light = graph.add(light, graph.remap(faded, 0.42, 0.68, -0.08, 0.2))
    pale = graph.mix(0.45, colour, (0.72, 0.76, 0.8, 1.0))
    shade = graph.mix(graph.remap(light, 0.05, 0.95, 0.0, 0.9), graph.shaded(colour, 0.78), pale)
    return graph.finish(
        Base_Color=shade,
        Roughness=0.9,
        Specular_IOR_Level=0.15,
        Sheen_Weight=0.08,
        Normal=graph.bump(graph.add(twill, uneven), 0.0006, 0.6),
    )


def knit(graph: ShaderGraph, cloth: Any, colour: Any) -> bpy.types.Material:
    """Stocking stitch: columns of leaning loops."""
    wale, course = 0.0068, 0.0056
    u, v = graph.split(graph.warped(cloth, 0.03, 0.002))
    place = graph.fract(graph.mul(u, 1 / wale))
    away = graph.math("ABSOLUTE", graph.sub(place, 0.5))
    lean = graph.math("MULTIPLY_ADD", away, 1.5, graph.mul(v, 1 / course))
    yarn = graph.math("ABSOLUTE", graph.math("SINE", graph.mul(lean, 3.14159)))
    leg = graph.math("SINE", graph.mul(away, 6.28318))
    height = graph.mul(graph.math("POWER", yarn, 0.6), leg)
    fuzz = graph.noise(cloth, 0.0016, detail=2.0, rough=0.7)
    shade = graph.remap(height, 0.0, 0.9, 0.56, 1.06)
    colour = graph.shaded(colour, shade)
    colour = graph.shaded(colour, graph.remap(fuzz, 0.3, 0.7, 0.93, 1.07))
    return graph.finish(
        Base_Color=colour,
        Roughness=0.95,
        Specular_IOR_Level=0.1,
        Sheen_Weight=0.22,
        Sheen_Roughness=0.5,
        Normal=graph.bump(graph.math("MULTIPLY_ADD", fuzz, 0.25, height), 0.0019, 0.8),
    )


def satin(graph: ShaderGraph, cloth: Any, colour: Any) -> bpy.types.Material:
    """Long floats that shine along the cloth."""
    folds = graph.noise(graph.scaled(cloth, (1.0, 0.3, 1.0)), 0.07, detail=2.0, rough=0.4)
    floats = graph.noise(graph.scaled(cloth, (1.0, 0.03, 1.0)), 0.002, detail=1.0)
    return graph.finish(
        Base_Color=graph.shaded(colour, graph.remap(floats, 0.3, 0.7, 0.95, 1.05)),
        Roughness=0.3,
        Specular_IOR_Level=0.6,
        Specular_Tint=graph.mix(0.55, (1.0, 1.0, 1.0, 1.0), colour),
        Anisotropic=0.55,
        Sheen_Weight=0.15,
        Normal=graph.bump(graph.math("MULTIPLY_ADD", floats, 0.06, folds), 0.006, 0.5),
    )


def cotton(graph: ShaderGraph, cloth: Any, colour: Any) -> bpy.types.Material:
    """Fine cloth with soft creases."""
    weave = graph.noise(graph.scaled(cloth, (1.0, 0.35, 1.0)), 0.0016, detail=2.0, rough=0.6)
    creases = graph.noise(graph.warped(cloth, 0.08, 0.05), 0.06, detail=3.0, rough=0.45)
    height = graph.math("MULTIPLY_ADD", creases, 6.0, weave)
    colour = graph.shaded(colour, graph.remap(weave, 0.3, 0.7, 0.955, 1.04))
    return graph.finish(
        Base_Color=_uneven(graph, cloth, colour, 0.025),
        Roughness=0.85,
        Specular_IOR_Level=0.22,
        Sheen_Weight=0.12,
        Sheen_Roughness=0.5,
        Normal=graph.bump(height, 0.0006, 0.6),
    )


def wool(graph: ShaderGraph, cloth: Any, colour: Any) -> bpy.types.Material:
    """Fulled cloth with flecks."""
    fibre = graph.noise(graph.warped(cloth, 0.006, 0.006), 0.0026, detail=3.0, rough=0.75)
    fleck = graph.noise(cloth, 0.0017, detail=1.0, rough=0.6)
    colour = graph.shaded(colour, graph.remap(fibre, 0.3, 0.7, 0.8, 1.14))
    colour = graph.mix(
        graph.step(fleck, 0.62, 0.72), colour, graph.mix(0.3, colour, (0.7, 0.68, 0.64, 1.0))
    )
    return graph.finish(
        Base_Color=colour,
        Roughness=0.97,
        Specular_IOR_Level=0.1,
        Sheen_Weight=0.3,
        Sheen_Roughness=0.4,
        Normal=graph.bump(fibre, 0.0011, 0.6),
    )


def felt(graph: ShaderGraph, cloth: Any, colour: Any) -> bpy.types.Material:
    """Pressed fibres, matt and even."""
    fibre = graph.noise(cloth, 0.0018, detail=3.0, rough=0.7)
    colour = graph.shaded(colour, graph.remap(fibre, 0.25, 0.75, 0.92, 1.06))
    return graph.finish(
        Base_Color=_uneven(graph, cloth, colour, 0.04, 0.03),
        Roughness=0.95,
        Specular_IOR_Level=0.12,
        Sheen_Weight=0.3,
        Sheen_Roughness=0.4,
        Normal=graph.bump(fibre, 0.0004, 0.5),
    )


def tweed(graph: ShaderGraph, cloth: Any, colour: Any) -> bpy.types.Material:
    """Herringbone: a twill that turns about every centimetre and a half."""
    u, v = graph.split(graph.warped(cloth, 0.01, 0.0008))
    zigzag = graph.math("PINGPONG", u, 0.011)
    twill = graph.wave(graph.add(zigzag, v), 0.0042)
    fibre = graph.noise(cloth, 0.002, detail=2.0, rough=0.7)
    pale = graph.mix(0.35, colour, (0.75, 0.72, 0.66, 1.0))
    woven = graph.mix(graph.remap(twill, 0.3, 0.7, 0.0, 1.0), graph.shaded(colour, 0.75), pale)
    return graph.finish(
        Base_Color=graph.shaded(woven, graph.remap(fibre, 0.3, 0.7, 0.85, 1.12)),
        Roughness=0.96,
        Specular_IOR_Level=0.1,
        Sheen_Weight=0.25,
        Normal=graph.bump(graph.add(twill, fibre), 0.0007, 0.6),
    )


def corduroy(graph: ShaderGraph, cloth: Any, colour: Any) -> bpy.types.Material:
    """Ribs of pile."""
    u, _ = graph.split(cloth)
    rib = graph.math("ABSOLUTE", graph.math("SINE", graph.mul(u, 3.14159 / 0.0052)))
    pile = graph.noise(cloth, 0.002, detail=2.0, rough=0.7)
    colour = graph.shaded(colour, graph.remap(rib, 0.0, 0.8, 0.5, 1.05))
    return graph.finish(
        Base_Color=graph.shaded(colour, graph.remap(pile, 0.3, 0.7, 0.92, 1.08)),
        Roughness=0.9,
        Specular_IOR_Level=0.15,
        Sheen_Weight=0.35,
        Sheen_Roughness=0.35,
        Sheen_Tint=colour,
        Normal=graph.bump(graph.math("MULTIPLY_ADD", pile, 0.2, rib), 0.0014, 0.7),
    )


def nylon(graph: ShaderGraph, cloth: Any, colour: Any) -> bpy.types.Material:
    """Crisp thin weave with a low gloss."""
    crumple = graph.noise(graph.warped(cloth, 0.05, 0.04), 0.05, detail=4.0, rough=0.55)
    weave = _weave(graph, cloth, 0.0017)
    return graph.finish(
        Base_Color=graph.shaded(colour, graph.remap(weave, 0.0, 1.0, 0.94, 1.03)),
        Roughness=0.42,
        Specular_IOR_Level=0.45,
        Sheen_Weight=0.1,
        Normal=graph.bump(graph.math("MULTIPLY_ADD", crumple, 9.0, weave), 0.0006, 0.6),
    )


def straw(graph: ShaderGraph, cloth: Any, colour: Any) -> bpy.types.Material:
    """Plaited blades in rows."""
    u, v = graph.split(graph.warped(cloth, 0.02, 0.002))
    row = graph.math("FLOOR", graph.mul(v, 1 / 0.006))
    lean = graph.math("MULTIPLY_ADD", graph.math("MODULO", graph.math("ABSOLUTE", row), 2.0), 2, -1)
    inside = graph.sub(graph.fract(graph.mul(v, 1 / 0.006)), 0.5)
    slant = graph.math("MULTIPLY_ADD", graph.mul(inside, lean), 0.9, graph.mul(u, 1 / 0.0072))
    blade = graph.math("ABSOLUTE", graph.math("SINE", graph.mul(slant, 3.14159)))
    ridge = graph.math("COSINE", graph.mul(inside, 3.0))
    height = graph.mul(blade, ridge)
    tone = graph.noise(cloth, 0.006, detail=2.0, rough=0.7)
    colour = graph.shaded(colour, graph.remap(height, 0.0, 0.8, 0.5, 1.08))
    return graph.finish(
        Base_Color=graph.shaded(colour, graph.remap(tone, 0.3, 0.7, 0.82, 1.12)),
        Roughness=0.6,
        Specular_IOR_Level=0.35,
        Normal=graph.bump(height, 0.0018, 0.8),
    )


SURFACES: dict[str, Surface] = {
    "leather": leather,
    "patent": patent,
    "suede": suede,
    "canvas": canvas,
    "linen": linen,
    "mesh": mesh,
    "denim": denim,
    "knit": knit,
    "satin": satin,
    "cotton": cotton,
    "wool": wool,
    "felt": felt,
    "tweed": tweed,
    "corduroy": corduroy,
    "nylon": nylon,
    "straw": straw,
}
