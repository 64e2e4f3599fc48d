"""The cookie of whoever signed in by a passcode, and the passcode of a start without any."""

from __future__ import annotations

import sys
from typing import Final

import streamlit as st
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from search.access import passcodes
from search.access.signing import HOURS
from search.errors import AccessError
from search.ui import visitors

_LONGEST: Final = 200  # bytes of a ticket


def place() -> str:
    """Give the path at which a ticket is exchanged for the cookie."""
    base = str(st.get_option("server.baseUrlPath")).strip("/")
    return f"/{base}/signed-in" if base else "/signed-in"


def route() -> Route:
    """Make the route that answers a ticket with the cookie, which no script can read."""
    return Route(place(), _exchange, methods=["POST"])


async def _exchange(request: Request) -> Response:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _LONGEST:
            return Response(status_code=413)
    token = visitors.DESK.exchange(body.decode("ascii", "replace"))
    if token is None:
        return Response(status_code=403)
    answer = Response(status_code=204, headers={"cache-control": "no-store"})
    answer.set_cookie(
        visitors.COOKIE,
        token,
        max_age=HOURS * 3600,
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )
    return answer


def begin() -> None:
    """Make the passcode of this start, and print it where nobody has one of their own."""
    visitors.DESK.start = passcodes.generate()
    try:
        if visitors.is_set_up():
            return
    except AccessError as error:
        sys.stderr.write(f"\n  {error}\n")
        return
    sys.stderr.write(
        "\n  Nobody has a passcode yet: at this machine everything is allowed, from elsewhere"
        "\n  people search. Until the next start, a merchandiser signs in from there with\n"
        f"\n      {visitors.DESK.start}\n"
        "\n  and `python -m search passcode set NAME` gives people passcodes of their own.\n\n"
    )
    sys.stderr.flush()
