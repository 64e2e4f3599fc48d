"""Signing in: by the passcode of the start, and by a provider of OpenID Connect."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from search.catalogue import Catalogue
from tests.browser.server import free_port, served, started
from tests.browser.windows import PATIENCE, settle

pytestmark = pytest.mark.browser

ELSEWHERE = "shop.example"  # which Chromium takes for this machine, and the app for another
KEEPING = ("Catalogue", "Revisions")


@contextmanager
def window(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    yield page
    context.close()  # a server that ends waits for those who are connected


def enter(page: Page, address: str, query: str = "") -> None:
    page.goto(address + query)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    settle(page)


def expect_keeping(page: Page, offered: bool) -> None:
    """Expect that the pages that keep the catalogue are offered: all of them, or none."""
    for name in KEEPING:
        link = page.get_by_role("navigation").get_by_role("link", name=name, exact=True)
        expect(link).to_have_count(1 if offered else 0)


def sign_in(page: Page, name: str, passcode: str) -> None:
    page.get_by_role("button", name="Sign in").click()
    form = page.get_by_role("dialog")
    form.get_by_label("Your name").fill(name)
    form.get_by_role("textbox", name="Passcode").fill(passcode)
    form.get_by_role("button", name="Sign in").click()


def change_something(page: Page, home: Path) -> str:
    """Remove a photograph on the Catalogue page; who did, by the catalogue."""
    page.get_by_role("navigation").get_by_role("link", name="Catalogue", exact=True).click()
    expect(page.get_by_role("heading", name="Catalogue")).to_be_visible()
    settle(page)
    page.locator("[class*=st-key-photos_] button").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Remove", exact=True).first.click()
    page.get_by_role("button", name="Remove it").click()
    expect(page.get_by_text("Revisions undoes it").first).to_be_visible()
    catalogue = Catalogue(home / "shop")
    try:
        actor = catalogue.revisions(1)[0].actor
        catalogue.undo("test")  # other tests look at this shop too
        return actor
    finally:
        catalogue.close()


def test_the_passcode_of_the_start(shop, chromium, tmp_path):
    log = tmp_path / "log"
    allowed = [f"--server.allowedHosts={name}" for name in ("127.0.0.1", ELSEWHERE)]
    with served(shop, log, *allowed) as here, window(chromium) as page:
        elsewhere = here.replace("127.0.0.1", ELSEWHERE)
        (passcode,) = re.findall(r"^ +([a-z2-9]{4}(?:-[a-z2-9]{4}){3})$", log.read_text(), re.M)
        enter(page, here)
        expect_keeping(page, True)
        expect(page.get_by_role("button", name="Sign in")).to_have_count(0)
        enter(page, elsewhere)
        expect_keeping(page, False)
        sign_in(page, "Ann", "wrong")
        expect(page.get_by_text("do not belong together")).to_be_visible()
        page.keyboard.press("Escape")
        settle(page)
        with page.expect_response("**/signed-in") as kept:
            sign_in(page, "Ann", passcode)
        assert kept.value.status == 204
        expect(page.get_by_role("button", name="Ann")).to_be_visible()
        expect_keeping(page, True)
        # The cookie lasts over a reload, and no script of a page can read it.
        assert page.evaluate("document.cookie").count("signed_in") == 0
        cookies = {each["name"]: each for each in page.context.cookies(elsewhere)}
        assert cookies["signed_in"]["httpOnly"]
        assert cookies["signed_in"]["sameSite"] == "Strict"
        enter(page, elsewhere)
        expect_keeping(page, True)
        assert change_something(page, shop) == "Ann"
        page.get_by_role("button", name="Ann").click()
        expect(page.get_by_text("Signed in as merchandiser")).to_be_visible()
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("button", name="Sign in")).to_be_visible()
        enter(page, elsewhere)
        expect_keeping(page, False)


def test_a_provider_of_openid_connect(shop, chromium, tmp_path):
    """Against Authlib's own server, in a process of its own."""
    issuer, app = free_port(), free_port()
    people = (
        {"sub": "boss", "name": "Olga", "email": "olga@shop.example", "email_verified": True},
        {"sub": "anna", "name": "Anna", "groups": ["merchandising"]},
        {"sub": "vera", "name": "Vera", "email": "olga@shop.example", "email_verified": False},
    )
    users = [f"--user-claims={json.dumps(each)}" for each in people]
    secrets = tmp_path / "secrets.toml"
    secrets.write_text(
        f"""[auth]
redirect_uri = "http://127.0.0.1:{app}/oauth2callback"
cookie_secret = "{"0123456789abcdef" * 4}"
client_id = "shop"
client_secret = "secret"
server_metadata_url = "http://127.0.0.1:{issuer}/.well-known/openid-configuration"

[roles.owner]
email = ["olga@shop.example"]

[roles.merchandiser]
groups = ["merchandising"]
"""
    )
    provider = ["oidc_provider_mock", f"--port={issuer}", *users]
    ready = f"http://127.0.0.1:{issuer}/.well-known/openid-configuration"
    with (
        started(provider, tmp_path / "provider", ready),
        served(shop, tmp_path / "log", f"--secrets.files={secrets}", port=app) as address,
    ):
        assert "passcode" not in (tmp_path / "log").read_text()
        for sub, name, role in (("boss", "Olga", "owner"), ("anna", "Anna", "merchandiser"),
                                ("vera", "Vera", "viewer")):  # fmt: skip
            with window(chromium) as page:
                enter(page, address)
                expect_keeping(page, False)  # being at the machine allows nothing more
                page.get_by_role("button", name="Sign in").click()
                page.get_by_role("button", name=sub, exact=True).click()
                expect(page.get_by_role("button", name=name)).to_be_visible()
                settle(page)
                expect_keeping(page, role != "viewer")
                page.get_by_role("button", name=name).click()
                expect(page.get_by_text(f"Signed in as {role}")).to_be_visible()
                page.keyboard.press("Escape")
                if role == "merchandiser":
                    assert change_something(page, shop) == "Anna"
