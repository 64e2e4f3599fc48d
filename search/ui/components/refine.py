"""The sidebar: how many, which products, how to rank. Moving anything here never encodes."""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from search import money
from search.engine import own_network
from search.engine.filters import FACETS
from search.engine.query import METRICS
from search.engine.rows import METRIC_NOTES
from search.ui import resources, state
from search.ui.settings import MOST_RESULTS, Mode, Sort

_SORTS = {
    Sort.SIMILARITY: "Most similar first",
    Sort.PRICE: "Lowest price first",
    Sort.SAVING: "Largest saving first",
}


def refine(catalogue: str) -> DeltaGenerator:
    """Draw the controls; returns the place under the minimum's slider, for `threshold`."""
    table = resources.loaded(catalogue).table
    currency = _currency(table.currencies)
    settings = state.settings()
    counts = resources.facets(catalogue, settings.filters())
    with st.sidebar:
        st.slider("Results", 1, MOST_RESULTS, **state.bind("k", settings.k))
        st.selectbox(
            "Order",
            list(_SORTS),
            format_func=_SORTS.__getitem__,
            help="Similarity decides which products are shown; this only arranges them.",
            **state.bind("sort", settings.sort),
        )
        for facet, column in FACETS.items():
            _facet(facet, column.capitalize(), counts[facet], getattr(settings, facet))
        if len(table.currencies) > 1:
            st.selectbox(
                "Currency",
                table.currencies,
                help="Prices are never compared across currencies.",
                **state.bind("currency", currency),
            )
        _price_range(settings.price, table.price_range(currency), currency)
        with st.container(gap="xsmall"):
            st.toggle(
                "Show out of stock",
                **state.bind("in_stock", not settings.in_stock, operator.not_),
            )
            st.toggle("Show withdrawn", **state.bind("active", not settings.active, operator.not_))
        st.slider(
            "Minimum similarity",
            0.0,
            1.0,
            step=0.01,
            format="%.2f",
            **state.bind("min_score", settings.min_score / 100, lambda value: round(value * 100)),
        )
        if settings.mode is Mode.CHEAPER and not settings.min_score:
            least = resources.bands(catalogue).same_type
            st.caption(f"At 0, cheaper look-alikes must be of the same type: {least:.2f}.")
        under_minimum = st.container(gap="xxsmall")
        with st.expander("Ranking", icon=":material/tune:", type="compact"):
            st.selectbox(
                "Metric",
                METRICS,
                format_func=str.capitalize,
                **state.bind("metric", settings.metric),
            )
            st.caption(METRIC_NOTES[settings.metric])
            _network(catalogue, settings.network)
        st.button(
            "Clear filters",
            icon=":material/filter_alt_off:",
            type="tertiary",
            on_click=clear_filters,
            disabled=not state.filtered(),
        )
    return under_minimum


def _network(catalogue: str, chosen: str) -> None:
    """A choice of the networks that have encoded everything, and what the others lack."""
    coverage = resources.coverage(catalogue)
    own = own_network(resources.engine(catalogue).catalogue)
    offered = [c.network.name for c in coverage if c.is_complete or c.network.name == own]
    if chosen and chosen not in offered:
        state.change(network="")
        st.rerun()
    titles = {c.network.name: c.network.title for c in coverage}
    if offered:
        st.selectbox(
            "Network",
            offered,
            format_func=titles.__getitem__,
            **state.bind("network", chosen or own, lambda name: "" if name == own else name),
        )
    with st.popover("Other networks", type="tertiary"):
        st.caption("A network is offered here once it has encoded every photograph.")
        for c in coverage:
            if not c.is_complete:
                st.caption(
                    f"**{c.network.title}**: {c.encoded:,} of {c.total:,} photographs. Run  \n"
                    f"`python -m search encode --catalogue {catalogue} --network {c.network.name}`"
                )


def threshold(scores: NDArray[np.float32], passed: int, least: float | None) -> None:
    """Under the minimum's slider: how many pass, and where the scores of all products lie."""
    if not len(scores):
        return
    st.caption(f"{passed:,} of {len(scores):,} pass")
    counts, edges = np.histogram(scores, bins=40, range=(min(0.0, float(scores.min())), 1.0))
    bars = pd.DataFrame(
        {"low": edges[:-1], "high": edges[1:], "height": np.sqrt(counts), "products": counts}
    )
    bars["passes"] = bars["high"] > (least or -1)
    chart = (
        alt.Chart(bars, height=56)
        .mark_bar(orient="vertical")
        .encode(
            x=alt.X("low:Q", axis=None, scale=alt.Scale(domain=[float(edges[0]), 1.0])),
            x2="high:Q",
            y=alt.Y("height:Q", axis=None),
            opacity=alt.condition("datum.passes", alt.value(0.9), alt.value(0.25)),
            tooltip=[
                alt.Tooltip("low:Q", title="Similarity from", format=".2f"),
                alt.Tooltip("products:Q", title="Products"),
            ],
        )
        .configure_view(strokeWidth=0)
    )
    st.altair_chart(chart, alt=f"Similarities of all products; {passed} of {len(scores)} pass")


def clear_filters() -> None:
    """Let everything through again (a callback)."""
    state.put(state.settings().unfiltered())


def _currency(present: Sequence[str]) -> str:
    """The currency that prices are bounded in; a choice only where the catalogue has several."""
    chosen = state.settings().currency
    if len(present) > 1:
        if chosen not in present:
            state.change(currency=present[0])
        return state.settings().currency
    if chosen:
        state.change(currency="")
    return next(iter(present), "")


def _facet(facet: str, label: str, counts: Mapping[str, int], chosen: frozenset[str]) -> None:
    """A choice of names with the number of products each would leave; none means any."""
    options = sorted(counts.keys() | chosen, key=lambda name: (-counts.get(name, 0), name))
    if options:
        st.multiselect(
            label,
            options,
            format_func=lambda name: f"{name} · {counts.get(name, 0):,}",
            placeholder="Any",
            **state.bind(facet, sorted(chosen), frozenset),
        )


def _price_range(
    chosen: tuple[int, int] | None, bounds: tuple[int, int] | None, currency: str
) -> None:
    """A range of prices in whole units; one that leaves every price in is no bound."""
    if bounds is None:
        return
    unit = 10 ** money.exponent(currency)
    low, high = bounds[0] // unit, -(-bounds[1] // unit)
    if low == high:
        return
    ends = (low, high) if chosen is None else (chosen[0] // unit, -(-chosen[1] // unit))
    shown = (min(high, max(low, ends[0])), min(high, max(low, ends[1])))

    def read(picked: tuple[int, int]) -> tuple[int, int] | None:
        return None if picked == (low, high) else (picked[0] * unit, picked[1] * unit)

    st.slider(
        f"Price in {currency}",
        low,
        high,
        help="Products without a price are left out as soon as this is moved.",
        **state.bind("price", shown, read),
    )
