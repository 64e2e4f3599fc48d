"""Wrong passcodes are counted, by where they come from, and too many have to wait."""

from __future__ import annotations

import ipaddress
import math
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Final

from search.errors import AccessError
from search.plural import counted

MOST: Final = 5
SECONDS: Final = 60.0
"""So many wrong passcodes within so many seconds lock for as long, counted from the last."""


class Attempts:
    """Who tried when; safe under threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._wrong: dict[str, deque[float]] = {}

    def begin(self, address: str) -> None:
        """Count an attempt as wrong, until `succeed` takes that back.

        Counted before it is looked at, so that many at once get no more looks than one by one.

        :raises AccessError: there were too many.
        """
        place, now = _network(address), self._clock()
        with self._lock:
            self._forget(now)
            wrong = self._wrong.setdefault(place, deque(maxlen=MOST))
            if len(wrong) == MOST and now - wrong[-1] < SECONDS and wrong[-1] - wrong[0] < SECONDS:
                wait = counted(math.ceil(SECONDS - (now - wrong[-1])), "second")
                raise AccessError(
                    f"{MOST} passcodes were wrong: try again in {wait}, with the right one."
                )
            wrong.append(now)

    def succeed(self, address: str) -> None:
        """Forget what was wrong before: the passcode was right."""
        with self._lock:
            self._wrong.pop(_network(address), None)

    def _forget(self, now: float) -> None:
        over = [place for place, wrong in self._wrong.items() if now - wrong[-1] >= SECONDS]
        for place in over:
            del self._wrong[place]


def _network(address: str) -> str:
    """Return an address; of an IPv6 one the first 64 bits, which one customer has to themselves."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 6:
        return str(ipaddress.ip_network(f"{address.partition('%')[0]}/64", strict=False))
    return str(found)
