"""How sure a share is, and a preference: intervals and tests of proportions."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

LEVEL: Final = 0.95
_Z = 1.959963984540054  # of the standard normal, for 95%
_Z_POWER = 0.8416212335729143  # for a power of 80%


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `trials`, and the 95% interval of the share, each from 0 to 1."""

    hits: int
    trials: int
    low: float
    high: float

    @property
    def value(self) -> float:
        """The share itself, 0 where nothing was tried."""
        return self.hits / self.trials if self.trials else 0.0


def wilson(hits: int, trials: int) -> Share:
    """Give a share with its 95% interval.

    Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927):
    unlike the textbook's, it stays between 0 and 1 and holds for few trials.
    """
    if not trials:
        return Share(0, 0, 0.0, 1.0)
    share, square = hits / trials, _Z**2
    middle = (share + square / (2 * trials)) / (1 + square / trials)
    half = _Z / (1 + square / trials)
    half *= math.sqrt(share * (1 - share) / trials + square / (4 * trials**2))
    low = 0.0 if hits == 0 else max(0.0, middle - half)
    high = 1.0 if hits == trials else min(1.0, middle + half)
    return Share(hits, trials, low, high)


def sign_test(wins: int, losses: int) -> float:
    """Give the two-sided p-value of so many wins and losses if both were equally good.

    The exact binomial test; ties say nothing and are left out (Conover, "Practical Nonparametric
    Statistics", 3.4).
    """
    from scipy.stats import binomtest

    decided = wins + losses
    return float(binomtest(wins, decided).pvalue) if decided else 1.0


def needed(wins: int, losses: int) -> int | None:
    """Estimate how many decided trials show this preference, at 95% with a power of 80%.

    The normal approximation (Fleiss, "Statistical Methods for Rates and Proportions", 2.3): None
    where nothing is preferred so far, and no number would be enough.
    """
    decided = wins + losses
    if not decided or wins == losses:
        return None
    # A few that all went one way do not mean that all ever will.
    share = min(max(wins / decided, 0.25 / decided), 1 - 0.25 / decided)
    spread = _Z * 0.5 + _Z_POWER * math.sqrt(share * (1 - share))
    return math.ceil((spread / (share - 0.5)) ** 2)
