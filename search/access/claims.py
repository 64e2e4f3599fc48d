"""What a provider tells of somebody, and the role that this gives them here."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from search.access.signing import HOURS
from search.errors import AccessError
from search.roles import Person, Role


def person_of(
    claims: Mapping[str, Any], mapping: Mapping[str, Any], *, now: float | None = None
) -> Person | None:
    """Return who a provider's ID token names; None once its sign-in is over.

    :param claims: of an OpenID Connect ID token, `iat` among them (Unix seconds).
    :param mapping: for `owner` and `merchandiser`, values by claim: whoever has one of them has the
        role, the highest if several; all others are viewers.
    :raises AccessError: the mapping is not legal; nobody gets a role by a mapping with mistakes.
    """
    issued = claims.get("iat")
    if not isinstance(issued, int | float) or (now or time.time()) - issued >= HOURS * 3600:
        return None
    found = [role for role, wanted in _read(mapping).items() if _fits(claims, wanted)]
    told = (claims.get(name) for name in ("name", "preferred_username", "email", "sub"))
    name = next((str(each) for each in told if each), "somebody")
    shown = "".join(letter for letter in name if letter.isprintable()).strip()[:60]
    return Person(shown or "somebody", max(found, key=list(Role).index, default=Role.VIEWER))


def _read(mapping: Mapping[str, Any]) -> dict[Role, dict[str, frozenset[str]]]:
    wanted: dict[Role, dict[str, frozenset[str]]] = {}
    for role, by_claim in mapping.items():
        if role not in tuple(Role) or not isinstance(by_claim, Mapping):
            raise AccessError(
                f"The section [roles.{role}] of secrets.toml is not legal: name owner, merchandiser"
                " or viewer, and in it values by claim, as the example file does."
            )
        wanted[Role(role)] = {str(claim): _values(given) for claim, given in by_claim.items()}
    return wanted


def _fits(claims: Mapping[str, Any], wanted: Mapping[str, frozenset[str]]) -> bool:
    for claim, values in wanted.items():
        # Anybody can write another's address into an account until it is verified.
        if claim == "email" and claims.get("email_verified") is not True:
            continue
        if _values(claims.get(claim)) & values:
            return True
    return False


def _values(given: object) -> frozenset[str]:
    """Return one value or several as texts."""
    if given is None:
        return frozenset()
    several = given if isinstance(given, list | tuple | set | frozenset) else (given,)
    return frozenset(str(each) for each in several)
