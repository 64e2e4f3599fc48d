"""What outer garments have in common: overlapping fronts, quilting, yokes, epaulettes, belts."""

from __future__ import annotations

import bpy
import numpy as np

from ..materials import plain
from ..spec import Spec
from . import drape
from .bands import hem_band, unit
from .bodice import Bodice
from .cloth_sheet import Array, Cloth, Face, Sheet, grid_sheet, laid
from .colours import lightness, shaded, thread_for
from .haberdashery import buttons, patch, rod, stitches
from .waist import frame


def thread(spec: Spec) -> bpy.types.Material:
    """The thread a jacket is sewn with."""
    return plain("thread", thread_for(spec.material, spec.colours[0]))


def overlap(
    bodice: Bodice,
    top: float,
    edge: float,
    material: bpy.types.Material,
    *,
    bottom: float | None = None,
    lift: float = 0.004,
    slant: float = 0.0,
    thread: bpy.types.Material | None = None,
    inset: float = 0.008,
) -> list[bpy.types.Object]:
    """The upper front of a closed garment: its free edge at x = `edge`, thinning out to the seam.

    `slant` is how much further out the edge is at the top than at the bottom (bikers, wraps).
    """
    low = -bodice.cut.length + 0.003 if bottom is None else bottom
    rows = max(int((top - low) / 0.006), 20)
    t = np.linspace(0, 1, rows)[:, None]
    s = np.linspace(0, 1, 60)[None] ** 1.4
    z = low + (top - low) * t + 0 * s
    # Below the last button the edge swings away a little.
    loose = drape.smooth(z[:, :1], -0.58, low) * np.random.default_rng(bodice.seed).uniform(0.3, 1)
    free = edge + slant * t**1.2 + 0.016 * loose
    far = bodice.cut.half_width(z[:, :1]) * 0.985
    x = free + (far - free) * s
    # It dives under the front beside the edge, and under the lapel at the top: no line shows.
    height = (lift + 0.006 * loose) * (1 - s) ** 3 - 0.0016 * drape.smooth(s, 0.25, 0.6)
    height = height - (height + 0.0016) * drape.smooth(t, 0.93, 1.0) * drape.smooth(s, 0.02, 0.25)
    # The edge is rolled under, with a gap below that lies in shadow.
    rolled = free + np.array([[0.007, 0.003, 0.0002]])
    x = np.concatenate([rolled, x + 0.0012 * (1 - s)], axis=1)
    z = np.concatenate([z[:, :3], z], axis=1)
    under = np.array([[0.12, 0.18, 0.55]]) * height[:, :1]
    height = np.concatenate([under, height], axis=1)
    made = [patch(bodice.face(), x, z, height, material, "front edge")]
    if thread is not None:
        line = np.stack([free[:, 0] + inset, z[:, 0]], -1)
        made.append(stitches(bodice.face().raised(lift), line, thread))
    return made


def cuff_band(
    bodice: Bodice,
    height: float,
    material: bpy.types.Material,
    *,
    rib: float = 0.0,
    tuck: float = 0.006,
    thickness: float = 0.003,
) -> list[bpy.types.Object]:
    """Bands at both wrists."""
    made = []
    for side, sleeve in zip((-1, 1), bodice.sleeves, strict=False):
        cuff = Cloth()
        cuff.add(
            hem_band(
                sleeve.points[-1], height, rib=rib, tuck=tuck, facing=-side, down=wrist(sleeve)
            )
        )
        made.append(cuff.make("cuff", material, thickness=thickness))
    return made


def wrist(sleeve: Sheet) -> Array:
    """The direction in which the forearm points."""
    return sleeve.points[-1][:-1].mean(axis=0) - sleeve.points[-6][:-1].mean(axis=0)


def shell(
    bodice: Bodice,
    cloth: bpy.types.Material,
    spec: Spec,
    *,
    sleeves: bpy.types.Material | None = None,
) -> list[bpy.types.Object]:
    """The lined body, and the sleeves, which may be of another cloth."""
    body, arms = Cloth(), Cloth()
    body.add(bodice.front)
    body.add(bodice.back)
    for sleeve in bodice.sleeves:
        arms.add(sleeve)
    made = [body.make("shell", cloth, thickness=0.003, lining=lining(spec))]
    if bodice.sleeves:
        made.append(arms.make("sleeves", sleeves or cloth, thickness=0.003))
    return made


def creased_as_one(made: list[bpy.types.Object], seed: int) -> None:
    """Let the upper front crease where the shell does: it is the same cloth."""
    shell = made[0]
    fronts = [piece for piece in made if piece.name.startswith("front edge")]
    for piece in (shell, *fronts):
        piece.pass_index = 1 + seed % 997


def lining(spec: Spec) -> bpy.types.Material:
    """What is seen of the inside at the neck: a lining of the cloth's colour, or of another."""
    if "contrast lining" in spec.trims:
        second = spec.colours[1]
        return plain("satin", second if lightness(second) < 0.8 else "#7c2f38")
    # Linings are lit by what little falls in at the neck: brighter ones are still darker in there.
    return plain("satin", _lifted(spec.colours[0]))


def _lifted(colour: str) -> str:
    """The colour with a share of grey, which shows even of black."""
    rgb = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{int(0.72 * c + 58):02x}" for c in rgb)


def hardware(spec: Spec) -> bpy.types.Material:
    """Zips and press studs: gold, or steel."""
    return plain("metal", "#c2a05e" if "gold hardware" in spec.trims else "#a3a3a2")


def horn(spec: Spec) -> bpy.types.Material:
    """Buttons: gold, or of horn as dark as the cloth asks for."""
    if "gold hardware" in spec.trims:
        return plain("metal", "#c2a05e")
    return plain("plastic", shaded(spec.colours[0], 0.4))


def waist_hem(
    bodice: Bodice,
    height: float,
    material: bpy.types.Material,
    *,
    rib: float = 0.0,
    tuck: float = 0.008,
) -> bpy.types.Object:
    """The band round the lower edge of a blouson."""
    hem = Cloth()
    hem.add(hem_band(bodice.hem_loop(), height, rib=rib, tuck=tuck, facing=-1))
    return hem.make("hem band", material, thickness=0.003)


def sleeve_strap(
    sleeve: Sheet,
    at: float,
    material: bpy.types.Material,
    *,
    width: float = 0.03,
    lift: float = 0.004,
) -> bpy.types.Object:
    """A strap round the forearm at share `at` of the sleeve's length."""
    half = width / 2 / (np.abs(sleeve.uv[-1, 0, 1] - sleeve.uv[0, 0, 1]) + 1e-9)
    s, t = np.meshgrid(np.linspace(0, 1, 60), np.linspace(at - half, at + half, 6))
    strap = Cloth()
    strap.add(laid(sleeve, s, t, lift))
    return strap.make("strap", material, inside=False)


def seam(
    face: Face, path: list[tuple[float, float]], thread: bpy.types.Material, *, twin: bool = True
) -> list[bpy.types.Object]:
    """A flat-felled seam along a polyline of (x, z): one or two rows of stitches."""
    line = np.array(path, dtype=float)
    made = [stitches(face, line, thread)]
    if twin:
        ahead = np.gradient(line, axis=0)
        normal = np.stack([-ahead[:, 1], ahead[:, 0]], -1)
        normal /= np.linalg.norm(normal, axis=-1, keepdims=True) + 1e-9
        made.append(stitches(face, line + normal * 0.006, thread))
    return made


def epaulettes(
    bodice: Bodice, material: bpy.types.Material, button: bpy.types.Material
) -> list[bpy.types.Object]:
    """Shoulder straps, buttoned near the neck."""
    cut = bodice.cut
    made = []
    for side in (-1, 1):
        s = np.linspace(0, 1, 30)[None]
        t = np.linspace(0, 1, 10)[:, None]
        x = cut.shoulder - 0.004 - s * (cut.shoulder - cut.neck - 0.035)
        z = cut.shoulder_line(x) - 0.003 - 0.034 * t
        x = np.broadcast_to(x, z.shape)
        made.append(patch(bodice.face(), side * x, z, 0.004, material, "epaulette"))
        place = np.array([[side * (cut.neck + 0.05), 0.0]])
        place[0, 1] = float(cut.shoulder_line(place[0, 0])) - 0.02
        made += buttons(bodice.face(), place, button, radius=0.007, lift=0.005)
    return made


def waist_belt(
    bodice: Bodice,
    z: float,
    width: float,
    material: bpy.types.Material,
    *,
    buckle: bpy.types.Material | None = None,
    tie: bool = False,
    middle: float = 0.02,
    snug: float = 0.004,
) -> list[bpy.types.Object]:
    """A cloth or leather belt round the waist, buckled or tied."""
    made = []
    s = np.linspace(-1, 1, 120)
    t = np.linspace(-0.5, 0.5, 7)[:, None]
    half = float(bodice.cut.half_width(np.array(z)))
    for back in (False, True):
        x = np.sin(s * np.pi / 2)[None] * half * 0.9995
        grid_z = z + t * width + 0 * x
        x = np.broadcast_to(x, grid_z.shape)
        face = bodice.face(back=back)
        smooth = _levelled(face, x, grid_z)
        sheet = grid_sheet(smooth + _outwards(smooth) * snug, facing=-1 if back else 1)
        strap = Cloth()
        strap.add(sheet)
        made.append(strap.make("belt", material, thickness=0.003))
        if not back:
            front = sheet
    if buckle is not None:
        place = front.sample(np.array([0.5 + middle]), np.array([0.5]), 0.004)[0]
        high = width * 0.62
        rim = frame(place + np.array([0.0, -0.002, 0.0]), high, high)
        made.append(rod(rim, 0.0032, buckle, "buckle"))
        s = np.linspace(0.5 + middle, 0.5 + middle + 0.2, 24)[None]
        t = np.linspace(0.06, 0.94, 5)[:, None]
        s, t = np.broadcast_to(s, (5, 24)), np.broadcast_to(t, (5, 24))
        end = Cloth()
        end.add(grid_sheet(front.sample(s, t, 0.0035), facing=1))
        made.append(end.make("belt end", material, thickness=0.002))
    if tie:
        knot = front.sample(np.array([0.5 + middle]), np.array([0.5]), 0.010)[0]
        for side, long in ((-1, 0.24), (1, 0.3)):
            t = np.linspace(0, 1, 24)
            middle_line = knot + np.stack(
                [side * 0.05 * np.sin(t * 1.5), -0.014 * t**0.5, -long * t], -1
            )
            made.append(ribbon(middle_line, width * 0.36 + 0.006 * t, material, thickness=0.004))
        bar = knot + np.linspace(-1, 1, 7)[:, None] * np.array([0.006, -0.002, width * 0.3])
        made.append(rod(bar, width * 0.36, material, "knot"))
    return made


def _levelled(face: Face, x: Array, z: Array) -> Array:
    """The cloth's places with its folds evened out, as a tight belt evens them."""
    points = face.points(x, z)
    kernel = np.hanning(25)
    kernel /= kernel.sum()
    mean = points.mean(axis=0)
    pad = np.pad(mean, [(12, 12), (0, 0)], mode="edge")
    even = np.stack([np.convolve(pad[:, k], kernel, mode="valid") for k in range(3)], -1)
    even[:3], even[-3:] = mean[:3], mean[-3:]
    out = np.broadcast_to(even[None], points.shape).copy()
    out[..., 2] = z
    return out


def _outwards(points: Array) -> Array:
    flat = points * np.array([1.0, 1.6, 0.0])
    return unit(flat)


def ribbon(
    middle: Array, half: Array, material: bpy.types.Material, *, thickness: float = 0.0018
) -> bpy.types.Object:
    """A hanging strip of cloth along a path of points, `half` wide to each side."""
    ahead = np.gradient(middle, axis=0)
    side = np.cross(ahead, [0.0, -1.0, 0.0])
    side /= np.linalg.norm(side, axis=-1, keepdims=True) + 1e-9
    s = np.linspace(-1, 1, 7)[None, :, None]
    arch = np.array([0.0, -0.004, 0.0]) * (1 - s**2)
    piece = Cloth()
    piece.add(grid_sheet(middle[:, None] + side[:, None] * half[:, None, None] * s + arch))
    return piece.make("ribbon", material, thickness=thickness, weld=0)


def toggle(bodice: Bodice, z: float, spec: Spec) -> list[bpy.types.Object]:
    """A duffle's horn on two cords, each sewn on under a leather patch."""
    face, made = bodice.face(), []
    cord = plain("leather", "#4a3020")
    for side in (-1, 1):
        anchor = side * 0.092
        s, t = np.meshgrid(np.linspace(-0.5, 0.5, 10), np.linspace(-0.5, 0.5, 10))
        taper = np.clip(1 - s * side * 0.9, 0.4, 1.3)
        made.append(patch(face, anchor + s * 0.04, z + t * 0.032 * taper, 0.008, cord, "patch"))
        line = np.linspace(anchor, side * 0.012, 14)
        for k in (-0.005, 0.005):
            path = face.points(line, np.full(14, z + k), 0.010)
            made.append(rod(path, 0.0017, cord, "loop"))
    line = np.linspace(-0.026, 0.026, 9)
    path = face.points(line, np.full(9, z), 0.014)
    made.append(rod(path, 0.0062, plain("wood", str(spec.shape.get("horn", "#8a6238"))), "toggle"))
    return made


def storm_flap(
    bodice: Bodice, cloth: bpy.types.Material, thread: bpy.types.Material
) -> list[bpy.types.Object]:
    """The extra layer over one shoulder of a trench coat."""
    cut = bodice.cut
    s = np.linspace(0, 1, 40)[None]
    t = np.linspace(0, 1, 50)[:, None]
    inner, outer = 0.03, cut.shoulder - 0.028
    x = inner + (outer - inner) * s + 0 * t
    top = np.minimum(cut.shoulder_line(x), 0.0) - 0.004
    low = -0.265 + 0.05 * s**2 - 0.02 * np.sin(np.pi * s)
    z = top + (low - top) * t
    made = [patch(bodice.face(), x, z, 0.0045 + 0.002 * t + 0 * s, cloth, "storm flap")]
    line = np.stack([x[-4, 2:-2], z[-4, 2:-2]], -1)
    made.append(stitches(bodice.face().raised(0.0065), line, thread))
    return made
