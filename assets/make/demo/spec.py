"""What one rendered product is: the seam between the catalogue plan and the geometry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Spec:
    """One product to render.

    `shape` holds the silhouette's parameters, named by the kind's own module; lengths are metres.
    `colours` are sRGB hex strings: main, second, trim. `seed` drives every random choice.
    """

    id: str
    kind: str
    seed: int
    material: str
    pattern: str
    colours: tuple[str, str, str]
    shape: Mapping[str, float | str] = field(default_factory=dict)
    trims: frozenset[str] = frozenset()
