"""What is printed on a chest: words, discs, bars and boxes of ink on the cloth."""

from __future__ import annotations

import bmesh
import bpy
import numpy as np

from .cloth_sheet import Array, Face
from .haberdashery import patch

INK = 0.0009
"""How far ink stands off the cloth, so that it is never hidden by it."""


def word(
    face: Face, text: str, x: float, z: float, wide: float, ink: bpy.types.Material
) -> bpy.types.Object:
    """A word centred at x, z, as wide as told."""
    curve = bpy.data.curves.new("word", "FONT")
    curve.body, curve.align_x, curve.align_y = text, "CENTER", "CENTER"
    curve.resolution_u = 3
    curve.offset = 0.012
    letters = bpy.data.objects.new("word", curve)
    bpy.context.scene.collection.objects.link(letters)
    graph = bpy.context.evaluated_depsgraph_get()
    mesh = bpy.data.meshes.new_from_object(letters.evaluated_get(graph))
    bpy.data.objects.remove(letters)
    _cut_finely(mesh, 0.006 / wide)
    flat = np.empty(len(mesh.vertices) * 3, dtype=np.float32)
    mesh.vertices.foreach_get("co", flat)
    place = flat.reshape(-1, 3).astype(float)
    scale = wide / max(float(np.ptp(place[:, 0])), 1e-6)
    points = face.points(x + place[:, 0] * scale, z + place[:, 1] * scale, INK * 1.6)
    mesh.vertices.foreach_set("co", points.astype(np.float32).ravel())
    mesh.materials.clear()
    mesh.materials.append(ink)
    mesh.update()
    made = bpy.data.objects.new("word", mesh)
    made.color[3] = 0.0  # letters have no cloth coordinates: they don't crease
    bpy.context.scene.collection.objects.link(made)
    return made


def _cut_finely(mesh: bpy.types.Mesh, share: float) -> None:
    """Cut faces until no edge is longer than that share of the width: they follow the folds."""
    cut = bmesh.new()
    cut.from_mesh(mesh)
    bmesh.ops.triangulate(cut, faces=cut.faces)
    across = [point.co.x for point in cut.verts]
    longest = share * (max(across) - min(across))
    for _ in range(4):
        edges = [edge for edge in cut.edges if edge.calc_length() > longest]
        if not edges:
            break
        bmesh.ops.subdivide_edges(cut, edges=edges, cuts=1)
        bmesh.ops.triangulate(cut, faces=cut.faces)
    cut.to_mesh(mesh)
    cut.free()


def box(
    face: Face, x: float, z: float, wide: float, high: float, ink: bpy.types.Material
) -> bpy.types.Object:
    """A filled oblong centred at x, z."""
    s, t = np.meshgrid(np.linspace(-0.5, 0.5, 30), np.linspace(-0.5, 0.5, 24))
    return patch(face, x + s * wide, z + t * high, INK, ink, "ink")


def disc(
    face: Face,
    x: float,
    z: float,
    radius: float,
    ink: bpy.types.Material,
    *,
    low: float = -1.0,
    high: float = 1.0,
    lift: float = INK,
) -> bpy.types.Object:
    """A disc centred at x, z, or its slice between `low` and `high` (shares of the radius)."""
    t = np.linspace(low, high, 30)[:, None] * np.ones((1, 30))
    s = np.linspace(-1, 1, 30)[None]
    across: Array = s * np.sqrt(np.maximum(1 - t**2, 0.0004))
    return patch(face, x + across * radius, z + t * radius, lift, ink, "ink")


def peak(
    face: Face, x: float, z: float, wide: float, high: float, ink: bpy.types.Material
) -> bpy.types.Object:
    """A triangle on its base: a mountain."""
    t = np.linspace(0, 1, 24)[:, None]
    s = np.linspace(-0.5, 0.5, 24)[None]
    return patch(face, x + s * wide * (1.001 - t), z + high * t + 0 * s, INK * 1.4, ink, "ink")
