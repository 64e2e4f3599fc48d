"""A fake network behind every command, and a folder of photographs."""

from __future__ import annotations

from pathlib import Path

import pytest

from search.network import registry


class WithNetwork:
    """The fake extractor under a real network's name, as the command line makes one."""

    def __init__(self, extractor) -> None:
        self._extractor = extractor

    def __call__(self, network, weights=None, precision="auto"):
        self._extractor.network = registry.get(network)
        return self._extractor


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch, extractor) -> None:
    monkeypatch.setattr("search.cli.arguments.extractor_for", WithNetwork(extractor))


@pytest.fixture
def folder(tmp_path: Path, picture) -> Path:
    """Five photographs, one in a folder of its own."""
    made = tmp_path / "Summer Shoes"
    (made / "boots").mkdir(parents=True)
    for n in range(4):
        (made / f"shoe {n}.png").write_bytes(picture(n))
    (made / "boots" / "boot.png").write_bytes(picture("boot"))
    (made / "notes.txt").write_text("not a photograph", encoding="utf-8")
    return made
