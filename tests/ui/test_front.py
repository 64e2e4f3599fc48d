"""The page that Streamlit serves, and the photographs that a browser finds again."""

from __future__ import annotations

import asyncio
from http.cookies import SimpleCookie

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from search.ui.query import PhotoQuery, Picture
from search.ui.web import front
from search.ui.web.kept import Kept

PAGE = "<!DOCTYPE html><html><head><title>ä</title></head><body></body></html>" + " " * 600


def page(request: Request) -> Response:
    if request.headers.get("if-none-match") == '"1"':
        return Response(status_code=304)
    return HTMLResponse(PAGE, headers={"etag": '"1"'})


MIDDLEWARE = [Middleware(front.Front), Middleware(GZipMiddleware)]
ROUTES = [Route("/{name}", page), Route("/api/data", lambda _: JSONResponse({"a": "<head>"}))]


def get(path: str, base: str = "http://shop", **given: str) -> httpx.Response:
    """Ask as a browser would, that sends these headers."""

    async def ask() -> httpx.Response:
        app = Starlette(routes=ROUTES, middleware=MIDDLEWARE)
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url=base) as client:
            names = {name.replace("_", "-"): value for name, value in given.items()}
            return await client.get(path, headers=names)

    return asyncio.run(ask())


def test_a_page_is_told_where_its_server_is():
    answer = get("/catalogue", accept="text/html,*/*", accept_encoding="gzip", if_none_match='"1"')
    assert answer.status_code == 200
    assert "<head><script>window.__streamlit" in answer.text
    assert "BACKEND_BASE_URL: new URL('.', location.href).href" in answer.text
    assert "<title>ä</title>" in answer.text
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert "etag" not in answer.headers


def test_what_is_no_page_stays_as_it_is():
    answer = get("/api/data", accept_encoding="gzip")
    assert answer.json() == {"a": "<head>"}
    assert "set-cookie" not in answer.headers
    assert get("/catalogue", accept="*/*", if_none_match='"1"').status_code == 304


def test_a_browser_is_named_once_and_by_nobody_else():
    html = "text/html"
    said = get("/catalogue", accept=html).headers["set-cookie"]
    name = SimpleCookie(said)[front.BROWSER].value
    assert front.browser_in(f"a=b; {front.BROWSER}={name}") == name
    assert {"HttpOnly", "SameSite=Lax"} <= set(said.split("; "))
    assert "Secure" not in said
    again = get("/catalogue", accept=html, cookie=f"{front.BROWSER}={name}")
    assert "set-cookie" not in again.headers
    other = get("/catalogue", accept=html).headers["set-cookie"]
    assert SimpleCookie(other)[front.BROWSER].value != name
    assert "Secure" in get("/catalogue", "https://shop", accept=html).headers["set-cookie"]


@pytest.mark.parametrize("cookies", ["", "a=b", f"{front.BROWSER}=short", f"{front.BROWSER}=a<b>;"])
def test_what_names_no_browser_is_not_taken_for_one(cookies: str):
    assert front.browser_in(cookies) is None


def test_a_photograph_is_found_by_its_own_browser_while_its_session_lives():
    kept = Kept()
    mine = PhotoQuery((Picture("a.png", b"a"),))
    kept.keep("one", "mine", [mine])
    kept.keep("two", "theirs", [])
    assert kept.find("mine", mine.name) is mine
    assert kept.find("theirs", mine.name) is None
    assert kept.find("mine", "another") is None
    kept.keep("three", "mine", [mine])  # loaded again
    kept.forget_all_but({"three"})
    assert kept.find("mine", mine.name) is mine
    kept.keep("three", "mine", [])  # taken away
    assert kept.find("mine", mine.name) is None


def test_equal_searches_stay_equal_though_each_has_a_name():
    one, two = (PhotoQuery((Picture("a.png", b"a"),)) for _ in range(2))
    assert one == two
    assert one.name != two.name
    assert one.name not in repr(one)
