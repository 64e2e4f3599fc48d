"""Garments hang as cloth does: sheets are sewn, put on a hidden body and left to settle.

How a kind uses it:

1. Make `Sheet`s, one a pattern piece. `points` are where the cloth starts, around the body and a
   little off it; `uv` is the flat piece in metres: it alone says how large the cloth is and where
   its grain runs. Give each piece its own uv, so that prints and stripes stop at the seams.
2. Where edges of sheets start at the same points (grid point on grid point, within `SEWN`), they
   are sewn; a sheet whose first and last columns coincide is a tube. Nothing else names a seam.
3. Make the hidden body with `mannequin.torso`, `arm`, `legs` or `tube`. It must start
   inside the cloth, also at sleeves.
4. `drape(sheets, body, material)` moves the sheets' points to where they settle, seams closed.
   `pins` holds cloth where it starts (1) or leaves it free (0), an array [rows, cols] or None a
   sheet: waistbands, hanger loops, a closed placket. `stiff` (0 to 1, alike) stiffens fused parts.
   `rest` are shapes of their own (points) for pieces that darts make round, instead of flat `uv`.
5. Lay trims on the draped sheets as on any other: `Face`, `laid`, `Cloth.make`.

A sheet's grid may be as fine as the picture needs: a coarse grid (`spacing`) is simulated and its
movement spread smoothly over the fine one. Results are kept on disk by a digest of all they
depend on (see `kept`); raise `VERSION` when this changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import Any

import bpy
import numpy as np
from scipy.spatial import cKDTree

from .cloth_sheet import Array, Sheet
from .kept import kept, mark_of
from .mannequin import Solid
from .seams import SEWN, close_seams, coarse_grids, sewn_points, spread

VERSION = 2


@dataclass(frozen=True)
class Fabric:
    """How a cloth behaves: kilograms a square metre, and its resistance in Blender's units."""

    weight: float = 0.18
    tension: float = 15.0
    shear: float = 5.0
    bending: float = 0.1


FABRICS: dict[str, Fabric] = {
    "cotton": Fabric(0.16, 18, 5, 0.25),
    "linen": Fabric(0.18, 20, 6, 0.8),
    "canvas": Fabric(0.35, 30, 15, 1.2),
    "denim": Fabric(0.40, 40, 20, 1.6),
    "corduroy": Fabric(0.35, 30, 12, 0.9),
    "satin": Fabric(0.12, 12, 2, 0.05),
    "wool": Fabric(0.45, 25, 10, 1.2),
    "knit": Fabric(0.40, 10, 3, 1.2),
    "leather": Fabric(0.70, 40, 25, 4.0),
    "nylon": Fabric(0.12, 30, 15, 0.5),
}
"""By material of `demo.materials`; others hang like cotton."""


def drape(
    sheets: Sequence[Sheet],
    body: Sequence[Solid],
    material: str | Fabric,
    *,
    pins: Sequence[Array | None] | None = None,
    stiff: Sequence[Array | None] | None = None,
    rest: Sequence[Array | None] | None = None,
    spacing: float = 0.019,
    frames: int = 26,
    gap: float = 0.004,
    quality: int = 4,
    touching: bool = False,
) -> None:
    """Let the sheets settle on the body; their points become what they are after `frames`.

    `gap` keeps the cloth off the body, metres. `touching`: cloth meets cloth (slower).
    """
    fabric = material if isinstance(material, Fabric) else FABRICS.get(material, FABRICS["cotton"])
    held = [None] * len(sheets) if pins is None else pins
    firm = [None] * len(sheets) if stiff is None else stiff
    round_ = [None] * len(sheets) if rest is None else rest
    seams = sewn_points(sheets)
    grids = coarse_grids(sheets, seams, spacing)
    settings = (*astuple(fabric), frames, gap, quality, touching)

    def settled() -> list[Array]:
        mesh = _Pieces(sheets, grids, held, firm, round_)
        flat = _simulated(mesh, body, fabric, frames, gap, quality, touching) - mesh.points
        return [_calmed(shift) for shift in mesh.apart(flat)]

    moved = kept(_mark(sheets, body, held, firm, round_, grids, settings), settled)
    for sheet, (rows, cols), shift in zip(sheets, grids, moved, strict=True):
        sheet.points = sheet.points + spread(shift, sheet.vs[rows], sheet.us[cols], sheet)
        sheet._normals = None
    close_seams(sheets, seams)


def _calmed(shift: Array) -> Array:
    """Movement without the creases of one grid cell that a coarse simulation leaves."""
    for axis in (0, 1):
        lines = np.moveaxis(shift, axis, 0)
        inner = lines[1:-1]
        lines = np.concatenate(
            [lines[:1], (lines[:-2] + 2 * inner + lines[2:]) / 4, lines[-1:]], axis=0
        )
        shift = np.moveaxis(lines, 0, axis)
    return shift


# --- simulation ----------------------------------------------------------------------------------


class _Pieces:
    """The coarse grids of all sheets as one mesh: pieces side by side, loose threads as seams."""

    def __init__(
        self,
        sheets: Sequence[Sheet],
        grids: Sequence[tuple[Array, Array]],
        pins: Sequence[Array | None],
        stiff: Sequence[Array | None],
        rest: Sequence[Array | None],
    ) -> None:
        points, flat, faces, pinned, firm = [], [], [], [], []
        self.shapes = []
        base, aside = 0, 0.0
        for sheet, (rows, cols), pin, hard, own in zip(
            sheets, grids, pins, stiff, rest, strict=True
        ):
            pick = np.ix_(rows, cols)
            piece = sheet.uv[pick]
            piece = piece - piece.reshape(-1, 2).min(axis=0) + np.array([aside, 0.0])
            aside = float(piece[..., 0].max()) + 0.1
            count = len(rows) * len(cols)
            index = np.arange(count).reshape(len(rows), len(cols)) + base
            quad = np.stack([index[:-1, :-1], index[:-1, 1:], index[1:, 1:], index[1:, :-1]], -1)
            faces.append(quad.reshape(-1, 4))
            points.append(sheet.points[pick].reshape(-1, 3))
            lying = np.pad(piece.reshape(-1, 2), [(0, 0), (0, 1)])
            flat.append(lying if own is None else own[pick].reshape(-1, 3))
            pinned.append(np.zeros(count) if pin is None else pin[pick].ravel())
            firm.append(np.zeros(count) if hard is None else hard[pick].ravel())
            self.shapes.append((len(rows), len(cols)))
            base += count
        self.points, self.flat = np.concatenate(points), np.concatenate(flat)
        self.faces = np.concatenate(faces)
        self.pins, self.stiff = np.concatenate(pinned), np.concatenate(firm)
        pairs = cKDTree(self.points).query_pairs(SEWN, output_type="ndarray")
        self.threads = np.array(pairs, dtype=int).reshape(-1, 2)

    def apart(self, values: Array) -> list[Array]:
        """Values of all points as one grid a sheet."""
        cuts = np.cumsum([r * c for r, c in self.shapes])[:-1]
        parts = np.split(values, cuts)
        return [v.reshape(*s, 3) for v, s in zip(parts, self.shapes, strict=True)]

    def thing(self) -> bpy.types.Object:
        """The mesh in the scene; its rest shape is the flat pieces."""
        mesh = bpy.data.meshes.new("cloth")
        mesh.from_pydata(self.points.tolist(), self.threads.tolist(), self.faces.tolist())
        made = bpy.data.objects.new("cloth", mesh)
        bpy.context.scene.collection.objects.link(made)
        made.shape_key_add(name="worn")
        rest = made.shape_key_add(name="flat", from_mix=False)
        rest.value = 0.0
        rest.data.foreach_set("co", self.flat.astype(np.float32).ravel())
        for name, weights in (("pins", self.pins), ("stiff", self.stiff)):
            group = made.vertex_groups.new(name=name)
            for k in np.nonzero(weights > 0)[0]:
                group.add([int(k)], float(weights[k]), "REPLACE")
        return made


def _simulated(
    pieces: _Pieces,
    body: Sequence[Solid],
    fabric: Fabric,
    frames: int,
    gap: float,
    quality: int,
    touching: bool,
) -> Array:
    """Where the points are after `frames` of Blender's cloth simulation."""
    bpy.context.scene.frame_set(1)
    solids = [solid(part.points, part.faces) for part in body]
    cloth = pieces.thing()
    modifier = cloth.modifiers.new("cloth", "CLOTH")
    own = modifier.settings
    own.quality = quality
    own.mass = max(fabric.weight * 1.5, 0.05) * 0.5
    own.tension_stiffness = own.compression_stiffness = fabric.tension
    own.shear_stiffness = fabric.shear
    own.bending_stiffness = fabric.bending
    own.tension_damping = own.compression_damping = 10
    own.shear_damping = 8
    own.bending_damping = 1.0
    own.air_damping = 4.0
    own.use_sewing_springs = len(pieces.threads) > 0
    own.rest_shape_key = cloth.data.shape_keys.key_blocks["flat"]
    if pieces.pins.any():
        own.vertex_group_mass = "pins"
    if pieces.stiff.any():
        own.vertex_group_bending = "stiff"
        own.bending_stiffness_max = fabric.bending + 6.0
    meets = modifier.collision_settings
    meets.collision_quality = 2
    meets.distance_min = gap
    meets.friction = 12
    meets.use_self_collision = touching
    meets.self_distance_min = 0.004
    return settled(cloth, modifier, solids, frames)


def settled(
    cloth: bpy.types.Object, modifier: Any, solids: Sequence[bpy.types.Object], frames: int
) -> Array:
    """Where a cloth's points (n, 3) are after so many frames; it and the solids are removed."""
    scene = bpy.context.scene
    modifier.point_cache.frame_start, modifier.point_cache.frame_end = 1, frames
    for frame in range(1, frames + 1):
        scene.frame_set(frame)
    fallen = cloth.evaluated_get(bpy.context.evaluated_depsgraph_get()).data
    flat = np.empty(len(fallen.vertices) * 3, dtype=np.float32)
    fallen.vertices.foreach_get("co", flat)
    scene.frame_set(1)
    for made in (cloth, *solids):
        mesh = made.data
        bpy.data.objects.remove(made)
        bpy.data.meshes.remove(mesh)
    return flat.reshape(-1, 3).astype(float)


def solid(points: Array, faces: Array) -> bpy.types.Object:
    """A body that cloth falls on and doesn't go through."""
    mesh = bpy.data.meshes.new("body")
    mesh.from_pydata(points.tolist(), [], faces.tolist())
    made = bpy.data.objects.new("body", mesh)
    bpy.context.scene.collection.objects.link(made)
    made.modifiers.new("collision", "COLLISION")
    made.collision.thickness_outer = 0.002
    made.collision.cloth_friction = 20
    made.collision.damping = 0.6
    return made


def _mark(
    sheets: Sequence[Sheet],
    body: Sequence[Solid],
    pins: Sequence[Array | None],
    stiff: Sequence[Array | None],
    rest: Sequence[Array | None],
    grids: Sequence[tuple[Array, Array]],
    settings: tuple[object, ...],
) -> str:
    """The digest of this very simulation."""
    arrays = []
    for sheet, (rows, cols), pin, hard in zip(sheets, grids, pins, stiff, strict=True):
        pick = np.ix_(rows, cols)
        for values in (sheet.points, sheet.uv, pin, hard):
            arrays.append(np.zeros(1) if values is None else values[pick])
    arrays += [own[np.ix_(*grid)] for own, grid in zip(rest, grids, strict=True) if own is not None]
    arrays += [part.points for part in body]
    return mark_of((VERSION, settings), arrays)
