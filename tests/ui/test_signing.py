"""Who is at the browser, and what its pages offer and do for them."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from search import workspace
from search.access import passcodes, store
from search.catalogue import Catalogue
from search.roles import Role
from search.ui import visitors
from search.ui.web import signing
from tests.ui.app import press, words

HERE = visitors.Connection("127.0.0.1", {"host": "localhost:8501"}, {})
ELSEWHERE = visitors.Connection("192.0.2.7", {"host": "shop.example"}, {})
PASSCODE = "correct horse"
KEEPING = ("catalogue", "add", "revisions", "audit", "health", "map")
Connect = Callable[[visitors.Connection], None]


@pytest.fixture(autouse=True)
def desk(monkeypatch) -> visitors.Desk:
    """A desk of this test's own."""
    made = visitors.Desk("start-pass-code")
    monkeypatch.setattr(visitors, "DESK", made)
    monkeypatch.setattr(passcodes, "COST", (2, 1, 1))
    return made


@pytest.fixture
def connect(monkeypatch) -> Connect:
    return lambda connection: monkeypatch.setattr(visitors, "connection", lambda: connection)


def keys(app: AppTest) -> set[str]:
    return {str(each.key) for each in (*app.button, *app.selectbox)}


def pages_of(app: AppTest) -> list[str]:
    """The pages that keep the catalogue and can be opened."""
    opened = []
    for name in KEEPING:
        try:
            app.switch_page(f"search/ui/pages/{name}.py")
        except ValueError:
            continue
        opened.append(name)
    return opened


def signed_in(desk: visitors.Desk, role: Role, connect: Connect) -> None:
    """Sign in somebody of a role from elsewhere, with the cookie that a browser keeps."""
    passcodes.put("Ann", PASSCODE, role)
    token = desk.sign_in("Ann", PASSCODE, ELSEWHERE.address)
    cookies = {visitors.COOKIE: token}
    connect(visitors.Connection(ELSEWHERE.address, ELSEWHERE.headers, cookies))


def test_without_configuration_this_machine_may_do_everything(shop, open_app, connect):
    connect(HERE)
    app = open_app()
    assert "sign_in" not in keys(app)
    assert {"catalogue_switch", "ask_for_new"} <= keys(app)
    assert pages_of(app) == list(KEEPING)


@pytest.mark.parametrize(
    "connection",
    [
        ELSEWHERE,
        visitors.Connection("127.0.0.1", {"host": "localhost", "x-forwarded-for": "::1"}, {}),
        visitors.Connection("127.0.0.1", {"host": "shop.example"}, {}),
        visitors.Connection("192.0.2.7", {"host": "localhost"}, {visitors.COOKIE: "anything"}),
    ],
)
def test_from_elsewhere_people_search(shop, open_app, connect, connection):
    connect(connection)
    app = open_app()
    assert "sign_in" in keys(app)
    assert "catalogue_switch" not in keys(app)
    assert pages_of(app) == []


def test_once_somebody_has_a_passcode_this_machine_is_as_any(shop, open_app, connect):
    passcodes.put("Ann", PASSCODE, Role.OWNER)
    connect(HERE)
    app = open_app()
    assert "sign_in" in keys(app)
    assert pages_of(app) == []


@pytest.mark.parametrize("role", Role)
def test_pages_offer_what_a_role_may_do(shop, open_app, connect, desk, role):
    signed_in(desk, role, connect)
    app = open_app()
    assert "sign_in" not in keys(app)
    assert f"Signed in as {role}" in words(app)
    assert pages_of(app) == ([] if role is Role.VIEWER else list(KEEPING))
    assert ("catalogue_switch" in keys(app)) is (role is not Role.VIEWER)
    assert ("ask_for_new" in keys(app)) is (role is Role.OWNER)


def test_an_owner_who_looks_as_a_shopper_is_offered_what_they_are(shop, open_app, connect, desk):
    signed_in(desk, Role.OWNER, connect)
    app = open_app(view="shop")
    assert {"sign_in", "catalogue_switch"}.isdisjoint(keys(app))
    assert pages_of(app) == []


@pytest.mark.parametrize("role", Role)
def test_a_change_bears_the_name_signed_in_and_needs_its_role(
    shop: Catalogue, open_app, connect, desk, role
):
    """A page that was open when its role went changes nothing."""
    with shop.change("Ann", "edit") as change:
        change.update("P00", name="Another")
    signed_in(desk, Role.MERCHANDISER, connect)
    app = open_app().switch_page("search/ui/pages/revisions.py").run()
    before = shop.revision()
    passcodes.remove("Ann")
    signed_in(desk, role, connect)
    app = press(app, "Undo the last change")
    if role is Role.VIEWER:
        assert shop.revision() == before
    else:
        assert shop.revisions(1)[0].actor == "Ann"
        assert shop.revision() > before


def test_claims_of_a_provider_give_name_and_role(shop, open_app, connect):
    connect(ELSEWHERE)
    app = AppTest.from_file(open_app()._script_path, default_timeout=60)
    app.secrets["auth"] = {"client_id": "shop"}
    app.secrets["roles"] = {"owner": {"groups": ["bosses"]}}
    app.user = {"is_logged_in": True, "name": "Olga", "groups": ["bosses"], "iat": time.time()}
    app.run()
    assert "Signed in as owner" in words(app)
    app.user = {**app.user, "iat": time.time() - 12 * 3600 - 1}
    app.run()
    assert "sign_in" in keys(app)
    assert pages_of(app) == []


def test_what_cannot_be_read_gives_nobody_a_role(shop, open_app, connect):
    connect(HERE)
    store.place().write_bytes(b"no database" * 100)
    app = open_app()
    assert pages_of(app) == []
    assert "cannot be read" in words(app)
    assert "Find what looks like it" in words(app)


def test_the_start_says_its_passcode_only_where_nobody_has_one(home, desk, capsys, monkeypatch):
    monkeypatch.setattr(workspace, "DEMO", home / "nowhere")
    signing.begin()
    assert desk.start != "start-pass-code"
    assert str(desk.start) in capsys.readouterr().err
    passcodes.put("Ann", PASSCODE, Role.OWNER)
    signing.begin()
    assert capsys.readouterr().err == ""
