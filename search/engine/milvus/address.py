"""Where an index is published: an address of a Milvus server, or a folder of milvus-lite."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from search.errors import IndexUnavailable

TOKEN = "MILVUS_TOKEN"
"""Environment variable with the server's token, or `user:password`; else the address has it."""

_PORT = 19530
_LITE = "milvus-lite:"
_ENDING = ".db"
_SERVERS = {"milvus": "http", "milvus+tls": "https"}
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
_SHOP = "shop"
_FORMS = (
    "write milvus://host:19530/name, or milvus+tls://… for an encrypted connection, or "
    "milvus-lite:PATH or a path that ends in .db for a folder on this machine"
)


@dataclass(frozen=True, slots=True)
class Address:
    """A published index by its name: at a server's `uri`, or in a folder of milvus-lite.

    The name is an alias: what it stands for is exchanged at once, so that readers never see half.
    """

    uri: str
    name: str
    token: str = field(default="", repr=False)
    lite: bool = False

    @classmethod
    def parse(cls, text: str) -> Address:
        """Read `milvus://[user:password@]host[:port]/name`, `milvus-lite:PATH` or `PATH.db`.

        A name for the latter two may follow behind a `#`; else it is “shop”.

        :raises IndexUnavailable: the text is none of these.
        """
        scheme = text.partition("://")[0].lower()
        if "://" in text and scheme in _SERVERS:
            return cls._server(text, scheme)
        bare, _, name = text.removeprefix(_LITE).partition("#")
        if bare and (text.startswith(_LITE) or ("://" not in text and bare.endswith(_ENDING))):
            path = Path(bare).expanduser().absolute()
            if path.suffix != _ENDING:  # by which pymilvus tells a folder from a server
                path = path.with_name(path.name + _ENDING)
            return cls(str(path), _checked(name or _SHOP), lite=True)
        raise IndexUnavailable(f"“{text[:80]}” is no address of an index: {_FORMS}.")

    @classmethod
    def _server(cls, text: str, scheme: str) -> Address:
        try:
            parts = urlsplit(text)
            host, port = parts.hostname, parts.port or _PORT
        except ValueError:  # a port that is no number, or half an IPv6 address
            host, port = None, 0
        if not host:
            raise IndexUnavailable(f"“{text[:80]}” names no server: {_FORMS}.")
        known = ":".join(unquote(each) for each in (parts.username, parts.password) if each)
        bracketed = f"[{host}]" if ":" in host else host
        return cls(
            f"{_SERVERS[scheme]}://{bracketed}:{port}",
            _checked(parts.path.strip("/")),
            os.environ.get(TOKEN) or known,
        )

    def __str__(self) -> str:
        """Write it as it is read, without its token."""
        if self.lite:
            return f"{_LITE}{self.uri}" + ("" if self.name == _SHOP else f"#{self.name}")
        scheme = next(
            ours for ours, theirs in _SERVERS.items() if self.uri.startswith(f"{theirs}:")
        )
        return f"{scheme}://{self.uri.partition('://')[2]}/{self.name}"


def is_address(text: str) -> bool:
    """Tell whether a text has the form of an address."""
    try:
        Address.parse(text)
    except IndexUnavailable:
        return False
    return True


def _checked(name: str) -> str:
    if _NAME.fullmatch(name):
        return name
    raise IndexUnavailable(
        f"“{name[:80]}” cannot name an index: use letters, digits and _, beginning with a letter, "
        f"at most 64 in all; {_FORMS}."
    )
