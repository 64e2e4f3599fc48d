"""What commands print: JSON lines, tables, and progress that goes to a terminal only."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as ProgressBar
from rich.table import Table

from search.errors import SearchError
from search.files import write_atomically
from search.progress import OnProgress


def print_json(value: object) -> None:
    """Print one JSON object on one line."""
    print(json.dumps(value, ensure_ascii=False, allow_nan=False), flush=True)


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a plain table that fits the terminal, or is never cut where there is none."""
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 240)
    table = Table(*columns, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(*map(str, row))
    console.print(table)


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
