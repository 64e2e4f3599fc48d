"""Encoding by several processes gives what one gives, also where one of them is killed midway."""

from __future__ import annotations

import os
import signal
import socket
import sys
import warnings

import numpy as np
import psutil
import pytest

from search import photos
from search.catalogue import Catalogue, Product
from search.engine import colours, encoding
from search.engine.encoding import encode_missing, encode_sources
from search.errors import Cancelled, ClusterError, PhotoError
from search.network import cluster as encoding_cluster
from search.network import scheduler, worker
from search.network.cluster import Workers
from search.network.extractor import NetworkExtractor
from tests.unit.engine.slow import ElsewhereAnother, NowhereElse, SlowExtractor

COUNT = 80


@pytest.fixture(scope="module")
def dask_workers(tmp_path_factory):
    """A cluster of a scheduler and two worker processes of one thread."""
    distributed = pytest.importorskip("distributed")
    with warnings.catch_warnings(action="ignore"):  # of a machine that is slow to start them
        made = distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=True,
            dashboard_address=None,
            silence_logs=50,
            local_directory=str(tmp_path_factory.mktemp("dask")),
        )
    yield made
    made.close()


def filled(folder, shots):
    """A catalogue of photographs, one of them broken."""
    catalogue = Catalogue(folder)
    with catalogue.change("test", "fill") as change:
        for n, photo in enumerate(shots):
            change.put(Product(f"P{n:03}"))
            change.add_photo(f"P{n:03}", photo)
    catalogue.path(catalogue.photos("P007")[0]).write_bytes(b"\x89PNG\r\n\x1a\nbroken")
    return catalogue


@pytest.fixture
def shops(home, picture):
    """Two catalogues of the same photographs."""
    shots = [photos.read(picture(n)) for n in range(COUNT)]
    with filled(home / "plain", shots) as plain, filled(home / "spread", shots) as spread:
        yield plain, spread


@pytest.fixture
def shop(home, picture):
    with filled(home / "shop", [photos.read(picture(n)) for n in range(20)]) as made:
        yield made


def features(catalogue, fingerprint):
    shas = [photo.sha256 for photo in catalogue.photos()]
    return catalogue.known_features(fingerprint, shas)


def assert_same(plain, spread, extractor):
    """Features, colours, failures and revisions are those of the plain stream."""
    for fingerprint in (extractor.fingerprint, colours.FINGERPRINT):
        wanted, found = features(plain, fingerprint), features(spread, fingerprint)
        assert wanted.keys() == found.keys()
        assert len(found) == COUNT - 1
        assert all(np.array_equal(found[sha], wanted[sha]) for sha in wanted)
    assert spread.revision() == plain.revision()
    confirmed = [r.photos for r in spread.revisions(100) if r.action == "encode"]
    assert sum(confirmed) == COUNT - 1  # each once
    assert sorted(confirmed) == sorted(
        r.photos for r in plain.revisions(100) if r.action == "encode"
    )


@pytest.fixture
def few_together(monkeypatch):
    """Many confirmations, and none by the clock."""
    monkeypatch.setattr(encoding, "_SAVED_TOGETHER", 16)
    monkeypatch.setattr(encoding, "_SAVED_EVERY", 1e9)


def killing(pids):
    """A progress callback that kills one worker in the midst of its work."""
    killed = []

    def on_progress(progress):
        if not killed and progress.done >= 16:
            killed.append(pids()[0])
            os.kill(killed[0], signal.SIGKILL)

    return killed, on_progress


def test_a_worker_of_a_cluster_killed_midway_costs_its_batch_and_nothing_twice(
    shops, dask_workers, few_together
):
    plain, spread = shops
    extractor = SlowExtractor()
    wanted = encode_missing(plain, extractor)

    def pids():
        with dask_workers.get_client() as client:
            return list(client.run(os.getpid).values())

    killed, on_progress = killing(pids)
    extractor.encoded = 0
    done = encode_missing(
        spread,
        extractor,
        workers=Workers(scheduler=dask_workers.scheduler_address),
        on_progress=on_progress,
    )
    assert killed
    assert not psutil.pid_exists(killed[0])
    assert done == wanted
    assert done.encoded == COUNT - 1
    assert extractor.encoded == 0  # all of it elsewhere
    assert_same(plain, spread, extractor)


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_local_process_killed_midway_costs_no_photograph(shops, few_together):
    plain, spread = shops
    extractor = SlowExtractor()
    wanted = encode_missing(plain, extractor)

    def pids():
        family = psutil.Process().children(recursive=True)
        return [child.pid for child in family if "LokyProcess" in " ".join(child.cmdline())]

    killed, on_progress = killing(pids)
    done = encode_missing(spread, extractor, workers=Workers(2), on_progress=on_progress)
    assert killed
    assert done == wanted
    assert_same(plain, spread, extractor)


def test_stopped_it_keeps_what_was_answered_and_goes_on_from_there(shop, extractor, dask_workers):
    workers = Workers(scheduler=dask_workers.scheduler_address)
    with pytest.raises(Cancelled):
        encode_missing(shop, extractor, workers=workers, on_progress=lambda progress: False)
    first = shop.fingerprints()[extractor.fingerprint]
    assert 0 < first < 19
    again = encode_missing(shop, extractor, workers=workers)
    assert first + again.encoded == 19


def test_each_source_has_its_outcome_in_order_and_prepared_ones_travel(
    shop, extractor, dask_workers, picture
):
    named = [photos.read(picture(f"new {n}")) for n in range(40)]
    sources = [photo.data for photo in named]
    sources[5] = b"broken"
    sources[9] = extractor.prepare(named[9])
    outcomes = encode_sources(
        *(shop, extractor, iter(sources)),
        total=40,
        saved_together=1000,
        workers=Workers(scheduler=dask_workers.scheduler_address),
    )
    assert isinstance(outcomes[5], PhotoError)
    assert [o for n, o in enumerate(outcomes) if n != 5] == [
        photo.sha256 for n, photo in enumerate(named) if n != 5
    ]


def test_large_photographs_make_no_warning(shop, extractor, dask_workers, picture, recwarn):
    large = picture("large") + bytes(15_000_000)  # beyond a PNG's end nobody reads
    outcomes = encode_sources(
        *(shop, extractor, [large, picture("next")]),
        total=2,
        saved_together=1000,
        workers=Workers(scheduler=dask_workers.scheduler_address),
    )
    assert [type(outcome) for outcome in outcomes] == [str, str]
    assert not [str(warning.message) for warning in recwarn if "large" in str(warning.message)]


def test_sources_that_break_off_are_told_once_the_rest_is_saved(
    shop, extractor, dask_workers, picture
):
    named = [photos.read(picture(f"new {n}")) for n in range(40)]

    def sources():
        yield from [photo.data for photo in named]
        raise KeyError("gone")

    with pytest.raises(KeyError, match="gone"):
        encode_sources(
            *(shop, extractor, sources()),
            total=41,
            saved_together=1000,
            workers=Workers(scheduler=dask_workers.scheduler_address),
        )
    known = shop.known_features(extractor.fingerprint, [photo.sha256 for photo in named])
    assert len(known) == 40


def test_a_real_network_gives_the_same_features_on_a_worker(home, picture, dask_workers):
    network = NetworkExtractor("mobilenet-fashion", precision="float32")
    photo = photos.read(picture("real"))
    with Catalogue(home / "real") as catalogue:
        encode_sources(
            *(catalogue, network, [photo.data]),
            total=1,
            saved_together=1,
            workers=Workers(scheduler=dask_workers.scheduler_address),
        )
        (found,) = catalogue.known_features(network.fingerprint, [photo.sha256]).values()
    assert float(found @ network.embed([photo])[0]) == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize(
    ("extractor", "words"),
    [
        (ElsewhereAnother(), r"another network \(fake-0+ instead of other-0+\): install the same"),
        (NowhereElse(), r"worker at tcp://.* lacks what it needs \(.*weights are not here"),
    ],
    ids=["another network", "no network"],
)
def test_a_worker_that_does_not_fit_is_told_before_anything_is_sent(
    shop, dask_workers, extractor, words
):
    before = shop.revision()
    with pytest.raises(ClusterError, match=words):
        encode_missing(shop, extractor, workers=Workers(scheduler=dask_workers.scheduler_address))
    assert shop.revision() == before


def test_a_worker_looks_itself_too_for_those_that_come_later(extractor):
    work = worker.Work((type(extractor), ()), "other-000000000000", cores=1)
    with pytest.raises(ClusterError, match="another network"):
        worker.encode_batch(work, 0, [b""])


@pytest.mark.parametrize("address", ["", "here", "http://host:1", "tcp://host", "tcp://a b:1"])
def test_what_is_no_address_is_a_sentence(shop, extractor, address):
    pytest.importorskip("distributed")
    with pytest.raises(ClusterError, match="write it as tcp://host:8786"):
        encode_missing(shop, extractor, workers=Workers(scheduler=address))


def test_tls_without_certificates_is_a_sentence(shop, extractor):
    pytest.importorskip("distributed")
    with pytest.raises(ClusterError, match="name no certificates"):
        encode_missing(shop, extractor, workers=Workers(scheduler="tls://127.0.0.1:1"))


def test_no_scheduler_there_is_a_sentence(shop, extractor, monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr(scheduler, "_SECONDS", 0.5)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
        with pytest.raises(ClusterError, match=rf"no Dask scheduler at {address}"):
            encode_missing(shop, extractor, workers=Workers(scheduler=address))


def test_without_dask_it_says_what_to_install(shop, extractor, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ClusterError, match=r"pip install 'dask\[distributed\]'"):
        encode_missing(shop, extractor, workers=Workers(scheduler="tcp://host:8786"))


def test_processes_that_end_again_and_again_are_given_up(shop, monkeypatch):
    monkeypatch.setattr(encoding_cluster, "_PATIENCE", 0)

    class Deadly(SlowExtractor):
        def recipe(self):
            return os._exit, (1,)

    with pytest.raises(ClusterError, match="fewer than 2 workers"):
        encode_missing(shop, Deadly(), workers=Workers(2))
