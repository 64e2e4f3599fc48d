"""The Search page: a photograph or a product in, the most similar or the cheaper products out."""

from __future__ import annotations

from search import workspace
from search.ui import address, engines, state
from search.ui.components.common.header import header
from search.ui.components.common.scroll import top_on_change
from search.ui.components.query import start, words
from search.ui.components.results import answer, refine

ABOUT = (
    "A photograph in, the most similar products out, and the cheaper look-alikes one click away."
)

if (link := address.arrive()) is not None:
    start.follow(link)
header("Find what looks like it", "" if state.query() else ABOUT)
view = engines.view(state.current_catalogue())
top_on_change(str(state.times_searched()))
under_minimum = refine.refine(view)
query = state.query()
if query is None:
    words.box()
if query is None and state.settings().words:
    words.listing(view)
elif query is None:
    start.start(view)
else:
    answer.answer(view, query, under_minimum)
address.write_link(view.name if len(workspace.names()) > 1 else "")
engines.warm_up(view)
