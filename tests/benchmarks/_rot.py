"""What single flipped bits and many kinds of damage do to a catalogue."""

from __future__ import annotations

import tempfile
import traceback
from collections import Counter
from collections.abc import Collection
from pathlib import Path

from tests.unit.catalogue import commands, damages, rot

FLIPS = 300


def measure(flips: int = FLIPS) -> int:
    """Print what became of flipped bits and damage; return how many were unseen or a traceback."""
    with tempfile.TemporaryDirectory() as place:
        return measure_flips(Path(place), flips) + measure_damages(Path(place))


def measure_flips(place: Path, flips: int) -> int:
    """Flip so many single bits of a catalogue's files, half of them of its database."""
    rot.make(place / "pristine")
    truth = rot.content(place / "pristine")
    outcomes = Counter[str]()
    for seed in range(flips):
        try:
            found, where = rot.trial(place / "pristine", place / "flipped", seed, truth)
        except Exception:
            found, where = "TRACEBACK", f"seed {seed}: {traceback.format_exc()}"
        outcomes[found] += 1
        if found.isupper():
            print(f"  {found}: {where}")
    told = ", ".join(f"{count} {name}" for name, count in sorted(outcomes.items()))
    print(f"{flips} single flipped bits: {told}")
    return outcomes["UNSEEN"] + outcomes["TRACEBACK"]


def measure_damages(place: Path, names: Collection[str] = damages.DAMAGES.keys()) -> int:
    """Run all commands on a catalogue damaged in each of these ways."""
    if not (place / "pristine").exists():
        rot.make(place / "pristine")
    failed = 0
    for name in names:
        damage = damages.DAMAGES[name]
        found = commands.attack(place / "pristine", place / "attacked", damage)
        failed += len(found)
        for sentence in found:
            print(f"  {name}: {sentence}")
    print(
        f"{len(names)} kinds of damage through {len(commands.COMMANDS)} commands each: "
        f"{failed} tracebacks or losses"
    )
    return failed


if __name__ == "__main__":
    raise SystemExit(1 if measure() else 0)
