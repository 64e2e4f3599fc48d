"""How the upper part of a dress settles: held at its neck and waist seam, over a hidden figure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from . import drape, mannequin
from .bands import blurred, even
from .cloth_sheet import Array, Sheet
from .draping import drape as settle
from .gown import Gown
from .sleeves import arm_line

EASE = np.array([1.05, 1.09, 1.028])
"""What a piece has of cloth more than the shape it is held in: across, in depth, in height."""


def fall(gown: Gown, sleeves: Sequence[Sheet], material: str) -> None:
    """Let front, back and set-in sleeves settle; the waist seam stays where a skirt meets it."""
    sheets = [gown.front, gown.back, *sleeves]
    rest = [_eased(gown.front.points), _eased(gown.back.points), *([None] * len(sleeves))]
    for number, sheet in enumerate(sheets[:2]):
        sheet.displace(_stirred(gown, sheet, number))
    gown.join()
    settle(
        sheets,
        body_in(gown),
        material,
        pins=[_held(gown), _held(gown), *([None] * len(sleeves))],
        rest=rest,
        spacing=0.018,
        frames=24,
        quality=3,
    )


def _eased(points: Array) -> Array:
    """A piece's own shape: the one it starts in, and some more cloth."""
    return points * EASE


def _stirred(gown: Gown, sheet: Sheet, number: int) -> Array:
    """Small waves that tell the folds where to begin; none at the edges."""
    z = sheet.points[..., 2]
    inside = (
        drape.smooth(np.abs(sheet.us), 1.0, 0.9)[None] * drape.smooth(sheet.vs, 1.0, 0.9)[:, None]
    )
    waves = drape.slanting(sheet.points, 0.07, gown.seed + 40 * number, 0.5)
    waves = waves + drape.hanging(sheet.points, 0.08, gown.seed + 7 + number)
    return 0.004 * waves * inside * drape.smooth(z, -gown.cut.bodice, -gown.cut.bodice + 0.03)


def _held(gown: Gown) -> Array:
    """Neck edge and waist seam, or the edge that hangs from straps, stay where they are."""
    cut, pins = gown.cut, np.zeros(gown.front.points.shape[:2])
    if cut.strap:
        pins[-1] = 1.0
        if cut.neck_shape == "cowl":
            pins[-1, np.abs(gown.us) < 0.3] = 0.0
    else:
        pins[-1, np.abs(gown.us) <= cut.neck / cut.shoulder + 1e-9] = 1.0
    if not cut.whole:
        pins[0] = 1.0
    return pins


def body_in(gown: Gown) -> list[mannequin.Solid]:
    """The hidden woman's figure, a little smaller than the dress: torso, bust, arms."""
    cut = gown.cut
    shoulder = 0.15 if cut.strap else min(cut.shoulder - 0.004, cut.front_width + 0.02)
    solids = [
        mannequin.torso(
            chest=0.141, waist=0.119, hip=0.165, depth=0.096, shoulder=shoulder, slope=cut.slope,
            neck=min(0.058, cut.neck - 0.016), base=cut.neck, low=-cut.bodice - 0.06,
        )
    ]  # fmt: skip
    # a loose dress hangs from the bust and bridges it
    solids += [_breast(side, 0.066 if cut.whole else 0.08) for side in (-1, 1)]
    if cut.sleeve:
        solids += [_arm(gown, side) for side in (-1, 1)]
    return solids


def _breast(side: int, out: float) -> mannequin.Solid:
    up, turn = np.linspace(-1.45, 1.45, 9), np.linspace(0, 2 * np.pi, mannequin.SIDES, False)
    ring = np.cos(up)[:, None]
    x = side * 0.072 + 0.064 * ring * np.cos(turn)
    y = -out + 0.038 * ring * np.sin(turn)
    z = np.broadcast_to(-0.265 + 0.075 * np.sin(up)[:, None], x.shape)
    return mannequin.lofted(np.stack([x, y, z], -1))


def _arm(gown: Gown, side: int) -> mannequin.Solid:
    """One limb from near the neck, under the shoulder seam, and down the arm."""
    cut = gown.cut
    upper = min(0.04, cut.sleeve_width - 0.018)
    down = arm_line(gown, side, max(cut.sleeve + 0.02, 0.12), upper + 0.008)  # type: ignore[arg-type]
    x = np.linspace(cut.neck + 0.01, max(abs(down[0, 0]), cut.neck + 0.02), 8)[:-1]
    slim = 0.026 + (upper - 0.026) * np.linspace(0, 1, 7) ** 2
    along = np.stack([side * x, 0 * x + 0.003, cut.shoulder_line(x) - slim - 0.008], -1)
    path = blurred(even(np.concatenate([along, down]), 48), 1, closed=False)
    wrist = min(0.026, cut.cuff_width - 0.013)
    return mannequin.arm(path, upper=upper, wrist=wrist, start=x[-1] - x[0], slim=0.026)
