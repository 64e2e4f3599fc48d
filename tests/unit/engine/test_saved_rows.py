"""Features saved beside the catalogue: opened again alike, or not at all."""

from __future__ import annotations

import json
import os
import pickle
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from search import files
from search.catalogue import CataloguePhoto, Product, Snapshot, Vectors
from search.engine import exact, saved_rows
from search.engine.exact import open_index
from search.engine.rows import FeatureRows
from search.errors import CatalogueError
from tests.unit.engine.features import SIZE, unit_rows

NAME = "neighbours-net-0123456789ab"


def snapshot(ids: np.ndarray, rows: np.ndarray, revision: int = 4, fetched: int = 300) -> Snapshot:
    photos = tuple(CataloguePhoto(n, "p", f"{n:064x}", "", "", 1, 1) for n in ids.tolist())
    vectors = Vectors.compact(rows)
    return Snapshot(
        revision, "net-0123456789ab", (Product("p"),), photos, ids, vectors, fetched=fetched
    )


def load(folder: Path, photos: int = 300):
    return saved_rows.load(folder, "net-0123456789ab", photos)


@pytest.fixture
def ids() -> np.ndarray:
    return np.sort(np.random.default_rng(1).permutation(1000)[:300]).astype(np.int64)


@pytest.fixture
def rows() -> np.ndarray:
    return unit_rows(300)


@pytest.fixture
def shot(ids, rows) -> Snapshot:
    return snapshot(ids, rows)


@pytest.fixture
def saved(tmp_path: Path, shot) -> Path:
    """A folder with the rows of the snapshot saved."""
    save(shot, tmp_path)
    return tmp_path


def save(shot: Snapshot, folder: Path) -> None:
    saved_rows.save(shot, folder)


def test_round_trip_answers_alike_and_nobody_writes_to_the_rows(saved, shot, ids):
    (shas, vectors), queries = load(saved), unit_rows(10, seed=13)
    assert shas == [photo.sha256 for photo in shot.photos]
    index, opened = (FeatureRows.fit(ids, each) for each in (shot.vectors, vectors))
    for before, after in zip(index.query(queries, 7), opened.query(queries, 7), strict=True):
        np.testing.assert_array_equal(before, after)
    assert not any(block.numbers.flags.writeable for block in vectors.blocks)


def test_rows_that_are_not_compact_are_saved_as_they_are(tmp_path, ids, rows, shot):
    saved_rows.save(replace(shot, vectors=Vectors.of(rows)), tmp_path)
    np.testing.assert_array_equal(load(tmp_path)[1][:], rows)
    mixed = Vectors([*Vectors.of(rows[:100]).blocks, *Vectors.compact(rows[100:]).blocks], SIZE)
    saved_rows.save(replace(shot, vectors=mixed), tmp_path)
    np.testing.assert_array_equal(load(tmp_path)[1][:], mixed[:])


def test_holds_a_nearest_neighbors(saved, ids, rows):
    described = json.loads((saved / f"{NAME}.json").read_text())
    features = np.load(saved / f"{NAME}.npy", allow_pickle=False).astype(np.float32)
    features /= np.linalg.norm(features, axis=1, keepdims=True)
    estimator = NearestNeighbors(**described["nearest_neighbors"]).fit(features)
    distances, positions = estimator.kneighbors(rows[:4], 3)
    found = FeatureRows.fit(ids, rows, "euclidean").query(rows[:4], 3)
    np.testing.assert_array_equal(np.array(described["ids"])[positions], found.ids)
    np.testing.assert_allclose(distances, found.distances, atol=1e-3)
    assert described["revision"] == 4


def test_leaves_no_other_file(saved, shot):
    save(shot, saved)
    assert sorted(file.name for file in saved.iterdir()) == [f"{NAME}.json", f"{NAME}.npy"]


def test_what_was_read_outlives_a_new_file(saved, shot, ids, rows):
    _, old = load(saved)
    expected = old[:]
    save(snapshot(ids, unit_rows(300, seed=14), revision=5), saved)
    np.testing.assert_array_equal(old[:], expected)


@pytest.mark.parametrize("left", [0, 200, -1])
def test_a_file_cut_in_place_ends_no_process(saved, shot, rows, left):
    """Reading a page of a mapped file that is no longer there is a SIGBUS."""
    child = os.fork()
    if child == 0:
        _, loaded = load(saved)
        path = saved / f"{NAME}.npy"
        os.truncate(path, left if left >= 0 else path.stat().st_size + left)
        found = loaded.products(rows[:5])
        os._exit(0 if found.shape == (5, 300) and load(saved) is None else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_missing_is_none(tmp_path):
    assert load(tmp_path) is None


@pytest.mark.parametrize("bit", [1, 8])
@pytest.mark.parametrize("at", [0, 34, 100, 110, -1])
@pytest.mark.parametrize("file", [f"{NAME}.npy", f"{NAME}.json"])
def test_one_changed_byte_is_noticed(saved, shot, ids, rows, file, at, bit):
    path = saved / file
    data = bytearray(path.read_bytes())
    data[at] ^= bit
    path.write_bytes(data)
    loaded = load(saved)
    # A byte of the description may be one that is not read, such as a space.
    assert loaded is None or np.array_equal(loaded[1][:], shot.features)
    assert loaded is None or file.endswith(".json")


def test_nothing_in_a_foreign_file_runs(saved, shot, tmp_path):
    mark = tmp_path / "ran"

    class Hostile:
        def __reduce__(self):
            return os.mkdir, (str(mark),)

    for name in (f"{NAME}.npy", f"{NAME}.json"):
        (saved / name).write_bytes(pickle.dumps(Hostile()))
        assert load(saved) is None
    array = np.empty(300, object)
    array[:] = Hostile()
    np.save(saved / f"{NAME}.npy", array, allow_pickle=True)
    assert load(saved) is None
    assert not mark.exists()


@pytest.mark.parametrize("content", [b"", b"text", b"3", b"[1, 2, 3]", b"{}", b"null", b"[" * 7000])
def test_a_description_of_another_kind_is_none(saved, shot, content):
    (saved / f"{NAME}.json").write_bytes(content)
    assert load(saved) is None


@pytest.mark.parametrize(
    "array",
    [
        np.zeros((300, SIZE)),
        np.zeros((2, SIZE), np.float32),
        np.zeros((300, SIZE, 1), np.float32),
        np.asfortranarray(unit_rows(300)),
    ],
)
def test_rows_of_another_kind_are_none_even_if_their_sum_is_right(saved, array):
    np.save(saved / f"{NAME}.npy", array)
    path = saved / f"{NAME}.json"
    described = json.loads(path.read_text())
    described["sha256"] = files.sha256(saved / f"{NAME}.npy")
    path.write_text(json.dumps(described))
    assert load(saved) is None


def test_more_than_the_photographs_can_need_is_not_read(saved):
    assert load(saved, 100) is not None
    assert load(saved, 10) is None


def test_what_is_no_file_of_ours_is_not_read(saved, shot, tmp_path):
    for name in (f"{NAME}.npy", f"{NAME}.json"):
        path = saved / name
        kept = path.read_bytes()
        path.unlink()
        os.mkfifo(path)  # opening one waits for a writer
        assert load(saved) is None
        path.unlink()
        (tmp_path / "elsewhere").write_bytes(kept)
        path.symlink_to(tmp_path / "elsewhere")
        assert load(saved) is None
        path.unlink()
        path.write_bytes(kept)
        os.truncate(path, 2**33)  # 8 GiB, of which none is on the disk
        assert load(saved) is None
        path.write_bytes(kept)
    assert load(saved) is not None


def test_a_failed_save_keeps_the_older_files(saved, shot, ids, rows, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28)))
        with pytest.raises(OSError, match="28"):
            save(snapshot(ids, rows, revision=5), saved)
    assert len(list(saved.iterdir())) == 2
    assert load(saved) is not None


class TestOpenIndex:
    @pytest.fixture
    def catalogue(self, tmp_path: Path) -> SimpleNamespace:
        return SimpleNamespace(folder=tmp_path)

    @pytest.fixture
    def saves(self, monkeypatch) -> list[int]:
        """List the revisions that were saved."""
        listed: list[int] = []
        real = saved_rows.save

        def save(snapshot, folder):
            listed.append(snapshot.revision)
            real(snapshot, folder)

        monkeypatch.setattr(exact.saved_rows, "save", save)
        return listed

    def test_rows_that_came_from_the_database_are_saved(self, catalogue, shot, saves):
        assert len(open_index(catalogue, shot)) == 300
        assert saves == [4]
        np.testing.assert_array_equal(load(catalogue.folder)[1][:], shot.features)

    @pytest.mark.parametrize(("fetched", "expected"), [(0, []), (30, []), (31, [5])])
    def test_only_once_many_are_new(self, catalogue, ids, rows, saves, fetched, expected):
        open_index(catalogue, snapshot(ids, rows, revision=5, fetched=fetched))
        assert saves == expected

    @pytest.mark.parametrize("error", [OSError(28), CatalogueError("busy")])
    def test_a_folder_that_cannot_be_written_costs_reading_only(
        self, catalogue, shot, monkeypatch, error
    ):
        def refuse(*_, **__):
            raise error

        monkeypatch.setattr(exact.saved_rows, "save", refuse)
        assert len(open_index(catalogue, shot)) == 300

    def test_an_empty_catalogue_saves_nothing(self, catalogue, tmp_path):
        empty = snapshot(np.empty(0, np.int64), np.empty((0, 0), np.float32), fetched=0)
        assert len(open_index(catalogue, empty)) == 0
        assert not list(tmp_path.iterdir())
