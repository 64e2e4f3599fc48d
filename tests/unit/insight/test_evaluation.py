"""The figures of quality, against their definitions and scikit-learn's."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from search.errors import FeatureError, ImportRefused
from search.insight import evaluation
from search.network import vectors
from search.photos import read


def ranking(text: str) -> np.ndarray:
    return np.array([[letter == "x" for letter in text]])


def test_precision_recall_and_average_precision_by_hand():
    found = ranking("x-x--x-")
    assert evaluation.precision_at(found, 1) == [1]
    assert evaluation.precision_at(found, 4) == [0.5]
    assert evaluation.precision_at(found, 10) == [0.3]  # missing answers are not relevant
    assert evaluation.recall_at(found, 3) == pytest.approx([2 / 3])
    assert evaluation.average_precision(found) == pytest.approx([(1 + 2 / 3 + 3 / 6) / 3])


def test_average_precision_counts_what_is_found_last():
    """Dividing by the hits found so far would give 1."""
    assert evaluation.average_precision(ranking("x--------x")) == pytest.approx([(1 + 0.2) / 2])


def test_nothing_relevant_is_no_number():
    assert np.isnan(evaluation.average_precision(ranking("---"))).all()
    assert np.isnan(evaluation.recall_at(ranking("---"), 2)).all()


def unit(rows: np.ndarray) -> np.ndarray:
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def test_leave_one_out_agrees_with_scikit_learn(monkeypatch):
    rng = np.random.default_rng(0)
    labels = [f"kind {n}" for n in rng.integers(6, size=150)]
    features = unit(rng.normal(size=(150, 8)) + np.eye(8)[[int(x[-1]) for x in labels]])
    expected = []
    for n in range(150):
        others = np.arange(150) != n
        relevant = np.array([x == labels[n] for x in labels])[others]
        expected.append(average_precision_score(relevant, (features @ features[n])[others]))
    for block in (7, 512):
        monkeypatch.setattr(vectors, "_BLOCK", block)
        quality = evaluation.leave_one_out(features, labels)
        assert quality.queries == 150
        assert quality.mean_average_precision.mean == pytest.approx(np.mean(expected), abs=1e-6)


def test_perfect_features_and_useless_ones():
    labels = [f"kind {n // 10}" for n in range(60)]
    perfect = evaluation.leave_one_out(unit(np.eye(6)[np.arange(60) // 10]), labels)
    assert perfect.precision_at_8.mean == perfect.mean_average_precision.mean == 1
    assert perfect.recall_at_8.mean == pytest.approx(8 / 9)
    # Features that are all equal must not profit from the order of the list.
    useless = evaluation.leave_one_out(unit(np.ones((60, 3))), labels)
    assert useless.precision_at_8.mean < 0.35


def test_a_query_never_finds_itself_even_among_copies():
    features = unit(np.ones((3, 4)))
    quality = evaluation.leave_one_out(features, ["a", "b", "b"])
    assert quality.queries == 2
    assert quality.recall_at_8.mean == 1
    assert quality.precision_at_8.mean == pytest.approx(1 / 8)


def test_nothing_to_find():
    with pytest.raises(FeatureError, match="share a label"):
        evaluation.leave_one_out(unit(np.eye(3)), ["a", "b", "c"])
    with pytest.raises(FeatureError, match="2 labels"):
        evaluation.leave_one_out(unit(np.eye(3)), ["a", "b"])


def test_the_interval_holds_the_mean_and_narrows_with_more_queries():
    rng = np.random.default_rng(1)
    few, many = (evaluation.interval(rng.random(n) < 0.7) for n in (30, 3000))
    for figure in (few, many):
        assert figure.low < figure.mean < figure.high
    assert many.high - many.low < (few.high - few.low) / 5
    # For shares the normal approximation is good at this size.
    half = 1.96 * np.sqrt(many.mean * (1 - many.mean) / 3000)
    assert many.high - many.low == pytest.approx(2 * half, rel=0.15)


def test_the_interval_leaves_missing_numbers_out():
    assert evaluation.interval([1, np.nan, 1]).mean == 1
    assert np.isnan(evaluation.interval([np.nan]).mean)


@pytest.mark.parametrize("baseline", [evaluation.pixel_features, evaluation.colour_features])
def test_baselines_know_equal_pictures(baseline, picture):
    photos = [read(picture(seed)) for seed in (1, 1, 2)]
    rows = baseline(photos)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-6)
    assert rows[0] @ rows[1] == pytest.approx(1)
    assert rows[0] @ rows[2] < 0.99


def test_colours_are_counted_wherever_they_are(picture):
    photo = read(picture(3))
    turned = type(photo)(photo.image.rotate(180), photo.sha256, photo.data, photo.format)
    rows = evaluation.colour_features([photo, turned])
    assert rows[0] @ rows[1] > 0.99


def test_the_random_baseline_finds_at_chance():
    labels = [str(n % 2) for n in range(300)]
    rows = evaluation.random_features([None] * 300)
    assert 0.4 < evaluation.leave_one_out(rows, labels).precision_at_8.mean < 0.6


class TestLabelled:
    def test_a_folder_of_folders(self, tmp_path: Path, picture):
        for name in ("boots/b.png", "boots/a.png", "hats/c.PNG", "hats/notes.txt"):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_bytes(picture(name))
        files, labels = evaluation.labelled(tmp_path)
        assert [file.name for file in files] == ["a.png", "b.png", "c.PNG"]
        assert labels == ["boots", "boots", "hats"]

    def test_a_csv_with_files_beside_it_or_in_photos(self, tmp_path: Path, picture):
        (tmp_path / "photos").mkdir()
        (tmp_path / "a.png").write_bytes(picture(1))
        (tmp_path / "photos" / "b.png").write_bytes(picture(2))
        table = tmp_path / "labels.csv"
        table.write_text("\ufefflabel,file\nboots,a.png\nhats,b.png\n", encoding="utf-8")
        files, labels = evaluation.labelled(table)
        assert [file.name for file in files] == ["a.png", "b.png"]
        assert labels == ["boots", "hats"]

    def test_a_csv_with_files_elsewhere(self, tmp_path: Path, picture):
        (tmp_path / "elsewhere").mkdir()
        (tmp_path / "elsewhere" / "a.png").write_bytes(picture(1))
        (tmp_path / "a.png").write_bytes(picture(2))
        table = tmp_path / "labels.csv"
        table.write_text("file,label\na.png,boots\n")
        files, _ = evaluation.labelled(table, tmp_path / "elsewhere")
        assert files == [tmp_path / "elsewhere" / "a.png"]

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (b"file,label\ngone.png,hats\n", "gone.png"),
            (b"name,label\na,b\n", "columns"),
            (b"", "columns"),
            (b"\xff\xfe\x00", "CSV"),
        ],
    )
    def test_tables_that_do_not_serve(self, tmp_path, content, sentence):
        table = tmp_path / "labels.csv"
        table.write_bytes(content)
        with pytest.raises(ImportRefused, match=sentence):
            evaluation.labelled(table)

    def test_places_that_do_not_serve(self, tmp_path):
        with pytest.raises(ImportRefused, match="no photographs"):
            evaluation.labelled(tmp_path)
        with pytest.raises(ImportRefused, match="neither a folder"):
            evaluation.labelled(tmp_path / "gone")
