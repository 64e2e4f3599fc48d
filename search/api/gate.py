"""Who gets in, how often, from which page, with how much: decided before a body is read."""

from __future__ import annotations

import asyncio
import os
from typing import Final

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from search.access import keys
from search.access.places import is_here
from search.api.problems import Refused
from search.errors import AccessError
from search.photos import MAX_BYTES

LARGEST: Final = 2 * MAX_BYTES
"""Bytes of one request's body at most: several photographs of one thing together."""

TIME: Final = 30.0
"""Seconds that one request may take."""

ORIGINS: Final = "SEARCH_API_ORIGINS"
"""Environment variable: origins of web pages, parted by spaces, that may ask without a key."""

_OPEN = ("/health", "/ready")  # what a load balancer asks


class Gate:
    """Lets a request through or refuses it; each process counts for itself."""

    def __init__(self, app: ASGIApp, *, largest: int = LARGEST, seconds: float = TIME) -> None:
        self._app, self._largest, self._seconds = app, largest, seconds
        self._counted = SlidingWindowCounterRateLimiter(MemoryStorage())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = _Answer(send)
        try:
            if not scope["path"].endswith(_OPEN):
                await self._admit(scope)
            body = _Body(receive, scope, self._largest)
            async with asyncio.timeout(self._seconds):
                await self._app(scope, body, answer)
        except Refused as refusal:
            if answer.begun:
                raise
            await refusal.respond()(scope, receive, send)
        except TimeoutError:
            if answer.begun:
                raise
            late = Refused(503, "too-slow", "This took too long: ask again, or for less.")
            await late.respond()(scope, receive, send)

    async def _admit(self, scope: Scope) -> None:
        """Check the key, the page and the rate.

        :raises Refused: one of them does not allow the request.
        """
        headers = Headers(scope=scope)
        presented = _presented(headers)
        if presented is None:
            if _is_local(scope, headers) or headers.get("origin") in origins():
                return
            raise Refused(
                401,
                "no-key",
                "Send a key in the header X-API-Key; `python -m search keys add NAME` makes one.",
                {"WWW-Authenticate": "Bearer"},
            )
        try:
            key = await run_in_threadpool(keys.known, presented)  # it may read a file
        except AccessError as error:
            raise Refused(503, "keys-unreadable", str(error)) from error
        if key is None:
            raise Refused(
                401,
                "unknown-key",
                "This key is unknown or was revoked.",
                {"WWW-Authenticate": "Bearer"},
            )
        if not key.allows(headers.get("origin")):
            raise Refused(403, "wrong-origin", "This key may not be used by pages of that origin.")
        if not self._counted.hit(RateLimitItemPerMinute(key.rate), key.id):
            raise Refused(
                429,
                "too-many-requests",
                f"This key may ask {key.rate} times a minute: wait a little.",
                {"Retry-After": "10"},
            )


class AllowedOrigins(CORSMiddleware):
    """CORS for the origins that keys name, as they are at this moment."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(
            app,
            allow_methods=("GET", "POST"),
            allow_headers=("authorization", "x-api-key", "content-type", "if-none-match"),
            expose_headers=("etag", "retry-after", "x-search-id"),
            max_age=600,
        )

    def is_allowed_origin(self, origin: str) -> bool:
        """Tell whether any key, or the operator, allows pages of an origin."""
        try:
            return origin in origins() or any(
                origin in key.origins for key in keys.listed() if key.revoked is None
            )
        except AccessError:
            return False


class _Answer:
    """Sends on, and remembers whether anything was sent."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.begun = False

    async def __call__(self, message: Message) -> None:
        self.begun = True
        await self._send(message)


class _Body:
    """Receives a body of a limited size.

    :raises Refused: more is announced, or comes.
    """

    def __init__(self, receive: Receive, scope: Scope, largest: int) -> None:
        announced = Headers(scope=scope).get("content-length", "")
        self._receive, self._largest, self._received = receive, largest, 0
        if announced.isdecimal() and (len(announced) > 18 or int(announced) > largest):
            raise self._refusal()

    async def __call__(self) -> Message:
        message = await self._receive()
        self._received += len(message.get("body", b""))
        if self._received > self._largest:
            raise self._refusal()
        return message

    def _refusal(self) -> Refused:
        megabytes = self._largest // 1_000_000
        return Refused(413, "too-large", f"Send at most {megabytes} MB in one request.")


def origins() -> frozenset[str]:
    """Give the origins whose pages may ask without a key."""
    return frozenset(os.environ.get(ORIGINS, "").split())


def _presented(headers: Headers) -> str | None:
    kind, _, credentials = headers.get("authorization", "").partition(" ")
    bearer = credentials.strip() if kind.lower() == "bearer" else ""
    return headers.get("x-api-key") or bearer or None


def _is_local(scope: Scope, headers: Headers) -> bool:
    """Tell whether somebody on this machine asks, and no proxy or foreign page on their behalf."""
    client = scope.get("client")
    return client is not None and "origin" not in headers and is_here(client[0], headers)
