"""Render the demo catalogue: all of it, one product, or a contact sheet of a kind.

    python assets/make/render_demo.py --all --jobs 2
    python assets/make/render_demo.py --product P0042 --force
    python assets/make/render_demo.py --customers
    python assets/make/render_demo.py --preview sneakers

Needs Python 3.11 with `bpy` (see README.md beside this file).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

TARGET = HERE.parent / "demo"


def main() -> None:
    """Read the command line and do what it asks."""
    given = _arguments()
    if given.preview:
        from demo.contact_sheet import preview

        out = given.out.resolve()
        print(preview(given.preview, out, size=given.size, samples=given.samples, seed=given.seed))
        return
    if given.jobs > 1:
        _share(given.jobs)
        return
    _render(given)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--all", action="store_true", help="tables, photographs and customers'")
    what.add_argument("--product", nargs="+", metavar="ID", help="these products' photographs")
    what.add_argument("--kind", nargs="+", metavar="KIND", help="all products of these kinds")
    what.add_argument("--customers", action="store_true", help="the customers' photographs")
    what.add_argument("--tables", action="store_true", help="the CSV files alone")
    what.add_argument("--preview", metavar="KIND", help="contact sheet of a kind's silhouettes")
    parser.add_argument("--target", type=Path, default=TARGET, help="folder of the catalogue")
    parser.add_argument("--force", action="store_true", help="render what is already there again")
    parser.add_argument("--jobs", type=int, default=1, help="processes that share the work")
    parser.add_argument("--part", default="0/1", help="N/M: only every M-th photograph, from N")
    parser.add_argument("--threads", type=int, default=1, help="threads of one process")
    parser.add_argument("--out", type=Path, default=Path("preview"), help="folder of previews")
    parser.add_argument("--size", type=int, default=256, help="edge of a preview")
    parser.add_argument("--samples", type=int, default=16, help="samples of a preview")
    parser.add_argument("--seed", type=int, default=0, help="seed of a preview")
    return parser.parse_args()


def _share(jobs: int) -> None:
    """Start this program once a job, each with its part of the photographs and its own core.

    One core each, because the denoiser's idle threads would else spin on the others' cores.
    """
    rest, skip = [], False
    for word in sys.argv[1:]:
        if skip or word == "--jobs":
            skip = not skip
            continue
        rest.append(word)
    cores = sorted(os.sched_getaffinity(0))
    started = []
    for part in range(jobs):
        process = subprocess.Popen([sys.executable, __file__, *rest, "--part", f"{part}/{jobs}"])
        os.sched_setaffinity(process.pid, {cores[part % len(cores)]})
        started.append(process)
    codes = [process.wait() for process in started]
    if any(codes):
        sys.exit("A part stopped with an error.")


def _render(given: argparse.Namespace) -> None:
    from demo.customers import mark, snapshots
    from demo.customers import write as write_customers
    from demo.photograph import digest, is_rendered, photograph
    from demo.plan import catalogue
    from demo.snapping import take
    from demo.tables import write

    target = given.target.resolve()
    drawn = catalogue()
    shots = snapshots(drawn)
    part, parts = (int(number) for number in given.part.split("/"))
    if part == 0 and (given.all or given.tables):
        write(drawn, target)
        write_customers(shots, target)
    products = [
        product
        for product in drawn.products
        if given.all
        or (given.product and product.id in given.product)
        or (given.kind and product.spec.kind in given.kind)
    ]
    for product in products[part::parts]:
        path = target / "photos" / f"{product.id}.jpg"
        if not given.force and is_rendered(path, digest(product.spec, product.view_seed)):
            continue
        begun = time.monotonic()
        photograph(product.spec, path, view_seed=product.view_seed, threads=given.threads)
        print(f"{product.id} {product.spec.kind} {time.monotonic() - begun:.1f} s", flush=True)
    if given.all or given.customers:
        for shot in shots[part::parts]:
            if not given.force and is_rendered(target / shot.file, mark(shot)):
                continue
            begun = time.monotonic()
            take(shot, target, threads=given.threads)
            print(f"{shot.file} {time.monotonic() - begun:.1f} s", flush=True)


if __name__ == "__main__":
    main()
