"""Keeping a catalogue sound: what check finds, what mend puts right, what purge gives back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from search.database import Database

if TYPE_CHECKING:
    from search.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, in a sentence; ``mended`` once it has been put right."""

    kind: str
    subject: str
    message: str
    mended: bool = False


@dataclass(frozen=True, slots=True)
class PurgeReport:
    """What a purge deleted; ``bytes`` counts the files."""

    files: int
    thumbnails: int
    features: int
    revisions: int
    bytes: int


def check(database: Database, folder: Path, *, thorough: bool) -> list[Finding]:
    """Look for damage."""
    raise NotImplementedError


def mend(
    catalogue: Catalogue, database: Database, *, originals: Path | None, thorough: bool
) -> list[Finding]:
    """Put right what check finds."""
    raise NotImplementedError


def purge(database: Database, folder: Path) -> PurgeReport:
    """Delete what is needed no more."""
    raise NotImplementedError
