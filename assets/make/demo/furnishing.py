"""Simple shapes that rooms and the things in them are made of."""

from __future__ import annotations

import math
from collections.abc import Sequence

import bpy
import numpy as np

from .cloth_nodes import Array
from .geometry.lofts import mesh_object
from .shader_graph import ShaderGraph, linear

Place = tuple[float, float, float]


def paint(colour: str, rough: float = 0.5, *, metal: float = 0.0) -> bpy.types.Material:
    """A plain surface."""
    return ShaderGraph("paint").finish(
        Base_Color=linear(colour), Roughness=rough, Metallic=metal, Specular_IOR_Level=0.4
    )


def box(
    low: Place, high: Place, material: bpy.types.Material, *, round_: float = 0.0, turn: float = 0.0
) -> bpy.types.Object:
    """A box between two corners, its edges rounded, turned about its own upright axis."""
    size = np.subtract(high, low)
    middle = np.add(low, high) / 2
    signs = np.array([[i & 1, i >> 1 & 1, i >> 2 & 1] for i in range(8)]) - 0.5
    faces = [[0, 2, 3, 1], [4, 5, 7, 6], [0, 1, 5, 4], [2, 6, 7, 3], [0, 4, 6, 2], [1, 3, 7, 5]]
    item = mesh_object(
        "box", signs * size, np.array(faces), np.zeros((8, 2)), [material], smooth=round_ > 0
    )
    item["studio"] = True
    item.location = middle
    item.rotation_euler[2] = turn
    if round_:
        soft = item.modifiers.new("rounded", "BEVEL")
        soft.width, soft.segments = min(round_, 0.49 * float(size.min())), 4
    return item


def lathe(
    profile: Sequence[tuple[float, float]], place: Place, material: bpy.types.Material
) -> bpy.types.Object:
    """What a profile of (radius, height) makes when it turns about the upright axis."""
    turns = 28
    angle = np.linspace(0, 2 * np.pi, turns, endpoint=False)
    ring = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    points = [np.column_stack([ring * r, np.full(turns, z)]) for r, z in profile]
    corner = np.arange(turns)
    after = (corner + 1) % turns
    faces = [
        np.stack([corner, after, after + turns, corner + turns], axis=1) + row * turns
        for row in range(len(profile) - 1)
    ]
    cloud = np.concatenate(points)
    item = mesh_object(
        "turned", cloud, np.concatenate(faces), np.zeros((len(cloud), 2)), [material]
    )
    item["studio"] = True
    item.location = place
    return item


def sheet(
    xs: Array, ys: Array, heights: Array, material: bpy.types.Material, *, name: str = "sheet"
) -> bpy.types.Object:
    """A surface with a height over every (x, y) of a grid."""
    x, y = np.meshgrid(xs, ys, indexing="ij")
    points = np.stack([x, y, heights], axis=2).reshape(-1, 3)
    index = np.arange(len(points)).reshape(len(xs), len(ys))
    faces = np.stack([index[:-1, :-1], index[1:, :-1], index[1:, 1:], index[:-1, 1:]], axis=-1)
    item = mesh_object(name, points, faces.reshape(-1, 4), points[:, :2], [material])
    item["studio"] = True
    return item


def tube(name: str, path: Array, radius: float, material: bpy.types.Material) -> bpy.types.Object:
    """A round rod along a path."""
    curve = bpy.data.curves.new(name, "CURVE")
    curve.dimensions = "3D"
    curve.bevel_depth = radius
    curve.bevel_resolution = 3
    curve.use_fill_caps = True
    spline = curve.splines.new("POLY")
    spline.points.add(len(path) - 1)
    flat = np.concatenate([path, np.ones((len(path), 1))], axis=1)
    spline.points.foreach_set("co", flat.ravel())
    curve.materials.append(material)
    item = bpy.data.objects.new(name, curve)
    item["studio"] = True
    bpy.context.scene.collection.objects.link(item)
    return item


def cushion(
    place: Place, size: Place, material: bpy.types.Material, turn: float = 0.0
) -> bpy.types.Object:
    """A stuffed cushion: thick in the middle, thin at its seams, ears at the corners."""
    u, v = np.meshgrid(np.linspace(-1, 1, 33), np.linspace(-1, 1, 33), indexing="ij")
    edge = (1 - u**4) * (1 - v**4)
    full = np.sqrt(np.clip(edge, 0, None))
    crease = 1 + 0.05 * np.sin(9 * u + 4 * v) * (1 - edge)
    x = u * (1 - 0.07 * (1 - v * v) * u * u) * size[0] / 2
    y = v * (1 - 0.07 * (1 - u * u) * v * v) * size[1] / 2
    points = [np.stack([x, y, s * full * crease * size[2] / 2], axis=2) for s in (1, -1)]
    index = np.arange(33 * 33).reshape(33, 33)
    top = np.stack([index[:-1, :-1], index[1:, :-1], index[1:, 1:], index[:-1, 1:]], axis=-1)
    top = top.reshape(-1, 4)
    faces = np.concatenate([top, top[:, ::-1] + 33 * 33])
    cloud = np.concatenate([side.reshape(-1, 3) for side in points])
    item = mesh_object("cushion", cloud, faces, cloud[:, :2], [material])
    item["studio"] = True
    item.location = place
    item.rotation_euler[2] = turn
    return item


def arc(centre: Place, radius: float, start: float, end: float, steps: int = 14) -> Array:
    """Points of an arc in an upright plane seen from the front; angles in turns of a half."""
    angle = np.linspace(start * math.pi, end * math.pi, steps)
    flat = np.stack([np.cos(angle), 0 * angle, np.sin(angle)], axis=1)
    return np.array(centre) + radius * flat
