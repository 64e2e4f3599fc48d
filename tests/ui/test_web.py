"""The server around the pages: headers, limits of uploads, turns, sessions that end."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from streamlit import config
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.testing.v1 import AppTest

from search.errors import UploadError
from search.ui.web import front, headers, sessions, turns, uploads
from tests.helpers import ROOT
from tests.ui.app import words

SMALL = {"FILE": 1000, "VISITOR": 2500, "LARGE_FILE": 4000, "LARGE_VISITOR": 6000, "ALL": 8000}


async def take(request: Request) -> PlainTextResponse:
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
    return PlainTextResponse(str(size))


async def ask(method: str, path: str, *chunks: bytes, said: int | None = None) -> tuple:
    """Ask the middleware as a client would, in chunks; give status, headers, text."""
    app = Starlette(
        routes=[Route("/{rest:path}", take, methods=["PUT", "GET"])],
        middleware=[Middleware(headers.Headers), Middleware(uploads.Uploads)],
    )
    length = [] if said is None else [(b"content-length", str(said).encode())]
    scope = {"type": "http", "method": method, "path": path, "headers": length}
    scope |= {"query_string": b"", "http_version": "1.1", "root_path": "", "scheme": "http"}
    bodies = [*chunks]
    answers: list[dict] = []

    async def receive() -> dict:
        body = bodies.pop(0) if bodies else b""
        return {"type": "http.request", "body": body, "more_body": bool(bodies)}

    async def send(message: dict) -> None:
        answers.append(message)

    await app(scope, receive, send)
    text = b"".join(answer.get("body", b"") for answer in answers[1:]).decode()
    return answers[0]["status"], dict(answers[0]["headers"]), text


def put(session: str, *chunks: bytes, said: int | None = None) -> tuple[int, str]:
    path = f"/_stcore/upload_file/{session}/f"
    status, _, text = asyncio.run(ask("PUT", path, *chunks, said=said))
    return status, text


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter[str]]:
    """Small limits, an empty book, and what Streamlit would keep."""
    for name, size in SMALL.items():
        monkeypatch.setattr(uploads, name, size)
    monkeypatch.setattr(uploads, "_FRAME", 0)
    monkeypatch.setattr(uploads, "MB", 1)
    monkeypatch.setattr(uploads, "LEDGER", uploads.Ledger())
    stored: Counter[str] = Counter()
    monkeypatch.setattr(uploads, "_kept", lambda: stored)
    yield stored
    assert uploads.LEDGER._coming.total() == 0


def test_every_answer_carries_the_headers():
    for path in ("/", "/_stcore/health"):
        status, given, _ = asyncio.run(ask("GET", path))
        assert status == 200
        assert {name.encode() for name in headers.HEADERS} <= set(given)
    policy = headers.HEADERS["content-security-policy"]
    assert "http:" not in policy
    assert "*" not in policy


class TestUploads:
    def test_within_the_limits_it_passes(self, kept):
        assert put("a", b"x" * 600, b"y" * 400, said=1000) == (200, "1000")
        assert put("a", b"x" * 1000) == (200, "1000")

    @pytest.mark.parametrize("said", [1001, None, 5])
    def test_too_large_a_file_is_refused_whatever_its_length_says(self, kept, said):
        status, text = put("a", b"x" * 600, b"y" * 401, said=said)
        assert (status, text.startswith("This file is larger than the 1000")) == (413, True)

    def test_a_visitor_has_so_much_and_others_too(self, kept):
        kept["a"] = 1600
        assert "more than 2500" in put("a", b"x" * 1000, said=1000)[1]
        assert put("b", b"x" * 1000, said=1000)[0] == 200

    def test_all_together_have_so_much(self, kept):
        kept.update({f"s{n}": 2400 for n in range(3)})
        assert "Too many files" in put("b", b"x" * 1000, said=1000)[1]

    def test_a_page_for_large_files_takes_them_until_it_is_left(self, kept):
        assert not uploads.LEDGER.enter("a", "Add", large=True)
        assert put("a", b"x" * 3000, said=3000)[0] == 200
        assert uploads.LEDGER.enter("a", "Search", large=False)
        assert put("a", b"x" * 3000, said=3000)[0] == 413

    def test_uploads_at_once_are_counted_together(self, kept):
        uploads.LEDGER.book("a", 1000)
        uploads.LEDGER.book("a", 1000)
        with pytest.raises(UploadError, match="together"):
            uploads.LEDGER.book("a", 1000)
        uploads.LEDGER.done("a", 1000)
        uploads.LEDGER.book("a", 1000)
        for _ in range(2):
            uploads.LEDGER.done("a", 1000)


class TestTurns:
    def test_they_go_in_the_order_they_came(self):
        line, order = turns.Line(1), []
        first = line.join()
        tickets = [line.join() for _ in range(3)]
        assert [line.ahead(ticket, 0) for ticket in tickets] == [1, 2, 3]

        def run(name: int) -> None:
            while line.ahead(tickets[name], 5):
                pass
            order.append(name)
            line.leave(tickets[name])

        threads = [threading.Thread(target=run, args=(name,)) for name in (2, 1, 0)]
        for thread in threads:
            thread.start()
        line.leave(first)
        for thread in threads:
            thread.join(10)
        assert order == [0, 1, 2]

    def test_who_waits_is_told_and_then_served(self, monkeypatch):
        line = turns.Line(1)
        holding = line.join()
        looks = []

        def look(ticket: object, _: float) -> int:
            looks.append(turns.Line._place(line, ticket))
            if len(looks) == 2:
                line.leave(holding)
            return looks[-1]

        monkeypatch.setattr(line, "ahead", look)

        def page(line) -> None:
            import streamlit as st

            from search.ui.web import turns

            with turns.turn(line):
                st.write("served")

        app = AppTest.from_function(page, args=(line,)).run(timeout=30)
        assert not app.exception
        assert looks == [1, 1, 0]
        assert "served" in words(app)
        assert not app.info
        assert line._tickets == []

    def test_a_run_that_fails_gives_its_turn_back(self):
        line = turns.Line(1)
        with pytest.raises(ZeroDivisionError), turns.turn(line):
            _ = 1 / 0
        assert line._tickets == []


def test_ended_sessions_are_swept_from_streamlits_own_store(monkeypatch):
    ended: list[str] = []
    storage = MemorySessionStorage(ttl_seconds=0)
    session = SimpleNamespace(id="a", shutdown=lambda: ended.append("a"))
    storage.save(SimpleNamespace(session=session))
    manager = SimpleNamespace(_session_storage=storage, list_sessions=list)
    monkeypatch.setattr(
        sessions.runtime, "get_instance", lambda: SimpleNamespace(_session_mgr=manager)
    )
    assert sessions.sweep() == 1
    assert ended == ["a"]
    assert sessions.sweep() == 0


def test_a_photograph_taken_out_leaves_the_history():
    def page() -> None:
        import streamlit as st

        from search.ui import state
        from search.ui.query import PhotoQuery, Picture
        from search.ui.settings import Settings

        def picture(name: str, size: int = 5) -> Picture:
            return Picture(name, name.encode() * size)

        def keep() -> None:
            state.remember(state.PastQuery(state.query(), Settings(), "", b""))

        def ask(*names: str, size: int = 5) -> None:
            state.ask(PhotoQuery(tuple(picture(name, size) for name in names)))
            keep()

        def told() -> None:
            st.write([[p.name for p in past.query.pictures] for past in state.history()])

        ask("a", "b")
        state.see_from([picture("a")])  # the other one was taken away
        keep()
        told()
        state.see_from([picture("a"), picture("b")])
        keep()
        told()
        ask("c")  # another photograph: what was searched for before stays to go back to
        told()
        for name in "defgh":
            ask(name, size=state.HISTORY_BYTES // 3)
        st.write(len(state.history()))

    app = AppTest.from_function(page).run(timeout=30)
    assert not app.exception
    shown = [element.value for element in app.json] + [element.value for element in app.markdown]
    assert shown == ['[["a"]]', '[["a", "b"], ["a"]]', '[["c"], ["a", "b"], ["a"]]', "`3`"]


def test_the_configuration_keeps_to_this_machine():
    options = config.get_config_options(force_reparse=True)
    assert options["server.address"].value == "127.0.0.1"
    assert set(options["server.allowedHosts"].value) == {"localhost", "127.0.0.1", "::1"}
    assert options["server.corsAllowedOrigins"].value == []
    assert options["server.enableCORS"].value
    assert options["server.enableXsrfProtection"].value
    assert options["server.disconnectedSessionTTL"].value + sessions.EVERY < 60


def test_streamlit_takes_the_server_from_the_app():
    import runpy

    module = runpy.run_path(str(ROOT / "app.py"), run_name="app")
    classes = {each.cls for each in module["app"]._user_middleware}
    assert classes == {front.Front, headers.Headers, uploads.Uploads}
