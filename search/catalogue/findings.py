"""What a check of a catalogue finds: one thing that is wrong, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Lost = Literal["missing", "damaged", "unreadable", "outside"]
Unknown = Literal["stray", "leftover"]
Kind = Literal["database", "row", "edited", "feature", "thumbnail", "backup", Lost, Unknown]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong and what to do, in a sentence; `repaired` once it was put right.

    `file` is the file it is about, relative to the catalogue's folder; `fingerprint` the network of
    a feature.
    """

    kind: Kind
    file: str
    sentence: str
    repaired: bool = False
    fingerprint: str = ""
