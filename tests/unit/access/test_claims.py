from __future__ import annotations

import pytest

from search.access.claims import person_of
from search.errors import AccessError
from search.roles import Person, Role

NOW = 1_800_000_000
MAPPING = {
    "owner": {"email": ["owner@shop.example"]},
    "merchandiser": {"email": "anna@shop.example", "groups": ["merchandising", "stock"]},
}


def role(now: float = NOW, **claims: object) -> Role | None:
    found = person_of({"iat": NOW, "sub": "7", **claims}, MAPPING, now=now)
    return found.role if found else None


def test_values_of_claims_give_roles_the_highest_counts():
    assert role(groups=["stock", "other"]) is Role.MERCHANDISER
    assert role(groups="stock") is Role.MERCHANDISER
    assert role(email="owner@shop.example", email_verified=True) is Role.OWNER
    assert role(email="owner@shop.example", email_verified=True, groups=["stock"]) is Role.OWNER
    assert role(groups=["others"]) is Role.VIEWER
    assert role() is Role.VIEWER


@pytest.mark.parametrize("verified", [{}, {"email_verified": False}, {"email_verified": "true"}])
def test_an_address_counts_only_where_it_is_verified(verified):
    assert role(email="owner@shop.example", **verified) is Role.VIEWER


def test_a_sign_in_is_over_after_twelve_hours_or_without_its_time():
    assert role(NOW + 12 * 3600 - 1) is Role.VIEWER
    assert role(NOW + 12 * 3600) is None
    assert role(iat=None) is None
    assert role(iat="soon") is None


@pytest.mark.parametrize(
    ("claims", "name"),
    [
        ({"name": "Anna", "email": "a@shop.example"}, "Anna"),
        ({"preferred_username": "anna"}, "anna"),
        ({"email": "a@shop.example"}, "a@shop.example"),
        ({}, "7"),
        ({"name": "An\nna\u202e" + "x" * 90}, "Anna" + "x" * 56),
        ({"name": "\n"}, "somebody"),
    ],
)
def test_a_person_is_called_as_the_provider_does(claims, name):
    found = person_of({"iat": NOW, "sub": "7", **claims}, {}, now=NOW)
    assert found == Person(name, Role.VIEWER)


@pytest.mark.parametrize("mapping", [{"boss": {"sub": "7"}}, {"owner": "7"}, {"owner": ["7"]}])
def test_a_mapping_with_mistakes_gives_nobody_a_role(mapping):
    with pytest.raises(AccessError, match=r"secrets\.toml"):
        person_of({"iat": NOW, "sub": "7"}, mapping, now=NOW)
