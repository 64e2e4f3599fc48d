"""What sewing and wearing leave in a piece: puckers along seams, gathers at bands, creases.

Cloth there is longer than the seam, the elastic or the rib that holds it; see `nets`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from . import drape, nets
from .bodice import Bodice
from .cloth_sheet import Array, Sheet
from .kept import kept, mark_of

VERSION = 2


def pucker(
    sheet: Sheet, across: Array, along: Array, seed: int, *, held: Array, step: float = 0.005
) -> None:
    """Let the sheet settle with surplus cloth; `across`, `along` and `held` are [rows, cols].

    `across` is the surplus of its level threads, `along` of its upright ones; what is `held` (1)
    and the borders stay where they are.
    """
    firm = np.maximum(nets.border(sheet), held)
    mark = mark_of((VERSION, seed, step), [sheet.uv, across, along, firm])
    (moved,) = kept(mark, lambda: [_settled(sheet, across, along, firm, seed, step)])
    nets.shift(sheet, moved)


def _settled(
    sheet: Sheet, across: Array, along: Array, firm: Array, seed: int, step: float
) -> Array:
    _, _, flat = nets.flat_places(sheet, step)
    told = nets.on_net(sheet, np.stack([firm, across, along], -1), flat)
    inside = told[..., 0] < 0.5
    x, y = flat[..., 0], flat[..., 1]
    patchy = drape.noise(np.stack([x / 0.06, y / 0.06, 0 * x], -1), seed)
    broad = drape.noise(np.stack([x / 0.17, y / 0.17, 0 * x], -1), seed + 1)
    uneven = np.clip(1 + 0.9 * patchy + 0.9 * broad, 0.0, 2.6) * inside
    grain = np.random.default_rng(seed).normal(size=x.shape)
    net = nets.Net(
        flat, step, ~inside, 1 + told[..., 1] * uneven, 1 + told[..., 2] * uneven,
        filling=0.12 + 0 * x, start=0.0006 * np.abs(grain),
    )  # fmt: skip
    moved = net.settle(90)
    free = (1 - firm) * nets.inwards(sheet, 2 * step)
    return nets.taken(moved, sheet.uv, flat[0, 0], step) * free[..., None]


# what jackets show --------------------------------------------------------------------------


@dataclass(frozen=True)
class Cloth:
    """How a cloth creases: surplus all over and along seams, and how fine its creases are."""

    worn: float
    sewn: float
    fine: float


_CLOTHS = {
    "nylon": Cloth(0.021, 0.06, 0.005), "cotton": Cloth(0.012, 0.04, 0.006),
    "leather": Cloth(0.012, 0.03, 0.007), "suede": Cloth(0.013, 0.03, 0.007),
    "denim": Cloth(0.010, 0.04, 0.006), "wool": Cloth(0.005, 0.02, 0.009),
}  # fmt: skip


def jacket(bodice: Bodice, material: str, seams: Sequence[Array], *, band: float) -> None:
    """Crease a jacket's front and sleeves; `seams` are lines of (x, z) on the front.

    `band` is the surplus of cloth that a ribbed or elastic band at hem and cuffs gathers.
    """
    cloth = _CLOTHS.get(material, _CLOTHS["cotton"])
    _body(bodice, cloth, seams, band)
    for number, sleeve in enumerate(bodice.sleeves):
        _sleeve(sleeve, cloth, band, bodice.seed + 510 + number)


def _body(bodice: Bodice, cloth: Cloth, seams: Sequence[Array], band: float) -> None:
    front, cut = bodice.front, bodice.cut
    x, z = front.points[..., 0], front.points[..., 2]
    rolled = 0.7 if cut.neck_shape == "v" else 0.86
    neck = drape.smooth(front.vs, 1.0, rolled)[:, None] * np.ones(x.shape)
    calm = drape.smooth(z, -0.02, -0.16) * neck
    across = cloth.worn * calm + band * np.exp(-np.maximum(z + cut.length, 0) / 0.035)
    along = cloth.worn * calm
    held = np.zeros(x.shape)
    for line in seams:
        far = np.hypot(x[..., None] - line[:, 0], z[..., None] - line[:, 1])
        nearest = far.argmin(axis=-1)
        way = np.abs(np.gradient(line, axis=0))
        upright = (way[:, 1] > way[:, 0])[nearest]
        near = np.exp(-((far.min(axis=-1) / 0.02) ** 2))
        along = along + cloth.sewn * near * upright * neck
        across = across + cloth.sewn * near * ~upright * neck
        held = np.maximum(held, far.min(axis=-1) < 0.006)
    pucker(front, across, along, bodice.seed + 500, held=held, step=cloth.fine)


def _sleeve(sleeve: Sheet, cloth: Cloth, band: float, seed: int) -> None:
    far = sleeve.uv[..., 1].max() - sleeve.uv[..., 1]
    long = float(far.max())
    elbow = np.exp(-(((far - 0.33) / 0.12) ** 2))
    wrist = np.exp(-(long - far) / 0.05)
    calm = drape.smooth(far, 0.02, 0.1)
    across = cloth.worn * calm + band * np.exp(-(long - far) / 0.03)
    along = (cloth.worn * (1 + 1.5 * elbow) + 0.03 * wrist) * calm
    pucker(sleeve, across, along, seed, held=np.zeros(far.shape), step=cloth.fine)
    sleeve.points[:, -1] = sleeve.points[:, 0]
