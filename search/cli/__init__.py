"""The command line: `python -m search COMMAND`.

Exit codes: 0 done · 1 refused or failed, a sentence on stderr says why · 2 wrong usage ·
3 done, but some photographs or rows were left out · 4 the catalogue is busy, try again ·
130 stopped by the user.

Each module here adds its own commands: `add_commands(commands)` makes sub-parsers and sets their
`run`, a function from the parsed arguments to an exit code.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from search.cli.output import prepare
from search.errors import BusyError, Cancelled, SearchError

DONE, FAILED, USAGE, PARTLY, BUSY, STOPPED = 0, 1, 2, 3, 4, 130

_MODULES = (
    *("build", "query", "catalogue_commands", "transfer", "about", "doctor", "audit"),
    *("keys", "events"),
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    prepare()
    parser = argparse.ArgumentParser(
        prog="python -m search",
        description="A shop's visual product search.",
        epilog="Exit codes: 0 done, 1 refused, 2 usage, 3 some left out, 4 busy, 130 stopped.",
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for module in _MODULES:
        import_module(f"search.cli.{module}").add_commands(commands)
    arguments = parser.parse_args(argv)
    try:
        code: int = arguments.run(arguments)
        sys.stdout.flush()
    except (Cancelled, KeyboardInterrupt):
        print("Stopped; nothing was left half done.", file=sys.stderr)
        return STOPPED
    except BusyError as error:
        print(error, file=sys.stderr)
        return BUSY
    except SearchError as error:
        print(error, file=sys.stderr)
        return FAILED
    except BrokenPipeError:  # the reader of our output has gone, as `| head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    return code
