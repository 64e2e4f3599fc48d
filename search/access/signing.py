"""Who is signed in by a passcode, and the one made at the start where nothing is set up."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from search.access import passcodes
from search.access.attempts import Attempts
from search.errors import AccessError
from search.roles import Person, Role

HOURS: Final = 12
"""After so many hours a sign-in ends, of whatever kind."""

_TICKET = 60.0  # seconds that a browser has to fetch its cookie


@dataclass(frozen=True, slots=True)
class _SignIn:
    person: Person
    kept: str  # the hash of the passcode; empty for the one of this start
    until: float


class Desk:
    """Where people sign in, of one server; safe under threads. It forgets all when that ends.

    :param start: the passcode made at the start, a merchandiser's; valid only while nobody has one
        of their own.
    """

    def __init__(
        self, start: str | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.start = start
        self.attempts = Attempts(clock)
        self._clock = clock
        self._lock = threading.Lock()
        self._signed: dict[str, _SignIn] = {}
        self._tickets: dict[str, tuple[str, float]] = {}

    def sign_in(self, name: str, passcode: str, address: str) -> str:
        """Return a token for who has this passcode.

        :raises AccessError: nobody has it, too many were wrong, or passcodes cannot be read.
        """
        self.attempts.begin(address)
        found = self._known(name, passcode)
        if found is None:
            raise AccessError("This name and passcode do not belong together: check both.")
        self.attempts.succeed(address)
        person, kept = found
        token, now = secrets.token_urlsafe(32), self._clock()
        with self._lock:
            self._signed = {t: each for t, each in self._signed.items() if each.until > now}
            self._signed[_digest(token)] = _SignIn(person, kept, now + HOURS * 3600)
        return token

    def who(self, token: str) -> Person | None:
        """Return who a token signs in now; None once it ended or its passcode did.

        :raises AccessError: passcodes cannot be read.
        """
        with self._lock:
            found = self._signed.get(_digest(token))
        if found is None or self._clock() >= found.until:
            return None
        if found.kept:
            return passcodes.still(found.person.name, found.kept)
        return None if passcodes.listed() else found.person

    def sign_out(self, token: str) -> None:
        """End what a token signs in, in all windows of the browser."""
        with self._lock:
            self._signed.pop(_digest(token), None)

    def ticket(self, token: str) -> str:
        """Return what a browser may exchange for the token once, and soon."""
        made, now = secrets.token_urlsafe(32), self._clock()
        with self._lock:
            kept = {t: each for t, each in self._tickets.items() if each[1] > now}
            self._tickets = {**kept, made: (token, now + _TICKET)}
        return made

    def is_open(self, ticket: str) -> bool:
        """Tell whether a ticket can still be exchanged."""
        with self._lock:
            return ticket in self._tickets and self._tickets[ticket][1] > self._clock()

    def exchange(self, ticket: str) -> str | None:
        """Return the token of a ticket, once."""
        with self._lock:
            token, until = self._tickets.pop(ticket, ("", 0.0))
        return token if token and self._clock() < until else None

    def _known(self, name: str, passcode: str) -> tuple[Person, str] | None:
        if passcodes.listed():
            return passcodes.known(name, passcode)
        given, start = passcode.strip().encode(), (self.start or "").encode()
        if not start or not hmac.compare_digest(given, start):
            return None
        shown = "".join(letter for letter in name if letter.isprintable()).strip()[:60]
        return Person(shown or Role.MERCHANDISER.value, Role.MERCHANDISER), ""


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
