"""Networks on OpenVINO: the features that were trained, without TensorFlow; int8; falling back."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from search import photos
from search.errors import NetworkError
from search.home import machine_folder
from search.network import checks, extractor, openvino, registry, trial, weights
from search.network.compiled import BATCHES
from search.network.extractor import KerasExtractor, NetworkExtractor, Running, served_by
from search.network.graph import graph_of
from tests.helpers import ROOT, draw, encode

pytest.importorskip("openvino", reason="OpenVINO is missing, so nothing is run on it")

VGG, MOBILENET = "vgg16-fashion", "mobilenet-fashion"
BUNDLED = (VGG, MOBILENET)


def trained(name: str) -> dict[str, np.ndarray]:
    """What PyTorch made of ten of the demo's photographs: see test_bundled_network.py."""
    with np.load(Path(__file__).with_name(f"{name}-check.npz"), allow_pickle=False) as file:
        return dict(file)


def shown(names: np.ndarray) -> list[photos.Photo]:
    return [photos.read(Path(__file__).with_name("checked") / str(name)) for name in names]


def cosines(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    lengths = np.linalg.norm(first, axis=1) * np.linalg.norm(second, axis=1)
    return (first * second).sum(axis=1) / lengths


@pytest.fixture(scope="module")
def drawn() -> list[photos.Photo]:
    return [photos.read(encode(draw(seed, (160, 90 + seed)))) for seed in range(5)]


@pytest.fixture(scope="module")
def fashion() -> NetworkExtractor:
    return NetworkExtractor("fashion", precision="float32")


@pytest.fixture
def alone(tmp_path, monkeypatch) -> registry.Network:
    """VGG16 in a folder of its own, with all its files, to be spoiled."""
    for file in (ROOT / "assets" / "networks").glob(f"{VGG}*"):
        shutil.copy(file, tmp_path)
    monkeypatch.setattr(registry, "_ASSETS", tmp_path)
    return registry.get(VGG)


@pytest.fixture
def no_trials(monkeypatch) -> None:
    monkeypatch.setattr(trial, "_known", {})


@pytest.mark.parametrize(
    ("name", "precision", "least"),
    [
        (VGG, "float32", 0.9999),
        (VGG, "bfloat16", 0.999),
        (VGG, "int8", 0.997),
        (MOBILENET, "float32", 0.9999),
        (MOBILENET, "bfloat16", 0.99),
        (MOBILENET, "int8", 0.9999),  # it has no int8
    ],
)
def test_it_gives_the_features_that_were_trained(name, precision, least):
    known = trained(name)
    one = NetworkExtractor(name, precision=precision)
    found = one.embed(shown(known["files"]))
    assert one.running.runtime == "OpenVINO"
    assert cosines(found, known["features"]).min() >= least


@pytest.mark.parametrize("name", BUNDLED)
def test_int8_is_shipped_for_what_gains_by_it(name):
    network = registry.get(name)
    assert openvino.has_int8(network) == (name == VGG)
    used = NetworkExtractor(network, precision="int8").running.arithmetic
    assert used == (("int8",) if name == VGG else ("float32",))


def test_its_cells_are_tensorflow_s(drawn):
    theirs = KerasExtractor(MOBILENET, precision="float32").cells(drawn[:2])
    ours = NetworkExtractor(MOBILENET, precision="float32").cells(drawn[:2])
    np.testing.assert_allclose(ours, theirs, atol=2e-3)


def test_one_by_one_together_or_in_threads_is_the_same(fashion, drawn):
    many = fashion.embed(drawn)
    assert fashion.running.runtime == "OpenVINO"
    np.testing.assert_allclose(fashion.embed(drawn[3:4])[0], many[3], atol=1e-5)
    with ThreadPoolExecutor(4) as pool:
        rows = list(pool.map(lambda n: fashion.embed(drawn[n : n + 2])[0], range(5)))
    np.testing.assert_allclose(rows, many, atol=1e-5)


def test_the_mean_of_the_cells_is_the_feature(fashion, drawn):
    cells = fashion.cells(drawn[:3])
    assert cells.shape == (3, 7, 7, 1280)
    assert cells.dtype == np.float32
    np.testing.assert_allclose(cells.mean(axis=(1, 2)), fashion.embed(drawn[:3]), atol=1e-6)


def test_features_of_all_precisions_and_runtimes_may_meet():
    kinds = (KerasExtractor, NetworkExtractor)
    made = {kind("fashion", precision=p).fingerprint for kind in kinds for p in ("int8", "float32")}
    assert len(made) == 1


def test_the_app_loads_no_tensorflow_and_stays_small(monkeypatch):
    monkeypatch.setenv("SEARCH_PRECISION", "bfloat16")  # else a trial has two networks for a while
    code = (
        "import sys; from streamlit.testing.v1 import AppTest\n"
        "page = AppTest.from_file(sys.argv[1], default_timeout=120).run()\n"
        "assert not page.exception, page.exception\n"
        "from search import SearchEngine, Query\n"
        "from search.workspace import DEMO\n"
        "file = DEMO / 'photos' / 'P0001.jpg'\n"
        "hit = SearchEngine.open('demo').search(Query((str(file),))).hits[0]\n"
        "memory = [l.split()[1] for l in open('/proc/self/status') if l.startswith('VmRSS')]\n"
        "print(hit.product.id, 'tensorflow' in sys.modules, 'keras' in sys.modules, *memory)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(ROOT / "app.py")],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    product, *loaded, kilobytes = done.stdout.split()
    assert (product, loaded) == ("P0001", ["False", "False"])
    assert int(kilobytes) < 500_000


# ---------------------------------------------------------------- where it does not serve


def test_without_it_tensorflow_serves(monkeypatch):
    monkeypatch.setattr(openvino.importlib.util, "find_spec", lambda name: None)
    taken = []
    monkeypatch.setattr(NetworkExtractor, "_on_tensorflow", lambda self, why: taken.append(why))
    NetworkExtractor(VGG)._load_running()
    assert "not installed" in taken[0]
    assert "pip install openvino" in served_by(registry.get(VGG))


def test_keras_networks_stay_with_tensorflow():
    for name, network in registry.NETWORKS.items():
        said = served_by(network)
        assert said.startswith("TensorFlow" if network.weights == "imagenet" else "OpenVINO"), name


@pytest.mark.parametrize("precision", ["float32", "int8"])
def test_what_answers_otherwise_is_not_used(precision, alone, monkeypatch):
    found = weights.find_weights(alone)
    known = checks.read(found)
    others = np.roll(known.means, 1, axis=1)
    checks.write(found, known.pixels, {"float32": others, "int8": others})
    with pytest.raises(openvino.UnfitError, match=r"another answer here .*\(a cosine of 0\.\d"):
        openvino.serve(alone, None, precision)
    monkeypatch.setattr(extractor, "compiled", lambda models: "on TensorFlow")
    monkeypatch.setattr(extractor, "in_bfloat16", lambda model: model)
    monkeypatch.setattr(weights, "load", lambda *_: None)
    running = NetworkExtractor(alone, precision=precision).running
    assert (running.runtime, running.encode) == ("TensorFlow", "on TensorFlow")
    assert "another answer" in running.why
    assert "another answer" in served_by(alone)


def test_where_int8_alone_is_wrong_the_rest_is_used(alone):
    found = weights.find_weights(alone)
    known = checks.read(found)
    means = {"float32": known.means, "int8": np.roll(known.means, 1, axis=1)}
    checks.write(found, known.pixels, means)
    running = NetworkExtractor(alone, precision="int8").running
    assert running.runtime == "OpenVINO"
    assert "int8" not in running.arithmetic
    assert "another answer" in running.why


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:1000])


def _of_other_weights(file: Path) -> None:
    text = file.read_text()
    assert text.count("sha256:") == 1
    file.write_text(text.replace("sha256:", "sha256:0"))


@pytest.mark.parametrize("spoil", [_cut, _of_other_weights])
def test_a_quantised_graph_that_is_spoiled_is_not_used(spoil, alone):
    spoil(openvino.int8_file(weights.find_weights(alone).path))
    running = NetworkExtractor(alone, precision="int8").running
    assert "int8" not in running.arithmetic
    assert "vgg16-fashion-int8.xml" in running.why


@pytest.mark.parametrize("name", BUNDLED)
def test_what_should_be_answered_comes_with_the_program(name):
    found = weights.find_weights(registry.get(name))
    known = checks.read(found)
    assert len(known.pixels) == len(known.means) == 3
    if name == VGG:
        quantised = checks.read(found, quantised=True)
        assert checks.least_cosine(quantised.means, known.means) >= checks.LEAST
    assert checks.read(replace(found, identity="sha256:0")) is None


def describing(**said: object) -> np.ndarray:
    described = {"input_size": 224, "resize": "letterbox-white", "preprocess": "tf"} | said
    return np.frombuffer(json.dumps(described).encode(), np.uint8)


def test_damaged_weights_are_refused(tmp_path):
    network = registry.get(MOBILENET)
    with np.load(registry.bundled_file(MOBILENET)) as file:
        arrays = dict(file)
    spoiled = {
        "lacks": {name: a for name, a in arrays.items() if name != "conv_pw_13/kernel"},
        "too_much": arrays | {"top/kernel": np.zeros(3)},
        "not_numbers": arrays | {"conv1/kernel": np.full((3, 3, 3, 24), np.nan)},
        "other_size": arrays | {"__meta__": describing(input_size=96)},
        "other_shape": arrays | {"conv1/kernel": np.zeros((3, 3, 4, 24))},
    }
    for name, each in spoiled.items():
        np.savez(tmp_path / f"{name}.npz", **each)
        with pytest.raises(NetworkError, match="damaged or made for another network"):
            graph_of(network, tmp_path / f"{name}.npz")
    (tmp_path / "text.npz").write_bytes(b"<html>not found</html>")
    with pytest.raises(NetworkError, match="damaged or made for another network"):
        graph_of(network, tmp_path / "text.npz")


# ---------------------------------------------------------------- which is faster


def slow_and_quick() -> dict[str, object]:
    import time

    return {"int8": lambda: None, "float32": lambda: time.sleep(0.002)}


def test_the_faster_way_is_found_and_kept(no_trials, monkeypatch):
    monkeypatch.setattr(trial, "SECONDS", 0.05)
    found = trial.try_out("a machine", slow_and_quick())
    assert found["int8"] < found["float32"]
    trial._known.clear()  # another process
    assert trial.kept("a machine") == found
    assert trial.kept("another machine") is None


def test_what_was_kept_may_be_damaged_or_unwritable(no_trials, home, monkeypatch):
    monkeypatch.setattr(trial, "SECONDS", 0.01)
    machine_folder().mkdir(parents=True)
    for spoiled in ("{", "[]", '{"a machine": 3}', '{"a machine": {"int8": "x"}}'):
        (machine_folder() / "trials.json").write_text(spoiled)
        assert trial.kept("a machine") is None
    trial.try_out("a machine", slow_and_quick())
    assert json.loads((machine_folder() / "trials.json").read_text())["a machine"]
    shutil.rmtree(home)
    home.write_text("no folder")
    found = trial.try_out("b machine", slow_and_quick())
    assert trial.kept("b machine") == found


@pytest.mark.parametrize(("ms", "used"), [(1.0, "int8"), (1000.0, "float32")])
def test_auto_takes_int8_where_it_is_faster(ms, used, no_trials, monkeypatch):
    monkeypatch.delenv("SEARCH_PRECISION", raising=False)
    monkeypatch.setattr(openvino, "_has_bfloat16", lambda: False)
    tried = []

    def try_out(key, ways):
        for way in ways.values():
            way()
        tried.append(set(ways))
        trial._known[key] = {"int8": ms, "float32": 5.0}
        return trial._known[key]

    monkeypatch.setattr(trial, "try_out", try_out)
    first = NetworkExtractor(VGG)
    assert first.precision == "float32"
    assert "not tried out" in first.running.why
    first._try_int8()
    first._try_int8()
    assert first.precision == used
    assert tried == [{"int8", "float32"}]
    next_start = NetworkExtractor(VGG)
    next_start._try_int8()
    assert next_start.precision == used
    assert next_start.running.why.startswith("fastest here:")
    assert len(tried) == 1


def test_a_folder_is_reason_enough_to_try(drawn, no_trials, monkeypatch):
    monkeypatch.delenv("SEARCH_PRECISION", raising=False)
    tried = []
    monkeypatch.setattr(NetworkExtractor, "_try_int8", lambda self: tried.append(1))
    nothing = Running(lambda pixels: [(np.ones((16, 1, 1, 512)), np.ones((16, 512)))], "", (), "")
    monkeypatch.setattr(NetworkExtractor, "_load_running", lambda self: nothing)
    one = NetworkExtractor(VGG)
    one.embed(drawn[:1])
    assert tried == []
    one.embed([*drawn, *drawn, *drawn, drawn[0]][: BATCHES[-1]])
    assert tried == [1]


def test_warming_up_tries_it_beside_what_goes_on(no_trials, monkeypatch):
    monkeypatch.delenv("SEARCH_PRECISION", raising=False)
    going, names = threading.Event(), []

    def try_out(key, ways):
        assert going.wait(30)
        names.append(threading.current_thread().name)
        return {"int8": 1.0, "float32": 2.0}

    monkeypatch.setattr(trial, "try_out", try_out)
    one = NetworkExtractor(VGG)
    one.warm()  # returns although the trial goes on
    assert names == []
    going.set()
    for thread in threading.enumerate():
        if thread.name == "trial":
            thread.join()
    assert names == ["trial"]
    assert one.precision == "int8"


def test_chosen_precision_is_not_tried_out(no_trials, monkeypatch):
    monkeypatch.setattr(trial, "try_out", pytest.fail)
    monkeypatch.setenv("SEARCH_PRECISION", "int8")
    one = NetworkExtractor(VGG)
    one._try_int8()
    assert (one.precision, one.running.why) == ("int8", "chosen")
