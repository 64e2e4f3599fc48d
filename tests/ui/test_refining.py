"""Words, the weight of colour, more like this and less like that; and what is told of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from search import photos
from search.catalogue import Catalogue
from search.engine import Filters, Options, Query, SearchEngine, colours, list_by_words
from search.feedback.recorder import SWITCH, recorder_of
from search.photos.palette import colour_histogram
from search.ui import telling
from tests.ui.app import strip_signs, tiles
from tests.ui.shop import photograph, product

Open = Callable[..., AppTest]


def press(app: AppTest, key: str) -> AppTest:
    app = app.button(key=key).click().run()
    assert not app.exception
    return app


def keys(app: AppTest) -> list[str]:
    return [str(button.key) for button in app.button]


def typed(app: AppTest, words: str) -> AppTest:
    app = app.text_input(key="search_words").set_value(words).run()
    assert not app.exception
    return app


def params(app: AppTest) -> dict[str, list[str]]:
    given = {name: app.query_params[name] for name in app.query_params}
    return {name: [v] if isinstance(v, str) else list(v) for name, v in given.items()}


def captions(app: AppTest) -> str:
    return "\n".join(strip_signs(str(caption.value)) for caption in app.caption)


# --- words -----------------------------------------------------------------------------------


def test_words_alone_list_products_without_scores(shop: Catalogue, open_app: Open, extractor):
    app = typed(open_app(), "red boots")
    loaded = SearchEngine(shop, extractor).loaded()
    expected = list_by_words(loaded, Filters(words="red boots"))
    assert tiles(app) == [hit.product.id for hit in expected.hits]
    assert {product(int(id[1:])).colour for id in tiles(app)} == {"red"}
    assert f"{len(expected.hits)} of {expected.passed} shown" in captions(app)
    assert not [key for key in keys(app) if key.startswith(("like_", "compare_"))]
    assert params(app) == {"words": ["red boots"]}
    assert extractor.encoded == 0


def test_words_obey_filters_and_show_more(shop: Catalogue, open_app: Open):
    app = open_app(words="thing", k="5")
    assert len(tiles(app)) == 5
    assert len(tiles(press(app, "show_more"))) == 17
    app = open_app(words="thing", brand="Luma")
    assert {product(int(id[1:])).brand for id in tiles(app)} == {"Luma"}


def test_words_that_find_nothing_say_so_and_start_over_leads_back(shop: Catalogue, open_app: Open):
    app = typed(open_app(), "xylophone")
    assert tiles(app) == []
    assert "No product is found by these words" in "\n".join(str(m.value) for m in app.markdown)
    app = press(app, "start_over")
    assert params(app) == {}
    assert app.text_input(key="search_words").value == ""
    assert len(app.file_uploader) == 1


def test_words_narrow_what_a_product_ranks(shop: Catalogue, open_app: Open, extractor):
    app = typed(press(open_app(), "similar_P00"), "boots")
    engine = SearchEngine(shop, extractor)
    expected = engine.search(Query(product="P00"), Filters(words="boots"), Options(k=12))
    assert tiles(app) == [hit.product.id for hit in expected.hits]
    assert params(app) == {"product": ["P00"], "words": ["boots"]}
    assert tiles(open_app(product="P00", words="boots")) == tiles(app)


def test_words_are_cleared_with_the_filters(shop: Catalogue, open_app: Open):
    app = open_app(product="P00", words="boots")
    (clear,) = [button for button in app.button if button.label == "Clear filters"]
    app = clear.click().run()
    assert params(app) == {"product": ["P00"]}
    assert app.text_input(key="search_words").value == ""


# --- colour ----------------------------------------------------------------------------------


@pytest.fixture
def coloured(shop: Catalogue) -> Catalogue:
    """The shop with the colours of its photographs."""
    seen = [photos.read(photograph(number)) for number in range(20)]
    rows = {photo.sha256: colour_histogram(photo.image) for photo in seen}
    shop.save_features(colours.FINGERPRINT, rows)
    return shop


def test_the_weight_of_colour_moves_the_answer_at_once(coloured, open_app: Open, extractor):
    app = press(open_app(), "similar_P00")
    app = app.slider(key="set_colour_share").set_value(30).run()
    assert not app.exception
    engine = SearchEngine(coloured, extractor)
    expected = engine.search(Query(product="P00"), Filters(), Options(k=12, colour=0.3))
    assert tiles(app) == [hit.product.id for hit in expected.hits]
    assert params(app) == {"product": ["P00"], "colour_share": ["30"]}
    assert tiles(open_app(product="P00", colour_share="30")) == tiles(app)


def test_without_colours_the_slider_says_why_it_is_off(shop: Catalogue, open_app: Open):
    app = open_app(product="P00", colour_share="20")
    assert app.slider(key="set_colour_share").disabled
    assert "No colours are saved" in captions(app)
    assert tiles(app) == tiles(open_app(product="P00"))


def test_with_another_metric_the_slider_says_why_it_is_off(coloured, open_app: Open):
    app = open_app(product="P00", colour_share="20", metric="manhattan")
    assert not app.exception
    assert app.slider(key="set_colour_share").disabled
    assert "metric Cosine alone" in captions(app)
    assert tiles(app) == tiles(open_app(product="P00", metric="manhattan"))


# --- more like this, less like that ----------------------------------------------------------


def test_a_thumb_refines_at_once_and_its_chip_takes_it_back(shop, open_app: Open, extractor):
    plain = press(open_app(), "similar_P00")
    first, last = tiles(plain)[0], tiles(plain)[-1]
    app = press(press(plain, f"like_{last}"), f"dislike_{first}")
    engine = SearchEngine(shop, extractor)
    query = Query(product="P00", liked=(last,), disliked=(first,))
    expected = [h.product.id for h in engine.search(query, Filters(), Options(k=12)).hits]
    assert tiles(app) == expected
    assert first not in expected
    assert params(app) == {"product": ["P00"], "liked": [last], "disliked": [first]}
    assert tiles(open_app(product="P00", liked=last, disliked=first)) == expected
    app = press(press(app, f"forget_{first}"), f"forget_{last}")
    assert params(app) == {"product": ["P00"]}
    assert first in tiles(app)


def test_the_thumbs_have_names(shop: Catalogue, open_app: Open):
    labels = [strip_signs(button.label) for button in open_app(product="P00").button]
    assert "*More like Thing 2*" in labels
    assert "*Less like Thing 2*" in labels
    labels = [strip_signs(b.label) for b in open_app(product="P00", liked="P02").button]
    assert any("More like it: take this back" in label for label in labels)


def test_the_same_thumb_again_takes_it_back_and_the_other_one_turns_it(shop, open_app: Open):
    app = press(open_app(product="P00"), "like_P02")
    assert params(press(app, "like_P02")) == {"product": ["P00"]}
    app = press(open_app(product="P00", liked="P02"), "dislike_P02")
    assert params(app) == {"product": ["P00"], "disliked": ["P02"]}


def test_another_query_forgets_what_was_liked(shop: Catalogue, open_app: Open):
    app = open_app(product="P00", liked="P02")
    found = tiles(app)[1]
    assert params(press(app, f"similar_{found}")) == {"product": [found]}


def test_a_liked_product_that_is_gone_says_so_and_can_be_taken_back(shop, open_app: Open):
    app = open_app(product="P00", liked="gone")
    assert not app.exception
    assert "no product “gone”" in "\n".join(str(error.value) for error in app.error)
    assert tiles(press(app, "forget_gone"))


# --- what is told ----------------------------------------------------------------------------


@pytest.fixture
def events(shop: Catalogue) -> Callable[[str], list[tuple]]:
    """What was written of the visits."""
    recorder = recorder_of(shop.folder)

    def rows(sql: str) -> list[tuple]:
        recorder.flush()
        return recorder.store.rows(sql)

    return rows


def test_a_search_is_told_once_and_more_of_it_as_such(shop, open_app: Open, events):
    app = press(open_app(k="5"), "similar_P00")
    app = app.run()  # drawn again
    assert events("SELECT count(*) FROM search") == [(1,)]
    first = tiles(app)
    app = press(app, "show_more")
    assert events("SELECT count(*) FROM search") == [(2,)]
    found = events("SELECT position, product FROM shown ORDER BY position")
    assert found == list(enumerate(tiles(app), 1))
    assert [id for _, id in found[:5]] == first


def test_thumbs_and_choices_are_told_with_the_search_that_showed_them(shop, open_app, events):
    app = press(open_app(), "similar_P00")  # from the start page: no search has shown it
    (search,) = events("SELECT id FROM search")
    second, third, fourth = tiles(app)[1:4]
    app = press(app, f"open_{second}")
    app = press(app, f"like_{third}")
    app = press(app, f"like_{third}")  # taken back: nothing new is said of it
    press(app, f"similar_{fourth}")
    told = events("SELECT kind, product FROM action ORDER BY rowid")
    assert told == [("click", second), ("like", third), ("similar", fourth)]
    assert events("SELECT search FROM action WHERE kind = 'click'") == [search]


def test_a_search_by_words_alone_is_told_once_and_what_is_chosen_of_it(shop, open_app, events):
    app = open_app(words="thing 2")
    (first, *_) = tiles(app)
    press(app.run(), f"open_{first}")
    assert events("SELECT asked, results FROM search") == [("words", len(tiles(app)))]
    assert events("SELECT kind, product FROM action") == [("click", first)]
    assert "thing" not in str(events("SELECT * FROM search"))


def test_a_search_that_finds_nothing_is_told_once(shop, open_app: Open, events):
    open_app(words="unheard").run().run()
    assert events("SELECT asked, results FROM search") == [("words", 0)]


def test_nothing_is_told_where_that_is_off(shop, open_app: Open, events, monkeypatch):
    monkeypatch.setenv(SWITCH, "off")
    press(press(open_app(), "similar_P00"), "like_P02")
    assert events("SELECT count(*) FROM search") in ([], [(0,)])


def test_no_photograph_is_told(shop, open_app: Open, events, monkeypatch):
    recorded: list[object] = []

    class Recorder:
        record = staticmethod(recorded.append)

    monkeypatch.setattr(telling, "recorder_of", lambda folder: Recorder)
    app = open_app()
    app.file_uploader[0].set_value([("secret name.png", photograph(7), "image/png")])
    app = app.run()
    assert tiles(app)[0] == "P07"
    (told,) = recorded
    assert told.asked == "photograph"
    assert "secret" not in repr(told)
    assert "PNG" not in repr(told)
