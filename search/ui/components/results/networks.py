"""Two networks on one query: the switch between them, and both answers side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from search.engine import SearchResult
from search.insight.comparison import ComparedHit, compare
from search.network.registry import Network
from search.ui import engines, state
from search.ui.components.common import text, tiles
from search.ui.engines import Networks, View

SHOWN = 6
DEPTH = 24  # places in which the other network's rank is looked for


def switch(view: View) -> None:
    """Offer the networks at hand and their comparison; nothing where there is only one."""
    networks = engines.networks(view)
    offered, settings = [network.name for network in networks.offered], state.settings()
    if len(offered) < 2:
        return
    titles = {network.name: network.title for network in networks.offered}
    chosen = settings.network or networks.own
    st.segmented_control(
        "Network",
        offered,
        format_func=titles.__getitem__,
        required=True,
        label_visibility="collapsed",
        wrap=True,
        **state.bind(
            "network", chosen, lambda name: "" if name == networks.own else name, place="_here"
        ),
    )
    others = [name for name in offered if name != chosen]
    if len(others) == 1:
        st.toggle(
            "Compare networks",
            help="Both networks' answers to this query, side by side.",
            **state.bind("beside", bool(settings.beside), lambda on: others[0] if on else ""),
        )
    else:
        st.selectbox(
            "Compare networks",
            ["", *others],
            format_func=lambda name: titles.get(name, "Compare with no other network"),
            label_visibility="collapsed",
            **state.bind("beside", beside(view) or ""),
        )


def beside(view: View) -> str | None:
    """Name the network to compare the chosen one with; None where that is not wanted."""
    networks, settings = engines.networks(view), state.settings()
    chosen = settings.network or networks.own
    others = [network.name for network in networks.offered if network.name != chosen]
    if not settings.beside or not others:
        return None
    return settings.beside if settings.beside in others else others[0]


def side_by_side(view: View, other: str, search: Callable[[View], SearchResult]) -> None:
    """Draw both networks' best; `search` asks a view the query.

    :raises SearchError: with a sentence for the user.
    """
    networks = engines.networks(view)
    views = view, engines.view(view.name, "" if other == networks.own else other)
    first, second = (search(each) for each in views)
    both = compare(first, second, SHOWN)
    st.markdown(f"**{both.common} of the first {SHOWN} are found by both networks**")
    for column, each, result, found in zip(
        st.columns(2, gap="large"), views, (first, second), (both.first, both.second), strict=True
    ):
        with column:
            _ranking(view, each.engine.extractor.network, networks, result, found)


def _ranking(
    view: View,
    network: Network,
    networks: Networks,
    result: SearchResult,
    found: Sequence[ComparedHit],
) -> None:
    """Draw one network's title, what it costs, and its best."""
    st.markdown(f"### {text.plain(network.title)}", anchors=False)
    encoded = f"encoded in {result.encode_ms:.0f} ms" if result.encode_ms else "nothing to encode"
    stored = f"{networks.stored(network.name) / 1e6:.1f} MB on disk"
    st.caption(" · ".join([encoded, f"{network.feature_size:,} numbers a feature", stored]))
    if result.nothing_similar:
        st.caption("Nothing here is similar; these are only the closest.")
    grid = tiles.tile_grid()
    for each in found:
        hit = each.hit
        with grid.container(gap="xsmall", key=f"tile_{network.name}_{hit.product.id}"):
            tiles.product_tile(
                view,
                hit.product,
                hit.photo,
                opens=f"{network.name}_{hit.product.id}",
                alt=f"{network.title}, {hit.rank}: {text.title(hit.product)}, "
                f"similarity {text.score(hit.score)}, {moved(each)}",
                notes=[" · ".join(filter(None, [text.score(hit.score), hit.band])), moved(each)],
            )


def moved(each: ComparedHit) -> str:
    """Word where the other network ranks a product."""
    if each.moved is None:
        return f"not in the other {DEPTH}"
    if each.moved == 0:
        return "same place"
    return f"{'▲' if each.moved > 0 else '▼'} {abs(each.moved)} · other: {each.elsewhere}"
