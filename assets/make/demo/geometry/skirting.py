"""Skirts, alone or below a bodice: straight, flared, pleated, gathered in tiers.

Heights count from the waist seam downwards; the front faces -Y.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np

from . import drape
from .bands import band, even
from .cloth_sheet import Array, Cloth, Face, Sheet, spline


@dataclass(frozen=True)
class SkirtCut:
    """The measures of a skirt, metres; half widths as seen from the front."""

    skirt_length: float = 0.62
    skirt_waist: float = 0.168
    skirt_hip: float = 0.215
    hip_at: float = 0.2
    skirt_hem: float = 0.24
    skirt_depth: float = 0.118
    waves: float = 9.0
    wave: float = 0.012
    pleats: float = 0.0
    pleat: float = 0.008
    tiers: float = 0.0
    gather: float = 0.0
    slip: float = 0.0
    band: float = 0.036
    skirt_fold: float = 1.0

    @classmethod
    def of(cls, shape: Mapping[str, float | str], **more: float | str) -> SkirtCut:
        """The cut in a silhouette's mapping; other keys of the mapping are not ours."""
        ours = {f.name for f in fields(cls)}
        return cls(**{k: v for k, v in {**more, **shape}.items() if k in ours})


class Skirt:
    """One tube of cloth from a waist loop to the hem."""

    def __init__(self, cut: SkirtCut, seed: int, loop: Array | None = None) -> None:
        self.cut = cut
        self.seed = seed
        columns = max(240, int(cut.pleats) * 10) + 1
        if loop is None:
            turn = np.linspace(0, 2 * np.pi, columns)
            loop = np.stack(
                [
                    -cut.skirt_waist * np.cos(turn),
                    -cut.skirt_depth * np.sin(turn),
                    -0.012 * np.sin(turn),
                ],
                -1,
            )
        self.loop = even(loop, columns)
        self.loop[-1] = self.loop[0]
        rows = int(24 + 140 * cut.skirt_length)
        self.vs = np.linspace(0, 1, rows)
        self.us = np.linspace(0, 1, columns)
        self.sheet = self._tube()

    def width(self, down: Array) -> Array:
        """Half width at a distance below the waist."""
        cut = self.cut
        waist = float(self.loop[:, 0].max())
        knots = [(0.0, waist), (cut.hip_at * 0.45, waist * 0.45 + cut.skirt_hip * 0.55)]
        if cut.hip_at < cut.skirt_length - 0.04:
            knots.append((cut.hip_at, cut.skirt_hip))
        knots.append((cut.skirt_length, cut.skirt_hem))
        return spline(down, knots)

    def _tube(self) -> Sheet:
        cut, loop = self.cut, self.loop
        down = self.vs[:, None] * cut.skirt_length
        wide = self.width(down)
        waist = float(loop[:, 0].max())
        deep0 = float(np.abs(loop[:, 1]).max())
        # a flared hem falls rounder than a waist
        ratio = spline(down, [(0.0, deep0 / waist), (0.2, 0.6), (cut.skirt_length, 0.68)])
        deep = np.maximum(wide * ratio, deep0 * 0.98)
        base = loop[:, 2] - loop[:, 2].mean()
        level = base[None] * (1 - self.vs[:, None] * 0.8) + loop[:, 2].mean()
        points = np.stack(
            [loop[None, :, 0] * wide / waist, loop[None, :, 1] * deep / deep0, level - down], -1
        )
        girth = np.linalg.norm(np.diff(points, axis=1), axis=-1).sum(axis=1)
        u = (self.us[None] - 0.25) * girth[:, None]
        uv = np.stack([u, np.broadcast_to(-down, u.shape)], -1)
        return Sheet(points, self.us, self.vs, uv, facing=-1)

    def fold(self) -> None:
        """Waves, pleats, tiers and creases."""
        cut, seed = self.cut, self.seed
        p = self.sheet.points
        turn = self.us[None] * 2 * np.pi
        v = self.vs[:, None]
        ring = np.stack(
            [
                np.cos(turn) * np.ones_like(v),
                np.sin(turn) * np.ones_like(v),
                v * np.ones_like(turn) * cut.skirt_length,
            ],
            -1,
        )
        sway = drape.noise(ring * np.array([1.7, 1.7, 1.3]), seed + 1)
        strength = 0.75 + 0.5 * drape.noise(ring * np.array([2.1, 2.1, 0.6]) + 9.0, seed + 2)
        phase = np.random.default_rng(seed).uniform(0, 2 * np.pi)
        swing = np.sin(np.round(cut.waves) * turn + 2.2 * sway + phase)
        h = cut.wave * strength * swing * drape.smooth(v, 0.02, 1.0) ** 1.2
        if cut.pleats:
            saw = (np.round(cut.pleats) * (self.us[None] + 0.004 * sway * v)) % 1.0
            knife = np.where(saw < 0.86, saw / 0.86, (1 - saw) / 0.14)
            h = h + cut.pleat * (knife - 0.5) * (0.35 + 0.65 * drape.smooth(v, 0.0, 0.7))
        if cut.gather:
            tiers = max(int(cut.tiers), 1)
            part = (v * tiers) % 1.0
            part = np.where(v >= 1.0, 1.0, part)
            fine = drape.noise(
                np.concatenate([ring[..., :2] * 9.0, ring[..., 2:] * 2.0], -1), seed + 3
            )
            tight = drape.noise(
                np.concatenate([ring[..., :2] * 17.0, ring[..., 2:] * 4.0], -1), seed + 4
            )
            puff = drape.smooth(part, 0.0, 0.35)
            h = h + cut.gather * (
                fine * (0.35 + 0.65 * puff) + 0.6 * tight * (1 - 0.7 * puff) + 0.8 * puff - 0.4
            )
        h = h + cut.skirt_fold * (
            0.0035 * drape.crumple(p, 0.09, seed + 5) + 0.0010 * drape.crumple(p, 0.03, seed + 6)
        )
        if cut.slip:
            h = h + cut.slip * drape.slanting(p, 0.08, seed + 7, 0.7) * drape.smooth(v, 0.05, 0.4)
        h = h * drape.smooth(v * cut.skirt_length, 0.0, 0.03)
        h[:, -1] = h[:, 0]
        self.sheet.displace(h)
        seam = (self.sheet.points[:, 0] + self.sheet.points[:, -1]) / 2
        self.sheet.points[:, 0] = self.sheet.points[:, -1] = seam

    def at(self, x: Array, z: Array) -> tuple[Array, Array]:
        """The (u, v) of a place on the front; z counts from the waist's mean height."""
        half = int(np.argmax(self.loop[:, 0]))
        order = self.loop[: half + 1, 0]
        v = np.clip((self.loop[:, 2].mean() - z) / self.cut.skirt_length, 0, 1)
        scale = float(self.loop[:, 0].max()) / self.width(v * self.cut.skirt_length)
        u = np.interp(x * scale, order, self.us[: half + 1])
        return u, v

    def face(self) -> Face:
        """The front, for placing pockets, plackets and the like."""
        flipped = Sheet(self.sheet.points[::-1], self.us, self.vs, self.sheet.uv[::-1], facing=1)

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
            (0.003, -0.001),
            (0.0032 - tuck, high * 0.2),
            (0.001 - tuck, high * 0.95),
            (-0.002 - tuck, high),
        ]
        return band(self.loop, np.array([0, 0, 1.0]), out, profile, rib=rib, depth=0.0015, rows=12)

    def hem_loop(self) -> Array:
        """Closed loop along the hem."""
        return self.sheet.points[-1]

    def sew(self) -> Cloth:
        """The skirt as one piece of cloth."""
        cloth = Cloth()
        cloth.add(self.sheet)
        return cloth
