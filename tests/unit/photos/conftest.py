from __future__ import annotations

import pytest

from search.photos import decoding, pool
from search.photos.formats import Format


class InProcess:
    """Decodes where the test runs, so that it may replace what decoding is made of."""

    def decode(
        self, data: bytes, form: Format, label: str, side: int | None = None
    ) -> pool.Decoded:
        image, notes = decoding.decode(data, form, label)
        return pool.Decoded(image, notes, image.width, image.height)


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "POOL", InProcess())
