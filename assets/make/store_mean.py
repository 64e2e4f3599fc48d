"""Store the mean feature of training photographs in a bundled network's file.

    python assets/make/store_mean.py mobilenet-fashion --data DIR

A network that is joined of several takes this mean from a member's unit features before it weighs
them (search/network/joining.py): what all photographs of fashion have in common says nothing.
Needs what the app needs, no PyTorch.
"""

from __future__ import annotations

import argparse
import sys
import zipfile
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "assets" / "make")]

from search import photos  # noqa: E402
from search.network import registry  # noqa: E402
from search.network.archive import MEAN  # noqa: E402
from search.network.extractor import KerasExtractor  # noqa: E402
from training.held_out import is_held_out  # noqa: E402

BATCH = 64


def main() -> None:
    """Encode a sample of the shop's photographs in float32, and write the file with their mean."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("network", choices=sorted(registry.NETWORKS))
    parser.add_argument("--data", type=Path, required=True, help="has products*.zip")
    parser.add_argument("--count", type=int, default=1200, help="photographs, drawn by chance")
    given = parser.parse_args()
    archives = [zipfile.ZipFile(path) for path in sorted(given.data.glob("products*.zip"))]
    place = {name: archive for archive in archives for name in archive.namelist()}
    names = sorted(name for name in place if not is_held_out(name))
    drawn = np.random.default_rng(0).choice(names, min(given.count, len(names)), replace=False)
    extractor = KerasExtractor(given.network, precision="float32")
    total = np.zeros(extractor.size)
    for start in range(0, len(drawn), BATCH):
        some = [photos.read(place[n].read(n)) for n in drawn[start : start + BATCH].tolist()]
        total += extractor.embed(some).sum(axis=0, dtype=np.float64)
    path = registry.bundled_file(given.network)
    with np.load(path, allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    arrays[MEAN] = (total / len(drawn)).astype(np.float32)
    partial = path.with_suffix(".partial")
    with partial.open("wb") as file:
        np.savez(file, **arrays)
    partial.replace(path)
    print(
        f"{path.name}: the mean of {len(drawn)} features, length {np.linalg.norm(arrays[MEAN]):.3f}"
    )


if __name__ == "__main__":
    main()
