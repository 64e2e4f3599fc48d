from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from search.access import passcodes
from search.access.attempts import Attempts
from search.access.signing import Desk
from search.errors import AccessError
from search.roles import Person, Role

HERE = "192.0.2.7"
PASSCODE = "correct horse"


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(clock, monkeypatch) -> Desk:
    monkeypatch.setattr(passcodes, "COST", (2, 1, 1))
    passcodes.put("Ann", PASSCODE, Role.OWNER)
    return Desk("start", clock)


def refused(desk: Desk, passcode: str = "wrong", address: str = HERE) -> str:
    with pytest.raises(AccessError) as refusal:
        desk.sign_in("Ann", passcode, address)
    return str(refusal.value)


def test_a_sign_in_ends_after_twelve_hours(desk, clock):
    token = desk.sign_in("Ann", PASSCODE, HERE)
    assert desk.who(token) == Person("Ann", Role.OWNER)
    clock.now += 12 * 3600 - 1
    assert desk.who(token) == Person("Ann", Role.OWNER)
    clock.now += 1
    assert desk.who(token) is None


def test_it_ends_when_signed_out_and_with_its_passcode(desk):
    one, two = (desk.sign_in("Ann", PASSCODE, HERE) for _ in range(2))
    desk.sign_out(one)
    assert desk.who(one) is None
    assert desk.who(two) is not None
    passcodes.put("Ann", "battery staple", Role.VIEWER)
    assert desk.who(two) is None
    assert desk.who("") is None


def test_five_wrong_passcodes_a_minute_lock_for_a_minute(desk, clock):
    for _ in range(5):
        assert "do not belong together" in refused(desk)
        clock.now += 10
    assert "again in 50 seconds" in refused(desk, PASSCODE)
    assert desk.sign_in("Ann", PASSCODE, "192.0.2.8")  # somebody elsewhere is not locked
    clock.now += 49.9
    assert "again in 1 second," in refused(desk, PASSCODE)
    clock.now += 0.2
    assert desk.sign_in("Ann", PASSCODE, HERE)


def test_a_locked_minute_does_not_grow_by_trying(desk, clock):
    for _ in range(5):
        refused(desk)
    for _ in range(59):
        clock.now += 1
        assert "try again" in refused(desk)
    clock.now += 1
    assert desk.sign_in("Ann", PASSCODE, HERE)


def test_wrong_ones_over_more_than_a_minute_do_not_lock(desk, clock):
    for _ in range(20):
        assert "do not belong together" in refused(desk)
        clock.now += 15.1
    assert desk.sign_in("Ann", PASSCODE, HERE)


def test_a_right_one_starts_the_count_anew(desk):
    for _ in range(3):
        for _ in range(4):
            refused(desk)
        assert desk.sign_in("Ann", PASSCODE, HERE)


def test_many_at_once_get_no_more_looks(desk, monkeypatch):
    looked = []
    monkeypatch.setattr(passcodes, "known", lambda *given: looked.append(given))
    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(lambda _: refused(desk), range(100)))
    assert len(looked) == 5


def test_one_network_of_ipv6_counts_as_one():
    attempts = Attempts(Clock())
    for last in range(5):
        attempts.begin(f"2001:db8:1:2::{last:x}")
    with pytest.raises(AccessError):
        attempts.begin("2001:db8:1:2:ffff::1")
    attempts.begin("2001:db8:1:3::1")
    attempts.begin("no address")


def test_the_passcode_of_the_start_is_a_merchandisers_until_somebody_has_their_own(desk):
    refused(desk, "start")
    passcodes.remove("Ann")
    token = desk.sign_in("Ben\n", " start ", HERE)
    assert desk.who(token) == Person("Ben", Role.MERCHANDISER)
    assert desk.who(desk.sign_in("", "start", HERE)) == Person("merchandiser", Role.MERCHANDISER)
    refused(desk, "")
    passcodes.put("Ann", PASSCODE, Role.OWNER)
    assert desk.who(token) is None


def test_without_a_start_no_passcode_lets_in(clock):
    desk = Desk(None, clock)
    refused(desk, "")
    refused(desk, "None")


def test_a_ticket_is_exchanged_once_and_soon(desk, clock):
    token = desk.sign_in("Ann", PASSCODE, HERE)
    ticket, late = desk.ticket(token), desk.ticket(token)
    assert ticket != token
    assert desk.is_open(ticket)
    assert desk.exchange(ticket) == token
    assert desk.exchange(ticket) is None
    assert not desk.is_open(ticket)
    assert desk.exchange("") is None
    clock.now += 61
    assert desk.exchange(late) is None
