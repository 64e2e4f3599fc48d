"""Where a match comes from: both pictures coloured, what the colours mean, and the figures."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from search.engine import explain
from search.ui.components.common import text
from search.ui.pictures import Heat, Matched

_STOPS = "transparent, " + ", ".join(f"rgb{colour}" for colour in explain.SCALE[1:])
_LEGEND = """
<div style="font-size: .85rem">
  <div style="height: .7rem; border-radius: 4px; border: 1px solid rgba(128, 128, 128, .5);
    background: linear-gradient(90deg, STOPS)"></div>
  <div style="display: flex; justify-content: space-between; gap: 1rem">
    <span>LOW</span><span style="text-align: right">HIGH</span>
  </div>
</div>
"""


def coloured(why: Matched) -> tuple[bytes, bytes]:
    """Give both pictures with their colours."""
    return why.query.picture, why.result.picture


def legend(why: Matched) -> None:
    """Say what the colours and the outlines mean, and give the share of every cell."""
    low, high = f"mean cell: {why.mean:.3f}", f"strongest cell: {why.most:.3f}"
    st.html(_LEGEND.replace("STOPS", _STOPS).replace("LOW", low).replace("HIGH", high))
    score = text.score(why.score)
    st.caption(
        f"Each picture is seen as {why.query.shares.size} cells. Their shares add up to {score}, "
        "the similarity of these two pictures; those up to the mean share have no colour. The "
        f"outlined part adds {_part(why.query, why.score)} in the query and "
        f"{_part(why.result, why.score)} in the result."
    )
    with st.expander("Every cell in numbers", type="compact"):
        for place, heat, words in zip(
            st.columns(2, gap="medium"),
            (why.query, why.result),
            ("the query", "the result"),
            strict=True,
        ):
            with place:
                st.table(_grid(heat), border="horizontal", hide_index=True, hide_header=True)
                total = text.score(float(heat.shares.sum()))
                st.caption(f"The cells of {words}, as they lie; together {total}.")


def _part(heat: Heat, score: float) -> str:
    share = f" ({heat.outlined / score:.0%})" if score > 0 else ""
    return f"{heat.outlined:.3f}{share}"


def _grid(heat: Heat) -> pd.DataFrame:
    """Make a table of the shares as they lie in the picture."""
    rows = [[f"{share:.3f}" for share in row] for row in heat.shares.tolist()]
    return pd.DataFrame(rows, columns=[str(n + 1) for n in range(heat.shares.shape[1])])
