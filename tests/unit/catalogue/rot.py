"""A small catalogue, one bit of whose files is flipped, and what of that is seen."""

from __future__ import annotations

import random
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np

from search import photos
from search.catalogue import Catalogue, Product, restore_backup
from search.engine.engine import SavedBeside
from search.engine.exact import open_index
from search.engine.filters import Filters, Where
from search.errors import CatalogueError, SearchError
from tests.helpers import FakeExtractor, draw, encode

PRODUCTS = 12
PLAIN = "plain-000000000000"  # a network whose features are no unit rows
LEARNT = "learnt " * 20
SETTINGS = ("network", "bands:note")


def first_state() -> dict[str, Product]:
    """The products as the first change left them."""
    return {
        f"p{n}": Product(
            *(f"p{n}", f"Stiefel Größe {n}", "shoes", "Acme", "black", 9900 + n, "EUR", n),
            url=f"https://shop.example/{n}",
            attributes={"design": f"d{n % 3}", "kind": "boot"},
        )
        for n in range(PRODUCTS)
    }


def make(folder: Path) -> None:
    """Make a catalogue with everything that one has: journal, backup, thumbnails, learnt texts."""
    extractor = FakeExtractor()
    with Catalogue(folder) as catalogue:
        pictures = [photos.read(encode(draw(n, (32, 32)))) for n in range(PRODUCTS)]
        with catalogue.change("ann", "import", "first.csv") as change:
            change.set_setting("network", "vgg16-imagenet")
            change.set_setting("bands:note", '{"near": 0.75}')
            for (id, product), photo in zip(first_state().items(), pictures, strict=True):
                change.put(product)
                change.add_photo(id, photo, source=f"shots/{id}.png")
            rows = extractor.embed(pictures)
            shas = [photo.sha256 for photo in pictures]
            change.save_features(extractor.fingerprint, dict(zip(shas, rows, strict=True)))
            change.save_features(PLAIN, dict(zip(shas, rows[:, :7] * 3 + 1, strict=True)))
        for n in range(3):
            with catalogue.change("bob", "edit", f"p{n}") as change:
                change.update(f"p{n}", price=5000 + n, name=f"Günstig {n}")
        with catalogue.change("bob", "delete", "p11") as change:
            change.delete("p11")
        for photo in catalogue.photos():
            catalogue.thumbnail(photo)
        catalogue.save_derived("bands:own", LEARNT)
        open_index(catalogue, catalogue.snapshot(extractor.fingerprint))
        catalogue.backups()


def files(folder: Path) -> list[Path]:
    """All files of a catalogue, by name."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def flip(folder: Path, chance: random.Random, *, database: bool) -> tuple[Path, int]:
    """Flip one bit of the database, or of any other file; of bytes that say something."""
    found = [path for path in files(folder) if (path.name == "catalogue.db") == database]
    path = chance.choice(found)
    data = bytearray(path.read_bytes())
    places = (
        [n for n, byte in enumerate(data) if byte] if path.suffix == ".db" else range(len(data))
    )
    place, bit = chance.choice(places), chance.randrange(8)
    data[place] ^= 1 << bit
    path.write_bytes(data)
    return path, 8 * place + bit


def content(folder: Path) -> list[object]:
    """Everything that the program reads of a catalogue.

    :raises SearchError: where it refuses to.
    """
    extractor = FakeExtractor()
    with Catalogue(folder) as catalogue:
        told: list[object] = [catalogue.products(), catalogue.photos(), catalogue.revision()]
        for fingerprint in (extractor.fingerprint, PLAIN):
            taken = catalogue.snapshot(fingerprint)
            told += [taken.photo_ids.tolist(), taken.features.tobytes()]
        told += [catalogue.revisions(), catalogue.oldest_restorable()]
        told += [[change.to_dict() for change in catalogue.changes(n)] for n in range(1, 6)]
        told += [catalogue.setting(key) for key in SETTINGS]
        told += [catalogue.derived("bands:own") or LEARNT]  # else it is learnt again
        for photo in catalogue.photos():
            told += [catalogue.path(photo).read_bytes(), catalogue.thumbnail(photo).read_bytes()]
        saved = SavedBeside(folder, extractor.fingerprint)
        taken = catalogue.snapshot(extractor.fingerprint, None, saved)
        index = open_index(catalogue, taken)
        near = index.search(np.ones(extractor.size, np.float32), 5, Where(Filters()))
        told += [near.ids.tolist(), near.scores.tobytes()]
    return told


def outcome(folder: Path, truth: list[object], flipped: Path) -> str:
    """Say what became of a flipped bit: "refused", "seen", "harmless" or "UNSEEN"."""
    try:
        told = content(folder)
    except SearchError:
        return "refused"
    except OSError as error:  # a photograph whose name is another
        told = [str(error)]
    try:
        with Catalogue(folder) as catalogue:
            if catalogue.check(thorough=True):
                return "seen"
        if told == truth and flipped.parent.name == "backups":
            restore_backup(folder / "catalogue.db")
            with Catalogue(folder) as catalogue:
                told += [replace(p, created="", updated="") for p in catalogue.products()]
                truth = [*truth, *(product for _, product in sorted(first_state().items()))]
    except CatalogueError:
        return "refused"
    return "harmless" if told == truth else "UNSEEN"


def trial(pristine: Path, folder: Path, seed: int, truth: list[object]) -> tuple[str, str]:
    """Flip one bit in a copy; return the outcome and where it was."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(pristine, folder)
    path, place = flip(folder, random.Random(seed), database=seed % 2 == 0)
    where = f"seed {seed}: bit {place} of {path.relative_to(folder)}"
    return outcome(folder, truth, path), where
