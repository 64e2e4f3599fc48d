from __future__ import annotations

import itertools

import pytest

from search import photos
from search.catalogue import Catalogue, Product
from search.engine import colours, encoding
from search.engine.encoding import encode_missing, encode_photos, encode_sources
from search.errors import Cancelled, PhotoError
from search.network import registry
from search.network.preparation import Prepared
from search.photos.palette import colour_histogram
from tests.helpers import draw, encode


@pytest.fixture
def catalogue(home, picture):
    opened = Catalogue(home / "shop")
    with opened.change("test", "fill") as change:
        for n in range(40):
            change.put(Product(f"P{n:02}"))
            change.add_photo(f"P{n:02}", photos.read(picture(n)))
    yield opened
    opened.close()


def test_every_photograph_is_encoded_once(catalogue, extractor):
    assert encode_missing(catalogue, extractor).encoded == 40
    assert catalogue.fingerprints() == {extractor.fingerprint: 40, colours.FINGERPRINT: 40}
    assert encode_missing(catalogue, extractor).encoded == 0
    assert extractor.encoded == 40
    photo = catalogue.photos("P07")[0]
    kept = catalogue.known_features(extractor.fingerprint, [photo.sha256])[photo.sha256]
    expected = extractor.embed([photos.read(catalogue.path(photo))])[0]
    assert kept == pytest.approx(expected, abs=2e-4)


def test_stopped_it_goes_on_from_there(catalogue, extractor):
    with pytest.raises(Cancelled):
        encode_missing(catalogue, extractor, on_progress=lambda progress: False)
    first = catalogue.fingerprints()[extractor.fingerprint]
    assert 0 < first < 40
    assert encode_missing(catalogue, extractor).encoded == 40 - first


def test_what_is_encoded_is_saved_every_five_seconds(catalogue, extractor, monkeypatch):
    clock = itertools.count(step=0.6)  # seconds from one photograph to the next
    monkeypatch.setattr(encoding.time, "monotonic", lambda: next(clock))
    before = catalogue.revision()
    assert encode_missing(catalogue, extractor).encoded == 40
    saved = [r.photos for r in catalogue.revisions(catalogue.revision() - before)]
    assert sum(saved) == 40
    assert len(saved) >= 4
    assert max(saved) <= 9


def test_colours_are_saved_every_five_seconds(catalogue, monkeypatch):
    clock = itertools.count(step=0.6)
    monkeypatch.setattr(colours.time, "monotonic", lambda: next(clock))
    saved, save = [], catalogue.save_features
    monkeypatch.setattr(
        catalogue, "save_features", lambda _, rows, actor: saved.append(len(rows)) or save(_, rows)
    )
    assert colours.save_missing(catalogue) == sum(saved) == 40
    assert max(saved) <= 9


def test_a_missing_file_is_told_and_the_rest_goes_on(catalogue, extractor):
    gone = catalogue.path(catalogue.photos("P03")[0])
    gone.unlink()
    done = encode_missing(catalogue, extractor)
    assert done.encoded == 39
    assert gone.name in done.failed[0]


def test_what_is_known_is_not_encoded_again(catalogue, extractor, picture):
    photograph = photos.read(picture("new"))
    encode_photos(catalogue, extractor, [photograph, photograph], "Ann")
    encode_photos(catalogue, extractor, [photograph], "Ann")
    assert extractor.encoded == 1


def test_each_source_has_its_outcome_in_order(catalogue, extractor, picture):
    outcomes = encode_sources(
        *(catalogue, extractor, [picture("a"), b"broken", picture("b")]), total=3, saved_together=1
    )
    first, second = (photos.read(picture(name)).sha256 for name in "ab")
    assert [outcomes[0], outcomes[2]] == [first, second]
    assert isinstance(outcomes[1], PhotoError)
    assert set(catalogue.known_features(extractor.fingerprint, [first, second])) == {first, second}


def test_what_was_encoded_is_saved_when_the_sources_break_off(catalogue, extractor, picture):
    data = [picture(f"new {n}") for n in range(40)]

    def sources():
        yield from data
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        encode_sources(catalogue, extractor, sources(), total=41, saved_together=1000)
    known = catalogue.known_features(
        extractor.fingerprint, [photos.read(each).sha256 for each in data]
    )
    assert known


def colours_of(catalogue, names) -> dict:
    return catalogue.known_features(colours.FINGERPRINT, names)


def test_colours_are_saved_in_the_change_that_saves_the_features(catalogue, extractor):
    before = catalogue.revision()
    encode_missing(catalogue, extractor)
    assert catalogue.revision() == before + 1
    photo = catalogue.photos("P07")[0]
    (found,) = colours_of(catalogue, [photo.sha256]).values()
    prepared = extractor.prepare(photos.read(catalogue.path(photo)))
    assert found == pytest.approx(colours.of_prepared(prepared, extractor.network), abs=2e-3)


def test_another_network_makes_no_colours_again(catalogue, extractor, monkeypatch):
    encode_missing(catalogue, extractor)
    other = type(extractor)()
    other.fingerprint = "other-000000000000"
    monkeypatch.setattr(colours, "colour_histogram", None)  # not called
    encode_missing(catalogue, other)
    assert catalogue.fingerprints()[other.fingerprint] == 40


def test_what_lacks_only_colours_gets_them_alone(catalogue, extractor):
    features = extractor.embed([photos.read(catalogue.path(p)) for p in catalogue.photos()])
    names = [p.sha256 for p in catalogue.photos()]
    catalogue.save_features(extractor.fingerprint, dict(zip(names, features, strict=True)))
    extractor.encoded = 0
    encode_missing(catalogue, extractor)
    assert extractor.encoded == 0
    assert set(colours_of(catalogue, names)) == set(names)


def test_a_photograph_that_is_added_brings_its_colours(catalogue, extractor, picture):
    photograph = photos.read(picture("new"))
    encode_photos(catalogue, extractor, [photograph], "Ann")
    assert photograph.sha256 in colours_of(catalogue, [photograph.sha256])


def test_the_colours_of_what_was_prepared_are_nearly_the_photographs(picture):
    photograph = photos.read(encode(draw("large", (900, 700))))
    for network in registry.NETWORKS.values():
        seen = colours.of_prepared(Prepared.of(photograph, network), network)
        assert float(seen @ colour_histogram(photograph.image)) > 0.97, network.name
