"""The sample page of a shop's website against the running API, as a customer meets it."""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from search.access import keys
from search.api import gate
from search.feedback.store import EventStore
from search.workspace import DEMO
from tests.browser.windows import PATIENCE
from tests.helpers import ROOT

START = 90  # seconds


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int, Path]]:
    """Serve a copy of the page: its origin, the port that it asks, its folder."""
    folder = tmp_path_factory.mktemp("website") / "site"
    shutil.copytree(ROOT / "assets" / "website", folder)
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", free_port(), folder
        server.shutdown()


@pytest.fixture(scope="module")
def api(shop: Path, site: tuple[str, int, Path], tmp_path_factory) -> Iterator[str]:
    """Where the API answers; the page knows, and has a key of its own."""
    origin, port, folder = site
    home = tmp_path_factory.mktemp("home") / "home"
    shutil.copytree(shop, home)
    environment = {**os.environ, "SEARCH_HOME": str(home), "SEARCH_CATALOGUE": "demo"}
    made = [sys.executable, "-m", "search", "keys", "add", "website", "--origin", origin]
    key = subprocess.run(
        made, cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    ).stdout.splitlines()[0]
    url = f"http://127.0.0.1:{port}/api/v1"
    page = folder / "index.html"
    text = page.read_text("utf-8").replace('data-key=""', f'data-key="{key}"')
    page.write_text(text.replace("http://127.0.0.1:8000/api/v1", url), "utf-8")
    command = [sys.executable, "-m", "uvicorn", "search.api:app", "--port", str(port)]
    with subprocess.Popen(command, cwd=ROOT, env=environment) as server:
        try:
            _await(f"{url}/ready", server)
            yield str(home)
        finally:
            server.terminate()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *values: object) -> None:
        """Say nothing."""


def _await(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.3)
    pytest.fail("the API did not start")


@pytest.fixture
def page(chromium, api: str, site: tuple[str, int, Path]) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1100, "height": 900})
    window, problems = context.new_page(), []
    window.set_default_timeout(PATIENCE)
    window.on("pageerror", lambda error: problems.append(str(error)))
    window.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    window.goto(f"{site[0]}/?product=P0001")
    yield window
    context.close()
    # A refusal is an answer too, but browsers call it an error.
    assert [said for said in problems if "status of 422" not in said] == []


def test_a_customer_finds_what_is_cheaper_and_buys_it(page, api):
    expect(page.get_by_role("heading", level=1)).to_contain_text("Racing Shoe")
    cheaper = page.locator("#cheaper")
    expect(cheaper).to_contain_text("You save")
    first = cheaper.get_by_role("link").first
    name = first.locator("span").first.inner_text()
    first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    page.get_by_role("button", name="Put in the basket").click()
    expect(page.locator("#thanks")).to_have_text("It is in your basket.")
    events = EventStore(Path(api) / "demo")
    deadline = time.monotonic() + 20
    wanted = {("cheaper", True), ("basket", False)}
    told: set[tuple[str, bool]] = set()
    while not told >= wanted and time.monotonic() < deadline:
        told = {(kind, bool(n)) for kind, n in events.rows("SELECT kind, search <> '' FROM action")}
        time.sleep(0.2)
    assert told >= wanted


def test_more_of_what_is_similar(page):
    tiles = page.locator("#similar li")
    expect(tiles).to_have_count(6)
    page.get_by_role("button", name="Show more").click()
    expect(tiles).to_have_count(12)


def test_a_photograph_is_searched_by(page):
    photograph = sorted((DEMO / "customers").iterdir())[0]
    page.get_by_label("Search by a photograph").set_input_files(photograph)
    expect(page.locator("#product")).to_be_hidden()
    expect(page.locator("#similar li")).to_have_count(12)
    expect(page.locator("#message")).to_have_text("")


def test_a_file_that_is_no_photograph_is_told(page, tmp_path):
    (tmp_path / "note.png").write_text("no picture at all")
    page.get_by_label("Search by a photograph").set_input_files(tmp_path / "note.png")
    expect(page.locator("#message")).to_contain_text("not a photograph")


def test_the_page_has_no_key_of_anybody():
    assert 'data-key=""' in (ROOT / "assets" / "website" / "index.html").read_text("utf-8")
    assert keys.listed() == []
    assert gate.ORIGINS not in os.environ
