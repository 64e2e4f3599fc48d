"""Two settings compared on live searches: each answer is drafted from both, clicks decide.

Team-draft interleaving (Radlinski, Kurup and Joachims, "How does clickthrough data reflect
retrieval quality?", CIKM 2008): in each round the two pick their best product that is not there
yet, who picks first by chance. A session is won by the setting whose products were chosen more.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from search.feedback.intervals import Share, needed, sign_test, wilson
from search.feedback.store import EventStore

Item = TypeVar("Item", bound=Hashable)

TEAMS = ("a", "b")


def team_draft(
    rankings: tuple[Sequence[Item], Sequence[Item]], k: int, seed: str
) -> list[tuple[Item, str]]:
    """Draft k items from two rankings, each with the team that picked it.

    The same seed, such as the session with the query, drafts the same: nobody sees an answer change
    for being looked at again.
    """
    chance = random.Random(hashlib.sha256(seed.encode()).digest())
    drafted: dict[Item, str] = {}
    places = [0, 0]
    while len(drafted) < k:
        first = chance.randrange(2)
        picked = False
        for team in (first, 1 - first):
            ranking = rankings[team]
            while places[team] < len(ranking) and ranking[places[team]] in drafted:
                places[team] += 1
            if places[team] < len(ranking) and len(drafted) < k:
                drafted[ranking[places[team]]] = TEAMS[team]
                picked = True
        if not picked:
            break
    return list(drafted.items())


@dataclass(frozen=True, slots=True)
class Verdict:
    """How two settings compare: sessions won by each, tied, and how sure that is.

    `preferred` is the share of the decided sessions that "a" won; `more` how many further decided
    sessions would show it, None where nothing is preferred so far.
    """

    won_a: int
    won_b: int
    tied: int
    preferred: Share
    p_value: float
    more: int | None

    @property
    def winner(self) -> str | None:
        """The better setting, None while that is not sure at 95%."""
        if self.p_value >= 0.05:
            return None
        return TEAMS[0] if self.won_a > self.won_b else TEAMS[1]


def verdict(events: EventStore, experiment: str) -> Verdict:
    """Judge an experiment by the sessions in which anything was chosen."""
    rows = events.rows(
        "SELECT total(team = 'a') - total(team = 'b')"
        " FROM search JOIN shown ON shown.search = search.id"
        " WHERE experiment = ? AND shown.team <> '' AND shown.chosen GROUP BY session",
        experiment,
    )
    leads = [lead for (lead,) in rows]
    won_a, won_b = sum(lead > 0 for lead in leads), sum(lead < 0 for lead in leads)
    enough = needed(won_a, won_b)
    return Verdict(
        won_a,
        won_b,
        len(leads) - won_a - won_b,
        wilson(won_a, won_a + won_b),
        sign_test(won_a, won_b),
        None if enough is None else max(0, enough - won_a - won_b),
    )
