"""Closed outlines that prints are made of, of unit size and around the origin."""

from __future__ import annotations

import math
import random

import numpy as np

from .tile import Array, Point


def placed(outline: Array, centre: Point, turn: float, size: float) -> Array:
    """An outline of unit size, turned, enlarged and moved to its place."""
    c, s = math.cos(turn), math.sin(turn)
    return outline @ np.array([[c, s], [-s, c]]) * size + centre


def disc(points: int = 28) -> Array:
    """A circle."""
    turn = np.linspace(0, 2 * np.pi, points, endpoint=False)
    return np.stack([np.cos(turn), np.sin(turn)], -1)


def petal(wide: float, blunt: float = 0.7) -> Array:
    """From the origin to (1, 0); broadest beyond the middle the more `blunt` it is."""
    t = np.linspace(0, 1, 16)
    half = wide * np.sin(np.pi * t**blunt) ** 0.8
    return np.concatenate([np.stack([t, half], -1), np.stack([t, -half], -1)[::-1]])


def wobbly(rng: random.Random, amount: float) -> Array:
    """A circle drawn by an unsteady hand."""
    turn = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    far = 1 + sum(
        amount / k * math.sin(rng.uniform(0, 6.28)) * np.sin(k * turn + rng.uniform(0, 6.28))
        for k in (2, 3, 4, 5)
    )
    return np.stack([np.cos(turn), np.sin(turn)], -1) * np.asarray(far)[:, None]


def stroke(path: Array, wide: float) -> Array:
    """A line of paint along a path, thinner towards its end; `wide` is half its width."""
    ahead = np.gradient(path, axis=0)
    side = np.stack([-ahead[:, 1], ahead[:, 0]], -1)
    side /= np.linalg.norm(side, axis=1, keepdims=True) + 1e-9
    half = (wide * np.linspace(1, 0.5, len(path)))[:, None]
    return np.concatenate([path + side * half, (path - side * half)[::-1]])


def drop() -> Array:
    """Paisley's bent drop, its round end at the origin."""
    t = np.linspace(0, 1, 26)
    half = 0.42 * np.sqrt(np.clip(1 - ((t - 0.26) / 0.28) ** 2, 0, 1))
    half = np.where(t > 0.26, 0.42 * np.clip(1 - (t - 0.26) / 0.74, 0, 1) ** 0.9, half)
    spine = np.stack([t - 0.26, 0.62 * np.clip(t - 0.3, 0, 1) ** 2], -1)
    over = spine + np.stack([0 * t, half], -1)
    under = spine - np.stack([0 * t, half], -1)
    return np.concatenate([over, under[::-1]])
