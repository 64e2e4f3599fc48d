"""Smooth surfaces over a grid, ribbons and tubes, and the meshes made of them.

Every part of a shoe is a grid of points: the upper is one, and panels, straps, stitches and
eyelets are sampled from it. `u` of the texture runs around the shoe and `v` up, in metres.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import bpy
import numpy as np
from numpy.typing import ArrayLike, NDArray

Points = NDArray[np.float64]


def unit(vectors: Points) -> Points:
    """Vectors scaled to length one; null vectors stay null."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return vectors / np.maximum(length, 1e-12)


def grid_normals(points: Points, *, closed: bool = False) -> Points:
    """Normals of a grid, along rows x columns, pointing as `rows x columns` does."""
    along = np.gradient(points, axis=1)
    if closed:
        step = points[:, 1] - points[:, -2]
        along[:, 0] = along[:, -1] = step / 2
    return unit(np.cross(np.gradient(points, axis=0), along))


def outward(normals: Points) -> Points:
    """Normals that face the way those of the lowest rows do, where a grid's edge folds over."""
    turned = np.sum(normals * normals[1:2], axis=2, keepdims=True) < 0
    return np.where(turned, -normals, normals)


def metric_uv(points: Points) -> Points:
    """Texture coordinates in metres: along the columns, and across from row to row."""
    along = np.linalg.norm(np.diff(points, axis=1), axis=2)
    u = np.concatenate([np.zeros((len(points), 1)), np.cumsum(along, axis=1)], axis=1)
    tangent = unit(np.gradient(points, axis=1))
    rise = np.diff(points, axis=0)
    mean = (tangent[1:] + tangent[:-1]) / 2
    across = rise - np.sum(rise * mean, axis=2, keepdims=True) * mean
    height = np.linalg.norm(across, axis=2)
    v = np.concatenate([np.zeros((1, points.shape[1])), np.cumsum(height, axis=0)], axis=0)
    return np.stack([u, v], axis=-1)


@dataclass(frozen=True)
class Surface:
    """A surface over (s, t).

    s in -1..1 runs round the shoe (0 the toe, +-1 the heel's back, positive on the outer side),
    t in 0..1 from the sole up to the topline.
    """

    points: Points
    normals: Points
    uv: Points

    def _at(self, field: Points, s: ArrayLike, t: ArrayLike) -> Points:
        rows, columns = field.shape[0] - 1, field.shape[1] - 1
        wrapped = (np.asarray(s, float) + 1) % 2.0
        column = np.clip(wrapped / 2 * columns, 0, columns - 1e-9)
        row = np.clip(np.asarray(t, float), 0, 1) * rows
        row, column = np.broadcast_arrays(np.minimum(row, rows - 1e-9), column)
        i, j = row.astype(int), column.astype(int)
        a, b = (row - i)[..., None], (column - j)[..., None]
        low = field[i, j] * (1 - b) + field[i, j + 1] * b
        high = field[i + 1, j] * (1 - b) + field[i + 1, j + 1] * b
        return low * (1 - a) + high * a

    def at(self, s: ArrayLike, t: ArrayLike, lift: ArrayLike = 0.0) -> Points:
        """Points of the surface, lifted off it by `lift` metres."""
        points = self._at(self.points, s, t)
        return points + self.normal(s, t) * np.asarray(lift, float)[..., None]

    def normal(self, s: ArrayLike, t: ArrayLike) -> Points:
        """Outward unit normals."""
        return unit(self._at(self.normals, s, t))

    def uv_at(self, s: ArrayLike, t: ArrayLike) -> Points:
        """Texture coordinates of the cloth below, so that a pattern runs on."""
        return self._at(self.uv, s, t)

    def ends(self, t: ArrayLike) -> tuple[Points, Points]:
        """X of the back and of the front of the rings at t."""
        t = np.asarray(t, float)
        return self._at(self.points, -1.0, t)[..., 0], self._at(self.points, 0.0, t)[..., 0]

    def s_at_x(self, x: ArrayLike, t: ArrayLike, side: float = 1.0) -> Points:
        """S of the point at x on the ring at t."""
        back, front = self.ends(t)
        share = np.clip((np.asarray(x, float) - back) / (front - back), 0, 1)
        return side * np.arccos(2 * share - 1) / np.pi

    def s_at_y(self, y: float, t: ArrayLike, side: float = 1.0) -> Points:
        """s, near the front of the ring at t, where it is y metres off the middle line."""
        t = np.atleast_1d(np.asarray(t, float))
        s = np.linspace(0, 0.5, 120) * side
        found = []
        for level in t:
            ring = self.at(s, level)
            off = np.maximum.accumulate(np.abs(ring[:, 1] - ring[0, 1]))
            found.append(np.interp(y, off, s))
        return np.array(found)

    def t_at_x(self, x: ArrayLike) -> Points:
        """T of the ring whose front lies at x: how far the middle line has climbed there."""
        t = np.linspace(0, 1, 400)
        _, front = self.ends(t)
        return np.interp(-np.asarray(x, float), -np.minimum.accumulate(front), t)

    def over(self, x: ArrayLike, share: ArrayLike) -> tuple[Points, Points]:
        """S and t of points over the foot at x.

        `share` is the way from the sole's outer edge (0) over the middle line (0.5) to its
        inner edge (1).
        """
        x, share = np.broadcast_arrays(np.asarray(x, float), np.asarray(share, float))
        t = self.t_at_x(x) * np.minimum(np.sin(np.pi * share), 1.0) ** 0.85
        return self.s_at_x(x, t) * np.where(share <= 0.5, 1.0, -1.0), t


def surface(points: Points) -> Surface:
    """The surface through rings of points; rows go up, columns from s=-1 to s=1."""
    half = points.shape[1] // 2
    outer = metric_uv(points[:, ::-1][:, : half + 1])[:, ::-1]
    inner = metric_uv(points[:, : half + 1])
    uv = np.concatenate([inner, outer[:, 1:]], axis=1)
    return Surface(points, grid_normals(points, closed=True), uv)


def mesh_object(
    name: str,
    vertices: Points,
    faces: NDArray[np.int64],
    uv: Points,
    materials: Sequence[bpy.types.Material],
    slots: NDArray[np.int64] | None = None,
    smooth: bool = True,
) -> bpy.types.Object:
    """An object of quads in the current scene, with its UVMap."""
    mesh = bpy.data.meshes.new(name)
    mesh.vertices.add(len(vertices))
    mesh.vertices.foreach_set("co", np.ascontiguousarray(vertices, np.float32).ravel())
    count = len(faces)
    mesh.loops.add(count * 4)
    mesh.loops.foreach_set("vertex_index", faces.astype(np.int32).ravel())
    mesh.polygons.add(count)
    mesh.polygons.foreach_set("loop_start", np.arange(count, dtype=np.int32) * 4)
    layer = mesh.uv_layers.new(name="UVMap")
    layer.data.foreach_set("uv", uv[faces.ravel()].astype(np.float32).ravel())
    if slots is not None:
        mesh.polygons.foreach_set("material_index", slots.astype(np.int32))
    for material in materials:
        mesh.materials.append(material)
    mesh.update(calc_edges=True)
    mesh.polygons.foreach_set("use_smooth", np.full(count, smooth))
    mesh.validate()
    item = bpy.data.objects.new(name, mesh)
    bpy.context.scene.collection.objects.link(item)
    return item


def quads(rows: int, columns: int) -> NDArray[np.int64]:
    """Faces of a grid of rows x columns points."""
    index = np.arange(rows * columns).reshape(rows, columns)
    corner = (index[:-1, :-1], index[1:, :-1], index[1:, 1:], index[:-1, 1:])
    return np.stack([c.ravel() for c in corner], axis=1)


def grid_object(
    name: str,
    points: Points,
    materials: bpy.types.Material | Sequence[bpy.types.Material],
    uv: Points | None = None,
    slots: NDArray[np.int64] | None = None,
) -> bpy.types.Object:
    """An object of one grid; `slots` holds a material index for each face (rows-1, columns-1)."""
    if uv is None:
        uv = metric_uv(points)
    listed = [materials] if isinstance(materials, bpy.types.Material) else list(materials)
    flat = None if slots is None else np.asarray(slots).ravel()
    shape = points.shape
    return mesh_object(
        name, points.reshape(-1, 3), quads(shape[0], shape[1]), uv.reshape(-1, 2), listed, flat
    )


def grids_object(
    name: str, grids: Sequence[Points], material: bpy.types.Material
) -> bpy.types.Object | None:
    """One object of many small grids (stitches, eyelets, lugs)."""
    if not grids:
        return None
    vertices, faces, uvs, start = [], [], [], 0
    for grid in grids:
        vertices.append(grid.reshape(-1, 3))
        uvs.append(metric_uv(grid).reshape(-1, 2))
        faces.append(quads(grid.shape[0], grid.shape[1]) + start)
        start += grid.shape[0] * grid.shape[1]
    return mesh_object(
        name, np.concatenate(vertices), np.concatenate(faces), np.concatenate(uvs), [material]
    )


def tube(
    path: Points,
    radius: ArrayLike,
    *,
    flat: ArrayLike = 1.0,
    up: Points | None = None,
    sides: int = 10,
    caps: bool = True,
) -> Points:
    """A grid round a path. `flat` below 1 makes it a band lying across `up`."""
    path = np.asarray(path, float)
    tangent = unit(np.gradient(path, axis=0))
    guide = np.broadcast_to(np.array([0.0, 0.0, 1.0]) if up is None else up, path.shape)
    side = unit(np.cross(tangent, guide))
    weak = np.linalg.norm(np.cross(tangent, guide), axis=1) < 1e-4
    if weak.any():
        side[weak] = unit(np.cross(tangent[weak], [1.0, 0.3, 0.0]))
    over = unit(np.cross(side, tangent))
    angle = np.linspace(0, 2 * np.pi, sides + 1)
    wide = np.broadcast_to(np.asarray(radius, float), len(path))[:, None, None]
    thick = wide * np.broadcast_to(np.asarray(flat, float), len(path))[:, None, None]
    rings = (
        path[:, None]
        + side[:, None] * np.cos(angle)[None, :, None] * wide
        + over[:, None] * np.sin(angle)[None, :, None] * thick
    )
    if caps:
        first, last = path[:1, None].repeat(sides + 1, 1), path[-1:, None].repeat(sides + 1, 1)
        rings = np.concatenate([first, rings, last])
    return rings


def smooth_path(points: ArrayLike, count: int, *, closed: bool = False) -> Points:
    """A Catmull-Rom curve through points, at `count` equal steps of its parameter."""
    knots = np.asarray(points, float)
    if closed:
        knots = np.concatenate([knots[-1:], knots, knots[:2]])
    else:
        knots = np.concatenate([2 * knots[:1] - knots[1:2], knots, 2 * knots[-1:] - knots[-2:-1]])
    place = np.linspace(0, len(knots) - 3 - 1e-9, count)
    i = place.astype(int)
    f = (place - i).reshape((-1,) + (1,) * (knots.ndim - 1))
    a, b, c, d = knots[i], knots[i + 1], knots[i + 2], knots[i + 3]
    return 0.5 * (
        2 * b + (c - a) * f + (2 * a - 5 * b + 4 * c - d) * f**2 + (3 * b - a - 3 * c + d) * f**3
    )


def even_path(path: Points, count: int) -> Points:
    """The same path at equal steps of its length."""
    step = np.linalg.norm(np.diff(path, axis=0), axis=1)
    length = np.concatenate([[0.0], np.cumsum(step)])
    at = np.linspace(0, length[-1], count)
    return np.stack([np.interp(at, length, path[:, k]) for k in range(path.shape[1])], axis=1)


def smoothstep(low: float, high: float, x: ArrayLike) -> Points:
    """0 below low, 1 above high, smooth between."""
    f = np.clip((np.asarray(x, float) - low) / (high - low), 0, 1)
    return f * f * (3 - 2 * f)


def eased(knots: Sequence[tuple[float, float]], at: ArrayLike, soft: float) -> Points:
    """A line through knots (x, y), its corners rounded over about `soft` of x."""
    x, y = np.array(knots, float).T
    fine = np.linspace(x[0] - soft, x[-1] + soft, 1200)
    half = max(2, int(soft / (fine[1] - fine[0]) / 2))
    kernel = np.hanning(2 * half + 1)
    rough = np.interp(fine, x, y)
    # Ends run on at their own slope, so that rounding doesn't bend them.
    rough = np.where(fine < x[0], y[0] + (fine - x[0]) * (y[1] - y[0]) / (x[1] - x[0]), rough)
    rough = np.where(
        fine > x[-1], y[-1] + (fine - x[-1]) * (y[-1] - y[-2]) / (x[-1] - x[-2]), rough
    )
    smooth = np.convolve(np.pad(rough, half, mode="edge"), kernel / kernel.sum(), "valid")
    return np.interp(np.clip(at, x[0], x[-1]), fine, smooth)
