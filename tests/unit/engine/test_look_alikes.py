"""What may be called a look-alike, alone and in a search."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

import numpy as np
import pytest

from search import photos
from search.catalogue import Catalogue, Product
from search.engine import Cheaper, Options, Query, SearchEngine, look_alikes, search_paths
from search.engine.bands import Bands, bands_key
from search.engine.filters import Types
from search.engine.look_alikes import look_alikes as rule
from search.engine.votes import Voters
from tests.helpers import draw, encode

BANDS = Bands(0.99, 0.9, 0.6, "categories", 20, 20, agreement=0.5)
SHELF = [
    Product("boot", category="boots"),
    Product("cap", category="caps"),
    Product("bare"),
    Product("boot too", category="boots"),
]
TYPES = [product.category for product in SHELF]


def near(*scores: float) -> Voters:
    return Voters(np.arange(len(scores)), np.array(scores, np.float32))


def test_the_types_that_the_nearest_agree_on():
    found = rule(BANDS, BANDS, near(0.95, 0.85, 0.84, 0.94), TYPES, SHELF)
    assert found.floors == (("same style", 0.9), ("same type", 0.6))
    assert found.types == Types(frozenset({"boots"}), but=frozenset({"cap", "bare"}))


def test_what_is_near_identical_needs_no_type():
    found = rule(BANDS, BANDS, near(0.9, 0.7, 0.995, 0.9), TYPES, SHELF)
    assert found.types.also == {"bare"}


def test_a_vote_for_itself_does_not_count():
    # The cap has most votes only by its own; without it the boots win.
    found = rule(BANDS, BANDS, near(0.8, 0.95, 0.5, 0.8), TYPES, SHELF)
    assert "cap" in found.types.but


@pytest.mark.parametrize("agreement", [None, np.inf])
def test_without_an_agreement_only_the_score_counts(agreement):
    found = rule(replace(BANDS, agreement=agreement), BANDS, near(0.9), TYPES, SHELF)
    assert found.types is None


def test_borders_that_were_not_found_are_left_out():
    half = replace(BANDS, same_style=np.inf)
    assert rule(half, BANDS, near(0.9), TYPES, SHELF).floors == (("same type", 0.6),)
    none = replace(half, same_type=np.inf)
    assert rule(none, BANDS, near(0.9), TYPES, SHELF).floors == (("same type", 0.6),)
    assert rule(None, BANDS, near(0.9), TYPES, SHELF).floors[0] == ("same style", 0.9)


@pytest.fixture
def engine(home, extractor) -> SearchEngine:
    """Forty products of four categories that say nothing of their look; each costs less."""
    catalogue = Catalogue(home / "shop")
    features = {}
    with catalogue.change("test", "fill") as change:
        for n in range(40):
            kind = ("boots", "caps", "bags", "tops")[n % 4]
            change.put(Product(f"P{n:02}", category=kind, price=9000 - 100 * n, currency="EUR"))
            photo = photos.read(encode(draw(n)))
            change.add_photo(f"P{n:02}", photo, source=f"{n}.png")
            features[photo.sha256] = extractor.embed([photo])[0]
    catalogue.save_features(extractor.fingerprint, features)
    return SearchEngine(catalogue, extractor)


def told(engine: SearchEngine, **borders: float) -> Bands:
    """Have the catalogue's bands be these."""
    bands = replace(BANDS, photos=40, last_photo=40, **borders)
    engine.catalogue.save_derived(
        bands_key(engine.extractor.fingerprint), json.dumps(asdict(bands))
    )
    return bands


@pytest.mark.parametrize("product", [f"P{n:02}" for n in range(0, 40, 3)])
@pytest.mark.parametrize("agreement", [0.2, 0.35, 0.6])
def test_no_look_alike_is_called_anything_else(engine, product, agreement):
    told(engine, same_style=0.995, same_type=0.5, near_identical=0.999, agreement=agreement)
    found = engine.search(Query(product=product), options=Options(k=48), cheaper=Cheaper())
    assert {hit.band for hit in found.hits} <= {"near-identical", "same style", "same type"}
    assert len(found.hits) == found.passed
    everything = engine.search(
        Query(product=product), options=Options(k=48, min_score=-1), cheaper=Cheaper()
    )
    called = [h.product.id for h in everything.hits if h.band and h.band != "not similar"]
    assert [hit.product.id for hit in found.hits] == called


def test_the_same_style_comes_first_and_the_same_type_where_that_is_few(engine, monkeypatch):
    asked = {"options": Options(k=48), "cheaper": Cheaper()}
    told(engine, same_style=0.7, same_type=0.5, agreement=0.1)
    many = engine.search(Query(product="P00"), **asked)
    assert (many.look_alike, many.least) == ("same style", pytest.approx(0.7))
    assert many.passed >= look_alikes.FEW
    assert {hit.band for hit in many.hits} <= {"near-identical", "same style"}
    monkeypatch.setattr("search.engine.searcher.FEW", many.passed + 1)
    few = engine.search(Query(product="P00"), **asked)
    assert (few.look_alike, few.least) == ("same type", 0.5)
    assert few.passed >= many.passed
    assert few.to_dict()["look_alike"] == "same type"


def test_a_floor_or_a_minimum_of_ones_own_is_obeyed_as_it_is(engine):
    told(engine, agreement=0.6)
    for options, cheaper in (
        (Options(k=48, min_score=0.1), Cheaper()),
        (Options(k=48), Cheaper(floor=0.1)),
    ):
        found = engine.search(Query(product="P00"), options=options, cheaper=cheaper)
        assert (found.look_alike, found.least) == (None, 0.1)
        assert len({hit.product.category for hit in found.hits}) == 4


def test_what_is_left_out_is_counted(engine):
    told(engine, same_type=0.0, agreement=0.1)
    found = engine.search(Query(product="P00"), cheaper=Cheaper(min_saving=0.2))
    assert found.hidden["saving less than asked"] > 0
    assert found.eligible + sum(found.hidden.values()) == found.products - 1


def test_search_paths_agrees(engine):
    told(engine, agreement=0.35)
    expected = engine.search(Query(product="P00"), options=Options(k=48), cheaper=Cheaper())
    assert search_paths(product="P00", k=48, engine=engine, cheaper=True) == expected.paths()
