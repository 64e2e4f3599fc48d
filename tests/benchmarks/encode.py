"""Encoding photographs: this program beside the client's notebook and OpenVINO, in one run.

Ratios are to the notebook: load_img, img_to_array, preprocess_input, model.predict of VGG16 at 224
pixels with random weights, one by one. Ours are the same network, in float and in int8, and the
networks that come with the program, in both too; on TensorFlow where OpenVINO is not installed.
"""

from __future__ import annotations

import argparse
import io
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from search import photos
from search.network import preparation, registry
from search.network.compiled import BATCHES
from search.network.extractor import KerasExtractor, NetworkExtractor
from search.network.graph import graph_of
from search.network.openvino import int8_file
from search.network.precision import best_precision
from search.network.stream import stream
from search.network.weights import build

SIDE = (1155, 866)  # one megapixel
ROUNDS = 9
MEMORY_ALLOWED = 300  # MB
OURS, VGG = "VGG16 at 224", "vgg16-fashion"
# How often faster than the notebook it should be: one photograph, and a folder of them.
ONE = {f"{OURS}, int8": 5.0, f"{VGG}, int8": 8.0}
FOLDER = {f"{OURS}, int8": 8.0, f"{VGG}, int8": 15.0}


def photograph(seed: int, size: tuple[int, int] = SIDE) -> bytes:
    """Draw a JPEG as large as a real one: smooth forms with a little grain."""
    rng = np.random.default_rng(seed)
    coarse = Image.fromarray(rng.integers(0, 256, (12, 16, 3), dtype=np.uint8))
    pixels = np.asarray(coarse.resize(size, Image.Resampling.BICUBIC), np.float32)
    pixels += rng.normal(0, 4, pixels.shape).astype(np.float32)
    buffer = io.BytesIO()
    Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(buffer, "JPEG", quality=85)
    return buffer.getvalue()


@dataclass
class Times:
    """Seconds of each round: on the clock, and of the processor over all threads."""

    clock: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)


def timed(calls: dict[str, Callable[[], object]], rounds: int) -> dict[str, Times]:
    """Time the calls by turns, so that a busy moment hits all alike."""
    times = {name: Times() for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            clock, processor = time.perf_counter(), time.process_time()
            call()
            times[name].clock.append(time.perf_counter() - clock)
            times[name].processor.append(time.process_time() - processor)
    return times


def ratio(slow: list[float], fast: list[float]) -> float:
    """Give the median over the rounds of slow / fast."""
    return statistics.median(a / b for a, b in zip(slow, fast, strict=True))


def show(title: str, times: dict[str, Times], photographs: int) -> None:
    """Print milliseconds a photograph and the ratio to the first row, by clock and processor.

    On a machine that others use too, the processor's ratio is the steadier one.
    """
    print(title)
    base = next(iter(times.values()))
    for name, each in times.items():
        median, best = (f(each.clock) / photographs * 1e3 for f in (statistics.median, min))
        work = statistics.median(each.processor) / photographs * 1e3
        print(
            f"  {name:<38} {median:7.1f} ms  best {best:7.1f}"
            f"  {ratio(base.clock, each.clock):5.1f}x"
            f"   processor {work:7.1f} ms {ratio(base.processor, each.processor):5.1f}x",
            flush=True,
        )


def random_vgg16(folder: Path) -> tuple[Any, Path]:
    """Give VGG16 with random weights as the notebook holds it, and its weights in a file."""
    model = build(registry.get("vgg16-imagenet"))
    arrays = {f"{la.name}/{v.name}": v.numpy() for la in model.layers for v in la.weights}
    np.savez(folder / "random.npz", **arrays)
    return model, folder / "random.npz"


def notebook(model: Any, files: list[Path]) -> list[np.ndarray]:
    """Encode as the client's notebook does."""
    from keras.applications.vgg16 import preprocess_input
    from keras.utils import img_to_array, load_img

    rows = []
    for file in files:
        pixels = img_to_array(load_img(file, target_size=(224, 224)))
        cells = model.predict(preprocess_input(pixels[None]), verbose=0)
        row = cells.mean(axis=(1, 2)).ravel()
        rows.append(row / np.linalg.norm(row))
    return rows


def reading(extractor: NetworkExtractor, file: Path) -> Callable[[], object]:
    """Give the call that reads and encodes one photograph."""
    return lambda: extractor.embed([photos.read(file)])


def streaming(extractor: NetworkExtractor, files: list[Path]) -> Callable[[], object]:
    """Give the call that encodes a folder."""
    return lambda: list(stream(extractor, files))


def openvino(model: Any) -> Callable[[np.ndarray], np.ndarray] | None:
    """Compile the same network with OpenVINO in bfloat16; None where it is not installed."""
    try:
        import openvino as ov
    except ImportError:
        return None
    import tensorflow as tf

    spec = tf.TensorSpec((1, 224, 224, 3), tf.float32)
    concrete = tf.function(lambda x: tf.reduce_mean(model(x, training=False), (1, 2)))
    module = tf.Module()
    module.run = tf.function(concrete, input_signature=[spec])
    module.model = model
    with tempfile.TemporaryDirectory() as folder:
        tf.saved_model.save(module, folder)
        core = ov.Core()
        compiled = core.compile_model(
            core.read_model(folder),
            "CPU",
            {"INFERENCE_PRECISION_HINT": "bf16", "PERFORMANCE_HINT": "LATENCY"},
        )
    return lambda pixels: compiled(pixels)[0]


def peak_memory(count: int) -> float:
    """Encode `count` drawn photographs in a process of their own; its peak in MB."""
    call = [sys.executable, "-m", "tests.benchmarks.encode", "--peak", str(count)]
    run = subprocess.run(call, capture_output=True, text=True, check=True)
    return float(run.stdout.split()[-1])


def _encode_and_report_peak(count: int) -> None:
    import resource

    drawn = [photograph(seed, (640, 480)) for seed in range(64)]

    def endless() -> Iterator[bytes]:
        for n in range(count):
            yield drawn[n % len(drawn)] + n.to_bytes(4)  # bytes after the JPEG's end: a new file

    for encoded in stream(NetworkExtractor(), endless(), total=count):
        if encoded.error is not None:
            raise encoded.error
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def main(argv: list[str] | None = None) -> int:
    """Print times, ratios and peak memory; 1 where memory grows with the number of photographs."""
    parser = argparse.ArgumentParser("encode", description=__doc__)
    parser.add_argument("--small", action="store_true", help="1,000 photographs for the memory")
    parser.add_argument("--no-memory", action="store_true")
    parser.add_argument(
        "--workers", action="store_true", help="only processes of one core beside the stream"
    )
    parser.add_argument("--rounds", type=int, default=5, help="of --workers")
    parser.add_argument("--peak", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args(argv or [])
    if arguments.peak:
        _encode_and_report_peak(arguments.peak)
        return 0
    if arguments.workers:
        from tests.benchmarks._workers import measure

        measure(arguments.rounds)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        _speed(Path(folder))
    if arguments.no_memory:
        return 0
    many = 1_000 if arguments.small else 10_000
    few_peak, many_peak = peak_memory(100), peak_memory(many)
    print(f"Peak memory of a stream (wanted: within {MEMORY_ALLOWED} MB)")
    print(
        f"  100: {few_peak:.0f} MB   {many:,}: {many_peak:.0f} MB"
        f"   difference {many_peak - few_peak:+.0f} MB"
    )
    return 0 if many_peak - few_peak <= MEMORY_ALLOWED else 1


def _contenders(weights: Path) -> dict[str, NetworkExtractor]:
    """Give VGG16 at 224 and the bundled networks, in float and in int8, and one on TensorFlow."""
    floats = best_precision()
    made = {OURS: NetworkExtractor("vgg16-imagenet", weights, floats)}
    if _quantise(weights):
        made[f"{OURS}, int8"] = NetworkExtractor("vgg16-imagenet", weights, "int8")
    for name, network in registry.NETWORKS.items():
        if network.weights == "bundled":
            made[name] = NetworkExtractor(network, precision=floats)
            made[f"{name}, int8"] = NetworkExtractor(network, precision="int8")
    made["fashion, TensorFlow"] = KerasExtractor("fashion")
    return made


def _quantise(weights: Path) -> bool:
    """Quantise the random network, calibrated on noise; False where that cannot be done here."""
    try:
        from assets.make.quantise import quantised, save
        from search.network.weights import find_weights

        network = registry.get("vgg16-imagenet")
        noise = np.random.default_rng(0).integers(0, 256, (4, 224, 224, 3), dtype=np.uint8)
        found = find_weights(network, weights)
        assert found is not None
        save(quantised(graph_of(network, weights), list(noise)), int8_file(weights), found.identity)
    except ImportError:
        print("OpenVINO or nncf is not installed, so int8 at 224 is not measured")
        return False
    return True


def _speed(folder: Path) -> None:
    model, weights = random_vgg16(folder)
    made = _contenders(weights)
    files = []
    for seed in range(2 * BATCHES[-1]):
        files.append(folder / f"{seed}.jpg")
        files[-1].write_bytes(photograph(seed))
    one = files[:1]
    photo = photos.read(one[0])
    ours = made[OURS]
    pixels = preparation.prepare(photo, ours.network)[None]

    agreement = float(notebook(model, one)[0] @ ours.embed([photo])[0])
    print(f"Cosine of ours to the notebook's feature {agreement:.5f}\n")
    for name, extractor in made.items():
        list(stream(extractor, files))
        extractor.embed([photo])
        running = extractor.running
        print(f"{name}: {running.runtime}, {', '.join(running.arithmetic)}")

    calls: dict[str, Callable[[], object]] = {
        "notebook, load and predict": lambda: notebook(model, one),
        **{name: reading(each, one[0]) for name, each in made.items()},
    }
    times = timed(calls, ROUNDS)
    show("\nOne photograph of 1 megapixel, read and encoded", times, 1)
    _bars(times, ONE)

    calls = {"model.predict(one image)": lambda: model.predict(pixels, verbose=0)}
    compiled = openvino(model)
    if compiled is not None:
        from keras.applications.vgg16 import preprocess_input

        given = preprocess_input(pixels.astype(np.float32))
        calls["OpenVINO, bfloat16"] = lambda: compiled(given)
    calls["ours"] = lambda: ours._run([pixels])
    times = timed(calls, ROUNDS)
    show("The network alone, one image", times, 1)
    if compiled is None:
        print("  OpenVINO is not installed (pip install openvino), so not compared")
    else:
        share = ratio(times["ours"].clock, times["OpenVINO, bfloat16"].clock)
        print(f"  ours takes {share:.2f} of OpenVINO's time (wanted: 1.5 at most)")

    calls = {
        "notebook's loop": lambda: notebook(model, files),
        **{f"{name}, stream": streaming(each, files) for name, each in made.items()},
    }
    times = timed(calls, 3)
    title = f"A folder of {len(files)} photographs of 1 megapixel, decoding included"
    show(title, times, len(files))
    _bars(times, FOLDER, ", stream")


def _bars(times: dict[str, Times], wanted: dict[str, float], suffix: str = "") -> None:
    """Print each ratio to the notebook beside its bar."""
    notebooks, *_ = times.values()
    for name, least in wanted.items():
        if name + suffix in times:
            found = ratio(notebooks.clock, times[name + suffix].clock)
            told = "held" if found >= least else f"MISSED by {least - found:.1f}"
            print(f"  {name}: {found:.1f} times the notebook (at least {least}: {told})")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
