"""Run benchmarks by name, as in `python -m tests.benchmarks search quality`."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

NAMES = sorted(path.stem for path in Path(__file__).parent.glob("[!_]*.py"))


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in NAMES]
    if unknown or not names:
        print(f"Choose from: {', '.join(NAMES)}", file=sys.stderr)
        return 2
    results = [importlib.import_module(f"tests.benchmarks.{name}").main() for name in names]
    return max((result or 0 for result in results), default=0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
