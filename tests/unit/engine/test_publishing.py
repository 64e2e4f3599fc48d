"""A catalogue published to Milvus, read there without it, and brought up to date."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from search import photos
from search.catalogue import Catalogue, Product, sales
from search.engine import publishing
from search.engine.bands import bands_key
from search.engine.colours import FINGERPRINT as COLOURED
from search.engine.exact import ExactIndex
from search.engine.filters import Filters, ProductTable, Where
from search.engine.milvus import Address, open_published
from search.engine.milvus.client import connect, disconnect
from search.engine.publishing import Publisher, follow
from search.engine.verifying import verify
from search.errors import (
    BusyError,
    IndexUnavailable,
    MismatchError,
    NothingPublished,
    QueryError,
)
from search.photos.palette import COLOURS
from tests.helpers import ROOT, FakeExtractor
from tests.unit.engine import milvus_lite
from tests.unit.engine.features import unit_rows

FINGERPRINT = FakeExtractor.fingerprint
EVERYTHING = Where(Filters(in_stock=False, active=False))
COUNT = 16
BRANDS = ("Arbel", "“Ö”")


@pytest.fixture(scope="module")
def at(tmp_path_factory):
    """One folder of milvus-lite for all tests of this module, or the server at MILVUS_URI."""
    address = milvus_lite.address(milvus_lite.SERVERS[-1], tmp_path_factory.mktemp("published"))
    yield address
    disconnect(address)


@pytest.fixture
def address(at, request) -> Address:
    name = re.sub(r"\W", "_", request.node.name)[:40]
    yield (address := replace(at, name=name))
    connection = connect(at)
    if connection.behind(name):
        connection.client.drop_alias(name)
    for collection in connection.client.list_collections():
        if collection.startswith(f"{name}__"):
            connection.client.drop_collection(collection)
    assert address.lite or address.uri


@pytest.fixture
def catalogue(home, picture):
    with Catalogue(home / "shop") as opened:
        features, extractor = {}, FakeExtractor()
        with opened.change("test", "fill") as change:
            for n in range(COUNT):
                group = "pair" if n in (4, 5) else ""
                change.put(
                    Product(f"P{n:02}", f"Shoe {n}", ("tops", "bags")[n % 2], BRANDS[n % 2],
                            price=100 * n + 100, currency="EUR", stock=n % 5, item_group=group)
                )  # fmt: skip
                for view in range(n % 3):  # some have no photograph
                    photo = photos.read(picture(f"{n}-{view}"))
                    change.add_photo(f"P{n:02}", photo, source=f"{n}-{view}.png")
                    features[photo.sha256] = extractor.embed([photo])[0]
        opened.save_features(FINGERPRINT, features)
        colours = dict(zip(features, unit_rows(len(features), COLOURS), strict=True))
        opened.save_features(COLOURED, colours)
        opened.set_setting("network", "vgg16-imagenet")
        yield opened


@pytest.fixture
def publisher(catalogue, address):
    with Publisher(catalogue, FINGERPRINT, address, grace=0) as publisher:
        yield publisher


def test_what_is_published_suffices_to_answer(catalogue, publisher, address):
    done = publisher.publish()
    snapshot = catalogue.snapshot(FINGERPRINT)
    photographs = len(snapshot.photos)
    without = sum(1 for product in snapshot.products if product.id not in snapshot.photos_of)
    assert (done.products, done.photographs, done.switched) == (COUNT, photographs, True)
    assert (done.written, done.deleted) == (photographs + without, 0)
    read = open_published(address, consistency="Strong")
    assert (read.name, read.fingerprint, read.revision) == ("shop", FINGERPRINT, snapshot.revision)
    assert (read.state.products, read.state.photographs) == (COUNT, photographs)
    assert read.settings["network"] == "vgg16-imagenet"
    assert read.settings[bands_key(FINGERPRINT)] == catalogue.derived(bands_key(FINGERPRINT))
    assert read.currencies == ("EUR",)
    for product in snapshot.products:
        assert read.product(product.id) == product
        assert read.photos_of(product.id) == snapshot.photos_of.get(product.id, ())
    for photo in snapshot.photos:
        (found,) = read.records([photo.id])
        assert found == (read.product(photo.product_id), photo)
        assert read.sold_photo(photo.sha256) == photo
    with pytest.raises(QueryError, match="no product"):
        read.product("P99")
    assert read.photos_of("P99") == ()


def test_it_is_counted_and_listed_as_the_catalogue_is(catalogue, publisher, address):
    publisher.publish()
    snapshot = catalogue.snapshot(FINGERPRINT)
    table = ProductTable(snapshot.products, snapshot.group)
    read = open_published(address, consistency="Strong")
    for filters in (
        Filters(),
        Filters(brands=frozenset({"“Ö”"}), in_stock=False),
        Filters(price_max=700),
        Filters(words="shoe 4"),
    ):
        mask = table.candidates(Where(filters)).mask
        assert read.count(Where(filters)) == table.count(mask)
        assert read.facets(filters) == table.facets(filters)
        found = [product.id for product in read.matching(Where(filters))]
        assert found == [p.id for p, passes in zip(table.products, mask, strict=True) if passes]
    assert read.names == {"categories": ("bags", "tops"), "brands": ("Arbel", "“Ö”"), "colours": ()}
    both = read.variants(["P04", "P06"], EVERYTHING)
    assert [p.id for p in both["P04"]] == ["P04", "P05"]
    assert [p.id for p in both["P06"]] == ["P06"]


def test_features_and_colours_are_the_catalogues(catalogue, publisher, address):
    publisher.publish()
    snapshot = catalogue.snapshot(FINGERPRINT)
    read = open_published(address, consistency="Strong")
    rows = np.flatnonzero(snapshot.row_product == snapshot.position["P05"])
    assert len(rows) == 2
    mean = snapshot.features[rows].mean(axis=0)
    np.testing.assert_allclose(read.feature("P05"), mean / np.linalg.norm(mean), atol=1e-6)
    names = [snapshot.photo[id].sha256 for id in snapshot.photo_ids[rows].tolist()]
    known = catalogue.known_features(COLOURED, names)
    expected = np.array([known[name] for name in names])
    np.testing.assert_allclose(read.colours_of("P05"), expected, atol=2e-5)  # in 16 bits
    with pytest.raises(QueryError, match="encode"):
        read.feature("P00")  # which has no photograph


def test_only_what_changed_is_written(catalogue, address):
    with Publisher(catalogue, FINGERPRINT, address, grace=0) as publisher:
        only_what_changed(catalogue, publisher, address)
    with Publisher(catalogue, FINGERPRINT, address, grace=0) as another:  # which remembers nothing
        again = another.publish()
    assert (again.written, again.deleted) == (0, 0)
    assert verify(catalogue, FINGERPRINT, address).holds


def only_what_changed(catalogue, publisher, address):
    publisher.publish()
    before = open_published(address, consistency="Strong")
    assert publisher.publish().written == 0
    with catalogue.change("test", "edit") as change:
        change.update("P02", stock=0)  # of two photographs
        change.update("P01", status="withdrawn")  # of one
        change.delete("P08")
    done = publisher.publish()
    assert (done.written, done.deleted, done.switched) == (3, 2, False)
    assert before.newest().revision == done.revision > before.revision
    assert {p.id for p in before.matching(Where())}.isdisjoint({"P02", "P01", "P08"})


def test_a_photograph_of_a_product_that_had_none_and_its_last_one(
    catalogue, publisher, address, picture
):
    publisher.publish()
    photo = photos.read(picture("new"))
    with catalogue.change("test", "edit") as change:
        change.add_photo("P00", photo, source="new.png")
        change.remove_photo(catalogue.photos("P01")[0].id)
    catalogue.save_features(FINGERPRINT, {photo.sha256: FakeExtractor().embed([photo])[0]})
    publisher.publish()
    read = open_published(address, consistency="Strong")
    assert read.feature("P00").shape == (FakeExtractor.size,)
    assert read.product("P01").id == "P01"
    assert verify(catalogue, FINGERPRINT, address).holds


def test_a_new_network_takes_over_at_once(catalogue, address):
    with Publisher(catalogue, FINGERPRINT, address, grace=0) as publisher:
        publisher.publish()
    before = open_published(address, consistency="Strong")
    names = [photo.sha256 for photo in catalogue.photos()]
    catalogue.save_features(
        "other-000000000000", dict(zip(names, unit_rows(len(names)), strict=True))
    )
    with Publisher(catalogue, "other-000000000000", address, grace=0) as other:
        assert other.publish().switched
    after = before.newest()
    assert (after.fingerprint, after.index.size) == ("other-000000000000", 24)
    assert before.collection.name != after.collection.name
    names = connect(address).client.list_collections()
    assert [name for name in names if name.startswith(address.name)] == [after.collection.name]
    with pytest.raises(IndexUnavailable, match="publish it first"):
        verify(catalogue, FINGERPRINT, address)


def test_a_rebuild_takes_over_when_it_is_whole(catalogue, publisher, address):
    publisher.publish()
    before = open_published(address, consistency="Strong")
    assert before.newest() is before
    done = publisher.publish(rebuild=True)
    assert done.switched
    assert done.written > 0
    after = before.newest()
    assert after.collection.name != before.collection.name
    assert after.state == replace(before.state, texts=after.state.texts)


def test_variants_whose_first_one_goes_stay_variants(catalogue, publisher, address):
    publisher.publish()
    with catalogue.change("test", "edit") as change:
        change.put(Product("P99", "Shoe 99", "tops", item_group="pair"))
    publisher.publish()
    with catalogue.change("test", "edit") as change:
        change.delete("P04")
    publisher.publish()
    read = open_published(address, consistency="Strong")
    both = read.variants(["P05"], EVERYTHING)["P05"]
    assert [product.id for product in both] == ["P05", "P99"]
    assert read.count(EVERYTHING) == COUNT - 1


def test_a_sale_begins_by_the_clock_with_nothing_published(
    catalogue, publisher, address, monkeypatch
):
    with catalogue.change("test", "edit") as change:
        change.update("P15", sale_price=50, sale_from="2026-06-01T00:00:00Z", stock=3)
    publisher.publish()
    read = open_published(address, consistency="Strong")
    cheap = Where(Filters(price_max=99))
    prices = []
    for moment in ("2026-05-31T23:59:59Z", "2026-06-01T00:00:00Z"):
        monkeypatch.setattr(sales, "now", lambda moment=moment: moment)
        prices.append(read.product("P15").price)
        assert [p.id for p in read.matching(cheap)] == (["P15"] if prices[-1] == 50 else [])
    assert prices == [1600, 50]


def test_what_no_row_can_hold_is_left_out_and_named(catalogue, publisher, address):
    publisher.publish()
    with catalogue.change("test", "edit") as change:
        change.update("P05", attributes={"story": "é" * 40_000})
    done = publisher.publish()
    assert len(done.left_out) == 1
    assert "P05" in done.left_out[0]
    assert done.deleted == 2
    assert len(publisher.publish().left_out) == 1
    with pytest.raises(QueryError):
        open_published(address, consistency="Strong").product("P05")


def test_following_publishes_each_revision_and_outlasts_a_failure(
    catalogue, publisher, monkeypatch
):
    monkeypatch.setattr(publishing, "_LOOKED", 0.01)
    monkeypatch.setattr(publishing, "_AGAIN", 0.0)
    failures, stopped = [], []
    following = follow(publisher, lambda: bool(stopped), failures.append)
    assert next(following).written > 0
    with catalogue.change("test", "edit") as change:
        change.update("P02", stock=0)
    publish, broken = publisher.publish, [IndexUnavailable("gone")]

    def once_broken():
        if broken:
            raise broken.pop()
        return publish()

    monkeypatch.setattr(publisher, "publish", once_broken)
    assert next(following).written == 2
    assert [str(failure) for failure in failures] == ["gone"]
    stopped.append(True)
    assert list(following) == []


def test_verifying_notices_what_is_missing(catalogue, publisher, address):
    publisher.publish()
    found = verify(catalogue, FINGERPRINT, address)
    photographs = len(catalogue.photos())
    assert (found.holds, found.recall, found.sampled) == (True, 1.0, photographs)
    open_published(address).collection.delete([photo.id for photo in catalogue.photos()[:4]])
    found = verify(catalogue, FINGERPRINT, address)
    assert not found.holds
    assert found.photographs == (photographs, photographs - 4)
    assert found.recall < 1


def test_two_processes_do_not_publish_one_catalogue(catalogue, publisher, address):
    with pytest.raises(BusyError), Publisher(catalogue, FINGERPRINT, address):
        pass


def test_what_is_not_encoded_is_not_published(catalogue, address):
    with (
        Publisher(catalogue, "vgg16-000000000000", address) as publisher,
        pytest.raises(MismatchError, match="encode --network vgg16"),
    ):
        publisher.publish()
    with pytest.raises(NothingPublished, match="search publish"):
        open_published(address)


def test_an_empty_catalogue_is_published_and_grows(home, address, picture):
    with (
        Catalogue(home / "new") as catalogue,
        Publisher(catalogue, FINGERPRINT, address, grace=0) as publisher,
    ):
        assert publisher.publish().products == 0
        assert open_published(address).count(EVERYTHING) == 0
        photo = photos.read(picture(1))
        with catalogue.change("test", "edit") as change:
            change.put(Product("P"))
            change.add_photo("P", photo, source="1.png")
        catalogue.save_features(FINGERPRINT, {photo.sha256: FakeExtractor().embed([photo])[0]})
        assert publisher.publish().written == 1
        read = open_published(address, consistency="Strong")
        found = read.index.search(read.feature("P"), 3, EVERYTHING)
        wanted = ExactIndex.of(catalogue.snapshot(FINGERPRINT)).search(
            read.feature("P"), 3, EVERYTHING
        )
        assert found.ids.tolist() == wanted.ids.tolist() == [1]


def test_another_programs_collection_is_refused_with_a_sentence(address):
    client = connect(address).client
    client.create_collection(f"{address.name}__1_00000000", dimension=4)
    client.create_alias(f"{address.name}__1_00000000", address.name)
    with pytest.raises(IndexUnavailable, match="--rebuild"):
        _ = open_published(address).index.size


def test_without_its_client_the_error_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "pymilvus", None)
    with pytest.raises(IndexUnavailable, match=r"pip install .*pymilvus"):
        open_published(f"{tmp_path / 'other.db'}")


def test_a_server_that_does_not_answer_is_said_in_a_sentence(monkeypatch):
    monkeypatch.setattr("search.engine.milvus.client.PATIENCE", 0.5)
    with pytest.raises(IndexUnavailable, match="Milvus runs there"):
        open_published("milvus://127.0.0.1:9/shop")


def test_a_publication_killed_at_any_moment_is_completed_by_the_next(tmp_path):
    """A few moments; `python -m tests.benchmarks publishing` tries fifty."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.unit.engine.killed_publishing", str(tmp_path), "5"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("completed") == 5
