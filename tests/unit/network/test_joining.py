"""A network of members: its features, its cells, its fingerprint, and what it needs."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from search import photos
from search.engine import explain
from search.errors import FeatureError, NetworkError
from search.network import preparation, registry, weights
from search.network.extractor import KerasExtractor
from search.network.joining import Part, balanced, joined_cells, joined_features, on_grid
from search.network.registry import Member, Network
from search.network.stream import stream
from tests.helpers import draw, encode

SHARES = {"vgg16-fashion": 0.5, "mobilenet-fashion": 0.5}
ROOTS = np.sqrt(list(SHARES.values()))


def save_mobilenet(folder: Path, mean: np.ndarray | None, seed: int = 1) -> None:
    """Save a MobileNet with random weights, described as the bundled one is."""
    import keras

    described = {
        "name": "mobilenet-fashion", "input_size": 224, "feature_size": 768,
        "resize": "letterbox-white", "preprocess": "tf", "pooling": "avg",
    }  # fmt: skip
    network = Network("", "", "MobileNet", 224, 768, "tf", "letterbox", "bundled")
    keras.utils.set_random_seed(seed)
    model = weights.build(network)
    arrays = {f"{la.name}/{v.name}": v.numpy() for la in model.layers for v in la.weights}
    arrays["__meta__"] = np.frombuffer(json.dumps(described).encode(), np.uint8)
    if mean is not None:
        arrays["__mean__"] = mean
    np.savez(folder / "mobilenet-fashion.npz", **arrays)


def bundled() -> dict[str, Network]:
    return {
        "vgg16-fashion": registry._bundled("vgg16-fashion", "V", "VGG16"),
        "mobilenet-fashion": registry._bundled("mobilenet-fashion", "M", "MobileNet"),
    }


@pytest.fixture(scope="module")
def mean() -> np.ndarray:
    """Near what random weights give, so that taking it away changes the features much."""
    rng = np.random.default_rng(3)
    return (np.full(768, 0.02) + rng.normal(0, 0.01, 768)).astype(np.float32)


@pytest.fixture(scope="module")
def assets(tmp_path_factory, mean) -> Path:
    folder = tmp_path_factory.mktemp("networks")
    shutil.copy(registry.bundled_file("vgg16-fashion"), folder)
    save_mobilenet(folder, mean)
    return folder


@pytest.fixture(scope="module", autouse=True)
def _assets(assets) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "_ASSETS", assets)
        yield


@pytest.fixture(scope="module")
def network(_assets) -> Network:
    return registry._joined("fashion", "Both", SHARES, bundled())


@pytest.fixture(scope="module")
def fashion(network) -> KerasExtractor:
    return KerasExtractor(network, precision="float32")


@pytest.fixture(scope="module")
def drawn() -> list[photos.Photo]:
    return [photos.read(encode(draw(seed, (160, 90 + 40 * seed)))) for seed in range(5)]


@pytest.fixture(scope="module")
def alone(network, drawn, mean) -> list[np.ndarray]:
    """The members' features, each encoded by itself, the second's less its mean."""
    vgg, mobile = (
        KerasExtractor(member.network, precision="float32").embed(drawn)
        for member in network.members
    )
    mobile = mobile - mean
    return [vgg, mobile / np.linalg.norm(mobile, axis=1, keepdims=True)]


def test_the_cosine_is_the_sum_of_the_members_by_their_shares(fashion, drawn, alone):
    rows = fashion.embed(drawn)
    assert rows.dtype == np.float32
    assert rows.shape == (len(drawn), fashion.size) == (5, 512 + 768)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-6)
    expected = 0.5 * alone[0] @ alone[0].T + 0.5 * alone[1] @ alone[1].T
    np.testing.assert_allclose(rows @ rows.T, expected, atol=1e-5)
    np.testing.assert_allclose(rows, np.hstack([a * r for a, r in zip(alone, ROOTS, strict=True)]),
                               atol=1e-5)  # fmt: skip
    assert np.abs(alone[0] @ alone[0].T - alone[1] @ alone[1].T).max() > 0.05


def test_the_mean_of_the_joined_cells_is_the_feature(fashion, drawn):
    cells = fashion.cells(drawn)
    assert cells.shape == (5, 7, 7, 1280)
    assert cells.dtype == np.float32
    np.testing.assert_allclose(cells.mean(axis=(1, 2)), fashion.embed(drawn), atol=1e-6)


def test_the_shares_of_the_cells_add_up_to_the_score(fashion, drawn):
    rows = fashion.embed(drawn)
    for other in range(1, len(drawn)):
        why = explain.explain(fashion, drawn[0], drawn[other])
        assert why.score == pytest.approx(rows[0] @ rows[other], abs=1e-5)
        for share in (why.query, why.result):
            assert share.shape == (7, 7)
            assert share.sum() == pytest.approx(why.score, abs=1e-5)
            assert share.std() > 0


def test_a_region_keeps_the_members_shares(fashion, network, drawn):
    [cells] = fashion.cells(drawn[:1])
    size = drawn[0].image.size
    whole = explain.region_feature(cells, size, (0, 0, 1, 1), network)
    part = explain.region_feature(cells, size, (0, 0, 0.5, 0.5), network)
    for feature in (whole, part):
        lengths = [np.linalg.norm(row) for row in np.split(feature, [512])]
        np.testing.assert_allclose(lengths, ROOTS, atol=1e-6)
    assert whole @ fashion.embed(drawn[:1])[0] > part @ fashion.embed(drawn[:1])[0]


def test_a_stream_and_preparing_ahead_give_the_same(fashion, drawn):
    prepared = fashion.prepare(drawn[0])
    sides = [member.network.input_size for member in fashion.network.members]
    assert [each.shape for each in prepared.pixels] == [(side, side, 3) for side in sides]
    rows = fashion.embed(drawn)
    np.testing.assert_allclose(fashion.embed([prepared])[0], rows[0], atol=1e-5)
    streamed = [result.feature for result in stream(fashion, [p.data for p in drawn])]
    np.testing.assert_allclose(np.stack(streamed), rows, atol=1e-5)


def test_no_photographs_give_no_rows(fashion):
    assert fashion.embed([]).shape == (0, 1280)
    assert len(fashion.cells([])) == 0


def test_only_the_vgg16_runs_in_bfloat16(network, fashion, drawn, monkeypatch):
    from search.network import precision

    monkeypatch.delenv("SEARCH_PRECISION", raising=False)
    monkeypatch.setattr(precision, "best_precision", lambda: "bfloat16")
    fastest = KerasExtractor(network)
    assert fastest.precision == "bfloat16"
    assert KerasExtractor(network.members[1].network).precision == "float32"
    exact, fast = (np.split(each.embed(drawn), [512], axis=1) for each in (fashion, fastest))
    np.testing.assert_allclose(fast[1], exact[1], atol=1e-6)
    assert not np.array_equal(fast[0], exact[0])
    assert ((fast[0] * exact[0]).sum(axis=1) / 0.5).min() >= 0.999


# ---------------------------------------------------------------- joining itself


@pytest.mark.parametrize("before", [(5, 5), (7, 7), (3, 8), (1, 1)])
@pytest.mark.parametrize("after", [(5, 5), (7, 7), (8, 3), (1, 1), (10, 14)])
def test_another_grid_has_the_same_mean(before, after):
    cells = np.random.default_rng(0).random((2, *before, 6), np.float32)
    laid = on_grid(cells, *after)
    assert laid.shape == (2, *after, 6)
    assert laid.dtype == np.float32
    np.testing.assert_allclose(laid.mean(axis=(1, 2)), cells.mean(axis=(1, 2)), atol=1e-6)
    assert laid.min() >= cells.min() - 1e-6
    assert laid.max() <= cells.max() + 1e-6


def test_another_grid_lays_cells_where_they_were():
    cells = np.array([[1, 2], [3, 4]], np.float32)[None, :, :, None]
    finer = on_grid(cells, 4, 4)[0, :, :, 0]
    np.testing.assert_array_equal(finer, np.kron(cells[0, :, :, 0], np.ones((2, 2))))
    uneven = on_grid(cells, 3, 2)[0, :, :, 0]
    np.testing.assert_allclose(uneven, [[1, 2], [2, 3], [3, 4]], atol=1e-6)


def test_joined_cells_of_any_grids_and_means_have_the_feature_as_their_mean():
    rng = np.random.default_rng(5)
    cells = [rng.random((3, *shape), np.float32) for shape in ((4, 6, 8), (9, 5, 12), (1, 1, 3))]
    means = [each.mean(axis=(1, 2)) for each in cells]
    mean = rng.normal(0, 0.1, 12).astype(np.float32)
    parts = [Part(0.5), Part(0.3, mean), Part(0.2)]
    feature = joined_features(means, parts)
    np.testing.assert_allclose(np.linalg.norm(feature, axis=1), 1, atol=1e-6)
    joined = joined_cells(cells, means, parts)
    assert joined.shape == (3, 9, 6, 23)
    np.testing.assert_allclose(joined.mean(axis=(1, 2)), feature, atol=1e-6)


def test_a_member_that_sees_nothing_is_refused():
    alive, dead = np.ones((2, 4), np.float32), np.zeros((2, 4), np.float32)
    with pytest.raises(FeatureError):
        joined_features([alive, dead], [Part(0.5), Part(0.5)])
    with pytest.raises(FeatureError):
        joined_features([alive, alive], [Part(0.5), Part(0.5, np.full(4, 0.5, np.float32))])


def test_a_network_without_members_is_left_as_it_is():
    feature = np.arange(512, dtype=np.float32)
    assert balanced(feature, registry.get("vgg16-fashion")) is feature


# ---------------------------------------------------------------- what it is known by


def test_the_registry_has_it_where_both_files_are(network, tmp_path):
    assert (network.feature_size, network.input_size, network.resize) == (1280, 224, "letterbox")
    assert [(m.network.name, m.share, m.centred) for m in network.members] == [
        ("vgg16-fashion", 0.5, False),
        ("mobilenet-fashion", 0.5, True),
    ]
    one = {"vgg16-fashion": bundled()["vgg16-fashion"]}
    assert registry._joined("fashion", "Both", SHARES, one) is None
    unalike = bundled()
    unalike["vgg16-fashion"] = replace(unalike["vgg16-fashion"], resize="squash")
    assert registry._joined("fashion", "Both", SHARES, unalike) is None


def test_the_program_s_own_registry_says_so_too():
    there = {"vgg16-fashion", "mobilenet-fashion"} <= registry.NETWORKS.keys()
    assert ("fashion" in registry.NETWORKS) == there
    if there:
        network = registry.get("fashion")
        shares = {m.network.name: m.share for m in network.members}
        assert shares == SHARES


def test_its_fingerprint_covers_members_shares_and_means(network, mean, tmp_path, monkeypatch):
    vgg, mobile = network.members
    seen = {weights.fingerprint(network)}
    for members in (
        (replace(vgg, share=0.6), replace(mobile, share=0.4)),
        (vgg, replace(mobile, centred=False)),
        (mobile, vgg),
        (vgg, Member(replace(mobile.network, input_size=192), 0.5, True)),
    ):
        seen.add(weights.fingerprint(replace(network, members=members)))
    shutil.copy(registry.bundled_file("vgg16-fashion"), tmp_path)
    monkeypatch.setattr(registry, "_ASSETS", tmp_path)
    save_mobilenet(tmp_path, mean * 2)
    seen.add(weights.fingerprint(network))
    save_mobilenet(tmp_path, mean, seed=2)
    seen.add(weights.fingerprint(network))
    assert len(seen) == 7
    assert all(each.startswith("fashion-") for each in seen)


def test_where_its_weights_are(network, assets, tmp_path, monkeypatch):
    assert weights.find_weights(network).path == assets
    with pytest.raises(NetworkError, match="leave out --weights"):
        weights.find_weights(network, assets / "vgg16-fashion.npz")
    shutil.copy(registry.bundled_file("vgg16-fashion"), tmp_path)
    monkeypatch.setattr(registry, "_ASSETS", tmp_path)
    assert weights.find_weights(network) is None
    with pytest.raises(NetworkError, match="is missing; install"):
        KerasExtractor(network).warm()


@pytest.mark.parametrize("spoilt", [None, np.zeros(5, np.float32), np.full(768, np.nan)])
def test_a_spoilt_mean_is_refused(spoilt, network, tmp_path, monkeypatch):
    monkeypatch.setattr(registry, "_ASSETS", tmp_path)
    save_mobilenet(tmp_path, spoilt)
    with pytest.raises(NetworkError, match="damaged"):
        weights.load_mean(network.members[1].network)


def test_prepared_pictures_are_those_of_each_member(network, drawn):
    pixels = preparation.Prepared.of(drawn[1], network).pixels
    for seen, member in zip(pixels, network.members, strict=True):
        np.testing.assert_array_equal(seen, preparation.prepare(drawn[1], member.network))
