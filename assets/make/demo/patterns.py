"""The patterns of the catalogue by name: each draws one repeat of a design.

Every pattern takes three colours, the material and a random source; which of its designs is drawn
follows from the last two.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from .flowers import floral
from .printing import artwork, camouflage, dots, glitter, leopard, snake, zebra
from .tile import Design
from .weaving import checks, stripes

Pattern = Callable[[tuple[str, str, str], str, random.Random], Design]

PATTERNS: dict[str, Pattern] = {
    "stripes": stripes,
    "checks": checks,
    "dots": dots,
    "floral": floral,
    "camouflage": camouflage,
    "print": artwork,
    "leopard": leopard,
    "zebra": zebra,
    "snake": snake,
    "glitter": glitter,
}
