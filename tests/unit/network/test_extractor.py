"""Photographs to features: values, batches, precision, threads, and streams."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from search import photos
from search.errors import Cancelled, FeatureError, NetworkError, PhotoError
from search.network import extractor as encoding
from search.network import precision, preparation, registry, weights
from search.network.extractor import KerasExtractor, extractor_for
from search.network.stream import Encoded, stream
from search.progress import Progress
from tests.helpers import FakeExtractor, draw, encode


@pytest.fixture(scope="session")
def bundled() -> KerasExtractor:
    return KerasExtractor("vgg16-fashion", precision="float32")


@pytest.fixture(scope="session")
def drawn() -> list[photos.Photo]:
    """Enough photographs for one full batch, one padded, and one alone."""
    count = encoding.BATCHES[-1] + encoding.BATCHES[1] + 1
    return [photos.read(encode(draw(seed, (160, 90 + seed)))) for seed in range(count)]


@pytest.fixture(scope="session")
def embedded(bundled, drawn) -> np.ndarray:
    return bundled.embed(drawn)


def test_rows_are_unit_float32_and_differ(bundled, embedded, drawn):
    assert embedded.shape == (len(drawn), bundled.size)
    assert embedded.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(embedded, axis=1), 1, atol=1e-6)
    cosines = embedded @ embedded.T
    assert np.triu(cosines, 1).max() < 0.9999


def test_the_same_photograph_gives_the_same_feature(bundled, embedded, drawn):
    np.testing.assert_array_equal(bundled.embed(drawn), embedded)


def test_alone_or_in_a_batch_is_the_same(bundled, embedded, drawn):
    for n in (0, 5, len(drawn) - 1):
        np.testing.assert_allclose(bundled.embed([drawn[n]])[0], embedded[n], atol=1e-5)
    np.testing.assert_allclose(bundled.embed(drawn[:7]), embedded[:7], atol=1e-5)


def test_the_mean_of_the_cells_is_the_feature(bundled, embedded, drawn):
    cells = bundled.cells(drawn)
    assert cells.ndim == 4
    assert cells.dtype == np.float32
    assert cells.shape[0] == len(drawn)
    means = cells.mean(axis=(1, 2))
    means /= np.linalg.norm(means, axis=1, keepdims=True)
    np.testing.assert_allclose(means, embedded, atol=1e-5)


def test_no_photographs_give_no_rows(bundled):
    assert bundled.embed([]).shape == (0, bundled.size)
    assert len(bundled.cells([])) == 0


def test_threads_share_an_extractor(bundled, embedded, drawn):
    with ThreadPoolExecutor(6) as pool:
        rows = list(pool.map(lambda photo: bundled.embed([photo])[0], drawn))
    np.testing.assert_allclose(rows, embedded, atol=1e-5)


def test_preparing_ahead_changes_nothing(bundled, embedded, drawn):
    prepared = [bundled.prepare(photo) for photo in drawn]
    side = bundled.network.input_size
    assert all(each.pixels[0].shape == (side, side, 3) for each in prepared)
    assert [(p.sha256, p.width, p.height) for p in prepared] == [
        (photo.sha256, photo.width, photo.height) for photo in drawn
    ]
    np.testing.assert_array_equal(bundled.embed(prepared), embedded)
    np.testing.assert_array_equal(
        bundled.cells([prepared[0], drawn[1]]), bundled.cells([drawn[0], prepared[1]])
    )


def test_bfloat16_agrees_with_float32_on_the_bundled_network(embedded, drawn):
    other = KerasExtractor("vgg16-fashion", precision="bfloat16")
    assert other.precision == "bfloat16"
    rows = other.embed(drawn)
    assert (rows * embedded).sum(axis=1).min() >= 0.999
    assert not np.array_equal(rows, embedded)
    assert other.fingerprint == KerasExtractor("vgg16-fashion", precision="float32").fingerprint


_MODULES = {
    "VGG16": "vgg16",
    "ResNet50": "resnet50",
    "InceptionV3": "inception_v3",
    "DenseNet121": "densenet",
    "MobileNetV2": "mobilenet_v2",
    "EfficientNetV2B0": "efficientnet_v2",
}
IMAGENET = [name for name, network in registry.NETWORKS.items() if network.weights == "imagenet"]


@pytest.mark.parametrize("name", IMAGENET)
def test_every_network_sees_what_keras_would_show_it(name, monkeypatch, drawn):
    import keras

    network = replace(registry.get(name), input_size=32)
    through = keras.Sequential([keras.Input((32, 32, 3)), keras.layers.Identity()])
    monkeypatch.setattr(weights, "load", lambda *_, **__: through)
    module = getattr(keras.applications, _MODULES[network.application])
    pixels = np.stack([preparation.prepare(photo, network) for photo in drawn[:4]])
    expected = module.preprocess_input(pixels.astype(np.float32))
    seen = KerasExtractor(network, precision="float32").cells(drawn[:4])
    np.testing.assert_allclose(seen, expected, atol=1e-4)


@pytest.mark.parametrize("name", IMAGENET)
def test_every_architecture_encodes_in_bfloat16_as_keras_does_in_float32(name, monkeypatch, drawn):
    """With random weights, at its own input size."""
    import keras

    network = registry.get(name)
    keras.utils.set_random_seed(1)
    model = weights.build(network)
    monkeypatch.setattr(weights, "load", lambda *_, **__: model)
    rows = KerasExtractor(network, precision="bfloat16").embed(drawn[:1])
    assert rows.shape == (1, network.feature_size)

    module = getattr(keras.applications, _MODULES[network.application])
    pixels = preparation.prepare(drawn[0], network)[None].astype(np.float32)
    theirs = model(module.preprocess_input(pixels), training=False).numpy().mean(axis=(0, 1, 2))
    assert rows[0] @ theirs / np.linalg.norm(theirs) >= 0.999


@pytest.mark.parametrize("kernel", ["zeros", "nan"])
def test_a_dead_feature_is_refused(kernel, monkeypatch, drawn):
    import keras

    side = registry.get("vgg16-fashion").input_size
    model = keras.Sequential([keras.Input((side, side, 3)), keras.layers.Conv2D(512, 1)])
    shape = model.layers[0].kernel.shape
    model.layers[0].kernel.assign(np.full(shape, 0 if kernel == "zeros" else np.nan))
    monkeypatch.setattr(weights, "load", lambda *_, **__: model)
    extractor = KerasExtractor("vgg16-fashion", precision="float32")
    with pytest.raises(FeatureError, match="This photograph"):
        extractor.embed(drawn[:1])
    with pytest.raises(FeatureError, match="1 of 3"):
        extractor.embed(drawn[:3])


def test_the_environment_chooses_the_precision(monkeypatch):
    for asked in ("bfloat16", "float32"):
        monkeypatch.setenv("SEARCH_PRECISION", asked)
        assert KerasExtractor().precision == asked
    assert KerasExtractor("vgg16-fashion", precision="bfloat16").precision == "bfloat16"
    monkeypatch.setenv("SEARCH_PRECISION", "int3")
    with pytest.raises(NetworkError, match="int3"):
        KerasExtractor()


def test_the_best_precision_is_one_of_the_two(monkeypatch):
    monkeypatch.delenv("SEARCH_PRECISION", raising=False)
    assert KerasExtractor().precision == precision.best_precision()
    assert precision.best_precision() in ("bfloat16", "float32")


# ---------------------------------------------------------------- one for the process


def test_who_asks_for_the_same_gets_the_same_extractor():
    first = extractor_for("vgg16-fashion", precision="float32")
    assert extractor_for(registry.get("vgg16-fashion"), precision="float32") is first
    assert extractor_for(precision="bfloat16") is not first
    assert extractor_for("resnet50-imagenet", precision="float32") is not first
    file = registry.bundled_file("vgg16-fashion")
    assert extractor_for("vgg16-fashion", file, "float32") is first  # the same weights


def test_other_weights_are_another_extractor(tmp_path):
    file = tmp_path / "mine.npz"
    file.write_bytes(b"some weights")
    first = extractor_for("vgg16-fashion", file)
    assert extractor_for("vgg16-fashion", file) is first
    file.write_bytes(b"other weights")
    assert extractor_for("vgg16-fashion", file) is not first
    with pytest.raises(NetworkError, match="check the path"):
        extractor_for("vgg16-fashion", tmp_path / "gone.npz")


def test_threads_get_one_extractor():
    with ThreadPoolExecutor(8) as pool:
        asked = list(pool.map(lambda _: extractor_for(precision="bfloat16"), range(40)))
    assert len({id(each) for each in asked}) == 1


def test_an_extractor_nobody_holds_is_let_go():
    import gc
    import weakref

    held = weakref.ref(extractor_for("densenet121-imagenet"))
    gc.collect()
    assert held() is None


def test_loaded_weights_keep_their_fingerprint_whatever_becomes_of_the_file(tmp_path, drawn):
    file = tmp_path / "mine.npz"
    file.write_bytes(registry.bundled_file("vgg16-fashion").read_bytes())
    mine = KerasExtractor("vgg16-fashion", file, "float32")
    before = mine.fingerprint
    mine.embed(drawn[:1])
    file.write_bytes(b"other weights")
    assert mine.fingerprint == before
    assert KerasExtractor("vgg16-fashion", file).fingerprint != before


# ---------------------------------------------------------------- prepared ahead


def test_what_is_prepared_ahead_is_encoded_without_its_file(bundled, embedded, drawn):
    for photo in drawn[:3]:
        preparation.prepare_ahead(photo, bundled.fingerprint)
    sources = [preparation.prepared_ahead(p.sha256, bundled.fingerprint) for p in drawn[:4]]
    assert sources[3] is None
    results = list(stream(bundled, sources[:3]))
    for result, photo in zip(results, drawn, strict=False):
        assert (result.sha256, result.error) == (photo.sha256, None)
        assert (result.width, result.height) == (photo.width, photo.height)
    np.testing.assert_allclose(
        np.stack([result.feature for result in results]), embedded[:3], atol=1e-5
    )
    assert preparation.prepared_ahead(drawn[0].sha256, bundled.fingerprint) is None  # it was taken


def test_what_is_prepared_for_one_network_is_not_taken_for_another(drawn):
    preparation.prepare_ahead(drawn[0], "vgg16-fashion-000000000000")
    preparation.prepare_ahead(drawn[0], "unknown-000000000000")
    assert preparation.prepared_ahead(drawn[0].sha256, "resnet50-imagenet-000000000000") is None
    assert preparation.prepared_ahead(drawn[0].sha256, "unknown-000000000000") is None
    taken = preparation.prepared_ahead(drawn[0].sha256, "vgg16-fashion-000000000000")
    expected = preparation.prepare(drawn[0], registry.get("vgg16-fashion"))
    np.testing.assert_array_equal(taken.pixels[0], expected)


# ---------------------------------------------------------------- streams


def pictures(count: int) -> list[bytes]:
    return [encode(draw(seed, (40, 30))) for seed in range(count)]


def test_a_stream_keeps_the_order_and_names_what_failed(extractor, tmp_path):
    sources = pictures(40)
    sources[3], sources[20] = b"not a photograph", tmp_path / "gone.jpg"
    results = list(stream(extractor, sources))
    assert [result.source for result in results] == sources
    assert [n for n, result in enumerate(results) if result.error] == [3, 20]
    assert all(isinstance(results[n].error, PhotoError) for n in (3, 20))
    for result in results:
        if result.error is None:
            photo = photos.read(result.source)
            assert (result.sha256, result.width, result.height) == (photo.sha256, 40, 30)
            np.testing.assert_allclose(result.feature, extractor.embed([photo])[0], atol=1e-6)
        else:
            assert result.feature is None


class DeadOnGrey(FakeExtractor):
    """Finds nothing in a photograph of one grey."""

    def embed(self, photos):
        if any(np.ptp(photo.pixels[0]) == 0 for photo in photos):
            raise FeatureError("nothing there")
        return super().embed(photos)


def test_a_dead_photograph_does_not_spoil_its_batch():
    from PIL import Image

    sources = pictures(6)
    sources[2] = encode(Image.new("RGB", (40, 40), "grey"))
    results = list(stream(DeadOnGrey(), sources))
    assert [isinstance(result.error, FeatureError) for result in results] == [
        n == 2 for n in range(6)
    ]


def test_progress_counts_and_ends(extractor):
    seen: list[Progress] = []
    sources = [*pictures(39), b"spoiled"]
    results = list(stream(extractor, sources, on_progress=seen.append))
    assert [each.done for each in seen] == sorted({each.done for each in seen})
    assert (seen[-1].done, seen[-1].total, seen[-1].failed) == (len(results), 40, 1)
    assert seen[-1].seconds_left == 0
    assert all(each.seconds_left >= 0 for each in seen)


def test_progress_without_a_known_end(extractor):
    seen: list[Progress] = []
    list(stream(extractor, iter(pictures(20)), on_progress=seen.append))
    assert all(each.seconds_left is None for each in seen)
    assert seen[-1].done == seen[-1].total == 20


def test_a_stream_can_be_cancelled(extractor):
    results: list[Encoded] = []
    with pytest.raises(Cancelled):
        results.extend(stream(extractor, pictures(100), on_progress=lambda _: False))
    assert extractor.encoded == encoding.BATCHES[-1]


def test_a_stream_reads_only_a_little_ahead(extractor):
    taken = 0

    def endless() -> Iterator[bytes]:
        nonlocal taken
        source = pictures(1)[0]
        while True:
            taken += 1
            yield source

    with contextlib.closing(stream(extractor, endless())) as results:
        for given, _ in enumerate(results, start=1):
            assert taken - given <= 3 * encoding.BATCHES[-1]
            if given == 200:
                break


def test_an_error_of_the_source_itself_is_not_swallowed(extractor):
    def broken() -> Iterator[bytes]:
        yield from pictures(3)
        raise OSError("the folder vanished")

    with pytest.raises(OSError, match="vanished"):
        list(stream(extractor, broken()))


def test_an_empty_stream_is_empty(extractor):
    assert list(stream(extractor, [])) == []


def test_a_stream_through_the_network_equals_embed(bundled, drawn):
    sources = [photo.data for photo in drawn]
    rows = np.stack([result.feature for result in stream(bundled, sources)])
    np.testing.assert_allclose(rows, bundled.embed(drawn), atol=1e-5)


def test_loading_tensorflow_says_nothing(tmp_path):
    import subprocess
    import sys

    from tests.helpers import ROOT

    code = "from search.network.extractor import KerasExtractor; KerasExtractor().warm()"
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
