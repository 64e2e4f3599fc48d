"""CSV that every spreadsheet opens rightly, with cells that it will not run as formulas."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Sequence

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def write_table(columns: Sequence[str], rows: Iterable[Iterable[object]]) -> bytes:
    """Write a CSV in UTF-8 with its mark, formulas neutralised; None is an empty cell."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([protect(name) for name in columns])
    writer.writerows(
        [protect(cell) if isinstance(cell, str) else cell for cell in row] for row in rows
    )
    return codecs.BOM_UTF8 + out.getvalue().encode(errors="replace")


def protect(text: str) -> str:
    """Mark a cell that a spreadsheet would run as a formula; undone by `unprotect`."""
    return f"'{text}" if _is_formula(text) else text


def unprotect(text: str) -> str:
    """Take off the mark that `protect` put on."""
    return text[1:] if text[:1] == "'" and _is_formula(text) else text


def _is_formula(text: str) -> bool:
    return text.lstrip("'").startswith(_FORMULA_STARTS)
