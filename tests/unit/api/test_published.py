"""The API with no catalogue at hand: it answers from a published index as beside the catalogue."""

from __future__ import annotations

import contextlib
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from search import photos
from search.api.sources import INDEX
from search.catalogue import Catalogue, Product
from search.engine.colours import save_missing
from search.engine.milvus.address import Address
from search.engine.milvus.client import disconnect
from search.engine.publishing import Publisher, publish
from search.feedback import experiment
from search.feedback.settings import Setting
from search.workspace import data_folder
from tests.helpers import FakeExtractor
from tests.ui.shop import fill, photograph
from tests.unit.api.published import api_processes, milvus_server, wait_until
from tests.unit.api.served import CATALOGUE, served
from tests.unit.engine import milvus_lite

PROBLEM = "application/problem+json"
TOLD = {"session": "session-1", "events": [{"kind": "click", "product": "P00"}]}
SIZES = ("P20", "P21", "P22")


def a_shop(folder: Path, extractor: FakeExtractor) -> Catalogue:
    """The small shop, with sizes of one thing, a sale, and one that is not encoded."""
    catalogue = Catalogue(folder)
    fill(catalogue, extractor)
    with catalogue.change("test", "more") as change:
        for n, id in enumerate(SIZES):
            product = Product(
                id, f"Thing 20 size {40 + n}", "Boots", "Luma", "red", 7000 + 500 * n, "EUR",
                item_group="G20", stock=n,
            )  # fmt: skip
            change.put(product)
        change.put(Product("P23", "Unseen thing", "Trainers", "Arden", "blue", 100, "EUR"))
        change.add_photo("P21", photos.read(photograph(20)), source="things/20.png")
        change.update("P06", sale_price=500, sale_until="2999-01-01T00:00:00Z")
    photo = photos.read(photograph(20))
    catalogue.save_features(extractor.fingerprint, {photo.sha256: extractor.embed([photo])[0]})
    save_missing(catalogue)
    return catalogue


@pytest.fixture(scope="module")
def shop(tmp_path_factory) -> Path:
    """A home with the shop, whose index is published to a folder of milvus-lite beside it."""
    home = tmp_path_factory.mktemp("shop")
    extractor = FakeExtractor()
    with a_shop(home / CATALOGUE, extractor) as catalogue:
        publish(catalogue, extractor.fingerprint, index_in(home))
    yield home
    disconnect(index_in(home))


def index_in(home: Path) -> Address:
    return Address.parse(str(home / "index.db"))


@pytest.fixture(scope="module")
def apis(shop):
    with pytest.MonkeyPatch.context() as patch:
        extractor = FakeExtractor()
        patch.setenv("SEARCH_HOME", str(shop))
        patch.setattr("search.api.shop.extractor_for", lambda name: extractor)
        with served() as beside:
            patch.setenv(INDEX, str(index_in(shop)))
            with served() as alone:
                yield beside, alone


@pytest.fixture
def both(shop, apis, monkeypatch):
    """The API beside the catalogue, and the API that has the index alone."""
    monkeypatch.setenv("SEARCH_HOME", str(shop))
    return apis


@pytest.fixture
def alone(shop, home, extractor, monkeypatch):
    """The API that has the index alone, with a home of its own that is empty."""
    monkeypatch.setattr("search.api.shop.extractor_for", lambda name: extractor)
    monkeypatch.setenv(INDEX, str(index_in(shop)))
    with served() as client:
        yield client


QUESTIONS = (
    "products/P00/similar",
    "products/P00/similar?k=3&min_score=0.5",
    "products/P00/similar?k=50&in_stock=false",
    "products/P00/similar?k=50&price_min=50&price_max=120.00",
    "products/P00/similar?k=50&category=Boots&brand=Luma",
    "products/P00/similar?words=red+boots",
    "products/P00/similar?liked=P07&disliked=P08&order=price",
    "products/P00/similar?metric=manhattan",
    "products/P00/similar?colour_share=0.2",
    "products/P20/similar",  # a size without a photograph of its own
    "products/P00/cheaper",
    "products/P00/cheaper?min_saving=0.3&min_score=-1&k=50",
    "products/P06/cheaper?min_score=-1",  # on sale
    "products/P12/cheaper?cheaper_than=99&currency=EUR",
    "products",
    "products?k=7&order=price",
    "products?words=botos&k=50",
    "products?words=thing+20",
    "products/P06",
    "products/P21",
    "products/P23",
    "catalogue",
    "openapi.json",
    # what is refused
    "products/P04",  # withdrawn
    "products/P99/similar",
    "products/P23/similar",  # not encoded
    "products/P00/similar?category=Hats",
    "products/P00/similar?price_max=5&currency=USD",
    "products/P00/similar?price_min=9&price_max=5",
    "products/P05/similar?order=saving",
    "products/P05/cheaper",
    "photos/" + "0" * 64,
)


@pytest.mark.parametrize("place", QUESTIONS)
def test_a_question_is_answered_as_beside_the_catalogue(both, place):
    beside, alone = (client.get(f"/api/v1/{place}") for client in both)
    assert alone.status_code == beside.status_code, alone.text
    assert plain(alone) == plain(beside)
    if "etag" in beside.headers:
        assert alone.headers["etag"] == beside.headers["etag"]
        again = both[1].get(f"/api/v1/{place}", headers={"If-None-Match": alone.headers["etag"]})
        assert again.status_code == 304


@pytest.mark.parametrize(
    "options",
    [
        "k=5",
        "crop=0,0,0.5,0.5",
        "mode=cheaper&min_saving=0.1",
        "mode=cheaper&cheaper_than=100&min_score=-1",
        "colour_share=0.3&category=Boots",
    ],
)
def test_a_photograph_is_answered_as_beside_the_catalogue(both, options):
    files = [("photo", (f"{n}.png", photograph(n))) for n in (7, 8)]
    beside, alone = (client.post(f"/api/v1/search?{options}", files=files) for client in both)
    assert alone.status_code == beside.status_code == 200
    assert plain(alone) == plain(beside)
    assert alone.json()["hits"]


def test_all_pages_together_are_those_beside_the_catalogue(both):
    pages = [[], []]
    for client, found in zip(both, pages, strict=True):
        cursor = ""
        while cursor is not None:
            place = f"/api/v1/products/P00/similar?k=4&cursor={cursor}"
            answer = client.get(place).json()
            found += [hit["id"] for hit in answer["hits"]]
            cursor = answer["next"]
    assert pages[0] == pages[1]
    assert len(pages[0]) > 8


def plain(answer):
    """An answer without what differs from one time to the next."""
    body = answer.json()
    for name in ("search_ms", "encode_ms"):
        if name in body:
            del body[name]
    return body


def test_a_comparison_that_is_on_when_it_is_published_drafts_answers(shop, alone, monkeypatch):
    drafted = alone.get("/api/v1/products/P00/similar?session=session-1")
    assert drafted.headers["x-search-id"]
    with Catalogue(shop / CATALOGUE) as catalogue:
        experiment.begin(catalogue, "Colours", Setting(), Setting(colour=0.2))
        publish(catalogue, FakeExtractor.fingerprint, index_in(shop))
        asked = []
        monkeypatch.setattr(
            "search.feedback.experiment.team_draft",
            lambda hits, k, seed: asked.append(seed) or [(id, "a") for id in hits[0][:k]],
        )
        try:
            wait_until(lambda: is_drafted(alone, asked))
        finally:
            experiment.end(catalogue)
            publish(catalogue, FakeExtractor.fingerprint, index_in(shop))
    assert asked[0].startswith("Colours|session-1|")


def is_drafted(client, asked) -> bool:
    assert client.get("/api/v1/products/P00/similar?session=session-1").status_code == 200
    return bool(asked)


class TestWithoutTheShopsSide:
    def test_no_catalogue_is_made_whatever_is_asked(self, alone, home):
        assert alone.get("/api/v1/products/P00/similar?session=session-1").status_code == 200
        found = alone.post("/api/v1/search", files={"photo": photograph(7)})
        assert found.json()["hits"][0]["id"] == "P07"
        assert alone.get("/api/v1/catalogue").json()["name"] == CATALOGUE
        assert alone.post("/api/v1/events", json=TOLD).status_code == 202
        assert alone.get("/api/v1/metrics").status_code == 200
        recorder_of_alone(alone).flush()
        made = {file.name for file in home.rglob("*") if file.is_file()}
        assert made <= {"events.db", "events.db-wal", "events.db-shm"}
        assert "events.db" in made  # what customers do is kept where SEARCH_HOME says

    def test_without_a_home_nothing_is_written(self, alone, tmp_path, monkeypatch):
        monkeypatch.delenv("SEARCH_HOME")
        monkeypatch.setattr("search.home.ROOT", tmp_path / "program")
        found = alone.get("/api/v1/products/P00/similar?session=session-1")
        assert found.status_code == 200
        assert "x-search-id" not in found.headers
        refused = alone.post("/api/v1/events", json=TOLD)
        assert refused.status_code == 503
        assert refused.json()["code"] == "events-elsewhere"
        assert "SEARCH_HOME" in refused.json()["detail"]
        assert not (tmp_path / "program").exists()

    def test_photographs_are_said_to_be_elsewhere(self, alone):
        links = alone.get("/api/v1/products/P07").json()["links"]
        for place in (links["photo"], links["thumbnail"]):
            refused = alone.get(place)
            assert refused.status_code == 404
            assert refused.headers["content-type"] == PROBLEM
            assert refused.json()["code"] == "photographs-elsewhere"

    def test_photographs_are_served_where_a_copy_is(self, shop, alone, home):
        copied = home / CATALOGUE / "photos"
        shutil.copytree(shop / CATALOGUE / "photos", copied)
        links = alone.get("/api/v1/products/P07").json()["links"]
        assert alone.get(links["photo"]).content == photograph(7)
        assert alone.get(links["thumbnail"]).headers["content-type"] == "image/jpeg"
        assert not list(home.rglob("catalogue.db"))

    def test_a_photograph_of_what_is_withdrawn_is_not_shown(self, shop, alone):
        with Catalogue(shop / CATALOGUE) as catalogue:
            (withdrawn,) = catalogue.photos("P04")
        refused = alone.get(f"/api/v1/photos/{withdrawn.sha256}")
        assert refused.json()["code"] == "no-such-photograph"


def recorder_of_alone(client):
    return client.app.routes[0].app.state.shop.recorder()


@pytest.fixture
def catalogue(home, extractor) -> Catalogue:
    """A shop of its own, which may change."""
    with a_shop(data_folder() / CATALOGUE, extractor) as opened:
        yield opened


def test_a_new_revision_is_seen_without_a_restart(catalogue, home, extractor, monkeypatch):
    monkeypatch.setattr("search.api.shop.extractor_for", lambda name: extractor)
    monkeypatch.setenv(INDEX, str(index_in(home)))
    publish(catalogue, extractor.fingerprint, index_in(home))
    with served() as client:
        before = client.get("/api/v1/products/P00/similar?k=50")
        assert "P07" in ids(before)
        with catalogue.change("test", "edit") as change:
            change.update("P07", status="withdrawn")
            change.put(Product("P30", "Newest thing"))
        publish(catalogue, extractor.fingerprint, index_in(home))
        wait_until(lambda: revision(client) == catalogue.revision())
        after = client.get("/api/v1/products/P00/similar?k=50")
        assert "P07" not in ids(after)
        assert after.headers["etag"] != before.headers["etag"]
        assert client.get("/api/v1/products/P07").status_code == 404
        assert ids(client.get("/api/v1/products?words=newest")) == ["P30"]
    disconnect(index_in(home))


class OtherExtractor(FakeExtractor):
    """Another network: it sees the colours in another order."""

    fingerprint = "vgg16-imagenet-000000000000"

    def cells(self, photos):
        return super().cells(photos)[..., ::-1].copy()


def test_another_network_takes_over_at_once(catalogue, home, extractor, monkeypatch):
    other = OtherExtractor()
    known = {"": extractor, "vgg16-imagenet": other}
    monkeypatch.setattr("search.api.shop.extractor_for", known.__getitem__)
    monkeypatch.setenv(INDEX, str(index_in(home)))
    publish(catalogue, extractor.fingerprint, index_in(home))
    with served() as client:
        assert client.get("/api/v1/catalogue").json()["network"] == extractor.fingerprint
        files = [catalogue.path(photo) for photo in catalogue.photos()]
        read = [photos.read(file) for file in files]
        rows = {photo.sha256: other.embed([photo])[0] for photo in read}
        catalogue.save_features(other.fingerprint, rows)
        with Publisher(catalogue, other.fingerprint, index_in(home), grace=0.0) as publisher:
            publisher.publish()
        wait_until(
            lambda: client.get("/api/v1/catalogue").json().get("network") == other.fingerprint
        )
        found = client.post("/api/v1/search?k=1", files={"photo": photograph(7)})
        assert ids(found) == ["P07"]
        assert found.json()["network"] == other.fingerprint
    disconnect(index_in(home))


def test_other_weights_than_those_of_the_index_are_refused(shop, home, monkeypatch):
    monkeypatch.setattr("search.api.shop.extractor_for", lambda name: OtherExtractor())
    monkeypatch.setenv(INDEX, str(index_in(shop)))
    with served(warm=False) as client:
        refused = client.get("/api/v1/catalogue")
        assert refused.status_code == 503
        assert refused.json()["code"] == "not-encoded"
        assert client.get("/api/v1/ready").status_code == 503
        assert client.get("/api/v1/health").status_code == 200


@pytest.mark.parametrize("address", ["somewhere", "milvus://127.0.0.1:1/shop"])
def test_an_index_that_is_not_there_is_a_sentence(home, extractor, monkeypatch, address):
    monkeypatch.setattr("search.api.shop.extractor_for", lambda name: extractor)
    monkeypatch.setenv(INDEX, address)
    with served(warm=False) as client:
        refused = client.get("/api/v1/products/P00")
        assert refused.status_code == 503
        assert refused.headers["content-type"] == PROBLEM
        assert refused.json()["code"] == "index-unavailable"
        assert address in refused.json()["detail"]
        assert client.get("/api/v1/health").status_code == 200
        assert client.get("/api/v1/ready").status_code == 503


def ids(answer) -> list[str]:
    return [hit["id"] for hit in answer.json()["hits"]]


def revision(client) -> int:
    return client.get("/api/v1/catalogue").json()["revision"]


def test_while_milvus_is_away_it_says_so_and_comes_back_by_itself(
    catalogue, extractor, tmp_path, monkeypatch
):
    monkeypatch.setattr("search.api.shop.extractor_for", lambda name: extractor)
    with milvus_server(tmp_path / "milvus") as server, contextlib.ExitStack() as stack:
        publish(catalogue, extractor.fingerprint, Address.parse(server.address))
        monkeypatch.setenv(INDEX, server.address)
        client = stack.enter_context(served())
        before = plain(client.get("/api/v1/products/P00/similar"))
        server.stop()
        wait_until(lambda: client.get("/api/v1/ready").status_code == 503)
        later = stack.enter_context(served(warm=False))  # it starts before Milvus does
        for each in (client, later):
            for place in ("products/P00/similar", "products", "catalogue"):
                refused = each.get(f"/api/v1/{place}")
                assert refused.status_code == 503
                assert refused.json()["code"] == "index-unavailable"
                assert refused.json()["detail"].startswith("The index milvus://")
            assert each.get("/api/v1/health").status_code == 200
            assert each.get("/api/v1/ready").status_code == 503
            assert "search_catalogue_answers 0.0" in each.get("/api/v1/metrics").text
        server.start()
        for each in (client, later):
            wait_until(lambda each=each: each.get("/api/v1/ready").status_code == 200)
            assert plain(each.get("/api/v1/products/P00/similar")) == before
            assert "search_catalogue_answers 1.0" in each.get("/api/v1/metrics").text


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="no process can be paused here")
def test_a_milvus_that_answers_nothing_is_given_up(catalogue, extractor, tmp_path, monkeypatch):
    monkeypatch.setattr("search.api.shop.extractor_for", lambda name: extractor)
    for module in ("client", "published"):
        monkeypatch.setattr(f"search.engine.milvus.{module}.PATIENCE", 1.0)
    with milvus_server(tmp_path / "milvus") as server:
        publish(catalogue, extractor.fingerprint, Address.parse(server.address))
        monkeypatch.setenv(INDEX, server.address)
        with served() as client:
            server.pause()
            wait_until(lambda: client.get("/api/v1/products/P00/similar").status_code == 503)
            assert client.get("/api/v1/products/P00").json()["code"] == "index-unavailable"
            assert client.get("/api/v1/health").status_code == 200
            server.resume()
            wait_until(lambda: client.get("/api/v1/products/P00/similar").status_code == 200)


@contextlib.contextmanager
def running(server: str, folder: Path) -> Iterator[str]:
    """Give the address of a new index on a kind of server that many processes may ask."""
    if server == "server":
        yield str(milvus_lite.address(server, folder))
        return
    with milvus_server(folder / "milvus") as lite:
        yield lite.address


@pytest.mark.parametrize("server", ["lite", "server"])
def test_two_processes_answer_alike_and_follow(catalogue, extractor, tmp_path, server):
    if server not in milvus_lite.SERVERS:
        pytest.skip(f"no server at hand: name one in {milvus_lite.URI}")
    with running(server, tmp_path) as address:
        publish(catalogue, extractor.fingerprint, Address.parse(address))
        empty = tmp_path / "empty"
        with api_processes(address, empty, 2) as clients:
            found = [client.get("products/P00/similar?k=50") for client in clients]
            assert [each.status_code for each in found] == [200, 200]
            assert plain(found[0]) == plain(found[1])
            assert found[0].headers["etag"] == found[1].headers["etag"]
            with catalogue.change("test", "edit") as change:
                change.update("P07", stock=0)
            publish(catalogue, extractor.fingerprint, Address.parse(address))
            for client in clients:
                wait_until(lambda client=client: "P07" not in ids(
                    client.get("products/P00/similar?k=50")
                ))  # fmt: skip
        assert not list(empty.rglob("catalogue.db"))
