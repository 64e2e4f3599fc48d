"""What closes and finishes clothes: buttons, zips, pockets, plackets, stitching, labels."""

from __future__ import annotations

from collections.abc import Sequence

import bpy
import numpy as np

from .bodice import Bodice
from .cloth_sheet import Array, Cloth, Face, Sheet, grid_sheet, laid, mesh_object


def patch(
    face: Face,
    x: Array,
    z: Array,
    lift: Array | float,
    material: bpy.types.Material,
    name: str,
) -> bpy.types.Object:
    """A second layer of cloth over the places x, z (grids: columns across, rows up or down)."""
    lift = np.broadcast_to(np.asarray(lift, dtype=float), x.shape)
    if z[0].mean() > z[-1].mean():
        x, z, lift = x[::-1], z[::-1], lift[::-1]
    if x[:, 0].mean() > x[:, -1].mean():
        x, z, lift = x[:, ::-1], z[:, ::-1], lift[:, ::-1]
    layer = Cloth()
    layer.add(laid(face.sheet, *face.at(x, z), lift))
    return layer.make(name, material, inside=False)


def between(
    left: Sequence[tuple[float, float]],
    right: Sequence[tuple[float, float]],
    rows: int = 60,
    columns: int = 16,
) -> tuple[Array, Array]:
    """Grids x, z that fill the space between two polylines of (z, x), both from top to bottom."""
    grids = []
    for line in (left, right):
        at = np.array(line, dtype=float)
        run = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(at, axis=0).T))])
        t = np.linspace(0, run[-1], rows)
        grids.append((np.interp(t, run, at[:, 1]), np.interp(t, run, at[:, 0])))
    s = np.linspace(0, 1, columns)[None]
    (xl, zl), (xr, zr) = grids
    return xl[:, None] * (1 - s) + xr[:, None] * s, zl[:, None] * (1 - s) + zr[:, None] * s


def strip(sheet: Sheet, u: Array, v: Array, width: float, lift: float = 0.0006) -> Sheet:
    """A narrow raised ribbon along a path (u, v) on a sheet."""
    middle = sheet.sample(u, v)
    ahead = np.gradient(middle, axis=0)
    normal = sheet.mixed(sheet.normals, u, v)
    side = np.cross(normal, ahead)
    side /= np.linalg.norm(side, axis=-1, keepdims=True) + 1e-12
    rows = [
        middle + side * width * k + normal * (lift * h)
        for k, h in ((-0.5, -0.4), (-0.3, 1.0), (0.3, 1.0), (0.5, -0.4))
    ]
    return grid_sheet(np.stack(rows))


def stitches(
    face: Face,
    path: Array,
    material: bpy.types.Material,
    *,
    width: float = 0.0018,
    dash: float = 0.005,
    whole: bool = False,
) -> bpy.types.Object:
    """Top stitching along a path of (x, z): short raised dashes of thread, or a whole line."""
    run = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(path, axis=0).T))])
    count = max(int(run[-1] / dash) * 3, 6)
    at = np.linspace(0, run[-1], count)
    u, v = face.at(np.interp(at, run, path[:, 0]), np.interp(at, run, path[:, 1]))
    return _thread(face.sheet, u, v, material, width, whole)


def _thread(
    sheet: Sheet, u: Array, v: Array, material: bpy.types.Material, width: float, whole: bool
) -> bpy.types.Object:
    count = len(u)
    keep = np.broadcast_to((np.arange(count - 1) % 3 < 2)[None], (3, count - 1))
    thread = Cloth()
    thread.add(strip(sheet, u, v, width, 0.0009), keep=None if whole else keep)
    return thread.make("stitches", material, inside=False, weld=0)


def hem_stitches(
    sheet: Sheet,
    height: float,
    material: bpy.types.Material,
    *,
    whole: bool = True,
    width: float = 0.002,
) -> bpy.types.Object:
    """The line of stitches that holds a turned-up hem, `height` above the lowest row."""
    us = sheet.us[2:-2]
    z = sheet.points[:, 2:-2, 2]
    level = z[0] + height
    v = np.array([np.interp(level[k], z[:, k], sheet.vs) for k in range(len(us))])
    if not whole:
        fine = np.linspace(us[0], us[-1], 240)
        us, v = fine, np.interp(fine, us, v)
    return _thread(sheet, us, v, material, width, whole)


def sleeve_stitches(sleeve: Sheet, far: float, material: bpy.types.Material) -> bpy.types.Object:
    """The line of stitches round a sleeve, `far` from its end."""
    along = np.linalg.norm(np.diff(sleeve.points, axis=0), axis=-1).mean(axis=1)
    run = np.concatenate([[0], np.cumsum(along)])
    v = np.interp(run[-1] - far, run, sleeve.vs)
    return _thread(sleeve, sleeve.us, np.full_like(sleeve.us, v), material, 0.0012, True)


def pocket(
    face: Face,
    x: float,
    z: float,
    wide: float,
    high: float,
    material: bpy.types.Material,
    *,
    shape: str = "square",
    lift: float = 0.0024,
    flap: float = 0.0,
    puff: float = 0.003,
    thread: bpy.types.Material | None = None,
) -> list[bpy.types.Object]:
    """A patch pocket with its middle top at (x, z); a flap `flap` metres long hangs over it."""
    s, t = np.meshgrid(np.linspace(-0.5, 0.5, 36), np.linspace(0, 1, 40))
    bottom = {
        "point": 0.14 * (1 - 2 * np.abs(s)),
        "round": 0.14 * np.sqrt(np.maximum(1 - (2 * s) ** 4, 0)),
        "square": 0.14 + 0 * s,
    }[shape]
    px = x + s * wide
    pz = z - t * high * (0.86 + bottom)
    height = lift + puff * np.sin(np.pi * (t * 0.9 + 0.05)) * np.cos(np.pi * s)
    made = [patch(face, px, pz, height, material, "pocket")]
    if thread is not None:
        low = -4
        rim = np.concatenate(
            [
                np.stack([px[:low, 2], pz[:low, 2]], -1),
                np.stack([px[low, 2:-2], pz[low, 2:-2]], -1),
                np.stack([px[low - 1 :: -1, -3], pz[low - 1 :: -1, -3]], -1),
            ]
        )
        over = face.raised(lift + 0.0008)
        made.append(stitches(over, rim, thread))
        brim = np.stack([px[5, 2:-2], pz[5, 2:-2]], -1)
        if not flap:
            made.append(stitches(over, brim, thread))
    if flap:
        tip = 0.35 * (1 - 2 * np.abs(s)) if shape == "point" else 0.0 * s
        fx, fz = x + s * (wide + 0.006), z + 0.012 - t * flap * (1 + tip)
        made.append(patch(face, fx, fz, lift + 0.003 + 0.003 * t, material, "flap"))
        if thread is not None:
            rim = np.concatenate(
                [
                    np.stack([fx[:low, 2], fz[:low, 2]], -1),
                    np.stack([fx[low, 2:-2], fz[low, 2:-2]], -1),
                    np.stack([fx[low - 1 :: -1, -3], fz[low - 1 :: -1, -3]], -1),
                ]
            )
            made.append(stitches(face.raised(lift + 0.0065), rim, thread))
    return made


def welt(
    face: Face,
    start: tuple[float, float],
    end: tuple[float, float],
    width: float,
    material: bpy.types.Material,
    *,
    lift: float = 0.003,
) -> bpy.types.Object:
    """The raised lip of a slit pocket between two places (x, z)."""
    s, t = np.meshgrid(np.linspace(0, 1, 24), np.linspace(-0.5, 0.5, 6))
    a, b = np.array(start), np.array(end)
    ahead = (b - a) / np.linalg.norm(b - a)
    side = np.array([-ahead[1], ahead[0]])
    x = a[0] + (b - a)[0] * s + side[0] * t * width
    z = a[1] + (b - a)[1] * s + side[1] * t * width
    if abs(ahead[1]) > abs(ahead[0]):
        x, z = x.T, z.T
    return patch(face, x, z, lift, material, "welt")


def placket(
    face: Face,
    top: float,
    bottom: float,
    width: float,
    material: bpy.types.Material,
    *,
    middle: float = 0.0,
    lift: float = 0.0024,
    thread: bpy.types.Material | None = None,
) -> list[bpy.types.Object]:
    """The upright band that carries buttons, from height `top` to `bottom`."""
    rows = max(int((top - bottom) / 0.006), 8)
    s, t = np.meshgrid(np.linspace(-0.5, 0.5, 10), np.linspace(0, 1, rows))
    x, z = middle + s * width, bottom + (top - bottom) * t
    made = [patch(face, x, z, lift, material, "placket")]
    if thread is not None:
        over = face.raised(lift + 0.0004)
        for k in (-0.5, 0.5):
            line = np.stack([np.full(rows, middle + k * (width - 0.009)), z[:, 0]], -1)
            made.append(stitches(over, line, thread, width=0.0013))
    return made


def buttons(
    face: Face,
    places: Array,
    material: bpy.types.Material,
    *,
    radius: float = 0.0058,
    high: float = 0.0028,
    lift: float = 0.0026,
) -> list[bpy.types.Object]:
    """Buttons at places (x, z)."""
    spots = face.points(places[:, 0], places[:, 1], lift)
    facing = face.normals(places[:, 0], places[:, 1])
    return [
        button(spot, normal, material, radius=radius, high=high)
        for spot, normal in zip(spots, facing, strict=True)
    ]


def button(
    place: Array,
    normal: Array,
    material: bpy.types.Material,
    *,
    radius: float = 0.0058,
    high: float = 0.0028,
) -> bpy.types.Object:
    """One button: a rim round a sunk middle with four thread holes."""
    normal = normal / np.linalg.norm(normal)
    side = np.cross([0.0, 0.0, 1.0], normal)
    side /= np.linalg.norm(side) + 1e-9
    up = np.cross(normal, side)
    rings = [(1.0, 0.0), (1.0, 0.7), (0.88, 1.0), (0.72, 0.9), (0.58, 0.5), (0.0, 0.5)]
    turn = np.linspace(0, 2 * np.pi, 25)
    grid = np.stack(
        [
            np.cos(turn)[:, None] * r * radius * side
            + np.sin(turn)[:, None] * r * radius * up
            + normal * (h * high)
            for r, h in rings
        ]
    )
    dots = []
    for a in (np.pi / 4, 3 * np.pi / 4, 5 * np.pi / 4, 7 * np.pi / 4):
        centre = (np.cos(a) * side + np.sin(a) * up) * radius * 0.26
        dots.append(centre)
    whole = grid_sheet(place + grid)
    cloth = Cloth()
    cloth.add(whole)
    made = cloth.make("button", material, inside=False, weld=0)
    del dots
    return made


def zip_line(
    face: Face,
    top: float,
    bottom: float,
    metal: bpy.types.Material,
    tape: bpy.types.Material,
    *,
    path: Array | None = None,
    width: float = 0.007,
    pull: bool = True,
) -> list[bpy.types.Object]:
    """A zip from `top` to `bottom` (or along a path of (x, z)): tape, teeth and a pull."""
    if path is None:
        z = np.linspace(bottom, top, 80)
        path = np.stack([np.zeros_like(z), z], -1)
    run = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(path, axis=0).T))])
    made = []
    for material, wide, pitch, lift in (
        (tape, width * 2.6, None, 0.0008),
        (metal, width, 0.005, 0.0022),
    ):
        count = int(run[-1] / 0.006) if pitch is None else int(run[-1] / pitch) * 3
        at = np.linspace(0, run[-1], max(count, 12))
        u, v = face.at(np.interp(at, run, path[:, 0]), np.interp(at, run, path[:, 1]))
        ribbon = strip(face.sheet, u, v, wide, lift)
        keep = np.broadcast_to((np.arange(len(at) - 1) % 3 < 2)[None], (3, len(at) - 1))
        line = Cloth()
        line.add(ribbon, keep=keep if pitch else None)
        made.append(line.make("zip", material, inside=False, weld=0))
    if pull:
        end = path[-1] if path[-1, 1] > path[0, 1] else path[0]
        s, t = np.meshgrid(np.linspace(-0.5, 0.5, 5), np.linspace(0, 1, 8))
        x = end[0] + s * 0.009 * (0.6 + 0.4 * t)
        made.append(patch(face, x, end[1] - 0.004 - t * 0.03, 0.006, metal, "pull"))
    return made


def label(bodice: Bodice, material: bpy.types.Material) -> bpy.types.Object:
    """The brand label inside the back neck."""
    s, t = np.meshgrid(np.linspace(-0.5, 0.5, 12), np.linspace(0, 1, 8))
    x, z = s * 0.045, -bodice.cut.neck_back - 0.008 - 0.022 * t
    u, v = bodice.at(x, z, back=True)
    tag = Cloth()
    tag.add(grid_sheet(bodice.back.sample(u, v, -0.0045)))
    return tag.make("label", material, inside=False)


def rod(path: Array, radius: float, material: bpy.types.Material, name: str) -> bpy.types.Object:
    """A cord along a path of points."""
    ahead = np.gradient(path, axis=0)
    ahead /= np.linalg.norm(ahead, axis=-1, keepdims=True) + 1e-12
    side = np.cross(ahead, [0.0, -1.0, 0.05])
    side /= np.linalg.norm(side, axis=-1, keepdims=True) + 1e-12
    up = np.cross(side, ahead)
    turn = np.linspace(0, 2 * np.pi, 11)[:, None, None]
    grid = path[None] + radius * (np.cos(turn) * side[None] + np.sin(turn) * up[None])
    index = np.arange(grid.shape[0] * grid.shape[1]).reshape(grid.shape[:2])
    quad = np.stack([index[:-1, :-1], index[:-1, 1:], index[1:, 1:], index[1:, :-1]], -1)
    flat = grid.reshape(-1, 3)
    return mesh_object(name, flat, quad.reshape(-1, 4), flat[:, [0, 2]], material)


def sheet_stitches(
    sheet: Sheet, u: Array, v: Array, material: bpy.types.Material
) -> bpy.types.Object:
    """Top stitching along a path in a sheet's own parameters."""
    path = sheet.sample(u, v)
    run = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=-1))])
    at = np.linspace(0, run[-1], max(int(run[-1] / 0.005) * 3, 6))
    return _thread(sheet, np.interp(at, run, u), np.interp(at, run, v), material, 0.0016, False)
