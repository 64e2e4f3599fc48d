"""The cheaper look-alikes: what is saved, at what similarity, and which to look at first."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from search import money
from search.engine import Price, SearchResult
from search.engine.filters import SAVES_TOO_LITTLE
from search.engine.look_alikes import SAME_STYLE
from search.errors import SearchError
from search.insight.trade_off import undominated
from search.plural import counted
from search.ui import leads, state
from search.ui.components.common import notices, text
from search.ui.engines import View
from search.ui.settings import SAVINGS, TO_BEAT


def cheaper_controls(view: View, known: Price | None) -> None:
    """Ask for the price to beat and the least saving worth showing, behind a button."""
    settings = state.settings()
    try:
        currency = view.table.currency(settings.currency)
    except SearchError:
        currency = settings.currency
    if not currency:
        return
    shown = settings.to_beat
    if shown is None and known is not None:
        shown = known.amount
    words = "Price to beat"
    if shown is not None:
        words += f": {text.price(shown, currency)}"
    if settings.min_saving:
        words += f", save at least {settings.min_saving}%"
    with st.popover(text.plain(words), icon=":material/sell:", key="price_to_beat"):
        _price_to_beat(currency, shown)
        st.slider(
            "Save at least",
            SAVINGS.low,
            SAVINGS.high,
            step=SAVINGS.step,
            format="%d%%",
            **state.bind("min_saving", settings.min_saving),
        )


def _price_to_beat(currency: str, shown: int | None) -> None:
    decimals = money.exponent(currency)
    unit = 10**decimals
    most = max(TO_BEAT.high, shown or 0)  # a product of the catalogue may be dearer still

    st.number_input(
        f"Price to beat in {text.plain(currency)}",
        min_value=float(TO_BEAT.low),
        max_value=most / unit,
        step=1 / unit,
        format=f"%.{decimals}f",
        placeholder="The closest match's price",
        help="The price of what the customer has in hand. Left empty for a photograph, "
        "the price of the closest match is taken.",
        **state.bind(
            "to_beat",
            None if shown is None else shown / unit,
            lambda typed: None if typed is None else round(typed * unit),
        ),
    )


def cheaper_summary(view: View, result: SearchResult, place: DeltaGenerator) -> None:
    """Say how much can be saved, in a place beside the controls, and compared with what.

    A saving is only promised on what looks the same, not on all that is of the same type.
    """
    reference = result.reference
    if reference is None:
        return
    amount = text.plain(text.price(reference.amount, reference.currency))
    if reference.source == "typed":
        against = f"the price you typed, **{amount}**"
    else:
        product = view.product(reference.source)
        against = f"**{text.plain(text.title(product))}** at **{amount}**"
    if not result.hits:
        _nothing_cheaper(result)
    else:
        with place:
            st.markdown(f"### {_headline(result, reference)}", anchors=False)
    st.caption(f"Compared with {against}")


def _headline(result: SearchResult, reference: Price) -> str:
    """Word what can be saved on what looks the same, and how many others there are."""
    savings = [hit.saving for hit in result.hits if hit.band in SAME_STYLE and hit.saving]
    of_type = " of the same type" if result.look_alike == "same type" else ""
    if not savings:
        number = counted(result.passed, "product") + of_type
        cheapest = min(hit.product.price or 0 for hit in result.hits)
        lowest = text.plain(text.price(cheapest, reference.currency))
        return f"{number} for less, from :green[{lowest}]"
    most = max(savings)
    saved = text.plain(text.price(most, reference.currency))
    words = f"Save up to :green[{saved}] ({text.share_saved(most, reference)}%)"
    others = result.passed - len(savings)
    if result.look_alike == "same style" or not others:
        return words
    return f"{words} on the same style; {others:,} more{of_type}"


def _nothing_cheaper(result: SearchResult) -> None:
    """Say that nothing close enough is cheaper, and what was left out by which minimum."""
    left_out = []
    if result.eligible and result.least is not None:
        left_out.append(
            f"{counted(result.eligible, 'cheaper product')} less similar than {result.least:.2f}"
        )
    if number := result.hidden.get(SAVES_TOO_LITTLE):
        left_out.append(
            f"{counted(number, 'look-alike')} saving less than {state.settings().min_saving}%"
        )
    words = "Good news for this product: no look-alike undercuts it. "
    if left_out:
        words = f"Left out: {' and '.join(left_out)}. "
    notices.empty(
        "verified",
        "Nothing close enough is cheaper",
        words
        + "To look further, lower the minimum saving or set a minimum similarity of your own.",
    )


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
                "worth": "Best trade-off" if hit.product.id in best else "Other",
            }
            for hit in result.hits
            if hit.saving is not None and reference.amount
        ]
    )
    if points.empty:
        return
    st.markdown("### Similarity against saving", anchors=False)
    st.caption(
        "Each point is a product. Where a point is marked as a best trade-off, "
        "nothing else here of its type is both more similar and cheaper. Choose one to compare."
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
            scale=alt.Scale(domain=["Best trade-off", "Other"], range=["diamond", "circle"]),
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
        leads.compare_product(str(picked[0]["id"]))
