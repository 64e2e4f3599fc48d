"""Heels under pumps and sandals: stiletto, kitten, cone, spool, column, block, flared, stacked."""

from __future__ import annotations

import bpy
import numpy as np

from .last import Last
from .lofts import Points, Surface, eased, grid_object

Knots = tuple[tuple[float, float], ...]

# From the seat (0) to the ground (1): shares of the seat's length at which the heel's back and its
# breast lie, and the share of the seat's width.
FORMS: dict[str, tuple[Knots, Knots, Knots]] = {
    "stiletto": (
        ((0, 0), (0.08, 0.09), (0.2, 0.21), (0.4, 0.31), (0.7, 0.375), (1, 0.40)),
        ((0, 1), (0.05, 0.82), (0.13, 0.66), (0.26, 0.575), (0.5, 0.55), (1, 0.55)),
        ((0, 1), (0.08, 0.74), (0.2, 0.44), (0.4, 0.24), (0.7, 0.165), (1, 0.145)),
    ),
    "kitten": (
        ((0, 0), (0.2, 0.11), (0.5, 0.27), (0.8, 0.345), (1, 0.35)),
        ((0, 1), (0.12, 0.82), (0.35, 0.66), (0.7, 0.60), (1, 0.62)),
        ((0, 1), (0.2, 0.72), (0.5, 0.40), (0.8, 0.27), (1, 0.27)),
    ),
    "cone": (
        ((0, 0), (0.5, 0.15), (1, 0.24)),
        ((0, 1), (0.12, 0.89), (0.5, 0.73), (1, 0.62)),
        ((0, 1), (0.5, 0.66), (1, 0.42)),
    ),
    "spool": (
        ((0, 0), (0.3, 0.15), (0.6, 0.23), (1, 0.11)),
        ((0, 1), (0.15, 0.82), (0.35, 0.66), (0.6, 0.60), (1, 0.74)),
        ((0, 1), (0.3, 0.60), (0.6, 0.43), (1, 0.62)),
    ),
    "column": (
        ((0, 0), (0.25, 0.085), (0.5, 0.13), (1, 0.15)),
        ((0, 1), (0.2, 0.87), (0.5, 0.77), (1, 0.74)),
        ((0, 1), (0.2, 0.88), (0.5, 0.74), (1, 0.68)),
    ),
    "block": (
        ((0, 0), (0.3, 0.035), (1, 0.085)),
        ((0, 1), (0.08, 0.95), (0.3, 0.91), (1, 0.87)),
        ((0, 1), (0.3, 0.965), (1, 0.92)),
    ),
    "stacked": (
        ((0, 0), (0.3, 0.02), (1, 0.05)),
        ((0, 1), (0.08, 0.97), (1, 0.95)),
        ((0, 1), (0.3, 0.98), (1, 0.97)),
    ),
    "flared": (
        ((0, 0), (0.4, 0.03), (0.7, 0.0), (1, -0.09)),
        ((0, 1), (0.1, 0.90), (0.5, 0.80), (1, 0.86)),
        ((0, 1), (0.4, 0.88), (0.7, 0.92), (1, 1.05)),
    ),
}
FINE = ("stiletto", "kitten", "cone", "spool")


def heel(
    last: Last,
    upper: Surface,
    cover: bpy.types.Material,
    top_piece: bpy.types.Material,
    *,
    form: str,
    drop: float = 0.0,
    breast: float = 0.235,
) -> None:
    """A heel from the seat down to the ground, with its top piece."""
    loop = _seat(last, upper, breast)
    loop[:, 2] -= drop
    behind, ahead = loop[:, 0].min(), loop[:, 0].max()
    reach, middle = ahead - behind, loop[:, 1].mean()
    tall = float(loop[:, 2].mean())
    levels = np.unique(np.concatenate([np.linspace(0, 1, 60), [0.004, 1 - 0.0055 / tall, 0.997]]))
    soft = 0.12 if form in FINE else 0.06
    back, front, half = (eased(knots, levels, soft) for knots in FORMS[form])
    place = (loop[:, 0] - behind) / reach
    x = behind + reach * (back[:, None] + (front - back)[:, None] * place[None])
    y = middle + (loop[:, 1] - middle)[None] * half[:, None]
    z = loop[None, :, 2] * (1 - levels[:, None])
    points = np.stack([x, y, z], axis=-1)
    points[0] += (points[1] - points[0]) * [0.05, 0.05, -0.2]
    cut = int(np.argmin(np.abs(levels - (1 - 0.0055 / tall))))
    grid_object("heel", points[: cut + 1], cover)
    lid = points[cut:].copy()
    middle_of = lid.mean(axis=1, keepdims=True)
    lid = middle_of + (lid - middle_of) * [0.97, 0.97, 1.0]
    low = lid[-1:].mean(axis=1, keepdims=True).repeat(lid.shape[1], 1)
    grid_object("heel_top_piece", np.concatenate([points[cut : cut + 1], lid, low]), top_piece)


def _seat(last: Last, upper: Surface, breast: float) -> Points:
    """The heel's upper outline: the feather line behind the breast, and the hollow breast."""
    s = float(upper.s_at_x(breast * last.length, 0.0))
    arc = np.linspace(s, 2 - s, 72)
    seat = upper.at(arc, 0.0)
    seat[:, :2] += (seat[:, :2] - seat[:, :2].mean(0)) * 0.008
    front = np.linspace(seat[-1], seat[0], 30)[1:-1]
    bow = np.sin(np.linspace(0, np.pi, len(front)))
    front[:, 0] -= 0.006 * bow
    front[:, 2] += 0.004 * bow
    return np.concatenate([seat, front, seat[:1]])
