"""Encode assets/scenes.zip once for a bundled network: `python -m assets.make.encode_scenes`.

Writes assets/networks/NAME-scenes.npz, so that no catalogue has to encode the scenes to learn what
is no product.
"""

from __future__ import annotations

import argparse

from search.engine.scenes import encoded_rows, packed, scenes, shipped
from search.network.extractor import KerasExtractor
from search.network.registry import DEFAULT_NETWORK, NETWORKS


def main() -> None:
    """Encode in float32, so that the rows agree with any machine's to its own precision."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--network", default=DEFAULT_NETWORK, choices=NETWORKS)
    extractor = KerasExtractor(parser.parse_args().network, precision="float32")
    rows = packed(encoded_rows(list(scenes()), extractor), extractor.fingerprint)
    file = shipped(extractor.network.name)
    file.write_bytes(rows)
    print(f"{file.name}: {len(rows) / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
