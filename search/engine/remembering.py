"""Answers that an object remembers, and that go with it."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from functools import lru_cache
from types import MethodType
from typing import Any, TypeVar, cast

Method = TypeVar("Method", bound=Callable[..., Any])


def remembered(method: Method, count: int) -> Method:
    """Give a bound method that remembers its last answers, so many.

    The object that keeps it is not kept by it in turn, as by a plain `lru_cache`: what belongs to
    an earlier revision is gone as soon as nobody searches it, and not some time later.
    """
    own = weakref.WeakMethod(cast(MethodType, method))

    def call(*asked: Any) -> Any:
        bound = own()
        assert bound is not None  # it is called by its object
        return bound(*asked)

    return cast(Method, lru_cache(maxsize=count)(call))
