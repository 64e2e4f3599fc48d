"""Whatever an address says, the page opens: a link can name nothing that a widget cannot show."""

from __future__ import annotations

import logging
from dataclasses import fields

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from search.catalogue import Catalogue
from search.engine import SearchEngine
from search.errors import MismatchError
from search.network.registry import NETWORKS
from search.ui.settings import MONEY, PER_CENT, RESULTS, SAVINGS, Range, Settings
from tests.ui.app import tiles

NINES = "9" * 400
NAMES = (
    *("mode", "k", "category", "brand", "colour", "price", "currency", "stock", "status"),
    *("metric", "network", "beside", "min_score", "sort", "to_beat", "min_saving"),
    *("words", "colour_share", "liked", "disliked"),
    *("product", "sample", "catalogue", "page", "offset", "more"),
)
numbers = st.one_of(
    st.integers().map(str),
    st.integers(-(10**400), 10**400).map(str),
    st.floats().map(str),
    st.sampled_from([NINES, f"-{NINES}", "1e99", "nan", "inf", "0x10", "", " 7 ", "٣", "9" * 5000]),
)
ranges = st.tuples(numbers, numbers).map("-".join)
WORDS = (
    *("cheaper", "similar", "saving", "price", "any", "EUR", "USD", "P00", "P02", "P05", "Boots"),
    *("shop", "demo", "nowhere", "cosine", "manhattan", *NETWORKS),
)
words = st.text(max_size=30) | st.sampled_from(WORDS)
values = st.lists(numbers | ranges | words, min_size=1, max_size=3)
addresses = st.dictionaries(st.sampled_from(NAMES), values, max_size=len(NAMES))
QUICK = settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@QUICK
@given(addresses)
def test_every_address_is_read_into_ranges_and_read_again_the_same(params):
    read = Settings.from_params(params)
    assert read.k in range(RESULTS.low, RESULTS.high + 1)
    assert read.min_score in range(101)
    assert read.min_saving in range(SAVINGS.low, SAVINGS.high + 1, SAVINGS.step)
    assert read.to_beat is None or MONEY.low <= read.to_beat <= MONEY.high
    assert read.price is None or MONEY.low <= read.price[0] <= read.price[1] <= MONEY.high
    assert read.colour_share in range(31)
    assert not {*read.liked} & {*read.disliked}
    written = {name: [v] if isinstance(v, str) else v for name, v in read.to_params().items()}
    assert Settings.from_params(written) == read


@pytest.mark.parametrize(
    ("allowed", "value", "found"),
    [
        (SAVINGS, 95, 90),
        (SAVINGS, 33, 30),
        (SAVINGS, -5, 0),
        (RESULTS, 0, 1),
        (RESULTS, 10**400, 48),
        (PER_CENT, float("nan"), 0),
        (PER_CENT, float("inf"), 100),
        (PER_CENT, 57.00000000000001, 57),
        (PER_CENT, 28.999999999999996, 29),
        (MONEY, 1e300, 10**15),
        (MONEY, 10**15 - 1, 10**15 - 1),
        (Range(1, 4, 2), 4, 3),
    ],
)
def test_a_number_is_brought_into_its_range(allowed, value, found):
    assert allowed.within(value) == found


def test_numbers_are_brought_into_their_range_wherever_they_come_from():
    odd = Settings(k=10**9, min_score=-1, min_saving=97, to_beat=-3, price=(10**30, -7))
    assert odd == Settings(k=48, min_score=0, min_saving=90, to_beat=0, price=(0, 10**15))


@settings(QUICK, max_examples=12)
@given(params=addresses)
@example(params={"product": ["P00"], "price": [f"1-{NINES}"]})
@example(params={"product": ["P00"], "mode": ["cheaper"], "min_saving": ["95"]})
@example(params={"product": ["P05"], "mode": ["cheaper"], "to_beat": [NINES], "sort": ["saving"]})
@example(params={"product": ["P00"], "k": ["1e99"], "min_score": ["-1"], "price": ["-5-0"]})
def test_every_address_opens_the_page(shop, open_app, caplog, params):
    with caplog.at_level(logging.ERROR):
        app = open_app(**params)
    assert not app.exception
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []
    assert app.title[0].value == "Find what looks like it"


def test_a_network_that_is_not_at_hand_gives_way_to_the_catalogues_own(
    shop: Catalogue, open_app, monkeypatch
):
    opened = SearchEngine.open

    def refusing(name: str | None = None, network: str | None = None) -> SearchEngine:
        if network:
            raise MismatchError("Nothing is encoded by it.")
        return opened(name)

    monkeypatch.setattr(SearchEngine, "open", refusing)
    app = open_app(product="P00", network="resnet50-imagenet")
    assert not app.error
    assert len(tiles(app)) == 12


def test_every_setting_can_be_named_by_a_link():
    assert len({field.name for field in fields(Settings)}) == len(NAMES) - 6
