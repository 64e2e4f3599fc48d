"""Judge: two rankings of one query without their names, to say which is better."""

from __future__ import annotations

import streamlit as st

from search.engine import Filters, Options, Query, SearchResult
from search.errors import SearchError
from search.feedback import judgements
from search.feedback.judgements import DEPTH, Comparison
from search.feedback.recorder import recorder_of
from search.feedback.settings import Setting, offered
from search.network import registry
from search.ui import boundary, engines, pictures, state
from search.ui.components.common import actor, notices, text
from search.ui.components.common.header import header
from search.ui.components.common.tiles import product_tile, tile_grid

Shown = tuple[list[str], list[str]]  # the products of the first setting, and of the second


def named(setting: Setting) -> str:
    """Call a setting as people do."""
    if setting.network:
        return f"Network: {registry.get(setting.network).title}"
    if setting.colour:
        return f"Colour counts {setting.colour:.0%}"
    return "As usual" if setting.metric == "cosine" else f"Metric: {setting.metric}"


def answer(setting: Setting, product: str) -> SearchResult:
    """Search by a product as a setting says.

    :raises SearchError: the setting cannot answer.
    """
    looked = engines.view(state.current_catalogue(), setting.network)
    return looked.search(Query(product=product), Filters(), setting.of(Options(k=DEPTH)))


@boundary.reported
def decide(query: str, shown: Shown, better: judgements.Better) -> None:
    """Note which ranking is better, and what was thumbed (a callback)."""
    for product in {*shown[0], *shown[1]}:
        thumb = st.session_state.get(f"judge_{query}_{product}")
        if thumb is not None:
            judgements.judge_product(events, judge, query, product, good=bool(thumb))
    judgements.prefer(events, judge, query, (first.name, second.name), shown, better)


@boundary.reported
def skip() -> None:
    """Go on to another query (a callback)."""
    st.session_state["judge_skipped"] = st.session_state.get("judge_skipped", 0) + 1


def ranking(query: str, title: str, result: SearchResult, judged: list[str]) -> None:
    """Draw one ranking, each product with two thumbs; one that is judged elsewhere without."""
    st.header(title, anchor=False)
    with tile_grid() as grid:
        for hit in result.hits:
            with grid.container(key=f"tile_{title}_{hit.product.id}"):
                product_tile(view, hit.product, hit.photo)
                if hit.product.id in judged:
                    st.caption("Judged on the left.")
                else:
                    st.feedback("thumbs", key=f"judge_{query}_{hit.product.id}")


def table(found: list[Comparison]) -> None:
    """Draw how two settings compare."""
    rows = [
        {
            "Judge": each.judge,
            "Queries": each.queries,
            f"{named(first)} better": each.won_a,
            f"{named(second)} better": each.won_b,
            "Preference": f"{each.preferred.value:.0%} ({each.preferred.low:.0%}"
            f" to {each.preferred.high:.0%})",
            "p": round(each.p_value, 3),
            f"P@{DEPTH}, {named(first)}": _precision(each, "a"),
            f"P@{DEPTH}, {named(second)}": _precision(each, "b"),
        }
        for each in found
    ]
    st.dataframe(rows, hide_index=True)
    everybody = found[0]
    if everybody.p_value >= 0.05 and everybody.more:
        st.caption(f"Some {everybody.more:,} more decided queries would tell which is better.")


def _precision(each: Comparison, team: str) -> str:
    share = each.precise_a if team == "a" else each.precise_b
    if not share.trials:
        return "–"
    return f"{share.value:.0%} ({share.low:.0%} to {share.high:.0%})"


header("Judge", "Two rankings of one query, without their names: which is better?")
view = engines.view(state.current_catalogue())
events = recorder_of(view.catalogue.folder).store
networks = [
    network.name
    for fingerprint in view.catalogue.fingerprints()
    if (network := registry.named_in(fingerprint)) is not None
    and fingerprint != view.engine.extractor.fingerprint
]
settings = offered(networks)
with st.container(horizontal=True, vertical_alignment="bottom"):
    one = st.selectbox("Compare", settings, 0, format_func=named, key="judge_a", width=260)
    other = st.selectbox("with", settings, 2, format_func=named, key="judge_b", width=260)
    actor.ask_name()
if one == other:
    notices.empty("balance", "Choose two settings that differ", "Then two rankings appear here.")
    st.stop()
first, second = sorted((one, other), key=lambda setting: setting.name)
judge = actor.actor().name
query = judgements.next_query(
    events,
    judge,
    (first.name, second.name),
    [product.id for product in view.products if product.active and view.main_photo(product.id)],
    st.session_state.get("judge_skipped", 0),
)
if query is None:
    notices.empty("done_all", "Every product was judged", "What was found is below.")
else:
    try:
        results = answer(first, query), answer(second, query)
    except SearchError as error:
        notices.error(error)
        st.stop()
    found = [[hit.product.id for hit in result.hits] for result in results]
    exchanged = judgements.exchanged(judge, query)
    left, right = (1, 0) if exchanged else (0, 1)
    asked = view.product(query)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.image(pictures.product_picture(view, query), width=140, alt=text.title(asked))
        with st.container():
            st.markdown(f"**{text.plain(text.title(asked))}**")
            st.caption("What would a customer who looks at this want to see?")
    both = st.columns(2, gap="large")
    with both[0]:
        ranking(query, "Left", results[left], [])
    with both[1]:
        ranking(query, "Right", results[right], found[left])
    with st.container(horizontal=True, horizontal_alignment="center"):
        for label, better in (
            ("Left is better", "b" if exchanged else "a"),
            ("Equally good", "equal"),
            ("Right is better", "a" if exchanged else "b"),
        ):
            st.button(label, on_click=decide, args=(query, (found[0], found[1]), better))
        st.button("Skip", on_click=skip, type="tertiary")

compared = judgements.comparisons(events, first.name, second.name)
if compared:
    st.header("What was found", anchor=False)
    table(compared)
    agreed = judgements.agreement(events)
    if agreed.beyond_chance is not None:
        st.caption(
            f"Judges agree on {agreed.same.value:.0%} of what two of them judged "
            f"({agreed.beyond_chance:.2f} beyond chance, where 1 is always)."
        )
