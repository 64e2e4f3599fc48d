"""Processes that work on one catalogue and are killed or crowded; run by test_processes.

Run as a program because it forks: `python -m tests.unit.catalogue.stress COMMAND FOLDER ...`.
Every batch of products shares one name, price and number of photographs, so a state in which a
change is half done, or two states are mixed, shows.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import random
import resource
import signal
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from search.catalogue import Catalogue, CataloguePhoto, Product
from search.errors import CatalogueError
from search.photos import Photo

BATCH = 6
FINGERPRINT = "stress-000000000000"
IMPORTS = Counter[str]()
"""Imports that this process has seen confirmed."""


def photo(seed: int) -> Photo:
    """A photograph of 16 by 16 pixels and about 16 kB, so that writing it takes its time."""
    image = Image.new("RGB", (16, 16), (seed % 256, seed // 256 % 256, 0))
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    data = buffer.getvalue() + random.Random(seed).randbytes(16_000)
    return Photo(image, hashlib.sha256(data).hexdigest(), data, "PNG")


def feature(seed: int) -> np.ndarray:
    return np.full(64, seed + 1, np.float32)


def digest(catalogue: Catalogue) -> str:
    rows = repr((catalogue.products(), catalogue.photos()))
    return hashlib.sha256(rows.encode()).hexdigest()


# --- what the processes do


def add_batch(catalogue: Catalogue, chance: random.Random) -> None:
    """As an import does: features first, then one change with all rows and files."""
    batch = f"{chance.randrange(16**8):08x}"
    shots = [photo(int(batch, 16) + n) for n in range(BATCH)]
    catalogue.save_features(FINGERPRINT, {s.sha256: feature(n) for n, s in enumerate(shots)})
    with catalogue.change("stress", "import", batch) as change:
        for n, shot in enumerate(shots):
            id = f"{batch}-{n}"
            change.put(Product(id, name="new", category=batch, price=1, currency="EUR"))
            change.add_photo(id, shot)
    IMPORTS["confirmed"] += 1


def edit_batch(catalogue: Catalogue, chance: random.Random) -> None:
    """Change every product of one batch; now and then delete it whole."""
    batches = sorted({p.category for p in catalogue.products()})
    if not batches:
        add_batch(catalogue, chance)
        return
    batch, price = chance.choice(batches), chance.randrange(10**6)
    delete = chance.random() < 0.3
    with catalogue.change("stress", "edit", batch) as change:
        for product in [p for p in catalogue.products() if p.category == batch]:
            if delete:
                change.delete(product.id)
            else:
                change.update(product.id, name=f"edit {price}", price=price)


def roll_back(catalogue: Catalogue, chance: random.Random) -> None:
    """Restore an earlier state, or undo; grow again from nothing."""
    newest = catalogue.revision()
    if newest < 2 or not catalogue.products():
        add_batch(catalogue, chance)
    elif chance.random() < 0.5:
        try:
            catalogue.undo("stress")
        except CatalogueError:  # the first products stay
            add_batch(catalogue, chance)
    else:
        catalogue.restore(chance.randrange(max(1, newest - 20), newest), "stress")


WORK: Sequence[Callable[[Catalogue, random.Random], None]] = (add_batch, edit_batch, roll_back)


def faults(
    products: Sequence[Product], photos: Sequence[CataloguePhoto], photo_ids: Sequence[int]
) -> list[str]:
    """What shows that a change was half done or two states were mixed."""
    found = []
    batches = defaultdict(list)
    for product in products:
        batches[product.category].append(product)
    owners = Counter(p.product_id for p in photos)
    for batch, members in batches.items():
        if len(members) != BATCH:
            found.append(f"batch {batch} has {len(members)} products")
        if len({(p.name, p.price) for p in members}) != 1:
            found.append(f"batch {batch} is half edited")
        if any(owners[p.id] != 1 for p in members):
            found.append(f"batch {batch} lacks photographs")
    if set(owners) - {p.id for p in products}:
        found.append("photographs without a product")
    if list(photo_ids) != [p.id for p in photos]:
        found.append("features do not match the photographs")
    return found


# --- commands


def kill(folder: Path, rounds: int, seed: int) -> list[str]:
    """Kill a working process at a random moment, many times, and examine what it left."""
    chance = random.Random(seed)
    found: list[str] = []
    told = Counter[str]()
    confirmed: tuple[int, str] | None = None
    longest = 0.1  # seconds; follows the machine, so that kills fall within a few changes
    for number in range(rounds):
        act = number % len(WORK)
        reports, pid = _start_worker(folder, act, chance.randrange(10**9))
        lines = _kill_after(pid, reports, chance.uniform(0, longest))
        longest = min(2.0, longest * (0.8 if len(lines) > 2 else 1.2 if not lines else 1))
        told["confirmed changes"] += len(lines)
        for line in lines:
            revision, state = line.split()
            confirmed = (int(revision), state)
        with Catalogue(folder) as catalogue:
            problems, confirmed = _examine(catalogue, confirmed, told)
            found += [f"round {number} ({WORK[act].__name__}): {p}" for p in problems]
            if len(catalogue.products()) > 20 * BATCH:
                _clear(catalogue)
                confirmed = (catalogue.revision(), digest(catalogue))
    print(json.dumps(told))
    if told["confirmed changes"] < rounds / 10:
        found.append("the processes were killed before they did anything")
    return found


def _start_worker(folder: Path, act: int, seed: int) -> tuple[int, int]:
    reports, told = os.pipe()
    pid = os.fork()
    if pid:
        os.close(told)
        return reports, pid
    try:
        chance = random.Random(seed)
        catalogue = Catalogue(folder)
        while True:
            WORK[act](catalogue, chance)
            os.write(told, f"{catalogue.revision()} {digest(catalogue)}\n".encode())
    except BaseException as error:
        reason = f"{type(error).__name__}:{error}".replace(" ", "_")
        os.write(told, f"-1 {reason}\n".encode())
    finally:
        os._exit(1)


def _kill_after(pid: int, reports: int, seconds: float) -> list[str]:
    time.sleep(seconds)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    with os.fdopen(reports, "rb") as pipe:
        return pipe.read().decode().splitlines()


def _examine(
    catalogue: Catalogue, confirmed: tuple[int, str] | None, told: Counter[str]
) -> tuple[list[str], tuple[int, str]]:
    found = []
    revision, state = catalogue.revision(), digest(catalogue)
    if confirmed is not None:
        last, last_state = confirmed
        if last < 0:
            found.append(f"the process failed: {last_state}")
        elif revision < last:
            found.append(f"confirmed revision {last} is lost")
        elif revision == last and state != last_state:
            found.append(f"the state of revision {last} is not the confirmed one")
        elif revision > last:
            # The change that was under way had been saved, but not yet reported.
            told["unreported changes"] += 1
            catalogue.restore(last, "examiner")
            if digest(catalogue) != last_state:
                found.append(f"the confirmed state of revision {last} does not come back")
            catalogue.restore(revision, "examiner")
            if digest(catalogue) != state:
                found.append(f"the state of revision {revision} does not come back")
    taken = catalogue.snapshot(FINGERPRINT)
    found += faults(taken.products, taken.photos, taken.photo_ids.tolist())
    numbers = [r.number for r in catalogue.revisions(10**6)]
    if numbers != list(range(catalogue.revision(), 0, -1)):
        found.append("revisions are missing")
    findings = catalogue.check(thorough=True)
    told.update(f.kind for f in findings)
    found += [f.sentence for f in findings if f.kind not in ("stray", "leftover")]
    catalogue.repair()
    found += [f"after a repair: {f.sentence}" for f in catalogue.check(thorough=True)]
    return found, (catalogue.revision(), digest(catalogue))


def _clear(catalogue: Catalogue) -> None:
    with catalogue.change("examiner", "clear") as change:
        for product in catalogue.products():
            change.delete(product.id)
    catalogue.purge(yes_all=True)


def crowd(folder: Path, seconds: float, writers: int, readers: int) -> list[str]:
    """Let writers and readers work on one catalogue for a while; report every error."""
    Catalogue(folder).close()
    end = time.monotonic() + seconds
    children = {}
    for number in range(writers + readers):
        reports, told = os.pipe()
        pid = os.fork()
        if pid == 0:
            task = _write_until if number < writers else _read_until
            try:
                lines = task(folder, end, random.Random(number))
            except BaseException as error:
                lines = [f"{task.__name__} failed: {type(error).__name__}: {error}"]
            os.write(told, "\n".join(lines).encode()[:60_000])
            os._exit(0)
        os.close(told)
        children[pid] = reports
    found = []
    counts = Counter[str]()
    for pid, reports in children.items():
        with os.fdopen(reports, "rb") as pipe:
            for line in pipe.read().decode().splitlines():
                task, _, count = line.partition("=")
                if count.isdigit():
                    counts[task] += int(count)
                else:
                    found.append(line)
        if os.waitpid(pid, 0)[1]:
            found.append("a process died")
    with Catalogue(folder) as catalogue:
        found += [f.sentence for f in catalogue.check(thorough=True)]
        saved = sum(r.action == "import" for r in catalogue.revisions(10**6))
        if saved != counts["imports"]:
            found.append(f"{counts['imports']} imports were confirmed and {saved} saved")
    print(json.dumps(counts))
    if not counts["imports"] or not counts["reads"]:
        found.append("nobody got anything done")
    return found


def _write_until(folder: Path, end: float, chance: random.Random) -> list[str]:
    done = 0
    with Catalogue(folder, patience=60) as catalogue:
        while time.monotonic() < end:
            act = chance.choice(WORK)
            try:
                act(catalogue, chance)
            except CatalogueError as error:
                # The other writer may have deleted or undone what this one has just read.
                if "no product" not in str(error) and "no earlier change" not in str(error):
                    raise
            else:
                done += 1
            if len(catalogue.products()) > 20 * BATCH:
                with catalogue.change("stress", "clear") as change:
                    for product in catalogue.products():
                        change.delete(product.id)
    return [f"writes={done}", f"imports={IMPORTS['confirmed']}"]


def write(folder: Path, seed: int) -> list[str]:
    """Change the catalogue, and purge it now and then, until killed."""
    chance = random.Random(seed)
    while True:
        _write_until(folder, time.monotonic() + 0.5, chance)
        with Catalogue(folder, patience=60) as catalogue:
            catalogue.purge(yes_all=True)


def _read_until(folder: Path, end: float, chance: random.Random) -> list[str]:
    done, newest = 0, 0
    with Catalogue(folder, patience=0) as catalogue:  # a reader that had to wait would fail
        while time.monotonic() < end:
            taken = catalogue.snapshot(FINGERPRINT)
            found = faults(taken.products, taken.photos, taken.photo_ids.tolist())
            if taken.revision < newest:
                found.append("the catalogue went back in time")
            if found:
                return found
            newest = taken.revision
            done += 1
            time.sleep(chance.uniform(0, 0.01))
    return [f"reads={done}"]


def read_only(folder: Path) -> list[str]:
    """As a user who may not write there, read, and try to change."""
    if os.geteuid() == 0:
        os.setgid(65534)
        os.setuid(65534)
    found = []
    with Catalogue(folder) as catalogue:
        if not catalogue.snapshot(FINGERPRINT).photos:
            found.append("nothing was read")
        for act in (add_batch, edit_batch, _save_many, _set_much):
            try:
                act(catalogue, random.Random(1))
            except CatalogueError as error:
                if "(its folder is read-only): allow writing in the folder" not in str(error):
                    found.append(f"{act.__name__}: {error}")
            else:
                found.append(f"{act.__name__} was done")
    try:
        Catalogue(folder / "new").close()
    except CatalogueError as error:
        if "allow writing" not in str(error):
            found.append(str(error))
    else:
        found.append("a catalogue was made")
    return found


def full_disk(folder: Path, limit: str = "") -> list[str]:
    """Work until the disk is full, in every way; go on when there is space again.

    ``folder`` lies on a tiny disk of its own; or no file may grow beyond ``limit`` bytes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    filler = folder.parent / "filler"
    if limit:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), resource.RLIM_INFINITY))
    else:
        filler.write_bytes(bytes(700_000))
    chance = random.Random(3)
    found: list[str] = []
    with Catalogue(folder / "c") as catalogue:
        for act in (add_batch, edit_batch, _save_many, _set_much, roll_back):
            try:
                for _ in range(400):
                    state = digest(catalogue)
                    act(catalogue, chance)
            except CatalogueError as error:
                print(act.__name__, error)
                if "free some space" not in str(error) and "has space left" not in str(error):
                    found.append(f"{act.__name__}: {error}")
                if digest(catalogue) != state:
                    found.append(f"{act.__name__} changed something and failed")
        found += _sound(catalogue)
        try:
            Catalogue(folder / "another").close()
        except CatalogueError as error:
            print("open", error)
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
        filler.unlink(missing_ok=True)
        before = catalogue.revision()
        add_batch(catalogue, chance)
        if catalogue.revision() != before + 1:
            found.append("no change is possible after space was made")
        found += _sound(catalogue)
    with Catalogue(folder / "c") as catalogue, Catalogue(folder / "another") as another:
        found += _sound(catalogue)
        add_batch(another, chance)
    return found


def _save_many(catalogue: Catalogue, chance: random.Random) -> None:
    rows = {f"{chance.randrange(16**8):08x}": feature(1) for _ in range(100)}
    catalogue.save_features(FINGERPRINT, rows)


def _set_much(catalogue: Catalogue, chance: random.Random) -> None:
    catalogue.set_setting(f"key {chance.random()}", "x" * 20_000)


def _sound(catalogue: Catalogue) -> list[str]:
    taken = catalogue.snapshot(FINGERPRINT)
    found = faults(taken.products, taken.photos, taken.photo_ids.tolist())
    return found + [f.sentence for f in catalogue.check(thorough=True)]


def read_only_disk(folder: Path) -> list[str]:
    """On a disk that is mounted for reading only, read, and try to change."""
    found = []
    for name in ("closed", "killed"):
        with Catalogue(folder / name) as catalogue:
            if not catalogue.snapshot(FINGERPRINT).photos:
                found.append(f"{name}: nothing was read")
            found += _sound(catalogue)
            photo = catalogue.photos()[0]
            if catalogue.thumbnail(photo) != catalogue.path(photo):
                found.append(f"{name}: the photograph does not stand in for its thumbnail")
            for act in (add_batch, edit_batch, _save_many, _set_much):
                try:
                    act(catalogue, random.Random(1))
                except CatalogueError as error:
                    if "allow writing in the folder" not in str(error):
                        found.append(f"{name}: {act.__name__}: {error}")
                else:
                    found.append(f"{name}: {act.__name__} was done")
    return found


def prepare(folder: Path) -> list[str]:
    """Make a catalogue that was closed, and one whose process was killed with its log open."""
    for name in ("closed", "killed"):
        pid = os.fork()
        if pid == 0:
            catalogue = Catalogue(folder / name)
            add_batch(catalogue, random.Random(1))
            if name == "killed":
                os.kill(os.getpid(), signal.SIGKILL)
            catalogue.close()
            os._exit(0)
        os.waitpid(pid, 0)
    return []


COMMANDS = {
    "prepare": prepare,
    "read-only-disk": read_only_disk,
    "full-disk": full_disk,
    "kill": lambda folder, rounds, seed: kill(folder, int(rounds), int(seed)),
    "crowd": lambda folder, seconds, writers, readers: crowd(
        folder, float(seconds), int(writers), int(readers)
    ),
    "read-only": read_only,
    "write": lambda folder, seed: write(folder, int(seed)),
}

if __name__ == "__main__":
    name, folder_name, *values = sys.argv[1:]
    problems = COMMANDS[name](Path(folder_name), *values)
    print("\n".join(problems[:50]))
    sys.exit(1 if problems else 0)
