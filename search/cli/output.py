"""What commands print: JSON lines, tables, and progress that goes to a terminal only."""

from __future__ import annotations

import io
import json
import os
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as ProgressBar
from rich.table import Table
from rich.text import Text

from search.errors import SearchError
from search.files import write_atomically
from search.progress import OnProgress

_SHOWN = dict.fromkeys(("Cc", "Cf", "Zs", "Zl", "Zp"), " ") | dict.fromkeys(("Co", "Cs"), "\ufffd")
_UNCUT = 10_000  # columns of a table where there is no terminal


def prepare() -> None:
    """Let no console's encoding stop a command: UTF-8 where there is no console, else what it can.

    What a console cannot show is replaced.
    """
    for stream in (sys.stdout, sys.stderr):
        if not isinstance(stream, io.TextIOWrapper):
            continue
        if stream.isatty():
            stream.reconfigure(errors="replace")
        else:
            stream.reconfigure(encoding="utf-8", errors="replace")


def print_paths(paths: Iterable[str], *, end: str = "\n") -> None:
    """Print paths as the bytes they are on the disk, whatever encoding that is."""
    sys.stdout.flush()
    for path in paths:
        sys.stdout.buffer.write(os.fsencode(path) + end.encode())
    sys.stdout.flush()


def print_json(value: object) -> None:
    """Print one JSON object on one line."""
    print(json.dumps(value, ensure_ascii=False, allow_nan=False), flush=True)


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a plain table that fits the terminal, or is never cut where there is none."""
    console = Console(highlight=False, width=None if sys.stdout.isatty() else _UNCUT)
    table = Table(*columns, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(*(Text(_shown(str(cell))) for cell in row))  # as it is, not as markup
    console.print(table)


def _shown(text: str) -> str:
    """Return what a terminal may show: nothing that steers it, or turns the text's direction."""
    return "".join(_SHOWN.get(unicodedata.category(c), c) for c in text).rstrip()


def save(file: Path, data: bytes) -> None:
    """Write a file that a command was given, whole or not at all.

    :raises SearchError: it cannot be written.
    """
    try:
        write_atomically(file, data)
    except OSError as error:
        raise SearchError(
            f"“{file}” cannot be written ({error.strerror}): choose another folder."
        ) from error


@contextmanager
def progress(task: str, *, as_json: bool) -> Iterator[OnProgress | None]:
    """Show progress: JSON lines on request, a bar on a terminal's stderr, else nothing."""
    if as_json:
        yield lambda p: print_json(
            {"event": "progress", "done": p.done, "total": p.total, "seconds_left": p.seconds_left}
        )
        return
    if not sys.stderr.isatty():
        yield None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with ProgressBar(*columns, TimeRemainingColumn(), console=Console(stderr=True)) as bar:
        shown = bar.add_task(task)
        yield lambda p: bar.update(shown, completed=p.done, total=p.total)
