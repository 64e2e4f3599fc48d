"""The page that Streamlit serves: told where its server is, and which browser it is opened in."""

from __future__ import annotations

import re
import secrets
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers as Given
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BROWSER = "visual_search_browser"  # the cookie's name
_KNOWN = re.compile(r"[\w-]{20,64}", re.ASCII)

# Opened on /catalogue, Streamlit's page would look for its server under /catalogue too, and fail.
# Pages are one step below the root, so the folder of any of them is the root.
_SCRIPT = (
    b"<script>window.__streamlit = "
    b"{...window.__streamlit, BACKEND_BASE_URL: new URL('.', location.href).href}</script>"
)
_HEAD = b"<head>"
_PARTIAL = {b"accept-encoding", b"if-none-match", b"if-modified-since", b"range"}


class Front:
    """Middleware that adds the server's address to the page, and a name to a new browser.

    The name is random, sent to this server alone, kept until the browser is closed, and not
    readable by scripts.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and its answer back; only a whole page is changed."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        start: Message = {}
        page: list[bytes] = []

        async def answer(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and _is_page(message):
                start = message
            elif not start:
                await send(message)
            else:
                page.append(message.get("body", b""))
                if not message.get("more_body"):
                    await self._send(scope, start, b"".join(page), send)

        await self._app(_as_it_is(scope), receive, answer)

    async def _send(self, scope: Scope, start: Message, page: bytes, send: Send) -> None:
        page = page.replace(_HEAD, _HEAD + _SCRIPT, 1)
        headers = MutableHeaders(scope=start)
        headers["content-length"] = str(len(page))
        for name in ("etag", "last-modified", "accept-ranges"):  # they are the file's, not of this
            if name in headers:
                del headers[name]
        if browser_in(Given(scope=scope).get("cookie", "")) is None:
            secure = "; Secure" if scope.get("scheme") == "https" else ""
            cookie = f"{BROWSER}={secrets.token_urlsafe(24)}; Path=/; HttpOnly; SameSite=Lax"
            headers.append("set-cookie", cookie + secure)
        await send(start)
        await send({"type": "http.response.body", "body": page})


def _as_it_is(scope: Scope) -> Scope:
    """Ask for a page whole and not packed; other files as they were asked for."""
    if "text/html" not in Given(scope=scope).get("accept", ""):
        return scope
    headers = [(name, value) for name, value in scope["headers"] if name not in _PARTIAL]
    return {**scope, "headers": headers}


def browser_in(cookies: str) -> str | None:
    """Give the browser's name in a header of cookies; None where it has none."""
    try:
        found = SimpleCookie(cookies).get(BROWSER)
    except CookieError:
        return None
    return known(found.value) if found else None


def known(name: str | None) -> str | None:
    """Give a browser's name back if it can be one."""
    return name if isinstance(name, str) and _KNOWN.fullmatch(name) else None


def _is_page(start: Message) -> bool:
    given = Given(raw=start["headers"])
    return (
        start["status"] == 200
        and given.get("content-type", "").startswith("text/html")
        and "content-encoding" not in given
    )
