from __future__ import annotations

from pathlib import Path

import pytest

from search.catalogue import Catalogue
from tests.helpers import FakeExtractor
from tests.unit.importing.shop import Shop


@pytest.fixture
def shop(tmp_path: Path, extractor: FakeExtractor) -> Shop:
    return Shop(Catalogue(tmp_path / "catalogue"), extractor)
