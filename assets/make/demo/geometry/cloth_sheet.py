"""A piece of cloth as a structured grid, what can be laid on it, and how it becomes a mesh."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import bpy
import numpy as np

Array = np.ndarray


def spline(x: Array | float, knots: Sequence[tuple[float, float]]) -> Array:
    """Monotone cubic through (position, value) knots; flat outside them."""
    at, val = np.array(sorted(knots), dtype=float).T
    step = np.diff(at)
    rise = np.diff(val) / step
    slope = np.zeros_like(val)
    if len(at) > 2:
        left, right = rise[:-1], rise[1:]
        same = left * right > 0
        slope[1:-1] = np.where(same, 2 * left * right / np.where(same, left + right, 1), 0)
        slope[0], slope[-1] = rise[0] * 0.8, rise[-1] * 0.8
    else:
        slope[:] = rise[0]
    x = np.clip(np.asarray(x, dtype=float), at[0], at[-1])
    i = np.clip(np.searchsorted(at, x, side="right") - 1, 0, len(at) - 2)
    h = step[i]
    t = (x - at[i]) / h
    return (
        (1 + 2 * t) * (1 - t) ** 2 * val[i]
        + t * (1 - t) ** 2 * h * slope[i]
        + t * t * (3 - 2 * t) * val[i + 1]
        + t * t * (t - 1) * h * slope[i + 1]
    )


def smooth_knots(knots: Sequence[tuple[float, float]], floor: float) -> list[tuple[float, float]]:
    """Knots without those that a shorter garment does not reach (at or below `floor`)."""
    return [knots[0], *(k for k in knots[1:] if k[0] > floor + 0.03)]


@dataclass
class Sheet:
    """Grid points [rows, columns, 3] with the parameters of columns (u) and rows (v).

    `uv` is metres of cloth. `facing` is +1 where (along u) x (along v) points out of the garment.
    """

    points: Array
    us: Array
    vs: Array
    uv: Array
    facing: int = 1
    _normals: Array | None = field(default=None, repr=False)

    @property
    def normals(self) -> Array:
        """Unit normals out of the garment, from the grid."""
        if self._normals is None:
            du = np.gradient(self.points, axis=1)
            dv = np.gradient(self.points, axis=0)
            n = np.cross(du, dv) * self.facing
            self._normals = n / (np.linalg.norm(n, axis=-1, keepdims=True) + 1e-12)
        return self._normals

    def displace(self, height: Array) -> None:
        """Push the cloth out along its normals by `height` metres."""
        self.points = self.points + self.normals * height[..., None]
        self._normals = None

    def mixed(self, grid: Array, u: Array, v: Array) -> Array:
        """Values given at the grid's points, taken at (u, v)."""
        fu = np.interp(u, self.us, np.arange(len(self.us)))
        fv = np.interp(v, self.vs, np.arange(len(self.vs)))
        i = np.clip(fu.astype(int), 0, len(self.us) - 2)
        j = np.clip(fv.astype(int), 0, len(self.vs) - 2)
        a, b = (fu - i)[..., None], (fv - j)[..., None]
        return (grid[j, i] * (1 - a) + grid[j, i + 1] * a) * (1 - b) + (
            grid[j + 1, i] * (1 - a) + grid[j + 1, i + 1] * a
        ) * b

    def sample(self, u: Array, v: Array, lift: Array | float = 0.0) -> Array:
        """Points of the cloth at (u, v), raised by `lift` metres."""
        out = self.mixed(self.points, u, v)
        return out + self.mixed(self.normals, u, v) * np.asarray(lift)[..., None]

    def cloth(self, u: Array, v: Array) -> Array:
        """The cloth coordinates (metres) at (u, v)."""
        return self.mixed(self.uv, u, v)


def grid_sheet(points: Array, uv: Array | None = None, facing: int = 1) -> Sheet:
    """A sheet from bare grid points; without `uv`, lengths are measured along the grid."""
    rows, cols = points.shape[:2]
    if uv is None:
        uv = measured(points)
    return Sheet(points, np.linspace(0, 1, cols), np.linspace(0, 1, rows), uv, facing)


def measured(points: Array) -> Array:
    """Cloth coordinates by arc length: u from the middle column, v from the first row."""
    rows, cols = points.shape[:2]
    across = np.linalg.norm(np.diff(points, axis=1), axis=-1)
    u = np.concatenate([np.zeros((rows, 1)), np.cumsum(across, axis=1)], axis=1)
    u = u - u[:, cols // 2][:, None]
    along = np.linalg.norm(np.diff(points, axis=0), axis=-1).mean(axis=1)
    v = np.concatenate([[0.0], np.cumsum(along)])
    return np.stack([u, np.broadcast_to(v[:, None], u.shape)], axis=-1)


def laid(
    sheet: Sheet,
    u: Array,
    v: Array,
    lift: Array | float,
    *,
    edge: float | None = None,
) -> Sheet:
    """A second layer over a sheet at grids u, v; its rim goes down to the cloth below."""
    lift = np.broadcast_to(np.asarray(lift, dtype=float), u.shape).copy()
    uv = sheet.cloth(u, v)
    pad = [(1, 1), (1, 1)]
    up, vp = np.pad(u, pad, mode="edge"), np.pad(v, pad, mode="edge")
    lp = np.pad(lift, pad, constant_values=-0.001 if edge is None else edge)
    uvp = np.pad(uv, [*pad, (0, 0)], mode="edge")
    points = sheet.sample(up, vp, lp)
    return grid_sheet(points, uvp, sheet.facing)


@dataclass
class Face:
    """A side of a garment on which things are placed by x and z, as seen from the front."""

    sheet: Sheet
    at: Callable[[Array, Array], tuple[Array, Array]]

    def points(self, x: Array, z: Array, lift: Array | float = 0.0) -> Array:
        """Points of the cloth seen at x, z, raised by `lift`."""
        return self.sheet.sample(*self.at(x, z), lift)

    def normals(self, x: Array, z: Array) -> Array:
        """Outward directions of the cloth at x, z."""
        return self.sheet.mixed(self.sheet.normals, *self.at(x, z))

    def raised(self, lift: float) -> Face:
        """The same side as if the cloth were `lift` thicker."""
        sheet = self.sheet
        points = sheet.points + sheet.normals * lift
        return Face(Sheet(points, sheet.us, sheet.vs, sheet.uv, sheet.facing), self.at)


class Cloth:
    """Gathers sheets that are sewn into one mesh."""

    def __init__(self) -> None:
        self._sheets: list[tuple[Sheet, bool, Array | None]] = []

    def add(self, sheet: Sheet, *, ring: bool = False, keep: Array | None = None) -> Sheet:
        """`ring`: the last column meets the first. `keep`: which faces [rows-1, cols-1] stay."""
        self._sheets.append((sheet, ring, keep))
        return sheet

    def make(
        self,
        name: str,
        material: bpy.types.Material,
        *,
        thickness: float = 0.0025,
        weld: float = 0.0002,
        inside: bool = True,
        lining: bpy.types.Material | None = None,
    ) -> bpy.types.Object:
        """Build the mesh object: welded at the seams, given thickness towards the inside."""
        points, faces, uvs, base = [], [], [], 0
        for sheet, _ring, keep in self._sheets:
            rows, cols = sheet.points.shape[:2]
            index = np.arange(rows * cols).reshape(rows, cols) + base
            quad = np.stack(
                [index[:-1, :-1], index[:-1, 1:], index[1:, 1:], index[1:, :-1]], axis=-1
            )
            if sheet.facing < 0:
                quad = quad[..., ::-1]
            quad = quad[keep] if keep is not None else quad.reshape(-1, 4)
            faces.append(quad.reshape(-1, 4))
            points.append(sheet.points.reshape(-1, 3))
            uvs.append(sheet.uv.reshape(-1, 2))
            base += rows * cols
        made = mesh_object(
            name,
            np.concatenate(points),
            np.concatenate(faces),
            np.concatenate(uvs),
            material,
            thickness=thickness if inside else 0.0,
            weld=weld,
        )
        if lining is not None:
            made.data.materials.append(lining)
            made.modifiers["thickness"].material_offset = 1
        return made


def mesh_object(
    name: str,
    points: Array,
    faces: Array,
    uvs: Array,
    material: bpy.types.Material,
    *,
    thickness: float = 0.0,
    weld: float = 0.0,
) -> bpy.types.Object:
    """A smooth-shaded quad mesh in the scene from arrays of points, faces and point UVs."""
    mesh = bpy.data.meshes.new(name)
    mesh.vertices.add(len(points))
    mesh.vertices.foreach_set("co", points.astype(np.float32).ravel())
    mesh.loops.add(faces.size)
    mesh.loops.foreach_set("vertex_index", faces.astype(np.int32).ravel())
    mesh.polygons.add(len(faces))
    mesh.polygons.foreach_set("loop_start", np.arange(0, faces.size, 4, dtype=np.int32))
    layer = mesh.uv_layers.new(name="UVMap")
    layer.uv.foreach_set("vector", uvs[faces.ravel()].astype(np.float32).ravel())
    mesh.materials.append(material)
    mesh.update(calc_edges=True)
    mesh.shade_smooth()
    made = bpy.data.objects.new(name, mesh)
    bpy.context.scene.collection.objects.link(made)
    if weld:
        modifier = made.modifiers.new("seams", "WELD")
        modifier.merge_threshold = weld
    if thickness:
        modifier = made.modifiers.new("thickness", "SOLIDIFY")
        modifier.thickness = thickness
        modifier.offset = -1.0
        modifier.use_even_offset = False
    return made


def stand_on_ground(objects: Sequence[bpy.types.Object]) -> None:
    """Move the garment so that its lowest point is at z = 0."""
    low = np.inf
    for made in objects:
        co = np.empty(len(made.data.vertices) * 3, dtype=np.float32)
        made.data.vertices.foreach_get("co", co)
        low = min(low, float(co[2::3].min()) + made.location.z)
    for made in objects:
        made.location.z -= low
