"""What cloths and hides are like to the touch: bump, sheen and gloss over a given colour.

Thread sizes are larger than life (millimetres instead of tenths): at 448 pixels real ones vanish.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import bpy

from . import crumpling
from .shader_graph import ShaderGraph

Surface = Callable[[ShaderGraph, Any, Any], bpy.types.Material]


def _uneven(graph: ShaderGraph, cloth: Any, colour: Any, amount: float, size: float = 0.09) -> Any:
    """The colour with the slight clouding that real dyed goods have."""
    cloud = graph.noise(cloth, size, detail=3.0)
    return graph.shaded(colour, graph.remap(cloud, 0.3, 0.7, 1 - amount, 1 + amount))


def _creased(graph: ShaderGraph, cloth: Any, habit: str) -> tuple[Any, Any]:
    """Height of a cloth's folds in metres, and the shade in their hollows."""
    return graph.relief(cloth, crumpling.relief(habit), crumpling.SIDE, f"creases|{habit}")


def leather(graph: ShaderGraph, cloth: Any, colour: Any) -> bpy.types.Material:
    """Grained hide with a dull gloss, deeper in its creases."""
    cells = graph.cells(graph.scaled(graph.warped(cloth, 0.004, 0.002), 1 / 0.0026))
    grain = graph.step(cells["Distance"], 0.65, 0.1)
    creases = graph.noise(graph.scaled(graph.warped(cloth, 0.05, 0.03), (1.0, 0.4, 1.0)), 0.02)
    height = graph.math("MULTIPLY_ADD", creases, 2.0, graph.mul(grain, 0.5))
    colour = graph.shaded(colour, graph.remap(creases, 0.3, 0.7, 0.92, 1.04))
    colour = graph.shaded(colour, graph.remap(grain, 0.0, 1.0, 0.94, 1.02))
    return graph.finish(
        Base_Color=colour,
        Roughness=graph.remap(creases, 0.3, 0.7, 0.42, 0.3),
        Specular_IOR_Level=0.55,
        Coat_Weight=0.25,
        Coat_Roughness=0.22,
        Normal=graph.bump(height, 0.0006, 0.55),
    )


def patent(graph: ShaderGraph, cloth: Any, colour: Any) -> bpy.types.Material:
    """Lacquered leather: deep colour under a clear coat that mirrors the softboxes."""
    creases = graph.noise(cloth, 0.035, detail=2.0, rough=0.35)
    return graph.finish(
        Base_Color=graph.mix(0.3, colour, colour, blend="MULTIPLY"),
        Roughness=0.5,
        Specular_IOR_Level=0.1,
        Coat_Weight=1.0,
        Coat_Roughness=0.025,
        Coat_IOR=1.4,
        Coat_Normal=graph.bump(creases, 0.0012, 0.4, lean=0.32),
    )


def suede(graph: ShaderGraph, cloth: Any, colour: Any) -> bpy.types.Material:
    """Napped hide: brushed clouds, no gloss, pale where it turns away."""
    nap = graph.noise(cloth, 0.0024, detail=2.0, rough=0.6)
    brushed = graph.noise(graph.scaled(cloth, (1.0, 0.55, 1.0)), 0.032, detail=3.0, rough=0.6)
    colour = graph.shaded(colour, graph.remap(brushed, 0.3, 0.7, 0.89, 1.06))
    colour = graph.shaded(colour, graph.remap(nap, 0.25, 0.75, 0.92, 1.07))
    return graph.finish(
        Base_Color=colour,
        Roughness=0.95,
        Specular_IOR_Level=0.1,
        Sheen_Weight=0.4,
        Sheen_Roughness=0.5,
        Sheen_Tint=colour,
        Normal=graph.bump(nap, 0.0005, 0.4),
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
    """Slubby threads both ways, creased all over."""
    warp = graph.noise(graph.scaled(cloth, (1.0, 0.05, 1.0)), 0.0026, detail=2.0)
    weft = graph.noise(graph.scaled(cloth, (0.05, 1.0, 1.0)), 0.0026, detail=2.0)
    slub = graph.add(warp, weft)
    folds, hollows = _creased(graph, cloth, "linen")
    colour = graph.shaded(colour, graph.mul(hollows, graph.remap(slub, 0.7, 1.3, 0.86, 1.09)))
    return graph.finish(
        Base_Color=colour,
        Roughness=0.88,
        Specular_IOR_Level=0.2,
        Sheen_Weight=0.1,
        Normal=graph.bump(graph.math("MULTIPLY_ADD", slub, 0.0003, folds), 1.0),
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
    """Fine twill of dyed and white threads, a little paler where it wears."""
    u, v = graph.split(cloth)
    aslant = graph.join(graph.add(u, v), graph.mul(graph.sub(u, v), 0.28))
    twill = graph.noise(aslant, 0.0030, detail=1.0, rough=0.6)
    slub = graph.noise(graph.scaled(cloth, (1.0, 0.12, 1.0)), 0.0045, detail=1.0)
    worn = graph.noise(cloth, 0.2, detail=2.0)
    folds, hollows = _creased(graph, cloth, "denim")
    pale = graph.remap(graph.add(twill, graph.mul(slub, 0.3)), 0.4, 0.9, 0.0, 0.17)
    pale = graph.add(pale, graph.remap(worn, 0.4, 0.7, 0.0, 0.06))
    white = graph.mix(0.35, (0.5, 0.57, 0.66, 1.0), colour)
    thread = graph.add(twill, slub)
    return graph.finish(
        Base_Color=graph.shaded(graph.mix(pale, graph.shaded(colour, 0.9), white), hollows),
        Roughness=0.92,
        Specular_IOR_Level=0.12,
        Sheen_Weight=0.06,
        Normal=graph.bump(graph.math("MULTIPLY_ADD", thread, 0.00015, folds), 1.0),
    )


def knit(graph: ShaderGraph, cloth: Any, colour: Any) -> bpy.types.Material:
    """Stocking stitch: columns of leaning loops."""
    wale, course = 0.0078, 0.0058
    u, v = graph.split(graph.warped(cloth, 0.04, 0.0016))
    place = graph.fract(graph.mul(u, 1 / wale))
    away = graph.math("ABSOLUTE", graph.sub(place, 0.5))
    lean = graph.math("MULTIPLY_ADD", away, 1.5, graph.mul(v, 1 / course))
    yarn = graph.math("ABSOLUTE", graph.math("SINE", graph.mul(lean, 3.14159)))
    leg = graph.math("SINE", graph.mul(away, 6.28318))
    height = graph.mul(graph.math("POWER", yarn, 0.5), leg)
    fuzz = graph.noise(cloth, 0.0024, detail=1.0, rough=0.7)
    yarn_tone = graph.noise(graph.scaled(cloth, (0.12, 1.0, 1.0)), course, detail=1.0)
    colour = graph.shaded(colour, graph.remap(height, 0.1, 0.85, 0.7, 1.04))
    colour = graph.shaded(colour, graph.remap(fuzz, 0.3, 0.7, 0.93, 1.07))
    colour = graph.shaded(colour, graph.remap(yarn_tone, 0.3, 0.7, 0.94, 1.05))
    return graph.finish(
        Base_Color=colour,
        Roughness=0.95,
        Specular_IOR_Level=0.08,
        Sheen_Weight=0.35,
        Sheen_Roughness=0.5,
        Normal=graph.bump(graph.math("MULTIPLY_ADD", fuzz, 0.2, height), 0.0018, 0.8),
    )


def satin(graph: ShaderGraph, cloth: Any, colour: Any) -> bpy.types.Material:
    """Long floats: broad soft lights of the cloth's own colour, broken by its folds."""
    folds, hollows = _creased(graph, cloth, "satin")
    float_ = graph.noise(graph.scaled(cloth, (1.0, 0.06, 1.0)), 0.003, detail=1.0)
    return graph.finish(
        Base_Color=graph.shaded(colour, hollows),
        Metallic=0.5,
        Roughness=graph.remap(float_, 0.3, 0.7, 0.5, 0.6),
        Anisotropic=0.4,
        Specular_IOR_Level=0.3,
        Specular_Tint=graph.mix(0.7, (1.0, 1.0, 1.0, 1.0), colour),
        Sheen_Weight=0.15,
        Sheen_Tint=colour,
        Normal=graph.bump(folds, 1.0),
    )


def cotton(graph: ShaderGraph, cloth: Any, colour: Any) -> bpy.types.Material:
    """Fine soft cloth, matt, its threads hardly seen."""
    weave = graph.noise(graph.scaled(cloth, (1.0, 0.5, 1.0)), 0.0032, detail=2.0, rough=0.7)
    folds, hollows = _creased(graph, cloth, "cotton")
    colour = graph.shaded(colour, graph.remap(weave, 0.3, 0.7, 0.955, 1.04))
    return graph.finish(
        Base_Color=graph.shaded(colour, hollows),
        Roughness=0.92,
        Specular_IOR_Level=0.14,
        Sheen_Weight=0.1,
        Sheen_Roughness=0.5,
        Normal=graph.bump(graph.math("MULTIPLY_ADD", weave, 0.0003, folds), 1.0),
    )


def wool(graph: ShaderGraph, cloth: Any, colour: Any) -> bpy.types.Material:
    """Fulled coating: a soft nap with paler and darker fibres."""
    fibre = graph.noise(graph.warped(cloth, 0.008, 0.008), 0.004, detail=2.0, rough=0.65)
    nap = graph.noise(graph.scaled(cloth, (1.0, 0.4, 1.0)), 0.03, detail=2.0)
    folds, hollows = _creased(graph, cloth, "wool")
    shade = graph.add(
        graph.remap(fibre, 0.3, 0.7, 0.86, 1.14), graph.remap(nap, 0.3, 0.7, -0.04, 0.04)
    )
    return graph.finish(
        Base_Color=graph.shaded(colour, graph.mul(shade, hollows)),
        Roughness=0.97,
        Specular_IOR_Level=0.08,
        Sheen_Weight=0.35,
        Sheen_Roughness=0.5,
        Sheen_Tint=colour,
        Normal=graph.bump(graph.math("MULTIPLY_ADD", fibre, 0.0006, folds), 1.0),
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
    """Herringbone of pale and dark yarn with a few bright neps."""
    u, v = graph.split(graph.warped(cloth, 0.02, 0.001))
    zigzag = graph.math("PINGPONG", u, 0.014)
    twill = graph.wave(graph.add(zigzag, v), 0.0068)
    fibre = graph.noise(cloth, 0.004, detail=2.0, rough=0.7)
    woven = graph.mix(
        graph.remap(twill, 0.25, 0.75, 0.0, 0.42), graph.shaded(colour, 0.82), (0.5, 0.46, 0.4, 1.0)
    )
    cells = graph.cells(graph.scaled(cloth, 1 / 0.011))
    nep = graph.step(cells["Distance"], 0.16, 0.08)
    bright = graph.mix(0.55, cells["Color"], (0.55, 0.4, 0.22, 1.0))
    woven = graph.mix(graph.mul(nep, 0.55), woven, bright)
    return graph.finish(
        Base_Color=graph.shaded(woven, graph.remap(fibre, 0.3, 0.7, 0.86, 1.12)),
        Roughness=0.96,
        Specular_IOR_Level=0.08,
        Sheen_Weight=0.18,
        Normal=graph.bump(graph.add(twill, fibre), 0.0008, 0.6),
    )


def corduroy(graph: ShaderGraph, cloth: Any, colour: Any) -> bpy.types.Material:
    """Ribs of pile, brushed paler in places."""
    u, _ = graph.split(cloth)
    rib = graph.math("ABSOLUTE", graph.math("SINE", graph.mul(u, 3.14159 / 0.0062)))
    pile = graph.noise(graph.scaled(cloth, (1.0, 0.6, 1.0)), 0.026, detail=2.0)
    colour = graph.shaded(colour, graph.remap(rib, 0.0, 0.8, 0.55, 1.05))
    return graph.finish(
        Base_Color=graph.shaded(colour, graph.remap(pile, 0.3, 0.7, 0.9, 1.08)),
        Roughness=0.9,
        Specular_IOR_Level=0.12,
        Sheen_Weight=0.4,
        Sheen_Roughness=0.35,
        Sheen_Tint=colour,
        Normal=graph.bump(rib, 0.0015, 0.7),
    )


def nylon(graph: ShaderGraph, cloth: Any, colour: Any) -> bpy.types.Material:
    """Crisp thin weave with a low gloss and small creases."""
    folds, hollows = _creased(graph, cloth, "nylon")
    return graph.finish(
        Base_Color=graph.shaded(colour, hollows),
        Roughness=0.42,
        Specular_IOR_Level=0.38,
        Sheen_Weight=0.06,
        Normal=graph.bump(folds, 1.0),
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
