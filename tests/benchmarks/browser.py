"""The app in headless Chromium, from action to updated grid, beside an earlier checkout.

    python -m tests.benchmarks browser --before ../before

Both serve the demo from homes of their own, side by side, and are asked by turns, so that a busy
moment hits both alike. Only ratios are to be compared across machines.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.helpers import ROOT

QUERY = "?product=P0001"
FIRST = "first result, cold start"
LIMIT = 6.0  # seconds that the first result may take after a cold start
_PATIENCE = 120_000  # milliseconds
_TILES = "img[alt^='Result ']"
_SETTLED = '[data-test-script-state="notRunning"]'
_ALTS = f"[...document.querySelectorAll(\"{_TILES}\")].map((e) => e.alt).join('|')"
_INSTALL = "from search import workspace; workspace.install_demo()"


@contextmanager
def serving(checkout: Path) -> Iterator[str]:
    """Run a checkout's app on a home of its own with the demo; give its address."""
    with socket.socket() as free, tempfile.TemporaryDirectory() as home:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        environment = {**os.environ, "SEARCH_HOME": home}
        subprocess.run([sys.executable, "-c", _INSTALL], cwd=checkout, env=environment, check=True)
        command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}"]
        server = subprocess.Popen(
            [*command, "--server.address=127.0.0.1"],
            cwd=checkout,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        address = f"http://127.0.0.1:{port}"
        try:
            _await_health(address, server)
            yield address
        finally:
            server.terminate()
            server.wait(timeout=30)


def _await_health(address: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(1200):
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("The app did not start.")


def first_result(browser: Browser, address: str) -> tuple[float, Page]:
    """Open a product's link in a new window; give seconds to its first result, and the page."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.set_default_timeout(_PATIENCE)
    start = time.perf_counter()
    page.goto(f"{address}/{QUERY}")
    page.locator(_TILES).first.wait_for()
    took = time.perf_counter() - start
    page.wait_for_selector(_SETTLED, state="attached")
    return took, page


def seconds(page: Page, act: Callable[[Page], None]) -> float:
    """Act, and give the seconds until the grid shows other results."""
    page.wait_for_timeout(400)
    page.wait_for_selector(_SETTLED, state="attached")
    before = page.evaluate(_ALTS)
    start = time.perf_counter()
    act(page)
    page.wait_for_function(f"(before) => {_ALTS} !== before", arg=before, polling="raf")
    return time.perf_counter() - start


def _slide(page: Page) -> None:
    slider = page.get_by_role("slider").first
    slider.press("ArrowRight")


def _filter(page: Page) -> None:
    page.locator("label").filter(has_text="Show out of stock").first.click()


ACTIONS: dict[str, Callable[[Page], None]] = {"slider": _slide, "filter": _filter}


def measure(checkouts: dict[str, Path], rounds: int, starts: int) -> dict[str, dict[str, float]]:
    """Give the median seconds of each action, in each checkout."""
    took: dict[str, dict[str, list[float]]] = {name: {} for name in checkouts}
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        for at in range(starts):
            with ExitStack() as last:
                pages = {}
                for name, checkout in checkouts.items():
                    address = last.enter_context(serving(checkout))
                    first, pages[name] = first_result(browser, address)
                    took[name].setdefault(FIRST, []).append(first)
                for turn in range(rounds if at == starts - 1 else 0):
                    for action, act in ACTIONS.items():
                        # Who comes first finds a colder processor: each does every other time.
                        for name, page in list(pages.items())[:: 1 if turn % 2 else -1]:
                            took[name].setdefault(action, []).append(seconds(page, act))
                for page in pages.values():
                    page.context.close()
        browser.close()
    return {
        name: {action: statistics.median(times) for action, times in each.items()}
        for name, each in took.items()
    }


def main(argv: list[str] | None = None) -> int:
    """Print seconds and ratios; fail where the first result takes too long."""
    parser = argparse.ArgumentParser(prog="browser", description=__doc__)
    parser.add_argument("--before", type=Path, help="an earlier checkout, to compare with")
    parser.add_argument("--rounds", type=int, default=15, help="actions of each kind")
    parser.add_argument("--starts", type=int, default=3, help="cold starts")
    asked = parser.parse_args(argv or [])
    checkouts = {"now": ROOT}
    if asked.before:
        checkouts["before"] = asked.before.resolve()
    figures = measure(checkouts, asked.rounds, asked.starts)
    print(f"{'seconds, median':26} {'now':>8} {'before':>8} {'ratio':>8}")
    for action, now in figures["now"].items():
        line = f"{action:26} {now:8.3f}"
        if asked.before:
            then = figures["before"][action]
            line += f" {then:8.3f} {now / then:8.2f}"
        print(line)
    return int(figures["now"][FIRST] > LIMIT)
