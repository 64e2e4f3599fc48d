"""What telling of a search costs it, and how soon 100,000 events are summed up."""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

from search.engine import Options, Query, SearchEngine, own_network
from search.feedback import analytics
from search.feedback.events import Action, Search, Shown
from search.feedback.recorder import Recorder
from search.feedback.store import EventStore
from search.network.extractor import extractor_for
from search.workspace import open_catalogue

EVENTS, SHOWN, PRODUCTS, ROUNDS = 100_000, 12, 5_000, 400


def main(argv: list[str] | None = None) -> int:
    """Print milliseconds of a search with and without telling of it, and seconds of the page."""
    with tempfile.TemporaryDirectory() as home:
        _telling(Path(home))
    with tempfile.TemporaryDirectory() as home:
        _summing_up(Path(home))
    return 0


def _telling(home: Path) -> None:
    """By turns: a search by product, and the same told of; the demo catalogue."""
    import os

    os.environ["SEARCH_HOME"] = str(home)
    catalogue = open_catalogue()
    engine = SearchEngine(catalogue, extractor_for(own_network(catalogue)))
    names = [product.id for product in engine.loaded().snapshot.products]
    recorder = Recorder(home)
    searches, tellings = [], []
    for n in range(ROUNDS):
        query = Query(product=names[n % len(names)])
        started = time.perf_counter()
        result = engine.search(query, None, Options(k=SHOWN))
        searched = time.perf_counter()
        recorder.record(Search.of(query, result, session="visit-000001"))
        tellings.append(time.perf_counter() - searched)
        searches.append(searched - started)
    recorder.close()
    search, telling = (statistics.median(each) * 1000 for each in (searches, tellings))
    worst = statistics.quantiles(tellings, n=100)[-1] * 1000
    print(f"a search by product {search:.2f} ms; telling of it {telling:.3f} ms, "
          f"99% under {worst:.3f} ms: {telling / search:.1%} on top")  # fmt: skip


def _summing_up(home: Path) -> None:
    """As many events as the page is asked to show at once, and each of its questions."""
    store, now = EventStore(home), time.time()
    shown = 0

    def told():
        nonlocal shown
        for n in range(EVENTS // 2):
            at = now - (n % 28) * 86_400
            products = [f"P{(7 * n + place) % PRODUCTS}" for place in range(SHOWN)]
            tiles = tuple(Shown(place, each, 500, "EUR") for place, each in enumerate(products, 1))
            shown += len(tiles)
            yield Search(f"search-{n}", f"visit-{n // 3:06d}", "product", "cheaper", n % 20 == 0,
                         "n", tiles, products[0], 0.5, at=at)  # fmt: skip
            yield Action("click", f"visit-{n // 3:06d}", products[n % 4], f"search-{n}", at)

    store.write(told())
    questions = {
        "overview": analytics.overview,
        "by position": analytics.click_through,
        "by day": analytics.by_day,
        "savings": analytics.savings,
        "seldom chosen": analytics.never_chosen,
        "nothing similar": analytics.lonely,
    }
    seconds = {}
    for name, question in questions.items():
        started = time.perf_counter()
        question(store)
        seconds[name] = time.perf_counter() - started
    told_in = ", ".join(f"{name} {each:.2f}" for name, each in seconds.items())
    print(f"{EVENTS:,} events, {shown:,} tiles shown: the page in {sum(seconds.values()):.2f} s "
          f"({told_in})")  # fmt: skip


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
