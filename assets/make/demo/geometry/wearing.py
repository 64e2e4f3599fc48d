"""How coats and jackets hang: body and sleeves are draped apart, on a body in a jumper."""

from __future__ import annotations

import numpy as np

from ..spec import Spec
from . import drape, draping, mannequin, sleeves, wadding
from .bodice import Bodice, smooth_edge
from .cloth_sheet import Array, Sheet
from .draping import Fabric

_CLOTHS = {
    "wool": Fabric(0.55, 30, 14, 3.0),
    "tweed": Fabric(0.55, 30, 14, 3.0),
    "felt": Fabric(0.6, 35, 16, 4.0),
    "cotton": Fabric(0.3, 30, 12, 1.6),
    "linen": Fabric(0.3, 30, 12, 1.6),
    "nylon": Fabric(0.2, 30, 15, 1.2),
    "suede": Fabric(0.6, 40, 20, 3.0),
}
"""Outer cloths are heavier than a shirt's, and lined."""

_CREASED = {"nylon": 1.2, "cotton": 1.0, "leather": 1.1, "linen": 1.0, "denim": 0.8, "suede": 0.9}
"""How much a worn sleeve is creased; wool little."""

_BANDED = ("bomber", "varsity", "harrington", "denim", "biker")
"""Styles whose hem is held by a band."""


def hang(bodice: Bodice, spec: Spec) -> None:
    """Let the coat or jacket hang on a body; its fronts are fused, as tailored ones are.

    Wadded ones keep their own shape: folds under the channels would tear them apart.
    """
    if "swell" in spec.shape:
        bodice.fold(amount=0.35)
        wadding.puff(bodice, spec.shape)
        if bodice.cut.sleeve:
            bodice.add_sleeves(folds=0.4, rows=120)
            wadding.puff_sleeves(bodice, spec.shape)
        return
    cloth = _CLOTHS.get(spec.material, spec.material)
    amount = _CREASED.get(spec.material, 0.5)
    _drape_body(bodice, cloth, banded=spec.shape["style"] in _BANDED)
    _tuck(bodice)
    bodice.sleeves = [sleeves.sleeve(bodice, side) for side in (-1, 1)]
    arms = [_arm(bodice, side) for side in (-1, 1)]
    draping.drape(
        bodice.sleeves,
        arms,
        cloth,
        pins=[_cap(sleeve) for sleeve in bodice.sleeves],
        spacing=0.02,
        frames=22,
    )
    _worn(bodice, amount)


def _drape_body(bodice: Bodice, cloth: str | Fabric, *, banded: bool) -> None:
    cut = bodice.cut
    u, v = np.meshgrid(bodice.us, bodice.vs)
    fused = np.clip(1.15 - np.abs(u) * 1.3, 0, 1) * (0.35 + 0.65 * v)
    z = bodice.front.points[..., 2]
    held = (np.abs(u) > 0.985) * drape.smooth(z, -cut.armhole - 0.06, -cut.armhole)
    if banded:
        held = np.maximum(held, v <= 0)
    body = mannequin.torso(
        chest=cut.chest - 0.022,
        waist=min(0.2, cut.waist - 0.014),
        hip=min(0.215, cut.hem - 0.012),
        depth=cut.depth - 0.008,
        shoulder=cut.shoulder - 0.003,
        slope=cut.slope,
        neck=min(0.06, cut.neck - 0.016),
        base=cut.neck,
        low=-max(min(cut.length, 0.85) + 0.05, 0.7),
    )
    draping.drape(
        [bodice.front, bodice.back], [body], cloth, stiff=[fused, None], pins=[held, held],
        spacing=0.023, frames=22,
    )  # fmt: skip


def _tuck(bodice: Bodice) -> None:
    """Draw the underarm's corner in, so that it lies behind the sleeve that is set in there."""
    side = drape.smooth(np.abs(bodice.us), 0.75, 1.0)[None]
    for sheet in (bodice.front, bodice.back):
        near = np.exp(-(((sheet.points[..., 2] + bodice.cut.armhole) / 0.05) ** 2))
        sheet.points[..., 0] *= 1 - 0.13 * near * side
        sheet.displace(np.zeros(near.shape))


def _cap(sleeve: Sheet) -> Array:
    """The sleeve's head stays where it is sewn in."""
    held = np.zeros(sleeve.points.shape[:2])
    held[:4] = np.array([1.0, 1.0, 0.6, 0.3])[:, None]
    return held


def _arm(bodice: Bodice, side: int) -> mannequin.Solid:
    cut = bodice.cut
    line = sleeves.arm_line(
        bodice, side, cut.sleeve + 0.02, cut.sleeve_width * sleeves.SEEN - 0.004
    )
    return mannequin.arm(line, upper=cut.sleeve_width * 0.58, wrist=cut.cuff_width * 0.42)


def _worn(bodice: Bodice, amount: float) -> None:
    """The creases that wearing leaves: inside the elbows, over the cuffs, lightly on the body."""
    seed = bodice.seed
    for number, sleeve in enumerate(bodice.sleeves):
        rows, cols = sleeve.points.shape[:2]
        far = np.linspace(0, bodice.cut.sleeve, rows)
        around, along = np.meshgrid(np.linspace(0, 1, cols), far)
        inner = 0.4 + 0.6 * np.cos(around * np.pi) ** 2
        elbow = np.exp(-(((along - 0.31) / 0.11) ** 2)) * inner
        wrist = drape.smooth(along, bodice.cut.sleeve - 0.17, bodice.cut.sleeve - 0.04)
        folds = drape.stacking(around + along * 1.2, along, 0.055, seed + number)
        folds = folds * (0.9 * elbow + 0.5 * wrist)
        folds = folds + 0.5 * drape.stacking(around + along * 2.0, along, 0.11, seed + 9 + number)
        calm = drape.smooth(along, 0.02, 0.1)
        sleeve.displace(0.006 * amount * folds * calm)
        sleeve.points[:, -1] = sleeve.points[:, 0]
    for sheet in (bodice.front, bodice.back):
        points = sheet.points
        height = drape.crumple(points, 0.1, seed + 20) + 0.8 * drape.slanting(
            points, 0.07, seed + 21, 0.5
        )
        points[..., 1] -= sheet.facing * 0.0032 * amount * height * _inside(bodice)
        sheet.displace(np.zeros(height.shape))


def _inside(bodice: Bodice) -> Array:
    """1 within a panel, 0 at its seams."""
    side = 1 - smooth_edge(np.abs(bodice.us))[None]
    return side * drape.smooth(bodice.vs, 1.0, 0.86)[:, None]
