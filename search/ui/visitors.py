"""Who is at this browser: signed in by a provider or a passcode, at this machine, or anybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import streamlit as st

from search.access import claims, passcodes, places
from search.access.signing import Desk
from search.errors import AccessError
from search.roles import Person, Role

DESK: Final = Desk()
"""Where people sign in by passcode, of this server."""

COOKIE: Final = "signed_in"
ANYBODY: Final = Person("", Role.VIEWER)

_TOKEN = "signed_in_token"
_TICKET = "signed_in_ticket"


@dataclass(frozen=True, slots=True)
class Connection:
    """How a browser reached this server."""

    address: str
    headers: Mapping[str, str]
    cookies: Mapping[str, str]


def connection() -> Connection:
    """Give how this session's browser reached the server."""
    address = st.context.ip_address or "127.0.0.1"  # Streamlit gives none for loopback
    return Connection(address, st.context.headers, st.context.cookies)


def visitor() -> Person:
    """Give who is at this browser now; without a name where nobody has signed in.

    What cannot be read gives nobody a role: they see what a viewer sees.
    """
    try:
        return _signed_in() or (Person("", Role.OWNER) if _is_trusted() else ANYBODY)
    except AccessError:
        return ANYBODY


def _signed_in() -> Person | None:
    if st.user.get("is_logged_in"):
        told = {str(claim): value for claim, value in st.user.to_dict().items()}
        if found := claims.person_of(told, _secrets("roles")):
            return found
    return DESK.who(_token()) if _token() else None


def _is_trusted() -> bool:
    """Tell whether this is the machine itself, and nobody has said who may do what."""
    asked = connection()
    return places.is_here(asked.address, asked.headers) and not is_set_up()


def is_set_up() -> bool:
    """Tell whether people sign in here as themselves.

    :raises AccessError: what says so cannot be read.
    """
    return bool(_secrets("auth")) or bool(passcodes.listed())


def providers() -> dict[str, str | None]:
    """Give the providers to sign in with: what to call each, and what `st.login` calls it.

    :raises AccessError: secrets.toml cannot be read.
    """
    section = _secrets("auth")
    named = [name for name, value in section.items() if isinstance(value, Mapping)]
    found: dict[str, str | None] = {
        name.capitalize(): name for name in named if "client_id" in section[name]
    }
    return {"your account": None, **found} if "client_id" in section else found


def takes_passcodes() -> bool:
    """Tell whether a passcode is one way to sign in.

    :raises AccessError: passcodes cannot be read.
    """
    return bool(passcodes.listed()) or (DESK.start is not None and not _secrets("auth"))


def sign_in(name: str, passcode: str) -> None:
    """Sign this browser in by a passcode.

    :raises AccessError: it is nobody's, too many were wrong, or passcodes cannot be read.
    """
    token = DESK.sign_in(name, passcode, connection().address)
    st.session_state[_TOKEN] = token
    st.session_state[_TICKET] = DESK.ticket(token)


def ticket() -> str | None:
    """Give what the browser is still to exchange for its cookie."""
    made: str | None = st.session_state.get(_TICKET)
    return made if made and DESK.is_open(made) else None


def sign_out() -> None:
    """Sign this browser out (a callback)."""
    if token := _token():
        DESK.sign_out(token)
    st.session_state.pop(_TOKEN, None)
    st.session_state.pop(_TICKET, None)
    if st.user.get("is_logged_in"):
        st.logout()


def _token() -> str:
    token: object = st.session_state.get(_TOKEN) or connection().cookies.get(COOKIE, "")
    return token if isinstance(token, str) else ""  # Streamlit's own tests have no cookies


def _secrets(section: str) -> Mapping[str, Any]:
    """Read a section of secrets.toml; an empty one where there is none."""
    try:
        found = st.secrets.get(section)
    except FileNotFoundError as error:  # also where the file is there and no TOML
        if any(Path(file).exists() for file in st.get_option("secrets.files")):
            raise AccessError(
                "The file .streamlit/secrets.toml cannot be read: correct it, and start again."
            ) from error
        return {}
    if found is None:
        return {}
    if not isinstance(found, Mapping):
        raise AccessError(f"“{section}” in .streamlit/secrets.toml is no section: see the example.")
    return found.to_dict() if hasattr(found, "to_dict") else found
