"""The photographs that sessions search by: a page that is loaded again takes its own up again.

They are the sessions' own objects, held once and freed with the session; a name in the address says
which. Only the browser that brought a photograph can come by it: the name alone, in a shared link,
gives nobody anything.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable

from search.ui.query import PhotoQuery


class Kept:
    """Which photographs each session has, and which browser it is in."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sessions: dict[str, tuple[str, tuple[PhotoQuery, ...]]] = {}

    def keep(self, session: str, browser: str, queries: Iterable[PhotoQuery]) -> None:
        """Note all that a session can search by now, in place of what was noted before."""
        with self._lock:
            self._sessions[session] = browser, tuple(queries)

    def find(self, browser: str, name: str) -> PhotoQuery | None:
        """Give what one of this browser's sessions searches by under a name."""
        with self._lock:
            for where, queries in reversed(self._sessions.values()):
                if where == browser:
                    for query in queries:
                        if query.name == name:
                            return query
        return None

    def forget_all_but(self, sessions: set[str]) -> None:
        """Forget the sessions that are no more."""
        with self._lock:
            self._sessions = {s: held for s, held in self._sessions.items() if s in sessions}


KEPT = Kept()
