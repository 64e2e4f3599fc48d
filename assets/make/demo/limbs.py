"""Which nodes of a garment are sleeves or legs, and how far those are spread."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .cloth_nodes import Array

ROW = 0.04
GAP = 0.013
USUAL_RISE = 0.3
"""From the crotch to the waist, in metres."""


@dataclass(frozen=True)
class Limbs:
    """Sleeves or legs of a garment on its back: how much each node belongs to one (0..1)."""

    share: Array
    pivot: tuple[float, float]
    """Armpit or crotch, on the garment's left."""

    def angle(self, points: Array) -> float:
        """How far from straight down the limbs stretch now, in radians."""
        end = points[self.share > 0.9]
        if not len(end):
            return 0.0
        out = np.abs(end[:, 0]) - self.pivot[0]
        return float(np.arctan2(np.quantile(out, 0.6), self.pivot[1] - end[:, 1].mean()))

    def swung(self, points: Array, angle: float) -> Array:
        """The garment with both limbs turned outwards by `angle` radians."""
        side = np.where(points[:, 0] < 0, -1.0, 1.0)
        turn = angle * self.share
        x, y = np.abs(points[:, 0]) - self.pivot[0], points[:, 1] - self.pivot[1]
        new = points.copy()
        new[:, 0] = side * (self.pivot[0] + x * np.cos(turn) - y * np.sin(turn))
        new[:, 1] = self.pivot[1] + x * np.sin(turn) + y * np.cos(turn)
        return new


def sleeves(points: Array) -> Limbs | None:
    """Sleeves: what is beyond a gap on both sides; above the armpit they begin where it ends."""
    rows: list[tuple[float, float]] = []
    for y in np.arange(points[:, 1].min(), points[:, 1].max(), ROW):
        row = np.sort(np.abs(points[np.abs(points[:, 1] - y) < ROW / 2, 0]))
        row = row[row > 0.1]
        if len(row) < 6:
            continue
        gap = np.diff(row)
        widest = int(gap.argmax())
        if gap[widest] > GAP and len(row) - widest > 3:
            rows.append((float(y), float(row[widest] + gap[widest] / 2)))
    if len(rows) < 2:
        return None
    height, edge = np.array(rows).T
    armpit = float(height[-1]) + ROW / 2
    inner = np.interp(points[:, 1], height, edge)
    above = np.clip((points[:, 1] - armpit) / 0.05, 0, 1)
    beyond = np.clip((np.abs(points[:, 0]) - inner) / (0.004 + 0.05 * above), 0, 1)
    return Limbs(beyond, (float(edge[-1]), armpit))


def legs(points: Array) -> Limbs:
    """Legs: what is below the crotch, where the middle is empty."""
    low, high = points[:, 1].min(), points[:, 1].max()
    crotch = float(low)
    for y in np.arange(low + ROW / 2, low + 0.85 * (high - low), ROW):
        row = np.abs(points[np.abs(points[:, 1] - y) < ROW / 2, 0])
        if row.min(initial=1.0) < GAP:
            break
        crotch = float(y) + ROW / 2
    if crotch < low + 2 * ROW:  # wide legs touch all the way up
        crotch = float(high) - USUAL_RISE
    return Limbs(np.clip((crotch - points[:, 1]) / 0.06, 0, 1), (0.0, crotch))
