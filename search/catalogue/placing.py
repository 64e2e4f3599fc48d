"""Photographs brought from one catalogue's folder, or backup's, to another: linked, else copied.

None comes into its place before its content was read there and has the sha256 that it should.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from search.catalogue.files import PHOTOS, inside
from search.catalogue.folder_backups import Wanted
from search.files import sha256, sync_all, sync_folder
from search.progress import OnProgress, Reporter

_TOGETHER = 256  # photographs synced at once
_THREADS = 8
_CHUNK = 1 << 20  # bytes

How = Literal["kept", "linked", "copied", "lost"]


@dataclass
class Placed:
    """How many photographs were there already, linked and copied; and the current ones lost."""

    counts: Counter[How] = field(default_factory=Counter)
    lost: list[Wanted] = field(default_factory=list)


def place(
    photographs: Sequence[Wanted],
    source: Path,
    target: Path,
    draft: Path,
    *,
    on_progress: OnProgress | None = None,
) -> Placed:
    """Bring photographs from `source` to `target`, where they then survive a power cut.

    One whose file at the source is gone or damaged, and is not at the target either, is lost.

    :param draft: a folder of the target's disk for what is unfinished.
    :raises OutsideError: when a place leads out of either folder.
    :raises OSError: when the target cannot be written, or its disk is full.
    :raises Cancelled: `on_progress` returned False.
    """
    placed, reporter = Placed(), Reporter(on_progress, len(photographs))
    folders: set[Path] = set()

    def bring(n: int) -> How:
        photo = photographs[n]
        if _is(inside(target, photo.file, PHOTOS), photo.sha256):
            return "kept"
        return _bring(inside(source, photo.file, PHOTOS), draft / str(n), photo.sha256)

    with ThreadPoolExecutor(_THREADS, "photographs") as pool:
        for start in range(0, len(photographs), _TOGETHER):
            part = range(start, min(start + _TOGETHER, len(photographs)))
            done = dict(zip(part, pool.map(bring, part), strict=True))
            sync_all(draft / str(n) for n, how in done.items() if how == "copied")
            for n, how in done.items():
                if how in ("linked", "copied"):
                    at = inside(target, photographs[n].file, PHOTOS)
                    at.parent.mkdir(parents=True, exist_ok=True)
                    (draft / str(n)).replace(at)
                    folders.add(at.parent)
                elif how == "lost" and photographs[n].is_current:
                    placed.lost.append(photographs[n])
            placed.counts.update(done.values())
            reporter.report(part.stop, failed=len(placed.lost))
    for folder in folders | {folder.parent for folder in folders}:
        sync_folder(folder)
    return placed


def _bring(source: Path, part: Path, digest: str) -> How:
    """Link or copy a file to `part`, and make sure of its content."""
    how: How = "linked"
    try:
        os.link(source, part, follow_symlinks=False)
    except (OSError, NotImplementedError):  # gone, on another disk, or on one that has no links
        how = "copied"
        if not _copy(source, part):
            return "lost"
    if _is(part, digest):
        return how
    part.unlink()
    return "lost"


def _copy(source: Path, part: Path) -> bool:
    """Copy a file; False where it cannot be read.

    :raises OSError: when the copy cannot be written.
    """
    try:
        data = source.open("rb")
    except OSError:
        return False
    with data, part.open("xb") as copy:
        while True:
            try:
                some = data.read(_CHUNK)
            except OSError:  # the disk's fault: its content will be another one
                return True
            if not some:
                return True
            copy.write(some)


def _is(file: Path, digest: str) -> bool:
    """Tell whether a file is there and has this content."""
    try:
        return file.is_file() and sha256(file) == digest
    except OSError:
        return False
