"""What the making of a bag and of a hat asks of its spec."""

from __future__ import annotations

from ..spec import Spec


class Designed:
    """A product of a spec, read by the names of its silhouette's parameters."""

    spec: Spec

    def size(self, name: str, usual: float = 0.0) -> float:
        """A length or switch of the silhouette; the usual one where it has none."""
        return float(self.spec.shape.get(name, usual))

    def way(self, name: str) -> str:
        """How a part of the design is made; "" where nothing was drawn."""
        return str(self.spec.shape.get(name, ""))

    def has(self, trim: str) -> bool:
        """Whether the product has this trim."""
        return trim in self.spec.trims

    @property
    def blocked(self) -> bool:
        """Whether it is sewn of two colours."""
        return self.spec.pattern == "colour-block"
