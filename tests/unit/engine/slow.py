"""An extractor slow enough for its process to be killed meanwhile; workers import it."""

from __future__ import annotations

import time

from tests.helpers import FakeExtractor


class SlowExtractor(FakeExtractor):
    def embed(self, photos):
        time.sleep(0.2)
        return super().embed(photos)


class ElsewhereAnother(FakeExtractor):
    """Makes other features here than the workers do."""

    fingerprint = "other-000000000000"

    def recipe(self):
        return FakeExtractor, ()


class NowhereElse(FakeExtractor):
    """What workers cannot make."""

    def recipe(self):
        return _refuse, ()


def _refuse():
    from search.errors import NetworkError

    raise NetworkError("The weights are not here.")
