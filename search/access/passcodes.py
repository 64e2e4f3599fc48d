"""Passcodes of people: kept as scrypt hashes in `access.db`, each with a name and a role."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from search.access import store
from search.errors import AccessError
from search.roles import OPERATOR, Actor, Permission, Person, Role, require

SHORTEST: Final = 8
LONGEST: Final = 200

COST: Final = (2**15, 8, 3)
"""scrypt's N, r and p: 32 MB and about a fifth of a second (OWASP's Password Storage sheet)."""

_ONE_AT_A_TIME = threading.Lock()  # so that many who try at once take neither memory nor cores
_RANDOM = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is read as something else


@dataclass(frozen=True, slots=True)
class Passcode:
    """Whose it is, and what it allows; `created` is ISO 8601, UTC."""

    name: str
    role: Role
    created: str


def generate() -> str:
    """Make a random passcode of about 79 bits, in groups to be read out."""
    letters = [secrets.choice(_RANDOM) for _ in range(16)]
    return "-".join("".join(letters[at : at + 4]) for at in range(0, 16, 4))


def put(name: str, passcode: str, role: Role, actor: Actor = OPERATOR) -> Passcode:
    """Set somebody's passcode, in place of the one they had.

    :raises AccessError: the name or passcode is not legal, nothing can be written, or the one who
        acts may not.
    """
    require(actor, Permission.PASSCODES)
    name, passcode = name.strip(), passcode.strip()
    if not name or len(name) > 60 or not name.isprintable():
        raise AccessError("A passcode needs a name of at most 60 letters: say whose it is.")
    if not SHORTEST <= len(passcode) <= LONGEST:
        raise AccessError(
            f"A passcode has {SHORTEST} to {LONGEST} letters: choose another, or let `--random` "
            "make one."
        )
    made = Passcode(name, role, datetime.now(UTC).isoformat(timespec="seconds"))
    hashed = _hash(passcode)
    with store.writing() as connection:
        connection.execute(
            "INSERT OR REPLACE INTO passcode (name, role, hash, created) VALUES (?, ?, ?, ?)",
            (name, role.value, hashed, made.created),
        )
    return made


def listed() -> list[Passcode]:
    """Return whose passcodes there are, by name.

    :raises AccessError: they cannot be read.
    """
    rows = store.rows("SELECT name, role, created FROM passcode ORDER BY name")
    return [Passcode(name, Role(role), created) for name, role, created in rows]


def remove(name: str, actor: Actor = OPERATOR) -> None:
    """Remove somebody's passcode; whoever is signed in by it is so no longer.

    :raises AccessError: there is none, nothing can be written, or the one who acts may not.
    """
    require(actor, Permission.PASSCODES)
    if not store.rows("SELECT 1 FROM passcode WHERE name = ?", name.strip()):
        raise AccessError(f"“{name}” has no passcode: `python -m search passcode list` names all.")
    with store.writing() as connection:
        connection.execute("DELETE FROM passcode WHERE name = ?", (name.strip(),))


def known(name: str, passcode: str) -> tuple[Person, str] | None:
    """Return whose passcode this is, with its hash as `still` takes it; None if it is nobody's.

    :raises AccessError: passcodes cannot be read.
    """
    rows = store.rows("SELECT name, role, hash FROM passcode WHERE name = ?", name.strip())
    # An unknown name takes as long as a wrong passcode, so that nobody learns names.
    kept = rows[0][2] if rows else _hash("", salt=b"")
    if not _fits(passcode.strip()[: LONGEST + 1], kept) or not rows:
        return None
    return Person(rows[0][0], Role(rows[0][1])), kept


def still(name: str, kept: str) -> Person | None:
    """Return who signed in by a passcode, as they are now; None if it was changed or removed.

    :raises AccessError: passcodes cannot be read.
    """
    rows = store.rows("SELECT role FROM passcode WHERE name = ? AND hash = ?", name, kept)
    return Person(name, Role(rows[0][0])) if rows else None


def _hash(passcode: str, *, salt: bytes | None = None) -> str:
    """Return `scrypt$N$r$p$salt$digest`, the last two in Base64."""
    salt = secrets.token_bytes(16) if salt is None else salt
    n, r, p = COST
    parts = (salt, _scrypt(passcode, salt, n, r, p))
    return "$".join(
        ("scrypt", str(n), str(r), str(p), *(base64.b64encode(x).decode() for x in parts))
    )


def _fits(passcode: str, hashed: str) -> bool:
    _, n, r, p, salt, digest = hashed.split("$")
    made = _scrypt(passcode, base64.b64decode(salt), int(n), int(r), int(p))
    return hmac.compare_digest(made, base64.b64decode(digest))


def _scrypt(passcode: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    with _ONE_AT_A_TIME:
        return hashlib.scrypt(
            passcode.encode(), salt=salt, n=n, r=r, p=p, maxmem=2 * 128 * r * (n + p), dklen=32
        )
