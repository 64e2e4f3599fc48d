"""Skirts, alone or below a bodice: cut as rings of panels, hung from the waist, then refined.

Heights count from the waist seam downwards; the front faces -Y. Places on the front are measured
on the cloth: x from its middle, z down from the waist.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from . import drape, pleating
from .bands import band, even, length_of
from .cloth_sheet import Array, Cloth, Face, Sheet, spline
from .hanging import HANDS, Figure, body_of, hips, refined, settle, surface_of_revolution
from .two_sided import Measures

COLUMNS = 96
"""Of the ring that falls; a refined one has several hundred."""


@dataclass(frozen=True)
class SkirtCut(Measures):
    """The measures of a skirt, metres; `flare` is a share of a full circle.

    `nip` is the girth at the waist of a dress that has no seam there, `tied` half the height of
    what is tied round the waist, `turned` how much of the hem is turned up.
    """

    skirt_length: float = 0.62
    flare: float = 0.2
    ease: float = 0.03
    fullness: float = 1.0
    panels: float = 2
    pleats: float = 0
    pleat: str = "knife"
    tiers: float = 0
    ruffle: float = 0.0
    high_low: float = 0.0
    rise: float = 0.0
    nip: float = 0.0
    band: float = 0.036
    tied: float = 0.0
    turned: float = 0.0


def waist_loop(figure: Figure, z: float, ease: float, count: int = 241) -> Array:
    """A closed loop round the figure at a height, a little higher at the back."""
    turn = np.linspace(0, 2 * np.pi, 721)
    wide, front, behind = (float(k[0]) + ease for k in figure(np.array([z])))
    deep = np.where(np.sin(turn) > 0, front, behind)
    loop = np.stack([-wide * np.cos(turn), -deep * np.sin(turn), z - 0.01 * np.sin(turn)], -1)
    return even(loop, count)


class Skirt:
    """A ring of cloth from a waist loop to the hem."""

    def __init__(
        self,
        cut: SkirtCut,
        seed: int,
        material: str,
        loop: Array | None = None,
        *,
        figure: Figure = hips,
        hip: float = -0.2,
    ) -> None:
        self.cut, self.seed, self.figure, self.hip = cut, seed, figure, hip
        self.hand = HANDS.get(material, HANDS["cotton"])
        self.loop = waist_loop(figure, -cut.rise, 0.004) if loop is None else loop
        self.top = float(self.loop[:, 2].mean())
        self.rng = np.random.default_rng(seed)
        self.sheet = self._refine(self._hang())

    # --- the cut -----------------------------------------------------------------------------

    def girth(self, down: Array) -> Array:
        """Length of cloth round the skirt, pleats closed, at a distance below the waist."""
        cut = self.cut
        waist = length_of(self.loop)
        wide, front, behind = self.figure(np.array([self.hip]))
        # about an ellipse's
        body = float(np.pi * (wide + (front + behind) / 2)[0]) * 1.02
        at = max(self.top - self.hip, 0.06)
        hip = max(body + cut.ease * 2, waist + 2 * np.pi * cut.flare * at)
        knots = [(0.0, waist), (at * 0.4, waist * 0.68 + hip * 0.32), (at, hip)]
        if cut.nip:
            narrow = self.top - self.hip - 0.2
            knots[1] = (narrow, cut.nip)
        above = spline(down, knots)
        straight = waist + 2 * np.pi * cut.flare * down
        below = hip + 2 * np.pi * cut.flare * (down - at)
        return np.where(down < at, above if cut.nip else np.maximum(above, straight), below)

    def length(self, share: Array) -> Array:
        """How long the cloth is, front to back."""
        behind = np.clip((1 - np.sin(share * 2 * np.pi)) / 2, 0, 1)
        return self.cut.skirt_length * (1 + self.cut.high_low * behind**1.5)

    # --- hanging -----------------------------------------------------------------------------

    def _hang(self) -> Array:
        """The settled coarse ring."""
        cut = self.cut
        share = np.arange(COLUMNS) / COLUMNS
        rows = max(int(cut.skirt_length / 0.019), 18)
        v = np.linspace(0, 1, rows)
        longest = float(self.length(np.array([0.75]))[0])
        fine = np.linspace(0, longest, 200)
        shape = surface_of_revolution(self.girth(fine), fine, share)
        down = v[:, None] * self.length(share)[None]
        rest = np.stack([self._at(shape, fine, down, k) for k in range(3)], -1)
        loop = even(self.loop, COLUMNS + 1)[:-1]
        start = self._let_go(rest, loop, down)
        rest[..., 2] += self.top
        body = body_of(self.figure, self.top - longest - 0.05, self.top + 0.03)
        # what fits closely has hardly any way to fall
        return settle(start, rest, self.hand, body, frames=42 if cut.flare > 0.06 else 26)

    def _let_go(self, rest: Array, loop: Array, down: Array) -> Array:
        """Where the ring starts: half fallen, in a few loose waves that keep its girth."""
        share = np.arange(rest.shape[1]) / rest.shape[1]
        turn = share[None] * 2 * np.pi
        radius = np.hypot(rest[..., 0], rest[..., 1])
        soft = 1.15 - 0.25 * min(self.hand.bend, 2.0)
        closed = np.clip(1 - soft * self.cut.flare, 0.36, 1.0)
        fallen = radius[:1] + (radius - radius[:1]) * closed
        waves = int(self.rng.integers(7, 11))
        ring = np.stack([np.cos(turn), np.sin(turn), 0 * turn], -1) * 1.3 + self.rng.uniform(0, 9)
        phase = 1.6 * drape.noise(ring, self.seed)
        folds = np.cos(waves * (turn + 0.3 * phase) + 3 * phase)
        spare = np.maximum(radius / fallen - 1, 0.0)
        high = 2 * fallen / waves * np.sqrt(spare) * 0.8
        fallen = fallen + high * folds * (1 + 0.35 * drape.noise(ring * 2.0, self.seed + 1))
        fallen = fallen * (1 + 0.012 * folds * drape.smooth(down, 0.1, 0.5))
        to_loop = np.hypot(loop[:, 0], loop[:, 1]) / radius[0]
        blend = drape.smooth(down, 0.0, 0.3)
        fallen = fallen * (to_loop[None] * (1 - blend) + blend)
        angle = np.arctan2(loop[:, 1], loop[:, 0])
        step = np.diff(down, axis=0)
        out = np.diff(radius[:1] + (radius - radius[:1]) * closed, axis=0)
        drop = np.cumsum(np.sqrt(np.maximum(step**2 - out**2, 0)), axis=0)
        z = loop[None, :, 2] * (1 - blend) + self.top * blend
        z[1:] -= drop
        start = np.stack([np.cos(angle) * fallen, np.sin(angle) * fallen, z], -1)
        start[0] = loop
        return start

    @staticmethod
    def _at(shape: Array, fine: Array, down: Array, axis: int) -> Array:
        columns = [np.interp(down[:, k], fine, shape[:, k, axis]) for k in range(down.shape[1])]
        return np.stack(columns, 1)

    # --- refining ----------------------------------------------------------------------------

    def _refine(self, coarse: Array) -> Sheet:
        cut = self.cut
        pleats = int(cut.pleats)
        if pleats:
            share = pleating.columns(pleats, cut.pleat)
        else:
            count = 432 if cut.fullness > 1.2 or cut.tiers else 320
            share = np.arange(count) / count
        share = np.concatenate([share, [1.0]])
        v = np.linspace(0, 1, int(20 + 150 * cut.skirt_length))
        coarse = self._levelled(coarse)
        down = v[:, None] * self.length(share)[None]
        girth = self.girth(down)
        if pleats:
            # cloth enough for the waist's pleats; what the flare takes is not tucked
            cloth = girth[:1] * (2.3 if cut.pleat == "knife" else 2.0)
            spare = np.clip((cloth / girth - 1).mean(axis=1), 0.0, 1.2)
            depth = 0.002 + 0.009 * drape.smooth(v, 0.05, 0.9)
            place, height = pleating.fold(cut.pleat, share, pleats, spare * 0.42, depth)
            place[:, -1], height[:, -1] = place[:, 0] + 1.0, height[:, 0]
        else:
            place = np.broadcast_to(share[None], down.shape)
            height = np.zeros_like(down)
        points = self._sewn(refined(coarse, v, place), place, down)
        sheet = Sheet(points, share, v, self._cloth(share, down, girth), facing=-1)
        base = Sheet(refined(coarse, v, np.broadcast_to(share, down.shape)), share, v, sheet.uv)
        base.facing = -1
        normals = np.stack(
            [
                np.stack([np.interp(place[r], share, base.normals[r, :, k]) for k in range(3)], -1)
                for r in range(len(v))
            ]
        )
        height = height + self._finish(points, share, down)
        sheet.points = points + normals * (height * drape.smooth(down, -0.001, 0.012))[..., None]
        sheet.points[:, -1] = sheet.points[:, 0]
        return sheet

    def _sewn(self, points: Array, place: Array, down: Array) -> Array:
        """The points with the top on the waist loop itself, which the spline only comes near."""
        run = np.linalg.norm(np.diff(self.loop, axis=0), axis=-1)
        share = np.concatenate([[0.0], np.cumsum(run)]) / run.sum()
        top = place[0] % 1.0
        loop = np.stack([np.interp(top, share, self.loop[:, k]) for k in range(3)], -1)
        near = 1 - drape.smooth(down, 0.0, 0.04)
        return points + (loop - points[0])[None] * near[..., None]

    def _levelled(self, ring: Array) -> Array:
        """The ring with its hem cut level, as a dressmaker does when a skirt has hung."""
        aim = self.length(np.arange(COLUMNS) / COLUMNS) - self.cut.skirt_length
        hem = ring[-1, :, 2] + aim
        level = np.quantile(hem, 0.75)
        over = np.clip(level - hem, 0.0, 0.12)
        v = np.linspace(0, 1, len(ring))
        cut = v[:, None] * (1 - over / self.length(np.arange(COLUMNS) / COLUMNS))[None]
        at = cut * (len(ring) - 1)
        low = np.clip(at.astype(int), 0, len(ring) - 2)
        t = (at - low)[..., None]
        column = np.arange(COLUMNS)[None]
        return ring[low, column] * (1 - t) + ring[low + 1, column] * t

    def _cloth(self, share: Array, down: Array, girth: Array) -> Array:
        """Cloth coordinates panel by panel, each laid flat with its grain down its middle."""
        cut = self.cut
        if cut.pleats or cut.fullness > 1.2:
            tucked = girth[:1].mean() * 2.2 if cut.pleats else girth * 1.15
            u = (share[None] - 0.25) * tucked * np.ones_like(down)
            return np.stack([u, -down], -1)
        count = max(int(cut.panels), 1)
        number = np.floor(share * count + 1e-9).clip(0, count - 1)
        middle = (number + 0.5) / count
        flare = max((girth[-1].mean() - girth[0].mean()) / (2 * np.pi * down[-1].mean()), 0.004)
        apex = girth[0].mean() / (2 * np.pi * flare) + down
        angle = (share - middle)[None] * 2 * np.pi * flare * girth / (2 * np.pi * flare * apex)
        u = apex * np.sin(angle) + number[None] * 1.7
        return np.stack([u, apex[:1].mean() - apex * np.cos(angle)], -1)

    def _finish(self, p: Array, share: Array, down: Array) -> Array:
        """Small folds: gathers at the seams, tiers, creases, seams, the turned hem."""
        cut, seed = self.cut, self.seed
        height = self._creased(p, down)
        waist = length_of(self.loop)
        if cut.fullness > 1.0:
            size = 0.02 * min(cut.fullness - 0.7, 1.0)
            folds = pleating.gathers(share, down, waist, seed + 11, reach=0.2)
            height = height + size * (folds - 0.25 * np.exp(-down / 0.08))
        tiers = int(cut.tiers)
        for number in range(1, tiers):
            below = down - cut.skirt_length * (number / tiers) ** 0.92
            folds = pleating.gathers(
                share, below, waist * (1 + number / tiers), seed + 20 + number, reach=0.11
            )
            step = 0.006 * drape.smooth(below, -0.001, 0.012)
            folds = 0.016 * folds - 0.005 * np.exp(-np.maximum(below, 0) / 0.05)
            height = height + np.where(below > 0, folds + step, 0.0)
            height = height - 0.002 * np.exp(-((below / 0.004) ** 2))
        if not cut.pleats:
            count = int(cut.panels)
            away = np.abs((share * count + 0.5) % 1.0 - 0.5)[None] / count * waist * (1 + down)
            height = height - 0.0016 * np.exp(-((away / 0.003) ** 2)) * (count > 0)
        if cut.tied:
            height = height * drape.smooth(down, cut.tied * 0.6, cut.tied + 0.012)
        if cut.turned:
            above = self.length(share)[None] - down
            along = share[None] * self.girth(down)
            height = height + pleating.turned_hem(above, along, cut.turned, seed + 9)
        return height

    def _creased(self, p: Array, down: Array) -> Array:
        """What wearing leaves: soft creases all over, slanting ones about the hips."""
        crumple, seed = self.hand.crumple, self.seed
        height = (0.6 + 0.4 * crumple) * 0.0024 * drape.crumple(p, 0.1, seed + 5)
        height = height + crumple * 0.0005 * drape.crumple(p, 0.035, seed + 6)
        if self.cut.pleats:
            return 0.5 * height
        lean = float(self.rng.choice([-0.5, -0.3, 0.3, 0.5]))
        hips = drape.smooth(down, 0.03, 0.12) * drape.smooth(down, 0.42, 0.22)
        height = height + 0.0045 * hips * drape.slanting(p, 0.06, seed + 7, lean)
        low = drape.smooth(down, 0.1, 0.5) * drape.smooth(np.array(self.cut.flare), 0.03, 0.2)
        return height + 0.008 * low * drape.hanging(p, 0.055, seed + 8, long=12.0)

    # --- where things are --------------------------------------------------------------------

    def width(self, down: Array) -> Array:
        """Half the front's width of cloth at a distance below the waist."""
        return self.girth(np.asarray(down, dtype=float)) / 4

    def at(self, x: Array, z: Array) -> tuple[Array, Array]:
        """The (u, v) of a place on the front's cloth."""
        down = np.clip(self.top - z, 0, self.cut.skirt_length)
        return 0.25 + x / self.girth(down), down / self.cut.skirt_length

    def face(self) -> Face:
        """The front, for placing pockets, plackets and the like."""
        flipped = Sheet(self.sheet.points[::-1], self.sheet.us, self.sheet.vs, self.sheet.uv[::-1])

        def at(x: Array, z: Array) -> tuple[Array, Array]:
            u, v = self.at(x, z)
            return u, 1 - v

        return Face(flipped, at)

    def waistband(self, *, rib: float = 0.0, tuck: float = 0.0) -> Sheet:
        """The band above the waist seam."""
        out = (self.loop - self.loop.mean(axis=0)) * np.array([1.0, 1.6, 0.0])
        high = self.cut.band
        profile = [
            (0.0, -0.003),
            (0.0014, -0.001),
            (0.0016 - tuck, high * 0.2),
            (0.001 - tuck, high * 0.95),
            (-0.001 - tuck, high),
        ]
        made = band(self.loop, np.array([0, 0, 1.0]), out, profile, rib=rib, depth=0.0015, rows=20)
        up = made.vs[:, None] * (high + 0.003)
        away = np.minimum(up - 0.003, high - up)
        # edges pressed and sewn, cloth a little loose between them
        height = -0.0012 * np.exp(-(((away - 0.004) / 0.0016) ** 2))
        loose = drape.smooth(away, 0.0, 0.012) * (0.5 + 0.5 * self.hand.crumple)
        folds = drape.crumple(made.points * np.array([1, 1, 0.45]), 0.05, self.seed + 31)
        made.displace(height + 0.0022 * loose * folds)
        made.points[..., 2] += (
            0.003 * drape.noise(made.points * 5, self.seed + 32) * made.vs[:, None]
        )
        made.points[:, -1] = made.points[:, 0]
        return made

    def hem_loop(self) -> Array:
        """Closed loop along the hem."""
        return self.sheet.points[-1]

    def sew(self) -> Cloth:
        """The skirt as one piece of cloth, its panels welded at the seams."""
        cloth = Cloth()
        sheet, count = self.sheet, max(int(self.cut.panels), 1)
        if self.cut.pleats or self.cut.fullness > 1.2 or count == 1:
            cloth.add(sheet)
            return cloth
        number = np.floor(sheet.us * count + 1e-9)
        for panel in range(count):
            first, last = np.searchsorted(number, [panel, panel + 1])
            uv = sheet.uv[:, first : last + 1].copy()
            uv[:, -1] = 2 * uv[:, -2] - uv[:, -3]
            part = slice(first, last + 1)
            cloth.add(Sheet(sheet.points[:, part], sheet.us[part], sheet.vs, uv, sheet.facing))
        return cloth
