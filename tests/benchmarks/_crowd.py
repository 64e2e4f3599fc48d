"""Writers and readers of one catalogue at once: the longest read, and what a price edit writes."""

from __future__ import annotations

import hashlib
import multiprocessing
import tempfile
import time
from pathlib import Path

import numpy as np

from search.catalogue import Catalogue, Product, backups

SECONDS = 60.0
PRODUCTS, MANY = 514, 20_000
_FINGERPRINT = "crowd-000000000000"


def measure(seconds: float = SECONDS) -> int:
    """Print both figures beside what is wanted; return how many are missed."""
    with tempfile.TemporaryDirectory() as place:
        longest, reads, writes, errors = crowd(Path(place) / "shop", seconds)
        written, beside = edit(Path(place) / "large")
    print(f"2 writers and 8 readers for {seconds:g} s: {writes} changes, {reads} reads of all")
    print(f"  longest read {longest:.2f} s (below 1 s), {errors} errors (none)")
    print(
        f"  a price edit at {MANY:,} products writes {written / 1e6:.2f} MB (below 1 MB); the "
        f"day's backup {beside / 1e6:.1f} MB, beside it"
    )
    return int(longest >= 1) + int(errors > 0) + int(written >= 1e6)


def fill(folder: Path, count: int) -> None:
    """Make a catalogue of so many products, each with the row of a photograph and a feature."""
    rows = np.random.default_rng(1).standard_normal((count, 512)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    with Catalogue(folder) as catalogue:
        shas = [hashlib.sha256(str(n).encode()).hexdigest() for n in range(count)]
        with catalogue.change("ann", "import") as change:
            for n, sha256 in enumerate(shas):
                change.put(Product(f"p{n:06}", f"Boot {n}", "shoes", price=n + 1, currency="EUR"))
                change._execute(  # a photograph whose file is not needed here
                    "INSERT INTO photo (product_id, sha256, file, width, height)"
                    " VALUES (?, ?, ?, 800, 800)",
                    (f"p{n:06}", sha256, f"photos/{sha256[:2]}/{sha256}.jpg"),
                )
        catalogue.save_features(_FINGERPRINT, dict(zip(shas, rows, strict=True)))
        catalogue.backups()


def crowd(folder: Path, seconds: float) -> tuple[float, int, int, int]:
    """Return the longest read in seconds, and how many reads, changes and errors there were."""
    fill(folder, PRODUCTS)
    context = multiprocessing.get_context("spawn")
    tasks = [(_write, folder, seconds)] * 2 + [(_read, folder, seconds)] * 8
    with context.Pool(len(tasks)) as pool:
        done = pool.map(_run, tasks, chunksize=1)
    longest = max(longest for longest, _, _ in done[2:])
    return (
        longest,
        sum(count for _, count, _ in done[2:]),
        sum(count for _, count, _ in done[:2]),
        sum(errors for _, _, errors in done),
    )


def edit(folder: Path) -> tuple[int, int]:
    """Return the bytes that a price edit writes, and those that the day's backup then does."""
    fill(folder, MANY)
    for backup in backups.listed(folder):
        backup.path.unlink()
    with Catalogue(folder) as catalogue:
        catalogue.products()
        before = _written(folder)
        with catalogue.change("ann", "edit") as change:
            change.update("p000007", price=5)
        written = _written(folder) - before
        (made,) = catalogue.backups()
        return written, made.path.stat().st_size


def _written(folder: Path) -> int:
    """What the log holds: with the change, all that is written before it counts as saved."""
    log = folder / "catalogue.db-wal"
    return log.stat().st_size if log.exists() else 0


def _run(task):
    work, folder, seconds = task
    return work(folder, time.monotonic() + seconds)


def _write(folder: Path, end: float) -> tuple[float, int, int]:
    done, errors = 0, 0
    with Catalogue(folder, patience=60) as catalogue:
        while time.monotonic() < end:
            try:
                with catalogue.change("ann", "edit") as change:
                    change.update(f"p{done % PRODUCTS:06}", price=done + 1)
                done += 1
            except Exception as error:
                print(error)
                errors += 1
            time.sleep(0.05)
    return 0.0, done, errors


def _read(folder: Path, end: float) -> tuple[float, int, int]:
    longest, done, errors = 0.0, 0, 0
    while time.monotonic() < end:
        try:
            with Catalogue(folder, patience=0) as catalogue:  # opened each time, as by commands
                for _ in range(20):
                    started = time.monotonic()
                    taken = catalogue.snapshot(_FINGERPRINT)
                    catalogue.fingerprints()
                    longest = max(longest, time.monotonic() - started)
                    errors += len(taken.photo_ids) != PRODUCTS
                    done += 1
                    time.sleep(0.02)
        except Exception as error:
            print(error)
            errors += 1
    return longest, done, errors


if __name__ == "__main__":
    raise SystemExit(1 if measure() else 0)
