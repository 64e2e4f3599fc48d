"""The repair of a catalogue: find what is damaged or lost, and put it right.

A photograph's file is always there before its row is, so a killed process leaves at worst files
that no row knows. Rows without a file come from outside: a failing disk, an
incomplete copy, somebody who deleted a file.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from search.catalogue import (
    backups,
    edits,
    healing,
    queries,
    revisions,
    schema,
    sums,
    thumbnails,
    transaction,
)
from search.catalogue import features as stored
from search.catalogue.database import Database, explained
from search.catalogue.files import (
    BACKUPS,
    PHOTOS,
    STRAYS,
    in_draft,
    inside,
    is_inside,
    listing,
    walk,
)
from search.catalogue.findings import Finding, Lost, Unknown
from search.catalogue.models import CataloguePhoto
from search.errors import CatalogueError, OutsideError
from search.files import PART, sha256, write_atomically

MANY = 10  # photographs lost at once, from which on the folder may rather have been moved

_STATE: Mapping[Lost, tuple[str, str]] = {
    "missing": ("is gone from the disk", "was gone from the disk"),
    "damaged": ("is damaged", "was damaged"),
    "unreadable": ("cannot be read", "could not be read"),
    "outside": ("has a place outside the catalogue", "had a place outside the catalogue"),
}


def check(database: Database, folder: Path, *, thorough: bool = False) -> list[Finding]:
    """Look for damage and for photographs without a file, or files without a photograph."""
    try:
        files = listing(folder, PHOTOS)  # before the rows: a file precedes its row
    except OutsideError as error:
        return [Finding("outside", PHOTOS, str(error))]
    name = database.path.name
    with database.reading() as connection:
        if not is_sound(connection, thorough=thorough):
            return [_damaged_database(database.path)]
        rows = [*healing.check(connection, name), *healing.check_gaps(connection, name)]
        unknown = [] if rows else list(_unknown_files(connection, files))
        return [
            *rows,
            *edits.check(connection, name),
            *(_report_feature(name, feature) for feature in stored.damaged(connection)),
            *(_report_lost(folder, *each) for each in _lost_photos(connection, folder, thorough)),
            *(_report_unknown(file, kind) for file, kind in unknown),
            *(_check_copies(folder) if thorough else ()),
        ]


def repair(
    database: Database, folder: Path, *, originals: Path | None = None, thorough: bool = False
) -> list[Finding]:
    """Put right what check finds, as one revision, and return the findings.

    A damaged row is put right where the journal or a backup has it, a damaged feature is deleted,
    so that it is encoded anew. A lost photograph is brought back where its content is found among
    the strays or in `originals`; otherwise it leaves its product, which stays in the catalogue.
    Unknown files move to `strays/`. A damaged database is only reported.

    :raises CatalogueError: when more than half of the photographs are lost: they were rather moved.
    """
    name = database.path.name
    with (
        transaction.change(database, folder, "doctor", "repair") as change,
        database.reading() as connection,
    ):
        if not is_sound(connection, thorough=thorough):
            return [_damaged_database(database.path)]
        healed = healing.heal(connection, database.path)
        features = stored.damaged(connection)
        stored.delete_damaged(connection, features)
        lost = list(_lost_photos(connection, folder, thorough))
        wanted = [photo for photo, kind in lost if kind in ("missing", "damaged")]
        found = _bring_back(folder, wanted, originals)
        gone = [p for p, kind in lost if kind != "unreadable" and p.file not in found]
        _refuse_if_moved(connection, folder, len(gone))
        for photo in gone:
            change.remove_photo(photo.id)
        # A damaged row may not name the file that it needs.
        sure = not sums.damaged(connection) and not revisions.gaps(connection)
        unknown = list(_unknown_files(connection, listing(folder, PHOTOS))) if sure else []
        with explained(database.path):
            _clear(folder, unknown, {photo.file for photo in gone})
            copies = list(_repair_copies(folder)) if thorough else []
    return [
        *healed,
        *(_repaired_feature(name, feature) for feature in features),
        *(_repaired_lost(folder, *each, found) for each in lost),
        *(_repaired_unknown(file, kind) for file, kind in unknown),
        *copies,
    ]


def is_sound(connection: sqlite3.Connection, *, thorough: bool = False) -> bool:
    """Tell whether the database is whole; `thorough` also compares tables with their indexes."""
    pragma = "integrity_check" if thorough else "quick_check"
    try:
        sound = connection.execute(f"PRAGMA {pragma}(1)").fetchone() == ("ok",)
        sound = sound and schema.is_whole(connection)
        return sound and connection.execute("PRAGMA foreign_key_check").fetchone() is None
    except (sqlite3.DatabaseError, UnicodeDecodeError):
        return False


def _lost_photos(
    connection: sqlite3.Connection, folder: Path, thorough: bool
) -> Iterator[tuple[CataloguePhoto, Lost]]:
    for photo in queries.photos(connection):
        if not is_inside(folder, photo.file, PHOTOS):
            yield photo, "outside"
            continue
        path = inside(folder, photo.file, PHOTOS)
        try:
            if not path.is_file():
                yield photo, "missing"
            elif path.stat().st_size == 0 or (thorough and sha256(path) != photo.sha256):
                yield photo, "damaged"
        except OSError:  # the disk's fault or a permission's, neither the database's nor the end
            yield photo, "unreadable"


def _unknown_files(
    connection: sqlite3.Connection, files: Iterable[str]
) -> Iterator[tuple[str, Unknown]]:
    for file in sorted(set(files) - queries.referenced(connection, "file")):
        if not in_draft(file):  # of a change under way; a killed one's goes at the next opening
            yield file, "leftover" if file.endswith(PART) else "stray"


def _bring_back(
    folder: Path, photos: list[CataloguePhoto], originals: Path | None
) -> dict[str, Path]:
    """Restore lost files from any file of the same content; return where each came from."""
    wanted = {photo.sha256: photo.file for photo in photos}
    found: dict[str, Path] = {}
    for path in _candidates(folder, photos, originals):
        if len(found) == len(wanted):
            break
        try:
            file = wanted.get(sha256(path))
        except OSError:
            continue
        if file is not None and file not in found:
            place = inside(folder, file, PHOTOS)
            place.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(place, path.read_bytes())
            found[file] = path
    return found


def _candidates(
    folder: Path, photos: list[CataloguePhoto], originals: Path | None
) -> Iterator[Path]:
    """Give the files that may be lost photographs: by name here, then every original."""
    if not photos:
        return
    shas = {photo.sha256 for photo in photos}
    for file in (*listing(folder, STRAYS), *listing(folder, PHOTOS)):
        if PurePosixPath(file).name.split(".")[0] in shas and is_inside(folder, file):
            yield inside(folder, file)
    if originals is not None:
        from search.photos import EXTENSIONS

        files = [f for f in walk(originals) if PurePosixPath(f).suffix.lower() in EXTENSIONS]
        named = {photo.source for photo in photos}
        yield from (originals / file for file in sorted(files, key=lambda f: f not in named))


def _refuse_if_moved(connection: sqlite3.Connection, folder: Path, gone: int) -> None:
    (total,) = connection.execute("SELECT count(*) FROM photo").fetchone()
    if gone > MANY and 2 * gone > total:
        raise CatalogueError(
            f"{gone} of {total} photographs are not in {folder / PHOTOS}, as if that folder had "
            "been moved: put it back, or name the folder with the originals; nothing was changed."
        )


def _clear(folder: Path, unknown: Iterable[tuple[str, Unknown]], gone: Iterable[str]) -> None:
    """Delete leftovers and set aside what belongs to no product, or is no photograph any more."""
    for file, kind in unknown:
        if kind == "leftover":
            folder.joinpath(file).unlink(missing_ok=True)
        else:
            _set_aside(folder, file)
    for file in gone:
        if is_inside(folder, file, PHOTOS):
            _set_aside(folder, file)


def _set_aside(folder: Path, file: str) -> None:
    """Move a file, where there is one, to the folder of strays."""
    path = folder / file
    if not path.is_file():
        return
    strays = inside(folder, STRAYS)
    strays.mkdir(exist_ok=True)
    target, number = strays / path.name, 1
    while target.exists():  # another file of that name was set aside before
        number += 1
        target = strays / f"{path.stem}.{number}{path.suffix}"
    shutil.move(path, target)


def _check_copies(folder: Path) -> Iterator[Finding]:
    """Name thumbnails and backups that are damaged."""
    for file in _damaged_thumbnails(folder):
        yield Finding(
            "thumbnail", file, f"{file} is damaged: it is made again when it is next shown."
        )
    for file in _damaged_backups(folder):
        yield Finding(
            "backup",
            file,
            f"{file} is damaged and of no use: `python -m search doctor --repair --thorough` moves "
            f"it to the folder {STRAYS}.",
        )


def _repair_copies(folder: Path) -> Iterator[Finding]:
    for file in _damaged_thumbnails(folder):
        folder.joinpath(file).unlink(missing_ok=True)
        sentence = f"{file} was damaged: it is made again when it is next shown."
        yield Finding("thumbnail", file, sentence, repaired=True)
    for file in _damaged_backups(folder):
        _set_aside(folder, file)
        sentence = f"{file} was damaged and was moved to the folder {STRAYS}."
        yield Finding("backup", file, sentence, repaired=True)


def _damaged_thumbnails(folder: Path) -> list[str]:
    try:
        return thumbnails.damaged(folder)
    except OutsideError:  # never opened
        return []


def _damaged_backups(folder: Path) -> list[str]:
    try:
        kept = [backup for backup in backups.listed(folder) if backup.kind != "replaced"]
    except OutsideError:
        return []
    return [f"{BACKUPS}/{backup.name}" for backup in kept if not backups.is_sound(backup.path)]


def _damaged_database(path: Path) -> Finding:
    return Finding("database", path.name, str(schema.damaged(path)))


def _named(photo: CataloguePhoto) -> str:
    return f"The photograph of product “{photo.product_id}” ({photo.source or photo.file})"


def _report_lost(folder: Path, photo: CataloguePhoto, kind: Lost) -> Finding:
    if kind == "outside":
        return Finding(
            kind,
            str(photo.file),
            f"{_named(photo)} {_STATE[kind][0]}, {str(photo.file)[:200]!r}: it is never opened; "
            "`python -m search doctor --repair` takes it out of the catalogue.",
        )
    path = inside(folder, photo.file, PHOTOS)
    if kind == "unreadable":
        sentence = (
            f"{_named(photo)} {_STATE[kind][0]}: check the disk, and that {path} may be read."
        )
        return Finding(kind, photo.file, sentence)
    what_to_do = (
        f"put {path} back, or run `python -m search doctor --repair`, with --originals DIR to "
        "look for it there, or without to take it out of the catalogue."
        if kind == "missing"
        else f"put a good copy at {path}, or run `python -m search doctor --repair --thorough`, "
        "with --originals DIR to look for one there."
    )
    return Finding(kind, photo.file, f"{_named(photo)} {_STATE[kind][0]}: {what_to_do}")


def _repaired_lost(
    folder: Path, photo: CataloguePhoto, kind: Lost, found: Mapping[str, Path]
) -> Finding:
    if kind == "unreadable":
        return _report_lost(folder, photo, kind)
    origin = found.get(photo.file)
    done = (
        "it was taken out of the catalogue, so add it again; the product is still there."
        if origin is None
        else f"it was brought back from {origin}."
    )
    return Finding(kind, photo.file, f"{_named(photo)} {_STATE[kind][1]}: {done}", repaired=True)


def _report_feature(file: str, feature: stored.Damaged) -> Finding:
    return Finding("feature", file, stored.sentence(feature.fingerprint, feature.sha256))


def _repaired_feature(file: str, feature: stored.Damaged) -> Finding:
    sentence = (
        f"The feature of photograph {feature.sha256[:12]} by {feature.fingerprint} was damaged: "
        "it was deleted, so that it is encoded anew."
    )
    return Finding("feature", file, sentence, repaired=True, fingerprint=feature.fingerprint)


def _report_unknown(file: str, kind: Unknown) -> Finding:
    sentence = (
        f"{file} is left over from a change that was broken off: doctor --repair deletes it."
        if kind == "leftover"
        else f"{file} belongs to no product, as after an import that was broken off: "
        f"doctor --repair moves it to the folder {STRAYS}, and the next purge deletes it."
    )
    return Finding(kind, file, sentence)


def _repaired_unknown(file: str, kind: Unknown) -> Finding:
    sentence = (
        f"{file}, left over from a change that was broken off, was deleted."
        if kind == "leftover"
        else f"{file} belongs to no product and was moved to the folder {STRAYS}."
    )
    return Finding(kind, file, sentence, repaired=True)
