"""Keeping a catalogue sound: what check finds, what mend puts right, what purge gives back.

A photograph's file is always there before its row is, so a killed process leaves at worst files
that no row knows. Rows without a file come from outside: a disk, a copy, a hand.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Literal

from search.catalogue import queries, revisions
from search.catalogue.database import Database, explained
from search.catalogue.files import PART, PHOTOS, THUMBS, thumb_file, write_atomically
from search.catalogue.models import CataloguePhoto
from search.errors import CatalogueError

if TYPE_CHECKING:
    from search.catalogue.catalogue import Catalogue

STRAYS = "strays"
"""Folder that mend moves unknown photograph files to; purge empties it."""

FEATURES_KEPT = 24 * 3600  # seconds; an import that is under way keeps features before rows
MANY = 10

Kind = Literal["database", "missing", "damaged", "stray", "leftover"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong and what to do, in a sentence; ``mended`` once it was put right.

    ``subject`` is the file it is about, relative to the catalogue's folder.
    """

    kind: Kind
    subject: str
    sentence: str
    mended: bool = False


@dataclass(frozen=True, slots=True)
class PurgeReport:
    """What a purge deleted: photograph files, thumbnails, features, and journals of revisions.

    ``bytes`` is the size of the deleted files.
    """

    files: int
    thumbnails: int
    features: int
    revisions: int
    bytes: int


def check(database: Database, folder: Path, *, thorough: bool = False) -> list[Finding]:
    """Look for damage and for photographs without a file, or files without a photograph."""
    files = set(_files(folder, PHOTOS))  # before the rows: a file precedes its row
    with database.reading() as connection:
        damage = _database_findings(connection, database.path, thorough=thorough)
        return damage or [
            *_photo_findings(connection, folder, thorough=thorough),
            *_file_findings(connection, files),
        ]


def mend(
    catalogue: Catalogue,
    database: Database,
    *,
    originals: Path | None = None,
    thorough: bool = False,
) -> list[Finding]:
    """Put right what check finds, as one revision, and return the findings.

    A lost photograph is brought back where its content is found among the strays or in
    ``originals``; otherwise it leaves its product, which stays in the catalogue. Unknown files
    move to ``strays/``. A damaged database is only reported.

    :raises CatalogueError: more than half of the photographs are lost: they were rather moved.
    """
    folder = catalogue.folder
    with catalogue.change("doctor", "mend") as change, explained(database.path):
        connection = database.connection()
        if damage := _database_findings(connection, database.path, thorough=thorough):
            return damage
        found = list(_photo_findings(connection, folder, thorough=thorough))
        lost = {finding.subject for finding in found}
        photos = [photo for photo in queries.photos(connection) if photo.file in lost]
        brought_back = _bring_back(folder, photos, originals)
        gone = [photo for photo in photos if photo.file not in brought_back]
        _refuse_if_moved(connection, folder, len(gone))
        mended = [_mended(finding, brought_back) for finding in found]
        for photo in gone:
            change.remove_photo(photo.id)
        mended += _put_away(connection, folder, {photo.file for photo in gone})
    return mended


def purge(database: Database, folder: Path) -> PurgeReport:
    """Delete files and features that neither the catalogue nor its last changes need.

    The journal of all but the last ``revisions.KEPT`` changes is forgotten first. Files are
    deleted in a second transaction, so that a crash between the two leaves only files too many.
    """
    with database.writing() as connection, explained(database.path):
        forgotten = revisions.forget(connection)
        features = connection.execute(
            f"DELETE FROM feature WHERE kept < ? AND sha256 NOT IN ({_NEEDED.format('sha256')})",
            (int(time.time()) - FEATURES_KEPT,),
        ).rowcount
    with database.writing() as connection, explained(database.path):
        needed = _needed(connection, "file")
        thumbs = {thumb_file(sha256) for sha256 in _needed(connection, "sha256")}
        files = [file for file in _files(folder, PHOTOS) if file not in needed]
        files += _files(folder, STRAYS)
        thumbnails = [file for file in _files(folder, THUMBS) if file not in thumbs]
        freed = sum(_delete(folder / file) for file in (*files, *thumbnails))
    with contextlib.suppress(sqlite3.Error):  # gives space back; somebody reading puts it off
        database.connection().execute("VACUUM")
    return PurgeReport(len(files), len(thumbnails), features, forgotten, freed)


# Rows of the catalogue, and rows that a restore can bring back.
_NEEDED = (
    "SELECT {0} FROM photo UNION"
    " SELECT json_extract(coalesce(before, after), '$.{0}') FROM journal WHERE entity = 'photo'"
)


def _needed(connection: sqlite3.Connection, column: str) -> set[str]:
    return {value for (value,) in connection.execute(_NEEDED.format(column))}


def _database_findings(
    connection: sqlite3.Connection, path: Path, *, thorough: bool
) -> list[Finding]:
    pragma = "integrity_check" if thorough else "quick_check"
    try:
        sound = connection.execute(f"PRAGMA {pragma}(1)").fetchone() == ("ok",)
        sound = sound and connection.execute("PRAGMA foreign_key_check").fetchone() is None
    except sqlite3.DatabaseError:
        sound = False
    if sound:
        return []
    sentence = (
        f"The catalogue file {path} is damaged: put a copy of it back, or move it away and import "
        "the products again; the photographs beside it are untouched."
    )
    return [Finding("database", path.name, sentence)]


def _photo_findings(
    connection: sqlite3.Connection, folder: Path, *, thorough: bool
) -> Iterator[Finding]:
    for photo in queries.photos(connection):
        path = folder / PurePosixPath(photo.file)
        about = f"of product “{photo.product_id}” ({photo.source or photo.file})"
        if not path.is_file():
            sentence = (
                f"The photograph {about} is gone from the disk: put {path} back, or run "
                "`python -m search doctor --mend` with --originals DIR, or without to take it out."
            )
            yield Finding("missing", photo.file, sentence)
        elif path.stat().st_size == 0 or (thorough and _sha256(path) != photo.sha256):
            sentence = (
                f"The photograph {about} is damaged: put a good copy at {path}, or run "
                "`python -m search doctor --mend --thorough` with --originals DIR."
            )
            yield Finding("damaged", photo.file, sentence)


def _file_findings(connection: sqlite3.Connection, files: set[str]) -> Iterator[Finding]:
    for file in sorted(files - _needed(connection, "file")):
        if file.endswith(PART):
            yield Finding(
                "leftover",
                file,
                f"{file} is left over from a change that was broken off: doctor --mend deletes it.",
            )
        else:
            yield Finding(
                "stray",
                file,
                f"{file} belongs to no product, as after an import that was broken off: "
                f"doctor --mend moves it to the folder {STRAYS}, and the next purge deletes it.",
            )


def _bring_back(
    folder: Path, photos: list[CataloguePhoto], originals: Path | None
) -> dict[str, Path]:
    """Restore lost files from any file of the same content; return where each came from."""
    wanted = {photo.sha256: photo.file for photo in photos}
    found: dict[str, Path] = {}
    for path in _candidates(folder, photos, originals):
        if len(found) == len(wanted):
            break
        file = wanted.get(_sha256(path))
        if file is not None and file not in found:
            write_atomically(folder / PurePosixPath(file), path.read_bytes())
            found[file] = path
    return found


def _candidates(
    folder: Path, photos: list[CataloguePhoto], originals: Path | None
) -> Iterator[Path]:
    if not photos:
        return
    shas = {photo.sha256 for photo in photos}
    for file in (*_files(folder, STRAYS), *_files(folder, PHOTOS)):
        if PurePosixPath(file).name.split(".")[0] in shas:
            yield folder / PurePosixPath(file)
    if originals is not None:
        from search.photos import EXTENSIONS

        named = [originals / PurePosixPath(photo.source) for photo in photos if photo.source]
        yield from (path for path in named if path.is_file())
        yield from (
            originals / file
            for file in _files(originals, ".")
            if PurePosixPath(file).suffix.lower() in EXTENSIONS
        )


def _refuse_if_moved(connection: sqlite3.Connection, folder: Path, gone: int) -> None:
    (total,) = connection.execute("SELECT count(*) FROM photo").fetchone()
    if gone > MANY and 2 * gone > total:
        raise CatalogueError(
            f"{gone} of {total} photographs are not in {folder / PHOTOS}, as if that folder had "
            "been moved: put it back, or name the folder with the originals; nothing was changed."
        )


def _mended(finding: Finding, brought_back: dict[str, Path]) -> Finding:
    if finding.subject in brought_back:
        sentence = f"{finding.subject} was brought back from {brought_back[finding.subject]}."
    else:
        about = finding.sentence.split(":")[0]
        sentence = (
            f"{about}: it was taken out of the catalogue, so add it again; the product is kept."
        )
    return replace(finding, sentence=sentence, mended=True)


def _put_away(connection: sqlite3.Connection, folder: Path, damaged: set[str]) -> list[Finding]:
    """Move unknown and damaged files out of the way, and delete unfinished ones."""
    files = set(_files(folder, PHOTOS))
    findings = []
    for finding in _file_findings(connection, files):
        path = folder / PurePosixPath(finding.subject)
        if finding.kind == "leftover":
            path.unlink(missing_ok=True)
            sentence = f"{finding.subject}, left over from a broken change, was deleted."
        else:
            _move(path, folder)
            sentence = f"{finding.subject} belongs to no product and was moved to {STRAYS}."
        findings.append(replace(finding, sentence=sentence, mended=True))
    for file in damaged & files:
        _move(folder / PurePosixPath(file), folder)
    return findings


def _move(path: Path, folder: Path) -> None:
    (folder / STRAYS).mkdir(exist_ok=True)
    shutil.move(path, folder / STRAYS / path.name)


def _files(folder: Path, part: str) -> list[str]:
    """Return all files under ``folder/part``, posix and relative to ``folder``."""
    return [
        (Path(root) / name).relative_to(folder).as_posix()
        for root, _, names in os.walk(folder / part)
        for name in sorted(names)
    ]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _delete(path: Path) -> int:
    try:
        size = path.stat().st_size
        path.unlink()
    except FileNotFoundError:  # a thumbnail just being written
        return 0
    return size
