"""How much may be uploaded: in one file, by one visitor, and by all together."""

from __future__ import annotations

import re
import threading
from collections import Counter
from typing import cast

from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

from search import photos
from search.errors import UploadError
from search.ui.query import MOST_VIEWS

MB = 1_000_000
FILE = photos.MAX_BYTES
VISITOR = MOST_VIEWS * FILE
LARGE_FILE = 500 * MB  # a zip of photographs, where such are taken
LARGE_VISITOR = 600 * MB
ALL = 1_200 * MB
_FRAME = 64_000  # bytes of a form around its file

_PLACE = re.compile(r"/_stcore/upload_file/([^/]+)/[^/]+$")


class Ledger:
    """Who has how many bytes here: what Streamlit keeps of them, and what is on its way."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._coming: Counter[str] = Counter()
        self._pages: dict[str, tuple[str, bool]] = {}

    def enter(self, session: str, page: str, *, large: bool) -> bool:
        """Note the page that a session is on; tell whether it has come from another."""
        with self._lock:
            before = self._pages.get(session)
            self._pages[session] = page, large
        return before is not None and before[0] != page

    def book(self, session: str, size: int, before: int = 0) -> None:
        """Book an upload that has `size` bytes, `before` of which were booked already.

        :raises UploadError: that is too much.
        """
        with self._lock:
            _, large = self._pages.get(session, ("", False))
            file, visitor = (LARGE_FILE, LARGE_VISITOR) if large else (FILE, VISITOR)
            kept = _kept()
            if size > file + _FRAME:
                raise UploadError(
                    f"This file is larger than the {file // MB} MB that are taken here: "
                    "choose a smaller one."
                )
            if kept[session] + self._coming[session] + size - before > visitor + _FRAME:
                raise UploadError(
                    f"Your files here would be more than {visitor // MB} MB together: "
                    "remove some first."
                )
            if kept.total() + self._coming.total() + size - before > ALL:
                raise UploadError("Too many files are being uploaded just now: try again soon.")
            self._coming[session] += size - before

    def done(self, session: str, size: int) -> None:
        """Take an upload off the book: Streamlit keeps it now, or it was given up."""
        with self._lock:
            self._coming[session] -= size
            if self._coming[session] <= 0:
                del self._coming[session]

    def forget_all_but(self, sessions: set[str]) -> None:
        """Forget the sessions that are no more."""
        with self._lock:
            self._pages = {name: page for name, page in self._pages.items() if name in sessions}


LEDGER = Ledger()


class Uploads:
    """Middleware that refuses an upload beyond the limits: before it, or as soon as it is."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, counting what is uploaded by it."""
        place = _PLACE.search(scope["path"]) if scope["type"] == "http" else None
        if place is None or scope["method"] != "PUT":
            await self._app(scope, receive, send)
            return
        session, said = place[1], dict(scope["headers"]).get(b"content-length", b"0")
        booked, received = 0, 0

        async def counted() -> Message:
            nonlocal booked, received
            message = await receive()
            received += len(message.get("body", b""))
            if received > booked:  # a client that did not say how much it brings
                try:
                    LEDGER.book(session, received, booked)
                except UploadError as problem:
                    raise HTTPException(413, str(problem)) from problem
                booked = received
            return message

        try:
            size = int(said) if said.isdigit() else 0
            LEDGER.book(session, size)
            booked = size
            await self._app(scope, counted, send)
        except UploadError as problem:
            await PlainTextResponse(str(problem), 413)(scope, receive, send)
        finally:
            LEDGER.done(session, booked)


def enter(page: str, *, large: bool) -> None:
    """Note which page this session is on, and whether it takes large files.

    What was uploaded on another page is freed: its uploaders are gone, nobody can come by it.
    """
    context = get_script_run_ctx()
    if context is not None and LEDGER.enter(context.session_id, page, large=large):
        forget()


def forget() -> None:
    """Free what this session has uploaded: what is needed of it has been taken over."""
    context = get_script_run_ctx()
    if context is not None and runtime.exists():
        _manager().remove_session_files(context.session_id)


def _kept() -> Counter[str]:
    """Count the bytes that Streamlit keeps, session by session."""
    if not runtime.exists():
        return Counter()
    sessions = list(_manager().file_storage.items())
    return Counter({name: sum(len(f.data) for f in list(each.values())) for name, each in sessions})


def _manager() -> MemoryUploadedFileManager:
    return cast("MemoryUploadedFileManager", runtime.get_instance().uploaded_file_mgr)
