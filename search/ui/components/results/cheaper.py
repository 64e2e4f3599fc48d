"""The cheaper look-alikes: what is saved, at what similarity, and which to look at first."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from search import money
from search.engine import Price, SearchResult
from search.errors import SearchError
from search.insight.trade_off import undominated
from search.ui import state
from search.ui.components.common import notices, text
from search.ui.engines import View
from search.ui.settings import MONEY, SAVINGS


def cheaper_controls(view: View, known: Price | None) -> None:
    """Ask for the price to beat and the least saving worth showing."""
    settings = state.settings()
    table = view.table
    try:
        currency = table.currency(settings.currency)
    except SearchError:
        currency = settings.currency
    if not currency:
        return
    decimals = money.exponent(currency)
    unit = 10**decimals
    shown = settings.to_beat if settings.to_beat is not None else known and known.amount
    price, saving = st.columns(2, gap="large")
    with price:
        st.number_input(
            f"Price to beat in {text.plain(currency)}",
            min_value=float(MONEY.low),
            max_value=MONEY.high / unit,
            step=1 / unit,
            format=f"%.{decimals}f",
            placeholder="The closest match's price",
            help="The price of what the customer has in hand. Left empty for a photograph, "
            "the price of the closest match is taken.",
            **state.bind(
                "to_beat",
                None if shown is None else shown / unit,
                lambda typed: None if typed is None else typed * unit,
            ),
        )
    with saving:
        st.slider(
            "Save at least",
            SAVINGS.low,
            SAVINGS.high,
            step=SAVINGS.step,
            format="%d%%",
            **state.bind("min_saving", settings.min_saving),
        )


def cheaper_summary(view: View, result: SearchResult) -> None:
    """Say how much can be saved at most, and compared with what."""
    reference = result.reference
    if reference is None:
        return
    amount = text.plain(text.price(reference.amount, reference.currency))
    if reference.source == "typed":
        against = f"the price you typed, **{amount}**"
    else:
        product = view.product(reference.source)
        against = f"**{text.plain(text.title(product))}** at **{amount}**"
    savings = [hit.saving for hit in result.hits if hit.saving is not None]
    if not savings:
        notices.empty(
            "verified",
            "Nothing close enough is cheaper",
            "Good news for this product: no look-alike undercuts it. "
            "To look further, lower the minimum saving or set a minimum similarity of your own.",
        )
        st.caption(f"Compared with {against}")
        return
    most = max(savings)
    saved = text.plain(text.price(most, reference.currency))
    st.markdown(
        f"#### Save up to :green[{saved}] ({text.share_saved(most, reference)}%)", anchors=False
    )
    st.caption(f"Compared with {against}")


def trade_off(result: SearchResult) -> None:
    """Chart similarity against saving; choosing a point opens that product beside the query."""
    reference = result.reference
    if reference is None or len(result.hits) < 2:
        return
    best = undominated(result.hits)
    points = pd.DataFrame(
        [
            {
                "id": hit.product.id,
                "name": text.title(hit.product),
                "price": text.price(hit.product.price, hit.product.currency),
                "saves": text.price(hit.saving, reference.currency),
                "share": (hit.saving or 0) / reference.amount,
                "similarity": hit.score,
                "worth": "Best trade-off" if hit.product.id in best else "Another is better",
            }
            for hit in result.hits
            if hit.saving is not None and reference.amount
        ]
    )
    if points.empty:
        return
    st.caption(
        "Each point is a product. Where a point is marked as a best trade-off, "
        "nothing else here is both more similar and cheaper. Choose one to compare."
    )
    st.altair_chart(
        _chart(points),
        key="trade_off",
        on_select=_chosen,
        selection_mode="product",
        alt=f"{len(points)} products by saving and similarity; {len(best)} are best trade-offs",
    )


def _chart(points: pd.DataFrame) -> Any:
    chosen = alt.selection_point(name="product", fields=["id"], on="click", empty=False)
    x = alt.X("share:Q", title="Saving", axis=alt.Axis(format="%", grid=False))
    y = alt.Y(
        "similarity:Q",
        title="Similarity",
        scale=alt.Scale(zero=False, nice=True),
        axis=alt.Axis(format=".2f"),
    )
    base = alt.Chart(points, height=280).encode(x=x, y=y)
    line = (
        base.transform_filter("datum.worth == 'Best trade-off'")
        .mark_line(interpolate="step-before", strokeDash=[4, 4], opacity=0.5)
        .encode(order="share:Q")
    )
    dots = base.mark_point(filled=True, cursor="pointer").encode(
        shape=alt.Shape(
            "worth:N",
            title=None,
            scale=alt.Scale(
                domain=["Best trade-off", "Another is better"], range=["diamond", "circle"]
            ),
            legend=alt.Legend(orient="top"),
        ),
        size=alt.condition("datum.worth == 'Best trade-off'", alt.value(190), alt.value(90)),
        opacity=alt.condition("datum.worth == 'Best trade-off'", alt.value(1), alt.value(0.4)),
        tooltip=[
            alt.Tooltip("name:N", title="Product"),
            alt.Tooltip("price:N", title="Price"),
            alt.Tooltip("saves:N", title="Saves"),
            alt.Tooltip("similarity:Q", title="Similarity", format=".3f"),
        ],
    )
    return alt.layer(line, dots.add_params(chosen))


def _chosen() -> None:
    event = state.value("trade_off")
    picked = event.selection.get("product") if event else None
    if picked:
        state.open_product(str(picked[0]["id"]))
