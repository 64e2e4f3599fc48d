"""The folds that a settled dress has besides: from underarm, bust, waist seam, down to the hem."""

from __future__ import annotations

import numpy as np

from . import drape, pleating
from .cloth_sheet import Array, Sheet
from .gown import WAIST, Gown

BUST = (0.078, -0.262)
"""Where the figure stands out most, x and z."""


def fold(gown: Gown, *, crumple: float, full: float, tied: bool) -> None:
    """Fold front and back.

    `crumple` is how the cloth creases, `full` how gathered its waist is; `tied`: a belt lies there.
    """
    cut = gown.cut
    # satin and wool fold broadly: little of the small gathers
    crisp = min(0.45 + 0.55 * crumple, 1.0)
    for sheet, back in ((gown.front, False), (gown.back, True)):
        seed = gown.seed + 40 * back
        h = _strain(gown, sheet, seed, back=back) + _creases(sheet.points, seed, crumple)
        h = h + (0.0085 - 0.005 * crisp) * (0.5 if cut.whole else 1.0) * _slack(
            gown, sheet.points, seed
        )
        h = h + (_falling(gown, sheet) if cut.whole else _at_waist(gown, sheet, seed, full, crisp))
        h = h * _inside(gown, sheet, 0.018 if tied else 0.0)
        if cut.whole:
            run = sheet.points[..., 2] + cut.bodice
            h = h + pleating.turned_hem(run, sheet.uv[..., 0], 0.024, seed + 8)
        sheet.displace(h)
        if cut.strap and cut.neck_shape == "cowl" and not back:
            sheet.displace(_cowl(gown, sheet.points))
    gown.join()


def _inside(gown: Gown, sheet: Sheet, belt: float) -> Array:
    """0 at the edges that other pieces are sewn to, 1 some way in."""
    edge = drape.smooth(sheet.vs, 1.0, 0.94)[:, None]
    if not gown.cut.whole:
        above = sheet.points[..., 2] + gown.cut.bodice
        edge = edge * drape.smooth(above, belt * 0.7, belt + 0.015)
    return edge * drape.smooth(np.abs(sheet.us), 1.0, 0.9)[None]


def _creases(p: Array, seed: int, crumple: float) -> Array:
    broad = (0.6 + 0.4 * crumple) * 0.0026 * drape.crumple(p, 0.09, seed + 1)
    return broad + crumple * 0.0006 * drape.crumple(p, 0.032, seed + 2)


def _slack(gown: Gown, p: Array, seed: int) -> Array:
    """Long soft folds from shoulders and bust down to the waist, a little aslant."""
    lean = float(np.random.default_rng(seed).choice([-0.35, -0.2, 0.2, 0.35]))
    q = p + np.stack([lean * p[..., 2], 0 * p[..., 0], 0 * p[..., 0]], -1)
    below = drape.smooth(gown.cut.shoulder_line(p[..., 0]) - p[..., 2], 0.03, 0.12)
    return below * drape.hanging(q, 0.038, seed + 17, long=6.0)


def _strain(gown: Gown, sheet: Sheet, seed: int, *, back: bool) -> Array:
    """Drag lines: out of the underarm towards the bust, and from the bust to the side seam."""
    cut, p = gown.cut, sheet.points
    h = np.zeros(p.shape[:2])
    for side in (-1, 1):
        under = (side * float(cut.half_width(np.array(-cut.armhole))), -cut.armhole + 0.015)
        h = h + 0.009 * drape.radiating(p, under, seed + 5 + side, spokes=3.0, reach=0.13)
        below = drape.smooth(p[..., 2], BUST[1] + 0.02, BUST[1] - 0.03)
        apex = (side * BUST[0], BUST[1])
        if not back:
            h = h + 0.006 * below * drape.radiating(
                p, apex, seed + 9 + side, spokes=2.6, reach=0.14
            )
        tip = (side * cut.shoulder, cut.tip)
        if not cut.strap:
            h = h + 0.004 * drape.radiating(p, tip, seed + 13 + side, spokes=2.4, reach=0.13)
    return h


def _at_waist(gown: Gown, sheet: Sheet, seed: int, full: float, crisp: float) -> Array:
    """Cloth that lies doubled over the waist: slanting folds, and gathers above the seam."""
    p = sheet.points
    above = p[..., 2] + gown.cut.bodice
    near = drape.smooth(above, 0.16, 0.01)
    h = crisp * 0.005 * near * drape.slanting(p, 0.042, seed + 3, 0.35)
    share = (sheet.us + 1) / 4 + 0.5 * (sheet is gown.back)
    girth = 4 * float(gown.cut.half_width(np.array(WAIST)))
    small = pleating.gathers(
        share, np.maximum(above, 0.0), girth, seed + 4, reach=0.05 + 0.05 * full
    )
    return h + crisp * (0.003 + 0.008 * full) * small


def _falling(gown: Gown, sheet: Sheet) -> Array:
    """Broad soft folds that hang from bust and shoulder blades and deepen to the hem."""
    p, seed = sheet.points, gown.seed
    down = 0.15 + 0.85 * drape.smooth(p[..., 2], -0.2, -0.75)
    soft = drape.hanging(p, 0.05, seed + 21, long=14.0)
    broad = drape.hanging(p, 0.11, seed + 22, long=9.0)
    lean = drape.slanting(p, 0.055, seed + 23, 0.5)
    waist = drape.smooth(np.abs(p[..., 2] - WAIST), 0.2, 0.0)
    return down * (0.012 * soft + 0.016 * broad) + 0.005 * waist * lean


def _cowl(gown: Gown, p: Array) -> Array:
    """Loose folds that swing from strap to strap, deepest in the middle."""
    cut = gown.cut
    t = np.clip(np.abs(p[..., 0]) / (cut.strap_at * 1.15), 0, 1)
    swag = p[..., 2] + cut.edge + 0.085 * (1 - t**1.6)
    wave = np.cos(2 * np.pi * swag / 0.034 + 0.6 * drape.noise(p * 9, gown.seed))
    return 0.011 * wave * (1 - t**2) * np.exp(np.minimum(swag, 0) / 0.075)
