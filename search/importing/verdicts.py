"""What may be found of a row of an import: its verdict, and the error that carries one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

Verdict = Literal[
    "new",
    "changed",
    "unchanged",
    "duplicate",
    "unreadable",
    "missing",
    "bad price",
    "unknown currency",
    "outside folder",
    "bad value",
]
VERDICTS: Final[Mapping[Verdict, str]] = {
    "new": "A product the catalogue does not have yet.",
    "changed": "A product that gets other values or further photographs.",
    "unchanged": "Nothing to do.",
    "duplicate": "The same photograph or row is there already; it is skipped.",
    "unreadable": "A file that is damaged, too large or too small, or is not a photograph.",
    "missing": "A photograph that is named but not there.",
    "bad price": "The price is not an amount of money.",
    "unknown currency": "The price has no currency, or one that does not exist.",
    "outside folder": "A path that leads outside the folder of photographs.",
    "bad value": "Another cell that cannot be understood.",
}
"""Every verdict of a dry run, in the order shown, and what it means."""

BAD: Final[frozenset[Verdict]] = frozenset(
    ("unreadable", "missing", "bad price", "unknown currency", "outside folder", "bad value")
)
"""Verdicts that stop an import, or with `skip_bad_rows` leave the row out."""


class RowError(Exception):
    """A cell that cannot be understood: the verdict, and a sentence for the user."""

    def __init__(self, verdict: Verdict, sentence: str) -> None:
        super().__init__(sentence)
        self.verdict = verdict
