"""Quantise a bundled network to int8 for OpenVINO, and store what it should answer.

    python assets/make/quantise.py vgg16-fashion
    python assets/make/quantise.py mobilenet-fashion --check-only

Writes assets/networks/NAME-int8.xml and .bin (OpenVINO's IR, with the identity of the weights it
was made of) and NAME-check.npz: three of the demo's photographs and the network's means of them,
in float32 by Keras and in int8 by OpenVINO. Needs openvino and nncf (tests/requirements.txt).

Ranges of activations are calibrated on the demo's photographs of products and on drawn scenes:
none of anybody else's, and none of the customers' photographs, which judge the result.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from search import photos  # noqa: E402
from search.engine.scenes import scenes  # noqa: E402
from search.network import checks, openvino, registry, weights  # noqa: E402
from search.network.extractor import KerasExtractor  # noqa: E402
from search.network.graph import graph_of  # noqa: E402
from search.network.preparation import prepare  # noqa: E402
from search.network.registry import Network  # noqa: E402
from search.photos import Photo  # noqa: E402
from search.workspace import DEMO  # noqa: E402

PHOTOGRAPHS, SCENES, CHECKED = 120, 30, 3
LEFT = ("block1_conv1",)  # not quantised: pixels lose most where they first meet a layer


def main() -> None:
    """Quantise, save, and store the check."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("network", choices=("vgg16-fashion", "mobilenet-fashion"))
    parser.add_argument("--check-only", action="store_true", help="leave the int8 files alone")
    given = parser.parse_args()
    network = registry.get(given.network)
    found = weights.find_weights(network)
    if found is None:
        parser.error(f"the weights of {network.name} are missing")
    file = openvino.int8_file(found.path)
    if not given.check_only:
        pixels = [prepare(photo, network) for photo in _calibration()]
        save(quantised(graph_of(network, found.path), pixels), file, found.identity)
        print(f"{file.name} and .bin: {file.with_suffix('.bin').stat().st_size / 1e6:.1f} MB")
    write_check(network, found, file)


def quantised(graph: Any, pixels: list[NDArray[np.uint8]]) -> Any:
    """Quantise a graph by what its layers give for photographs (size, size, 3).

    Weights are symmetric for each channel, activations asymmetric up to the largest value seen.
    """
    os.environ["NNCF_CI"] = "1"  # it would report its use
    import nncf
    from nncf.quantization.range_estimator import RangeEstimatorParametersSet

    return nncf.quantize(
        graph,
        nncf.Dataset([each[None] for each in pixels]),
        preset=nncf.QuantizationPreset.MIXED,
        subset_size=len(pixels),
        ignored_scope=nncf.IgnoredScope(names=list(LEFT)),
        advanced_parameters=nncf.AdvancedQuantizationParameters(
            activations_range_estimator_params=RangeEstimatorParametersSet.MINMAX
        ),
    )


def save(graph: Any, file: Path, made_of: str) -> None:
    """Save a quantised graph with the identity of the weights it was made of."""
    from openvino import save_model

    graph.set_rt_info(made_of, [openvino.SECTION, openvino.MADE_OF])
    save_model(graph, file, compress_to_fp16=True)


def write_check(network: Network, found: weights.Weights, file: Path) -> None:
    """Store three photographs, and what the network and its quantised graph make of them."""
    shown = _spread(_products(), CHECKED)
    pixels = np.stack([prepare(photo, network) for photo in shown])
    checks.check_file(found.path).unlink(missing_ok=True)  # else the new graph is held to it
    reference = KerasExtractor(network, precision="float32").cells(shown).mean(axis=(1, 2))
    means = {"float32": reference}
    if file.is_file():
        ((_, means["int8"]),) = openvino.serve(network, None, "int8").encode([pixels])
        print(f"int8: cosines from {checks.least_cosine(means['int8'], reference):.4f}")
    checks.write(found, pixels, means)


def _calibration() -> Iterator[Photo]:
    yield from _spread(_products(), PHOTOGRAPHS)
    yield from scenes(SCENES, np.random.default_rng(0))


def _products() -> list[Path]:
    return sorted((DEMO / "photos").glob("*.jpg"))


def _spread(files: list[Path], count: int) -> list[Photo]:
    places = np.linspace(0, len(files) - 1, count).round().astype(int)
    return [photos.read(files[place]) for place in places]


if __name__ == "__main__":
    main()
