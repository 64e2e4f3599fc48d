"""The client's saved objects become a catalogue that answers as their own search did."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from search.catalogue import Catalogue
from search.engine.exact import open_index
from search.errors import Cancelled, ImportRefused, MismatchError, NetworkError
from search.importing.adopt import adopt
from search.importing.pickles import read_pickle
from search.insight import evaluation
from search.network import registry, weights
from search.network.extractor import KerasExtractor
from search.network.stream import stream
from search.photos import read
from tests.helpers import ROOT

NETWORK = "vgg16-imagenet"
SIZE = 512


class Store:
    """A store of raw features and names, written as a notebook would, and its photographs."""

    def __init__(self, folder: Path, picture: Callable[..., bytes]) -> None:
        self.features, self.names = folder / "features.p", folder / "names.p"
        self.photos = folder / "photographs"
        self.photos.mkdir()
        self.picture = picture

    def add(self, path: str, seed: int | None = None) -> None:
        file = self.photos / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(self.picture(path if seed is None else seed))

    def save(self, names: list[str], rows: object = None) -> None:
        if rows is None:
            rows = np.random.default_rng(0).gamma(0.5, size=(len(names), SIZE)) * 7
        self.features.write_bytes(pickle.dumps(rows))
        self.names.write_bytes(pickle.dumps(names))
        self.rows = rows

    def adopt(self, catalogue: Catalogue, **options):
        return adopt(catalogue, self.features, self.names, self.photos, **options)


@pytest.fixture
def store(tmp_path: Path, picture) -> Store:
    return Store(tmp_path, picture)


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    return Catalogue(tmp_path / "adopted")


def test_products_photographs_features_and_network(store, catalogue):
    for name in ("a.png", "b.png", "sub/c.png"):
        store.add(name)
    store.save(["b.png", "c.png", "a.png"])
    report = store.adopt(catalogue, category="footwear", actor="Ann")

    assert (report.products, report.photos, report.left_out) == (3, 3, 0)
    assert report.fingerprint == weights.fingerprint(registry.get(NETWORK))
    assert [(p.id, p.category) for p in catalogue.products()] == [
        ("a", "footwear"), ("b", "footwear"), ("c", "footwear"),
    ]  # fmt: skip
    sources = {photo.product_id: photo.source for photo in catalogue.photos()}
    assert sources == {"a": "a.png", "b": "b.png", "c": "sub/c.png"}
    assert catalogue.setting("network") == NETWORK
    [revision] = catalogue.revisions()
    assert (revision.actor, revision.action) == ("Ann", "adopt")

    snapshot = catalogue.snapshot(report.fingerprint)
    product = {photo.id: photo.product_id for photo in snapshot.photos}
    for photo_id, feature in zip(snapshot.photo_ids.tolist(), snapshot.features, strict=True):
        raw = store.rows["bca".index(product[photo_id])]
        np.testing.assert_allclose(feature, raw / np.linalg.norm(raw), atol=2e-4)


@pytest.mark.parametrize(
    "name",
    ["data/shoe.png", "C:\\shop\\data\\shoe.png", "/home/ann/shoe.png", "..\\shoe.png", "SHOE.PNG"],
)
def test_names_are_matched_by_their_last_part(store, catalogue, name):
    store.add("shoe.png")
    store.save([name])
    assert store.adopt(catalogue).photos == 1


def test_accents_of_another_system(store, catalogue):
    store.add("e\u0301te\u0301.png")
    store.save(["\u00e9t\u00e9.png"])
    assert store.adopt(catalogue).photos == 1


def test_two_files_of_one_name_are_told_apart_by_their_folders(store, catalogue):
    store.add("left/shoe.png")
    store.add("right/shoe.png")
    store.save(["data\\right\\shoe.png", "data\\left\\shoe.png"])
    report = store.adopt(catalogue)
    features = catalogue.known_features(
        report.fingerprint, [photo.sha256 for photo in catalogue.photos()]
    )
    by_source = {photo.source: features[photo.sha256] for photo in catalogue.photos()}
    for row, source in enumerate(["right/shoe.png", "left/shoe.png"]):
        raw = store.rows[row]
        np.testing.assert_allclose(by_source[source], raw / np.linalg.norm(raw), atol=2e-4)
    assert {p.id for p in catalogue.products()} == {"shoe", "left/shoe.png"}


def test_a_name_that_fits_two_files_is_reported_not_guessed(store, catalogue):
    store.add("left/shoe.png")
    store.add("right/shoe.png")
    store.save(["shoe.png"])
    report = store.adopt(catalogue)
    assert report.photos == 0
    [(name, sentence)] = report.refused
    assert name == "shoe.png"
    assert "Several photographs" in sentence


def test_missing_unreadable_and_repeated_are_reported_and_the_rest_goes_in(store, catalogue):
    store.add("a.png")
    (store.photos / "b.png").write_bytes(b"no picture")
    store.save(["data/a.png", "data/b.png", "data/gone.png", "old/a.png"])
    report = store.adopt(catalogue)
    assert [p.id for p in catalogue.products()] == ["a"]
    assert report.missing == ("data/gone.png",)
    assert [name for name, _ in report.refused] == ["data/b.png"]
    assert report.repeated == ("old/a.png",)
    assert report.left_out == 3


def test_adopting_twice_changes_nothing_and_keeps_edits(store, catalogue):
    store.add("a.png")
    store.save(["a.png"])
    store.adopt(catalogue)
    with catalogue.change("Ann", "edit") as change:
        change.update("a", name="Sandal", price=1999, currency="EUR")
    revision = catalogue.revision()
    report = store.adopt(catalogue)
    assert (report.products, report.photos) == (0, 0)
    assert catalogue.revision() == revision
    assert catalogue.product("a").name == "Sandal"


def test_features_as_a_list_of_arrays(store, catalogue):
    store.add("a.png")
    store.save(["a.png"], [np.ones((1, SIZE), np.float32)])
    assert store.adopt(catalogue).photos == 1


def test_cancelling_changes_nothing(store, catalogue):
    for name in ("a.png", "b.png"):
        store.add(name)
    store.save(["a.png", "b.png"])
    before = catalogue.revision()
    with pytest.raises(Cancelled):
        store.adopt(catalogue, on_progress=lambda p: p.done < p.total)
    assert catalogue.products() == []
    assert catalogue.revision() == before
    assert catalogue.setting("network") is None


@pytest.mark.parametrize(
    ("names", "rows", "sentence"),
    [
        (["a", "b"], np.ones((3, SIZE)), "3 features but 2 file names"),
        (["a"], np.full((1, SIZE), np.nan), "Row 1"),
        (["a", "b"], np.eye(2, SIZE) * [[1], [0]], "Row 2"),
        (["a"], ["text"], "no features"),
        (["a"], [], "no features"),
        (["a", "b"], [np.ones(SIZE), np.ones(3)], "no features"),
        ("abc", np.ones((3, SIZE)), "no list"),
        ([["a"]], np.ones((1, SIZE)), "no list"),
    ],
)
def test_stores_that_do_not_hold_together(store, catalogue, names, rows, sentence):
    store.save(names, rows)
    with pytest.raises(ImportRefused, match=sentence):
        store.adopt(catalogue)
    assert catalogue.products() == []


def test_features_of_another_network(store, catalogue):
    store.save(["a"], np.ones((1, 2048)))
    with pytest.raises(MismatchError, match="2048 numbers"):
        store.adopt(catalogue)
    store.save(["a"], np.ones((1, SIZE)))
    with pytest.raises(NetworkError):
        store.adopt(catalogue, network_name="vgg99")


def test_a_missing_folder(store, catalogue):
    store.save(["a"])
    store.photos.rmdir()
    with pytest.raises(ImportRefused, match="not a folder"):
        store.adopt(catalogue)


def test_a_hostile_pickle_runs_nothing(store, catalogue, tmp_path):
    class Hostile:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "ran"),)

    store.save(["a"])
    store.names.write_bytes(pickle.dumps([Hostile()]))
    with pytest.raises(ImportRefused, match="mkdir"):
        store.adopt(catalogue)
    assert not (tmp_path / "ran").exists()


def test_the_client_store_answers_as_scikit_learn_did(shared, catalogue):
    folder = shared / "photos" / "seed_store"
    report = adopt(
        catalogue, folder / "feature_vector_store.p", folder / "filename_store.p",
        shared / "photos" / "footwear",
    )  # fmt: skip
    assert (report.products, report.photos, report.left_out) == (300, 300, 0)

    raw = pickle.loads((folder / "feature_vector_store.p").read_bytes())  # our own file
    names = pickle.loads((folder / "filename_store.p").read_bytes())
    distances, positions = (
        NearestNeighbors(metric="cosine", algorithm="brute").fit(raw).kneighbors(raw, 300)
    )
    snapshot = catalogue.snapshot(report.fingerprint)
    index = open_index(catalogue, snapshot).rows
    product = {photo.id: photo.product_id for photo in snapshot.photos}
    row = {product[photo_id]: n for n, photo_id in enumerate(index.ids.tolist())}
    ours = np.array([row[Path(name).stem] for name in names])

    found = index.query(index.rows[ours], 300)
    # In float16 the order stays what it was, up to ties of 1e-3.
    np.testing.assert_allclose(found.distances, distances, atol=5e-4)
    whole = np.argsort(positions, axis=1)
    place = np.argsort(index.ids[ours])[np.searchsorted(np.sort(index.ids[ours]), found.ids)]
    theirs = np.take_along_axis(distances, np.take_along_axis(whole, place, axis=1), axis=1)
    assert np.diff(theirs, axis=1).min() >= -1e-3
    np.testing.assert_array_equal(np.sort(found.ids), np.sort(index.ids[ours][positions]))


def test_the_client_store_by_the_kinds_of_its_shoes(shared, catalogue):
    """ImageNet's VGG16 is reported to reach 0.888 there; the kinds in the file were told by eye."""
    folder = shared / "photos" / "seed_store"
    footwear = shared / "photos" / "footwear"
    report = adopt(
        catalogue, folder / "feature_vector_store.p", folder / "filename_store.p", footwear
    )
    files, labels = evaluation.labelled(ROOT / "tests" / "benchmarks" / "footwear.csv", footwear)
    kind = dict(zip((file.stem for file in files), labels, strict=True))
    snapshot = catalogue.snapshot(report.fingerprint)
    product = {photo.id: photo.product_id for photo in snapshot.photos}
    shown = [kind[product[int(photo_id)]] for photo_id in snapshot.photo_ids]
    quality = evaluation.leave_one_out(snapshot.features, shown)
    assert quality.precision_at_8.mean == pytest.approx(0.888, abs=0.005)


def test_the_published_result_of_the_client(shared, catalogue):
    """photos/search_image_01.jpg by VGG16 with ImageNet's weights, prepared as they did it."""
    folder = shared / "photos" / "seed_store"
    report = adopt(
        catalogue, folder / "feature_vector_store.p", folder / "filename_store.p",
        shared / "photos" / "footwear",
    )  # fmt: skip
    snapshot = catalogue.snapshot(report.fingerprint)
    imagenet = KerasExtractor(NETWORK, shared / "network" / f"{NETWORK}.npz", "float32")
    query = imagenet.embed([read(shared / "photos" / "search_image_01.jpg")])
    found = open_index(catalogue, snapshot).rows.query(query, 8)
    product = {photo.id: photo.product_id for photo in snapshot.photos}
    numbers = ["0187", "0231", "0176", "0229", "0301", "0261", "0186", "0268"]
    assert [product[i] for i in found.ids[0].tolist()] == [f"footwear_{n}" for n in numbers]
    np.testing.assert_allclose(
        found.distances[0],
        [0.11272611, 0.15720025, 0.19085656, 0.20477758,
         0.21775484, 0.23059241, 0.2458289, 0.25736065],
        atol=0.003, rtol=0,
    )  # fmt: skip


def test_the_client_s_features_are_made_again(shared):
    """All 300 of the store, from the photographs themselves, as the program encodes them."""
    folder = shared / "photos" / "seed_store"
    saved = np.asarray(read_pickle(folder / "feature_vector_store.p"), np.float64)
    names = [Path(name).name for name in read_pickle(folder / "filename_store.p")]
    imagenet = KerasExtractor(NETWORK, shared / "network" / f"{NETWORK}.npz")
    files = [shared / "photos" / "footwear" / name for name in names]
    made = np.stack([encoded.feature for encoded in stream(imagenet, files)])
    cosines = (made * saved).sum(axis=1) / np.linalg.norm(saved, axis=1)
    assert len(cosines) == 300
    assert cosines.min() >= 0.995
