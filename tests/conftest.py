"""What tests share: a home of their own, drawn photographs, an extractor that needs no network."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.helpers import SHARED, FakeExtractor, draw, encode


@pytest.fixture
def extractor() -> FakeExtractor:
    return FakeExtractor()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home folder of the test's own, so that no test meets the user's catalogues."""
    folder = tmp_path / "home"
    monkeypatch.setenv("SEARCH_HOME", str(folder))
    return folder


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real photographs; tests that need it skip where it is not at hand."""
    if not SHARED.is_dir():
        pytest.skip(f"no shared photographs at {SHARED}; set SHARED_DATA to run this test")
    return SHARED


@pytest.fixture(scope="session")
def picture() -> Callable[..., bytes]:
    """Bytes of a drawn PNG, by seed."""
    return lambda seed, size=(64, 64): encode(draw(seed, size))
