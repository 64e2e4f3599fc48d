"""Charts of what customers do with the results."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from search.feedback.analytics import Day
from search.feedback.intervals import Share


def by_position(shares: Sequence[tuple[int, Share]]) -> alt.LayerChart:
    """Draw the share of shown products that were chosen, by position, with 95% intervals."""
    rows = pd.DataFrame(
        [
            {
                "position": position,
                "chosen": share.value,
                "low": share.low,
                "high": share.high,
                "told": f"{share.hits:,} of {share.trials:,}",
            }
            for position, share in shares
        ]
    )
    across = alt.X("position:O", title="Position", axis=alt.Axis(labelAngle=0))
    base = alt.Chart(rows).encode(x=across)
    intervals = base.mark_rule().encode(
        y=alt.Y("low:Q", title="Chosen", axis=alt.Axis(format="%")), y2="high:Q"
    )
    points = base.mark_point(filled=True, size=70).encode(
        y="chosen:Q",
        tooltip=[
            alt.Tooltip("position:O", title="Position"),
            alt.Tooltip("chosen:Q", title="Chosen", format=".1%"),
            alt.Tooltip("low:Q", title="At least", format=".1%"),
            alt.Tooltip("high:Q", title="At most", format=".1%"),
            alt.Tooltip("told:N", title="Chosen of shown"),
        ],
    )
    return intervals + points


def by_day(days: Sequence[Day]) -> alt.Chart:
    """Draw the searches of each day: those that led to a choice, those that found nothing."""
    rows = pd.DataFrame(
        [
            {"day": day.day, "what": what, "searches": count}
            for day in days
            for what, count in (
                ("All searches", day.searches),
                ("Led to a choice", day.chosen),
                ("Nothing similar", day.nothing_similar + day.no_result),
            )
        ]
    )
    return (
        alt.Chart(rows)
        .mark_line(point=True)
        .encode(
            x=alt.X("day:T", title=None),
            y=alt.Y("searches:Q", title="Searches a day"),
            color=alt.Color("what:N", title=None, legend=alt.Legend(orient="top")),
            tooltip=["day:T", "what:N", "searches:Q"],
        )
    )
