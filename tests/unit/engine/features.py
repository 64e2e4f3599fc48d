"""Drawn features, as a network's are."""

from __future__ import annotations

import numpy as np

SIZE = 24


def unit_rows(count: int, size: int = SIZE, seed: int = 0) -> np.ndarray:
    """Non-negative, sparse and uneven, as the features of a ReLU network are."""
    rows = np.random.default_rng(seed).gamma(0.5, size=(count, size)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)
