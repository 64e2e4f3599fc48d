"""Runs of pages take turns: a few at a time, first come first served, and who waits is told."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

AT_ONCE = 2 * (os.cpu_count() or 1)
_SOON, _LATER = 0.5, 2.0  # seconds to the first look at the line, and between those after it


class Line:
    """Those who want to run, in the order in which they came."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._at_once = at_once
        self._tickets: list[object] = []
        self._moved = threading.Condition()

    def join(self) -> object:
        """Take a ticket."""
        ticket = object()
        with self._moved:
            self._tickets.append(ticket)
        return ticket

    def ahead(self, ticket: object, seconds: float) -> int:
        """Wait so long at most; give how many must end before its turn, 0 if none."""
        with self._moved:
            self._moved.wait_for(lambda: self._place(ticket) == 0, seconds)
            return self._place(ticket)

    def leave(self, ticket: object) -> None:
        """Give a ticket back."""
        with self._moved:
            self._tickets.remove(ticket)
            self._moved.notify_all()

    def _place(self, ticket: object) -> int:
        return max(0, self._tickets.index(ticket) + 1 - self._at_once)


LINE = Line()


@contextmanager
def turn(line: Line = LINE) -> Iterator[None]:
    """Wait for this run's turn, saying so as soon as that takes long."""
    place = st.empty()
    ticket = line.join()
    said = False
    try:
        while ahead := line.ahead(ticket, _LATER if said else _SOON):
            said = True
            place.info(
                f"Many people are searching just now: {ahead:,} before you. "
                "Your turn comes by itself.",
                icon=":material/hourglass_top:",
            )
        if said:
            place.empty()
        yield
    finally:
        line.leave(ticket)
