"""Cloth coordinates of an upper: each side laid flat, as a shoemaker cuts it."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_matrix, csr_matrix, diags
from scipy.sparse.linalg import splu

from .lofts import Points, Surface, quads

ROWS, COLUMNS = 40, 36
STEPS = 100


def flattened(surface: Surface) -> Surface:
    """The surface with texture coordinates that stretch and shear as little as they can.

    Both sides are mirror images of the outer one: they meet at seams in front and behind.
    """
    t = np.linspace(0, 1, ROWS)[:, None]
    s = np.linspace(0, 1 - 1e-9, COLUMNS)[None, :]
    side = surface.at(s, t)
    start = surface.uv_at(s, t).reshape(-1, 2)
    flat = _laid_flat(side.reshape(-1, 3), start).reshape(ROWS, COLUMNS, 2)
    upright = _turned(flat, side)
    rows, columns = surface.points.shape[:2]
    place = np.abs(np.linspace(-1, 1, columns)) * (COLUMNS - 1)
    return Surface(surface.points, surface.normals, _grown(upright, rows, place))


def _laid_flat(points: Points, flat: Points) -> Points:
    """As rigid as possible, triangle by triangle, starting from a sheared sheet."""
    corners = quads(ROWS, COLUMNS)
    faces = np.concatenate([corners[:, [0, 2, 1]], corners[:, [0, 3, 2]]])
    slopes, areas = _slopes(points, faces)
    weights = diags(np.repeat(areas, 2))
    matrix = (slopes.T @ weights @ slopes + 1e-9 * diags(np.ones(len(points)))).tocsc()
    solved = splu(matrix)
    for _ in range(STEPS):
        bent = (slopes @ flat).reshape(-1, 2, 2)
        turn = np.arctan2(bent[:, 0, 1] - bent[:, 1, 0], bent[:, 0, 0] + bent[:, 1, 1])
        rigid = np.stack([np.cos(turn), np.sin(turn), -np.sin(turn), np.cos(turn)], axis=1)
        flat = solved.solve(slopes.T @ (weights @ rigid.reshape(-1, 2)))
    return flat


def _slopes(points: Points, faces: Points) -> tuple[csr_matrix, Points]:
    """What gives each triangle's two slopes of a field over the points, and its area."""
    a, b, c = (points[faces[:, k]] for k in range(3))
    one, two = b - a, c - a
    wide = np.maximum(np.linalg.norm(one, axis=1), 1e-9)
    along = np.sum(one * two, axis=1) / wide
    tall = np.maximum(np.linalg.norm(np.cross(one, two), axis=1) / wide, 1e-9)
    zero = np.zeros_like(wide)
    by_x = np.stack([-1 / wide, 1 / wide, zero], axis=1)
    by_y = np.stack([(along / wide - 1) / tall, -along / (wide * tall), 1 / tall], axis=1)
    row = np.arange(len(faces))[:, None] * 2 + [0, 0, 0]
    rows = np.concatenate([row, row + 1]).ravel()
    columns = np.concatenate([faces, faces]).ravel()
    values = np.concatenate([by_x, by_y]).ravel()
    shape = (2 * len(faces), len(points))
    return coo_matrix((values, (rows, columns)), shape).tocsr(), wide * tall / 2


def _turned(flat: Points, side: Points) -> Points:
    """Upright: the middle of the side stands as it does seen from there."""
    part = slice(COLUMNS // 4, 3 * COLUMNS // 4)
    seen = side[:, part][..., [0, 2]].reshape(-1, 2)
    cut = flat[:, part].reshape(-1, 2)
    middle, own = seen.mean(axis=0), cut.mean(axis=0)
    p, q = cut - own, seen - middle
    angle = np.arctan2(np.sum(p[:, 0] * q[:, 1] - p[:, 1] * q[:, 0]), np.sum(p * q))
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return (flat - own) @ turn + middle


def _grown(flat: Points, rows: int, place: Points) -> Points:
    """The coarse sheet read at every row and column of the fine one."""
    down = np.linspace(0, ROWS - 1, rows)
    i = np.minimum(down.astype(int), ROWS - 2)
    j = np.minimum(place.astype(int), COLUMNS - 2)
    a, b = (down - i)[:, None, None], (place - j)[None, :, None]
    low = flat[i][:, j] * (1 - b) + flat[i][:, j + 1] * b
    high = flat[i + 1][:, j] * (1 - b) + flat[i + 1][:, j + 1] * b
    return low * (1 - a) + high * a
