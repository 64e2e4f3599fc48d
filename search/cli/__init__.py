"""The command line: `python -m search COMMAND`.

Exit codes: 0 done · 1 refused or failed, a sentence on stderr says why · 2 wrong usage ·
3 done, but some photographs or rows were left out · 4 the catalogue is busy, try again ·
130 stopped by the user.

Each module here adds its own commands: `add_commands(commands)` makes sub-parsers and sets their
`run`, a function from the parsed arguments to an exit code.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from search.cli.arguments import refuse_unreadable
from search.cli.output import prepare
from search.errors import BusyError, Cancelled, SearchError

DONE, FAILED, USAGE, PARTLY, BUSY, STOPPED = 0, 1, 2, 3, 4, 130

_MODULES = (
    *("build", "query", "catalogue_commands", "transfer", "about", "doctor", "audit"),
    *("backups", "keys", "passcode", "events", "experiment", "publish"),
)


def parser() -> argparse.ArgumentParser:
    """Make the parser of all commands; what it parses has the function to `run`."""
    made = argparse.ArgumentParser(
        prog="python -m search",
        description="A shop's visual product search.",
        epilog="Exit codes: 0 done, 1 refused, 2 usage, 3 some left out, 4 busy, 130 stopped.",
    )
    commands = made.add_subparsers(metavar="COMMAND", required=True)
    for module in _MODULES:
        import_module(f"search.cli.{module}").add_commands(commands)
    return made


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    prepare()
    arguments = parser().parse_args(argv)
    try:
        refuse_unreadable(arguments)
        code: int = arguments.run(arguments)
        sys.stdout.flush()
    except (Cancelled, KeyboardInterrupt):
        return _said("Stopped; nothing was left half done.", STOPPED)
    except BusyError as error:
        return _said(error, BUSY)
    except SearchError as error:
        return _said(error, FAILED)
    except BrokenPipeError:  # the reader of our output has gone, as `| head` does
        _print_nowhere()
        return DONE
    except OSError as error:  # a disk that fails where no room expects it, also behind our output
        what = f"“{error.filename}”" if error.filename else "The disk or the output"
        _print_nowhere()
        return _said(f"{what} cannot be used ({error.strerror}): free space or allow it.", FAILED)
    except MemoryError:
        return _said(
            "There is not enough memory: close other programs, or do less at once.", FAILED
        )
    return code


def _said(sentence: object, code: int) -> int:
    print(sentence, file=sys.stderr)
    return code


def _print_nowhere() -> None:
    """Let what is still to be printed go nowhere, as printing it would fail again at the end."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
