"""Render the demo catalogue: all of it, one product, or a contact sheet of a kind.

    python assets/make/render_demo.py --all --jobs 2
    python assets/make/render_demo.py --product P0042 --force
    python assets/make/render_demo.py --preview sneakers

Needs Python 3.11 with `bpy` (see README.md beside this file).
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))


def main() -> None:
    """Read the command line and do what it asks."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--preview", metavar="KIND", help="contact sheet of a kind's silhouettes")
    parser.add_argument("--out", type=Path, default=Path("preview"), help="folder of previews")
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--samples", type=int, default=16)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    if given.preview:
        from demo.contact_sheet import preview

        out = given.out.resolve()
        print(preview(given.preview, out, size=given.size, samples=given.samples, seed=given.seed))


if __name__ == "__main__":
    main()
