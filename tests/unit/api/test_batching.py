from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from search import photos
from search.api.batching import BatchingExtractor
from search.errors import FeatureError, OverloadedError
from tests.helpers import FakeExtractor


class Slow(FakeExtractor):
    """Encodes when it is let, and remembers how many at once."""

    def __init__(self) -> None:
        super().__init__()
        self.go, self.begun = threading.Event(), threading.Event()
        self.batches: list[int] = []

    def cells(self, photos):
        self.begun.set()
        assert self.go.wait(10)
        self.batches.append(len(photos))
        if any(photo.sha256 in self.refused for photo in photos):
            raise FeatureError("Nothing there.")
        return super().cells(photos)

    refused: frozenset[str] = frozenset()


@pytest.fixture
def slow():
    return Slow()


@pytest.fixture
def many(picture):
    return [photos.read(picture(n)) for n in range(12)]


def test_those_who_wait_are_encoded_together(slow, many):
    batching = BatchingExtractor(slow, linger=0)
    with ThreadPoolExecutor(12) as pool:
        first = pool.submit(batching.cells, many[:1])
        assert slow.begun.wait(10)  # the network is busy with one, the others queue up
        others = [pool.submit(batching.cells, [photo]) for photo in many[1:]]
        while batching.waiting < 11:
            pass
        slow.go.set()
        found = [each.result(10)[0] for each in (first, *others)]
    batching.close()
    assert slow.batches == [1, 8, 3]
    plain = FakeExtractor().cells(many)
    assert np.array_equal(np.stack(found), plain)


def test_one_alone_goes_at_once(slow, many):
    slow.go.set()
    batching = BatchingExtractor(slow)
    assert batching.cells(many[:1]).shape[0] == 1
    batching.close()
    assert slow.batches == [1]


def test_one_that_is_refused_costs_the_others_nothing(slow, many):
    slow.go.set()
    slow.refused = frozenset({many[1].sha256})
    batching = BatchingExtractor(slow, linger=0.2)
    with ThreadPoolExecutor(3) as pool:
        asked = [pool.submit(batching.cells, [photo]) for photo in many[:3]]
        with pytest.raises(FeatureError):
            asked[1].result(10)
        assert asked[0].result(10).shape[0] == asked[2].result(10).shape[0] == 1
    batching.close()


def test_beyond_those_who_wait_callers_are_refused(slow, many):
    batching = BatchingExtractor(slow, waiting=2, linger=0)
    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(batching.cells, many[:1])
        assert slow.begun.wait(10)
        waiting = [pool.submit(batching.cells, [photo]) for photo in many[1:3]]
        while batching.waiting < 2:
            pass
        with pytest.raises(OverloadedError, match="few seconds"):
            batching.cells([many[3]])
        slow.go.set()
        assert all(each.result(10).shape[0] == 1 for each in (first, *waiting))
    batching.close()


def test_nobody_waits_for_ever(slow, many):
    batching = BatchingExtractor(slow, patience=0.05)
    with pytest.raises(OverloadedError):
        batching.cells(many[:1])
    slow.go.set()
    batching.close()


def test_a_failure_is_for_those_who_asked(many):
    class Broken(FakeExtractor):
        def cells(self, photos):
            raise ZeroDivisionError

    batching = BatchingExtractor(Broken())
    with pytest.raises(ZeroDivisionError):
        batching.cells(many[:1])
    batching.close()
