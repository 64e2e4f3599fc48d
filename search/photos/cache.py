"""A bounded cache of values that are expensive to make."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class ByteCache(Generic[Key, Value]):
    """A least recently used cache, bounded by the bytes its values take; threads may share it.

    `bytes_of` says how many bytes a value takes. One that alone exceeds `max_bytes` is not stored.
    """

    def __init__(self, max_bytes: int, bytes_of: Callable[[Value], int]) -> None:
        self.max_bytes = max_bytes
        self.bytes = 0
        self._bytes_of = bytes_of
        self._values: OrderedDict[Key, Value] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Key) -> Value | None:
        """Look a value up; None where it is not, or no longer, stored."""
        with self._lock:
            if key not in self._values:
                return None
            self._values.move_to_end(key)
            return self._values[key]

    def pop(self, key: Key) -> Value | None:
        """Take a value out; None where it is not, or no longer, stored."""
        with self._lock:
            return self._drop(key)

    def put(self, key: Key, value: Value) -> None:
        """Keep a value, and let go of those used longest ago to make room for it."""
        size = self._bytes_of(value)
        with self._lock:
            self._drop(key)
            if size > self.max_bytes:
                return
            self._values[key] = value
            self.bytes += size
            while self.bytes > self.max_bytes:
                self._drop(next(iter(self._values)))

    def _drop(self, key: Key) -> Value | None:
        value = self._values.pop(key, None)
        if value is not None:
            self.bytes -= self._bytes_of(value)
        return value
