"""Run benchmarks by name, as in `python -m tests.benchmarks search quality`."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

NAMES = sorted(path.stem for path in Path(__file__).parent.glob("[!_]*.py"))


def main(argv: list[str]) -> int:
    """Run the named benchmarks; options after the names go to each of them."""
    cut = next((n for n, word in enumerate(argv) if word.startswith("-")), len(argv))
    names, options = argv[:cut], argv[cut:]
    if not names or set(names) - set(NAMES):
        print(f"Choose from: {', '.join(NAMES)}", file=sys.stderr)
        return 2
    modules = [importlib.import_module(f"tests.benchmarks.{name}") for name in names]
    results = [module.main(options) if options else module.main() for module in modules]
    return max((result or 0 for result in results), default=0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
