"""The sidebar: how many, which products, how to rank. Moving anything here never encodes."""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from search import money
from search.engine import SearchResult
from search.engine.filters import FACETS
from search.engine.query import METRICS, Order
from search.engine.rows import METRIC_NOTES
from search.plural import counted
from search.ui import engines, roles, state
from search.ui.components.common import notices, text
from search.ui.components.query import query_card
from search.ui.engines import View
from search.ui.settings import COLOUR_SHARES, PER_CENT, RESULTS, Settings

BINS_A_BAR = 2  # of the result's histogram: a bar is 0.02 of similarity wide

_ORDERS: Mapping[Order, str] = {
    "similarity": "Most similar first",
    "price": "Lowest price first",
    "saving": "Largest saving first",
}


def refine(view: View) -> DeltaGenerator:
    """Draw the controls; give the place under the minimum's slider, for `threshold`."""
    currency = _currency(view.table.currencies)
    settings = state.settings()
    with st.sidebar:
        st.slider("Results", RESULTS.low, RESULTS.high, **state.bind("k", settings.k))
        priced = query_card.can_save(view, state.query())
        st.selectbox(
            "Order",
            settings.orders(priced=priced),
            format_func=_orders(settings).__getitem__,
            help="By a photograph or a product, similarity decides which products are shown, and "
            "this only arranges them.",
            **state.bind("sort", settings.order(priced=priced)),
        )
        _filters(view, settings, currency)
        _colour(view, settings)
        st.slider(
            "Minimum similarity",
            PER_CENT.low / 100,
            PER_CENT.high / 100,
            step=PER_CENT.step / 100,
            format="%.2f",
            **state.bind("min_score", settings.min_score / 100, lambda value: value * 100),
        )
        under_minimum = st.container(gap="xxsmall")
        with st.expander("Ranking", icon=":material/tune:", type="compact"):
            _ranking(view, settings)
        st.button(
            "Clear filters",
            icon=":material/filter_alt_off:",
            type="tertiary",
            on_click=clear_filters,
            disabled=not state.filtered(),
        )
    return under_minimum


def _orders(settings: Settings) -> Mapping[Order, str]:
    """Word the orders; by words alone nothing is similar."""
    if state.query() is None and settings.words:
        return {**_ORDERS, "similarity": "Best match first"}
    return _ORDERS


def _filters(view: View, settings: Settings, currency: str) -> None:
    """Draw what narrows the products down: their facets, their price, whether they can be sold."""
    counts = view.table.facets(settings.filters())
    for facet, column in FACETS.items():
        _facet(facet, column.capitalize(), counts[facet], getattr(settings, facet))
    if len(view.table.currencies) > 1:
        st.selectbox(
            "Currency",
            view.table.currencies,
            help="Prices are never compared across currencies.",
            **state.bind("currency", currency),
        )
    _price_range(settings.price, view.table.price_range(currency), currency)
    with st.container(gap="xsmall"):
        st.toggle(
            "Show out of stock", **state.bind("in_stock", not settings.in_stock, operator.not_)
        )
        if not roles.is_shop():
            st.toggle("Show withdrawn", **state.bind("active", not settings.active, operator.not_))


def _colour(view: View, settings: Settings) -> None:
    """Ask how much colours count; where they cannot, say why."""
    reason = ""
    if settings.metric != "cosine":
        reason = "Colour is weighed beside the metric Cosine alone: choose it under Ranking."
    elif not engines.has_colours(view):
        reason = "No colours are saved in this catalogue yet: run `python -m search encode`."
    st.slider(
        "Weight of colour",
        COLOUR_SHARES.low,
        COLOUR_SHARES.high,
        format="%d%%",
        disabled=bool(reason),
        **state.bind("colour_share", settings.colour_share),
    )
    st.caption(reason or "How much colours count in the similarity; the rest is the network's.")


def _ranking(view: View, settings: Settings) -> None:
    """Draw how photographs are compared: the metric and the network."""
    st.selectbox(
        "Metric", METRICS, format_func=str.capitalize, **state.bind("metric", settings.metric)
    )
    st.caption(METRIC_NOTES[settings.metric])
    _network(view, settings.network)


def _network(view: View, chosen: str) -> None:
    """Offer the networks that have encoded everything, and say what the others lack."""
    networks = engines.networks(view)
    coverage, own = networks.coverage, networks.own
    offered = [network.name for network in networks.offered]
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
                    f"`python -m search encode --catalogue {view.name} --network {c.network.name}`"
                )


def threshold(result: SearchResult) -> None:
    """Say how many products pass, and draw where the scores of all of them lie."""
    if result.histogram is None or not result.eligible:
        return
    # What is drawn are the scores with their share of colour; a look-alike's floor is without it.
    weighed = bool(state.settings().colour_share) and result.look_alike is not None
    least = None if weighed else result.least
    st.caption(f"{result.passed:,} of {result.eligible:,} pass")
    if result.look_alike is not None and result.least is not None:
        by = " by the network alone" if weighed else ""
        words = f"At 0, look-alikes are of the {result.look_alike}: from {result.least:.2f} on{by}."
        st.caption(words)
    edges = np.linspace(-1, 1, len(result.histogram) // BINS_A_BAR + 1)
    counts = result.histogram.reshape(-1, BINS_A_BAR).sum(axis=1)
    shown = slice(min(int(np.flatnonzero(counts)[0]), len(counts) // 2), None)
    low, high, counts = edges[:-1][shown], edges[1:][shown], counts[shown]
    passes = high > (-1 if least is None else least)
    words = f"Similarities of all products; {result.passed} of {result.eligible} pass"
    st.html(_histogram(low, high, counts, passes, words))


def _histogram(
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    counts: NDArray[np.int64],
    passes: NDArray[np.bool_],
    words: str,
) -> str:
    """Draw bars, each as high as the root of its count, pale where they do not pass, in HTML.

    A chart of Streamlit's would be made anew at every press, which takes longer than the search.
    """
    heights = 100 * np.sqrt(counts / counts.max())
    bars = [
        f'<i style="height: {tall:.1f}%; opacity: {0.9 if passes[at] else 0.25}"'
        f' title="{low[at]:.2f} to {high[at]:.2f}: {counted(int(counts[at]), "product")}"></i>'
        for at, tall in enumerate(heights)
    ]
    return f'<div class="similarities" role="img" aria-label="{words}">{"".join(bars)}</div>'


def nothing_passes(result: SearchResult | None = None) -> None:
    """Say that no product is left, how many the minimum similarity hides, and what to do."""
    words = "Take a filter off, widen the price range or lower the minimum similarity."
    if result is not None and result.eligible and result.least is not None:
        hidden = counted(result.eligible, "product")
        words = f"The minimum similarity of {result.least:.2f} hides {hidden}: lower it."
    notices.empty("filter_alt_off", "No product passes", words)
    clear_here()


def nothing_found(words: str) -> None:
    """Say that the words find no product, and what to do."""
    notices.empty(
        "search_off",
        "No product is found by these words",
        f"None that passes the filters has all of “{text.plain(words)}”: use fewer or other words, "
        "or take a filter off.",
    )
    clear_here()


def clear_here() -> None:
    """Draw a button that takes all filters off."""
    st.button("Clear filters", on_click=clear_filters, key="clear_here")


def clear_filters() -> None:
    """Let everything through again (a callback)."""
    state.put(state.settings().unfiltered())


def _currency(present: Sequence[str]) -> str:
    """Give the currency that prices are bounded in; it is the user's choice only among several."""
    chosen = state.settings().currency
    if len(present) > 1:
        if chosen not in present:
            state.change(currency=present[0])
        return state.settings().currency
    if chosen:
        state.change(currency="")
    return next(iter(present), "")


def _facet(facet: str, label: str, counts: Mapping[str, int], chosen: frozenset[str]) -> None:
    """Offer names with the number of products each would leave; none means any."""
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
    """Ask for a range of prices in whole units; one that leaves every price in bounds nothing."""
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
        f"Price in {text.plain(currency)}",
        low,
        high,
        help="Products without a price are left out as soon as this is moved.",
        **state.bind("price", shown, read),
    )
