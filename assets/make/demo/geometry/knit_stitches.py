"""What stands out of knitted cloth: ribs, cables, waffles, as heights over the cloth."""

from __future__ import annotations

import numpy as np

from . import drape
from .cloth_sheet import Array, Sheet


def knit(sheet: Sheet, stitch: str, cable: float) -> None:
    """Give the cloth the relief of its stitch, none at the edges where it is sewn."""
    centred = sheet.uv - np.array([sheet.uv[0, len(sheet.us) // 2, 0], 0.0])
    span = (sheet.us - sheet.us[0]) / (sheet.us[-1] - sheet.us[0])
    calm = drape.smooth(np.minimum(span, 1 - span), 0.0, 0.02)[None]
    calm = calm * drape.smooth(sheet.vs, 0.0, 0.02)[:, None]
    calm = calm * drape.smooth(1 - sheet.vs, 0.02, 0.09)[:, None]
    # at the folded edges a relief would look sawn
    calm = calm * np.clip(np.abs(sheet.points[..., 1]) / 0.02, 0, 1)
    sheet.displace(_relief(stitch, centred, cable) * calm)


def _relief(stitch: str, uv: Array, cable: float) -> Array:
    """Cables and ribs as heights over cloth coordinates (u across from the middle, v along)."""
    u, v = uv[..., 0], uv[..., 1]
    if stitch == "rib":
        return 0.0012 * np.cos(u / 0.016 * 2 * np.pi)
    if stitch == "chunky rib":
        return 0.0032 * np.abs(np.cos(u / 0.024 * np.pi)) ** 0.7
    if stitch == "wide rib":
        return 0.0018 * np.clip(1.6 * np.cos(u / 0.034 * 2 * np.pi), -1, 1)
    if stitch == "waffle":
        wall = np.maximum(np.cos(u / 0.023 * 2 * np.pi), np.cos(v / 0.023 * 2 * np.pi))
        return 0.0014 * np.clip(wall * 1.4, -1, 1)
    if stitch != "cable":
        return np.zeros_like(u)
    pitch = cable
    lane = (u + pitch / 2) % pitch - pitch / 2  # 0 at the middle of a cable
    height = np.zeros_like(u)
    turn = v / 0.088 * 2 * np.pi
    for phase in (0.0, np.pi):
        centre = 0.0105 * np.sin(turn + phase)
        over = 0.6 + 0.4 * np.cos(turn + phase)
        rope = np.exp(-(((lane - centre) / 0.0098) ** 2))
        height = np.maximum(height, rope * over)
    moss = np.abs(lane) > 0.036
    purl = np.where(
        moss, 0.22 * np.cos(u / 0.0098 * 2 * np.pi) * np.cos(v / 0.011 * 2 * np.pi), 0.0
    )
    rails = 0.5 * np.exp(-(((np.abs(lane) - 0.031) / 0.004) ** 2))
    return 0.0095 * (height + rails) + 0.0055 * purl
