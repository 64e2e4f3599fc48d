"""Keys of programs that ask over HTTP: shown once, kept as a digest, revocable."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from search.access import store
from search.errors import AccessError
from search.roles import OPERATOR, Actor, Permission, require

RATE: Final = 600
"""Requests a minute that a key may make, unless said otherwise."""

_MOST = 1_000_000
_PREFIX = "vps"
_KEY = re.compile(rf"{_PREFIX}_([0-9a-f]{{12}})_([0-9A-Za-z_-]{{43}})")
_ORIGIN = re.compile(r"https?://(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?")


@dataclass(frozen=True, slots=True)
class Key:
    """What is known of a key: whose it is, and how it may be used.

    `rate` are requests a minute. Of web pages, only those of `origins` may use it; where there are
    none, no page may, only servers. `created` and `revoked` are ISO 8601, UTC.
    """

    id: str
    name: str
    origins: tuple[str, ...]
    rate: int
    created: str
    revoked: str | None = None

    def allows(self, origin: str | None) -> bool:
        """Tell whether a request may use it that a page of `origin` sent, or no page."""
        return origin is None or origin in self.origins


def add(
    name: str, *, origins: Sequence[str] = (), rate: int = RATE, actor: Actor = OPERATOR
) -> tuple[Key, str]:
    """Make a key; the second value is the key itself, which is kept nowhere.

    :raises AccessError: a name, origin or rate is not legal, nothing can be written, or the one who
        acts may not.
    """
    require(actor, Permission.KEYS)
    if not name.strip() or len(name) > 100 or not name.isprintable():
        raise AccessError("A key needs a name of at most 100 letters: say whose it is.")
    if not 1 <= rate <= _MOST:
        raise AccessError(f"A rate is a number of requests a minute from 1 to {_MOST:,}.")
    for origin in origins:
        if not _ORIGIN.fullmatch(origin):
            raise AccessError(
                f"“{origin}” is no origin of a web page: give it as https://shop.example, in small "
                "letters and without a path."
            )
    secret = secrets.token_urlsafe(32)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    key = Key(secrets.token_hex(6), name.strip(), tuple(origins), rate, now)
    with store.writing() as connection:
        connection.execute(
            "INSERT INTO key (id, name, digest, origins, rate, created) VALUES (?, ?, ?, ?, ?, ?)",
            (key.id, key.name, _digest(secret), json.dumps(key.origins), rate, now),
        )
    return key, f"{_PREFIX}_{key.id}_{secret}"


def listed() -> list[Key]:
    """Return all keys, oldest first, those revoked too."""
    rows = store.rows(f"SELECT {_COLUMNS} FROM key ORDER BY created, rowid")
    return [_read(row) for row in rows]


def revoke(id: str, actor: Actor = OPERATOR) -> Key:
    """End a key, for good.

    :raises AccessError: there is no such key, nothing can be written, or the one who acts may not.
    """
    require(actor, Permission.KEYS)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    with store.writing() as connection:
        connection.execute("UPDATE key SET revoked = ? WHERE id = ? AND revoked IS NULL", (now, id))
        row = connection.execute(f"SELECT {_COLUMNS} FROM key WHERE id = ?", (id,)).fetchone()
    if row is None:
        raise AccessError(f"There is no key “{id}”: `python -m search keys list` names all.")
    return _read(row)


def known(presented: str) -> Key | None:
    """Return the key that was presented; None where it is not one of ours or was revoked."""
    parts = _KEY.fullmatch(presented)
    if parts is None:
        return None
    rows = store.rows(
        f"SELECT {_COLUMNS}, digest FROM key WHERE id = ? AND revoked IS NULL", parts[1]
    )
    # A secret of 256 random bits needs no slow hash: there is nothing to guess.
    if not rows or not hmac.compare_digest(rows[0][-1], _digest(parts[2])):
        return None
    return _read(rows[0][:-1])


_COLUMNS = "id, name, origins, rate, created, revoked"


def _read(row: tuple[Any, ...]) -> Key:
    id, name, origins, rate, created, revoked = row
    return Key(id, name, tuple(json.loads(origins)), rate, created, revoked)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
