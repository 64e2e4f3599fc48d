"""Build the demo catalogue of its photographs and table: `python assets/make/build_catalogue.py`.

It gets the features of the default network and of VGG16 alone, so that both can be compared, and
the samples of the first screen. Features are computed in float32, so that they agree with any
machine's to its own precision.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from assets.make.samples import choose_samples  # noqa: E402
from search.catalogue import Catalogue  # noqa: E402
from search.engine import SearchEngine  # noqa: E402
from search.engine.bands import bands_of  # noqa: E402
from search.engine.encoding import encode_missing  # noqa: E402
from search.engine.learning import ensure_learnt, saved_under  # noqa: E402
from search.importing.apply import apply_import  # noqa: E402
from search.importing.plan import plan_import  # noqa: E402
from search.network import registry  # noqa: E402
from search.network.extractor import KerasExtractor  # noqa: E402
from search.workspace import DATABASE, DEMO, SAMPLES  # noqa: E402

BESIDE = "vgg16-fashion"


def main() -> None:
    """Import the table into an empty catalogue and copy its database, compacted, to assets/demo."""
    extractor, beside = (
        KerasExtractor(name, precision="float32") for name in (registry.DEFAULT_NETWORK, BESIDE)
    )
    with tempfile.TemporaryDirectory() as folder, Catalogue(Path(folder) / "demo") as catalogue:
        plan = plan_import(
            catalogue, extractor.fingerprint, table=DEMO / "products.csv", photos=DEMO
        )
        done = apply_import(catalogue, extractor, plan, actor="demo")
        encode_missing(catalogue, beside, actor="demo")
        for each in (extractor, beside):
            ensure_learnt(catalogue, each)
            bands_of(catalogue, catalogue.snapshot(each.fingerprint))
            for key in saved_under(each.fingerprint):  # the database alone is copied
                catalogue.set_setting(key, catalogue.derived(key) or "")
        catalogue.set_setting("network", extractor.network.name)
        samples = choose_samples(SearchEngine(catalogue, extractor), DEMO)
        catalogue.set_setting(SAMPLES, json.dumps(samples))
        (DEMO / DATABASE).unlink(missing_ok=True)
        with closing(sqlite3.connect(catalogue.folder / DATABASE)) as connection:
            connection.execute("VACUUM INTO ?", (str(DEMO / DATABASE),))
    size = (DEMO / DATABASE).stat().st_size / 1e6
    print(f"{done.products_new} products, {done.photos_added} photographs, {size:.1f} MB")
    print(f"samples: {', '.join(samples)}")


if __name__ == "__main__":
    main()
