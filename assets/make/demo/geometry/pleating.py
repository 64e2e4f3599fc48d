"""What is folded into cloth before it hangs: knife and box pleats, gathers below a seam."""

from __future__ import annotations

import numpy as np

from . import drape

Array = np.ndarray

_TURN = np.array([-0.3, -0.1, 0.1, 0.3])


def columns(pleats: int, kind: str) -> Array:
    """Shares of the cloth's girth at which a pleated ring needs columns: close at the edges."""
    corners = np.linspace(0, 1, len(_corners(kind, np.zeros(1), 1.0)))
    step = corners[1]
    near = (corners[1:-1, None] + _TURN[None] * step).ravel()
    one = np.unique(np.concatenate([near, corners[:-1] + step / 2, [0.0]]).round(6))
    return ((np.arange(pleats)[:, None] + one[None]) / pleats).ravel()


def _corners(kind: str, spare: Array, depth: Array | float) -> list[Array]:
    """(along, out) of a pleat's folds, for the share of cloth that is tucked under a pleat."""
    tuck = np.maximum(spare, 0.06)
    zero = np.zeros_like(tuck)
    if kind == "box":
        gap = np.maximum(0.02, 0.3 - 0.62 * tuck)
        under = np.minimum(gap + 0.5 * tuck, 0.46)
        places = [zero, under, gap, 1 - gap, 1 - under, zero + 1]
        heights = [zero, zero, zero + depth, zero + depth, zero, zero]
    else:
        places = [zero, zero + 1, 1 - tuck, zero + 1]
        heights = [zero, zero + depth, zero + depth * 0.5, zero]
    return [np.stack([p, h], -1) for p, h in zip(places, heights, strict=True)]


def fold(kind: str, share: Array, pleats: int, tucked: Array, depth: Array) -> tuple[Array, Array]:
    """Where cloth goes: (share of the girth, height), for rows of `tucked` and `depth`.

    `share` are the columns' shares of the cloth; `tucked` how much of a pleat lies under it.
    """
    number = np.floor(share * pleats + 1e-9)
    inside = share * pleats - number
    corners = np.stack(_corners(kind, tucked, depth))  # [corner, row, 2]
    at = inside * (len(corners) - 1)
    low = np.clip(at.astype(int), 0, len(corners) - 2)
    t = at - low
    t = np.where(t < 0.5, 2 * t * t, 1 - 2 * (1 - t) ** 2) * 0.35 + t * 0.65
    place = corners[low] * (1 - t)[:, None, None] + corners[low + 1] * t[:, None, None]
    place = place.transpose(1, 0, 2)
    return (number[None] + place[..., 0]) / pleats, place[..., 1]


def gathers(share: Array, down: Array, girth: float, seed: int, *, reach: float) -> Array:
    """Heights (about -1 to 1) of the small folds below a gathered seam, fading over `reach`.

    `share` [columns] runs once round, `down` [rows, 1] counts from the seam.
    """
    turn = share[None] * 2 * np.pi
    total = np.zeros((len(down), len(share)))
    for fold_width, weight, lasts in (
        (0.012, 0.5, 0.4),
        (0.022, 0.8, 0.9),
        (0.042, 0.9, 1.8),
    ):
        around = girth / fold_width / (2 * np.pi)
        p = np.stack(
            np.broadcast_arrays(
                np.cos(turn) * around, np.sin(turn) * around, down / (fold_width * 9) + 5.0
            ),
            -1,
        )
        fade = np.exp(-((np.maximum(down, 0) / (reach * lasts)) ** 1.5))
        total += weight * fade * (0.4 - 1.5 * np.abs(drape.noise(p, seed + int(fold_width * 1000))))
    return total * drape.smooth(down, -0.002, 0.012)


def turned_hem(above: Array, along: Array, deep: float, seed: int) -> Array:
    """Heights of an edge turned up by `deep` and sewn: doubled, drawn in at the seam, puckered.

    `above` are the distances from the edge, `along` those along it, metres.
    """
    doubled = 0.0014 * drape.smooth(above, deep + 0.001, deep - 0.003)
    seam = np.exp(-(((above - deep) / 0.0028) ** 2))
    p = np.stack(np.broadcast_arrays(along / 0.016, above / 0.03, 0 * above), -1)
    pucker = drape.noise(p, seed) * np.exp(-(((above - deep * 0.8) / 0.02) ** 2))
    return doubled - 0.0022 * seam + 0.0011 * pucker
