"""Build the demo catalogue of its photographs and table: `python assets/make/build_catalogue.py`.

Features are computed in float32, so that they agree with any machine's to its own precision.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from search.catalogue import Catalogue  # noqa: E402
from search.engine.bands import bands_of  # noqa: E402
from search.engine.learning import ensure_learnt  # noqa: E402
from search.importing.apply import apply_import  # noqa: E402
from search.importing.plan import plan_import  # noqa: E402
from search.network import registry  # noqa: E402
from search.network.extractor import KerasExtractor  # noqa: E402
from search.workspace import DATABASE, DEMO  # noqa: E402


def main() -> None:
    """Import the table into an empty catalogue and copy its database, compacted, to assets/demo."""
    extractor = KerasExtractor(registry.DEFAULT_NETWORK, precision="float32")
    with tempfile.TemporaryDirectory() as folder, Catalogue(Path(folder) / "demo") as catalogue:
        plan = plan_import(
            catalogue, extractor.fingerprint, table=DEMO / "products.csv", photos=DEMO
        )
        done = apply_import(catalogue, extractor, plan, actor="demo")
        ensure_learnt(catalogue, extractor)
        bands_of(catalogue, catalogue.snapshot(extractor.fingerprint))
        catalogue.set_setting("network", extractor.network.name)
        (DEMO / DATABASE).unlink(missing_ok=True)
        with closing(sqlite3.connect(catalogue.folder / DATABASE)) as connection:
            connection.execute("VACUUM INTO ?", (str(DEMO / DATABASE),))
    size = (DEMO / DATABASE).stat().st_size / 1e6
    print(f"{done.products_new} products, {done.photos_added} photographs, {size:.1f} MB")


if __name__ == "__main__":
    main()
