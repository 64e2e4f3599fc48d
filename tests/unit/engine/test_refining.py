"""Words that filter, examples liked and disliked, and the share of colour."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from search import photos
from search.catalogue import Catalogue, Product
from search.engine import Cheaper, Options, Price, Query, SearchEngine, colours
from search.engine.filters import Filters, Where
from search.engine.query import METRICS
from search.errors import QueryError
from search.photos.palette import colour_histogram
from tests.helpers import ask, encode

GROUNDS = ("#b02020", "#2040b0", "#208040", "#c0a020")
NAMES = ("red", "blue", "green", "yellow")


def striped(colour: str, seed: int) -> bytes:
    """A thing in one colour whose stripes differ by seed."""
    picture = Image.new("RGB", (64, 64), "white")
    picture.paste(colour, (12, 8, 52, 56))
    for n in range(3):
        picture.paste(
            "#404040", (12, 12 + (7 * seed + 13 * n) % 40, 52, 15 + (7 * seed + 13 * n) % 40)
        )
    return encode(picture)


@pytest.fixture
def engine(home, extractor):
    with Catalogue(home / "shop") as catalogue:
        features, histograms = {}, {}
        with catalogue.change("test", "fill") as change:
            for n in range(16):
                name = NAMES[n % 4]
                change.put(Product(f"P{n:02}", f"Boot {n}", "footwear", colour=name))
                photo = photos.read(striped(GROUNDS[n % 4], n // 4))
                change.add_photo(f"P{n:02}", photo)
                features[photo.sha256] = extractor.embed([photo])[0]
                histograms[photo.sha256] = colour_histogram(photo.image)
            change.save_features(extractor.fingerprint, features)
            change.save_features(colours.FINGERPRINT, histograms)
        yield SearchEngine(catalogue, extractor)


def ids(result) -> list[str]:
    return [hit.product.id for hit in result.hits]


def test_words_filter_and_the_photograph_ranks(engine):
    result = ask(engine, striped(GROUNDS[0], 0), filters=Filters(words="blue boots"), k=16)
    assert {hit.product.colour for hit in result.hits} == {"blue"}
    assert len(result.hits) == 4
    scores = [hit.score for hit in result.hits]
    assert scores == sorted(scores, reverse=True)


def test_words_that_are_nowhere_find_nothing(engine):
    assert ask(engine, product="P00", filters=Filters(words="zebra")).hits == ()


def test_too_many_words_are_refused(engine):
    with pytest.raises(QueryError, match="fewer words"):
        ask(engine, product="P00", filters=Filters(words="red " * 100))


def test_what_is_liked_comes_closer(engine):
    photo = striped(GROUNDS[0], 0)
    query = Query((photo,))
    refined = Query((photo,), liked=("P02", "P06"))
    before, after = (
        {hit.product.id: hit.score for hit in engine.search(each, None, Options(k=16)).hits}
        for each in (query, refined)
    )
    assert after["P10"] - before["P10"] > 0  # green as those liked
    assert after["P03"] - after["P10"] < before["P03"] - before["P10"]


def test_what_is_disliked_is_no_answer_and_its_like_fall(engine):
    photo = striped("#806080", 0)
    plain = engine.search(Query((photo,)), None, Options(k=16))
    disliked = plain.hits[0].product.id
    result = engine.search(Query((photo,), disliked=(disliked,)), None, Options(k=16))
    assert disliked not in ids(result)
    assert len(result.hits) == 15


def test_the_refined_feature_is_what_the_query_is_encoded_to(engine):
    query = Query(product="P00", liked=("P05",))
    assert engine.encode(query) == pytest.approx(engine.search(query).feature)


def test_an_example_must_be_in_the_catalogue(engine):
    with pytest.raises(QueryError, match="no product “gone”"):
        engine.search(Query(product="P00", liked=("gone",)))


def test_nothing_can_be_liked_and_disliked():
    with pytest.raises(QueryError, match="liked and disliked"):
        Query(product="P00", liked=("P01",), disliked=("P01",))


def test_the_score_is_the_mixture_of_cosine_and_colours(engine):
    plain, mixed = (ask(engine, product="P00", k=16, colour=share) for share in (0.0, 0.3))
    loaded = engine.loaded()
    cosine = {hit.product.id: hit.score for hit in plain.hits}
    wanted = loaded.colours_of("P00")
    for hit in mixed.hits:
        alike = float(loaded.colours_of(hit.product.id) @ wanted)
        expected = 0.7 * cosine[hit.product.id] + 0.3 * alike
        assert hit.score == pytest.approx(expected, abs=1e-3)
        assert hit.distance == pytest.approx(1 - hit.score, abs=1e-6)
    scores = [hit.score for hit in mixed.hits]
    assert scores == sorted(scores, reverse=True)


def test_colour_brings_its_own_forward(engine):
    def of_its_colour(share: float) -> int:
        hits = ask(engine, product="P00", k=3, colour=share).hits
        return sum(hit.product.colour == "red" for hit in hits)

    assert of_its_colour(0.3) == 3 >= of_its_colour(0.0)


def test_the_minimum_counts_for_the_mixture(engine):
    everything = ask(engine, product="P00", k=16, colour=0.3)
    for least in (0.5, 0.7, 0.9):
        passed = sum(hit.score >= least for hit in everything.hits)
        assert ask(engine, product="P00", k=16, colour=0.3, min_score=least).passed == passed


def test_a_region_has_the_colours_of_the_region(engine):
    halves = Image.new("RGB", (64, 64), GROUNDS[0])
    halves.paste(GROUNDS[1], (32, 0, 64, 64))
    right = ask(engine, encode(halves), region=(0.5, 0, 1, 1), colour=0.3, k=4)
    assert {hit.product.colour for hit in right.hits} == {"blue"}


def test_a_feature_alone_has_no_colours(engine):
    vector = engine.loaded().feature("P00")
    with pytest.raises(QueryError, match="no colours"):
        ask(engine, feature=vector, colour=0.1)


def test_a_catalogue_without_colours_says_what_to_run(home, extractor, picture):
    with Catalogue(home / "plain") as catalogue:
        photo = photos.read(picture(1))
        with catalogue.change("test", "fill") as change:
            change.put(Product("P1"))
            change.add_photo("P1", photo)
            change.save_features(extractor.fingerprint, {photo.sha256: np.ones(48) / 48**0.5})
        with pytest.raises(QueryError, match="python -m search encode"):
            ask(SearchEngine(catalogue, extractor), picture(2), colour=0.1)
        assert colours.save_missing(catalogue) == 1
        assert ask(SearchEngine(catalogue, extractor), picture(1), colour=0.1).hits


@pytest.mark.parametrize("share", [-0.1, 0.31, float("nan"), "much"])
def test_a_share_of_colour_beyond_its_range_is_refused(share):
    with pytest.raises(QueryError, match="share of colour"):
        Options(colour=share)


def test_colour_is_beside_the_cosine_alone():
    with pytest.raises(QueryError, match="cosine"):
        Options(colour=0.1, metric="manhattan")


def between(scores) -> list[float]:
    """Three borders that no score is near."""
    apart = sorted({round(float(score), 4) for score in scores})
    places = [len(apart) * quarter // 4 for quarter in (1, 2, 3)]
    return [(apart[place - 1] + apart[place]) / 2 for place in places]


def test_the_floor_of_look_alikes_is_the_networks_score_whatever_colours_say(engine):
    cosine = {hit.product.id: hit.score for hit in ask(engine, product="P00", k=16).hits}
    floor = between(cosine.values())[1]
    alike = {id for id, score in cosine.items() if score >= floor}
    above_by_colour = {
        hit.product.id
        for hit in ask(engine, product="P00", k=16, colour=0.3).hits
        if hit.score >= floor
    }
    assert above_by_colour != alike  # the mixture lets others through
    cheaper = Cheaper(Price(10_000, "EUR"), floor=floor)
    with engine.catalogue.change("test", "price") as change:
        for id in cosine:
            change.update(id, price=1000, currency="EUR")
    for k in (3, 16):
        found = ask(engine, product="P00", k=k, colour=0.3, cheaper=cheaper)
        assert set(ids(found)) <= alike
        assert len(found.hits) == min(k, len(alike))
        assert found.passed == len(alike)
        scores = [hit.score for hit in found.hits]
        assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("metric", METRICS)
def test_the_floor_holds_for_every_metric_beside_a_minimum(engine, metric):
    vector, where = engine.loaded().feature("P00"), Where()
    index = engine.loaded().index
    everything = index.search(vector, 16, where, metric=metric)
    low, _, high = between(everything.scores)
    for floor, least in ((low, high), (high, low)):
        found = index.search(vector, 16, where, least, floor=floor, metric=metric)
        assert found.passed == len(found.ids) == sum(everything.scores >= max(floor, least))
