"""Which points of a garment's sheets are sewn together, and the coarse grids that are simulated."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
from scipy.interpolate import RectBivariateSpline
from scipy.spatial import cKDTree

from .cloth_sheet import Array, Sheet

SEWN = 0.00003
"""Edges that start closer than this, metres, are sewn together."""


def sewn_points(sheets: Sequence[Sheet]) -> list[Array]:
    """Groups of border points that start together: rows of (sheet, row, column)."""
    places, points = [], []
    for number, sheet in enumerate(sheets):
        rows, cols = sheet.points.shape[:2]
        border = np.ones((rows, cols), dtype=bool)
        border[1:-1, 1:-1] = False
        row, col = np.nonzero(border)
        places.append(np.stack([np.full_like(row, number), row, col], -1))
        points.append(sheet.points[row, col])
    place, point = np.concatenate(places), np.concatenate(points)
    pairs = cKDTree(point).query_pairs(SEWN, output_type="ndarray")
    apart = np.abs(place[pairs[:, 0]] - place[pairs[:, 1]]) * np.array([1000, 1, 1])
    pairs = pairs[apart.sum(axis=-1) > 2]
    lead = np.arange(len(point))
    for _ in range(4):
        for a, b in pairs:
            lead[a] = lead[b] = min(lead[a], lead[b])
    order = np.argsort(lead, kind="stable")
    cuts = np.nonzero(np.diff(lead[order]))[0] + 1
    return [place[group] for group in np.split(order, cuts) if len(group) > 1]


def close_seams(sheets: Sequence[Sheet], seams: Sequence[Array]) -> None:
    """Bring the points of every seam to their common middle."""
    for group in seams:
        middle = np.mean([sheets[n].points[r, c] for n, r, c in group], axis=0)
        for n, r, c in group:
            sheets[n].points[r, c] = middle


def coarse_grids(
    sheets: Sequence[Sheet], seams: Sequence[Array], spacing: float
) -> list[tuple[Array, Array]]:
    """Rows and columns of every sheet to simulate; where sheets are sewn they have the same."""
    chosen: list[tuple[Array, Array]] = []
    ends = _seam_ends(sheets, seams)
    for number, sheet in enumerate(sheets):
        rows, cols = sheet.points.shape[:2]
        sizes = {0: rows, 1: cols}
        forced = ends[number]
        barred: dict[int, set[int]] = {0: set(), 1: set()}
        for group in seams:
            here = group[group[:, 0] == number]
            before = group[group[:, 0] < number]
            if not len(here) or not len(before):
                continue
            n, r, c = before[0]
            taken = r in chosen[n][0] and c in chosen[n][1]
            for _, row, col in here:
                for axis, at, end in ((0, row, col), (1, col, row)):
                    if end in (0, sizes[1 - axis] - 1) and 0 < at < sizes[axis] - 1:
                        (forced if taken else barred)[axis].add(int(at))
        steps = (
            np.linalg.norm(np.diff(sheet.uv, axis=0), axis=-1).mean(axis=1),
            np.linalg.norm(np.diff(sheet.uv, axis=1), axis=-1).mean(axis=0),
        )
        chosen.append(
            (
                _picked(steps[0], forced[0], barred[0] - forced[0], spacing),
                _picked(steps[1], forced[1] | _kinks(sheet), barred[1] - forced[1], spacing),
            )
        )
    return chosen


def _seam_ends(sheets: Sequence[Sheet], seams: Sequence[Array]) -> list[dict[int, set[int]]]:
    """Rows (0) and columns (1) of every sheet at which a seam begins, ends or meets another."""
    found: list[dict[int, set[int]]] = []
    for number, sheet in enumerate(sheets):
        rows, cols = sheet.points.shape[:2]
        partners = np.zeros((rows, cols), dtype=np.int64)
        for group in seams:
            mark = sum({1 << (2 * int(n)) for n in group[:, 0]})
            for _, row, col in group[group[:, 0] == number]:
                partners[row, col] = mark
        ends: dict[int, set[int]] = {0: set(), 1: set()}
        for axis, edges in ((1, partners[[0, -1]]), (0, partners[:, [0, -1]].T)):
            for edge in edges:
                for k in np.nonzero(np.diff(edge))[0]:
                    ends[axis].add(int(k + (edge[k + 1] > edge[k])))
        found.append(ends)
    return found


def _kinks(sheet: Sheet) -> set[int]:
    """Columns at which the first or last row turns a corner in the flat piece."""
    found: set[int] = set()
    for edge in (sheet.uv[0], sheet.uv[-1]):
        step = np.diff(edge, axis=0)
        step = step / (np.linalg.norm(step, axis=-1, keepdims=True) + 1e-12)
        turn = 1 - (step[1:] * step[:-1]).sum(axis=-1)
        sharp = turn > 0.2
        for k in np.nonzero(sharp)[0]:
            if turn[k] == turn[max(k - 3, 0) : k + 4].max():
                found.add(int(k) + 1)
    return found


def _picked(step: Array, forced: set[int], barred: set[int], spacing: float) -> Array:
    """Indices along an axis about `spacing` apart, with all forced and no barred ones."""
    run = np.concatenate([[0], np.cumsum(step)])
    last = len(run) - 1
    anchors = sorted({0, last, *forced})
    out = []
    for a, b in itertools.pairwise(anchors):
        out.append(a)
        parts = round((run[b] - run[a]) / spacing)
        inner = np.searchsorted(
            run, run[a] + (run[b] - run[a]) * np.arange(1, parts) / max(parts, 1)
        )
        out += [int(k) for k in inner if a < k < b and int(k) not in barred]
    return np.unique([*out, last])


def _far_enough(at: Array) -> Array:
    """Which of the coarse lines to interpolate: splines overshoot between lines nearly alike."""
    least = 0.15 * (at[-1] - at[0]) / (len(at) - 1)
    kept = [0]
    for k in range(1, len(at) - 1):
        if at[k] - at[kept[-1]] > least and at[-1] - at[k] > least:
            kept.append(k)
    return np.array([*kept, len(at) - 1])


def spread(shift: Array, at_v: Array, at_u: Array, sheet: Sheet) -> Array:
    """Movement of a coarse grid, smoothly over the sheet's own."""
    rows, cols = _far_enough(at_v), _far_enough(at_u)
    at_v, at_u, shift = at_v[rows], at_u[cols], shift[np.ix_(rows, cols)]
    ky, kx = min(3, len(at_v) - 1), min(3, len(at_u) - 1)
    parts = [
        RectBivariateSpline(at_v, at_u, shift[..., k], kx=ky, ky=kx, s=0)(sheet.vs, sheet.us)
        for k in range(3)
    ]
    return np.stack(parts, axis=-1)
