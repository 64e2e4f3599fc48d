"""Simulated customers whose preferences are known, so that what is measured can be told right."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from search.feedback.events import Action, Search, Shown
from search.feedback.interleaving import TEAMS, team_draft

# How often a customer looks at each position (the position-based click model: Craswell, Zoeter,
# Taylor and Ramsey, "An experimental comparison of click position-bias models", 2008).
LOOKED = np.array([0.9, 0.7, 0.55, 0.45, 0.35, 0.3, 0.25, 0.2])


def search(session: str, number: int, shown: Sequence[Shown], at: float, **more: object) -> Search:
    return Search(
        id=f"search-{number:08d}",
        session=session,
        asked="product",
        mode="similar",
        nothing_similar=False,
        network="fake-0",
        shown=tuple(shown),
        product="P00",
        at=at,
        **more,
    )


def clicks(
    found: Search, liking: Sequence[float], rng: np.random.Generator, kind: str = "click"
) -> list[Action]:
    """What is chosen of an answer: a position must be looked at, and its product be liked."""
    chance = LOOKED[: len(liking)] * np.asarray(liking)
    chosen = np.flatnonzero(rng.random(len(liking)) < chance)
    return [
        Action(kind, found.session, found.shown[n].product, found.id, found.at + 1) for n in chosen
    ]


def interleaved(
    sessions: int, good_a: float, good_b: float, *, seed: int = 0, start: float = 1.7e9
) -> list[Search | Action]:
    """Sessions whose customers like the products of setting a and b with these chances."""
    rng = np.random.default_rng(seed)
    events: list[Search | Action] = []
    for number in range(sessions):
        rankings = tuple(
            [f"{team}{n}" if rng.random() < 0.5 else f"x{n}" for n in range(8)] for team in TEAMS
        )
        session = f"session-{number:08d}"
        drafted = team_draft(rankings, 8, session)
        shown = [Shown(place, item, team=team) for place, (item, team) in enumerate(drafted, 1)]
        found = search(session, number, shown, start + number, experiment="colour")
        liking = [{"a": good_a, "b": good_b, "x": 0.3}[item[0]] for item, _ in drafted]
        events += [found, *clicks(found, liking, rng)]
    return events
