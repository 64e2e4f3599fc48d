"""The app as its users meet it: a server of its own, headless Chromium, a small catalogue."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from search.catalogue import Catalogue
from tests.browser.server import served
from tests.browser.windows import Open, windows
from tests.helpers import ROOT, draw, encode

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP shop.example 127.0.0.1",  # a name by which this machine is elsewhere
]
PRODUCTS = 18
UNPRICED = 16  # has no price


@pytest.fixture(scope="session")
def photographs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of drawn photographs, large enough to be cropped."""
    folder = tmp_path_factory.mktemp("photographs")
    for number in range(PRODUCTS):
        (folder / f"thing_{number:02d}.png").write_bytes(encode(draw(number, (240, 240))))
    return folder


@pytest.fixture(scope="session")
def shop(photographs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder with a catalogue of drawn things, named and priced, beside the demo."""
    home = tmp_path_factory.mktemp("home")
    environment = {**os.environ, "SEARCH_HOME": str(home)}
    build = [sys.executable, "-m", "search", "build", str(photographs), "--catalogue", "shop"]
    subprocess.run(build, cwd=ROOT, env=environment, check=True, capture_output=True)
    catalogue = Catalogue(home / "shop")
    with catalogue.change("test", "edit") as change:
        for number, product in enumerate(catalogue.products()):
            change.put(
                replace(
                    product,
                    name=f"Thing {number}",
                    category="Boots" if number % 3 == 0 else "Trainers",
                    brand=("Arden", "Luma")[number % 2],
                    price=None if number == UNPRICED else 20000 - 1000 * number,
                    currency="" if number == UNPRICED else "EUR",
                    stock=0 if number == 4 else 3,
                )
            )
    catalogue.close()
    install = "from search import workspace; workspace.install_demo()"
    subprocess.run([sys.executable, "-c", install], cwd=ROOT, env=environment, check=True)
    return home


@pytest.fixture(scope="session")
def address(shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the app runs."""
    with served(shop, tmp_path_factory.mktemp("server") / "log") as url:
        yield url


@pytest.fixture(scope="session")
def chromium() -> Iterator[sync_api.Browser]:
    """Headless Chromium."""
    if not CHROMIUM:
        pytest.skip("no chromium on this machine; name one in the environment variable CHROMIUM")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser, address: str) -> Iterator[Open]:
    """Open the app in a window of its own; a script error on the page fails the test."""
    with windows(chromium, address) as opened:
        yield opened
