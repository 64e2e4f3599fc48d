"""Features saved beside the catalogue: opened again alike, or not at all."""

from __future__ import annotations

import itertools
import json
import os
import pickle
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from search import files
from search.engine import exact, saved_rows
from search.engine.exact import open_index
from search.engine.rows import FeatureRows
from search.errors import CatalogueError
from tests.unit.engine.features import SIZE, unit_rows

NAME = "neighbours-net-0123456789ab"


def snapshot(ids: np.ndarray, rows: np.ndarray, revision: int = 4) -> SimpleNamespace:
    return SimpleNamespace(
        revision=revision,
        fingerprint="net-0123456789ab",
        products=(),
        photo_ids=ids,
        features=rows,
        row_product=np.zeros(len(ids), np.int64),
        group=np.zeros(1, np.int64),
    )


@pytest.fixture
def ids() -> np.ndarray:
    return np.sort(np.random.default_rng(1).permutation(1000)[:300]).astype(np.int64)


@pytest.fixture
def rows() -> np.ndarray:
    return unit_rows(300)


@pytest.fixture
def shot(ids, rows) -> SimpleNamespace:
    return snapshot(ids, rows)


@pytest.fixture
def saved(tmp_path: Path, shot) -> Path:
    """A folder with the rows of the snapshot saved."""
    save(shot, tmp_path)
    return tmp_path


def save(shot: SimpleNamespace, folder: Path) -> None:
    rows = FeatureRows.fit(shot.photo_ids, shot.features)
    saved_rows.save(rows, folder, fingerprint=shot.fingerprint, revision=shot.revision)


def test_round_trip_answers_alike_and_nobody_writes_to_the_rows(saved, shot, ids, rows):
    loaded, queries = saved_rows.load(saved, shot), unit_rows(10, seed=13)
    index = FeatureRows.fit(ids, rows)
    for before, after in zip(index.query(queries, 7), loaded.query(queries, 7), strict=True):
        np.testing.assert_array_equal(before, after)
    assert not loaded.rows.flags.writeable


def test_holds_a_nearest_neighbors(saved, ids, rows):
    described = json.loads((saved / f"{NAME}.json").read_text())
    features = np.load(saved / f"{NAME}.npy", allow_pickle=False)
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
    old = saved_rows.load(saved, shot)
    expected = old.query(rows[:5], 3).ids
    save(snapshot(ids, unit_rows(300, seed=14), revision=5), saved)
    np.testing.assert_array_equal(old.query(rows[:5], 3).ids, expected)


@pytest.mark.parametrize("left", [0, 200, -1])
def test_a_file_cut_in_place_ends_no_process(saved, shot, rows, left):
    """Reading a page of a mapped file that is no longer there is a SIGBUS."""
    child = os.fork()
    if child == 0:
        loaded = saved_rows.load(saved, shot)
        path = saved / f"{NAME}.npy"
        os.truncate(path, left if left >= 0 else path.stat().st_size + left)
        found = loaded.query(rows[:5], 3).ids
        os._exit(0 if found.shape == (5, 3) and saved_rows.load(saved, shot) is None else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_missing_or_stale_is_none(tmp_path, shot, ids, rows):
    assert saved_rows.load(tmp_path, shot) is None
    save(shot, tmp_path)
    assert saved_rows.load(tmp_path, snapshot(ids, rows, revision=5)) is None
    assert saved_rows.load(tmp_path, snapshot(ids + 1, rows)) is None


@pytest.mark.parametrize("at", [0, 100, -1])
@pytest.mark.parametrize("file", [f"{NAME}.npy", f"{NAME}.json"])
def test_one_changed_byte_is_noticed(saved, shot, ids, rows, file, at):
    path = saved / file
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)
    loaded = saved_rows.load(saved, shot)
    # A byte of the description may be one that says nothing, such as a space.
    assert loaded is None or (np.array_equal(loaded.ids, ids) and np.array_equal(loaded.rows, rows))
    assert loaded is None or file.endswith(".json")


def test_nothing_in_a_foreign_file_runs(saved, shot, tmp_path):
    mark = tmp_path / "ran"

    class Hostile:
        def __reduce__(self):
            return os.mkdir, (str(mark),)

    for name in (f"{NAME}.npy", f"{NAME}.json"):
        (saved / name).write_bytes(pickle.dumps(Hostile()))
        assert saved_rows.load(saved, shot) is None
    array = np.empty(300, object)
    array[:] = Hostile()
    np.save(saved / f"{NAME}.npy", array, allow_pickle=True)
    assert saved_rows.load(saved, shot) is None
    assert not mark.exists()


@pytest.mark.parametrize("content", [b"", b"text", b"3", b"[1, 2, 3]", b"{}", b"null", b"[" * 7000])
def test_a_description_of_another_kind_is_none(saved, shot, content):
    (saved / f"{NAME}.json").write_bytes(content)
    assert saved_rows.load(saved, shot) is None


@pytest.mark.parametrize(
    "array",
    [np.zeros((300, SIZE)), np.zeros((2, SIZE), np.float32), np.asfortranarray(unit_rows(300))],
)
def test_rows_of_another_kind_are_none_even_if_their_sum_is_right(saved, shot, array):
    np.save(saved / f"{NAME}.npy", array)
    path = saved / f"{NAME}.json"
    described = json.loads(path.read_text())
    described["sha256"] = files.sha256(saved / f"{NAME}.npy")
    path.write_text(json.dumps(described))
    assert saved_rows.load(saved, shot) is None


def test_what_is_no_file_of_ours_is_not_read(saved, shot, tmp_path):
    for name in (f"{NAME}.npy", f"{NAME}.json"):
        path = saved / name
        kept = path.read_bytes()
        path.unlink()
        os.mkfifo(path)  # opening one waits for a writer
        assert saved_rows.load(saved, shot) is None
        path.unlink()
        (tmp_path / "elsewhere").write_bytes(kept)
        path.symlink_to(tmp_path / "elsewhere")
        assert saved_rows.load(saved, shot) is None
        path.unlink()
        path.write_bytes(kept)
        os.truncate(path, 2**33)  # 8 GiB, of which none is on the disk
        assert saved_rows.load(saved, shot) is None
        path.write_bytes(kept)
    assert saved_rows.load(saved, shot) is not None


def test_a_failed_save_keeps_the_older_files(saved, shot, ids, rows, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28)))
        with pytest.raises(OSError, match="28"):
            save(snapshot(ids, rows, revision=5), saved)
    assert len(list(saved.iterdir())) == 2
    assert saved_rows.load(saved, shot) is not None


class TestOpenIndex:
    @pytest.fixture
    def catalogue(self, tmp_path: Path) -> SimpleNamespace:
        return SimpleNamespace(folder=tmp_path)

    @pytest.fixture
    def fits(self, monkeypatch) -> itertools.count:
        """Count how often rows are checked and taken anew."""
        counted = itertools.count()
        real = FeatureRows.fit.__func__

        def fit(cls, *args, **kwargs):
            next(counted)
            return real(cls, *args, **kwargs)

        monkeypatch.setattr(FeatureRows, "fit", classmethod(fit))
        return counted

    def test_fits_once_then_opens_the_file(self, catalogue, shot, fits):
        open_index(catalogue, shot)
        again = open_index(catalogue, shot)
        assert next(fits) == 1
        assert len(again) == 300

    def test_a_new_revision_is_fitted_anew(self, catalogue, ids, rows, fits):
        open_index(catalogue, snapshot(ids, rows))
        fresh = open_index(catalogue, snapshot(ids[1:], rows[1:], revision=5))
        assert next(fits) == 2
        assert len(fresh) == 299

    def test_a_damaged_file_is_fitted_and_saved_anew(self, catalogue, shot, fits):
        open_index(catalogue, shot)
        path = catalogue.folder / f"{NAME}.npy"
        path.write_bytes(path.read_bytes()[:-100])
        open_index(catalogue, shot)
        assert len(open_index(catalogue, shot)) == 300
        assert next(fits) == 2

    @pytest.mark.parametrize("error", [OSError(28), CatalogueError("busy")])
    def test_a_folder_that_cannot_be_written_costs_a_fit_only(
        self, catalogue, shot, monkeypatch, error
    ):
        def refuse(*_, **__):
            raise error

        monkeypatch.setattr(exact.saved_rows, "save", refuse)
        assert len(open_index(catalogue, shot)) == 300

    def test_an_empty_catalogue_saves_nothing(self, catalogue, tmp_path):
        empty = snapshot(np.empty(0, np.int64), np.empty((0, 0), np.float32))
        assert len(open_index(catalogue, empty)) == 0
        assert not list(tmp_path.iterdir())
