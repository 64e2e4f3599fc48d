"""Cloth that comes to rest: nodes fall, are held by their threads, and lie on what is below."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_matrix

from .cloth_nodes import Array, Nodes

Ground = Callable[[Array, Array], Array]
"""Height of what lies below, at x and y."""


@dataclass(frozen=True)
class Fall:
    """How a cloth falls: pulls in metres a step squared, stiffness and number of steps."""

    pull: tuple[float, float, float]
    stiffness: float = 0.25
    steps: int = 90
    rounds: int = 5
    grip: float = 0.4
    """How much of its way a node that touches the ground loses each step."""


def settled(
    nodes: Nodes,
    start: Array,
    floor: Array,
    ground: Ground,
    fall: Fall,
    *,
    ceiling: Array | None = None,
    held: Array | None = None,
) -> Array:
    """Where the nodes rest.

    `floor` is how high above the ground each must stay (its layer), `ceiling` how high it may
    rise, `held` marks those that stay where they are.
    """
    place, before = start.copy(), start.copy()
    a, b = nodes.threads.T
    size = len(start)
    number = np.arange(len(a))
    sign = np.concatenate([np.ones(len(a)), -np.ones(len(a))])
    spread = coo_matrix(
        (sign, (np.concatenate([a, b]), np.concatenate([number, number]))), shape=(size, len(a))
    ).tocsr()
    degree = np.bincount(np.concatenate([a, b]), minlength=size)
    loose = (1.35 / np.maximum(degree, 1))[:, None]
    if held is not None:
        loose[held] = 0
    pull = np.array(fall.pull)
    for step in range(fall.steps):
        speed = np.clip((place - before) * 0.93, -0.02, 0.02)
        before = place.copy()
        place = place + speed + pull
        for _ in range(fall.rounds):
            way = place[b] - place[a]
            length = np.linalg.norm(way, axis=1)
            stretch = (length - nodes.lengths) / np.maximum(length, 1e-9)
            stretch *= np.where(stretch < 0, 0.55, 1.0)
            place += loose * (spread @ (way * (0.5 * stretch)[:, None]))
        bent = nodes.around @ place - place
        place += (fall.stiffness * (bent - nodes.around @ bent)) * (loose > 0)
        low = ground(place[:, 0], place[:, 1]) + floor
        touching = place[:, 2] < low
        place[:, 2] = np.maximum(place[:, 2], low)
        if ceiling is not None:
            top = ground(place[:, 0], place[:, 1]) + ceiling
            place[:, 2] = np.minimum(place[:, 2], top)
        if held is not None:
            place[held] = start[held]
        slip = place[touching, :2] - before[touching, :2]
        before[touching, :2] += fall.grip * slip
        if step > fall.steps * 0.75:
            before = place - (place - before) * 0.7
    return place


def smoothed(nodes: Nodes, place: Array, times: int = 2) -> Array:
    """The same shape without what is finer than the nodes can show."""
    for _ in range(times):
        bent = nodes.around @ place - place
        place = place + 0.5 * (bent - nodes.around @ bent)
    return place


def layers(points: Array, cell: float = 0.03) -> Array:
    """How far each node is from the back (0) to the front (1) of the garment, seen from above."""
    key = np.floor(points[:, :2] / cell).astype(np.int64)
    _, column = np.unique(key, axis=0, return_inverse=True)
    column = column.ravel()
    low, high = np.full(column.max() + 1, np.inf), np.full(column.max() + 1, -np.inf)
    np.minimum.at(low, column, points[:, 2])
    np.maximum.at(high, column, points[:, 2])
    thick = high[column] - low[column]
    return np.where(thick < 0.012, 0.5, (points[:, 2] - low[column]) / np.maximum(thick, 1e-6))
