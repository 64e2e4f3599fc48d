"""Who may do what: the one rule that use cases check, and pages hide by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Final, TypeAlias

from search.errors import AccessError


class Role(StrEnum):
    """A viewer searches; a merchandiser keeps the catalogue too; an owner may do everything."""

    VIEWER = "viewer"
    MERCHANDISER = "merchandiser"
    OWNER = "owner"

    def includes(self, other: Role) -> bool:
        """Tell whether it may do all that another role may."""
        return _RANKS[self] >= _RANKS[other]


_RANKS: Final = {role: rank for rank, role in enumerate(Role)}


class Permission(Enum):
    """What not everybody may do, in words."""

    EDIT = "change products and photographs"
    CATALOGUES = "make a catalogue, or choose everybody's default"
    SETTINGS = "change a catalogue's settings"
    REPAIR = "repair a catalogue"
    PURGE = "purge a catalogue"
    BACKUPS = "make a backup or put one back"
    EVENTS = "delete what customers did"
    KEYS = "hand out or revoke keys"
    PASSCODES = "set or remove passcodes"


_LEAST: Final[Mapping[Permission, Role]] = {
    **dict.fromkeys(Permission, Role.OWNER),
    Permission.EDIT: Role.MERCHANDISER,
}


@dataclass(frozen=True, slots=True)
class Person:
    """Who acts: the name that is written beside what they do, and their role."""

    name: str
    role: Role

    def may(self, action: Permission) -> bool:
        """Tell whether this person may do something."""
        return self.role.includes(_LEAST[action])


Actor: TypeAlias = Person | str
"""Who acts; a bare name is the operator's, at the command line or in a program: always an owner."""

OPERATOR: Final = Person("", Role.OWNER)


def person(actor: Actor) -> Person:
    """Give who acts as a person."""
    return Person(actor, Role.OWNER) if isinstance(actor, str) else actor


def require(actor: Actor, action: Permission) -> Person:
    """Give who acts, if they may do this.

    :raises AccessError: they may not.
    """
    acting = person(actor)
    if not acting.may(action):
        least = _LEAST[action]
        article = "an" if least is Role.OWNER else "a"
        raise AccessError(
            f"Only {article} {least} may {action.value}, and you are a {acting.role} here: "
            "sign in as one, or ask one."
        )
    return acting
