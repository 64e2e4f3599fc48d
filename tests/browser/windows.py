"""Windows of the app in headless Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, ConsoleMessage, Page, expect

PATIENCE = 60_000  # milliseconds; the first photograph waits for the network to load
expect.set_options(timeout=PATIENCE)

QUIET = 400  # milliseconds without a run
STILL = """quiet => {
    const still = document.querySelector('[data-test-script-state="notRunning"]')
        && !document.querySelector('[data-stale="true"]');
    window.stillSince = still ? window.stillSince ?? performance.now() : undefined;
    return still && performance.now() - window.stillSince >= quiet;
}"""

Open = Callable[..., Page]


@contextmanager
def windows(chromium: Browser, address: str) -> Iterator[Open]:
    """Open windows of the app, and close them all; no page may have had an error on its console.

    So none may have asked for what is not there, or for what the server's policy keeps out.
    """
    contexts, errors = [], []

    def opened(
        query: str = "",
        width: int = 1280,
        height: int = 900,
        heading: str = "Find what looks like it",
        before: Callable[[Page], object] | None = None,
        **context: object,
    ) -> Page:
        window = chromium.new_context(viewport={"width": width, "height": height}, **context)
        contexts.append(window)
        page = window.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.extend(wrong(message)))
        if before is not None:
            before(page)
        page.goto(f"{address}/{query}")
        expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
        settle(page)
        return page

    yield opened
    said = list(errors)  # what is cut off by closing is nobody's error
    for window in contexts:
        window.close()
    assert said == []


def wrong(said: ConsoleMessage) -> list[str]:
    """What the console calls an error, with where; and what the page's own policy forbids."""
    bad = said.type == "error" or "Content Security Policy" in said.text
    return [f"{said.text} {said.location.get('url', '')}"] if bad else []


def settle(page: Page) -> None:
    """Wait until no script has run for a while: one run often asks for the next."""
    page.wait_for_timeout(150)
    page.wait_for_function(STILL, arg=QUIET, polling=50)
