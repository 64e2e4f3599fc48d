"""Tops of two colours: the body cut across at a height, sleeves of another cloth."""

from __future__ import annotations

import itertools

import bpy
import numpy as np

from .bodice import Bodice
from .cloth_sheet import Array, Cloth, Sheet


def across(bodice: Bodice, sheet: Sheet, heights: tuple[float, ...]) -> list[Sheet]:
    """The front or back cut level at heights (z, downwards): pieces from the hem up."""
    us = sheet.us
    cuts = [np.zeros_like(us)]
    for z in sorted(heights):
        _, v = bodice.at(us * bodice.cut.half_width(np.full_like(us, z)), np.full_like(us, z))
        cuts.append(np.clip(v, 0.01, 0.97))
    cuts.append(np.ones_like(us))
    return [_between(sheet, low, high) for low, high in itertools.pairwise(cuts)]


def _between(sheet: Sheet, low: Array, high: Array) -> Sheet:
    rows = max(int(len(sheet.vs) * float((high - low).mean())), 12)
    part = np.linspace(0, 1, rows)
    v = low[None] + (high - low)[None] * part[:, None]
    u = np.broadcast_to(sheet.us[None], v.shape)
    return Sheet(sheet.sample(u, v), sheet.us, part, sheet.cloth(u, v), sheet.facing)


def sewn(
    bodice: Bodice,
    name: str,
    cloths: tuple[bpy.types.Material, ...],
    heights: tuple[float, ...] = (),
    *,
    sleeves: bpy.types.Material | None = None,
    thickness: float = 0.0025,
) -> list[bpy.types.Object]:
    """The bodice as pieces of cloth: `cloths` from the hem up between `heights`, then sleeves."""
    sides = [across(bodice, sheet, heights) for sheet in (bodice.front, bodice.back)]
    made = []
    for number, cloth in enumerate(cloths):
        piece = Cloth()
        for side in sides:
            piece.add(side[number])
        if sleeves is None and number == len(cloths) - 1:
            for sleeve in bodice.sleeves:
                piece.add(sleeve)
        made.append(piece.make(name, cloth, thickness=thickness))
    if sleeves is not None and bodice.sleeves:
        piece = Cloth()
        for sleeve in bodice.sleeves:
            piece.add(sleeve)
        made.append(piece.make(name, sleeves, thickness=thickness))
    return made
