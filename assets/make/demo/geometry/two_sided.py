"""What garments of a front and a back have in common, whatever body they are cut for."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Self

import numpy as np

from .cloth_sheet import Array, Face, Sheet


class Measures:
    """The measures of a cut, a dataclass, drawn from a silhouette's mapping."""

    @classmethod
    def of(cls, shape: Mapping[str, float | str], **more: float | str) -> Self:
        """The cut in a silhouette's mapping; other keys of the mapping are not ours."""
        ours = {f.name for f in fields(cls)}  # type: ignore[arg-type]
        return cls(**{k: v for k, v in {**more, **shape}.items() if k in ours})


class TopMeasures(Measures):
    """The measures of what hangs from the shoulders."""

    shoulder: float

    @abstractmethod
    def shoulder_line(self, x: Array) -> Array:
        """Height of the shoulder seam at x, prolonged over the neck."""

    @property
    def tip(self) -> float:
        """Height of the shoulder's outer end."""
        return float(self.shoulder_line(np.array(self.shoulder)))


class TwoSided:
    """A front and a back, whose sides meet; columns (`us`) go from left to right, rows upwards."""

    cut: Any
    us: Array
    front: Sheet
    back: Sheet

    @abstractmethod
    def at(self, x: Array, z: Array, *, back: bool = False) -> tuple[Array, Array]:
        """Parameters of the front (or back) at x and z, as seen from the front."""

    def face(self, *, back: bool = False) -> Face:
        """The front (or back) for placing pockets, plackets and the like."""
        sheet = self.back if back else self.front
        return Face(sheet, lambda x, z: self.at(x, z, back=back))

    def armhole(self, side: int) -> Array:
        """Closed loop: underarm, up the front edge, over the shoulder, down the back."""
        column = -1 if side > 0 else 0
        front, back = self.front.points[:, column], self.back.points[:, column]
        start = int(np.searchsorted(front[:, 2], -self.cut.armhole))
        front, back = front[start:], back[start:]
        loop = np.concatenate([front, back[-2::-1]])
        loop[0] = loop[-1] = (front[0] + back[0]) / 2
        return loop

    def neck_loop(self) -> tuple[Array, Array]:
        """Front neck edge from left to right, and back neck edge from right to left."""
        inside = np.abs(self.us) <= self.cut.neck / self.cut.shoulder + 1e-9
        return self.front.points[-1, inside], self.back.points[-1, inside][::-1]

    def hem_loop(self) -> Array:
        """Closed loop along the lower edge: front left to right, back right to left."""
        return np.concatenate([self.front.points[0], self.back.points[0, -2::-1]])
